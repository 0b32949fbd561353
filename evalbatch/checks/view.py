"""One form of a unit as the checks look at it: its rows, its neighbours, its scheme and its season."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

from evalbatch.model import (
    BudgetLine,
    Cell,
    Evaluated,
    FirstSent,
    Indicator,
    Part,
    ScoredLine,
    Season,
    Submission,
    Unit,
)
from evalbatch.model.words import AMOUNT, COLUMN, HEAD
from evalbatch.scoring.scheme import Scheme
from evalbatch.text.folding import one_width

T = TypeVar("T")
COLUMNS = {**HEAD, **COLUMN}
"""What people call the places of a form."""

EXECUTION_SCORE = "执行率得分"
"""The thing that the score of the money is."""
AMOUNTS = tuple(AMOUNT)
CENT = Decimal("0.01")

_NO_ANSWER = re.compile(r"(?:无|没有|暂无|不适用|无偏差|未填|0+|[-‐-―—－–_/\\、。.…~]+)?")
_NUMBERING = re.compile(r"^(?:指标\d*[::.、]|[((]?[一二三四五六七八九十\d]+[))、]|[★☆*]+)+")
_POINTS = re.compile(r"[((]?(?<!\d)\d++(?:\.\d++)?分[))]?$")


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator with its scored line; `part_of` is the heading's position for a sub-row."""

    index: int
    indicator: Indicator
    line: ScoredLine | None
    thing: str
    part_of: int | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that a judgement of this row hangs on."""
        return tuple(self.indicator.cells[name] for name in ("target", "actual") if name in self.indicator.cells)

    @property
    def has_reason(self) -> bool:
        """Whether a reason is given that says something."""
        return is_answer(self.indicator.reason)

    @property
    def weight(self) -> Decimal | None:
        """The row's own weight, else the one its scheme gives it."""
        own = self.indicator.weight
        return own if own is not None else self.line.weight if self.line else None

    @property
    def is_heading(self) -> bool:
        """Whether it only heads the rows below."""
        return self.indicator.heads > 0

    def holds(self, *columns: str) -> bool:
        """Whether the form has all these columns for this row."""
        return all(map(self.indicator.cells.__contains__, columns))


