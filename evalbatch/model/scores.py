"""Scores: what the unit gave itself, what the rule gives, and why."""

from decimal import Decimal
from typing import Literal

from evalbatch.model.sheet import Cell
from evalbatch.model.understanding import Expression, Judgement, Verdict
from evalbatch.model.value import part_of, value


@value
class ScoredLine:
    """One scored line of a form: the execution rate of its money, or one of its indicators.

    `index` points into submission.budget (kind "execution") or submission.indicators (kind "indicator").
    `expected` is the score that the rule gives, rounded by the scheme; None where only a person can judge.
    `band` is the lowest and highest score the rule allows where it gives no single one.
    `checked_score` is expected, or the self score held within its band and `pending`; `reviewed_score` is what a
    person gave the line, `reviewed_verdict` what that says of its target; `verified_score` is the one of the two that
    counts. `applies` is False for a line that is left out, its weight given to the others.
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
    decided_why: str = ""
    checked_score: Decimal | None = None
    reviewed_score: Decimal | None = None
    reviewed_verdict: Verdict | None = None
    applies: bool = True

    @property
    def verdict(self) -> Verdict | None:
        """What is known of its target: a person's word, else the judgement's."""
        return self.reviewed_verdict or (self.judgement.verdict if self.judgement else None)


@value
class ScoreTotals:
    """What a submission scored again comes to: totals that add rounded scores.

    A form without weights or scores has `verified_total` None, as has one whose compulsory places are blank. Grades are
    the scheme's, in Chinese. `pending` is the number of lines that wait for a person, `lowest` and `highest` what the
    total may come to when they are decided. `checked_total` is the total without what people decided, `reviewed` the
    number of lines that they decided.
    """

    self_total: Decimal | None
    verified_total: Decimal | None
    self_grade: str | None
    verified_grade: str | None
    full_mark: Decimal
    scheme: str
    scored: bool = True
    note: str = ""
    pending: int = 0
    checked_total: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    reviewed: int = 0


@value
class Scorecard(ScoreTotals):
    """A submission scored again: its totals and its lines."""

    lines: tuple[ScoredLine, ...] = ()

    @property
    def totals(self) -> ScoreTotals:
        """The card without its lines."""
        return part_of(ScoreTotals, self)
