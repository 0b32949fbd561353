"""What a sheet holds: cells where they lie, as a person sees them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from functools import cache
from typing import Literal

from evalbatch.model.value import value

LARGEST = Decimal(10) ** 15
"""No amount, count or score of a form reaches it: in 元 it is seven times what a whole country makes in a year."""
FINEST = Decimal(10) ** -8
_NOISE = Decimal(10) ** -18
"""What a computation such as 0.1+0.2-0.3 leaves is above it."""
LONGEST_WRITTEN = 60
"""Characters of a written number; a longer run of digits is none."""


def bounded(number: Decimal) -> Decimal | None:
    """Return a number as a form can hold it, None for one that no form holds: too large, no number, next to nothing.

    What a spreadsheet's own arithmetic leaves behind (1.4E-14) is rounded to FINEST. With these bounds no sum,
    product or ratio of two numbers of a form goes beyond what Decimal's usual 28 digits and a float can bear.

    >>> bounded(Decimal("134.92")), bounded(Decimal("1E-300")), bounded(Decimal("NaN")), bounded(Decimal("1E+15"))
    (Decimal('134.92'), None, None, None)
    """
    if not number.is_finite():
        return None
    size = abs(number)
    if size >= LARGEST or (0 < size < _NOISE):
        return None
    return number.quantize(FINEST) if 0 < size < FINEST else number


@value
class Cell:
    """One cell of a sheet: where it lies and what a person sees in it.

    `text` is what is shown, outer blanks and invisible characters stripped; "" for a blank cell.
    `number` is set when the cell itself holds a number, as shown: 0.958 formatted as a percentage
    has the text "95.8%", the number 95.8 and `percent` True. `date` is set for a date cell.
    `flaw` is "error" for #REF! and its kin, "no-result" for a formula whose result was never stored, "picture" for a
    cell that holds a picture instead of a value; its text is "".
    """

    sheet: str
    row: int
    column: int
    text: str = ""
    number: Decimal | None = None
    percent: bool = False
    date: dt.date | None = None
    flaw: Literal["", "error", "no-result", "picture"] = ""

    @property
    def address(self) -> str:
        """The cell's A1 address.

        >>> Cell("表", 14, 28).address
        'AB14'
        """
        return f"{_letters(self.column)}{self.row}"

    @property
    def filled(self) -> bool:
        """Whether a person reads anything in it, or a formula failed in it; a picture is nothing to read."""
        return bool(self.text) or self.failed

    @property
    def failed(self) -> bool:
        """Whether a formula in it gave no value."""
        return self.flaw in ("error", "no-result")


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
    top-left cell is in `cells`. `hidden_rows` and `hidden_columns` are hidden by hand and not by a filter;
    `struck` has what is struck out of cells and therefore not in `cells`.
    """

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: Mapping[tuple[int, int], str] = field(default_factory=dict)
