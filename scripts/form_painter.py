"""One blank form drawn cell by cell: the house style of forms that are printed, signed and filed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
RULE = "#6B7785"
BAND = "#F4F6F8"
ENTRY = "#FFFBE6"

STYLES: Mapping[str, Mapping[str, Any]] = {
    "annex": {"font_name": "黑体", "font_size": 14, "align": "left"},
    "title": {"font_size": 20, "bold": True, "align": "center"},
    "year": {"font_size": 12, "align": "center"},
    "right": {"align": "right"},
    "note": {"font_size": 9, "align": "left", "text_wrap": True, "valign": "top"},
    "sign": {"align": "left"},
    "version": {"font_size": 8, "font_color": RULE, "align": "left"},
    "head": {"bold": True, "align": "center", "bg_color": BAND, "border": 1, "text_wrap": True},
    "label": {"align": "center", "border": 1, "text_wrap": True},
    "text": {"align": "left", "indent": 1, "border": 1, "text_wrap": True},
    "number": {"align": "center", "border": 1},
}
ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "text": {"align": "left", "text_wrap": True},
    "centre": {"align": "center", "text_wrap": True},
    "long": {"align": "left", "valign": "top", "text_wrap": True},
    "code": {"align": "center", "num_format": "@"},
    "money": {"align": "right", "num_format": "#,##0.00"},
    "count": {"align": "right", "num_format": "#,##0"},
    "rate": {"align": "center", "num_format": "0.00%"},
    "score": {"align": "center", "num_format": "0.00"},
    "weight": {"align": "center", "num_format": "0.##"},
    "date": {"align": "center", "num_format": 'yyyy"年"m"月"d"日"', "shrink": True},
}


class Painter:
    """Draws one form; ranges are A1 texts, a range of several cells is merged."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.formats: dict[tuple[str, str], Format] = {}

    def plain(self, place: str, text: str, style: str, *, height: float | None = None) -> None:
        """Text outside the grid, or inside it in one of STYLES; a row's height where it matters."""
        if height:
            self.sheet.set_row(int("".join(filter(str.isdigit, place.split(":")[0]))) - 1, height)
        self._put(place, text, self._format("plain", style))

    def number(self, place: str, value: float) -> None:
        """A number that the form fixes."""
        self._put(place, value, self._format("plain", "number"))

    def entry(
        self, place: str, text: str = "", style: str = "text", hint: tuple[str, str] = ("", ""), **rule: Any
    ) -> None:
        """A cell that the unit fills in: tinted, unlocked, with a hint and a rule for what may stand there.

        Rules: `options` (a list to choose from), `at_least` and `at_most` (numbers or cells), `dated`. They warn
        and let the unit go on: a real case may be odder than the form foresaw.
        """
        self._put(place, text, self._format("entry", style))
        if hint[0] or rule:
            self.guide(place.split(":")[0], hint, **rule)

    def guide(self, place: str, hint: tuple[str, str] = ("", ""), **rule: Any) -> None:
        """The hint and the rule of one or many entries; cells in a rule are those of the first entry."""
        shown = {"input_title": hint[0], "input_message": hint[1]} if hint[0] else {}
        self.sheet.data_validation(place, {**_condition(rule), **shown})

    def choice(self, place: str, text: str, options: Sequence[str]) -> None:
        """A label of the form that may be chosen anew in rows that the unit inserts."""
        self._put(place, text, self._format("choice", "label"))
        rule = {"validate": "list", "source": list(options), "error_type": "information"}
        self.sheet.data_validation(place.split(":")[0], rule)

    def finish(self, last: str) -> None:
        """Set the page: A4, one page wide, binding edge on the left, page numbers and file name below."""
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.98, right=0.59, top=0.75, bottom=0.75)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(f"A1:{last}")
        self.sheet.set_footer("&L&9&F&C&9第&P页 共&N页")
        self.sheet.hide_gridlines(2)

    def _put(self, place: str, value: str | float, look: Format) -> None:
        if ":" in place:
            self.sheet.merge_range(place, value, look)
        elif value == "":
            self.sheet.write_blank(place, None, look)
        else:
            self.sheet.write(place, value, look)

    def _format(self, kind: str, style: str) -> Format:
        if (kind, style) not in self.formats:
            base: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "border_color": RULE}
            if kind == "entry":
                base |= {"bg_color": ENTRY, "border": 1, "locked": False, **ENTRIES[style]}
            else:
                base |= {**STYLES[style], "locked": kind != "choice"}
            self.formats[kind, style] = self.book.add_format(base)
        return self.formats[kind, style]


def _condition(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The data validation of an entry's rule."""
    if "options" in rule:
        named = "、".join(rule["options"])
        return {"validate": "list", "source": list(rule["options"]), **_warning(f"应为{named}之一，是否仍然保留？")}
    if "dated" in rule:
        return {"validate": "date", "criteria": ">=", "value": rule["dated"], **_warning("请填日期，例如：2024-5-30。")}
    if "at_most" in rule:
        limits = {"criteria": "between", "minimum": 0, "maximum": f"={rule['at_most']}"}
        return {"validate": "decimal", **limits, **_warning("应为数字，不小于0，不超过本行分值。是否仍然保留？")}
    if "at_least" in rule:
        limits = {"criteria": ">=", "value": rule["at_least"]}
        return {"validate": "decimal", **limits, **_warning("应为数字，不带单位，不小于0。是否仍然保留？")}
    return {"validate": "any"}


def _warning(message: str) -> dict[str, str]:
    return {"error_type": "warning", "error_title": "请核对", "error_message": message}


@contextmanager
def open_form(path: Path, name: str, widths: Sequence[float], row_height: float = 21) -> Iterator[Painter]:
    """Open a new workbook with one sheet; it is written when the block ends."""
    strings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, strings) as book:
        book.set_properties({"title": name, "created": datetime(2000, 1, 1)})
        book.formats[0].set_font_name(FONT)
        book.formats[0].set_font_size(10)
        sheet = book.add_worksheet(name)
        sheet.set_default_row(row_height)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        yield Painter(book, sheet)


FIRST_DAY = date(2000, 1, 1)
"""The earliest date that a form's date cells take."""
