"""An OOXML package in, Grids out: the stored cells of each sheet under their number formats."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from evalbatch.model import Cell, Grid
from evalbatch.reading.formats import BUILT_IN
from evalbatch.reading.grid_cells import GENERAL, Place, date_cell, number_cell, only_seen, text_cell
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.scanned_package import Package
from evalbatch.xlsx.sheet_xml import RawCell, RawSheet
from evalbatch.xlsx.xml_parts import elements

LONGEST_KNOWN = 60
"""A longer text is some unit's own."""
OTHER_THAN_GENERAL = re.compile(rb"""numFmtId\s*=\s*["'](?!0["'])""").search


def grids(package: Package) -> Iterator[Grid]:
    """Every worksheet of a package."""
    formats: Sequence[str] | None = None
    for entry, sheet in package.raw_sheets():
        if formats is None:
            formats = _formats(package)
        yield Grid(
            entry.name,
            only_seen(_cells(entry.name, sheet, formats, package.dates_from_1904), sheet.merges, package.limits),
            tuple(sheet.merges),
            entry.visible,
        )


def _formats(package: Package) -> Sequence[str]:
    """The format code of each cell style; empty where every style is General, so that nothing need be parsed."""
    styles = package.styles()
    return _formats_in(styles, package.limits) if styles and OTHER_THAN_GENERAL(styles) else ()


@lru_cache(maxsize=64)  # many units fill in copies of one form, whose styles part stays the same to the byte
def _formats_in(styles: bytes, limits: Limits) -> Sequence[str]:
    codes: dict[str, str] = {}
    formats: list[str] = []
    inside = False
    for name, attributes in elements(styles, {"numFmt", "cellXfs", "cellStyleXfs", "xf"}, limits):
        number = attributes.get("numFmtId", "0")
        if name == "numFmt":
            codes[number] = attributes.get("formatCode", GENERAL)
        elif name != "xf":
            inside = name == "cellXfs"
        elif inside:
            formats.append(number)
    return tuple(codes.get(number) or _built_in(number) for number in formats)


def _built_in(number: str) -> str:
    return BUILT_IN.get(int(number), GENERAL) if number.isdecimal() and len(number) < 6 else GENERAL


def _cells(sheet: str, raw: RawSheet, formats: Sequence[str], from_1904: bool) -> dict[Place, Cell]:
    cells: dict[Place, Cell] = {}
    styles = len(formats)
    for place, cell in raw.cells.items():
        if cell.kind == "s":
            known = _known_text if len(cell.value) <= LONGEST_KNOWN else text_cell
            cells[place] = known(sheet, place, cell.value)
        elif cell.kind == "n":
            code = formats[cell.style] if cell.style < styles else GENERAL
            cells[place] = number_cell(sheet, place, cell.value, code, from_1904)
        else:
            cells[place] = _other(sheet, place, cell)
    return cells


_known_text = lru_cache(maxsize=8192)(text_cell)
"""What is printed on a form lies at the same place in each workbook made from it."""


def _other(sheet: str, place: Place, cell: RawCell) -> Cell:
    row, column = place
    if cell.kind == "":
        return Cell(sheet, row, column, flaw="no-result")
    if cell.kind == "e":
        return Cell(sheet, row, column, cell.value, flaw="error")
    if cell.kind == "b":
        return Cell(sheet, row, column, "FALSE" if cell.value in ("0", "false") else "TRUE")
    try:
        return date_cell(sheet, place, datetime.fromisoformat(cell.value).replace(tzinfo=None))
    except ValueError:
        return text_cell(sheet, place, cell.value)
