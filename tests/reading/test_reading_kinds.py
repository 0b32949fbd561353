"""Kinds of layout that published forms show, each in several words and places, drawn as small as they can be."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

from decimal import Decimal

import pytest
from reading.drawn import drawn

from evalbatch.model import Reading, Submission
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
TITLE = "项目支出绩效自评表（2023年度）\n"
HEAD = "项目名称 | 修路 | < | < | < | < | < | <\n主管部门 | 交通局 | < | < | 实施单位 | 公路站 | < | <\n"
MONEY = """项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 100 | 10 | 100% | 10
^ | 其中：当年财政拨款 | 100 | 100 | 100 | — | — | —
"""
GOAL = "年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <\n^ | 修3公里 | < | < | 修了3公里 | < | < | <\n"
ROWS = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 80 | 80 |
"""


def read(drawing: str) -> Reading:
    return read_sheets([drawn(drawing)], LEXICON)


def only(drawing: str) -> Submission:
    [submission] = read(drawing).submissions
    return submission


def pointed(one: Submission) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [(row.name, row.weight, row.score) for row in one.indicators if row.name != "里程"]


MANAGED = {
    "columns of its own, words between": "资金管理情况 |  | 情况说明 | < | 分值 | 得分 | 存在问题和改进措施 | <\n^ | 分配科学性 | 按因素分配 | < | 5 | 5 | 无 | <\n^ | 使用规范性 | 专款专用 | < | 5 | 4 | 台账不全 | <\n",
    "under the columns of the money": "资金管理情况 | 分配科学性 | < | < | < | 5 |  | 5\n^ | 使用规范性 | < | < | < | 5 |  | 4\n",
    "no label at its side": "分配科学性 | < | < | < | < | 5 |  | 5\n使用规范性 | < | < | < | < | 5 |  | 4\n",
    "a side not merged": "资金管理情况 | 分配科学性 |  |  |  | 5 |  | 5\n | 使用规范性 |  |  |  | 5 |  | 4\n",
    "other words at the side": "项目资金管理情况 | 分配科学性 | 按因素 | < | < | 5 |  | 5\n^ | 使用规范性 | 专款 | < | < | 5 |  | 4\n",
    "a row of heads that nobody knows": "管理情况 |  | 完成情况 | < | < | 分值 | 说明 | 得分\n^ | 分配科学性 | 因素法 | < | < | 5 |  | 5\n^ | 使用规范性 | 专款 | < | < | 5 |  | 4\n",
    "权重 and 自评得分": "资金使用管理情况 | 管理内容 | < | 完成情况 | < | 权重 | 自评得分 | 原因\n^ | 分配科学性 | < | 好 | < | 5 | 5 |\n^ | 使用规范性 | < | 好 | < | 5 | 4 | 台账\n",
}


@pytest.mark.parametrize("block", MANAGED.values(), ids=MANAGED)
def test_management__with_points__is_scored_and_no_money(block: str) -> None:
    """Two lines of five points; the money has its two rows, the goal its text, the indicator its weight."""
    reading = read(TITLE + HEAD + MONEY + block + GOAL + ROWS)
    [one] = reading.submissions
    assert pointed(one) == [("分配科学性", 5, 5), ("使用规范性", 5, 4)]
    assert [line.item for line in one.budget] == ["年度资金总额", "其中：当年财政拨款"]
    assert (one.goal, one.goal_actual, one.indicators[-1].weight) == ("修3公里", "修了3公里", 80)
    assert reading.findings == ()


IN_WORDS = {
    "heads over its columns": "资金管理情况 |  | 情况说明 | < | < | 存在问题和改进措施 | < | <\n^ | 分配科学性 | 按因素分配 | < | < | 无 | < | <\n",
    "no heads": "资金管理情况 | 分配科学性 | 按因素分配 | < | < | < | < | <\n",
    "no side": "分配科学性 | 按因素分配 | < | < | < | < | < | <\n",
    "long names": "资金管理情况 | 资金分配科学性 | 按因素分配 | < | < | < | < | <\n^ | 资金下达及时性 | 及时 | < | < | < | < | <\n",
}


@pytest.mark.parametrize("block", IN_WORDS.values(), ids=IN_WORDS)
def test_management__in_words__is_named_values(block: str) -> None:
    """Without points its texts are values of the form, and nothing is unused."""
    reading = read(TITLE + HEAD + MONEY + block + GOAL + ROWS)
    [one] = reading.submissions
    assert one.fields[0].text == "按因素分配"
    assert one.fields[0].name.endswith("分配科学性")
    assert (len(one.budget), len(one.indicators), reading.unused, reading.findings) == (2, 1, (), ())


