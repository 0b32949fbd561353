"""A form and a scheme in, the weight of each of its rows out: the form's own, the scheme's, or a group's share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import Submission
from evalbatch.scoring.scheme import Scheme, SchemeLine

_BARE = re.compile(r"\d+(?:\.\d+)?").fullmatch
_FEWEST = 3
_EXECUTION = (0, 10, 20)
"""What forms give the execution rate out of the full mark."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the execution line and of each indicator row; None for a row that earns no points of its own.

    `heading` tells of a sub-row which row heads it.
    """

    execution: Decimal | None
    rows: tuple[Decimal | None, ...]
    heading: Mapping[int, int]

    @property
    def total(self) -> Decimal:
        """All weights together."""
        return sum((weight for weight in (self.execution, *self.rows) if weight is not None), Decimal(0))


def weights_of(submission: Submission, scheme: Scheme, lines: Sequence[SchemeLine | None]) -> Weights:
    """Find each row's weight, given the scheme's line for each; negative ones count as 0 (a check speaks of them)."""
    heading = {
        below: at
        for at, row in enumerate(submission.indicators)
        for below in range(at + 1, min(at + 1 + row.heads, len(submission.indicators)))
    }
    shares = _group_shares(submission, scheme)
    rows = []
    for at, row in enumerate(submission.indicators):
        weight = _chosen(lines[at], row.weight)
        if weight is None and at not in heading:
            weight = shares.get(at)
        rows.append(None if weight is None else max(weight, Decimal(0)))
    return Weights(_execution_weight(submission, scheme), tuple(rows), heading)


def is_scored(submission: Submission, weights: Weights) -> bool:
    """Tell whether a form gives points: it has a place for scores, and weights.

    Columns alone make no weights: where the unit's are all blank, the scheme's count if any score was filled in.
    """
    money, rows = submission.budget, submission.indicators
    places = any("score" in row.cells for row in money) or any("score" in row.cells for row in rows)
    given = any(row.score is not None for row in money) or any(row.score is not None for row in rows)
    own = any(row.weight is not None for row in money) or any(row.weight is not None for row in rows)
    weighed = any(weight is not None for weight in (weights.execution, *weights.rows))
    return weighed and (given or (places and own))


def values_are_weights(submission: Submission, full_mark: Decimal) -> bool:
    """Tell whether somebody typed the weights into the columns of targets and actuals, so that nothing can be judged.

    Then every target is a bare number: its row's weight, or, in a form without weights, one of several that together
    make the full mark, less what the execution may count.
    """
    rows = [row for row in submission.indicators if row.target and row.target.strip()]
    written = [_BARE(row.target.strip()) for row in rows if row.target]
    asked = all(row.name.startswith("是否") for row in rows)  # which no number answers
    if not rows or (len(rows) < _FEWEST and not asked) or not all(written):
        return False
    targets = [Decimal(found[0]) for found in written if found]
    if any(row.weight is not None for row in rows):
        return all(row.weight == target for row, target in zip(rows, targets, strict=True))
    rests = {full_mark - execution for execution in _EXECUTION}
    return sum(targets) in rests and max(targets) * 2 <= full_mark


def _chosen(line: SchemeLine | None, own: Decimal | None) -> Decimal | None:
    if line is None:
        return own
    return line.weight if not line.own_weight or own is None else own


def _execution_weight(submission: Submission, scheme: Scheme) -> Decimal | None:
    """The money's weight; a form that leaves weight and score of its money blank may not score it at all.

    Then the scheme's weight counts only where money is filled in and the indicators leave room for it.
    """
    if (row := submission.total_line) is None:
        return None
    weight = _chosen(scheme.execution_line(submission), row.weight)
    if weight is not None and row.weight is None and row.score is None:
        places = not {"weight", "score"}.isdisjoint(row.cells)
        filled = any(number is not None for number in (row.initial, row.adjusted, row.executed))
        others = sum((other.weight for other in submission.indicators if other.weight is not None), Decimal(0))
        if not places or not filled or others + weight > scheme.full_mark:
            return None
    return None if weight is None else max(weight, Decimal(0))


def _group_shares(submission: Submission, scheme: Scheme) -> dict[int, Decimal]:
    """Share each group's fixed weight among its rows, in a form that has no weights of its own.

    Shares are rounded by the scheme; the first row takes what rounding leaves, so that they add up.
    """
    if any(row.weight is not None or "weight" in row.cells for row in submission.indicators):
        return {}
    shares: dict[int, Decimal] = {}
    for group in scheme.groups_of(submission):
        rows = [
            at for at, row in enumerate(submission.indicators) if scheme.group_of(submission, row.level1) == group.name
        ]
        if group.use == "平分" and group.weight is not None and rows:
            each = scheme.round(group.weight / len(rows))
            shares |= dict.fromkeys(rows, each)
            shares[rows[0]] = group.weight - each * (len(rows) - 1)
    return shares
