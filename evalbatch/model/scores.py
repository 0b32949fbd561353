"""Scores: what the unit gave itself, what the rule gives, and why."""

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from evalbatch.model.sheet import Cell
from evalbatch.model.submission import AWAY
from evalbatch.model.understanding import Expression, Judgement
from evalbatch.model.value import value


@value
class ScoredLine:
    """One scored line of a form: the execution rate of its money, or one of its indicators.

    `index` points into submission.budget (kind "execution") or submission.indicators (kind "indicator").
    `expected` is the score that the rule gives, rounded by the scheme; None where only a person can judge.
    `band` is the lowest and highest score the rule allows where it gives no single one.
    `verified_score` is expected, or a person's decision, or the self score held within its band and `pending`.
    `rule` is the rule's shape, `because` its computation in Chinese words, `inputs` the cells put into it.
    """

    kind: Literal["execution", "indicator"]
    index: int
    level1: str | None
    level2: str | None
    name: str
    weight: Decimal | None
    self_score: Decimal | None
    expected: Decimal | None
    verified_score: Decimal | None
    pending: bool
    rule: str
    because: str
    band: tuple[Decimal, Decimal] | None = None
    inputs: tuple[Cell, ...] = ()
    target: Expression | None = None
    actual: Expression | None = None
    judgement: Judgement | None = None
    exact: Decimal | None = None
    decided_by: str = ""


@value
class Scorecard:
    """A submission scored again: its lines, and totals that add rounded scores.

    A form without weights or scores has `verified_total` None. Grades are the scheme's, in Chinese. `pending` is the
    number of lines that wait for a person.
    """

    lines: tuple[ScoredLine, ...]
    self_total: Decimal | None
    verified_total: Decimal | None
    self_grade: str | None
    verified_grade: str | None
    full_mark: Decimal
    scheme: str
    scored: bool = True
    note: str = ""
    pending: int = 0

    def heading(self) -> "Scorecard":
        """Return it without its lines."""
        return replace(self, lines=AWAY)
