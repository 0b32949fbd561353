"""A table's header as understood: its rows, and its columns by role."""

from collections.abc import Iterator
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

    `doubles` claim the same role.
    """

    place: str
    top: int
    bottom: int
    left: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    extras: list[Column] = field(default_factory=list)
    doubles: list[tuple[Column, Column]] = field(default_factory=list)

    def every(self) -> Iterator[Column]:
        """Yield all columns, extras included."""
        yield from self.columns.values()
        yield from self.extras

    def value(self, sheet: Sheet, row: int, role: str) -> Cell | None:
        """Return a row's cell in a column, the first filled one under its header; None without such a column."""
        column = self.columns.get(role)
        return None if column is None else sheet.at(row, self._place(sheet, row, column))

    def filled(self, sheet: Sheet, row: int, column: Column) -> Cell | None:
        """Return a row's filled cell in a column, None where it is blank."""
        return sheet.grid.cells.get((row, self._place(sheet, row, column)))

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
