"""XlsxWriter's worksheet with its inner loops made short: the same bytes for what we write, in a third of the time.

XlsxWriter keeps a named tuple for every cell and turns it into XML at the end. Here a cell is turned into XML as it is
written, all but its address and the number of its style, which is not known before.
"""

import re
from functools import lru_cache
from math import isfinite
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import RowInfo, Worksheet

_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_YOUNG = re.compile(
    "ANCHORARRAY|BYCOL|BYROW|CHOOSECOLS|CHOOSEROWS|DROP|EXPAND|FILTER|HSTACK|LAMBDA|MAKEARRAY|MAP|RANDARRAY|REDUCE"
    "|SCAN|SINGLE|SEQUENCE|SORT|SWITCH|TAKE|TEXTSPLIT|TOCOL|TOROW|UNIQUE|VSTACK|WRAPCOLS|WRAPROWS|XLOOKUP"
).search
_LONGEST = 16_383
"""Text up to so many characters fits a cell however many UTF-16 units each takes."""
_SPAN_ROWS = 16

Cell = tuple[Format, str, object]
"""A cell's style, its XML after the style's number, and the value that a chart shows of it."""


@lru_cache(maxsize=4096)
def column_name(column: int) -> str:
    """Give a column's letters; columns count from 0."""
    return str(xl_col_to_name(column))


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes strings, numbers, formulas, blanks, merges and row heights on the shortest way.

    Rows and columns are numbers from 0, and every cell has a style; all else is XlsxWriter's to write.
    """

    def write_string(self, row: int, column: int, text: str, style: Format) -> int:
        """Write text."""
        if len(text) > _LONGEST:
            return int(super()._write_string(row, column, text, style))
        strings = self.str_table
        index = strings.string_table.get(text)
        if index is None:
            index = strings._get_shared_string_index(text)
        else:
            strings.count += 1
        return self._put(row, column, (style, f' t="s"><v>{index}</v></c>', text))

    def write_number(self, row: int, column: int, number: float, style: Format) -> int:
        """Write a number."""
        if not isfinite(number):
            return int(super()._write_number(row, column, number, style))
        return self._put(row, column, (style, f"><v>{number:.16G}</v></c>", number))

    def write_blank(self, row: int, column: int, _blank: None, style: Format) -> int:
        """Write a blank cell in its style."""
        return self._put(row, column, (style, "/>", None))

    def write_formula(self, row: int, column: int, formula: str, style: Format, value: float | str = 0) -> int:
        """Write a formula with its result; what may hold a function younger than Excel 2010 is XlsxWriter's."""
        if formula[0] != "=" or formula[-1] == "}" or _YOUNG(formula):
            return int(super()._write_formula(row, column, formula, style, value))
        kind, shown = "", value
        if isinstance(value, bool):
            kind, shown = ' t="b"', int(value)
        elif isinstance(value, str) and value:
            kind, shown = ' t="e"' if value in _ERRORS else ' t="str"', escaped(value)
        return self._put(row, column, (style, f"{kind}><f>{escaped(formula[1:])}</f><v>{shown}</v></c>", value))

    def merge_range(self, row: int, column: int, last_row: int, last_column: int, data: str, style: Format) -> int:
        """Merge cells, all of them blank in one style yet; the first may be written afterwards."""
        merged = self.merged_cells
        cells = [(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)]
        if data or not merged.keys().isdisjoint(cells) or not self.table_cells.keys().isdisjoint(cells):
            return int(super().merge_range(row, column, last_row, last_column, data, style))
        self.merge.append([row, column, last_row, last_column])
        merged.update(dict.fromkeys(cells, "another"))
        blank = (style, "/>", None)
        for r, c in cells:
            self._put(r, c, blank)
        return 0

    def add_table(self, *place: int, options: dict[str, Any]) -> int:
        """Add an Excel table; that each of its cells belongs to it is not kept, for nothing is merged into it."""
        done = int(super().add_table(*place, options))
        self.table_cells.clear()
        return done

    def set_row(self, row: int, height: float) -> int:
        """Set a row's height in points."""
        pixels = int(height * 4.0 / 3.0 + 0.5)
        if row not in self.table or pixels == 0:
            return int(super().set_row(row, height))
        self.row_info[row] = RowInfo(height=pixels)
        self.row_sizes[row] = [pixels, False]
        return 0

    def _put(self, row: int, column: int, cell: Cell) -> int:
        """Keep a cell, and how far the sheet reaches."""
        beyond = row not in self.table or not self.dim_colmin <= column <= self.dim_colmax
        if beyond and self._check_dimensions(row, column):
            return -1
        self.table[row][column] = cell
        return 0

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[object]:
        """Give what a chart shows of its cells, ours and XlsxWriter's."""
        data: list[object] = []
        for row in range(row_start, row_end + 1):
            for column in range(col_start, col_end + 1) if row in self.table else ():
                cell = self.table[row].get(column)
                data += [_charted(cell)] if type(cell) is tuple else super()._get_range_data(row, column, row, column)
            data += [] if row in self.table else [None]
        return data

    def _write_rows(self) -> None:
        spans = self._spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            span = spans.get(row // _SPAN_ROWS)
            if cells:
                self._write_row(row, span, info)
                self._write_cells(row, cells)
                self.fh.write("</row>")
            elif info is not None or row in self.comments:
                self._write_empty_row(row, span, info)

    def _write_cells(self, row: int, cells: dict[int, Any]) -> None:
        write, number = self.fh.write, row + 1
        for column in sorted(cells):
            cell = cells[column]
            if type(cell) is not tuple:
                self._write_cell(row, column, cell)
                continue
            style, rest, _ = cell
            index = style.xf_index
            if index is None:
                index = style._get_xf_index()
            write(f'<c r="{column_name(column)}{number}" s="{index}"{rest}')

    def _write_row(self, row: int, spans: str | None, row_info: Any = None, empty_row: bool = False) -> None:
        plain = row_info is None or not (row_info.row_format or row_info.hidden or row_info.level or row_info.collapsed)
        if not plain or self.default_row_height != self.original_row_height:
            super()._write_row(row, spans, row_info, empty_row)
            return
        tag = f'<row r="{row + 1}"' + (f' spans="{spans}"' if spans else "")
        if row_info is not None and row_info.height != self.original_row_height:
            tag += f' ht="{row_info.height * 0.75:.16g}" customHeight="1"'
        self.fh.write(tag + ("/>" if empty_row else ">"))

    def _spans(self) -> dict[int, str]:
        """Give the columns that each block of 16 rows reaches over, as the format wants them."""
        reach: dict[int, tuple[int, int]] = {}
        for places in (self.table, self.comments):
            for row, cells in places.items():
                if cells:
                    block = row // _SPAN_ROWS
                    first, last = min(cells), max(cells)
                    known = reach.get(block, (first, last))
                    reach[block] = min(first, known[0]), max(last, known[1])
        return {block: f"{first + 1}:{last + 1}" for block, (first, last) in reach.items()}

    def _write_merge_cell(self, merged_range: list[int]) -> None:
        top, left, bottom, right = merged_range
        self.fh.write(f'<mergeCell ref="{column_name(left)}{top + 1}:{column_name(right)}{bottom + 1}"/>')


def escaped(text: str) -> str:
    """Write text as the content of an XML element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _charted(cell: Cell) -> object:
    value = cell[2]
    if value is None:
        return ""
    return f"{value:.16g}" if cell[1].startswith("><v>") else value
