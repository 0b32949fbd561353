"""An .xls, .et or .xlsb workbook in, Grids out: xlrd where it can, for it knows number formats; else calamine."""

import io
from collections.abc import Iterator
from typing import Any

import xlrd
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evalbatch.model import Cell, Grid
from evalbatch.reading.formats import BUILT_IN
from evalbatch.reading.grid_cells import GENERAL, Place, number_cell, only_seen, seen, text_cell, value_cell
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.ole import check_records
from evalbatch.xlsx.refusals import damaged, too_large
from evalbatch.xlsx.symbol_fonts import is_symbolic
from evalbatch.xlsx.text_runs import Look, as_seen

FILTERED = "\x0d"
"""What a file calls the range of a filter."""
SUPERSCRIPT = 1


def grids(data: bytes, limits: Limits) -> Iterator[Grid]:
    """Every worksheet of a BIFF workbook; raises Refused F01 for damage, F02 for a password."""
    rows, columns = check_records(data)
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
            logfile=io.StringIO(),
        )
    except MemoryError:
        raise
    except Exception:  # xlrd lets every kind of exception through at records it did not expect
        if rows * columns > limits.area:  # calamine builds a table of the whole range
            raise too_large(f"工作表写到第{rows}行、第{columns}列，范围超过{limits.area}格") from None
        yield from plain_grids(data, limits)
        return
    for sheet in book.sheets():
        merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
        cells, struck = _cells(book, sheet, limits)
        shown = only_seen(cells, merges, limits)
        hidden = _hidden(sheet.rowinfo_map) - _filtered(book, sheet), _hidden(sheet.colinfo_map)
        yield Grid(sheet.name, shown, tuple(merges), sheet.visibility == 0, *hidden, struck)


def _hidden(sizes: Any) -> frozenset[int]:
    """The numbers, from one, of the rows or columns that are hidden."""
    return frozenset(at + 1 for at, size in sizes.items() if size.hidden and not size.outline_level)


def _filtered(book: Any, sheet: Any) -> frozenset[int]:
    """The rows of a sheet that its filter may hide; the file names them _FilterDatabase."""
    rows: set[int] = set()
    for name in book.name_obj_list:
        if name.builtin and name.scope == sheet.number and name.name == FILTERED and name.result is not None:
            for area in name.result.value or ():
                rows.update(range(area.coords[2] + 1, area.coords[3] + 1))
    return frozenset(rows)


def _cells(book: Any, sheet: Any, limits: Limits) -> tuple[dict[Place, Cell], dict[Place, str]]:
    """The cells of a sheet, and what is struck out of them."""
    cells: dict[Place, Cell] = {}
    struck: dict[Place, str] = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            kind = sheet.cell_type(row, column)
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                place = row + 1, column + 1
                if len(cells) >= limits.filled_cells:
                    raise too_large(f"已填单元格超过{limits.filled_cells}个")
                cell, gone = _cell(book, sheet, place, kind)
                if cell is not None:
                    cells[place] = cell
                if gone:
                    struck[place] = gone
    return cells, struck


def _cell(book: Any, sheet: Any, place: Place, kind: int) -> tuple[Cell | None, str]:
    """A cell as a person sees it, None where it is struck out, and what is struck out of it."""
    row, column = place
    style = sheet.cell_xf_index(row - 1, column - 1)
    look = _look(book, book.xf_list[style].font_index if style < len(book.xf_list) else 0)
    if kind != xlrd.XL_CELL_TEXT:
        cell = _valued(book, sheet, place, kind)
        return (None, cell.text) if look.struck else (cell, "")
    text = sheet.cell_value(row - 1, column - 1)
    runs = [
        (0, look),
        *((at, _look(book, font)) for at, font in sheet.rich_text_runlist_map.get((row - 1, column - 1), ())),
    ]
    ends = [*(at for at, _ in runs[1:]), len(text)]
    pieces = [(text[at:end], run) for (at, run), end in zip(runs, ends, strict=True)]
    gone = "".join(piece for piece, run in pieces if run.struck)
    return text_cell(sheet.name, place, "".join(as_seen(piece, run) for piece, run in pieces)), seen(gone)


def _look(book: Any, number: int) -> Look:
    """The look of a font."""
    if number >= len(book.font_list):
        return Look()
    font = book.font_list[number]
    return Look(bool(font.struck_out), font.escapement == SUPERSCRIPT, font.name if is_symbolic(font.name) else "")


def _valued(book: Any, sheet: Any, place: Place, kind: int) -> Cell:
    """A cell of anything but text."""
    row, column = place
    value = sheet.cell_value(row - 1, column - 1)
    if kind == xlrd.XL_CELL_ERROR:
        return Cell(sheet.name, row, column, xlrd.error_text_from_code.get(value, "#VALUE!"), flaw="error")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell(sheet.name, row, column, "TRUE" if value else "FALSE")
    code = _format(book, sheet.cell_xf_index(row - 1, column - 1))
    return number_cell(sheet.name, place, repr(value), code, book.datemode == 1)


def _format(book: Any, style: int) -> str:
    key = book.xf_list[style].format_key if style < len(book.xf_list) else 0
    known = book.format_map.get(key)
    return (known.format_str if known else "") or BUILT_IN.get(key) or GENERAL


def plain_grids(data: bytes, limits: Limits) -> Iterator[Grid]:
    """Every worksheet by calamine, without number formats; raises Refused F01 where it fails.

    calamine's PanicException is no Exception, hence the wide net.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (entry, book.get_sheet_by_name(entry.name))
            for entry in book.sheets_metadata
            if entry.typ == SheetTypeEnum.WorkSheet
        ]
        tables = [(entry, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges) for entry, sheet in sheets]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise damaged("文件不完整或已损坏") from error
    if not tables:
        raise damaged("其中没有任何工作表")
    for entry, table, ranges in tables:
        merges = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges or ()]
        cells = {
            (row, column): value_cell(entry.name, (row, column), value)
            for row, values in enumerate(table, 1)
            for column, value in enumerate(values, 1)
            if value != ""
        }
        yield Grid(
            entry.name, only_seen(cells, merges, limits), tuple(merges), entry.visible == SheetVisibleEnum.Visible
        )