BLANK_HEADS = {
    "merged places, money below": "主管部门 |  | < | < | 实施单位 |  | < | <\n" + MONEY,
    "single places, money below": "主管部门 |  |  |  | 实施单位 |  |  |\n" + MONEY,
    "goal below": "主管部门 |  | < | < | 实施单位 |  | < | <\n" + GOAL + MONEY,
    "three labels in the row": "主管部门 |  | 实施单位 |  | 联系电话 |  | < | <\n" + MONEY,
    "labels of a line more": "主管部门 |  | < | < | 实施单位 |  | < | <\n项目负责人 |  | < | < | 联系电话 |  | < | <\n"
    + MONEY,
}


@pytest.mark.parametrize("lines", BLANK_HEADS.values(), ids=BLANK_HEADS)
def test_head__left_blank__takes_no_label_for_a_value(lines: str) -> None:
    """Unit and department are blank, whatever labels stand beside and below."""
    one = only(TITLE + "项目名称 | 修路 | < | < | < | < | < | <\n" + lines + ROWS)
    assert (one.project, one.department, one.unit_name, one.phone) == ("修路", None, None, None)
    assert (one.budget[0].executed, one.indicators[0].name) == (100, "里程")


LABELS = {
    "实施单位/项目负责人": (
        "实施单位/项目负责人 | 公路站/张三 | < | < | 主管部门 | 交通局 | < | <",
        "unit_name",
        "公路站",
    ),
    "地方 beside 中央": ("中央主管部门 | 交通运输部 | < | < | 地方主管部门 | 交通局 | < | <", "department", "交通局"),
    "市县 beside 省级": ("省级主管部门 | 省交通厅 | < | < | 市县主管部门 | 交通局 | < | <", "department", "交通局"),
    "中央 alone": ("中央主管部门 | 交通运输部 | < | < | < | < | < | <", "department", "交通运输部"),
    "a label behind in the cell": ("项目单位（盖章）：公路站      主要领导签字：", "unit_name", "公路站"),
    "two labels behind": (
        "填报单位（公章）：公路站　　单位负责人（签字）：李四　　填报日期：2024年3月1日",
        "unit_name",
        "公路站",
    ),
    "联系人及电话": ("联系人及电话 | 张三 0759-1234567 | < | < | < | < | < | <", "phone", "0759-1234567"),
    "联系人及联系方式": ("联系人及联系方式 | 张三13800000000 | < | < | < | < | < | <", "prepared_by", "张三"),
    "项目总得分": ("项目总得分 | 90 | < | < | < | < | < | <", "total_score", Decimal(90)),
    "自评总分（分）": ("自评总分（分） | 90 | < | < | < | < | < | <", "total_score", Decimal(90)),
    "转移支付（项目）名称": ("转移支付（项目）名称 | 修路 | < | < | < | < | < | <", "project", "修路"),
}


@pytest.mark.parametrize(("line", "field", "value"), LABELS.values(), ids=LABELS)
def test_label__in_the_words_of_another_form__leads_to_its_value(line: str, field: str, value: object) -> None:
    """One line above the tables."""
    project = "" if field == "project" else "项目名称 | 修路 | < | < | < | < | < | <\n"
    assert getattr(only(TITLE + project + line + "\n" + MONEY + ROWS), field) == value


@pytest.mark.parametrize(
    "title",
    [
        "项目支出绩效自评表\\n（2023年度）",
        "2023年度项目支出绩效自评表",
        "项目支出绩效自评表（2023年度）",
        "项目支出绩效自评表 | < | < | < | < | < | < | <\n（2023年度）",
        "项目支出绩效自评表 | < | < | < | < | < | < | <\n2023年度)",
        "附件1\n某县2023年度项目支出绩效自评表",
    ],
)
def test_year__in_or_below_the_title__is_read(title: str) -> None:
    """A line break, a row of its own, a bracket lost."""
    assert only(title + "\n" + HEAD + MONEY + ROWS).year == 2023


BUDGETS = {
    "预算数（A） is the adjusted one": ("预算数（A） | 执行数（B） | 执行率（B/A）", (None, 100, 98)),
    "转移支付预算数(A)": ("转移支付预算数(A) | 转移支付执行数(B) | 执行率(B/A)", (None, 100, 98)),
    "年初预算数（A） stays the initial one": ("年初预算数（A） | 全年执行数（B） | 执行率（B/A）", (100, None, 98)),
    "预算数 alone stays the initial one": ("预算数 | 执行数 | 执行率", (100, None, 98)),
    "全年预算数（A）": ("全年预算数（A） | 全年执行数（B） | 执行率（B/A）", (None, 100, 98)),
}


