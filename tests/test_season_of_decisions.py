"""Decisions over several runs, as a clerk makes them: score, waiver, assignment; and what a changed submission does."""

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalbatch.batch import run as stages
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.storage.journal import open_journal
from evalbatch.storage.shipped import example

pytestmark = pytest.mark.command


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign of two of the example's units: one in order with one pending line, one of an unknown name."""
    folder = tmp_path / "批次"
    for name in ("evalbatch.toml", "units.xlsx"):
        folder.mkdir(exist_ok=True)
        shutil.copy(example() / name, folder / name)
    for name in ("示例教育局", "收件"):
        shutil.copytree(example() / "inbox" / name, folder / "inbox" / name)
    return folder


def run(folder: Path) -> dict[str, Any]:
    return run_batch(load_campaign(folder), folder / "output", workers=1).record


def type_in(folder: Path, sheet: str, wanted: str, **entry: object) -> None:
    """Type into the row of a sheet that shows `wanted`, by column titles."""
    book = openpyxl.load_workbook(folder / "review.xlsx")
    page = book[sheet]
    head = next(row for row in page.iter_rows() if any(cell.value in entry for cell in row))
    columns = {cell.value: cell.column for cell in head}
    row = next(row[0].row for row in page.iter_rows(head[0].row + 1) if any(wanted in str(c.value or "") for c in row))
    for title, value in entry.items():
        page.cell(row, columns[title]).value = value
    book.save(folder / "review.xlsx")


def unit_of(record: dict[str, Any], name: str) -> dict[str, Any]:
    return next(unit for unit in record["units"] if unit["name"] == name)


def statuses(folder: Path, sheet: str) -> str:
    page = openpyxl.load_workbook(folder / "review.xlsx")[sheet]
    return " ".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)


def test_decision__score_typed_then_submission_changed__kept_and_marked_stale(campaign: Path) -> None:
    """The score counts while the line is as it was decided on; when the unit changes it, the line waits again."""
    before = unit_of(run(campaign), "示例教育局")
    page = openpyxl.load_workbook(campaign / "review.xlsx")["待定评分"]
    head = next(row for row in page.iter_rows() if any(cell.value == "复核得分" for cell in row))
    titles = [cell.value for cell in head]
    first = [cell.value for cell in page[head[0].row + 1]]
    name, weight = first[titles.index("指标")], float(first[titles.index("分值")])
    type_in(campaign, "待定评分", name, 复核得分=weight - 1, 复核人="李示例", 复核日期="2024-06-10", 意见="见佐证")
    decided = unit_of(run(campaign), "示例教育局")
    assert decided["pending"] == before["pending"] - 1
    assert decided["verified_score"] < before["verified_score"]
    assert [entry["by"] for _, entry in open_journal(campaign / "record" / "decisions.jsonl").entries()] == ["李示例"]

    path = campaign / "inbox" / "示例教育局" / "部门整体支出绩效自评表.xlsx"
    book = openpyxl.load_workbook(path)
    cell = next(c for sheet in book for row in sheet.iter_rows() for c in row if str(c.value or "").endswith(name))
    cell.offset(0, 2).value = "改写后的完成情况"
    book.save(path)
    changed = unit_of(run(campaign), "示例教育局")
    assert changed["pending"] == before["pending"]
    text = statuses(campaign, "待定评分")
    assert "已过期" in text
    assert "李示例" in text


def test_decision__file_assigned_by_hand__belongs_to_that_unit_from_then_on(campaign: Path) -> None:
    """A near name is only offered; the clerk's word settles it."""
    assert unit_of(run(campaign), "示例水利局")["status"] == "missing"
    type_in(campaign, "文件归属", "水务局自评.xlsx", 归属单位="示例水利局", 复核人="李示例", 复核日期="2024-06-10")
    record = run(campaign)
    assert unit_of(record, "示例水利局")["status"] != "missing"
    [file] = [file for file in record["files"] if file["path"] == "收件/水务局自评.xlsx"]
    assert file["unit"] == "示例水利局"
    assert "U01" not in {finding["code"] for finding in file["findings"]}


def test_run__twice_with_decisions__adds_nothing_to_record_or_outputs(campaign: Path) -> None:
    """A run repeated gives the same record and the same run.json."""
    run(campaign)
    type_in(campaign, "文件归属", "水务局自评.xlsx", 归属单位="示例水利局", 复核人="李示例", 复核日期="2024-06-10")
    first, kept = run(campaign), {p.name: p.read_bytes() for p in (campaign / "record").glob("*.jsonl")}
    again = run(campaign)
    assert json.dumps(first, ensure_ascii=False) == json.dumps(again, ensure_ascii=False)
    assert kept == {p.name: p.read_bytes() for p in (campaign / "record").glob("*.jsonl")}


def test_decision__file_assigned_while_a_run_is_under_way__counts_in_the_next(campaign: Path, monkeypatch) -> None:
    """That run knew nothing of it, so the next has something to do."""
    run(campaign)
    real = stages._record_decisions

    def meanwhile(*given: Any) -> None:
        type_in(campaign, "文件归属", "水务局自评.xlsx", 归属单位="示例水利局", 复核人="李示例", 复核日期="2024-06-10")
        real(*given)

    (campaign / "inbox" / "附注.txt").write_text("新的一份", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "_record_decisions", meanwhile)
        assert unit_of(run(campaign), "示例水利局")["status"] == "missing"
    assert unit_of(run(campaign), "示例水利局")["status"] != "missing"
