"""An OpenDocument workbook in, Grids out: its cells say themselves what they show."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from evalbatch.model import LONGEST_WRITTEN, Cell, Grid, bounded
from evalbatch.reading.grid_cells import Place, date_cell, only_seen, seen
from evalbatch.reading.grid_dates import CHINESE_SIGNS
from evalbatch.reading.grid_numbers import general, stored_number
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.ods import OdsCell, ods_sheets

NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+")
PERCENT_SIGNS = ("%", "％")


def grids(data: bytes, limits: Limits) -> Iterator[Grid]:
    """Every sheet of a workbook."""
    for sheet in ods_sheets(data, limits):
        cells = {place: _cell(sheet.name, place, cell) for place, cell in sheet.cells.items()}
        yield Grid(sheet.name, only_seen(cells, sheet.merges, limits), tuple(sheet.merges), sheet.visible)


def _cell(sheet: str, place: Place, stored: OdsCell) -> Cell:
    row, column = place
    text = seen(stored.shown)
    if stored.kind == "error" or (stored.formula and text.startswith(("#", "Err:"))):
        return Cell(sheet, row, column, text or "#VALUE!", flaw="error")
    if stored.formula and not stored.kind and not text:
        return Cell(sheet, row, column, flaw="no-result")
    if stored.kind in ("float", "percentage", "currency"):
        return _number(sheet, place, stored, text)
    if stored.kind == "date":
        return _date(sheet, place, stored, text)
    if stored.kind == "boolean":
        return Cell(sheet, row, column, text or stored.value.upper())
    return Cell(sheet, row, column, text)


def _number(sheet: str, place: Place, stored: OdsCell, text: str) -> Cell:
    """The number in the text shown; where that has several, the number stored, where it has none, none but zero."""
    row, column = place
    number = stored_number(stored.value)
    if number is None:
        return Cell(sheet, row, column, text or "#NUM!", flaw="error")
    percent = text.endswith(PERCENT_SIGNS)
    shown = NUMBER.findall(text)
    if len(shown) == 1 and "E" not in text.upper() and len(shown[0]) <= LONGEST_WRITTEN:
        size = Decimal(shown[0].replace(",", ""))
        number = -size if number < 0 and size else size
    elif text and not shown:
        return Cell(sheet, row, column, text, None if number or text.isalpha() else number)
    elif percent or (stored.kind == "percentage" and not text):
        number, percent = number * 100, True
    return Cell(sheet, row, column, text or general(number) + "%" * percent, bounded(number), percent)


def _date(sheet: str, place: Place, stored: OdsCell, text: str) -> Cell:
    try:
        cell = date_cell(sheet, place, datetime.fromisoformat(stored.value).replace(tzinfo=None))
    except ValueError:
        return Cell(sheet, place[0], place[1], text)
    written = text if not CHINESE_SIGNS.isdisjoint(text) else cell.text
    return Cell(sheet, cell.row, cell.column, written, date=cell.date)
