"""Field tags such as `{{ unit.name }}`: where they stand on a sheet, and putting values in their place."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbatch.forms.texts import TAG, Value, words

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NUMBER = re.compile(r"\d+(\.\d+)?")


def tags_of(sheet: "Worksheet") -> dict[str, "Cell"]:
    """Return each tag's cell, in reading order; of a tag typed twice, the first."""
    found: dict[str, Cell] = {}
    for cell, names in _tagged(sheet):
        for name in names:
            found.setdefault(name, cell)
    return found


def fill_tags(sheet: "Worksheet", values: Mapping[str, Value]) -> list["Cell"]:
    """Put values in the place of tags and take the other tags out; return the cells where a value went in.

    A tag alone in its cell gives the cell its value with its kind (number, date, text); inside other text
    it becomes text, and a number that is all that stays is a number: `5{{ indicators.weight }}` of a form that fixes
    its weights. A value is never taken for a formula.
    """
    filled = []
    for cell, names in list(_tagged(sheet)):
        _fill_cell(cell, values)
        if any(values.get(name) is not None for name in names):
            filled.append(cell)
    return filled


def _tagged(sheet: "Worksheet") -> Iterator[tuple["Cell", list[str]]]:
    from openpyxl.cell import Cell  # slow to import: only who has a sheet of openpyxl's needs it

    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and isinstance(cell.value, str) and (names := TAG.findall(cell.value)):
                yield cell, names


def _fill_cell(cell: "Cell", values: Mapping[str, Value]) -> None:
    text = str(cell.value)
    alone = TAG.fullmatch(text.strip())
    if alone:
        put(cell, values.get(alone[1]))
    else:
        rest = TAG.sub(lambda tag: words(values.get(tag[1])), text)
        put(cell, Decimal(rest) if NUMBER.fullmatch(rest) else rest or None)


def put(cell: "Cell", value: Value) -> None:
    """Write one value; text that looks like a formula stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
