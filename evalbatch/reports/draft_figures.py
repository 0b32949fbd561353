"""One unit's result in, the facts of its report out: money, people, projects, targets, each None where unsaid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evalbatch.model import Entry, Evaluated, Indicator, Money, ScoredLine, UnitResult
from evalbatch.tables.places import amounts_of, money_of_unit

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Target:
    """One indicator with a target, and the line that judges it."""

    indicator: Indicator
    line: ScoredLine | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit's workbooks say, ready for sentences; `whole` is the form of the whole unit."""

    result: UnitResult
    money: Money
    whole: Evaluated | None
    score: Evaluated | None
    fields: tuple[Entry, ...]
    projects: tuple[tuple[str, Money], ...]
    targets: tuple[Target, ...]
    filled_on: dt.date | None

    def number(self, name: str) -> Decimal | None:
        """Give a named number of the data form."""
        return next((entry.number for entry in self.fields if entry.name == name), None)


def facts_of(result: UnitResult, forms: Sequence[Evaluated]) -> Facts:
    """Gather a unit's facts from its current forms, which are those of its result with their lines."""
    named = {form.submission.kind: form for form in reversed(forms)}
    whole, data = named.get("whole-unit"), named.get("data")
    own = [whole] if whole else [form for form in forms if form.submission.kind == "project"]
    fields = data.submission.fields if data else ()
    if data and _doubtful(data):
        fields = tuple(entry for entry in fields if "元" not in entry.measure)
    projects = tuple(
        (form.submission.project or "（未填项目名称）", Money() if _doubtful(form) else amounts_of(form.submission))
        for form in forms
        if form.submission.kind == "project"
    )
    days = [form.submission.filled_on for form in forms if form.submission.filled_on]
    return Facts(
        result, _money(result, fields), whole, named.get("score"), fields,
        projects or tuple(_key_projects(fields)), tuple(target for form in own for target in _targets(form)),
        max(days, default=None),
    )  # fmt: skip


def _doubtful(form: Evaluated) -> bool:
    """Tell whether a form's amounts may be 元 for 万元 (M06): then none of them is repeated."""
    return any(finding.code == "M06" for finding in form.findings)


def _money(result: UnitResult, fields: Sequence[Entry]) -> Money:
    """Take the unit's money as the summary does; of a unit with a data form alone, that form's 支出."""
    money = money_of_unit(result)
    if money.source or money.adjusted is not None:
        return money
    named = {entry.name: entry.number for entry in fields}
    return Money(None, named.get("支出预算"), named.get("支出决算"), "data")


def _key_projects(fields: Sequence[Entry]) -> list[tuple[str, Money]]:
    """Read 重点项目名称1, 重点项目预算数1 … of a data form."""
    named = {entry.name: entry for entry in fields}
    found = []
    for name, entry in named.items():
        if name.startswith("重点项目名称") and entry.text:
            number = name.removeprefix("重点项目名称")
            planned, spent = (named.get(f"重点项目{word}数{number}") for word in ("预算", "决算"))
            found.append(
                (entry.text, Money(None, planned.number if planned else None, spent.number if spent else None))
            )
    return found


def _targets(form: Evaluated) -> list[Target]:
    lines = {line.index: line for line in form.card.lines if line.kind == "indicator"}
    return [Target(row, lines.get(at)) for at, row in enumerate(form.submission.indicators) if row.target]


def amount(number: Decimal | None) -> str:
    """Write money as a report does; "" for none.

    >>> amount(Decimal("138.790")), amount(Decimal("15840.69"))
    ('138.79万元', '15,840.69万元')
    """
    return "" if number is None else f"{number.quantize(_CENT, ROUND_HALF_UP):,}万元"


def points(number: Decimal) -> str:
    """Write a score without needless zeros.

    >>> points(Decimal("96.00")), points(Decimal("98.50"))
    ('96分', '98.5分')
    """
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "分"


def percent(number: Decimal | None) -> str:
    """Write a rate with two decimals; "" for none."""
    return "" if number is None else f"{number.quantize(_CENT, ROUND_HALF_UP)}%"


def day(date: dt.date) -> str:
    """Write a date as a report does."""
    return f"{date.year}年{date.month}月{date.day}日"
