"""Layouts of single provinces, drawn as small as they can be: what a person reads at a glance."""

# ruff: noqa: E501  (a drawn row is as wide as the form)

from decimal import Decimal

import pytest
from drawn import drawn

from evalbatch.model import Reading, Submission
from evalbatch.reading import load_lexicon
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
    one = only(TITLE + HEAD + ROWS + "效益指标 | 生态效益指标 | 无 | 无 | 无 | — | — | —\n")
    assert [row.name for row in one.indicators] == ["里程"]
