"""Layouts of single provinces, drawn as small as they can be: what a person reads at a glance."""

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
ROWS = """一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 里程 | ≥3公里 | 3公里 | 90 | 90 |
"""


def read(drawing: str) -> Reading:
    return read_sheets([drawn(drawing)], LEXICON)


def only(drawing: str) -> Submission:
    [submission] = read(drawing).submissions
    return submission


MONEY = {
    "Sichuan: 年度预算数 heads the names of the rows": (
        "预算执行情况（10分） | 年度预算数（万元） | < | 年初预算 | 调整后预算数 | 预算执行数 | 权重 | 得分\n"
        "^ | 总额 | < | 82.6 | 79.32 | 79.32 | 10 | 10\n^ | 其中：财政资金 | < | 82.6 | 79.32 | 79.32 | / | /\n",
        [("总额", "82.6", "79.32", "79.32"), ("其中：财政资金", "82.6", "79.32", "79.32")],
    ),
    "Hunan: headings merged over the amounts are no lines": (
        "年度预算申请（万元） |  | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分\n^ | 年度资金总额 | < | 80 | 90 | 81 | 10 | 9\n"
        "^ | 按收入性质分： | < | < | 按支出性质分： | < | < | <\n^ | 其中：一般公共预算：90 | < | < | 其中：基本支出：50 | < | < | <\n",
        [("年度资金总额", "80", "90", "81")],
    ),
    "Hebei: the budget is the adjusted one if its head says so in brackets": (
        "预算执行情况（万元） |  | < | 预算安排数（调整后） | 到位数 | 执行数 | 分值 | 得分\n^ | 总额 | < | 286 | 286 | 276 | 10 | 9.65\n",
        [("总额", None, "286", "276")],
    ),
    "Shaanxi: money by tasks, closed by its sum": (
        "年度主要任务 | 任务名称 | 预算数（万元） | < | 执行数（万元） | < | 分值 | 得分\n^ | ^ | 总额 | 其他资金 | 总额 | 其他资金 |  |\n"
        "^ | 保洁 | 86 | 6 | 86 | 6 | — | —\n^ | 绿化 | 40 | 0 | 36.5 | 0 | — | —\n^ | 金额合计 | 126 | 6 | 122.5 | 6 | 10 | 9.72\n",
        [("保洁", "86", None, "86"), ("绿化", "40", None, "36.5"), ("金额合计", "126", None, "122.5")],
    ),
    "Hebei: labels beside amounts under the heads of three states, the same below by source": (
        "二、预算执行情况 | 预算安排情况（调整后） | < | 资金到位情况 | < | 资金执行情况 | < | 预算执行进度\n^ | 预算数 | 118 | 到位数 | 118 | 执行数 | 115.05 | 97.5%\n"
        "^ | 其中：财政资金 | 98 | 其中：财政资金 | 98 | 其中：财政资金 | 95.05 |\n^ | 其他 | 20 | 其他 | 20 | 其他 | 20 |\n",
        [
            ("二、预算执行情况", None, "118", "115.05"),
            ("其中：财政资金", None, "98", "95.05"),
            ("其他", None, "20", "20"),
        ],
    ),
    "Chongqing: the head of the side says 预算数 too": (
        "部门支出预算数（万元） | 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率 | 权重 | 得分 |\n^ | 800 | 900 | 882 | 98% | 10 | 9.8 |\n",
        [("部门支出预算数（万元）", "800", "900", "882")],
    ),
    "元 behind the heads, in brackets or not": (
        "项目资金 |  | 年初预算数（元） | 全年预算数（A）元 | 全年执行数（B） | 分值 | 得分 |\n^ | 年度资金总额 | 1200000 | 1180000 | 1150500 | 10 | 9.75 |\n",
        [("年度资金总额", "120", "118", "115.05")],
    ),
    "amounts one a row, below a row of the unit's own labels": (
        "资金情况（亿元） | 年初预算数 | 1.25 | < | < | < | < | <\n^ | 全年预算数 | 1.2 | < | < | < | < | <\n^ | 全年执行数 | 0.96 | < | < | < | < | <\n",
        [("资金情况（亿元）", "12500", "12000", "9600")],
    ),
}


