"""Dresses nobody announced: what a person reads at a glance, drawn as small as it can be."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

from dataclasses import replace
from decimal import Decimal

import pytest
from reading.drawn import drawn

from evalbatch.model import Reading, Submission
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
TITLE = "项目支出绩效自评表（2023年度）\n"
HEAD = """项目名称 | 修路 | < | < | < | < | < | <
主管部门 | 交通局 | < | < | 实施单位 | 公路站 | < | <
"""
MONEY = """项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 120 | 120 | 118.5 | 10 | 98.75% | 9.88
"""
GOALS = """年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 修3公里 | < | < | 修了3公里 | < | < | <
"""
ROWS = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 50 | 50 |
^ | 质量指标 | 合格率 | ≥95% | 97% | 40 | 40 |
总分 |  |  |  |  | 100 | 99.88 |
"""


def read(drawing: str) -> Reading:
    return read_sheets([drawn(drawing)], LEXICON)


def only(drawing: str) -> Submission:
    """Read a drawing that holds exactly one form, nothing doubtful, nothing unused."""
    reading = read(drawing)
    assert (reading.findings, reading.unused) == ((), ())
    [submission] = reading.submissions
    return submission


def everything(one: Submission) -> list[object]:
    """What the small form says, wherever its blocks lie."""
    money = [(line.initial, line.adjusted, line.executed) for line in one.budget]
    rows = [(row.level1, row.level2, row.name, row.target, row.actual, row.weight, row.score) for row in one.indicators]
    return [
        one.year,
        one.project,
        one.department,
        one.unit_name,
        money,
        one.goal,
        one.goal_actual,
        rows,
        one.total_weight,
        one.total_score,
    ]


PLAIN = everything(only(TITLE + HEAD + MONEY + GOALS + ROWS))


def test_read__plain_form__says_all_of_it() -> None:
    """The yardstick of the cases below."""
    assert [
        2023, "修路", "交通局", "公路站", [(120, 120, Decimal("118.5"))], "修3公里", "修了3公里",
        [("产出指标", "数量指标", "里程", "≥3公里", "3公里", 50, 50), ("产出指标", "质量指标", "合格率", "≥95%", "97%", 40, 40)],
        100, Decimal("99.88"),
    ] == PLAIN  # fmt: skip


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(TITLE + HEAD + ROWS + MONEY + GOALS, id="indicators before the money"),
        pytest.param(TITLE + HEAD + GOALS + ROWS + MONEY, id="money at the end"),
        pytest.param(
            TITLE + HEAD + MONEY + "预期目标 | 修3公里 | < | < | 实际完成情况 | 修了3公里 | < | <\n" + ROWS,
            id="goals beside their labels",
        ),
        pytest.param(
            TITLE + HEAD + MONEY + "绩效目标 | 年初设定的绩效目标 | < | < | 年度目标实际完成情况 | < | < | <\n" + GOALS.splitlines()[1] + "\n" + ROWS,
            id="a goal's labels that look like an indicator header",
        ),
        pytest.param(
            TITLE + HEAD + MONEY + "绩效目标 | 预期目标 | 修3公里 | < | < | < | < | <\n^ | 目标达成情况说明及完成情况 | 修了3公里 | < | < | < | < | <\n" + ROWS,
            id="goals one below the other, the second under a strange label",
        ),
        pytest.param(
            TITLE + HEAD + MONEY + GOALS + ROWS.replace("一级指标 | 二级指标 | 三级指标", "绩效指标 | < | <"),
            id="one 绩效指标 over levels and names",
        ),
        pytest.param(TITLE + HEAD + MONEY + GOALS + ROWS.replace("总分 |  |  |  |  | 100 | 99.88", "总分： |  |  |  |  | 100分 | 99.88（分）"), id="units in brackets"),
        pytest.param(TITLE + HEAD + MONEY + GOALS + ROWS.replace("总分 |", "自评总分： |"), id="a total with a colon"),
        pytest.param("说明：本表一式两份，由实施单位填写。\n" + TITLE + HEAD + MONEY + GOALS + ROWS, id="a note above the title"),
        pytest.param(
            TITLE + HEAD + MONEY + GOALS + ROWS.replace("^ | 质量指标", "项目支出绩效自评表（续） | < | < | < | < | < | < | <\n一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施\n产出指标 | 质量指标"),
            id="continued on a second page",
        ),
        pytest.param(TITLE + HEAD + MONEY + GOALS + ROWS.replace("得分 | 偏差原因分析及改进措施", "得分 | 证据采集方式"), id="a column nobody reads"),
    ],
)  # fmt: skip
def test_read__strange_dress__reads_as_the_plain_form(drawing: str) -> None:
    """Order of blocks, labels beside or above, decoration: the same submission, all cells accounted for."""
    assert everything(only(drawing)) == PLAIN


