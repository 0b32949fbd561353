"""A workbook with forms of two units: each counts for its own unit, and nothing of one ever leaves for the other."""

import email
from email import policy
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rounds.campaign_rounds import Rounds, command, stamp, whole_unit
from rounds.test_rounds_whose import assign

pytestmark = pytest.mark.command

ROSTER = """
单位编码 | 单位名称 | 电子邮箱
101 | 示例区教育局 | a@example.org
102 | 示例区水务局 | b@example.org
"""
UNITS = ("示例区教育局", "示例区水务局")
SECRET = {"示例区教育局": "93.17", "示例区水务局": "91.23"}
"""A figure that stands in one unit's form alone."""


def two_in_one(rounds: Rounds, path: str) -> Path:
    """Put both units' forms, each with a wrong total, on two sheets of one workbook."""
    target = rounds.inbox / path
    target.parent.mkdir(parents=True, exist_ok=True)
    for unit in UNITS:
        whole_unit(target.with_name(f"{unit}.xlsx"), unit, total=float(SECRET[unit]), goal=f"{unit}的年度目标。")
    book = load_workbook(target.with_name(f"{UNITS[0]}.xlsx"))
    book.worksheets[0].title = "甲"
    page = book.create_sheet("乙")
    for row in load_workbook(target.with_name(f"{UNITS[1]}.xlsx")).worksheets[0].iter_rows():
        for cell in row:
            page[cell.coordinate] = cell.value
    book.save(target)
    for unit in UNITS:
        target.with_name(f"{unit}.xlsx").unlink()
    stamp(target, "2024-05-20")
    return target


def said_to(rounds: Rounds) -> dict[str, str]:
    """All that leaves for each unit: its letter's text and every cell of every workbook attached."""
    command("mail", "preview", rounds.folder)
    told: dict[str, str] = {}
    for path in sorted((rounds.folder / "output" / "mail").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        words = [str(body.get_content())]
        for part in message.iter_attachments():
            copy = rounds.folder / f"{path.stem}_{len(words)}.xlsx"
            copy.write_bytes(part.get_content())
            words += [str(c.value) for page in load_workbook(copy) for row in page.iter_rows() for c in row if c.value]
        told[next(unit for unit in UNITS if unit in path.name)] = "\n".join(words)
    return told


def test_two_units_in_one_workbook__get_each_their_own_list(tmp_path: Path) -> None:
    """Both are scored and asked for their own corrections; no returned copy holds the other's form."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    two_in_one(rounds, "合报.xlsx")
    said = command("run", rounds.folder, "--workers", "1")
    assert "退回件2个" in said
    file = rounds.file("合报.xlsx")
    assert (file["status"], file["returned"], sorted(file["copies"])) == ("returned", None, sorted(UNITS))
    for unit, sheet in zip(UNITS, ("甲", "乙"), strict=True):
        entry = rounds.unit(unit)
        assert (entry["status"], entry["self_score"]) == ("returned", float(SECRET[unit]))
        assert {(found["code"], found["sheet"]) for found in entry["findings"]} == {("S03", sheet), ("U08", sheet)}
    told = said_to(rounds)
    assert set(told) == set(UNITS)
    for unit, other in (UNITS, UNITS[::-1]):
        assert SECRET[unit] in told[unit]
        assert SECRET[other] not in told[unit]
        assert other not in told[unit]
        assert "单独存为一个文件" in told[unit]
        assert "报来的文件里还有别的单位的表，没有附上" in told[unit]


def test_each_then_sends_its_own__both_are_complete_and_the_ledger_is_right(tmp_path: Path) -> None:
    """The first to send its own leaves the other's list as it was; then all is closed, by the right files."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    two_in_one(rounds, "合报.xlsx")
    rounds.run()
    for unit in UNITS:
        later = {"saved": "2024-05-28", "filled": "2024-05-28", "goal": f"{unit}的年度目标。"}
        rounds.submit(f"{unit}/自评表.xlsx", unit, **later)
        rounds.run()
        assert rounds.unit(unit)["status"] == "complete"
        if unit == UNITS[0]:
            assert list(rounds.file("合报.xlsx")["copies"]) == [UNITS[1]]
            assert SECRET[UNITS[0]] not in said_to(rounds)[UNITS[1]]
    assert rounds.file("合报.xlsx")["status"] == "superseded"
    closed = {(row["单位名称"], row["问题"][-3:]): (row["整改状态"], row["整改依据"]) for row in rounds.ledger()}
    assert closed == {
        (unit, code): ("已整改", f"{unit}/自评表.xlsx") for unit in UNITS for code in ("S03", "U08")
    }  # fmt: skip


@pytest.mark.parametrize("way", ["assigned", "moved"])
def test_in_one_units_folder__counts_for_neither_until_a_person_says_so(tmp_path: Path, way: str) -> None:
    """Assigned in review.xlsx, or moved out of the unit's folder, each form goes to the unit that it names."""
    rounds = Rounds(tmp_path / "批次", ROSTER)
    path = two_in_one(rounds, "示例区水务局/合报.xlsx")
    rounds.run()
    assert rounds.file("示例区水务局/合报.xlsx")["status"] == "unassigned"
    assert {rounds.unit(unit)["status"] for unit in UNITS} == {"missing"}
    if way == "assigned":
        assign(rounds, "示例区水务局")
    else:
        path.rename(rounds.inbox / "合报.xlsx")
    rounds.run()
    assert [rounds.unit(unit)["self_score"] for unit in UNITS] == [float(SECRET[unit]) for unit in UNITS]
    for unit, other in (UNITS, UNITS[::-1]):
        assert SECRET[other] not in said_to(rounds)[unit]


def test_assigned_out_of_anothers_folder__says_nothing_of_that_folder(tmp_path: Path) -> None:
    """A form that lay in another unit's folder: what goes to its unit names the file, never the folder."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit("示例区水务局/自评表.xlsx", "示例区教育局", total=80)
    rounds.run()
    assign(rounds, "示例区教育局")
    rounds.run()
    assert rounds.file("示例区水务局/自评表.xlsx")["unit"] == "示例区教育局"
    [told] = [text for unit, text in said_to(rounds).items() if unit == "示例区教育局"]
    assert "来源：自评表.xlsx" in told
    assert "水务局" not in told