@pytest.mark.parametrize(("money", "expected"), MONEY.values(), ids=MONEY)
def test_money__of_a_province__is_read_line_by_line(money: str, expected: list[tuple[str | None, ...]]) -> None:
    """Item, initial, adjusted and executed of each line; nothing is doubted."""
    reading = read(TITLE + HEAD + money + ROWS)
    [one] = reading.submissions
    amounts = [(line.item, line.initial, line.adjusted, line.executed) for line in one.budget]
    wanted = [(item, *(value and Decimal(value) for value in values)) for item, *values in expected]
    assert amounts == wanted
    assert reading.findings == ()
    assert (one.project, one.department, one.unit_name) == ("修路", "交通局", "公路站")


def test_name__in_a_column_right_of_two_levels__is_the_indicators() -> None:
    """一级指标 | 二级指标 | 绩效指标: the third is the name, though elsewhere 绩效指标 stands at the side."""
    one = only(
        TITLE
        + HEAD
        + "一级指标 | 二级指标 | 绩效指标 | 目标值 | 完成值 | 权重 | 自评得分 | 偏离原因\n产出 | 数量 | 送戏下乡 | 60场 | 66场 | 90 | 90 |\n"
    )
    assert [(row.level1, row.level2, row.name) for row in one.indicators] == [("产出", "数量", "送戏下乡")]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("县级预算部门名称 | 南湖县水利局", "南湖县水利局"),
        ("市级预算部门（单位）名称 | 南湖县水利局", "南湖县水利局"),
        ("填报单位：（盖章） 霞海区妇联", "霞海区妇联"),
        ("单位名称 | 钱江区图书馆（盖章）", "钱江区图书馆"),
        ("单位名称（公章）：南湖县交通局", "南湖县交通局"),
        ("单位名称 | 沪南区民政局（本级）", "沪南区民政局（本级）"),
    ],
)
def test_unit__beside_a_label_of_its_level_or_a_seal__is_the_name_alone(line: str, unit: str) -> None:
    """What asks for the seal is no part of the name; 本级 is."""
    assert only("部门整体支出绩效自评表（2023年度）\n" + line + "\n" + ROWS).unit_name == unit


def test_grade__with_its_meaning_in_brackets__is_the_word() -> None:
    """自评等级 | 优（90分以上）: the bracket explains the grade."""
    assert only(TITLE + HEAD + ROWS + "自评等级 | 优（90分以上） | < | < | < | < | < | <\n").grade == "优"


def test_total__said_in_the_head__goes_before_a_sum_of_indicators() -> None:
    """自评总分 counts where the last row is 合计, which may leave the execution out; 总分 in the last row counts itself."""
    head = HEAD + "自评总分 | 99.64 | < | < | < | < | < | <\n"
    row = "合计 |  |  |  |  | 90 | 90 |\n"
    assert only(TITLE + head + ROWS + row).total_score == Decimal("99.64")
    assert only(TITLE + head + ROWS + row.replace("合计", "总分")).total_score == 90


