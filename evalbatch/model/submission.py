"""What a person filled in: one form with its money, its indicators and its named values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import Any, NoReturn

from evalbatch.model.sheet import Cell
from evalbatch.model.value import value

FormName = str
"""Name of a form: project, whole-unit, data, score, or a bureau's own."""


@value
class BudgetLine:
    """One row of money: 年度资金总额, 其中：当年财政拨款, …; amounts in 万元, `rate` in percent.

    `kind` is total, appropriation, carried_over, other_funds or other. `cells` has an entry for every
    column that the form has for this row, blank cells included, so a finding can point at what is missing.
    """

    item: str
    kind: str
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: Decimal | None = None
    score: Decimal | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)


@value
class Indicator:
    """One row of indicators, text as written, weight and score in points.

    `cells` has an entry for every column that the form has (name, target, actual, weight, score, reason,
    and where the form has them bound, measure, basis, level1, level2), blank cells included; a target
    split over several cells has its value's cell under "target". `heads` is the number of rows below that
    this row is the group's heading of: a weight without a target above targets without weights.
    """

    level1: str | None
    level2: str | None
    name: str
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None
    basis: str | None = None
    heads: int = 0
    cells: Mapping[str, Cell] = field(default_factory=dict)


@value
class Entry:
    """One named value of a `data` or `score` form: text as written, number where it is one.

    `measure` is what the number is counted in: "万元", "%", "人", … or "" where the form does not say.
    """

    name: str
    text: str | None
    number: Decimal | None
    measure: str
    cell: Cell


class _Away(tuple[Any, ...]):
    """Stands for lines that were put away; whoever asks for one gets an error, not an empty form."""

    __slots__ = ()

    def _ask(self, *_: object) -> NoReturn:
        raise LookupError("the lines of this form were put away")

    __iter__ = __len__ = __getitem__ = __contains__ = __bool__ = _ask

    def __reduce__(self) -> str:
        return "AWAY"


AWAY: Any = _Away()


@value
class Submission:
    """One form filled in. What the form leaves blank, or has no place for, is None.

    `cells` holds the header's places that the form has, blank ones included: unit.name, unit.code, year,
    project.name, project.department, prepared_by, phone, filled_on, goal, goal_actual, total_weight,
    total_score, grade, version, and reason, one for all rows, below them; and, of a form with a table of indicators
    and no indicator in it, indicators, the first cell for a name. A key that is missing means that the form has
    no place for it.
    `money_measure` is the unit the form itself uses, "万元" or "元"; amounts here are in 万元 either way.
    `repeats` names the sheet of the same workbook that holds the same form and counts instead of this one.
    """

    form: FormName
    sheet: str
    title: str = ""
    version: str | None = None
    year: int | None = None
    unit_name: str | None = None
    unit_code: str | None = None
    project: str | None = None
    department: str | None = None
    prepared_by: str | None = None
    phone: str | None = None
    filled_on: dt.date | None = None
    goal: str | None = None
    goal_actual: str | None = None
    budget: tuple[BudgetLine, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    fields: tuple[Entry, ...] = ()
    total_weight: Decimal | None = None
    total_score: Decimal | None = None
    grade: str | None = None
    money_measure: str = "万元"
    cells: Mapping[str, Cell] = field(default_factory=dict)
    repeats: str | None = None

    def heading(self) -> "Submission":
        """Return it without its lines; of the cells of its head there are those that name the unit."""
        names = {place: self.cells[place] for place in ("unit.name", "unit.code") if place in self.cells}
        return replace(self, budget=AWAY, indicators=AWAY, fields=AWAY, cells=names)
