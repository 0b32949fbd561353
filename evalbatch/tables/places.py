"""Where a row comes from: a file, a unit, one of its forms, or one line of a form."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from evalbatch.model import BudgetLine, Cell, Evaluated, FileResult, Finding, ScoredLine, Unit, UnitResult
from evalbatch.storage.packing import noted


@dataclass(frozen=True, slots=True)
class Money:
    """A unit's or a project's money in 万元, and where it was taken from: whole-unit, projects, or "" for nowhere.

    "doubtful" stands where the amounts' unit is in doubt and no figure is taken.
    """

    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    source: str = ""

    @property
    def rate(self) -> Decimal | None:
        """Executed over adjusted in percent; None where it can't be told (no budget is not 100%).

        >>> Money(adjusted=Decimal("138.79"), executed=Decimal("134.92")).rate.quantize(Decimal("0.01"))
        Decimal('97.21')
        """
        if not self.adjusted or self.executed is None:
            return None
        return self.executed / self.adjusted * 100


class UnitPlace(NamedTuple):
    """One unit, with its money and its findings by severity."""

    result: UnitResult
    money: Money
    severities: Mapping[str, int]


class FilePlace(NamedTuple):
    """One file of the inbox, the roster's unit it belongs to, its findings by severity, its filled cells not used."""

    result: FileResult
    unit: Unit | None
    severities: Mapping[str, int]
    unused: int = 0


class FormPlace(NamedTuple):
    """One current form of a unit, with its total money."""

    result: UnitResult
    form: Evaluated
    money: Money


class LinePlace(NamedTuple):
    """One line of a form, counted from 1; `scored` is an indicator's line of the scorecard, where it has one."""

    number: int
    item: Any
    scored: ScoredLine | None = None


class FindingPlace(NamedTuple):
    """One finding, with the unit it concerns where that is known."""

    unit: Unit | None
    finding: Finding


class UnusedPlace(NamedTuple):
    """One filled cell of a file that was neither understood nor taken as a value."""

    file: FileResult
    cell: Cell


def severities(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings there are of each severity, 0 of any other."""
    return Counter(finding.severity for finding in findings)


def total_line(form: Evaluated) -> BudgetLine | None:
    """The form's row of total money."""
    return next((line for line in form.submission.budget if line.kind == "total"), None)


def divisor(line: BudgetLine) -> Decimal | None:
    """What executed money is measured against: 全年预算数, or 年初预算数 in a form without a column for it."""
    return line.adjusted if line.adjusted is not None or "adjusted" in line.cells else line.initial


def money_of_form(form: Evaluated) -> Money:
    """The total money of one form; what it leaves blank is None."""
    initial, adjusted, executed = noted(form, amounts_of)
    return Money(initial, adjusted, executed)


def amounts_of(form: Evaluated) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The form's total amounts in 万元: initial, adjusted, executed."""
    line = total_line(form)
    return (line.initial, divisor(line), line.executed) if line else (None, None, None)


def money_of_unit(result: UnitResult) -> Money:
    """A unit's money: its whole-unit form's, else the sum of its projects', where every project gives the figure.

    A form of another year has no say. Where a form's amounts are 10,000 times too big or small (M06) the unit has
    no money, and its source is "doubtful": one unit's 元 for 万元 must not be added into the district's total.
    """
    forms = [form for form in result.forms if not _found(form, "U03")]
    whole = next((form for form in forms if form.submission.form == "whole-unit"), None)
    counted = [whole] if whole else [form for form in forms if form.submission.form == "project"]
    if not counted:
        return Money()
    if any(_found(form, "M06") for form in counted):
        return Money(source="doubtful")
    if whole:
        return replace(money_of_form(whole), source="whole-unit")
    moneys = [money_of_form(form) for form in counted]
    return Money(
        _sum(money.initial for money in moneys),
        _sum(money.adjusted for money in moneys),
        _sum(money.executed for money in moneys),
        "projects",
    )


def _found(form: Evaluated, code: str) -> bool:
    return any(finding.code == code for finding in form.findings)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is missing: what is missing never counts as 0."""
    known = list(amounts)
    return None if None in known else sum((amount for amount in known if amount is not None), Decimal(0))


def difference(verified: Decimal | None, self_score: Decimal | None) -> Decimal | None:
    """Verified less self score; None unless both are there."""
    return None if verified is None or self_score is None else verified - self_score
