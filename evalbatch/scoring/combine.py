"""A unit's scored forms in, its scores out: its whole-unit form's, else its score form's, else its projects' mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import Evaluated
from evalbatch.scoring.scheme import Scheme


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
    for name in ("whole-unit", "score"):
        for form in forms:
            if form.submission.form == name and form.card.scored:
                card = form.card
                return UnitScore(
                    name, card.self_total, card.verified_total, card.self_grade, card.verified_grade, pending,
                    card.checked_total, card.lowest, card.highest, card.reviewed,
                )  # fmt: skip
    projects = [form for form in forms if form.submission.form == "project" and form.card.scored]
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
