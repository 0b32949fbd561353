"""The same amount in several places of a unit's forms: which places hold it, and when two differ by 10,000."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from evalbatch.checks.view import AMOUNTS, COLUMNS, View, in_measure, once, plain
from evalbatch.model import BudgetLine, Cell, Entry

_EXECUTED = re.compile(
    r"(?:部门|单位)?(?:整体|全年|本年|总)?(?:支出|预算)?(?:决算|执行|实际)(?:支出)?(?:数|总额|合计|金额)*"
)
_ADJUSTED = re.compile(r"(?:部门|单位)?(?:整体|本年)?(?:全年|调整后?)(?:支出)?预算(?:支出)?(?:数|总额|合计|金额)*")
_INITIAL = re.compile(r"(?:部门|单位)?(?:整体)?年初(?:支出)?预算(?:支出)?(?:数|总额|合计|金额)*")
_PLANNED = re.compile(r"(?:部门|单位)?(?:整体|总)?(?:支出预算|预算支出|部门预算)(?:数|总额|合计|金额)*")
_KEY_PROJECT = re.compile(r"重点项目名称(\d*)")
_LEFT_OVER = re.compile(r"(?:年末)?(?:财政拨款)?(?:结转结余|结转和结余|结转|结余)(?:资金)?(?:数|总额|合计|金额)*")
_IN_BRACKETS = re.compile(r"[(][^()]*[)]")
_TEN_THOUSAND = Decimal(10_000)
_SCALES = {"万元": Decimal(1), "元": 1 / _TEN_THOUSAND, "亿元": _TEN_THOUSAND}
_COLUMN_NAMES = frozenset(COLUMNS.values())
_ABOUT = Decimal("0.05")
"""How far from 10,000 times two amounts may be: they are the same amount, but perhaps of different days."""
_FARTHEST = 300
"""Amounts of one row of money differ less than this many times, unless one is in another unit."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in 万元 and where it stands. `columns` are the things it may be: a 支出预算 is initial or adjusted.

    `form` is the key of its form, `is_field` tells a field from a row of money, `figure` is the bureau's own amount.
    """

    columns: tuple[str, ...]
    value: Decimal
    cell: Cell
    name: str
    measure: str
    form: str
    is_field: bool
    figure: Decimal | None

    def shown(self, amount: Decimal) -> str:
        """An amount in 万元 as it would be written in this place."""
        return in_measure(amount, self.measure)

    @property
    def where(self) -> str:
        """How to point at it from another form."""
        return f"{self.cell.sheet}{self.cell.address}（{self.name}）"


def amount_of(view: View, columns: tuple[str, ...], value: Decimal, cell: Cell, name: str, measure: str = "") -> Amount:
    """An amount of a form."""
    is_field = view.total is None or name not in _COLUMN_NAMES
    figure: Decimal | None = getattr(view.unit, columns[0]) if columns and view.season and view.unit else None
    return Amount(columns, value, cell, name, measure or view.measure, view.key, is_field, figure)


@once
def amounts_of(view: View) -> tuple[Amount, ...]:
    """The whole unit's amounts in a form: the total of its money, and the fields that hold the same."""
    found: list[Amount] = [] if view.is_project else [*total_amounts(view)]
    measure = view.measure
    for entry in view.submission.fields:
        columns = columns_of(entry.name)
        value = in_ten_thousands(entry, measure) if columns else None
        if value is not None:
            found.append(amount_of(view, columns, value, entry.cell, entry.name, entry.measure))
    return tuple(found)


@once
def total_amounts(view: View) -> tuple[Amount, ...]:
    """The amounts of the row of money that holds the total."""
    total = view.total
    if total is None:
        return ()
    given = [(column, getattr(total, column)) for column in AMOUNTS if column in total.cells]
    return tuple(
        amount_of(view, (column,), value, total.cells[column], COLUMNS[column])
        for column, value in given
        if value is not None
    )


def left_over(view: View) -> Iterator[Amount]:
    """What a data form says was left over at the end of the year."""
    for entry in view.submission.fields:
        value = in_ten_thousands(entry, view.measure) if _is_left_over(entry.name) else None
        if value is not None:
            yield amount_of(view, (), value, entry.cell, entry.name, entry.measure)


@lru_cache(maxsize=8192)
def _is_left_over(name: str) -> bool:
    return _LEFT_OVER.fullmatch(_IN_BRACKETS.sub("", plain(name))) is not None


@once
def key_projects(view: View) -> tuple[tuple[str, Amount], ...]:
    """The key projects that a data form lists: the project's name, and each of its amounts."""
    return tuple(_key_projects(view))


def _key_projects(view: View) -> Iterator[tuple[str, Amount]]:
    entries = {entry.name: entry for entry in view.submission.fields}
    for name, entry in entries.items():
        match = _KEY_PROJECT.fullmatch(name)
        if not match or not entry.text:
            continue
        for field, columns in (("预算数", ("adjusted", "initial")), ("决算数", ("executed",))):
            other = entries.get(f"重点项目{field}{match[1]}")
            value = in_ten_thousands(other, view.measure) if other else None
            if other is not None and value is not None:
                yield entry.text, amount_of(view, columns, value, other.cell, other.name, other.measure)


@lru_cache(maxsize=8192)
def columns_of(name: str) -> tuple[str, ...]:
    """What of the whole unit's money a field of this name is; empty for any other field."""
    bare = _IN_BRACKETS.sub("", plain(name))
    if _EXECUTED.fullmatch(bare):
        return ("executed",)
    if _ADJUSTED.fullmatch(bare):
        return ("adjusted",)
    if _INITIAL.fullmatch(bare):
        return ("initial",)
    return ("adjusted", "initial") if _PLANNED.fullmatch(bare) else ()


def in_ten_thousands(entry: Entry, measure: str) -> Decimal | None:
    """An entry's number in 万元, counted in the form's measure where it names none; None where it holds no money."""
    if entry.number is None:
        return None
    scale = _SCALES.get(entry.measure or measure)
    return None if scale is None else entry.number * scale


def off_by_ten_thousand(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether one amount is about 10,000 times the other.

    >>> off_by_ten_thousand(Decimal(1387900), Decimal("138.79"))
    True
    """
    if not one or not other:
        return False
    large, small = max(abs(one), abs(other)), min(abs(one), abs(other))
    return abs(large / small / _TEN_THOUSAND - 1) <= _ABOUT


def same_size(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts other than 0 can be in one measure, as amounts of one row of money are."""
    return max(abs(one), abs(other)) <= _FARTHEST * min(abs(one), abs(other))


def fits_its_row(line: BudgetLine, column: str) -> bool:
    """Whether an amount is of the size of any other of its row, where there is one."""
    own: Decimal | None = getattr(line, column)
    others = [getattr(line, name) for name in AMOUNTS if name != column and getattr(line, name)]
    return not own or not others or any(same_size(own, other) for other in others)
