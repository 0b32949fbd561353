"""Lines of the built-in scheme: the national rule for money and indicators, line by line."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scoring.scoring_tables import indicator, money, rows_of, submission

from evalbatch.scoring.decision import Decision, line_key
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

D = Decimal
SCHEME = load_scheme(None)

EXECUTION = """
| 情形                       | 年初   | 全年   | 执行   | 分值 | 自评 | 应得 | 核定 |
| 按执行率                   | 138.79 | 138.79 | 134.92 | 10   | 9.72 | 9.72 | 9.72 |
| 用全年预算不用年初预算     | 200    | 100    | 50     | 10   | 5    | 5    | 5    |
| 没有全年预算栏用年初预算   | 200    | none   | 50     | 10   | 2.5  | 2.5  | 2.5  |
| 全年预算栏空着不猜         | 200    |        | 50     | 10   | 5    | -    | 5    |
| 超过百分之百只得满分       | 100    | 100    | 120    | 10   | 10   | 10   | 10   |
| 分值以表内为准             | 100    | 100    | 50     | 20   | 10   | 10   | 10   |
| 分值栏空着按方案十分       | 100    | 100    | 50     |      | 5    | 5    | 5    |
| 预算为零不当作百分之百     | 0      | 0      | 0      | 10   | 10   | -    | 10   |
| 没有预算却有支出           | 0      | 0      | 5      | 10   | 10   | -    | 10   |
| 没有填执行数               | 100    | 100    |        | 10   | 11   | -    | 10   |
| 负数不计算                 | 100    | -100   | 50     | 10   | 5    | -    | 5    |
| 正好一半的尾数进位         | 100    | 100    | 81.25  | 10   | 8.13 | 8.13 | 8.13 |
| 没有执行得零分             | 100    | 100    | 0      | 10   | 0    | 0    | 0    |
"""


@pytest.mark.parametrize("case", rows_of(EXECUTION), ids=lambda case: case["情形"])
def test_execution__each_state_of_the_money__its_score_or_pending(case):
    """The rate is recomputed from the money; what can't be computed keeps the self score, never 100%."""
    row = money(case["年初"], case["全年"], case["执行"], case["分值"], case["自评"])
    (line,) = score(submission(budget=[row]), SCHEME).lines
    assert line.expected == (None if case["应得"] == "-" else D(case["应得"]))
    assert line.verified_score == D(case["核定"])
    assert line.pending == (case["应得"] == "-")


def test_execution__because__shows_the_division_and_the_product():
    """The explanation holds the numbers put in and the arithmetic."""
    (line,) = score(submission(budget=[money("138.79", "138.79", "134.92", score="9.72")]), SCHEME).lines
    assert line.because == "执行率 134.92÷138.79≈97.21%，10×97.21%≈9.72"
    assert [cell.address for cell in line.inputs] == ["D7", "E7"]


def test_execution__total_zero_while_its_parts_are_filled__pending():
    """A total of 0 above parts of 90 is a slip of the form, not a rate of 0."""
    rows = [money("0", "0", "0", score="0"), money("90", "89.974", "89.974", "", kind="other_funds")]
    (line,) = score(submission(budget=rows), SCHEME).lines
    assert (line.expected, line.pending) == (None, True)
    assert "下面各项有数" in line.because


def test_execution__sub_rows_repeat_weight_and_score__counted_once():
    """Guizhou's form repeats 10/10 on each row of money; only the total earns points."""
    rows = [money("100", "100", "50", score="5"), money("100", "100", "50", score="5", kind="other_funds")]
    form = submission("| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 活动 | ≥8场 | 8场 | 90 | 90 |", rows)
    assert score(form, SCHEME).verified_total == D("95.00")


