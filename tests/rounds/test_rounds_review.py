"""Reviewers decide: any line, computed ones too, in review.xlsx; the three scores side by side on the score sheet."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from review.review_clerk import KEPT, SCORE, Desk
from rounds.campaign_rounds import Rounds, command
from workbook_text import computed, formulas, values

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command

UNIT = "示例区教育局"
FILE = f"{UNIT}/自评表.xlsx"
REASON = "受台风影响两场推迟。"


@pytest.fixture
def rounds(tmp_path: Path) -> Rounds:
    """A unit nine of whose ten events took place: the rule gives 45 of 50; every line is computed."""
    made = Rounds(tmp_path / "批次", "单位编码 | 单位名称\n101 | 示例区教育局")
    made.submit(FILE, UNIT, scores=(45, 30, 10), actuals=("9场", "96%", "98%"), reasons=(REASON, "", ""))
    made.run()
    return made


def add_row(rounds: Rounds, **values: object) -> None:
    """Write a row of one's own below the last one of 待定评分."""
    desk = Desk(rounds.folder / "review.xlsx")
    sheet, titles = desk.sheet(SCORE), desk.titles(SCORE)
    row = next(n for n in range(4, sheet.max_row + 2) if not any(cell.value for cell in sheet[n]))
    for title, value in values.items():
        sheet.cell(row, titles.index(title) + 1).value = value
    desk.save()


DECISION = {"单位": UNIT, "指标": "开展活动场次", "复核得分": 40, "复核人": "李明", "意见": "两场无签到记录"}


def lines(rounds: Rounds) -> dict[str, dict[str, object]]:
    """The score sheet's lines, by the name in column C, a title for each cell."""
    page = load_workbook(rounds.folder / "output" / str(rounds.unit(UNIT)["score_sheet"]), data_only=True)["整体支出"]
    titles = [cell.value for cell in page[3]]
    rows = [dict(zip(titles, row, strict=True)) for row in page.iter_rows(min_row=4, values_only=True)]
    return {str(row["三级指标"] or row["一级指标"]): row for row in rows if any(row.values())}  # type: ignore[misc]


def test_row_added__of_a_computed_line__sets_its_score_and_stands_beside_the_others(rounds: Rounds) -> None:
    """Self, verified and reviewed score in columns of their own, with who and why; every total follows."""
    before = rounds.unit(UNIT)
    assert (before["self_score"], before["verified_score"], before["pending"]) == (94, 94, 0)
    add_row(rounds, **DECISION, 复核日期=dt.date(2024, 6, 20))
    rounds.run()
    after = rounds.unit(UNIT)
    assert (after["self_score"], after["verified_score"], after["checked_score"], after["reviewed"]) == (94, 89, 94, 1)
    assert (after["verified_grade"], before["verified_grade"]) == ("良", "优")
    line = lines(rounds)["开展活动场次"]
    shown = {title: line[title] for title in ("自评得分", "复核得分（核定前）", "人工核定", "差异", "核定人和理由")}
    assert shown == {
        "自评得分": 45, "复核得分（核定前）": 45, "人工核定": 40, "差异": -5, "核定人和理由": "李明：两场无签到记录",
    }  # fmt: skip
    total = lines(rounds)["合计"]
    assert (total["自评得分"], total["复核得分（核定前）"], total["人工核定"], total["差异"]) == (94, 94, 89, -5)
    assert lines(rounds)["等级"]["人工核定"] == "良"
    [ranked] = [row for row in rounds.sheet("得分排名") if row["单位名称"] == UNIT]
    assert (ranked["自评得分"], ranked["复核得分"], ranked["人工核定"]) == ("94", "89", "核定1项，核定前94.00")


@pytest.mark.render
def test_row_added__and_computed_by_libreoffice__gives_the_stored_totals(rounds: Rounds, tmp_path: Path) -> None:
    """The formulas of the reviewed column give what is stored, on the form's sheet and on the first."""
    add_row(rounds, **DECISION)
    rounds.run()
    path = rounds.folder / "output" / str(rounds.unit(UNIT)["score_sheet"])
    stored, live = values(path), values(computed(path, tmp_path))
    for place in formulas(path):
        assert (live.get(place) or "") == (pytest.approx(stored[place]) if stored[place] else ""), place
    assert stored["结果", "D5"] == 89


def test_row_added__verdict_of_the_person__counts_in_the_statistics_of_indicators(rounds: Rounds) -> None:
    """Full marks from a person make a missed indicator a met one, and the rate follows."""
    [before] = [row for row in rounds.sheet("指标完成情况") if row["二级指标"] == "数量指标"]
    assert (before["✗ 未完成"], before["✓ 完成"]) == ("1", "0")
    add_row(rounds, **DECISION | {"复核得分": 50, "意见": "第十场有记录，补交了签到表"})
    rounds.run()
    [after] = [row for row in rounds.sheet("指标完成情况") if row["二级指标"] == "数量指标"]
    assert (after["✗ 未完成"], after["✓ 完成"]) == ("0", "1")


def test_row_added__submission_changed__is_stale_and_named_by_run(rounds: Rounds) -> None:
    """The rule's score counts again, and the terminal names the entry with its cell."""
    add_row(rounds, **DECISION)
    rounds.run()
    rounds.submit(
        FILE, UNIT, scores=(50, 30, 10), actuals=("10场", "96%", "98%"), saved="2024-05-25", filled="2024-05-25"
    )
    said = command("run", rounds.folder, "--workers", "1")
    assert "review.xlsx 工作表“待定评分”N4" in said
    assert "已过期：原填“40”" in said
    assert rounds.unit(UNIT)["verified_score"] == 99
    [row] = Desk(rounds.folder / "review.xlsx").rows(SCORE)
    assert (row["复核得分"], row["复核人"]) == (40, "李明")


REJECTED = [
    ({"复核得分": 51}, "待定评分", "分数超出范围，填的是51分，请填0～50之间的分数"),
    ({"意见": None}, "待定评分", "改动规则算出的得分，请在“意见”填写理由"),
    ({"复核人": None}, "待定评分", "没有填复核人，请填写姓名"),
    ({"指标": "开展培训场次"}, KEPT, "找不到对应的行"),
]


@pytest.mark.parametrize(("changed", "sheet", "why"), REJECTED)
def test_row_added__that_cannot_be_taken__is_named_with_its_cell(
    rounds: Rounds, changed: dict[str, object], sheet: str, why: str
) -> None:
    """The terminal names sheet, cell and remedy, in every run until it is mended; the rule's score counts."""
    add_row(rounds, **DECISION | changed)
    for _ in range(2):
        said = command("run", rounds.folder, "--workers", "1")
        assert f"review.xlsx 工作表“{sheet}”" in said
        assert why in said
    assert rounds.unit(UNIT)["verified_score"] == 94
