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
        return None if column is None else self._seen(sheet, row, column)

    def _seen(self, sheet: Sheet, row: int, column: Column) -> Cell:
        cells = sheet.grid.cells
        for place in range(column.first, column.last + 1):
            if cell := cells.get((row, place)):
                return cell
        owner = sheet.owner(row, column.first)
        if owner.row != row or owner.column == column.first:
            return sheet.at(row, column.first)
        taken = any(other.first <= owner.column <= other.last for other in self.every() if other is not column)
        return sheet.at(row, column.first) if taken else owner
