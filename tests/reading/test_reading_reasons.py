"""Reasons wherever a form has them: in two columns, under 备注, in one cell for all indicators."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

import pytest
from reading.drawn import drawn

from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
HEAD = "项目支出绩效自评表（2023年度）\n项目名称 | 修路 | < | 实施单位 | 公路站\n"
LONG = "得分（" + "完成值达到指标值的记满分，未达到的按完成值与指标值的比例记分；" * 4 + "）"

REASONS = {
    "two columns count together": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 | 改进措施\n"
        "产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 | 下雨 | 明年补修\n满意度指标 | 满意度 | ≥90% | 88% | 40 | 39 | 个别积水。 | 已整改\n",
        ["下雨；明年补修", "个别积水。已整改"],
    ),
    "where one says nothing the other counts alone": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 | 改进措施\n"
        "产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 | 无 | 明年补修\n满意度指标 | 满意度 | ≥90% | 98% | 40 | 40 | 无 | 无\n",
        ["明年补修", "无"],
    ),
    "kinds of reasons stand under one head": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 | < | 改进措施\n^ | ^ | ^ | ^ | ^ | ^ | 经费保障 | 其他 | ^\n"
        "产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 |  | 下雨 | 明年补修\n满意度指标 | 满意度 | ≥90% | 98% | 40 | 40 |  |  |\n",
        ["下雨；明年补修", None],
    ),
    "the only 备注 holds them": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 备注\n产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 | 下雨\n满意度指标 | 满意度 | ≥90% | 98% | 40 | 40 |\n",
        ["下雨", None],
    ),
    "备注 says in brackets that it holds them": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 自评得分 | 复核得分 | 备注（未完成原因）\n产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 |  | 下雨\n",
        ["下雨"],
    ),
    "one cell merged down is everybody's": (
        "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 未完成原因分析\n产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 | 下雨\n满意度指标 | 满意度 | ≥90% | 88% | 40 | 39 | ^\n",
        ["下雨", "下雨"],
    ),
    "headers explain at length how to fill in their columns": (
        f"一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | {LONG} | 偏差原因\n产出指标 | 里程 | ≥3公里 | 2公里 | 60 | 40 | 下雨\n满意度指标 | 满意度 | ≥90% | 98% | 40 | 40 |\n",
        ["下雨", None],
    ),
}


@pytest.mark.parametrize(("table", "expected"), REASONS.values(), ids=REASONS)
def test_reason__wherever_it_stands__is_the_indicators(table: str, expected: list[str | None]) -> None:
    """Reasons are read, nothing is doubted or left over, and each value beside them keeps its place."""
    reading = read_sheets([drawn(HEAD + table)], LEXICON)
    [one] = reading.submissions
    assert [row.reason for row in one.indicators] == expected
    assert (reading.findings, reading.unused) == ((), ())
    scored = [(int(row.weight or 0), int(row.score or 0)) for row in one.indicators]
    assert scored in ([(60, 40), (40, 39)], [(60, 40), (40, 40)], [(60, 40)])


def test_reason__in_a_remark_beside_the_reviewers_score__is_not_taken() -> None:
    """With 财政审核评分 in the form nobody knows who wrote the 备注; it is listed as unused."""
    table = "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 财政审核评分 | 备注\n产出指标 | 里程 | ≥3公里 | 2公里 | 100 | 40 |  | 看台账\n"
    reading = read_sheets([drawn(HEAD + table)], LEXICON)
    assert reading.submissions[0].indicators[0].reason is None
    assert [cell.text for cell in reading.unused] == ["看台账"]


def test_actual__merged_down__counts_for_each_row_a_number_only_once() -> None:
    """One text may answer two targets; a weight over two rows is one weight."""
    table = "一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分\n产出指标 | 修路 | 按期完成 | 全部按期完成 | 60 | 40\n^ | 修桥 | 按期完成 | ^ | ^ | ^\n"
    [one] = read_sheets([drawn(HEAD + table)], LEXICON).submissions
    assert [(row.actual, row.weight) for row in one.indicators] == [("全部按期完成", 60), ("全部按期完成", None)]
