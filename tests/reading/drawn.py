"""Sheets drawn as text: one line a row, a bar between cells, < merges with the left, ^ with the one above."""

import re
from collections.abc import Iterable
from decimal import Decimal

from evalbatch.model import Cell, Grid


def drawn(text: str, sheet: str = "表") -> Grid:
    """Turn a drawing into a Grid; plain numbers become number cells, 95.8% a percentage."""
    rows = rows_of(text)
    cells = {}
    for row, parts in enumerate(rows, 1):
        for column, part in enumerate(parts, 1):
            if part and part not in "<^":
                cells[row, column] = cell_of(sheet, row, column, part.replace("\\n", "\n"))
    return Grid(sheet, cells, tuple(merges_of(rows)))


def rows_of(text: str) -> list[list[str]]:
    """Return a drawing's rows of cells, outer blanks stripped."""
    return [[part.strip() for part in line.split("|")] for line in text.strip("\n").splitlines()]


def cell_of(sheet: str, row: int, column: int, text: str) -> Cell:
    """Return the cell that shows this text."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return Cell(sheet, row, column, text, Decimal(text))
    if re.fullmatch(r"-?\d+(\.\d+)?%", text):
        return Cell(sheet, row, column, text, Decimal(text[:-1]), True)
    return Cell(sheet, row, column, text)


def merges_of(rows: list[list[str]]) -> Iterable[tuple[int, int, int, int]]:
    """Yield every merged range as top, left, bottom, right, counted from 1."""
    for top, parts in enumerate(rows):
        for left, part in enumerate(parts):
            if part in ("<", "^"):
                continue
            right = left
            while right + 1 < len(parts) and parts[right + 1] == "<":
                right += 1
            bottom = top
            while bottom + 1 < len(rows) and left < len(rows[bottom + 1]) and rows[bottom + 1][left] == "^":
                bottom += 1
            if (bottom, right) != (top, left):
                yield top + 1, left + 1, bottom + 1, right + 1
