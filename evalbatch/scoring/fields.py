"""A submission and its companions in, named values with their cells out: what formulas compute with."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.expression.judging import judge
from evalbatch.expression.progress import says_not_applicable
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.model import BudgetLine, Cell, Entry, Expression, Submission
from evalbatch.model.words import AMOUNT
from evalbatch.scoring.formula import Formula
from evalbatch.scoring.words import percent, plain, show

_YES = {"是", "有", "已", "完成", "已完成", "√", "✓", "☑", "达标", "合格"}
_NO = {"否", "无", "未", "没有", "未完成", "×", "✗", "☐", "□", "不达标", "不合格"}
_DASH = re.compile(r"[-‐-―—－–_/]+")
COUNTED = frozenset(("指标数", "完成指标数"))


@dataclass(frozen=True, slots=True)
class Value:
    """A number that formulas use: money in 万元, percentages as shares, yes and no as 1 and 0.

    `absent` quotes a cell that says there is no such thing, 不适用 or a dash: 0 for a condition, else no number.
    """

    number: Decimal
    cell: Cell | None = None
    share: bool = False
    absent: str = ""

    def told(self, name: str) -> str:
        """Say the value with its name and cell: 支出决算 134.92（数据表!C14）."""
        place = f"（{self.cell.sheet}!{self.cell.address}）" if self.cell else ""
        if self.absent:
            return f"{name}填写“{self.absent}”{place}"
        return f"{name} {percent(self.number) if self.share else show(self.number)}{place}"


Fields = Mapping[str, Value]
"""Values by their plain names."""


def fields_of(submission: Submission, companions: Sequence[Submission], wanted: Collection[str] = ()) -> Fields:
    """Gather the values: the submission's own go before those of its companions, an earlier one's before a later's.

    A project's money is its own only. How many targets the whole-unit form met is counted if `wanted` names it.
    """
    found: dict[str, Value] = {}
    for form in (*reversed(companions), submission):
        found |= {plain(entry.name): value for entry in form.fields if (value := _entry(entry))}
        if form is submission or (form.kind == "whole-unit" and submission.kind != "project"):
            found |= dict(_money(form))
        if form.kind == "whole-unit" and not COUNTED.isdisjoint(wanted):
            found |= dict(_fulfilment(form))
    return found


def row_fields(target: Expression, actual: Expression) -> Fields:
    """Return 目标值 and 完成值 of one indicator, where each is one single number."""
    pairs = (("目标值", target), ("完成值", actual))
    return {name: value for name, expression in pairs if (value := _single(expression))}


def numbers(names: Sequence[str], *sources: Fields) -> tuple[dict[str, Decimal], tuple[str, ...], tuple[Cell, ...]]:
    """Look names up in the sources: their numbers (missing ones left out), how to tell them, and their cells."""
    found: dict[str, Decimal] = {}
    told, cells = [], []
    for name in names:
        for source in sources:
            if value := source.get(plain(name)):
                found[name] = value.number
                told.append(value.told(name))
                cells += [value.cell] if value.cell else []
                break
    return found, tuple(told), tuple(cells)


def lacking(formulas: Sequence[Formula], *sources: Fields) -> tuple[str, ...]:
    """Name the fields of formulas that no source has."""
    names = dict.fromkeys(name for formula in formulas for name in formula.names if name not in ("是", "否"))
    return tuple(name for name in names if not any(plain(name) in source for source in sources))


def absent(formula: Formula, *sources: Fields) -> tuple[Value, ...]:
    """Return the values of a formula's fields that say there is no such thing."""
    values = (source[plain(name)] for name in formula.names for source in sources if plain(name) in source)
    return tuple(value for value in values if value.absent)


def rival_totals(submission: Submission) -> tuple[BudgetLine, ...]:
    """Return the rows of money that all call themselves the total and say different things; none where one counts."""
    totals = tuple(row for row in submission.budget if row.kind == "total")
    said = {(row.initial, row.adjusted, row.executed) for row in totals}
    return totals if len(said) > 1 else ()


def _money(form: Submission) -> Iterator[tuple[str, Value]]:
    if (row := form.total_line) is None:
        return
    for column, name in AMOUNT.items():
        number = row.divisor if column == "adjusted" else getattr(row, column)
        if number is not None:
            yield name, Value(number, row.cells.get(column))


def _fulfilment(form: Submission) -> Iterator[tuple[str, Value]]:
    """How many indicators the whole-unit form has, and how many are met; silent where one can't be told."""
    verdicts = []
    for row in form.indicators:
        target, actual = parse_target(row.target, form.year), parse_actual(row.actual, form.year)
        if row.heads or target.kind == "blank":
            continue
        judged = judge(target, actual, name=row.name, level1=row.level1, level2=row.level2)
        verdicts.append(judged.verdict)
    if verdicts and set(verdicts) <= {"met", "exceeded", "not-met"}:
        yield "指标数", Value(Decimal(len(verdicts)))
        yield "完成指标数", Value(Decimal(sum(verdict != "not-met" for verdict in verdicts)))


def _entry(entry: Entry) -> Value | None:
    if entry.number is None:
        if said := _none_said(entry):
            return Value(Decimal(0), entry.cell, absent=said)
        word = plain(entry.text)
        answer = 1 if word in _YES else 0 if word in _NO else None
        return None if answer is None else Value(Decimal(answer), entry.cell)
    match entry.measure:
        case "%":
            return Value(entry.number / 100, entry.cell, share=True)
        case "元":
            return Value(entry.number / 10000, entry.cell)
    return Value(entry.number, entry.cell)


def _none_said(entry: Entry) -> str:
    """What a cell says in place of a number where there is no such thing: 不适用, or a dash."""
    text = entry.cell.text.strip()
    return text if says_not_applicable(text) or _DASH.fullmatch(text) else ""


def _single(expression: Expression) -> Value | None:
    if len(expression.parts) != 1 or expression.parts[0].vague:
        return None
    part = expression.parts[0]
    if not isinstance(part.value, Decimal):
        return None
    if part.measure in ("%", "‰"):
        return Value(part.value / (100 if part.measure == "%" else 1000), share=True)
    return Value(part.value)