def test_read__grade_row__is_no_indicator_wherever_its_value_lies() -> None:
    """自评等级 behind the total, its value under 分值; a 自评结论 in one word is a grade too."""
    tail = "自评等级 | < | < | < | < | 优 | < | <\n"
    assert only(TITLE + HEAD + ROWS + tail).grade == "优"
    assert only(TITLE + HEAD + ROWS + tail.replace("自评等级", "自评结论")).grade == "优"
    assert only(TITLE + HEAD + ROWS + "评价结果：良好 | < | < | < | < | < | < | <\n").grade == "良好"


def test_read__signatures_under_the_columns__are_no_indicator() -> None:
    """填表人 | 张三 | 联系电话 | 123 in the columns of names and weights."""
    one = only(TITLE + HEAD + ROWS + "填表人 | 张三 |  |  | 联系电话 | 3301234 | 填报日期 | 2024年1月17日\n")
    assert (len(one.indicators), one.prepared_by, one.phone, str(one.filled_on)) == (2, "张三", "3301234", "2024-01-17")


def test_read__merged_sections__are_levels() -> None:
    """A row merged over all columns heads the rows below it."""
    one = only(
        TITLE + HEAD + "三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n产出指标（60分） | < | < | < | <\n里程 | 3公里 | 3公里 | 60 | 60\n"
        "效益指标（40分） | < | < | < | <\n便民 | 提升 | 提升 | 40 | 40\n"
    )  # fmt: skip
    assert [(row.level1, row.name) for row in one.indicators] == [
        ("产出指标（60分）", "里程"),
        ("效益指标（40分）", "便民"),
    ]


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        (
            "项目资金（万元） | 全年预算数 | 120 | 全年执行数 | 118.5 | 执行率 | 98.75%\n",
            [("项目资金（万元）", "total", None, 120, Decimal("118.5"))],
        ),
        (
            "项目资金（元） |  | 资金总额 | 其中：财政拨款 | 其他资金\n^ | 年初预算数 | 1200000 | 1000000 | 200000\n^ | 全年执行数 | 1185000 | 1000000 | \n",
            [("资金总额", "total", 120, None, Decimal("118.5")), ("其中：财政拨款", "appropriation", 100, None, 100), ("其他资金", "other_funds", 20, None, None)],
        ),
        (
            "年度主要任务 | 任务名称 | 主要内容 | 预算数 | 执行数\n^ | 保洁 | 清扫 | 300 | 295\n" + MONEY,
            [("年度资金总额", "total", 120, 120, Decimal("118.5"))],
        ),
    ],
    ids=["labels beside amounts", "kinds in columns, in 元", "a block of tasks is no money of the form"],
)  # fmt: skip
def test_read__money_without_a_header_row__is_read(money: str, expected: list[tuple[object, ...]]) -> None:
    """Amounts stand where their labels say, not where the national form has them."""
    [one] = read(TITLE + HEAD + money + ROWS).submissions
    assert [(line.item, line.kind, line.initial, line.adjusted, line.executed) for line in one.budget] == expected


