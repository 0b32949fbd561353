"""A whole season as a clerk lives it, on part of the worked example: from the blank forms to the next year's folder."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from mail.mail_server import Mailbox, serving

from evalbatch.cli.main import COMMANDS, cli
from evalbatch.model import Refused
from evalbatch.storage.shipped import example

FORM = "部门整体支出绩效自评表"
ROSTER = ("示例教育局", "示例档案馆", "示例市场监督管理局", "示例应急管理局", "示例司法局")
"""In order; never sends anything; a wrong total; a full score for a missed target; the same file twice."""
MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "绩效评价 <jx@example.org>"
per_minute = 1000
"""


@dataclass(frozen=True)
class Clerk:
    """Types commands and looks at what they leave in the campaign folder."""

    folder: Path

    def types(self, *words: object, said: str = "", exit_code: int = 0) -> str:
        """Run one command; return what is on the screen. A refusal counts as exit code 2, as the program has it."""
        done = CliRunner().invoke(cli, [str(word) for word in words], input=said)
        if isinstance(done.exception, Refused):
            seen, code = f"{done.output}{done.exception.message}\n{done.exception.remedy}", 2
        else:
            seen, code = done.output, done.exit_code
            assert isinstance(done.exception, SystemExit | None), f"{seen}\n{done.exception!r}"
        assert code == exit_code, seen
        return seen

    def runs(self) -> dict[str, dict[str, Any]]:
        """Run, and return each unit's entry of run.json by its name."""
        said = self.types("run", self.folder, "--workers", 1)
        assert f"请先打开：{self.folder / 'output' / '汇总.xlsx'}" in said
        return {unit["name"]: unit for unit in self.record()["units"]}

    def record(self) -> dict[str, Any]:
        return json.loads((self.folder / "output" / "run.json").read_text(encoding="utf-8"))

    def rows(self, workbook: str, sheet: str) -> list[dict[str, Any]]:
        """Read a sheet's rows under its line of titles, which is the first with three cells filled."""
        lines = list(openpyxl.load_workbook(self.folder / workbook)[sheet].values)
        head = next(at for at, line in enumerate(lines) if sum(value is not None for value in line) >= 3)
        return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with serving(Mailbox()) as mailbox:
        yield mailbox


