"""Where a row comes from: a file, a unit, one of its forms, or one line of a form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from evalbatch.model import (
    Cell,
    Evaluated,
    FileResult,
    Finding,
    FormResult,
    Money,
    ScoredLine,
    Submission,
    Unit,
    UnitResult,
    words,
)
from evalbatch.model.results import Cut


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

    unit: Unit
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


def each_once(
    files: Iterable[FileResult], units: Sequence[UnitResult], findings: Iterable[Finding] = ()
) -> Iterator[tuple[Finding, Unit | None]]:
    """Yield every finding of a district once, with the unit it concerns: what a unit and its file both tell is one.

    Whoever counts findings counts these; `findings` are the district's own.
    """
    files = list(files)
    known = {key: result.unit for result in units for key in (result.unit.name, result.unit.code) if key}
    owner = {result.source.path: known[result.unit] for result in files if result.unit in known}
    owner |= {form.source.path: result.unit for result in units for form in result.forms}
    seen: set[tuple[object, ...]] = set()
    told = chain(
        ((finding, finding.file, result.unit) for result in units for finding in result.findings),
        (
            (finding, finding.file or form.source.path, result.unit)
            for result in units
            for form in result.forms
            for finding in form.findings
        ),
        (
            (finding, finding.file or result.source.path, owner.get(result.source.path))
            for result in files
            for finding in result.findings
        ),
        ((finding, finding.file, owner.get(finding.file or "")) for finding in findings),
    )
    for finding, path, unit in told:
        whose = None if path or unit is None else (unit.code, unit.name)
        key = (whose, finding.code, path, finding.sheet, finding.cell, finding.message)
        if key not in seen:
            seen.add(key)
            yield finding, unit


def severities(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings there are of each severity, 0 of any other."""
    return Counter(finding.severity for finding in findings)


def amounts_of(submission: Submission) -> Money:
    """The form's total money; what it leaves blank is None."""
    line = submission.total_line
    return Money(line.initial, line.divisor, line.executed) if line else Money()


def compared_in(form: Evaluated) -> int:
    """How many of a form's indicators with a target were judged."""
    judged = {line.index for line in form.card.lines if line.judgement is not None and line.kind == "indicator"}
    return sum(form.submission.indicators[index].target is not None for index in judged)


def largest_cut(form: Evaluated) -> Cut | None:
    """Return the scored line of a form whose scores differ most, the first of equals; None without any line."""
    lines = ((line.name, line.self_score, line.verified_score, line.because) for line in form.card.lines)
    return max(lines, key=size_of, default=None)


def size_of(cut: Cut) -> Decimal:
    """How many points a line's scores differ by; 0 where one is missing."""
    _, own, verified, _ = cut
    return Decimal(0) if own is None or verified is None else abs(verified - own)


def field_names(submission: Submission) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, address and name of each cell that a form has for something: 指标：实际完成值."""
    for cell, name in _fields(submission):
        yield cell.sheet, cell.address, name


_CALLED = {**words.HEAD, **words.COLUMN, "prepared_by": "填表人", "basis": "依据"}
"""What the summary calls the places and columns of a form."""


def _fields(submission: Submission) -> Iterator[tuple[Cell, str]]:
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


def money_of_unit(result: UnitResult) -> Money:
    """A unit's money: its whole-unit form's, else the sum of its projects', where every project gives the figure.

    A form of another year has no say. Where a form's amounts are 10,000 times too big or small (M06) the unit has
    no money, and its source is "doubtful": one unit's 元 for 万元 must not be added into the district's total.
    """
    forms = [form for form in result.forms if not _found(form, "U03")]
    units = [form for form in forms if form.submission.kind == "whole-unit"]
    whole = min(units, key=lambda form: bool(form.submission.counts_as), default=None)
    counted = [whole] if whole else [form for form in forms if form.submission.kind == "project"]
    if not counted:
        return Money()
    if any(_found(form, "M06") for form in counted):
        return Money(source="doubtful")
    if whole:
        return replace(whole.money, source="whole-unit")
    moneys = [form.money for form in counted]
    return Money(
        _sum(money.initial for money in moneys),
        _sum(money.adjusted for money in moneys),
        _sum(money.executed for money in moneys),
        "projects",
    )


def _found(form: FormResult, code: str) -> bool:
    return any(finding.code == code for finding in form.findings)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is missing: what is missing never counts as 0."""
    known = list(amounts)
    return None if None in known else sum((amount for amount in known if amount is not None), Decimal(0))


def difference(verified: Decimal | None, self_score: Decimal | None) -> Decimal | None:
    """Verified less self score; None unless both are there."""
    return None if verified is None or self_score is None else verified - self_score
