"""Scored forms in, a unit's scores out; scored lines in, a form's totals out: rescaled, capped, with range."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import Evaluated, ScoredLine
from evalbatch.scoring.fields import Fields
from evalbatch.scoring.scheme import EVERY_FORM, Scheme
from evalbatch.scoring.words import percent, plain, show

NOT_APPLICABLE = "不适用"
"""The rule of a line that is left out, its weight given to the others."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A form's totals: with what people decided, without it, and what they may come to; `note` says what was done.

    `lowest` and `highest` are None where no line waits for a person.
    """

    verified: Decimal
    checked: Decimal
    lowest: Decimal | None
    highest: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's scores and grades, and which of its forms they come from; the fields of a UnitResult.

    A form whose compulsory places are blank gives its self score and no verified one, whatever other forms there are.
    """

    scored_by: str | None = None
    self_score: Decimal | None = None
    verified_score: Decimal | None = None
    self_grade: str | None = None
    verified_grade: str | None = None
    pending: int = 0
    checked_score: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    reviewed: int = 0


def combine(forms: Sequence[Evaluated], scheme: Scheme) -> UnitScore:
    """Find a unit's scores from its current forms; `pending` counts the open lines of all of them."""
    pending = sum(form.card.pending for form in forms)
    built_in_first = sorted(forms, key=lambda form: bool(form.submission.counts_as))
    for name in ("whole-unit", "score"):
        for form in built_in_first:
            if form.submission.kind == name and form.card.scored:
                card = form.card
                return UnitScore(
                    name, card.self_total, card.verified_total, card.self_grade, card.verified_grade, pending,
                    card.checked_total, card.lowest, card.highest, card.reviewed,
                )  # fmt: skip
    projects = [form for form in forms if form.submission.kind == "project" and form.card.scored]
    verified = _mean(projects, [form.card.verified_total for form in projects], scheme)
    own = _mean(projects, [form.card.self_total for form in projects], scheme)
    if verified is None:
        return UnitScore(pending=pending)
    cards = [form.card for form in projects]
    lowest = highest = None
    if any(card.lowest is not None for card in cards):
        lowest = _mean(projects, [_first(card.lowest, card.verified_total) for card in cards], scheme)
        highest = _mean(projects, [_first(card.highest, card.verified_total) for card in cards], scheme)
    return UnitScore(
        "projects", own, verified, scheme.grade_of(own), scheme.grade_of(verified), pending,
        _mean(projects, [card.checked_total for card in cards], scheme), lowest, highest,
        sum(card.reviewed for card in cards),
    )  # fmt: skip


def _first(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one


def weighted_mean(values: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the mean of (value, money), weighted by money; the plain mean where no money is known.

    >>> weighted_mean([(Decimal(90), Decimal(300)), (Decimal(70), Decimal(100))])
    Decimal('85')
    """
    money = sum((weight for _, weight in values), Decimal(0))
    if money > 0:
        return sum((value * weight for value, weight in values), Decimal(0)) / money
    return sum((value for value, _ in values), Decimal(0)) / len(values) if values else None


def _mean(projects: Sequence[Evaluated], scores: Sequence[Decimal | None], scheme: Scheme) -> Decimal | None:
    found = [(score, _budget(project)) for project, score in zip(projects, scores, strict=True) if score is not None]
    mean = weighted_mean(found)
    return None if mean is None else scheme.round(mean)


def _budget(project: Evaluated) -> Decimal:
    total = project.submission.total_line
    return max((total.divisor if total else None) or Decimal(0), Decimal(0))


def totals_of(form: str, lines: Sequence[ScoredLine], scheme: Scheme, fields: Fields) -> Totals:
    """Add up a form's scores, and say what was done besides adding."""
    verified, note = _total(form, lines, [line.verified_score for line in lines], scheme, fields)
    checked, _ = _total(form, lines, [line.checked_score for line in lines], scheme, fields)
    lowest = highest = None
    if any(line.pending for line in lines):
        low, high = (
            [scheme.round(line.band[side]) if line.pending and line.band else line.verified_score for line in lines]
            for side in (0, 1)
        )
        lowest, _ = _total(form, lines, low, scheme, fields)
        highest, _ = _total(form, lines, high, scheme, fields)
    return Totals(verified, checked, lowest, highest, note)


def _total(
    form: str, lines: Sequence[ScoredLine], scores: Sequence[Decimal | None], scheme: Scheme, fields: Fields
) -> tuple[Decimal, str]:
    total = sum((score for score in scores if score is not None), Decimal(0))
    total, rescaled = _rescaled(total, lines, scheme)
    total, capped = _capped(form, total, scheme, fields)
    return total, "；".join(filter(None, (rescaled, capped)))


def _rescaled(total: Decimal, lines: Sequence[ScoredLine], scheme: Scheme) -> tuple[Decimal, str]:
    left_out = sum((line.weight or Decimal(0) for line in lines if not line.applies), Decimal(0))
    weights = sum((line.weight or Decimal(0) for line in lines), Decimal(0))
    if not left_out or left_out >= weights:
        return total, ""
    scaled = scheme.round(total * weights / (weights - left_out))
    told = f"{show(left_out)} 分的指标不适用，{show(total)}÷{show(weights - left_out)}×{show(weights)}={show(scaled)}"
    return scaled, told


def _capped(form: str, total: Decimal, scheme: Scheme, fields: Fields) -> tuple[Decimal, str]:
    budget, executed = fields.get(plain("全年预算数")), fields.get(plain("全年执行数"))
    if not budget or not executed or budget.number <= 0:
        return total, ""
    rate = executed.number / budget.number
    limits = [cap for cap in scheme.caps if cap.form in (form, EVERY_FORM) and rate * 100 < cap.below]
    cap = min(limits, key=lambda cap: cap.most, default=None)
    if cap is None or total <= cap.most:
        return total, ""
    told = f"执行率 {percent(rate)} 低于 {show(cap.below)}%，总分 {show(total)} 分按上限 {show(cap.most)} 分计"
    return cap.most, told
