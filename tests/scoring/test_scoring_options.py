"""What a scheme may change about a rule: parameters, directions, zero budgets, namesakes, forms of their own."""

from decimal import Decimal

import pytest
from scoring.scoring_tables import data_form, money, rows_of, submission, write_scheme

from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

D = Decimal

PARAMETERS = """
| 参数                         | 目标   | 完成   | 应得 | 为什么                           |
| 未完成：不得分               | ≥100个 | 99个   | 0    | all or nothing                   |
| 未完成：不得分               | ≥100个 | 100个  | 10   | all                              |
| 未完成：人工                 | ≥100个 | 99个   | -    | a person decides what is missed  |
| 下限：60%                    | ≥100个 | 59个   | 0    | below the floor nothing          |
| 下限：60%                    | ≥100个 | 60个   | 6    | from the floor on its share      |
| 超额：50%；超额处理：90%     | ≥100个 | 150个  | 9    | far over: ninety per cent        |
| 超额：50%；超额处理：90%     | ≥100个 | 149个  | 10   | not far enough                   |
| 超额：50%；超额处理：人工    | ≥100个 | 150个  | -    | far over: a person               |
| 超额：50%；超额处理：人工    | ≤100个 | 20个   | 10   | a ceiling can't be passed upward |
"""


@pytest.mark.parametrize("case", rows_of(PARAMETERS), ids=lambda case: f"{case['参数']} {case['完成']}")
def test_against_target__each_parameter__by_hand(tmp_path, case):
    """The national rule's neighbours: thresholds and consequences differ from place to place."""
    text = f"# 评分方案\n| 表样 | 评分方法 | 参数 |\n| 项目 | 按目标值 | {case['参数']} |\n"
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    row = f"| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 数量 | {case['目标']} | {case['完成']} | 10 | 10 |"
    (line,) = score(submission(row), scheme).lines
    assert line.expected == (None if case["应得"] == "-" else D(case["应得"])), line.because


@pytest.mark.parametrize(("setting", "expected"), [("待定", None), ("满分", D("10.00")), ("零分", D("0.00"))])
def test_zero_budget__as_the_scheme_says__never_full_by_itself(tmp_path, setting, expected):
    """0 of 0 is what the scheme says; 5 spent of 0 is never anything but a question."""
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", f"# 设置\n| 项目 | 值 |\n| 预算为零 | {setting} |\n"))
    nothing = score(submission(budget=[money("0", "0", "0", score="10")]), scheme).lines[0]
    overspent = score(submission(budget=[money("0", "0", "5", score="10")]), scheme).lines[0]
    assert (nothing.expected, overspent.expected) == (expected, None)


def test_direction__given_by_the_scheme__decides_a_bare_target(tmp_path):
    """A bare number whose name tells no direction is compared as the scheme says."""
    text = "# 评分方案\n| 表样 | 三级指标 | 评分方法 | 方向 |\n| 项目 | 周转 | 按目标值 | 越小越好 |\n"
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    row = "| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 周转 | 10 | 20 | 8 | 8 |"
    (line,) = score(submission(row), scheme).lines
    assert (line.expected, line.judgement.less_is_better) == (D("4.00"), True)


def test_namesakes__in_two_groups__each_has_its_own_rule(tmp_path):
    """明确性 stands under goals and under plans; the level tells which weight it has."""
    text = (
        "# 评分方案\n| 表样 | 一级指标 | 二级指标 | 三级指标 | 分值 | 评分方法 |\n"
        "| 评分表 | 决策 | 目标 | 明确性 | 5 | 人工 |\n| 评分表 | 决策 | 方案 | 明确性 | 3 | 人工 |\n"
    )
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    rows = "| 二级 | 指标 | 分值 | 自评 |\n| 方案 | 1.明确性（3分） | 3 | 3 |\n| 目标 | 明确性 | 5 | 5 |"
    card = score(submission(rows, form="score"), scheme)
    assert [line.weight for line in card.lines] == [D(3), D(5)]


def test_scheme_indicators__that_the_form_lacks__are_named_in_the_note(tmp_path):
    """A row that a unit deleted earns nothing, and is not forgotten."""
    text = (
        "# 评分方案\n| 表样 | 三级指标 | 分值 | 评分方法 |\n"
        "| 评分表 | 财务合规 | 60 | 人工 |\n| 评分表 | 信息公开 | 40 | 人工 |\n"
    )
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    card = score(submission("| 指标 | 分值 | 自评 |\n| 财务合规 | 60 | 55 |", form="score"), scheme)
    assert (card.verified_total, card.note) == (D("55.00"), "表中没有方案规定的指标：信息公开")


