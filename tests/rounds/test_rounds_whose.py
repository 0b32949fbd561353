"""Whose a file is: one form names one unit, its folder another; neither has it until a person says whose it is."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rounds.campaign_rounds import Rounds

pytestmark = pytest.mark.command


@pytest.fixture
def rounds(tmp_path: Path) -> Rounds:
    """Education handed in its own form; water handed in education's, later, with other figures."""
    made = Rounds(tmp_path / "批次")
    made.submit("示例区教育局/自评表.xlsx", "示例区教育局")
    made.submit("示例区水务局/自评表.xlsx", "示例区教育局", saved="2024-05-25", filled="2024-05-25", total=80)
    return made


def assign(rounds: Rounds, unit: str) -> None:
    """Type into review.xlsx whose the first file listed is."""
    book = load_workbook(rounds.folder / "review.xlsx")
    page = book["文件归属"]
    head = next(row for row in page.iter_rows() if row[0].value == "文件")
    columns = {cell.value: cell.column for cell in head}
    row = head[0].row + 1
    for title, value in (("归属单位", unit), ("复核人", "李明"), ("复核日期", dt.date(2024, 6, 3))):
        page.cell(row, columns[title]).value = value
    book.save(rounds.folder / "review.xlsx")


def test_a_strangers_form__displaces_nothing(rounds: Rounds) -> None:
    """The unit named keeps its own form and score; the file is listed with its reason, and in nobody's letter."""
    rounds.run()
    file = rounds.file("示例区水务局/自评表.xlsx")
    assert (file["status"], file["unit"], file["returned"]) == ("unassigned", None, None)
    [said] = [found for found in file["findings"] if found["code"] == "U02"]
    assert (said["severity"], said["cell"], said["expected"]) == ("query", "B3", None)
    assert "表中单位是“示例区教育局”，文件却放在“示例区水务局”的文件夹里" in said["message"]
    assert rounds.unit("示例区教育局")["status"] == "complete"
    assert rounds.unit("示例区教育局")["self_score"] == 99
    assert rounds.unit("示例区水务局")["status"] == "missing"
    assert rounds.record()["counts"]["unassigned"] == 1
    for text in rounds.letters().values():
        assert "水务局" not in text
    [row] = [row for row in rounds.sheet("文件清单") if row["文件"].startswith("示例区水务局")]
    assert (row["状态"], row["单位"]) == ("归属未定", "未能确定")
    assert "两个单位都没有计入" in row["原因或说明"]


def test_a_person_assigns_it__to_the_folders_unit(rounds: Rounds) -> None:
    """From the next run on it is that unit's, whatever its form says; the other unit stays as it was."""
    rounds.run()
    assign(rounds, "示例区水务局")
    rounds.run()
    assert rounds.file("示例区水务局/自评表.xlsx")["unit"] == "示例区水务局"
    assert rounds.unit("示例区水务局")["status"] != "missing"
    assert rounds.unit("示例区教育局")["self_score"] == 99
    [row] = [row for row in rounds.ledger() if row["问题"].endswith("U02") and row["单位名称"] == "未能确定"]
    assert "归属单位已经确定" in row["说明"]


def test_it_is_moved__to_the_folder_of_the_unit_it_names(rounds: Rounds) -> None:
    """Moving settles it too: then it is a newer submission of that unit."""
    rounds.run()
    target = rounds.inbox / "示例区教育局" / "更正.xlsx"
    (rounds.inbox / "示例区水务局" / "自评表.xlsx").rename(target)
    rounds.run()
    assert rounds.file("示例区教育局/更正.xlsx")["unit"] == "示例区教育局"
    assert rounds.file("示例区教育局/自评表.xlsx")["status"] == "superseded"


def test_the_same_bytes__in_a_strangers_folder__count_for_their_own_unit(rounds: Rounds) -> None:
    """A copy that went to another's folder is the duplicate, whichever comes first by name."""
    own = rounds.inbox / "示例区教育局" / "自评表.xlsx"
    (rounds.inbox / "示例区林业局").mkdir()
    other = rounds.inbox / "示例区林业局" / "一份.xlsx"
    other.write_bytes(own.read_bytes())
    rounds.run()
    assert rounds.file("示例区教育局/自评表.xlsx")["status"] == "accepted"
    assert rounds.file("示例区林业局/一份.xlsx")["status"] == "duplicate"
    assert rounds.unit("示例区林业局")["status"] == "missing"


def test_a_corrected_year__beside_the_old_form__closes(tmp_path: Path) -> None:
    """The form of the campaign's year counts, every indicator once; the old year's is superseded, then may go."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局", year=2022, filled="2024-05-25")
    rounds.run()
    [wrong] = [found for found in rounds.file("示例区教育局/自评表.xlsx")["findings"] if found["code"] == "U03"]
    assert (wrong["cell"], wrong["expected"]) == ("A2", "（2023年度）")
    rounds.submit("示例区教育局/自评表改.xlsx", "示例区教育局", saved="2024-05-24", filled="2024-05-24")
    rounds.run()
    assert rounds.file("示例区教育局/自评表.xlsx")["status"] == "superseded"
    assert rounds.unit("示例区教育局")["status"] == "complete"
    indicators = (rounds.folder / "output" / "data" / "indicators.csv").read_text("utf-8-sig")
    assert indicators.count("开展活动场次") == 1
    (rounds.inbox / "示例区教育局" / "自评表.xlsx").unlink()
    rounds.run()
    [row] = [row for row in rounds.ledger() if row["问题"].endswith("U03")]
    assert (row["整改状态"], row["整改依据"]) == ("已整改", "示例区教育局/自评表改.xlsx")
    assert row["自何时起"].startswith("第1次报送"), "it was sent, though for another year"


def test_a_corrected_year__with_the_old_fill_date__is_dated_by_its_file(tmp_path: Path) -> None:
    """The form still bears the day on which it was wrong; the ledger has the day on which the correction came."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit("示例区教育局/自评表.xlsx", "示例区教育局", year=2022, saved="2024-05-20", filled="2024-05-20")
    rounds.run()
    rounds.submit("示例区教育局/更正.xlsx", "示例区教育局", saved="2024-05-28", filled="2024-05-20")
    rounds.run()
    [row] = [row for row in rounds.ledger() if row["问题"].endswith("U03")]
    assert (row["整改状态"], row["整改日期"]) == ("已整改", "2024-05-28 00:00:00")
