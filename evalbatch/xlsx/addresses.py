"""Addresses such as C7 or B2:C3 in, places as (row, column) from 1 out."""

import re

Place = tuple[int, int]

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_CELLS = 400
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def cells_of(address: str | None) -> list[Place]:
    """List the cells of an address or a range, row by row; none for what is no address.

    >>> cells_of("C7"), cells_of("B2:C3"), cells_of("第3行")
    ([(7, 3)], [(2, 2), (2, 3), (3, 2), (3, 3)], [])
    """
    found = _RANGE.fullmatch((address or "").upper())
    if not found:
        return []
    left, top, right, bottom = found.groups()
    first = int(top), column_number(left)
    if right is None:
        return [first] if 1 <= first[0] <= _MOST_ROWS and first[1] <= _MOST_COLUMNS else []
    last = int(bottom), column_number(right)
    rows = range(first[0], min(last[0], _MOST_ROWS) + 1)
    columns = range(first[1], min(last[1], _MOST_COLUMNS) + 1)
    if not rows or not columns or first[0] < 1:
        return []
    return [(row, column) for row in rows[:_MOST_CELLS] for column in columns[:_MOST_CELLS]][:_MOST_CELLS]


def column_number(letters: str) -> int:
    """Turn a column's letters into its number: AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