INDICATORS = """
| 指标             | 目标                           | 完成                       | 分值 | 自评 | 应得 | 核定 | 区间  |
| 完成得满分       | ≥10家                          | 15家                       | 10   | 10   | 10   | 10   |       |
| 未完成按比例     | ≥30家                          | 20家                       | 10   | 10   | 6.67 | 6.67 |       |
| 平均成本         | ≤5300元/户                     | 5830元/户                  | 5    | 5    | 4.55 | 4.55 |       |
| 重大火灾数       | 0起                            | 0起                        | 5    | 5    | 5    | 5    |       |
| 事故起数         | 0起                            | 2起                        | 5    | 5    | 0    | 0    |       |
| 两项平分         | 至少审计15家，至少新增30家开通 | 审计10家，新增30家开通     | 10   | 10   | 8.33 | 8.33 |       |
| 两项缺一         | 至少开3次会议，参会率至少达95% | 开会3次                    | 10   | 8    | -    | 8    | 0~10  |
| 完成值空白       | ≥10家                          |                            | 10   | 10   | -    | 10   | 0~10  |
| 完成值认不出     | ≥10家                          | 7,00.0,77                  | 10   | 12   | -    | 10   | 0~10  |
| 目标空白         |                                | 10家                       | 10   | 9    | -    | 9    | 0~10  |
| 约数证明完成     | ≥8场                           | 10多场                     | 10   | 10   | 10   | 10   |       |
| 近数不知差多少   | ≥30家                          | 近30家                     | 10   | 9    | -    | 6    | 0~10  |
| 逾期算不出比例   | 9月底前                        | 10月15日                   | 10   | 10   | -    | 6    | 0~10  |
| 写明没有完成     | ≥30家                          | 未完成                     | 10   | 10   | -    | 6    | 0~10  |
| 自评已低于暂定   | ≥30家                          | 未完成                     | 10   | 3    | -    | 3    | 0~10  |
| 写明没有举办     | ≥8场                           | 因疫情未举办               | 10   | 10   | -    | 6    | 0~10  |
| 还在推进         | 12月底前                       | 正在推进                   | 10   | 10   | -    | 6    | 0~10  |
| 定性没有开展     | 效果明显                       | 尚未开展                   | 10   | 10   | -    | 6    | 0~10  |
| 一项差一项缺     | 至少开3次会议，参会率至少达95% | 开会2次                    | 10   | 10   | -    | 6    | 0~10  |
| 定性达成         | 效果明显                       | 达成预期指标               | 10   | 7    | -    | 8    | 8~10  |
| 定性部分达成     | 效果明显                       | 部分达成预期指标           | 10   | 10   | -    | 8    | 6~8   |
| 定性未达成       | 效果明显                       | 未达成预期指标且效果较差   | 10   | 3    | -    | 3    | 0~6   |
| 定性照抄目标     | 效果明显                       | 效果明显                   | 10   | 10   | -    | 10   | 8~10  |
| 定性说不清       | 效果明显                       | 群众反映还可以             | 10   | 5    | -    | 5    | 0~10  |
| 定性没有自评     | 效果明显                       | 达成预期指标               | 10   |      | -    | -    | 8~10  |
"""


@pytest.mark.parametrize("case", rows_of(INDICATORS), ids=lambda case: case["指标"])
def test_indicator__national_rule__one_score_or_the_self_score_in_its_band(case):
    """Met gives all, not met its share; words and doubts hold the self score in a band and wait for a person."""
    form = replace(submission(), indicators=(indicator(case | {"自评": case["自评"]}), indicator(OTHER)))
    line = score(form, SCHEME).lines[0]
    assert line.expected == _number(case["应得"]), line.because
    assert line.verified_score == _number(case["核定"]), line.because
    assert line.pending == (case["应得"] == "-")
    assert line.band == (tuple(map(D, case["区间"].split("~"))) if case["区间"] else None)


OTHER = {"指标": "另一指标", "目标": "≥1个", "完成": "1个", "分值": "1", "自评": "1"}


def _number(text: str) -> Decimal | None:
    return None if text == "-" else D(text)


def test_indicator__because__reads_as_a_clerk_would_compute():
    """One line of arithmetic with the numbers as they stand in the cells."""
    form = submission("""
| 指标 | 目标  | 完成 | 分值 | 自评 |
| 企业 | ≥10家 | 15家 | 10   | 10   |
| 培训 | ≥30人 | 20人 | 10   | 10   |
""")
    first, second = score(form, SCHEME).lines
    assert first.because == "完成值 15家 ÷ 目标值 10家 = 150%，已完成，得满分 10 分"
    assert second.because == "完成值 20人 ÷ 目标值 30人 ≈ 66.67%，未完成，10×66.67%≈6.67"
    assert [cell.address for cell in second.inputs] == ["D15", "E15"]
    assert second.exact == D("6.666666666667")