def test_read__points_in_names__are_weights_where_no_column_has_them() -> None:
    """The evaluation table of Dazhou: 相关性（5分） and a column of scores."""
    one = only(
        "部门整体支出绩效评价得分表\n单位名称：农业农村局\n一级指标 | 二级指标 | 三级指标 | 得分\n部门决策（25分） | 目标任务（15分） | 相关性（5分） | 5\n^ | ^ | 明确性（5分） | 4\n总分 |  |  | 90\n"
    )
    assert one.form == "score"
    assert [(row.name, row.weight, row.score) for row in one.indicators] == [
        ("相关性（5分）", 5, 5),
        ("明确性（5分）", 5, 4),
    ]


def test_read__chongqing_whole_unit__takes_the_adjusted_goal_and_target() -> None:
    """Goals beside their labels, three in a row; the adjusted one counts, as with targets."""
    [one] = read(
        """
2022年度部门整体支出绩效自评表 | < | < | < | < | < | < | < | < | < | <
部门名称 | 某局 | < | < | < | < | < | < | < | < | <
部门预算执行情况（万元） |  | 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率（%） | 执行率分值（分） | 执行率得分（分） |  |  |
^ | 总量 | 5000 | 4800 | 3805.12 | 79.27 | 10 | 7.93 |  |  |
年初绩效目标 | 走访50家。 | < | < | 全年（调整）绩效目标 | 走访60家。 | < | 全年目标实际完成情况 | 走访66家。 | < | <
绩效指标 | 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数（%） | 指标权重（分） | 指标得分（分） | 是否核心指标
^ | 企业走访数 | 家 | ≥ | 50 | 60 | 66 | 100 | 50 | 50 | 是
^ | 满意度 | % | ≥ | 90 |  | 95 | 100 | 40 | 40 | 是
合计 |  |  |  |  |  |  |  | 100 | 97.93 |
"""
    ).submissions
    assert (one.goal, one.goal_actual) == ("走访60家。", "走访66家。")
    assert [(row.name, row.target, row.weight) for row in one.indicators] == [
        ("企业走访数", "≥60家", 50),
        ("满意度", "≥90%", 40),
    ]
    assert (one.budget[0].adjusted, one.budget[0].rate, one.budget[0].score) == (
        4800,
        Decimal("79.27"),
        Decimal("7.93"),
    )


def test_read__transfer_payment__funds_management_is_no_money() -> None:
    """Funds by level, a block of findings about their management, goals, indicators without weights."""
    reading = read(
        """
转移支付区域（项目）绩效目标自评表 | < | < | < | < | < | <
（2022年度） | < | < | < | < | < | <
转移支付（项目）名称 | 水利发展资金 | < | < | < | < | <
中央主管部门 | 水利部 | < | < | < | < | <
地方主管部门 | 县水利局 | < | 资金使用单位 | 水利站 | < | <
资金投入情况\\n（万元） |  | < | 全年预算数（A） | 全年执行数（B） | < | 预算执行率（B/A×100%）
^ | 年度资金总额： | < | 3500 | 3480 | < | 99.43%
^ | 其中：中央财政资金 | < | 2000 | 2000 | < | 100%
^ | 地方资金 | < | 1500 | 1480 | < | 98.67%
资金管理情况 |  | < | 情况说明 | < | < | 存在问题和改进措施
^ | 分配科学性 | < | 符合要求 | < | < | 无
^ | 下达及时性 | < | 30日内下达 | < | < |
总体目标完成情况 | 总体目标 | < | < | 全年实际完成情况 | < | <
^ | 节水1万亩。 | < | < | 完成1.02万亩。 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
^ | 产出指标 | 数量指标 | 节水面积 | 1万亩 | 1.02万亩 |
说明 | 无 | < | < | < | < | <
"""
    )
    [one] = reading.submissions
    assert (one.form, one.project, one.department, one.unit_name) == ("project", "水利发展资金", "县水利局", "水利站")
    assert [line.executed for line in one.budget] == [3480, 2000, 1480]
    assert (one.goal, one.goal_actual, one.indicators[0].target) == ("节水1万亩。", "完成1.02万亩。", "1万亩")
    assert [(entry.name, entry.text) for entry in one.fields] == [
        ("分配科学性", "符合要求"),
        ("分配科学性·存在问题和改进措施", "无"),
        ("下达及时性", "30日内下达"),
    ]
    assert reading.unused == ()
    assert reading.findings == ()


