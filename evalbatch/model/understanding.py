"""Targets and actuals understood: conditions, and one judged against the other."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from evalbatch.model.value import value


@value
class Part:
    """One condition: an operator, its bounds and its measure.

    One-sided operators use `value`; "between" uses `low` and `high`, both included. A date part has dates
    in the same places (a date without a year is kept as text "12-31"). `vague` marks 多, 余, 约, 近, 左右.
    """

    op: Literal[">=", ">", "<=", "<", "=", "between", "about"]
    value: Decimal | dt.date | str | None = None
    low: Decimal | dt.date | str | None = None
    high: Decimal | dt.date | str | None = None
    measure: str = ""
    text: str = ""
    vague: bool = False


@value
class Expression:
    """A target or an actual as understood. Words are no parts; the kinds are those of the contract."""

    text: str
    kind: Literal["quantity", "date", "qualitative", "blank", "unclear"]
    parts: tuple[Part, ...] = ()


Verdict = Literal["met", "not-met", "exceeded", "cannot-tell", "unanswered"]


@value
class PartJudgement:
    """One part of a target against the actual: its verdict, the reason in Chinese, and the share reached.

    `ratio` is how much of the part was reached, 1 or more when met, from 0 to 1 when not; None when it
    can't be told. `answer` is the part of the actual that was compared.
    """

    part: Part
    verdict: Verdict
    because: str
    ratio: Decimal | None = None
    answer: Part | None = None


@value
class Judgement:
    """An actual against its target as a whole, and part by part, in order of the target's parts.

    Whole verdict: not-met if any part is not met; else unanswered if any part is unanswered; else
    cannot-tell if any part is; else exceeded when every part is, else met. `less_is_better` is the
    direction that was used, None where an operator fixed it or nothing was compared. `note` says what
    was assumed, e.g. 全覆盖 taken as 100%.
    """

    verdict: Verdict
    because: str
    parts: tuple[PartJudgement, ...] = ()
    less_is_better: bool | None = None
    note: str = ""