def test_heading__its_weight__judged_from_its_rows_in_equal_shares():
    """A weight above two targets is earned half by half; the rows below earn nothing of their own."""
    card = score(
        submission("""
| 指标     | 目标  | 完成 | 分值 | 自评 | 下级 |
| 服务群众 |       |      | 10   | 10   | 2    |
| 活动     | ≥8场  | 8场  |      | 10   | 0    |
| 帮扶     | ≥10户 | 5户  |      | 10   | 0    |
"""),
        SCHEME,
    )
    assert [line.verified_score for line in card.lines] == [D("7.50"), None, None]
    assert card.lines[0].judgement.verdict == "not-met"
    assert card.verified_total == D("7.50")


def test_weight_forgotten__self_score__held_within_the_points_left_and_pending():
    """A scored row without a weight can't be worth more than what the form leaves unassigned."""
    form = submission("""
| 指标 | 目标  | 完成 | 分值 | 自评 |
| 活动 | ≥8场  | 8场  | 95   | 95   |
| 帮扶 | ≥10户 | 10户 |      | 10   |
""")
    card = score(form, SCHEME)
    assert (card.lines[1].verified_score, card.lines[1].pending) == (D("5.00"), True)
    assert card.verified_total == D("100.00")


@pytest.mark.parametrize("missing", ["分值", "自评"])
def test_form_without_weights_or_scores__not_scored__still_judged(missing):
    """Transfer payments have no scores: targets are judged, nothing is verified."""
    row = {"指标": "里程", "目标": "≥100公里", "完成": "90公里", "分值": "10", "自评": "9"} | {missing: "none"}
    card = score(replace(submission(), indicators=(indicator(row),)), SCHEME)
    assert (card.scored, card.verified_total, card.verified_grade, card.pending) == (False, None, None, 0)
    assert card.lines[0].judgement.verdict == "not-met"


def test_totals__rounded_scores_are_added__self_total_as_written():
    """Three thirds of ten points make 9.99, as the live formula on the score sheet does."""
    table = "\n".join(["| 指标 | 目标 | 完成 | 分值 | 自评 |", *["| 户数 | ≥3户 | 1户 | 10 | 3 |"] * 3])
    card = score(submission(table, total_score=D("96"), grade="优良"), SCHEME)
    assert card.verified_total == D("9.99")
    assert (card.self_total, card.self_grade, card.verified_grade) == (D("96"), None, "差")


def test_decision__a_person_s_score__replaces_what_was_pending():
    """The decision is found by its key in the next submission, wherever the row has moved, and is named."""
    form = submission("""
| 指标        | 目标     | 完成         | 分值 | 自评 |
| 1、社会影响 | 效果明显 | 达成预期指标 | 10   | 10   |
""")
    (line,) = score(form, SCHEME).lines
    decision = Decision(line_key(form, line), D("8.5"), "王审核", date(2024, 6, 1), "佐证不足")
    moved = submission("""
| 指标     | 目标     | 完成         | 分值 | 自评 |
| 活动     | ≥8场     | 8场          | 10   | 10   |
| 社会影响 | 效果明显 | 达成预期指标 | 10   | 10   |
""")
    line = score(moved, SCHEME, decisions={decision.key: decision}).lines[1]
    assert (line.verified_score, line.pending, line.decided_by) == (D("8.50"), False, "王审核")
    assert line.because.startswith("王审核核定 8.5 分（佐证不足）；原待定：")


def test_decision__beyond_the_weight__not_taken_and_said():
    """A slip of the pen gives no unit 85 points of 10."""
    form = submission("| 指标 | 目标 | 完成 | 分值 | 自评 |\n| 影响 | 效果明显 | 达成 | 10 | 9 |")
    key = line_key(form, score(form, SCHEME).lines[0])
    (line,) = score(form, SCHEME, decisions={key: Decision(key, D(85))}).lines
    assert (line.verified_score, line.pending) == (D("9.00"), True)
    assert "85 分不在 0～10 分内" in line.because


def test_line_key__namesakes__told_apart_by_their_order():
    """Two indicators of one name have two keys."""
    form = submission("| 指标 | 目标 |\n| 补助人数 | ≥1人 |\n| 补助人数 | ≥2人 |", project="示例项目")
    keys = [line_key(form, line) for line in score(form, SCHEME).lines]
    assert keys == ["project|示例项目|indicator|补助人数|1", "project|示例项目|indicator|补助人数|2"]
