"""Slips in the rows of money."""

import random
from decimal import Decimal

from planter.planter_content import Form, Percent, Raw, Unsuitable, half_up, rate_of, settle_total
from planter.planter_slips import Slip, swapped, way

COLUMNS = ("initial", "adjusted", "executed")


def _rescore(form: Form) -> None:
    """Rate and score that follow from the amounts."""
    total = form.money[0]
    total.rate = rate_of(total.executed, total.adjusted)
    total.score = half_up(total.weight * min(total.executed / total.adjusted, Decimal(1)))
    settle_total(form)


def _one_source(form: Form) -> None:
    """All money from one source, so that the sum holds whatever the total."""
    for column in COLUMNS:
        setattr(form.money[1], column, getattr(form.money[0], column))
        for line in form.money[2:]:
            setattr(line, column, None)


# ------------------------------------------------------------ M01


@way("M01", old=False)
def total_typed_higher(rng: random.Random, form: Form) -> Slip:
    form.money[0].initial += max(half_up(form.money[0].initial / 50), Decimal("0.5"))
    return Slip(form, ("money.0.initial",))


@way("M01", old=False)
def total_with_digits_swapped(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    wrong = swapped(total.initial, rng)
    if abs(wrong - total.initial) < Decimal("0.05") or abs(wrong - total.adjusted) * 10 >= total.adjusted:
        raise Unsuitable  # too little to see, or far from the adjusted budget, which is another slip
    total.initial = wrong
    return Slip(form, ("money.0.initial",))


@way("M01")
def source_typed_lower(rng: random.Random, form: Form) -> Slip:
    line = rng.choice([line for line in form.money[1:] if (line.executed or 0) > 1])
    line.executed -= half_up(line.executed / 20)
    at = form.money.index(line)
    return Slip(form, ("money.0.executed", f"money.{at}.executed"))


@way("M01", old=False)
def source_forgotten(rng: random.Random, form: Form) -> Slip:
    filled = [line for line in form.money[1:] if (line.initial or 0) > 1]
    if len(filled) < 2:
        raise Unsuitable
    filled[1].initial = None
    return Slip(form, ("money.0.initial", f"money.{form.money.index(filled[1])}.initial"))


@way("M01", old=False)
def carried_over_added_twice(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    extra = half_up(total.executed / 40 + 1)
    form.money[2].executed = (form.money[2].executed or 0) + extra
    form.money[2].adjusted = (form.money[2].adjusted or 0) + extra
    return Slip(form, ("money.0.executed", "money.0.adjusted"))


@way("M01", old=False)
def total_left_blank(rng: random.Random, form: Form) -> Slip:
    form.money[0].initial = None
    return Slip(form, ("money.0.initial",))


# ------------------------------------------------------------ M02


@way("M02")
def rate_typed_otherwise(rng: random.Random, form: Form) -> Slip:
    rate = form.money[0].rate.shown
    form.money[0].rate = Percent(rate - Decimal(rng.choice(("2.21", "0.5", "10"))) if rate > 15 else rate + 5)
    return Slip(form, ("money.0.rate",))


@way("M02")
def rate_and_score_typed_full(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    if total.rate.shown > Decimal("99.4"):
        raise Unsuitable
    total.rate, total.score = Percent(Decimal(100)), total.weight
    settle_total(form)
    return Slip(form, ("money.0.rate",))


@way("M02", old=False)
def rate_of_initial_budget(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    rate = rate_of(total.executed, total.initial)
    if abs(rate.shown - total.rate.shown) < Decimal("0.1"):
        raise Unsuitable
    total.rate = Percent(rate.shown)
    return Slip(form, ("money.0.rate",))


@way("M02")
def rate_with_digits_swapped(rng: random.Random, form: Form) -> Slip:
    wrong = swapped(form.money[0].rate.shown, rng)
    if wrong <= 2:
        raise Unsuitable
    form.money[0].rate = Percent(wrong)
    return Slip(form, ("money.0.rate",))


@way("M02")
def rate_as_plain_number(rng: random.Random, form: Form) -> Slip:
    rate = form.money[0].rate.shown
    form.money[0].rate = Raw(half_up(rate - 7 if rate > 20 else rate + 7))
    return Slip(form, ("money.0.rate",))


# ------------------------------------------------------------ M03 to M05


@way("M03")
def more_spent_than_budgeted(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    _one_source(form)
    total.executed = half_up(total.adjusted * Decimal(rng.choice(("1.03", "1.2", "1.005"))) + Decimal("0.1"))
    form.money[1].executed = total.executed
    _rescore(form)
    return Slip(form, ("money.0.executed", "money.0.rate"))


@way("M03", percent_cells=False)
def more_spent_rate_without_decimals(rng: random.Random, form: Form) -> Slip:
    slip = more_spent_than_budgeted(rng, form)
    form.money[0].rate = Percent(half_up(form.money[0].rate.shown, Decimal(1)))
    return slip


def _no_budget(form: Form, nothing: Decimal | None) -> None:
    for line in form.money:
        for column in COLUMNS:
            setattr(line, column, nothing if line is form.money[0] else None)


@way("M04")
def zero_by_zero_is_full(rng: random.Random, form: Form) -> Slip:
    _no_budget(form, Decimal(0))
    form.money[0].rate, form.money[0].score = Percent(Decimal(100)), form.money[0].weight
    settle_total(form)
    return Slip(form, ("money.0.rate", "money.0.score"))


@way("M04")
def blank_by_blank_is_full(rng: random.Random, form: Form) -> Slip:
    _no_budget(form, None)
    form.money[0].rate, form.money[0].score = Percent(Decimal(100)), form.money[0].weight
    settle_total(form)
    return Slip(form, ("money.0.rate", "money.0.score"), also=frozenset({"F15"}))


@way("M04")
def zero_budget_scored(rng: random.Random, form: Form) -> Slip:
    _no_budget(form, Decimal(0))
    form.money[0].rate, form.money[0].score = rng.choice((Percent(Decimal(0)), "—", None)), form.money[0].weight
    settle_total(form)
    return Slip(form, ("money.0.score",))


@way("M04", old=False)
def adjusted_left_blank(rng: random.Random, form: Form) -> Slip:
    for line in form.money:
        line.adjusted = None
    form.money[0].rate, form.money[0].score = Percent(Decimal(100)), form.money[0].weight
    settle_total(form)
    return Slip(form, ("money.0.rate", "money.0.score"))


@way("M05", old=False)
def adjusted_typed_as_executed(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    total.adjusted = total.executed = half_up(total.initial * Decimal(rng.choice(("0.8", "0.55", "0.89", "1.3"))))
    _one_source(form)
    _rescore(form)
    return Slip(form, ("money.0.adjusted",))


# ------------------------------------------------------------ M06


@way("M06", yuan=False)
def executed_in_yuan(rng: random.Random, form: Form) -> Slip:
    form.money[0].executed *= 10000
    return Slip(form, ("money.0.executed",))


@way("M06", yuan=False)
def executed_column_in_yuan(rng: random.Random, form: Form) -> Slip:
    for line in form.money:
        line.executed = line.executed and line.executed * 10000
    return Slip(form, ("money.0.executed",))


@way("M06", yuan=False)
def one_source_in_yuan(rng: random.Random, form: Form) -> Slip:
    at = rng.choice([at for at, line in enumerate(form.money) if at and (line.executed or 0) > 1])
    form.money[at].executed *= 10000
    return Slip(form, (f"money.{at}.executed",))


@way("M06", old=False)
def initial_total_of_another_size(rng: random.Random, form: Form) -> Slip:
    form.money[0].initial = form.money[0].initial * 10000
    return Slip(form, ("money.0.initial",))


@way("M06", yuan=True)
def ten_thousands_under_yuan(rng: random.Random, form: Form) -> Slip:
    form.money[0].executed = form.money[0].executed / 10000
    return Slip(form, ("money.0.executed",))


@way("M06", yuan=True)
def ten_thousands_column_under_yuan(rng: random.Random, form: Form) -> Slip:
    for line in form.money:
        line.executed = line.executed and line.executed / 10000
    return Slip(form, ("money.0.executed",))


# ------------------------------------------------------------ M09, M11


@way("M09")
def low_rate_unexplained(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    total.executed = half_up(total.adjusted * Decimal(rng.randrange(30, 79)) / 100)
    _one_source(form)
    _rescore(form)
    form.goal_actual = "已完成年度任务，服务水平得到提升。"
    for row in form.rows:
        if row.reason and any(word in row.reason for word in ("执行", "支付", "资金", "预算", "结转", "采购")):
            row.reason = "受台风天气影响，部分任务推迟到下年。" if row.fate == "missed" else "上级增加了任务。"
    return Slip(form, ("money.0.rate", "money.0.executed"))


WORDS = ("见附件", "详见明细表", "待定", "约50", "12O.5", "未统计", "5万多")


@way("M11")
def words_for_executed(rng: random.Random, form: Form) -> Slip:
    form.money[0].executed = rng.choice(WORDS)
    return Slip(form, ("money.0.executed",))


@way("M11")
def words_for_a_source(rng: random.Random, form: Form) -> Slip:
    at = rng.randrange(1, 4)
    form.money[at].initial = rng.choice(WORDS)
    return Slip(form, (f"money.{at}.initial",))


@way("M11")
def negative_source(rng: random.Random, form: Form) -> Slip:
    at = rng.randrange(1, 4)
    form.money[at].executed = -(form.money[at].executed or Decimal(3))
    return Slip(form, (f"money.{at}.executed",))


@way("M11")
def negative_total(rng: random.Random, form: Form) -> Slip:
    form.money[0].initial = -form.money[0].initial
    return Slip(form, ("money.0.initial",))
