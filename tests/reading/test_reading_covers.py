"""Loose tables, data forms, covers, and several forms on a sheet, drawn as tables: each figure finds its form."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

from datetime import date
from decimal import Decimal

import pytest
from reading.read_drawn import money, only, read, row

LOOSE = """
2022年度项目支出绩效自评表
项目名称 |  | 甲项目 |  | 主管部门 |  | 教育局
实施单位： |  | 一中
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 7,00.0,77 | 10万 | 5000元 | 10 | 50% | 5
 | 其中：中央补助 | 3 | 无 | / | - | - | -
年度总体目标 | 预期目标 |  |  | 实际完成情况
 | 1.修路 |  |  | 修了
 | 2.种树 |  |  | 种了
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 预算执行率 | 100% | 99% | 10 | 9.9 |
 |  | 路 | ≥3公里 | 3 | 40 | 40 |

一、效益指标
 | 社会效益 | 指标1：满意 | ≥95% | 96% | 50 | 50 |
 |  | 指标2： |  |  |  |  |
 |  | …… | / | / | / | / |
总分：99.9分
评价等级：优
填表说明：
1.项目名称：按批复填写。
"""


def test_read__nothing_merged_and_sections__is_read_by_what_labels_say() -> None:
    """Levels carry down, a section row is a level, placeholders are no indicators, a broken number is none."""
    submission = only(LOOSE)
    assert [money(line) for line in submission.budget] == [
        "年度资金总额 total - 10 0.5 10 50 5",
        "其中：中央补助 other 3 - - - - -",
    ]
    assert submission.budget[0].cells["initial"].text == "7,00.0,77"
    assert [row(one) for one in submission.indicators] == [
        "产出指标 数量指标 预算执行率 100% 99% 10 9.9 -",
        "产出指标 数量指标 路 ≥3公里 3 40 40 -",
        "一、效益指标 社会效益 满意 ≥95% 96% 50 50 -",
    ]
    assert (submission.goal, submission.project, submission.unit_name) == ("1.修路\n2.种树", "甲项目", "一中")
    assert (submission.total_score, submission.grade) == (Decimal("99.9"), "优")
    assert [cell.text for cell in read(LOOSE).unused] == ["7,00.0,77"]


DATA = """
部门整体支出数据表 | < | < | <
（2023年度） | < | < | <
填报单位：区总工会 |  |  | 单位：元
项目 | 预算数 | 决算数 | 完成率
支出 | 1387900 | 1349200 | 97.21%
三公经费 | 20000 | — |
编制人数（人） | 6 |
填表人：张三 | 联系电话：123 | 填报日期：2024-05-30 |
"""


def test_read__data_form__names_its_figures() -> None:
    """Rows by columns and labels beside values; amounts in 万元 whatever the form uses."""
    submission = only(DATA)
    entries = {entry.name: (entry.number, entry.measure) for entry in submission.fields}
    assert entries["支出预算"] == (Decimal("138.79"), "万元")
    assert entries["支出决算"] == (Decimal("134.92"), "万元")
    assert entries["支出完成率"] == (Decimal("97.21"), "%")
    assert entries["三公经费决算"][0] is None
    assert (submission.form, submission.unit_name, submission.prepared_by) == ("data", "区总工会", "张三")
    assert read(DATA).unused == ()


COVER = """
2023年度部门整体支出绩效自评报告
评价年度：2023年度
评价单位：区总工会
填报日期：2024年5月30日
"""

NAMELESS = """
部门整体支出绩效评分表
三级指标 | 分值 | 自评得分 | 评分依据
预算编制 | 50 | 48 | 好
合计 | 100 | 96 |
"""


def test_read__cover_sheet__names_the_unit_of_forms_that_have_no_place_for_it() -> None:
    """A unit's workbook says on its cover whose it is; the cell is the cover's."""
    reading = read(COVER, NAMELESS)
    [submission] = reading.submissions
    assert (submission.unit_name, submission.year, submission.cells["unit.name"].sheet) == ("区总工会", 2023, "表1")


def test_read__cover_sheet__gives_the_year_of_its_heading() -> None:
    """2023年度预算绩效自评材料 on the cover is the year of forms that say none."""
    reading = read("2023年度预算绩效自评材料\n单位名称（盖章）： | 区总工会\n", NAMELESS)
    assert [(one.unit_name, one.year) for one in reading.submissions] == [("区总工会", 2023)]


SMALL = """
项目支出绩效自评表 | < | < | < | <
项目名称 | {name} | < | < | <
主管部门 | 教育局 | < | 实施单位 | {name}单位
三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
{name}指标 | 1个 | 1个 | 50 | 50
总分 |  |  | 50 | 50
"""


def small(name: str) -> list[str]:
    return SMALL.format(name=name).strip().splitlines()


@pytest.mark.parametrize(
    "drawing",
    [
        "\n".join([*small("甲"), "", *small("乙")]),
        "\n".join(small("甲") + small("乙")),
        "\n".join(f"{one} | | {other}" for one, other in zip(small("甲"), small("乙"), strict=True)),
    ],
    ids=["stacked", "stacked without a blank row", "side by side"],
)
def test_read__two_forms_on_a_sheet__are_two_submissions(drawing: str) -> None:
    """Below each other or beside each other, each keeps its own names and rows."""
    reading = read(drawing)
    said = [(one.project, one.unit_name, [row.name for row in one.indicators]) for one in reading.submissions]
    assert said == [("甲", "甲单位", ["甲指标"]), ("乙", "乙单位", ["乙指标"])]
    assert reading.unused == ()


def test_read__labels_above_their_values__are_read_downward() -> None:
    """A row of labels only, as in a list, has its values in the row below."""
    top = "项目支出绩效自评表\n项目名称 | 主管部门 | 实施单位\n甲项目 | 教育局 | 一中\n"
    submission = only(top + "三级指标 | 指标值 | 完成值 | 分值 | 得分\na | 1 | 1 | 100 | 90")
    assert (submission.project, submission.department, submission.unit_name) == ("甲项目", "教育局", "一中")


def test_read__cover_sheet__says_who_filled_in_forms_that_have_no_place_for_it() -> None:
    """Writer, telephone and day of the cover; a form's own go before."""
    cover = "封面\n单位名称： | 区总工会\n填表人：张三\n联系电话：13800000000\n填报日期：2024-05-06\n"
    [bare] = read(cover, NAMELESS).submissions
    [own] = read(cover, NAMELESS + "填报日期：2024-05-30\n").submissions
    assert (bare.prepared_by, bare.phone, bare.filled_on) == ("张三", "13800000000", date(2024, 5, 6))
    assert (own.prepared_by, own.filled_on, bare.cells["filled_on"].sheet) == ("张三", date(2024, 5, 30), "表1")


def test_read__sheet_with_a_table__gives_no_form_its_day() -> None:
    """A small table of another kind may name the unit; its day of filling in is its own."""
    other = "项目支出运行监控表\n单位名称：区总工会\n项目 | 预算 | 1-7月 | 8-12月 | 备注\n活动 | 10 | 5 | 5 |\n填报日期：2023-08-05\n"
    [one] = read(other, NAMELESS).submissions
    assert (one.filled_on, one.unit_name) == (None, "区总工会")
