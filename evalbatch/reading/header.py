"""A table's header as understood: its rows, and its columns by role."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evalbatch.model import Cell
from evalbatch.reading.sheet import Sheet

AMOUNTS = frozenset({"initial", "adjusted", "executed"})
LEVELS = ("level1", "level2", "level3", "level4", "name")
EXTRAS = frozenset({"remark", "review", "ratio", "core", "number", "standard", "side", "level_weight", "explain"})
"""Columns that may repeat, since nothing is read from them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or several under one merged header cell."""

    role: str
    first: int
    last: int
    header: Cell


@dataclass
class Header:
    """The header rows of a table, `top` to `bottom`, and its columns by role, from column `left` on.

    `doubles` claim the same role; `reasons` are further columns of reasons, 偏差原因 | 改进措施, which count together.
    """

    place: str
    top: int
    bottom: int
    left: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    extras: list[Column] = field(default_factory=list)
    doubles: list[tuple[Column, Column]] = field(default_factory=list)
    reasons: list[Column] = field(default_factory=list)

    def every(self) -> Iterator[Column]:
        """Yield all columns, extras included."""
        yield from self.columns.values()
        yield from self.extras
        yield from self.reasons

    def value(self, sheet: Sheet, row: int, role: str) -> Cell | None:
        """Return a row's cell in a column, the first filled one under its header; None without such a column."""
        column = self.columns.get(role)
        return None if column is None else sheet.at(row, self._place(sheet, row, column))

    def roles_at(self) -> dict[int, list[str]]:
        """Return the roles of each of the sheet's columns that the header names, none for one of the extras."""
        found: dict[int, list[str]] = {}
        for column in (*self.extras, *self.reasons):
            found.update((place, []) for place in range(column.first, column.last + 1))
        for role, column in self.columns.items():
            for place in range(column.first, column.last + 1):
                found.setdefault(place, []).append(role)
        return found

    def filled(self, sheet: Sheet, row: int, roles_at: Mapping[int, Sequence[str]]) -> dict[str, Cell]:
        """Return a row's values by role, those that are filled; the same as `value`, for all columns at once."""
        found: dict[str, Cell] = {}
        for cell in sheet.row(row):
            roles = roles_at.get(cell.column)
            if roles is None and sheet.span(cell)[3] > cell.column:
                values = {role: self.value(sheet, row, role) for role in self.columns}
                return {role: value for role, value in values.items() if value is not None and value.filled}
            for role in roles or ():
                found.setdefault(role, cell)
        return found

    def _place(self, sheet: Sheet, row: int, column: Column) -> int:
        """Return where a row's value in a column stands: left of it where it is merged over no column of its own."""
        cells = sheet.grid.cells
        for place in range(column.first, column.last + 1):
            if (row, place) in cells:
                return place
        span = sheet.covering(row, column.first)
        if span is None or span[0] != row or span[1] == column.first:
            return column.first
        taken = any(other.first <= span[1] <= other.last for other in self.every() if other is not column)
        return column.first if taken else span[1]