DATA = {
    "columns of two years": (
        "项目 | 2021年决算数 | 2022年预算数 | 2022年决算数\n“三公”经费 | 29.08 | 63.46 | 44.29\n",
        {"三公经费2021年决算": "29.08", "三公经费2022年预算": "63.46", "三公经费2022年决算": "44.29"},
    ),
    "a second head over other columns": (
        "项目 | 年初预算数 | 决算数 |\n支出合计 | 230 | 220 |\n三、三公经费 | < | < | <\n | 上年决算数 | 本年预算数 | 本年决算数\n公务接待费 | 0.9 | 1 | 0.45\n",
        {"支出合计年初预算": "230", "支出合计决算": "220", "公务接待费上年决算": "0.9", "公务接待费本年预算": "1", "公务接待费本年决算": "0.45"},
    ),
    "figures right under their labels": (
        "财政供养人员情况 | 编制数 | 实有人数 | 控制率\n^ | 143 | 136 | 95.1%\n",
        {"编制数": "143", "实有人数": "136", "控制率": "95.1"},
    ),
    "numbered rows": (
        "序号 | 指标 | 预算数 | 决算数\n1 | 公用经费 | 85 | 79.6\n2 | 项目支出 | 610 | 563.8\n",
        {"公用经费预算": "85", "公用经费决算": "79.6", "项目支出预算": "610", "项目支出决算": "563.8"},
    ),
    "a block of its own without figures": (
        "项目 | 上年决算数 | 预算数 | 决算数\n公务接待费 | 1.1 | 1 | 0.45\n楼堂馆所情况 | 批复规模 | 实际规模 | 控制率\n^ |  |  |\n节约措施 | 已制定办法 | < | <\n",
        {"公务接待费上年决算": "1.1", "公务接待费预算": "1", "公务接待费决算": "0.45", "节约措施": None},
    ),
    "labels beside figures below a table": (
        "项目 | 预算数 | 决算数 |\n支出合计 | 230 | 220 |\n在职人数 | 32 | 编制数 | 35\n",
        {"支出合计预算": "230", "支出合计决算": "220", "在职人数": "32", "编制数": "35"},
    ),
    "words among figures": (
        "项目 | 上年决算数 | 预算数 | 决算数\n公务接待费 | 未统计 | 1 | 0.45\n会议费 | 0.9 | 未统计 | 0.3\n",
        {"公务接待费上年决算": None, "公务接待费预算": "1", "公务接待费决算": "0.45", "会议费上年决算": "0.9", "会议费预算": None, "会议费决算": "0.3"},
    ),
    "words": (
        "项目 | 预算数 | 决算数 |\n支出合计 | 230 | 220 |\n节约措施 | 已制定办法 | < | <\n年末结余 | 8 | 是否公开 | 是\n",
        {"支出合计预算": "230", "支出合计决算": "220", "节约措施": None, "年末结余": "8", "是否公开": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("table", "fields"), DATA.values(), ids=DATA)
def test_data_form__figures__are_named_by_row_and_column(table: str, fields: dict[str, str | None]) -> None:
    """No figure under another column's name; words are fields without a number and without a measure of money."""
    one = only("部门整体支出绩效基础数据表（2022年度）\n填报单位：南湖县水利局 | < | 单位：万元 | <\n" + table)
    assert {entry.name: entry.number for entry in one.fields} == {k: v and Decimal(v) for k, v in fields.items()}
    assert all(entry.measure == "" for entry in one.fields if entry.name in ("节约措施", "是否公开"))


def test_total__in_one_cell_of_the_head__is_the_total() -> None:
    """Hubei: 填报日期 and 总分 above the table, no total row below."""
    reading = read(TITLE + "填报日期：2024年3月1日 | < | < | < | 总分：96 | < | < | <\n" + HEAD + ROWS)
    assert (reading.submissions[0].total_score, reading.unused) == (96, ())


def test_target__with_its_operator_under_a_direction__is_joined() -> None:
    """A column of directions holds operators where no other does; 正向 is none."""
    head = "一级指标 | 二级指标 | 三级指标 | 指标方向 | 目标值 | 单位 | 实际值 | 得分\n"
    rows = "产出 | 数量 | 水枪 | ≥ | 200 | 支 | 212 | 20\n^ | 质量 | 合格率 | 正向 | 100 | % | 100 | 10\n"
    assert [row.target for row in only(TITLE + HEAD + head + rows).indicators] == ["≥200支", "100%"]


def test_row__of_words_for_nothing__is_no_indicator() -> None:
    """生态效益指标 | 无 | 无 | 无 | — is a row that the unit did not need."""
    rows = "效益指标 | 生态效益指标 | 无 | 无 | 无 | — | — | —\n^ | 经济效益指标 | / | / | / | 0 | 0 |\n"
    assert [row.name for row in only(TITLE + HEAD + ROWS + rows).indicators] == ["里程"]


@pytest.mark.parametrize("row", ["小计", "产出小计", "产出指标小计", "产出指标合计", "一、产出指标小计："])
def test_row__that_adds_up_a_group__is_no_indicator(row: str) -> None:
    """A sum between two groups belongs to neither, whatever stands in front of 小计."""
    more = f"{row} |  |  |  |  | 90 | 90 |\n满意度指标 | 服务对象满意度 | 满意度 | ≥90% | 95% | 10 | 10 |\n总分 |  |  |  |  | 100 | 100 |\n"
    reading = read(TITLE + HEAD + ROWS + more)
    assert [one.name for one in reading.submissions[0].indicators] == ["里程", "满意度"]
    assert reading.unused == ()


@pytest.mark.parametrize(
    "row",
    [
        " |  |  |  | 总分 |  | 99.64 |\n自评等级 | 优 | < | < | < | < | < | <\n",
        "总分 |  |  |  |  | 100 | 99.64 | 自评等级：优\n",
        "总 分 | < | < | < | < | 100 | 99.64 | 优\n",
        "总分 |  |  |  |  | 100 | 99.64分（优） |\n",
    ],
)
def test_total__wherever_its_label_and_grade_stand__is_the_last_row(row: str) -> None:
    """总分 may stand right beside its score, and the grade behind it with a label of its own."""
    reading = read(TITLE + HEAD + ROWS + row)
    assert (reading.submissions[0].total_score, reading.submissions[0].grade) == (Decimal("99.64"), "优")
    assert len(reading.submissions[0].indicators) == 1
    assert (reading.findings, reading.unused) == ((), ())


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("年度预期实现值", "target"),
        ("全年预期完成情况", "target"),
        ("计划完成数", "target"),
        ("指标值完成情况", "actual"),
        ("2023年目标值完成情况", "actual"),
        ("本年实际完成值", "actual"),
        ("指标值符号", "bound"),
        ("目标值单位", "measure"),
        ("责任单位", None),
    ],
)
def test_column__whose_head_names_two_things__is_what_it_says_in_the_end(head: str, role: str | None) -> None:
    """A value that is expected is no actual; how far a target was met is one; its sign and its unit are no target."""
    assert LEXICON.guess("indicator", head) == role


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("部门名称 | 交通局 | 单位名称 | 公路站", ("公路站", "交通局")),
        ("预算部门 | 交通局 | 实施单位 | 公路站", ("公路站", "交通局")),
        ("部门名称 | 交通局 | 单位名称 |", ("交通局", None)),
        ("部门名称 | 交通局 | 主管部门 | 区政府", ("交通局", "区政府")),
    ],
)
def test_office__beside_a_unit__is_the_department_above_it(line: str, names: tuple[str, str | None]) -> None:
    """部门名称 alone names the unit; where another label names that, it is the department."""
    reading = read(TITLE + "项目名称 | 修路 | < | <\n" + line + "\n" + ROWS)
    assert (reading.submissions[0].unit_name, reading.submissions[0].department) == names
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        (
            "^ | 部门预算支出总额 | 50 | 50 | 10 | 9\n^ | 基本支出 | 40 | 40 |  |\n^ | 项目支出 | 10 | 10 |  |\n",
            ["total", "other", "other"],
        ),
        ("^ | 部门支出 | 50 | 50 | 10 | 9\n^ | 其中：财政拨款 | 50 | 50 |  |\n", ["total", "appropriation"]),
        ("^ | 财政拨款 | 40 | 40 | 10 | 9\n^ | 其他资金 | 10 | 10 | 10 | 9\n", ["appropriation", "other_funds"]),
    ],
)
def test_money__row_that_is_scored__is_the_total(rows: str, kinds: list[str]) -> None:
    """Where no label says 总额, the only row with a weight holds the execution of all the money."""
    head = "预算执行（万元） | 资金 | 全年预算数 | 全年执行数 | 分值 | 得分\n"
    assert [line.kind for line in only(TITLE + HEAD + head + rows + ROWS).budget] == kinds