def test_read__masks_printed_in_names__are_the_forms_own() -> None:
    """★里程（≥**公里） is what the poverty funds' form prints; a mask elsewhere was left in by the unit."""
    assert only(TITLE + HEAD + ROWS.replace("里程", "★里程（≥**公里）")).indicators[0].name == "★里程（≥**公里）"
    assert [finding.code for finding in read(TITLE + HEAD + ROWS.replace("里程", "××里程")).findings] == ["F07"]


def test_read__who_fills_in__is_the_unit_unless_it_is_the_department() -> None:
    """填报单位 above the table may be the department, which is no second name of the unit."""
    one = only(TITLE + "填报单位（公章）：交通局 |  |  |  | 单位：万元\n" + HEAD + ROWS)
    assert (one.unit_name, one.department) == ("公路站", "交通局")


def test_read__list_sheet_in_sight__is_understood() -> None:
    """A visible sheet of choices holds no data."""
    reading = read_sheets([drawn(TITLE + HEAD + ROWS), drawn("产出指标\n效益指标\n≥\n≤\n", "下拉选项")], LEXICON)
    assert reading.unused == ()


def test_form__with_its_own_arithmetic_beside__is_read_without_it(tmp_path):
    """The columns under 自动核对 compute for who fills the form in; nothing of them is unused or a flaw."""
    from datetime import date

    from drawn_forms import write_blank

    from evalbatch.forms.places import builtin_forms, form_paths
    from evalbatch.model import Season
    from evalbatch.reading.layout import load_lexicon
    from evalbatch.reading.read import read_workbook

    target = tmp_path / "blank.xlsx"
    write_blank(target, builtin_forms()["whole-unit"], Season("示例区", 2023, date(2024, 5, 31)))
    reading = read_workbook(target.read_bytes(), load_lexicon(form_paths(None)))
    assert reading.unused == ()
    assert not [finding for finding in reading.findings if finding.code in ("F11", "F12", "F13")]


SIDES = {
    "一级": "产出指标 | 质量指标 | 响应等级 | 一级 | 一级 | 40 | 40 |\n",
    "三级": "产出指标 | 质量指标 | 医院等级 | ≥三级 | 三级 | 40 | 40 |\n",
}


@pytest.mark.parametrize("row", SIDES.values(), ids=SIDES)
def test_read__a_value_like_a_header__cuts_no_form_in_two(row: str) -> None:
    """一级 heads a column only among other headers; the drawing has no merged cell to hold the form together."""
    bare = (TITLE + HEAD + MONEY + ROWS).replace("<", "").replace("^", "")
    one = only(bare.replace("^ | 质量指标 | 合格率 | ≥95% | 97% | 40 | 40 |\n", "") + row)
    assert one.indicators[-1].actual in ("一级", "三级")
    assert (one.project, one.unit_name) == ("修路", "公路站")


def test_read__target_merged_over_the_actual__counts_for_both() -> None:
    """One wide cell under both headers says both."""
    one = only((TITLE + HEAD + MONEY + GOALS + ROWS).replace("≥95% | 97%", "≥95% | <"))
    assert (one.indicators[1].target, one.indicators[1].actual) == ("≥95%", "≥95%")
    assert one.indicators[1].cells["actual"] == one.indicators[1].cells["target"]


