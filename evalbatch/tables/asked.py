"""What the summary asks of a form beside its rows: how many targets, which score differs most, what its cells are."""

from collections.abc import Iterator
from decimal import Decimal

from evalbatch.model import Cell, Evaluated, words

_CALLED = {**words.HEAD, **words.COLUMN, "prepared_by": "填报人", "basis": "依据"}
"""What the summary calls the places and columns of a form."""


def compared_in(form: Evaluated) -> int:
    """How many of a form's indicators with a target were judged."""
    judged = {line.index for line in form.card.lines if line.judgement is not None and line.kind == "indicator"}
    return sum(form.submission.indicators[index].target is not None for index in judged)


Cut = tuple[str, Decimal | None, Decimal | None, str]
"""A scored line's name, self score, verified score, and how that was found."""


def largest_cut(form: Evaluated) -> Cut | None:
    """Return the scored line of a form whose scores differ most, the first of equals; None without any line."""
    lines = ((line.name, line.self_score, line.verified_score, line.because) for line in form.card.lines)
    return max(lines, key=size_of, default=None)


def size_of(cut: Cut) -> Decimal:
    """How many points a line's scores differ by; 0 where one is missing."""
    _, own, verified, _ = cut
    return Decimal(0) if own is None or verified is None else abs(verified - own)


def named_cells(form: Evaluated) -> tuple[tuple[str, str, str], ...]:
    """Return sheet, address and name of each cell that a form has for something."""
    return tuple((cell.sheet, cell.address, place) for cell, place in _places(form))


def _places(form: Evaluated) -> Iterator[tuple[Cell, str]]:
    submission = form.submission
    for name, cell in submission.cells.items():
        yield cell, _CALLED.get(name, name)
    for line in submission.budget:
        for name, cell in line.cells.items():
            yield cell, f"资金：{words.BUDGET_KIND.get(line.kind, line.item)}—{_CALLED.get(name, name)}"
    for indicator in submission.indicators:
        for name, cell in indicator.cells.items():
            yield cell, f"指标：{_CALLED.get(name, name)}"
    for entry in submission.fields:
        yield entry.cell, f"数据项：{entry.name}"
