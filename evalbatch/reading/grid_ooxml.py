"""An OOXML package in, Grids out: the stored cells of each sheet under their number formats."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from evalbatch.model import Cell, Grid
from evalbatch.reading.formats import BUILT_IN
from evalbatch.reading.grid_cells import GENERAL, Place, date_cell, number_cell, only_seen, seen, text_cell
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.scanned_package import Package
from evalbatch.xlsx.sheet_xml import RawCell, RawSheet
from evalbatch.xlsx.symbol_fonts import is_symbolic
from evalbatch.xlsx.text_runs import Look, RunText, as_seen, is_struck
from evalbatch.xlsx.xml_parts import elements

LONGEST_KNOWN = 60
"""A longer text is some unit's own."""
LOOKS_OTHERWISE = re.compile(rb"""<(?:\w+:)?strike|["'](?:Symbol|Wingdings(?: 2)?|Webdings|Marlett)["']""", re.I).search
OTHER_THAN_GENERAL = re.compile(rb"""numFmtId\s*=\s*["'](?!0["'])""").search


def grids(package: Package) -> Iterator[Grid]:
    """Every worksheet of a package."""
    formats: Sequence[str] | None = None
    looks: Sequence[Look] = ()
    for entry, sheet in package.raw_sheets():
        if formats is None:
            formats, looks = _formats(package), _looks(package)
        if looks:
            _apply(looks, sheet)
        cells = _cells(entry.name, sheet, formats, package)
        struck = _struck_out(sheet, looks, cells)
        yield Grid(
            entry.name,
            only_seen(cells, sheet.merges, package.limits),
            tuple(sheet.merges),
            entry.visible,
            *_hidden(sheet),
            struck,
        )


def _hidden(sheet: RawSheet) -> tuple[frozenset[int], frozenset[int]]:
    """The rows and columns that are hidden by hand and hold something: what a filter leaves out is only filtered."""
    rows = {row for row in sheet.hidden_rows if not any(top <= row <= bottom for top, _, bottom, _ in sheet.filters)}
    if not sheet.hidden_columns:
        return frozenset(rows), frozenset()
    filled = {column for _, column in sheet.cells}
    columns = {column for column in filled if any(first <= column <= last for first, last in sheet.hidden_columns)}
    return frozenset(rows), frozenset(columns)


def _looks(package: Package) -> Sequence[Look]:
    """The look of each cell style; empty where none strikes out or writes in a font of symbols."""
    styles = package.styles()
    return _looks_in(styles, package.limits) if styles and LOOKS_OTHERWISE(styles) else ()


@lru_cache(maxsize=64)
def _looks_in(styles: bytes, limits: Limits) -> Sequence[Look]:
    fonts: list[Look] = []
    looks: list[Look] = []
    inside = ""
    sections = {"fonts", "fills", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}
    for name, attributes in elements(styles, sections | {"font", "strike", "name", "xf"}, limits):
        if name in sections:
            inside = name
        elif name == "font" and inside == "fonts":
            fonts.append(Look())
        elif name == "strike" and inside == "fonts" and fonts:
            fonts[-1] = fonts[-1]._replace(struck=is_struck(attributes))
        elif name == "name" and inside == "fonts" and fonts and is_symbolic(attributes.get("val", "")):
            fonts[-1] = fonts[-1]._replace(font=attributes["val"])
        elif name == "xf" and inside == "cellXfs":
            number = attributes.get("fontId", "0")
            looks.append(fonts[int(number)] if number.isdecimal() and int(number) < len(fonts) else Look())
    return tuple(looks)


def _apply(looks: Sequence[Look], sheet: RawSheet) -> None:
    """Give the texts of cells the look of the cell, unless their runs have looks of their own."""
    for place, cell in sheet.cells.items():
        look = looks[cell.style] if cell.style < len(looks) else None
        if look and cell.kind == "s" and (look.struck or look.font) and not isinstance(cell.value, RunText):
            text = RunText(as_seen(cell.value, look), cell.value if look.struck else "")
            sheet.cells[place] = cell._replace(value=text)


def _struck_out(sheet: RawSheet, looks: Sequence[Look], cells: dict[Place, Cell]) -> dict[Place, str]:
    """Take struck-out numbers out of the cells; return them, and what is struck out of texts."""
    struck: dict[Place, str] = {}
    for place, cell in sheet.cells.items():
        if isinstance(cell.value, RunText):
            if gone := seen(cell.value.struck):
                struck[place] = gone
        elif cell.kind not in ("s", "p") and cell.style < len(looks) and looks[cell.style].struck:
            struck[place] = cells.pop(place).text
    return struck


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


def _cells(sheet: str, raw: RawSheet, formats: Sequence[str], package: Package) -> dict[Place, Cell]:
    cells: dict[Place, Cell] = {}
    styles = len(formats)
    from_1904 = package.dates_from_1904
    for place, cell in raw.cells.items():
        if cell.kind == "s":
            known = _known_text if len(cell.value) <= LONGEST_KNOWN else text_cell
            cells[place] = known(sheet, place, cell.value)
        elif cell.kind == "n":
            code = formats[cell.style] if cell.style < styles else GENERAL
            cells[place] = number_cell(sheet, place, cell.value, code, from_1904)
        else:
            cells[place] = _other(sheet, place, cell, package)
    return cells


_known_text = lru_cache(maxsize=8192)(text_cell)
"""What is printed on a form lies at the same place in each workbook made from it."""


def _other(sheet: str, place: Place, cell: RawCell, package: Package) -> Cell:
    row, column = place
    if cell.kind == "p":
        failed = cell.value != "" and cell.value in package.rich_errors()
        return Cell(sheet, row, column, "#VALUE!" if failed else "", flaw="error" if failed else "picture")
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
