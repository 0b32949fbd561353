"""A workbook being written: one cache of styles, and one way to write a value."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.color import Color
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets import look
from evalbatch.sheets.look import Align, Kind, Look, Part, Tone
from evalbatch.sheets.table import CellValue, Formula, Link, Toned, Value

CREATED = datetime(2000, 1, 1)
"""Every workbook bears this date: the same content must give the same bytes."""
_MOST_LINKS = 65_000  # Excel opens no sheet with more than 65,530 links
_LONGEST_LINK = 2_000
_LARGEST = 1e300


class Book:
    """A workbook being written; `workbook` is XlsxWriter's own, for charts and names."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._styles: dict[tuple[Any, ...], Format] = {}
        self._links: dict[str, int] = {}

    def style(
        self,
        style_look: Look,
        part: Part = "body",
        kind: Kind = "text",
        tone: Tone = "plain",
        align: Align | None = None,
        link: bool = False,
        **more: Any,
    ) -> Format:
        """Give the workbook's one format of this look; `more` is in XlsxWriter's words (bold, border, …)."""
        key = style_look, part, kind, tone, align, link, tuple(sorted(more.items())) if more else ()
        made = self._styles.get(key)
        if made is None:
            made = self._styles[key] = self.workbook.add_format(_properties(*key))
        return made

    def sheet(self, name: str, paper: Look, *, landscape: bool = False) -> Worksheet:
        """Add a sheet, set up for A4 with page numbers and the file's name at the foot."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        inch = 25.4
        # The binding edge: left on an upright page, top on a lying one.
        left, top = (15, 25) if landscape else (25, 18)
        sheet.set_margins(left=left / inch, right=15 / inch, top=top / inch, bottom=18 / inch)
        sheet.center_horizontally()
        font = look.FONTS[paper]
        foot = f'&L&"{font}"&8&F&C&"{font}"&8第 &P 页 共 &N 页'
        sheet.set_footer(foot, {"margin": 8 / inch, "scale_with_doc": False})
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: CellValue,
        style_look: Look,
        part: Part = "body",
        kind: Kind = "text",
        align: Align | None = None,
        **more: Any,
    ) -> None:
        """Write one value in its style; text stays text, a blank stays blank, a Decimal turns float only here."""
        tone: Tone = "plain"
        if isinstance(value, Toned):
            tone, value = value.tone, value.value
        style = self.style(style_look, part, kind, tone, align, isinstance(value, Link), **more)
        self.put(sheet, row, column, value, style, kind)

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, style: Format, kind: Kind) -> None:
        """Write one value in a style of this book."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, look.safe_text(value), style)
        elif isinstance(value, Formula):
            result = value.value if isinstance(value.value, str) else _as_float(value.value)
            result = "" if result is None else result
            sheet.write_formula(row, column, value.text, style, result)
        elif isinstance(value, Link):
            self._write_link(sheet, row, column, value, style)
        elif isinstance(value, date):
            self._write_date(sheet, row, column, value, style)
        elif (number := _as_float(value, 100 if kind == "percent" else 1)) is None:
            sheet.write_string(row, column, look.safe_text(f"{value:.9g}"), style)
        else:
            sheet.write_number(row, column, number, style)

    def _write_date(self, sheet: Worksheet, row: int, column: int, value: date, style: Format) -> None:
        if value.year < 1900:  # before Excel's calendar begins
            sheet.write_string(row, column, value.isoformat(), style)
        else:
            sheet.write_datetime(row, column, value, style)

    def _write_link(self, sheet: Worksheet, row: int, column: int, link: Link, style: Format) -> None:
        text = look.safe_text(link.text)
        used = self._links.get(sheet.name, 0)
        if used >= _MOST_LINKS or len(link.target) > _LONGEST_LINK or len(text) > 255:
            sheet.write_string(row, column, text, style)
            return
        self._links[sheet.name] = used + 1
        sheet.write_url(row, column, link.target, style, text)

    def span(
        self,
        sheet: Worksheet,
        row: int,
        columns: tuple[int, int],
        value: CellValue,
        style_look: Look,
        part: Part = "body",
        kind: Kind = "text",
        align: Align | None = None,
        *,
        last_row: int | None = None,
        **more: Any,
    ) -> None:
        """Write a value over several columns (first, last) and rows, merged."""
        first, last = columns
        bottom = row if last_row is None else last_row
        if (row, first) == (bottom, last):
            self.write(sheet, row, first, value, style_look, part, kind, align, **more)
            return
        tone, bare = (value.tone, value.value) if isinstance(value, Toned) else ("plain", value)
        style = self.style(style_look, part, kind, tone, align, **more)
        if bare is None or isinstance(bare, str):
            sheet.merge_range(row, first, bottom, last, look.safe_text(bare or ""), style)
            return
        sheet.merge_range(row, first, bottom, last, "", style)
        if isinstance(bare, Link):
            style = self.style(style_look, part, kind, tone, align, link=True, **more)
        self.put(sheet, row, first, bare, style, kind)


@lru_cache(maxsize=1024)
def _properties(
    style_look: Look, part: Part, kind: Kind, tone: Tone, align: Align | None, link: bool, more: tuple[Any, ...]
) -> dict[str, Any]:
    """Describe a format in XlsxWriter's words, once in a process; colours are parsed here, not for every workbook."""
    described = {**look.cell_format(style_look, part, kind, tone, align), **dict(more)}
    if link:
        described |= {"font_color": look.ACCENT, "underline": 1}
    return {name: Color(value) if name.endswith("_color") else value for name, value in described.items()}


def _as_float(value: Decimal | int | float, by: int = 1) -> float | None:
    """Return a number as a sheet can hold it, None for one that it can't: no sheet has infinities."""
    try:
        number = float(value / by)
    except (ArithmeticError, ValueError):
        return None
    return number if isfinite(number) and abs(number) < _LARGEST else None


@contextmanager
def new_book(target: Path | BytesIO, title: str, *, row_by_row: bool = False) -> Iterator[Book]:
    """Open a workbook for writing at `target`; on leaving it is written, with the same bytes each time.

    `row_by_row` keeps one row of a sheet in memory at a time, in a temporary file the others: for sheets without
    charts and Excel tables that are written from the top to the bottom. Raises OSError.
    """
    how = "constant_memory" if row_by_row else "in_memory"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, how: True}
    whole = BytesIO()  # a file would be gone to and fro in for every part
    straight = row_by_row or isinstance(target, BytesIO)
    workbook = Workbook(target if straight else whole, options)
    workbook.set_properties({"title": look.safe_text(title), "author": "evalbatch", "created": CREATED})
    yield Book(workbook)
    workbook.close()
    if isinstance(target, Path) and not straight:
        target.write_bytes(whole.getbuffer())
