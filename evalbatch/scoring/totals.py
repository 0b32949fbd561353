"""Scored lines in, the form's total out: rounded scores added, what doesn't apply rescaled, the cap kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import ScoredLine
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