def test_weight__beside_its_share__is_in_points() -> None:
    """权重 20% and 分值 18: the points are the weight, and nothing is doubted."""
    head = "一级指标 | 三级指标 | 指标值 | 完成值 | 权重（%） | 分值 | 得分\n"
    rows = "产出 | 里程 | ≥3公里 | 3公里 | 20% | 18 | 18\n满意度 | 满意度 | ≥90% | 92% | 80% | 72 | 72\n"
    reading = read(TITLE + HEAD + head + rows)
    assert [row.weight for row in reading.submissions[0].indicators] == [18, 72]
    assert (reading.findings, reading.unused) == ((), ())


def test_group__named_in_its_own_header__is_level1_of_the_rows_below() -> None:
    """产出指标 | 二级指标 | 指标内容 heads the outputs, 效益指标 | … the benefits further down."""
    head = "{} | 二级指标 | 指标内容 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
    rows = "^ | 数量指标 | 里程 | ≥3公里 | 3公里 | 50 | 50\n", "^ | 社会效益 | 受益人口 | ≥200人 | 220人 | 40 | 40\n"
    one = only(TITLE + HEAD + head.format("产出指标（50分）") + rows[0] + head.format("效益指标") + rows[1])
    levels = [(row.level1, row.level2, row.name) for row in one.indicators]
    assert levels == [("产出指标（50分）", "数量指标", "里程"), ("效益指标", "社会效益", "受益人口")]


