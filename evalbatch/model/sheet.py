"""What a sheet holds: cells where they lie, as a person sees them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from evalbatch.model.value import value


@value
class Cell:
    """One cell of a sheet: where it lies and what a person sees in it.

    `text` is what is shown, outer blanks and invisible characters stripped; "" for a blank cell.
    `number` is set when the cell itself holds a number, as shown: 0.958 formatted as a percentage
    has the text "95.8%", the number 95.8 and `percent` True. `date` is set for a date cell.
    `flaw` is "error" for #REF! and its kin, "no-result" for a formula whose result was never stored.
    """

    sheet: str
    row: int
    column: int
    text: str = ""
    number: Decimal | None = None
    percent: bool = False
    date: dt.date | None = None
    flaw: Literal["", "error", "no-result"] = ""

    @property
    def address(self) -> str:
        """The cell's A1 address.

        >>> Cell("表", 14, 28).address
        'AB14'
        """
        return f"{_letters(self.column)}{self.row}"

    @property
    def filled(self) -> bool:
        """Whether a person sees anything in it, or a formula failed in it."""
        return bool(self.text) or bool(self.flaw)


@cache
def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@value
class Grid:
    """One sheet as seen: its filled cells by (row, column) from 1, and its merged ranges.

    `merges` are (first row, first column, last row, last column); of a merged range only the
    top-left cell is in `cells`.
    """

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True
