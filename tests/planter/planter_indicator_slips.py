"""Slips in targets, actuals and weights."""

import random
from dataclasses import replace
from decimal import Decimal

from planter.planter_content import Form, Percent, Raw, Row, half_up, settle_total
from planter.planter_slips import Slip, is_count, is_met, some, way


def _output(row: Row) -> bool:
    return row.level1 == "产出指标"


def _set(row: Row, target: object = None, actual: object = None) -> None:
    """Type another target or actual; in split columns the target stands in its middle one, without sign and measure."""
    if target is not None:
        row.target, row.split = target, (None, target, None)
    if actual is not None:
        row.actual = actual


# ------------------------------------------------------------ targets


@way("T01")
def output_target_in_words(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, _output)
    target, actual = rng.choice(
        (
            ("按计划完成", "已完成"),
            ("按时完成", "达成预期指标"),
            ("符合相关规定", "达成预期指标"),
            ("严格执行标准", "完成"),
            ("及时", "及时完成"),
            ("控制在合理范围", "达成预期指标"),
        )
    )
    _set(row, target, actual)
    row.score, row.reason, row.wanted = row.weight, None, replace(row.wanted, kind="words")
    settle_total(form)
    return Slip(form, (f"rows.{at}.target",))


@way("T03")
def weight_and_score_lower(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.weight > 2)
    row.weight = row.score = row.weight - 1
    settle_total(form)
    return Slip(form, (f"rows.{at}.weight", "total_weight"))