@pytest.fixture
def clerk(tmp_path: Path, box: Mailbox) -> Clerk:
    """A campaign folder as `init` makes it, its settings, its roster and its approved targets filled in."""
    clerk = Clerk(tmp_path / "2023年自评")
    clerk.types("init", clerk.folder)
    settings = (example() / "evalbatch.toml").read_text(encoding="utf-8") + MAIL.format(port=box.port)
    (clerk.folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    for name in ("units.xlsx", "approved_targets.xlsx"):
        book = openpyxl.load_workbook(example() / name)
        for row in range(book.active.max_row, 1, -1):
            if book.active.cell(row, 2).value not in ROSTER:
                book.active.delete_rows(row)
        book.save(clerk.folder / name)
    return clerk


def test_season__from_blank_forms_to_next_year(clerk: Clerk, box: Mailbox, tmp_path: Path) -> None:
    """Every step leaves what the next one needs, and nobody but the clerk touches the inbox."""
    forms_go_out(clerk)
    a_unit_fills_in_its_copy(clerk)
    the_others_send_theirs(clerk)
    first_run_tells_what_is_wrong(clerk)
    a_unit_corrects_its_returned_copy(clerk)
    the_correction_is_read_and_recorded(clerk)
    a_decision_is_typed_and_counts(clerk)
    status_names_who_still_owes(clerk)
    each_unit_gets_one_letter(clerk, box)
    the_district_goes_up(clerk, tmp_path)
    tampering_is_found(clerk)
    the_season_is_sealed_and_can_be_opened_again(clerk)
    next_year_begins_with_what_stays(clerk, tmp_path)


def forms_go_out(clerk: Clerk) -> None:
    """Blank forms, and one prefilled copy for each unit of the roster."""
    assert "预填表按单位发送" in clerk.types("templates", clerk.folder)
    copies = (clerk.folder / "output" / "templates" / "预填表").glob("*/*.xlsx")
    assert sorted(path.stem.removesuffix("_自评表") for path in copies) == sorted(ROSTER)


def a_unit_fills_in_its_copy(clerk: Clerk) -> None:
    """The unit types into the open cells of its prefilled copy only, and the copy comes into the inbox."""
    [path] = (clerk.folder / "output" / "templates").rglob("示例教育局_自评表.xlsx")
    book = openpyxl.load_workbook(path)
    page = book[FORM]
    assert page["D5"].value == "示例教育局"
    assert page["D5"].protection.locked
    for row in openpyxl.load_workbook(example() / "inbox" / "示例教育局" / f"{FORM}.xlsx")[FORM]:
        for cell in row:
            if cell.value is not None and not page[cell.coordinate].protection.locked:
                page[cell.coordinate].value = cell.value
    book.save(clerk.folder / "inbox" / path.name)


def the_others_send_theirs(clerk: Clerk) -> None:
    """Folders by unit, a loose file and the same file again from a chat."""
    for name in ("示例市场监督管理局", "示例应急管理局", "微信收到"):
        shutil.copytree(example() / "inbox" / name, clerk.folder / "inbox" / name)
    shutil.copy(example() / "inbox" / "示例司法局_部门整体自评表.xlsx", clerk.folder / "inbox")
    assert "下一步：evalbatch run" in in_folder(clerk)


def first_run_tells_what_is_wrong(clerk: Clerk) -> None:
    """The prefilled copy is in order; two are returned with their cells; one sent nothing."""
    units = clerk.runs()
    assert {name: unit["status"] for name, unit in units.items()} == {
        "示例教育局": "complete",
        "示例档案馆": "missing",
        "示例市场监督管理局": "returned",
        "示例应急管理局": "returned",
        "示例司法局": "complete",
    }
    assert must_fix(units["示例应急管理局"]) == [("S08", "H14"), ("S03", "H41")]  # the total follows the line
    assert must_fix(units["示例市场监督管理局"]) == [("M01", "E7")]
    assert units["示例教育局"]["self_score"] == 99.85
    assert {row["单位名称"] for row in clerk.rows("output/汇总.xlsx", "得分排名")} >= set(ROSTER) - {"示例档案馆"}


def a_unit_corrects_its_returned_copy(clerk: Clerk) -> None:
    """It corrects the marked cells in the copy itself, first sheet and marks left in, and sends that back."""
    returned = clerk.folder / "output" / "returned" / "示例应急管理局" / "退回_部门整体自评表.xlsx"
    book = openpyxl.load_workbook(returned)
    assert any("H14" in str(cell.value) for row in book.worksheets[0] for cell in row)
    page = book[FORM]
    assert (page["A41"].value, page["H14"].value) == ("总分", 10)
    page["H14"], page["H41"] = 8.5, page["H41"].value - 1.5
    book.save(clerk.folder / "inbox" / "示例应急管理局" / "退回_部门整体自评表.xlsx")


def the_correction_is_read_and_recorded(clerk: Clerk) -> None:
    """The corrected copy takes the old file's place, and the ledger says what cleared the finding."""
    unit = clerk.runs()["示例应急管理局"]
    assert unit["status"] == "complete"
    assert must_fix(unit) == []
    files = {file["path"]: file["status"] for file in clerk.record()["files"]}
    assert files["示例应急管理局/退回_部门整体自评表.xlsx"] == "accepted"
    assert files["示例应急管理局/部门整体自评表.xlsx"] == "superseded"
    ledger = {row["单位名称"]: row for row in clerk.rows("output/汇总.xlsx", "整改台账") if row["问题"]}
    assert ledger["示例应急管理局"]["整改状态"] == "已整改"
    assert "退回_部门整体自评表.xlsx" in ledger["示例应急管理局"]["整改依据"]
    assert ledger["示例市场监督管理局"]["整改状态"] == "新发现"


def a_decision_is_typed_and_counts(clerk: Clerk) -> None:
    """A score typed into review.xlsx is in the next run, and the line says that it was adopted."""
    before = {unit["name"]: unit for unit in clerk.record()["units"]}["示例教育局"]
    book = openpyxl.load_workbook(clerk.folder / "review.xlsx")
    page = book["待定评分"]
    titles = {cell.value: cell.column for cell in page[3]}
    row = next(line[0].row for line in page.iter_rows(4) if line[0].value == "示例教育局")
    for title, value in {"复核得分": 9, "复核人": "李示例", "意见": "佐证材料不全"}.items():
        page.cell(row, titles[title]).value = value
    book.save(clerk.folder / "review.xlsx")
    unit = clerk.runs()["示例教育局"]
    assert (unit["pending"], unit["verified_score"]) == (before["pending"] - 1, before["verified_score"] - 1)
    assert {line["单位"]: line["状态"] for line in clerk.rows("review.xlsx", "待定评分")}["示例教育局"] == "已采用"


def status_names_who_still_owes(clerk: Clerk) -> None:
    """Who is missing and who must correct what, a line each."""
    lines = {name: line for line in clerk.types("status", clerk.folder).splitlines() for name in ROSTER if name in line}
    assert lines["示例档案馆"].startswith("未报送")
    assert "资金合计不符" in lines["示例市场监督管理局"]
    assert lines["示例应急管理局"].startswith("已报齐")


def each_unit_gets_one_letter(clerk: Clerk, box: Mailbox) -> None:
    """Looked at first, sent once, not again; a returned copy goes to whom it concerns only."""
    assert "已写好4封邮件，一封也没有发" in clerk.types("mail", "preview", clerk.folder)
    assert box.connections == 0
    assert "已发出：4个单位，4个地址" in clerk.types("mail", "send", clerk.folder, said="y\n")
    assert "没有要发的邮件" in clerk.types("mail", "send", clerk.folder, "--yes")
    assert set(box.reached().values()) == {1}
    attached = {
        str(message["to"]): sorted(part.get_filename() for part in message.iter_attachments())
        for message in box.messages()
    }
    [to_market] = [files for address, files in attached.items() if "u900010@example.org" in address]
    assert to_market == ["示例市场监督管理局_复核评分表.xlsx", "示例市场监督管理局_退回.xlsx"]
    assert sum(len(files) for files in attached.values()) == 5


def the_district_goes_up(clerk: Clerk, tmp_path: Path) -> None:
    """One level up joins the districts' results into one workbook."""
    if "rollup" not in COMMANDS:
        return
    target = tmp_path / "全市汇总.xlsx"
    assert f"{len(ROSTER)}个单位" in clerk.types("rollup", clerk.folder, "--output", target)
    texts = [str(value) for sheet in openpyxl.load_workbook(target) for row in sheet.values for value in row]
    assert any("湛江市麻章区" in text for text in texts)


def tampering_is_found(clerk: Clerk) -> None:
    """Outputs as the run left them pass; one that was changed is named."""
    assert "没有改动" in clerk.types("verify", clerk.folder)
    sheet = next((clerk.folder / "output" / "score_sheets").glob("*示例教育局*"))
    as_written = sheet.read_bytes()
    book = openpyxl.load_workbook(sheet)
    book.active["A1"] = "得分100分"
    book.save(sheet)
    said = clerk.types("verify", clerk.folder, exit_code=1)
    assert sheet.name in said
    assert "共1处不符" in said
    sheet.write_bytes(as_written)
    assert "没有改动" in clerk.types("verify", clerk.folder)


def the_season_is_sealed_and_can_be_opened_again(clerk: Clerk) -> None:
    """Sealed it runs no more; the archive proves itself; opened again it runs, and the archive stays."""
    assert "已封存" in clerk.types("close", clerk.folder, "--yes")
    assert "已封存，不再运行" in clerk.types("run", clerk.folder, exit_code=2)
    [archive] = (clerk.folder / "sealed").glob("*.zip")
    assert "完整" in clerk.types("verify", archive)
    assert "已重新打开" in clerk.types("close", clerk.folder, "--reopen")
    clerk.runs()
    assert archive.exists()


def next_year_begins_with_what_stays(clerk: Clerk, tmp_path: Path) -> None:
    """Roster and targets come along, the year is the next, inbox and outputs stay behind."""
    coming = Clerk(tmp_path / "2024年自评")
    assert "年度改为2024" in coming.types("init", coming.folder, "--from", clerk.folder)
    names = [row["单位名称"] for row in coming.rows("units.xlsx", "单位名单")]
    assert sorted(filter(None, names)) == sorted(ROSTER)
    assert not any((coming.folder / "inbox").iterdir())
    assert not (coming.folder / "output").exists()
    assert "2024年度，名单上有单位5个" in in_folder(coming)


def in_folder(clerk: Clerk) -> str:
    """Return what `evalbatch` alone says in the campaign folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(clerk.folder)
        return clerk.types()


def must_fix(unit: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(f["code"], f["cell"]) for f in unit["findings"] if f["severity"] == "must-fix"]