def test_strange_indicator__on_a_form_with_fixed_indicators__keeps_its_self_score(tmp_path):
    """What the scheme doesn't know is a person's to judge."""
    text = "# 评分方案\n| 表样 | 三级指标 | 分值 | 评分方法 |\n| 评分表 | 财务合规 | 40 | 人工 |\n"
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    card = score(submission("| 指标 | 分值 | 自评 |\n| 自己加的 | 10 | 9 |", form="score"), scheme)
    assert (card.lines[0].verified_score, card.lines[0].pending) == (D("9.00"), True)
    assert card.lines[0].because.startswith("方案中没有“自己加的”这项指标")


NO_RESULT = [("待定", None, "?"), ("满分", D("5.00"), ""), ("零分", D("0.00"), ""), ("不适用", None, "")]


@pytest.mark.parametrize(("setting", "expected", "waits"), NO_RESULT)
def test_divisor_of_zero__as_the_line_says__or_a_person(tmp_path, setting, expected, waits):
    """A rate of nothing has no value: full, none, left out, or open."""
    text = (
        "# 评分方案\n| 表样 | 三级指标 | 分值 | 评分方法 | 计算公式 | 无结果时 |\n"
        f"| 评分表 | 采购执行率 | 5 | 执行率 | 政府采购决算/政府采购预算 | {setting} |\n"
        "| 评分表 | 合规 | 5 | 人工 | | |\n"
    )
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    form = submission("| 指标 | 分值 | 自评 |\n| 采购执行率 | 5 | 5 |\n| 合规 | 5 | 4 |", form="score")
    card = score(form, scheme, [data_form({"政府采购预算": "0", "政府采购决算": "0"})])
    assert (card.lines[0].expected, card.lines[0].pending) == (expected, bool(waits))
    # left out: 4 of the remaining 5 points is 8 of 10
    assert card.verified_total == {"待定": D(9), "满分": D(9), "零分": D(4), "不适用": D(8)}[setting]


def test_own_actual__as_the_formula_s_field__scores_a_form_without_a_data_form(tmp_path):
    """完成值 is the row's own number: 104% is four points over, five less two."""
    text = (
        "# 评分方案\n| 表样 | 三级指标 | 分值 | 评分方法 | 参数 |\n"
        "| 评分表 | 在职人员控制率 | 5 | 扣分 | 标准：≤100%；每：1个百分点；扣：0.5分 |\n"
    )
    scheme = load_scheme(write_scheme(tmp_path / "s.xlsx", text))
    form = submission("| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 在职人员控制率 | ≤100% | 104% | 5 | 5 |", form="score")
    (line,) = score(form, scheme).lines
    assert line.expected == D("3.00")
    assert line.because == "完成值 104%，超过 100% 计 4 次，每次扣 0.5 分，5-4×0.5，扣完为止，得 3 分"


def test_data_value__in_a_formula__is_told_with_its_cell():
    """The auditor sees which cell of which sheet a number came from."""
    form = submission("| 指标 | 分值 | 自评 |\n| 支出预算执行率 | 8 | 8 |", form="score")
    data = data_form({"支出预算": "138.79", "支出决算": "134.92"})
    (line,) = score(form, load_scheme(None), [data]).lines
    assert line.because == (
        "支出决算 134.92（数据表!C3）、支出预算 138.79（数据表!C2），支出决算 / 支出预算≈97.21%，8×97.21%≈7.78"
    )
    assert [cell.address for cell in line.inputs] == ["C3", "C2"]


def test_columns_left_blank__weights_and_scores__are_no_scored_form():
    """A transfer payment pasted into the national form has the columns and nothing in them."""
    rows = "| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 里程 | ≥100公里 | 100公里 | | |"
    card = score(submission(rows, [money("10", "10", "10", weight="", score="")]), load_scheme(None))
    assert (card.scored, card.verified_total) == (False, None)


def test_money_without_weight__where_indicators_fill_the_mark__is_not_scored():
    """Indicators of 100 points leave none for the money; of 90, the scheme's ten fill the gap."""
    rows = "| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 里程 | ≥100公里 | 100公里 | {} | {} |"
    blank = money("10", "10", "5", weight="", score="")
    full = score(submission(rows.format(100, 100), [blank]), load_scheme(None))
    gap = score(submission(rows.format(90, 90), [blank]), load_scheme(None))
    assert (len(full.lines), full.verified_total) == (1, D("100.00"))
    assert (len(gap.lines), gap.verified_total) == (2, D("95.00"))
