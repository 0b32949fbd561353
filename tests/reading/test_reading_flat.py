"""One flat table of several projects is as many forms; what stands above and below it belongs to each."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

import pytest
from reading.drawn import drawn

from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
TOP = "2023年度项目支出绩效自评表\n填报单位：水务局 |  |  |  |  |  |  |  |  | 金额单位：元 |\n"
HEAD = "序号 | 项目名称 | 实施单位 | 全年预算数 | 全年执行数 | 一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 自评总分\n"
ROWS = """1 | 修渠 | 河道所 | 1000000 | 900000 | 产出指标 | 长度 | ≥5公里 | 5公里 | 60 | 60 | 100
^ | ^ | ^ | ^ | ^ | 效益指标 | 受益人口 | ≥200人 | 210人 | 40 | 40 | ^
2 | 打井 | 供水站 | 50000 | 50000 | 产出指标 | 井数 | 3口 | 3口 | 100 | 100 | 100
"""
BOTTOM = "填表人：张三 |  |  | 填报日期：2024-03-02\n"
MERGED = TOP + HEAD + ROWS + BOTTOM
REPEATED = MERGED.replace("^ | ^ | ^ | ^ | ^ | 效益指标", "1 | 修渠 | 河道所 |  |  | 效益指标").replace(
    "40 | ^", "40 |"
)
SUMMED = TOP + HEAD + ROWS + "合计 |  |  | 1050000 | 950000 |  |  |  |  | 200 | 200 |\n" + BOTTOM


@pytest.mark.parametrize("drawing", [MERGED, REPEATED, SUMMED], ids=["merged down", "in every row", "summed below"])
def test_table__of_several_projects__is_a_form_for_each(drawing: str) -> None:
    """Name, unit, money, indicators and total of each project alone; year, writer and day of all."""
    reading = read_sheets([drawn(drawing)], LEXICON)
    assert reading.findings == ()
    assert [(one.form, one.project, one.unit_name, one.total_score) for one in reading.submissions] == [
        ("project", "修渠", "河道所", 100),
        ("project", "打井", "供水站", 100),
    ]
    assert [[row.name for row in one.indicators] for one in reading.submissions] == [["长度", "受益人口"], ["井数"]]
    assert [(line.adjusted, line.executed) for one in reading.submissions for line in one.budget] == [(100, 90), (5, 5)]
    assert {(one.year, one.prepared_by, one.money_measure) for one in reading.submissions} == {(2023, "张三", "元")}
    assert reading.submissions[1].indicators[0].cells["actual"].address == "I6"


def test_table__of_several_projects__leaves_nothing_unused() -> None:
    """The rows of every project count as read, whichever form they belong to; a sum of all projects is nobody's."""
    assert read_sheets([drawn(MERGED)], LEXICON).unused == ()
    assert {cell.row for cell in read_sheets([drawn(SUMMED)], LEXICON).unused} == {7}


EACH = TOP + HEAD + ROWS.replace("2 | 打井", "小计 |  |  |  |  |  |  |  |  | 100 | 100 |\n2 | 打井")


def test_table__with_a_sum_for_each_project__gives_each_its_own() -> None:
    """合计 below each project is its total; 小计 is none; a single sum below all is nobody's."""
    sums = "合计 |  |  |  |  |  |  |  |  | 100 | 100 |\n"
    each = TOP + HEAD + ROWS.replace(" | 100\n", " |\n").replace("2 | 打井", sums + "2 | 打井") + sums
    assert [one.total_weight for one in read_sheets([drawn(each)], LEXICON).submissions] == [100, 100]
    reading = read_sheets([drawn(EACH)], LEXICON)
    assert ([one.total_weight for one in reading.submissions], reading.unused) == ([None, None], ())


def test_table__of_a_whole_unit__is_one_form_whatever_its_columns() -> None:
    """Under 部门整体支出绩效自评表 the projects are parts of the unit's own form."""
    [one] = read_sheets([drawn(MERGED.replace("项目支出", "部门整体支出"))], LEXICON).submissions
    assert (one.form, len(one.indicators)) == ("whole-unit", 3)
