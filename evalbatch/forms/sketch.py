"""Sheets of our own that go in front of or behind forms, drawn with one set of looks, as a workbook's bytes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
RULE = "#6B7785"
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 20, "align": "center"},
    "subtitle": {"font_size": 12, "align": "center"},
    "text": {"align": "left"},
    "bold": {"align": "left", "bold": True},
    "number": {"align": "center"},
    "head": {"align": "center", "bold": True, "border": 1, "bg_color": "#F4F6F8", "font_size": 10},
    "cell": {"align": "center", "border": 1, "font_size": 10},
    "entry": {"align": "left", "border": 1},
    "label": {"align": "right", "font_size": 14},
    "line": {"align": "left", "font_size": 14, "bottom": 1},
    "open": {"align": "left", "font_size": 14, "bottom": 1, "locked": False, "bg_color": "#FFFBE6"},
}


class Sketch:
    """One sheet being drawn, rows from 1 and columns from 1 as people count them."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.book, self.sheet, self.widths = book, sheet, widths
        self._formats: dict[tuple[str, int], Format] = {}
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def write(self, row: int, column: int, value: str | Decimal | None, look: str, size: int = 0) -> None:
        """Write one cell."""
        kept = self._format(look, size)
        if isinstance(value, Decimal):
            self.sheet.write_number(row - 1, column - 1, float(value), kept)
        elif value:
            self.sheet.write_string(row - 1, column - 1, value, kept)
        else:
            self.sheet.write_blank(row - 1, column - 1, None, kept)

    def across(self, row: int, text: str, look: str, *, first: int = 1, size: int = 0, height: float = 0) -> None:
        """Write one cell merged from a column to the last."""
        self.sheet.merge_range(row - 1, first - 1, row - 1, len(self.widths) - 1, "", self._format(look, size))
        self.sheet.write_string(row - 1, first - 1, text, self._format(look, size))
        if height:
            self.height(row, height)

    def computed(self, row: int, formula: str, shown: str, look: str) -> None:
        """Write a formula merged from the second column to the last, with what it shows until it is computed."""
        self.sheet.merge_range(row - 1, 1, row - 1, len(self.widths) - 1, "", self._format(look, 11))
        self.sheet.write_formula(row - 1, 1, formula, self._format(look, 11), shown)
        self.height(row, 22)

    def height(self, row: int, height: float) -> None:
        """Make a row so high."""
        self.sheet.set_row(row - 1, height)

    def table(self, row: int, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
        """Write a small table from the second column on; return the row after it."""
        for number, values in enumerate([heads, *rows]):
            tall = max(_width(text) / (width - 2) for text, width in zip(values, self.widths[1:], strict=False))
            self.height(row, 18 if tall <= 1 else 32 if tall <= 2 else 46)
            for column, text in enumerate(values, 2):
                self.write(row, column, text, "cell" if number else "head")
            row += 1
        return row

    def _format(self, look: str, size: int) -> Format:
        if (look, size) not in self._formats:
            own = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True, "border_color": RULE}
            own |= {"bottom_color": RULE, **LOOKS[look]} | ({"font_size": size} if size else {})
            self._formats[look, size] = self.book.add_format(own)
        return self._formats[look, size]


@contextmanager
def sketched(name: str, widths: Sequence[float], out: BytesIO) -> Iterator[Sketch]:
    """Draw one protected sheet, A4, one page wide; its workbook is in `out` when the block ends."""
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.98, right=0.59, top=0.75, bottom=0.75)
        sheet.set_footer("&C第&P页 共&N页")
        sheet.protect()
        yield Sketch(book, sheet, widths)


def _width(text: str) -> int:
    return len(text.encode("gbk", "replace"))