def test_read__number_in_powers_of_ten__is_written_out() -> None:
    """A cell's 3.20E+04 is 32000; a text that looks so stays as written."""
    grid = drawn(TITLE + HEAD + MONEY + GOALS + ROWS.replace("3公里 | 50", "3.20E+04 | 50"))
    place = next(place for place, cell in grid.cells.items() if cell.text == "3.20E+04")
    as_text = read_sheets([grid], LEXICON).submissions[0]
    grid.cells[place] = replace(grid.cells[place], number=Decimal(32000))
    as_number = read_sheets([grid], LEXICON).submissions[0]
    assert (as_text.indicators[0].actual, as_number.indicators[0].actual) == ("3.20E+04", "32000")


def test_read__goal_beside_its_numbered_side__ends_at_the_next_number() -> None:
    """1.目标完成情况 merged down holds the goals; 2.实施内容 below is another block."""
    goals = """项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | < | < | 年度目标完成情况 | < | <
^ | ^ | 修3公里 | < | < | 修了3公里 | < | <
^ | 2.项目实施内容及过程概述 | 按月施工 | < | < | < | < | <
"""
    one = read(TITLE + HEAD + goals + MONEY + ROWS).submissions[0]
    assert (one.goal, one.goal_actual) == ("修3公里", "修了3公里")


def test_read__one_reason_below_the_tables__is_the_forms() -> None:
    """偏差大或目标未完成原因分析 | text: for no indicator alone, and 无 is none."""
    tail = "偏差大或\\n目标未完成\\n原因分析 | < | 阴雨天多 | < | < | < | < | <\n"
    one = only(TITLE + HEAD + MONEY + GOALS + ROWS + tail)
    assert (one.cells["reason"].text, {row.reason for row in one.indicators}) == ("阴雨天多", {None})
    assert "reason" not in only(TITLE + HEAD + MONEY + GOALS + ROWS + tail.replace("阴雨天多", "无")).cells


@pytest.mark.parametrize(
    ("label", "department"),
    [("部门（单位）名称 | 公路站", None), ("公开部门：交通局", "交通局")],
    ids=["same", "above"],
)
def test_read__office_beside_the_unit__is_the_department_only_if_another(label: str, department: str | None) -> None:
    """Who is named twice is one and the same."""
    one = only("部门整体支出绩效自评表（2023年度）\n" + label + "\n填报单位：公路站\n" + MONEY + GOALS + ROWS)
    assert (one.unit_name, one.department) == ("公路站", department)


def test_read__weight_under_the_deepest_level__is_the_indicators() -> None:
    """一级指标 and 二级指标 each over 指标名称 | 权重: the second weight counts."""
    head = (
        "一级指标 | < | 二级指标 | < | 评分标准 | 自评得分 | 评分依据\n指标名称 | 权重 | 指标名称 | 权重 | ^ | ^ | ^\n"
    )
    rows = "预算编制 | 40 | 合理性 | 15 | 按档 | 15 | 见附件\n^ | ^ | 规范性 | 25 | 按档 | 24 | 见附件\n"
    one = only(
        "部门整体支出绩效评分表（2023年度）\n单位名称：公路站\n" + head + rows + "合计 | 40 | < | 40 |  | 39 |\n"
    )
    assert [(row.level1, row.name, row.weight, row.score) for row in one.indicators] == [
        ("预算编制", "合理性", 15, 15),
        ("预算编制", "规范性", 25, 24),
    ]


def test_read__kinds_without_two_levels__are_level_1() -> None:
    """指标类型 | 指标名称: 产出 and 满意度 are groups."""
    rows = "指标类型 | 指标名称 | 目标值 | 完成值 | 权重 | 得分\n产出 | 里程 | ≥3公里 | 3公里 | 90 | 90\n"
    one = only(TITLE + HEAD + MONEY + GOALS + rows)
    assert [(row.level1, row.level2) for row in one.indicators] == [("产出", None)]
