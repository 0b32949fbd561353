"""XlsxWriter's worksheet with its inner loops made short: the same bytes for what we write, in a third of the time.

XlsxWriter keeps a named tuple for every cell and turns it into XML at the end. Here a cell is turned into XML as it is
written, all but its address and the number of its style, which is not known before. Rows that are settled, because
nobody writes in them any more, are kept as packed text.
"""

import re
from array import array
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from io import StringIO
from math import isfinite
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.url import UrlTypes
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import CellStringTuple, RowInfo, Worksheet

from evalbatch.sheets.part import Part
from evalbatch.sheets.settled import PLACE, Links, Settled

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
def _of_height(pixels: int) -> tuple[RowInfo, list[int | bool]]:
    """Give what XlsxWriter keeps of a row of this height, one for all such rows."""
    return RowInfo(height=pixels), [pixels, False]


@lru_cache(maxsize=4096)
def column_name(column: int) -> str:
    """Give a column's letters; columns count from 0."""
    return str(xl_col_to_name(column))


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes strings, numbers, formulas, blanks, merges and row heights on the shortest way.

    Rows and columns are numbers from 0, and every cell has a style; all else is XlsxWriter's to write.
    """

    fh: Any
    """What XlsxWriter writes into: the sheet's Part, or a buffer for what is kept apart."""

    def __init__(self) -> None:
        super().__init__()
        self._settled: list[Settled] = []
        self._heights = array("H")

    def write_string(self, row: int, column: int, text: str, style: Format) -> int:
        """Write text."""
        strings = self.str_table
        index = strings.string_table.get(text)
        if index is not None:
            strings.count += 1
        elif len(text) <= _LONGEST:
            index = strings._get_shared_string_index(text)
        else:
            return int(super()._write_string(row, column, text, style))
        return self._put(row, column, (style, f' t="s"><v>{index}</v></c>', text))

    def write_number(self, row: int, column: int, number: float, style: Format) -> int:
        """Write a number."""
        if not isfinite(number):
            return int(super()._write_number(row, column, number, style))
        return self._put(row, column, (style, f"><v>{number:.16G}</v></c>", number))

    def write_datetime(self, row: int, column: int, day: date, style: Format) -> int:
        """Write a date."""
        return self.write_number(row, column, self._convert_date_time(day), style)

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
        """Add an Excel table over written cells, without going through them: nothing is merged there."""
        row, column, _, last_column = place
        done = int(super().add_table(row, column, row + 1, last_column, options))
        self.table_cells.clear()
        if done == 0:
            self.tables[-1] |= dict.fromkeys(("range", "a_range", "autofilter"), xl_range(*place))
        return done

    def set_row(self, row: int, height: float) -> int:
        """Set a row's height in points."""
        pixels = int(height * 4.0 / 3.0 + 0.5)
        if row not in self.table or pixels == 0:
            return int(super().set_row(row, height))
        self.row_info[row], self.row_sizes[row] = _of_height(pixels)
        return 0

    def settle(self, end: int) -> None:
        """Keep the rows before `end` as packed text: nothing of them is changed any more, and no chart draws on them.

        Rows whose block of 16 is not full wait for the rest, and where XlsxWriter has cells of its own, all wait.
        """
        rows = range(self._settled_end, end - end % _SPAN_ROWS)
        kinds = {type(cell) for row in rows if row in self.table for cell in self.table[row].values()}
        if not rows or not kinds <= {tuple, CellStringTuple}:
            return
        styles: list[Format] = []
        self.fh = StringIO()
        self._write_open_rows(rows, partial(self._write_unnumbered, styles))
        self._settled.append(Settled.of(rows, self.fh.getvalue(), styles, self._links_of(rows)))
        for row in rows:
            self._heights.append(self._size_row(row))
            self.table.pop(row, None)
            self.row_info.pop(row, None)
            if row:  # XlsxWriter asks whether any row has a height of its own
                self.row_sizes.pop(row, None)

    @property
    def _settled_end(self) -> int:
        return self._settled[-1].rows.stop if self._settled else 0

    def _put(self, row: int, column: int, cell: Cell) -> int:
        """Keep a cell, and how far the sheet reaches."""
        beyond = row not in self.table or not self.dim_colmin <= column <= self.dim_colmax
        if beyond and self._check_dimensions(row, column):
            return -1
        if beyond and row < self._settled_end:
            raise ValueError(f"row {row} of {self.name} is settled")
        self.table[row][column] = cell
        return 0

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[object]:
        """Give what a chart shows of its cells, ours and XlsxWriter's."""
        data: list[object] = []
        if row_start < self._settled_end:
            raise ValueError(f"row {row_start} of {self.name} is settled")
        for row in range(row_start, row_end + 1):
            for column in range(col_start, col_end + 1) if row in self.table else ():
                cell = self.table[row].get(column)
                data += [_charted(cell)] if type(cell) is tuple else super()._get_range_data(row, column, row, column)
            data += [] if row in self.table else [None]
        return data

    def _size_row(self, row: int, anchor: int = 0) -> int:
        return self._heights[row] if row < len(self._heights) else int(super()._size_row(row, anchor))

    def _write_rows(self) -> None:
        part: Part = self.fh
        for settled in self._settled:
            part.write(settled.xml())
            part.pack()
        self._write_open_rows(range(max(self.dim_rowmin, self._settled_end), self.dim_rowmax + 1), self._write_cells)

    def _write_open_rows(self, rows: range, write_cells: Callable[[int, dict[int, Any]], None]) -> None:
        spans = self._spans()
        for row in rows:
            cells, info = self.table.get(row), self.row_info.get(row)
            span = spans.get(row // _SPAN_ROWS)
            if cells:
                self._write_row(row, span, info)
                write_cells(row, cells)
                self.fh.write("</row>")
            elif info is not None or row in self.comments:
                self._write_empty_row(row, span, info)

    def _write_unnumbered(self, styles: list[Format], row: int, cells: dict[int, Any]) -> None:
        """Write cells with a place for each style's number; add the styles to `styles`."""
        number, written = row + 1, []
        for column in sorted(cells):
            cell = cells[column]
            style, rest, _ = cell if type(cell) is tuple else (cell.format, f' t="s"><v>{cell.string}</v></c>', None)
            styles.append(style)
            written.append(f'<c r="{column_name(column)}{number}" s="{PLACE}"{rest}')
        self.fh.write("".join(written))

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

    def _write_hyperlinks(self) -> None:
        if not self._settled:
            super()._write_hyperlinks()
            return
        part = self.fh
        links = [*(settled.links for settled in self._settled), self._links_of(sorted(self.hyperlinks))]
        self.fh = part
        if not any(one.packed for one in links):
            return
        self._xml_start_tag("hyperlinks")
        for one in links:
            part.write(one.xml(self.rel_count + 1))
            self.rel_count += len(one.targets)
            self.external_hyper_links += [["/hyperlink", target, "External"] for target in one.targets]
        self._xml_end_tag("hyperlinks")

    def _links_of(self, rows: Iterable[int]) -> Links:
        """Take the links of these rows."""
        targets: list[str] = []
        self.fh = StringIO()
        for row in rows:
            for column, url in sorted(self.hyperlinks.pop(row, {}).items()):
                if url._link_type is UrlTypes.INTERNAL:
                    self._write_hyperlink_internal(row, column, url)
                else:
                    self._write_hyperlink_external(row, column, PLACE, url)
                    targets.append(url._target())
        return Links.of(self.fh.getvalue(), targets)

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
