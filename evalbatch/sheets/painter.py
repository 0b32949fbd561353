"""Table in, sheet out: the one painter, so that every sheet of ours looks alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import Align, Kind, Part, Tone
from evalbatch.sheets.table import CellValue, Column, Link, Table, Toned, column_widths, quoted, shown_text

_WIDEST_UPRIGHT = 100
"""Wider tables lie: an upright A4 page holds about this many units at full size."""


@dataclass(frozen=True, slots=True)
class Painted:
    """Where a table came to lie, for charts and formulas; rows and columns from 0 as XlsxWriter counts."""

    worksheet: Worksheet
    table: Table
    """The table as it was described, but its rows are blank: their values are many, and on the sheet."""
    header_row: int
    first_row: int
    last_row: int
    widths: tuple[float, ...]

    def column(self, title: str) -> int:
        """Find a column by its header."""
        return [column.title for column in self.table.columns].index(title)

    def reference(self, title: str) -> str:
        """Give the cells under a header as a chart or formula wants them: ='表'!$C$5:$C$20."""
        place = self.column(title)
        return f"={quoted(self.table.name)}!{xl_range_abs(self.first_row, place, self.last_row, place)}"

    def cell(self, row: int, title: str) -> str:
        """Give the A1 address of the row-th (from 0) cell under a header."""
        return str(xl_rowcol_to_cell(self.first_row + row, self.column(title)))


def paint(book: Book, table: Table) -> Painted:
    """Put a table on a sheet of its own."""
    widths = column_widths(table)
    landscape = sum(widths[: table.printed]) > _WIDEST_UPRIGHT if table.landscape is None else table.landscape
    sheet = book.sheet(table.name, table.look, landscape=landscape)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    return _Painter(book, sheet, table, widths).paint()


@dataclass(frozen=True, slots=True)
class _Painter:
    book: Book
    sheet: Worksheet
    table: Table
    widths: tuple[float, ...]
    styles: dict[tuple[Part, int, Tone, bool], Format] = field(default_factory=dict)
    plain: dict[Part, list[tuple[int, Kind, Format, int]]] = field(default_factory=dict)

    def paint(self) -> Painted:
        header_row = self._head()
        self._header(header_row)
        last_row = header_row + max(1, len(self.table.rows))
        self._filter(header_row, last_row)
        self._rows(header_row + 1)
        self.sheet.freeze_panes(header_row + 1, self.table.frozen_columns)
        self.sheet.repeat_rows(header_row)
        end = self._foot(last_row + 1)
        if self.table.printed < len(self.widths):
            self.sheet.print_area(0, 0, end, self.table.printed - 1)
        table = replace(self.table, rows=[()] * len(self.table.rows), totals=())
        return Painted(self.sheet, table, header_row, header_row + 1, last_row, self.widths)

    @property
    def _printed_width(self) -> float:
        return sum(self.widths[: self.table.printed])

    def _write(self, row: int, place: int, value: CellValue, part: Part, align: Align | None = None) -> None:
        self.book.write(self.sheet, row, place, value, self.table.look, part, align=align)

    def _span(self, row: int, value: CellValue, part: Part, align: Align | None = None) -> None:
        self.book.span(self.sheet, row, (0, self.table.printed - 1), value, self.table.look, part, align=align)

    def _head(self) -> int:
        """Paint what stands above the table; give the header's row."""
        if self.table.look == "signed":
            self._span(0, self.table.title, "title")
            self.sheet.set_row(0, look.title_height(self.table.title, self._printed_width))
        else:
            self._write(0, 0, self.table.title, "title")
            self.sheet.set_row(0, look.row_height(1, "title") + 4)
        row = 1
        if self.table.subtitle or self.table.measure or self.table.back:
            self._subtitle(row)
            row += 1
        for note in self.table.notes:
            self._span(row, note, "note")
            self.sheet.set_row(row, look.row_height(look.line_count(note, self._printed_width)))
            row += 1
        return row

    def _subtitle(self, row: int) -> None:
        last = self.table.printed - 1
        self._write(row, 0, self.table.subtitle, "subtitle")
        if self.table.measure:
            self._write(row, last, self.table.measure, "measure")
        if self.table.back:
            # A link is no use on paper: where a column is for the screen only, it stands there.
            place = last + 1 if last + 1 < len(self.widths) else last - bool(self.table.measure)
            self._write(row, max(0, place), self.table.back, "measure")
        self.sheet.set_row(row, look.row_height(1))

    def _header(self, row: int) -> None:
        lines = 1
        for place, column in enumerate(self.table.columns):
            self._write(row, place, column.title, "header", self._header_align(column))
            # The button of the filter covers the end of the text.
            room = self.widths[place] - (2 if self.table.look == "screen" else 0)
            lines = max(lines, look.line_count(column.title, room))
            if column.note:
                size = {"x_scale": 1.8, "y_scale": max(0.6, look.line_count(column.note, 30) * 0.25)}
                self.sheet.write_comment(row, place, look.safe_text(column.note), {"author": "evalbatch", **size})
        self.sheet.set_row(row, look.row_height(lines, "header") + 4)

    def _header_align(self, column: Column) -> Align:
        return column.align or ("center" if self.table.look == "signed" else look.ALIGNS[column.kind])

    def _rows(self, row: int) -> None:
        """Paint the rows, or say that there are none."""
        if not self.table.rows:
            self._span(row, self.table.empty, "body", "center")
            self.sheet.set_row(row, look.row_height(1))
        for number, values in enumerate(self.table.rows, row):
            self._row(number, values, "body")

    def _row(self, row: int, values: Sequence[CellValue], part: Part) -> None:
        lines, sheet = 1, self.sheet
        for (place, kind, plain, short), value in zip(self._plain(part), values, strict=True):
            if value is None:
                sheet.write_blank(row, place, None, plain)
                continue
            bare, style = (value.value, self._style(part, place, value)) if isinstance(value, Toned) else (value, plain)
            if isinstance(bare, str) and bare:
                sheet.write_string(row, place, look.safe_text(bare), style)
                text = bare
            else:
                style = self._style(part, place, value) if isinstance(bare, Link) else style
                self.book.put(sheet, row, place, bare, style, kind)
                text = shown_text(bare, kind) if kind == "text" else ""
            if kind == "text" and (len(text) > short or "\n" in text):
                lines = max(lines, look.line_count(text, self.widths[place]))
        height, tall = look.row_height(lines), self.table.tall
        sheet.set_row(row, height if tall is None or height <= tall * 0.75 else tall)

    def _plain(self, part: Part) -> list[tuple[int, Kind, Format, int]]:
        """Give each column's place, its kind, its plain style, and the length of text that surely fits a line of it."""
        made = self.plain.get(part)
        if made is None:
            made = self.plain[part] = [
                (place, column.kind, self._style(part, place, None), look.line_length(self.widths[place]))
                for place, column in enumerate(self.table.columns)
            ]
        return made

    def _style(self, part: Part, place: int, value: CellValue) -> Format:
        """Give the style of a value of a column, looked up once for all alike."""
        tone: Tone = value.tone if isinstance(value, Toned) else "plain"
        key = part, place, tone, isinstance(value.value if isinstance(value, Toned) else value, Link)
        style = self.styles.get(key)
        if style is None:
            column = self.table.columns[place]
            style = self.styles[key] = self.book.style(self.table.look, part, column.kind, tone, column.align, key[-1])
        return style

    def _foot(self, row: int) -> int:
        """Paint totals and closing lines; give the last row."""
        for values in self.table.totals:
            self._row(row, values, "total")
            row += 1
        for line in self.table.closing:
            row += 1
            self._write(row, 0, line, "closing")
            self.sheet.set_row(row, 24)
        return row if self.table.closing else row - 1

    def _filter(self, header_row: int, last_row: int) -> None:
        if not self.table.rows or self.table.look == "signed":
            return
        last = len(self.table.columns) - 1
        if not self.table.identifier:
            self.sheet.autofilter(header_row, 0, last_row, last)
            return
        headers = [
            {
                "header": column.title,
                "header_format": self.book.style(self.table.look, "header", align=self._header_align(column)),
            }
            for column in self.table.columns
        ]
        options = {"name": self.table.identifier, "style": None, "columns": headers}
        self.sheet.add_table(header_row, 0, last_row, last, options=options)