@pytest.mark.parametrize(("heads", "amounts"), BUDGETS.values(), ids=BUDGETS)
def test_budget__marked_a__is_the_adjusted_one(heads: str, amounts: tuple[int | None, ...]) -> None:
    """As in the national form, where A is 全年预算数 and the rate B/A."""
    money = f"预算执行情况（万元） |  | < | {heads} | 得分 | \n^ | 年度财政资金总额 | < | 100 | 98 | 98% | 9.8 |\n"
    [line] = only(TITLE + HEAD + money + ROWS).budget
    assert (line.initial, line.adjusted, line.executed) == amounts


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        ("100 | 100 | 100 | 10（固定） | 100% | 10", ["weight"]),
        ("100 | 100 | 100 | 10 | 100%（正常） | 10", ["rate"]),
        ("100 | 100 | 95 | 10 | 95。00% | 9.5", ["rate"]),
        ("100 | 100 | 100 | 10分左右 | 约100% | 10", ["weight", "rate"]),
        ("100 | 100 | 100 | 10 | 100% | 9.5（自评）", ["score"]),
        ("100 | 100 | 100 | — | / | 无", []),
    ],
)
def test_points__with_words_beside_the_number__are_quoted(cells: str, roles: list[str]) -> None:
    """F16 at that very cell; dashes are blanks."""
    reading = read(TITLE + HEAD + MONEY.replace("100 | 100 | 100 | 10 | 100% | 10", cells) + ROWS)
    [one] = reading.submissions
    assert [found.code for found in reading.findings] == ["F16"] * len(roles)
    assert [found.cell for found in reading.findings] == [one.budget[0].cells[role].address for role in roles]


@pytest.mark.parametrize("blank", ["万元", "元", "（万元）", "—"])
def test_amount__that_is_only_its_measure__is_blank(blank: str) -> None:
    """Nobody wrote an amount there, and no amount is read."""
    reading = read(TITLE + HEAD + MONEY.replace("年度资金总额 | 100 |", f"年度资金总额 | {blank} |") + ROWS)
    line = reading.submissions[0].budget[0]
    assert (line.initial, line.adjusted) == (None, 100)
    assert reading.unused == ()


@pytest.mark.parametrize(
    ("written", "rate"), [("0.958", "95.8"), ("1", "100"), ("95.8", "95.8"), ("95.8%", "95.8"), ("0.96", "96")]
)
def test_rate__written_as_a_share__is_in_percent(written: str, rate: str) -> None:
    """0.958 is 95.8 where the amounts say so."""
    executed = "100" if rate == "100" else "95.8"
    money = MONEY.replace("100 | 100 | 100 | 10 | 100% | 10", f"100 | 100 | {executed} | 10 | {written} | 9.58")
    assert only(TITLE + HEAD + money + ROWS).budget[0].rate == Decimal(rate)


SUBROWS = {
    "parents in the column of levels": "产出指标 | 数量指标 |  |  |  | 80 | 76 |\n^ | ^ | 里程 | ≥3公里 | 3公里 | 40 | 40 |\n^ | ^ | 桥 | ≥2座 | 2座 | 40 | 36 |\n",
    "weights of the levels in brackets": "产出指标（80分） | 数量指标（80分） | 里程 | ≥3公里 | 3公里 | 40 | 40 |\n^ | ^ | 桥 | ≥2座 | 2座 | 40 | 36 |\n",
}


@pytest.mark.parametrize("rows", SUBROWS.values(), ids=SUBROWS)
def test_parent__with_children_that_sum_to_it__counts_once(rows: str) -> None:
    """Only the children are indicators."""
    one = only(TITLE + HEAD + MONEY + ROWS.splitlines()[0] + "\n" + rows)
    assert [(row.name, row.weight) for row in one.indicators] == [("里程", 40), ("桥", 40)]


def test_text__that_names_the_form__is_no_title() -> None:
    """见自评表 in a table, and 详见项目支出绩效自评表 below it, begin no form."""
    rows = ROWS.replace("80 | 80 |", "80 | 80 | 详见项目支出绩效自评表")
    reading = read(
        TITLE
        + HEAD
        + MONEY
        + rows
        + "见自评表 | < | < | < | < | < | < | <\n详见附件：项目支出绩效自评表 | < | < | < | < | < | < | <\n"
    )
    assert len(reading.submissions) == 1


def test_score__whose_column_is_named_far_above__is_read() -> None:
    """The money's header names 得分 in the column; the indicators' header leaves it blank."""
    money = "项目资金（万元） |  | < | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分\n^ | 年度资金总额 | < | 100 | 98 | 98% | 9.8\n"
    rows = "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 |\n^ | 产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 40\n"
    assert only(TITLE + HEAD + money + rows).indicators[0].score == 40


@pytest.mark.parametrize("name", ["指标1：里程", "指标1里程", "指标1 里程", "指标1.里程", "指标一：里程"])
def test_name__behind_the_forms_numbering__is_alone(name: str) -> None:
    """With or without a colon."""
    assert only(TITLE + HEAD + MONEY + ROWS.replace("里程", name)).indicators[0].name == "里程"


@pytest.mark.parametrize("name", ["指标一体化建设率", "指标完成率", "2023年修路"])
def test_name__that_only_looks_numbered__stays_whole(name: str) -> None:
    """A word that begins like the numbering is a part of the name."""
    assert only(TITLE + HEAD + MONEY + ROWS.replace("里程", name)).indicators[0].name == name
