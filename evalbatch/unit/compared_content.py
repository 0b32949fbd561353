"""Two submissions of one form in, every place where they say otherwise out.

Who filled a form in and when may be left out of what is published: there only two different values count. In
everything else a blank beside a value counts too.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from evalbatch.model import BudgetLine, Entry, Indicator, Submission
from evalbatch.model.words import AMOUNT, COLUMN
from evalbatch.unit.compared_differences import Compared, Held, Same
from evalbatch.unit.compared_pairing import pair
from evalbatch.unit.compared_same import flat, same_money, same_text

Grade = Callable[[str | None], str | None]

IDENTITY = (
    ("unit_name", "unit.name", "单位名称"),
    ("unit_code", "unit.code", "单位编码"),
    ("year", "year", "评价年度"),
    ("project", "project.name", "项目名称"),
    ("department", "project.department", "主管部门"),
    ("prepared_by", "prepared_by", "填表人"),
    ("phone", "phone", "联系电话"),
    ("filled_on", "filled_on", "填报日期"),
)
"""Attribute, place and name of what may be left out."""
CONTENT = (
    ("goal", "goal", "年度总体目标"),
    ("goal_actual", "goal_actual", "总体目标完成情况"),
    ("total_weight", "total_weight", "分值合计"),
    ("total_score", "total_score", "总分"),
    ("grade", "grade", "等级"),
)
MONEY = ("initial", "adjusted", "executed", "rate", "weight", "score")
INDICATOR = ("target", "actual", "weight", "score", "reason", "basis")


def compare_forms(published: Submission, submitted: Submission, grade: Grade) -> Compared:
    """Compare two submissions of one form; `grade` names the grade that a word stands for, None where it knows none."""
    compared = Compared(published, submitted)
    _header(compared, grade)
    _budget(compared)
    _indicators(compared)
    _fields(compared)
    return compared


# ---------------------------------------------------------------- header and totals


def _header(c: Compared, grade: Grade) -> None:
    def same_grade(one: str | None, other: str | None) -> bool:
        return (grade(one) or flat(one)) == (grade(other) or flat(other))

    for attribute, key, column in IDENTITY:
        one, other = getattr(c.published, attribute), getattr(c.submitted, attribute)
        if one is not None and other is not None:
            c.place(column, "", _same, (one, c.published.cells.get(key)), (other, c.submitted.cells.get(key)))
    for attribute, key, column in CONTENT:
        same: Same = same_grade if attribute == "grade" else _same
        held = [(getattr(form, attribute), form.cells.get(key)) for form in (c.published, c.submitted)]
        c.place(column, "", same, *held)


def _same(one: Any, other: Any) -> bool:
    """Two texts by what they say, all else exactly."""
    if isinstance(one, str) or isinstance(other, str):
        return same_text(one, other)
    return bool(one == other)


# ---------------------------------------------------------------- money


def _budget(c: Compared) -> None:
    paired = pair(c.published.budget, c.submitted.budget, [_money_key])
    for one, other in paired.pairs:
        _money_row(c, one, other)
    for line in paired.only_second:
        _money_row(c, BudgetLine(line.item, line.kind), line)
    for line in paired.only_first:
        _money_row(c, line, BudgetLine(line.item, line.kind))


def _money_key(line: BudgetLine) -> tuple[str, str]:
    return (line.kind, flat(line.item) if line.kind == "other" else "")


def _money_row(c: Compared, one: BudgetLine, other: BudgetLine) -> None:
    """Compare a row; a row that one form does not have holds nothing but blanks."""

    def same_amount(a: Decimal | None, b: Decimal | None) -> bool:
        return same_money(a, b, one_measure=one_measure, zero_is_blank=one.kind != "total")

    one_measure = c.published.money_measure == c.submitted.money_measure
    for name in MONEY:
        held = [(getattr(line, name), line.cells.get(name)) for line in (one, other)]
        c.place(COLUMN[name], other.item, same_amount if name in AMOUNT else _same, *held)


# ---------------------------------------------------------------- indicators


def _indicators(c: Compared) -> None:
    paired = pair(c.published.indicators, c.submitted.indicators, [_whole, _group_and_name, _name, _what_was_done])
    columns = [name for name in INDICATOR if _both_have(c, name)]
    for one, other in paired.pairs:
        c.place("三级指标", other.name, _same, *(_held(row, "name") for row in (one, other)))
        for name in columns:
            c.place(COLUMN[name], other.name, _same, *(_held(row, name) for row in (one, other)))
    c.missing("三级指标", ((row.name, _held(row, "name")) for row in paired.only_second))
    c.added("三级指标", ((row.name, _held(row, "name")) for row in paired.only_first))


def _held(row: Indicator, name: str) -> Held:
    return getattr(row, name), row.cells.get(name)


def _both_have(c: Compared, name: str) -> bool:
    """Whether both forms have a column; one that only one has filled in is kept once, not row by row."""
    forms = (c.published, c.submitted)
    has = [any(name in row.cells or getattr(row, name) is not None for row in form.indicators) for form in forms]
    if all(has) or not any(has) or not all(form.indicators for form in forms):
        return all(has)
    rows = forms[has.index(True)].indicators
    filled = [("", _held(row, name)) for row in rows if getattr(row, name) is not None][:1]
    (c.added if has[0] else c.missing)(f"“{COLUMN[name]}”一栏", filled)
    return False


def _whole(row: Indicator) -> tuple[object, ...]:
    return (*_group_and_name(row), *map(flat, (row.target, row.actual, row.reason)), row.weight, row.score)


def _group_and_name(row: Indicator) -> tuple[str, str]:
    return (flat(row.level2), flat(row.name))


def _name(row: Indicator) -> str:
    return flat(row.name)


def _what_was_done(row: Indicator) -> tuple[object, ...] | None:
    """What still tells a row whose name was changed."""
    return (flat(row.target), flat(row.actual), row.weight) if row.target and row.actual else None


# ---------------------------------------------------------------- named values


def _fields(c: Compared) -> None:
    paired = pair(c.published.fields, c.submitted.fields, [lambda entry: flat(entry.name)])
    for one, other in paired.pairs:
        c.place(other.name, "", _same_entry, *((_filled(entry), entry.cell) for entry in (one, other)))
    for entry in filter(_filled, paired.only_second):
        c.missing(entry.name, [("", (entry, entry.cell))])
    for entry in filter(_filled, paired.only_first):
        c.added(entry.name, [("", (entry, entry.cell))])


def _filled(entry: Entry) -> Entry | None:
    return entry if entry.text is not None else None


def _same_entry(one: Entry | None, other: Entry | None) -> bool:
    if one is None or other is None:
        return False
    if one.number is not None and other.number is not None:
        return one.number == other.number
    return same_text(one.text, other.text)
