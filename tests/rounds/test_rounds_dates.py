"""Late is who came late first; a returned copy is due on a day that has not passed, the same wherever it is said."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from rounds.campaign_rounds import SETTINGS, Rounds

from evalbatch.campaign.settings import load_settings
from evalbatch.model import Season

pytestmark = pytest.mark.command

UNIT = "示例区教育局"
FILE = f"{UNIT}/自评表.xlsx"


def due(rounds: Rounds) -> str:
    """What the returned copy says in its front sheet."""
    page = load_workbook(rounds.folder / "output" / rounds.file(FILE)["returned"]).worksheets[0]
    text = " ".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    return text[text.index("请于") : text.index("前重新报送") + 5] if "前重新报送" in text else ""


def test_in_time_returned_and_corrected_after_the_deadline__is_not_late(tmp_path: Path) -> None:
    """The record knows the first submission, though its file was overwritten, and then deleted."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit(FILE, UNIT, total=95)
    rounds.run()
    assert rounds.unit(UNIT)["status"] == "returned"
    rounds.submit(FILE, UNIT, saved="2024-06-10", filled="2024-06-10")
    rounds.run()
    assert (rounds.unit(UNIT)["status"], rounds.unit(UNIT)["late"]) == ("complete", False)
    (rounds.inbox / FILE).unlink()
    rounds.submit(f"{UNIT}/再报.xlsx", UNIT, saved="2024-06-20", filled="2024-06-20", goal="另一目标。")
    rounds.run()
    assert rounds.unit(UNIT)["status"] == "complete"


def test_late_the_first_time__stays_late_with_an_earlier_date(tmp_path: Path) -> None:
    """Nobody becomes punctual by writing another date into the correction; no such date is asked for."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit(FILE, UNIT, saved="2024-06-10", filled="2024-06-10")
    rounds.run()
    [late] = [found for found in rounds.unit(UNIT)["findings"] if found["code"] == "U04"]
    assert late["expected"] is None
    assert "2024年5月31日" not in late["remedy"]
    rounds.submit(FILE, UNIT, saved="2024-06-12", filled="2024-05-30")
    rounds.run()
    [late] = [found for found in rounds.unit(UNIT)["findings"] if found["code"] == "U04"]
    assert "第一次报送的填报日期是2024年6月10日" in late["message"]
    assert rounds.unit(UNIT)["status"] == "late"


def test_returned_after_the_deadline__is_due_after_it(tmp_path: Path) -> None:
    """Workbook, letter, run.json and summary bear one date, a week after the submission."""
    rounds = Rounds(tmp_path / "批次")
    rounds.submit(FILE, UNIT, saved="2024-06-10", filled="2024-06-08", total=95)
    rounds.run()
    assert rounds.unit(UNIT)["correct_by"] == "2024-06-17"
    assert due(rounds) == "请于2024年6月17日前重新报送"
    [letter] = rounds.letters().values()
    assert "于2024年6月17日前重新报送" in letter
    assert "5月31日" not in letter
    [row] = [row for row in rounds.sheet("提交情况") if row["单位名称"] == UNIT]
    assert row["更正期限"].startswith("2024-06-17")


def test_a_date_for_corrections__is_used_until_it_has_passed(tmp_path: Path) -> None:
    """The campaign's own date for what comes before it; a later submission has its days."""
    settings = SETTINGS + "correction_days = 5\ncorrection_deadline = 2024-06-15\n"
    rounds = Rounds(tmp_path / "批次", settings=settings)
    rounds.submit(FILE, UNIT, saved="2024-06-14", filled="2024-06-14", total=95)
    rounds.run()
    assert due(rounds) == "请于2024年6月15日前重新报送"
    rounds.submit(FILE, UNIT, saved="2024-06-20", filled="2024-06-20", total=94)
    rounds.run()
    assert due(rounds) == "请于2024年6月25日前重新报送"
    [row] = rounds.sheet("重报对比")
    assert row["是否逾期更正"] == "逾期更正"
    assert rounds.unit(UNIT)["late"] is True  # it came late the first time


@pytest.mark.parametrize(
    ("line", "said"), [("correction_days = 0", "correction_days"), ('correction_deadline = "六月"', "日期")]
)
def test_settings__wrong_corrections__are_refused(tmp_path: Path, line: str, said: str) -> None:
    """The key and what to write."""
    from evalbatch.model import Refused

    path = tmp_path / "evalbatch.toml"
    path.write_text(SETTINGS + line + "\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_settings(path)
    assert said in refused.value.message


def test_correct_by__nothing_known__is_none() -> None:
    """Without a deadline and a day there is no date to be said."""
    assert Season("示例区", 2023).correct_by(None) is None