def test_money__under_an_amount_of_two_parts__keeps_the_rows_label() -> None:
    """年初预算数 over 本年预算 | 上年结转: neither is the whole, and neither is the name of the row."""
    money = (
        "项目资金（万元） |  | 年初预算数 | < | 全年预算数 | 全年执行数 | 执行率 | 得分（10分）\n^ | ^ | 本年预算 | 上年结转 | ^ | ^ | ^ | ^\n"
        "^ | 年度资金总额 | 90 | 10 | 100 | 95 | 95% | 9.5\n"
    )
    [line] = read(TITLE + HEAD + money + ROWS).submissions[0].budget
    assert (line.item, line.kind, line.initial, line.adjusted, line.weight) == ("年度资金总额", "total", None, 100, 10)


@pytest.mark.parametrize("weight", ["10", ""], ids=["said by its weight", "said by its name"])
def test_money__of_income_and_of_spending__is_what_was_spent(weight: str) -> None:
    """收入合计 above 支出合计: the execution rate is of the spending."""
    money = (
        "部门资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分\n^ | 收入合计 | 100 | 100 | 100 |  |\n^ | 财政拨款 | 100 | 100 | 100 |  |\n"
        f"^ | 支出合计 | 100 | 100 | 95 | {weight} | \n^ | 基本支出 | 60 | 60 | 58 |  |\n^ | 项目支出 | 40 | 40 | 37 |  |\n"
    )
    lines = read("部门整体支出绩效自评表（2023年度）\n单位名称 | 公路站\n" + money + ROWS).submissions[0].budget
    assert [(line.item, line.executed) for line in lines if line.kind == "total"] == [("支出合计", 95)]
    assert len(lines) == 5


def test_section__with_one_indicator__is_its_level() -> None:
    """一、产出指标 with the weight of the only row below it is no indicator; another name with a weight is."""
    head = "指标名称 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
    rows = "{name} | < | < | 90 | 90\n里程 | ≥3公里 | 3公里 | 90 | 90\n"
    sections, others = (only(TITLE + HEAD + head + rows.format(name=name)) for name in ("一、产出指标", "制度建设"))
    assert [(row.level1, row.name) for row in sections.indicators] == [("一、产出指标", "里程")]
    assert [row.name for row in others.indicators] == ["制度建设", "里程"]