@dataclass(frozen=True, eq=False)
class View:
    """One form, with everything that a check may look at. `others` are the unit's other current forms.

    `kept` is what `once` keeps.
    """

    form: Evaluated
    key: str
    scheme: Scheme
    season: Season | None = None
    unit: Unit | None = None
    others: tuple["View", ...] = ()
    first_sent: FirstSent | None = None
    kept: dict[Callable[["View"], Any], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def submission(self) -> Submission:
        """What was filled in."""
        return self.form.submission

    @property
    def is_project(self) -> bool:
        """Whether it is one project's form, not the whole unit's."""
        return self.submission.kind == "project"

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All indicators, each with its scored line and a name that tells it from all others."""
        return tuple(_rows(self.form))

    @cached_property
    def total(self) -> BudgetLine | None:
        """The row of money that holds the total, or the only row there is."""
        return self.submission.total_line

    @property
    def sources(self) -> tuple[BudgetLine, ...]:
        """The rows of money below the total."""
        return tuple(line for line in self.submission.budget if line.kind != "total" and line is not self.total)

    @property
    def execution(self) -> ScoredLine | None:
        """The scored line of the execution rate."""
        return next((line for line in self.form.card.lines if line.kind == "execution"), None)

    def cell(self, place: str) -> Cell | None:
        """The cell of a place in the form's header or footer."""
        return self.submission.cells.get(place)

    @property
    def measure(self) -> str:
        """What this form counts money in."""
        return self.submission.money_measure

    def money(self, amount: Decimal) -> str:
        """An amount in 万元 as this form would write it, without its measure."""
        return in_measure(amount, self.measure)


def once(make: Callable[[View], T]) -> Callable[[View], T]:
    """Let a function look at each view once; what it makes must not hold the view, which nobody would free then."""

    @wraps(make)
    def made(view: View) -> T:
        if make not in view.kept:
            view.kept[make] = make(view)
        found: T = view.kept[make]
        return found

    return made


def _rows(form: Evaluated) -> Iterator[Row]:
    lines = {line.index: line for line in form.card.lines if line.kind == "indicator"}
    seen: dict[str, int] = {}
    heading, left = None, 0
    for index, indicator in enumerate(form.submission.indicators):
        name = plain(indicator.name)
        seen[name] = seen.get(name, 0) + 1
        thing = f"指标·{name}" + (f"#{seen[name]}" if seen[name] > 1 else "")
        yield Row(index, indicator, lines.get(index), thing, heading if left else None)
        left = max(left - 1, 0)
        if indicator.heads:
            heading, left = index, indicator.heads


def in_measure(amount: Decimal, measure: str) -> str:
    """An amount in 万元 as people write it in another measure.

    >>> in_measure(Decimal("138.79"), "元")
    '1387900'
    """
    scale = {"元": Decimal(10_000), "亿元": Decimal("0.0001")}.get(measure, Decimal(1))
    return show(amount * scale)


def unplaced_execution(view: View) -> Decimal:
    """The points of the execution rate in a form whose money has columns for neither weight nor score, else 0."""
    line = view.scheme.execution_line(view.submission)
    placed = view.total is None or {"weight", "score"} & view.total.cells.keys()
    return Decimal(0) if placed or line is None or line.weight is None else line.weight


def cells_of(line: BudgetLine, *columns: str) -> tuple[Cell, ...]:
    """The cells of these columns, those that the form has."""
    return tuple(line.cells[column] for column in columns if column in line.cells)


def money(column: str) -> str:
    """The thing that all amounts of one column are."""
    return f"资金·{COLUMNS[column]}"


def rate_of(line: BudgetLine) -> str:
    """The thing that the rate of one row of money is."""
    return f"执行率·{line.item}"


@lru_cache(maxsize=8192)
def is_answer(text: str | None) -> bool:
    """Whether a text says something: not blank, 无, 0, a dash or a slash.

    >>> is_answer("受疫情影响"), is_answer("无"), is_answer(" — "), is_answer(None)
    (True, False, False, False)
    """
    return _NO_ANSWER.fullmatch("".join((text or "").split()).rstrip("。")) is None


@lru_cache(maxsize=8192)
def flat(text: str | None) -> str:
    """A text as it is compared: one width, no blanks."""
    return "".join(one_width(text or "").split())


@lru_cache(maxsize=8192)
def plain(text: str | None) -> str:
    """A name as it is compared: flat, without stars, numbering, or points written behind it.

    >>> plain("★指标1:活动 场次（10分）")
    '活动场次'
    """
    name = flat(text)
    return _POINTS.sub("", _NUMBERING.sub("", name)) or name


def show(number: Decimal, digits: int | None = None) -> str:
    """A number as people write it, without needless zeros, rounded half-up where digits are given.

    >>> show(Decimal("97.2116"), 2), show(Decimal("10.00")), show(Decimal("1E+4"))
    ('97.21', '10', '10000')
    """
    if digits is not None:
        number = round_to(number, digits)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_to(number: Decimal, digits: int) -> Decimal:
    """Round half-up to a number of decimals."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def span_of(cells: Sequence[Cell]) -> str:
    """The range from the first to the last cell, or the one cell."""
    ends = (min(cells, key=lambda c: (c.row, c.column)), max(cells, key=lambda c: (c.row, c.column)))
    return ends[0].address if ends[0] == ends[1] else f"{ends[0].address}:{ends[1].address}"


def show_part(part: Part) -> str:
    """Write one condition as people do.

    >>> show_part(Part(">=", Decimal(8), measure="场"))
    '≥8场'
    """
    sign = {">=": "≥", "<=": "≤", "=": "", "about": "约"}.get(part.op, part.op)
    if part.op == "between":
        return f"{_bound(part.low)}至{_bound(part.high)}{part.measure}"
    return f"{sign}{_bound(part.value)}{part.measure}"


def _bound(bound: object) -> str:
    return show(bound) if isinstance(bound, Decimal) else str(bound)
