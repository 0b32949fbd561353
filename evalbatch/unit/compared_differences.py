"""One place of two forms in, whether they say otherwise out: what is counted, and how a difference is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from evalbatch.model import Cell, Entry, Submission

Same = Callable[[Any, Any], bool]
Held = tuple[Any, Cell | None]
"""A value and the cell it stands in; None where the form has no place for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in one of the two workbooks, and what: `text` as a person sees it, None where blank."""

    sheet: str | None = None
    cell: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing said otherwise; `column` is what people call it, `row` the indicator or the row of money.

    `how` is "" for two values, else what the published copy lacks (missing, no-form) or has more (added, new-form).
    """

    how: Literal["", "missing", "added", "no-form", "new-form"]
    column: str
    published: Place
    submitted: Place
    row: str = ""


@dataclass
class Compared:
    """What was found in one pair of forms, and how many places were compared."""

    published: Submission
    submitted: Submission
    differences: list[Difference] = field(default_factory=list)
    places: int = 0

    @property
    def alike(self) -> bool:
        """Whether more agrees than differs, so that they may be one form under two names."""
        return 2 * len(self.differences) < self.places

    def place(self, column: str, row: str, same: Same, one: Held, other: Held) -> None:
        """Compare one place; two blanks are nothing to compare."""
        if one[0] in (None, "") and other[0] in (None, ""):
            return
        self.places += 1
        if not same(one[0], other[0]):
            places = place_of(self.published, one), place_of(self.submitted, other)
            self.differences.append(Difference("", column, *places, row))

    def missing(self, column: str, rows: Iterable[tuple[str, Held]]) -> None:
        """Keep what only the submission has."""
        for row, held in rows:
            self.places += 1
            at = place_of(self.submitted, held)
            self.differences.append(Difference("missing", column, Place(self.published.sheet), at, row))

    def added(self, column: str, rows: Iterable[tuple[str, Held]]) -> None:
        """Keep what only the published copy has."""
        for row, held in rows:
            self.places += 1
            at = place_of(self.published, held)
            self.differences.append(Difference("added", column, at, Place(self.submitted.sheet), row))


def place_of(form: Submission, held: Held) -> Place:
    """Where a value stands and what a person sees there."""
    value, cell = held
    shown = value.text if isinstance(value, Entry) else None if value in (None, "") else str(value)
    if cell is None:
        return Place(form.sheet, None, shown)
    if cell.flaw == "no-result":
        shown = "没有计算结果的公式"
    elif cell.text and not isinstance(value, str):
        shown = cell.text
    return Place(cell.sheet, cell.address, shown)
