"""Slips in the score and the rate of the money."""

import random
from decimal import Decimal

from planter.planter_content import Form, Raw, Unsuitable, half_up, settle_total
from planter.planter_slips import Slip, way


@way("S09")
def score_repeated_on_a_source(rng: random.Random, form: Form) -> Slip:
    form.money[1].score, form.money[1].weight = form.money[0].score, rng.choice((form.money[0].weight, None))
    return Slip(form, ("money.1.score",))


@way("S09")
def score_repeated_on_all_sources(rng: random.Random, form: Form) -> Slip:
    for line in form.money[1:]:
        line.score = form.money[0].score
    return Slip(form, ("money.1.score",))


@way("S09")
def rate_and_score_repeated_on_a_source(rng: random.Random, form: Form) -> Slip:
    total, line = form.money[:2]
    line.initial, line.adjusted, line.executed = total.initial, total.adjusted, total.executed
    for other in form.money[2:]:
        other.initial = other.adjusted = other.executed = None
    line.weight, line.rate, line.score = total.weight, total.rate, total.score
    return Slip(form, ("money.1.score",))


@way("S01")
def execution_above_its_weight(rng: random.Random, form: Form) -> Slip:
    form.money[0].score = form.money[0].weight + rng.choice((Decimal("0.5"), Decimal(2)))
    settle_total(form)
    return Slip(form, ("money.0.score",))


@way("S04")
def execution_score_unlike_rate(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    wrong = rng.choice((total.score - Decimal("1.37"), total.weight - Decimal("0.33"), total.score + Decimal("1.21")))
    if not 0 < wrong <= total.weight or abs(wrong - total.score) < 1:
        raise Unsuitable
    total.score = wrong
    settle_total(form)
    return Slip(form, ("money.0.score",))


@way("S04")
def execution_full_though_short(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    if total.rate.shown > Decimal("94.9"):
        raise Unsuitable
    total.score = total.weight
    settle_total(form)
    return Slip(form, ("money.0.score",))


@way("S05")
def execution_rounded(rng: random.Random, form: Form) -> Slip:
    total = form.money[0]
    step = rng.choice((Decimal("0.1"), Decimal("0.5"), Decimal(1)))
    rounded = half_up(total.weight * total.executed / total.adjusted / step, Decimal(1)) * step
    if abs(rounded - total.score) <= Decimal("0.01"):
        raise Unsuitable
    total.score = rounded
    settle_total(form)
    return Slip(form, ("money.0.score",))


@way("S02")
def execution_score_in_words(rng: random.Random, form: Form) -> Slip:
    form.money[0].score = rng.choice(("满分", "合格", "十分"))
    return Slip(form, ("money.0.score",))


@way("A08", percent_cells=False)
def execution_rate_as_share(rng: random.Random, form: Form) -> Slip:
    share = half_up(form.money[0].rate.shown / 100, Decimal("0.0001"))
    form.money[0].rate = Raw(share) if rng.random() < 0.5 else f"{share:f}"
    return Slip(form, ("money.0.rate",))