@way("T03")
def weight_raised_score_left(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    row.weight += 5
    row.reason = None
    return Slip(
        form, (f"rows.{at}.weight", "total_weight"), also=frozenset({"S07" if row.wanted.kind != "words" else "S04"})
    )


@way("T03")
def weight_lowered_score_left(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.weight > 3)
    row.weight -= 2
    return Slip(form, (f"rows.{at}.weight", "total_weight"), also=frozenset({"S01"}))


@way("T03")
def weight_forgotten(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    row.weight = None
    return Slip(form, (f"rows.{at}.weight", "total_weight"))


@way("T03")
def row_of_weight_dropped(rng: random.Random, form: Form) -> Slip:
    at, _ = some(rng, form, lambda row: sum(other.level1 == row.level1 for other in form.rows) > 1)
    form.rows.pop(at)
    settle_total(form)
    return Slip(form, ("rows.0.weight", "total_weight"))


@way("T03")
def weights_to_110_as_typed(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.weight >= 5)
    row.weight = row.score = row.weight + 10
    settle_total(form)
    form.total_weight = Decimal(110) if rng.random() < 0.5 else Decimal(100)
    return Slip(form, (f"rows.{at}.weight", "total_weight"))


@way("T03")
def execution_without_weight_in_sum(rng: random.Random, form: Form) -> Slip:
    half = form.money[0].weight / 2
    form.money[0].score, form.money[0].weight = half_up(form.money[0].score / 2), half
    settle_total(form)
    return Slip(form, ("rows.0.weight", "total_weight", "money.0.weight"), also=frozenset({"S05"}))


@way("T04")
def required_group_left_out(rng: random.Random, form: Form) -> Slip:
    gone = rng.choice(("满意度指标", "效益指标")) if form.form == "project" else "效益指标"
    mark = sum((row.weight for row in form.rows if row.level1 == gone), Decimal(0))
    form.rows = [row for row in form.rows if row.level1 != gone]
    _, row = some(rng, form, is_met)
    row.weight = row.score = row.weight + mark
    settle_total(form)
    return Slip(form, ())


@way("T06")
def target_blank(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, is_met)
    row.target, row.split = rng.choice((None, None, "—", "/")), (None, None, None)
    return Slip(form, (f"rows.{at}.target",))


# ------------------------------------------------------------ actuals


@way("A01")
def actual_blank(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind != "none")
    row.actual, row.reason = rng.choice((None, None, "—", "/")), None
    return Slip(form, (f"rows.{at}.actual",))


@way("A02")
def half_answered(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind == "both")
    row.actual = rng.choice((f"{row.wanted.done}{row.wanted.measure}", "参会率98%", Percent(Decimal(98))))
    return Slip(form, (f"rows.{at}.actual",))


@way("A02")
def three_conditions_two_answers(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind == "count" and _output(row))
    _set(row, "开展活动≥8场，参与职工≥6000人，满意率≥95%", "开展活动10场，满意率96.5%")
    row.score, row.reason = row.weight, None
    settle_total(form)
    return Slip(form, (f"rows.{at}.actual",))


def _is_people(measure: str) -> bool:
    return "人" in measure or measure == "名"


@way("A03")
def counted_in_another_measure(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_count(row) and is_met(row) and row.wanted.measure in row.target_text())
    other = "场" if _is_people(row.wanted.measure) else "人"
    row.actual = f"{row.wanted.done + 20}{other}"
    return Slip(form, (f"rows.{at}.actual",))


@way("A03")
def share_for_a_number(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_count(row) and is_met(row) and row.wanted.measure in row.target_text())
    row.actual = rng.choice(("98.5%", "100%"))
    return Slip(form, (f"rows.{at}.actual",))


@way("A03")
def number_for_a_share(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind == "rate" and is_met(row))
    row.actual = f"{rng.randrange(20, 300)}人"
    return Slip(form, (f"rows.{at}.actual",))


@way("A04", split=False)
def actual_copied_with_sign(rng: random.Random, form: Form) -> Slip:
    signed = ("≥", "≤", "不少于", "不低于", "不超过", ">=", "<=", "至少", "≧")
    at, row = some(
        rng,
        form,
        lambda row: (
            is_met(row)
            and isinstance(row.target, str)
            and row.target.startswith(signed)
            and row.wanted.kind in ("count", "rate", "ceiling")
        ),
    )
    row.actual = row.target
    return Slip(form, (f"rows.{at}.actual",))


@way("A04")
def sign_before_the_real_number(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.wanted.kind == "rate")
    row.actual = f"≥{row.wanted.done}%"
    return Slip(form, (f"rows.{at}.actual",))


@way("A04")
def long_words_copied(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.wanted.kind == "words")
    row.target = row.actual = rng.choice(
        (
            "有效提升",
            "持续改善",
            "进一步健全长效管理机制",
            "持续提升群众的获得感和幸福感",
            "有效促进当地产业发展和农民增收",
        )
    )
    return Slip(form, (f"rows.{at}.actual",))


@way("A04")
def deadline_copied(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_met(row) and row.wanted.kind == "date")
    row.actual = row.target
    return Slip(form, (f"rows.{at}.actual",))


@way("A04", split=False)
def word_of_bound_copied(rng: random.Random, form: Form) -> Slip:
    at, row = some(
        rng, form, lambda row: is_met(row) and str(row.target).endswith(("以上", "以内")) and row.wanted.kind != "both"
    )
    row.actual = row.target
    return Slip(form, (f"rows.{at}.actual",))


@way("A05")
def about_so_many(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_count(row) and is_met(row) and row.wanted.bound == int(row.wanted.bound))
    template = rng.choice(("{n}多{m}", "{n}余{m}", "约{n}{m}", "{n}{m}左右"))
    row.actual = template.format(n=row.wanted.bound, m=row.wanted.measure)
    return Slip(form, (f"rows.{at}.actual",))


@way("A06")
def missed_without_reason(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.fate == "missed")
    row.reason = rng.choice((None, None, "无", "—", "0", "/", Decimal(0)))
    return Slip(form, (f"rows.{at}.reason",))


@way("A06")
def zero_done_without_reason(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_count(row) and row.wanted.bound > 0)
    row.actual, row.score, row.reason = rng.choice((f"0{row.wanted.measure}", Decimal(0))), Decimal(0), None
    settle_total(form)
    return Slip(form, (f"rows.{at}.reason",))


@way("A07")
def far_over_without_reason(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.fate == "over")
    row.reason = rng.choice((None, None, "无", "—", "无偏差"))
    return Slip(form, (f"rows.{at}.reason",))


@way("A08", percent_cells=False)
def rate_as_share(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind == "rate" and is_met(row))
    share = row.wanted.done / 100
    row.actual = Raw(share) if rng.random() < 0.5 else f"{share.normalize():f}"
    return Slip(form, (f"rows.{at}.actual",))


@way("A08")
def one_for_all(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind == "rate" and is_met(row))
    row.actual = rng.choice((Raw(Decimal(1)), "1", "1.0"))
    return Slip(form, (f"rows.{at}.actual",))


@way("A09")
def actual_garbled(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: row.wanted.kind in ("count", "rate") and is_met(row))
    row.actual = rng.choice(
        ("7,00.0,77", "同年初目标", "1.2.3" + row.wanted.measure, "3,5,8", "与年初目标值一致", "5O多0", "9?5%")
    )
    return Slip(form, (f"rows.{at}.actual",))


@way("A10")
def missed_with_reason(rng: random.Random, form: Form) -> Slip:
    at, row = some(rng, form, lambda row: is_count(row) and is_met(row) and row.wanted.bound >= 4)
    done = row.wanted.bound - rng.choice((1, 2))
    row.actual, row.score = f"{done}{row.wanted.measure}", half_up(row.weight * done / row.wanted.bound)
    row.reason = "受场地维修影响，余下的推迟到下年完成。"
    settle_total(form)
    return Slip(form, (f"rows.{at}.actual",))
