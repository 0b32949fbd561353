"""A form and the rows and columns hidden by hand in; the form without what nobody sees and nothing counts out.

A row hidden by a filter is the unit's data. One hidden by hand may be an old draft or the bureau's example: where the
rows that are seen add up and all rows do not, the hidden ones are left out; else they count. Either is said.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from evalbatch.model import BudgetLine, Cell, Finding, Grid, Indicator, Submission
from evalbatch.reading import flaws

FULL_MARK = Decimal(100)
NEAR = Decimal("0.01")
AMOUNTS = ("initial", "adjusted", "executed")
COUNTED = (*AMOUNTS, "rate", "weight", "score", "target", "actual")
"""Columns whose values count in a sum or a judgement."""


def without_hidden(submission: Submission, grid: Grid) -> tuple[Submission, list[Finding], list[Cell]]:
    """Return the form without hidden rows that count in no sum, what to say of hidden ones, and the cells left out."""
    if not grid.hidden_rows and not grid.hidden_columns:
        return submission, [], []
    findings: list[Finding] = []
    left_out: list[Cell] = []
    rows = [row for row in submission.indicators if _is_hidden(row, grid) and (row.weight, row.score) != (None, None)]
    lines = [line for line in submission.budget if _is_hidden(line, grid) and any(_amounts(line))]
    for parts, agrees in ((rows, _marks_agree), (lines, _money_agrees)):
        if not parts:
            continue
        seen = _without(submission, parts)
        counted = agrees(submission) or not agrees(seen)
        findings.append(flaws.hidden_rows([_first(part) for part in parts], counted))
        if not counted:
            submission = seen
            left_out += [cell for part in parts for cell in _own(part, grid)]
    if heads := list(_hidden_columns(submission, grid)):
        findings.append(flaws.hidden_columns(heads))
    return submission, findings, left_out


def _is_hidden(part: Indicator | BudgetLine, grid: Grid) -> bool:
    return _first(part).row in grid.hidden_rows


def _first(part: Indicator | BudgetLine) -> Cell:
    """Return the cell that names a row, else its first one; the cells of its levels may lie above it."""
    if "name" in part.cells:
        return part.cells["name"]
    own = (cell for role, cell in part.cells.items() if role not in ("level1", "level2"))
    first = min(own, key=lambda cell: cell.column)
    return replace(first, text=part.item) if isinstance(part, BudgetLine) else first


def _own(part: Indicator | BudgetLine, grid: Grid) -> Iterator[Cell]:
    return (cell for place, cell in sorted(grid.cells.items()) if place[0] == _first(part).row)


def _amounts(line: BudgetLine) -> tuple[Decimal | None, ...]:
    return tuple(getattr(line, role) for role in AMOUNTS)


def _without(submission: Submission, parts: Sequence[Indicator | BudgetLine]) -> Submission:
    gone = {id(part) for part in parts}
    indicators = tuple(row for row in submission.indicators if id(row) not in gone)
    return replace(submission, indicators=indicators, budget=tuple(x for x in submission.budget if id(x) not in gone))


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _marks_agree(submission: Submission) -> bool:
    """Whether weights add up to the full mark, and scores to the total where there is one."""
    money = [line for line in submission.budget if line.kind == "total"]
    weights = _sum([*(line.weight for line in money), *(row.weight for row in submission.indicators)])
    scores = _sum([*(line.score for line in money), *(row.score for row in submission.indicators)])
    full = submission.total_weight or FULL_MARK
    stated = submission.total_score
    return abs(weights - full) <= NEAR and (stated is None or abs(scores - stated) <= NEAR)


def _money_agrees(submission: Submission) -> bool:
    """Whether each amount of the total is that of its sources."""
    totals = [line for line in submission.budget if line.kind == "total"]
    sources = [line for line in submission.budget if line.kind != "total"]
    if len(totals) != 1 or not sources:
        return False
    stated, added = _amounts(totals[0]), (_sum(found) for found in zip(*map(_amounts, sources), strict=True))
    return all(amount is None or abs(amount - added_up) <= NEAR for amount, added_up in zip(stated, added, strict=True))


def _hidden_columns(submission: Submission, grid: Grid) -> Iterator[tuple[str, Cell]]:
    """Yield the hidden columns whose values were read, each by its key and its first filled cell."""
    said: set[int] = set()
    rows = [line.cells for line in submission.budget] + [row.cells for row in submission.indicators]
    for cells in rows:
        for role in COUNTED:
            cell = cells.get(role)
            if cell is not None and cell.filled and cell.column in grid.hidden_columns - said:
                said.add(cell.column)
                yield role, cell
