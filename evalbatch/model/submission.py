"""What a person filled in: one form with its money, its indicators and its named values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from evalbatch.model.sheet import Cell
from evalbatch.model.value import part_of, value

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

    @property
    def base(self) -> tuple[str, Decimal | None]:
        """The column and the amount that a rate is divided by: adjusted, or initial in a form without that column."""
        if self.adjusted is not None or "adjusted" in self.cells:
            return "adjusted", self.adjusted
        return "initial", self.initial

    @property
    def divisor(self) -> Decimal | None:
        """The amount in 万元 that a rate is divided by (see `base`)."""
        return self.base[1]


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


@value
class FormHead:
    """One form filled in, without its lines. What the form leaves blank, or has no place for, is None.

    `number` is its place among the forms of its file, from 0.

    `cells` holds the header's places that the form has, blank ones included: unit.name, unit.code, year,
    project.name, project.department, prepared_by, phone, filled_on, goal, goal_actual, total_weight,
    total_score, grade, version, and reason, one for all rows, below them; and, of a form with a table of indicators
    and no indicator in it, indicators, the first cell for a name. A key that is missing means that the form has
    no place for it.
    `money_measure` is the unit the form itself uses, "万元" or "元"; amounts here are in 万元 either way.
    `repeats` names the sheet of the same workbook on which the same form stands that counts instead of this one.
    `counts_as` is what a form of a bureau's own counts as, by the name of a built-in form, or "other": neither its
    money nor its score are a project's or the unit's; "" for a built-in form.
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
    total_weight: Decimal | None = None
    total_score: Decimal | None = None
    grade: str | None = None
    money_measure: str = "万元"
    cells: Mapping[str, Cell] = field(default_factory=dict)
    repeats: str | None = None
    number: int = 0
    counts_as: FormName = ""

    @property
    def kind(self) -> FormName:
        """What the form counts as: project, whole-unit, data, score or other; a built-in form is a kind of its own."""
        return self.counts_as or self.form


@value
class Submission(FormHead):
    """One form filled in, with its lines of money, its indicators and its named values.

    `notes` are the lines of text below the tables, and those of a sheet that explains the workbook's figures.
    """

    budget: tuple[BudgetLine, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    fields: tuple[Entry, ...] = ()
    notes: tuple[Cell, ...] = ()

    @property
    def head(self) -> FormHead:
        """The form without its lines."""
        return part_of(FormHead, self)

    @property
    def total_index(self) -> int | None:
        """Where in `budget` the row of total money stands: the first of that kind, else the only row there is."""
        only = 0 if len(self.budget) == 1 else None
        return next((at for at, line in enumerate(self.budget) if line.kind == "total"), only)

    @property
    def total_line(self) -> BudgetLine | None:
        """The row of total money, which is scored and counts in every sum."""
        return None if self.total_index is None else self.budget[self.total_index]
