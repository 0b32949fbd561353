"""A sheet described: a frozen Table of Columns and values. How it is painted is painter.py's business."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from evalbatch.sheets import look
from evalbatch.sheets.look import Align, Kind, Look, Tone

_SAMPLED_ROWS = 2_000
"""Columns are as wide as this many first rows want."""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell of this workbook or of a file beside it; make it with to_sheet or to_file."""

    text: str
    target: str

    @classmethod
    def to_sheet(cls, text: str, sheet: str, cell: str = "A1") -> "Link":
        """Lead to a cell of a sheet of this workbook.

        >>> Link.to_sheet("见明细", "张三's 表", "C7").target
        "internal:'张三''s 表'!C7"
        """
        return cls(text, f"internal:{quoted(sheet)}!{cell}")

    @classmethod
    def to_file(cls, text: str, path: str, sheet: str | None = None, cell: str = "A1") -> "Link":
        """Lead to a file, its `path` relative to this workbook's folder with "/", and to a cell of it.

        >>> Link.to_file("看", "../returned/a#1.xlsx", "表", "C7").target
        "external:../returned/a%231.xlsx#'表'!C7"
        """
        for sign, escape in (("%", "%25"), ("#", "%23"), (" ", "%20")):
            path = path.replace(sign, escape)
        return cls(text, f"external:{path}" + (f"#{quoted(sheet)}!{cell}" if sheet else ""))


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, with its result for readers that do not compute."""

    text: str
    value: Decimal | int | str


Value = str | int | Decimal | date | None | Link | Formula


@dataclass(frozen=True, slots=True)
class Toned:
    """A value on a coloured ground. The words must say by themselves what the colour says."""

    value: Value
    tone: Tone


CellValue = Value | Toned


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, how wide it may be (a kind of look.WIDTHS), and how its numbers look.

    Numbers of kind "percent" are given in percent (97.21) and stored as Excel wants them (0.9721), formulas
    excepted. `note` is a comment at the header. `paper` False keeps a column to the screen: a link, a key, a hash;
    such columns stand last.
    """

    title: str
    width: str = "text"
    kind: Kind = "text"
    align: Align | None = None
    note: str = ""
    paper: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet with one table: title in A1, subtitle, measure and notes above, one header row, rows.

    `name` is the sheet's name, legal and unique (look.sheet_name). `identifier` makes it an Excel table of
    that name; without it a look of "screen" gets a plain filter. `measure` is the text at the top right,
    such as 单位：万元. `totals` stand under the rows in bold. `closing` lines stand under the table, for
    signatures. `empty` says in words that there are no rows. `landscape` None decides by width. Where `tall` is given,
    a row that wants more than three quarters of so many points is just so tall, and its text is read in the cell.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[CellValue]]
    subtitle: str = ""
    measure: str = ""
    notes: Sequence[str] = ()
    identifier: str = ""
    look: Look = "screen"
    totals: Sequence[Sequence[CellValue]] = ()
    closing: Sequence[str] = ()
    empty: str = "（无）"
    landscape: bool | None = None
    frozen_columns: int = 0
    tall: float | None = None
    back: Link | None = None

    @property
    def printed(self) -> int:
        """How many columns, from the first, go on paper."""
        kept = [place for place, column in enumerate(self.columns, start=1) if column.paper]
        return kept[-1] if kept else len(self.columns)


def column_widths(table: Table) -> tuple[float, ...]:
    """Give each column's width: what its header and cells need, between the bounds of its width kind.

    Where all of them would print too small, columns give way, each as far as it has room: text wraps, and a header is
    wrapped over its numbers; the numbers themselves are never cut.
    """
    sample = [*table.rows[:_SAMPLED_ROWS], *table.totals]
    bounds = [_bounds(column, [row[place] for row in sample]) for place, column in enumerate(table.columns)]
    widths = [width for _, width in bounds]
    room = [width - least if place < table.printed else 0.0 for place, (least, width) in enumerate(bounds)]
    excess = sum(widths[: table.printed]) - look.WIDEST_PRINTED
    if excess <= 0 or not any(room):
        return tuple(widths)
    share = min(1.0, excess / sum(room))
    return tuple(round(width - spare * share, 1) for width, spare in zip(widths, room, strict=True))


def _bounds(column: Column, values: Sequence[CellValue]) -> tuple[float, float]:
    """Give the least width that a column can do with, and the width that it wants."""
    narrowest, widest = look.WIDTHS[column.width]
    longest = max(
        map(look.text_width, {shown_text(value, column.kind) for value in values if value is not None}), default=0
    )
    needed = longest * 1.1 + 3
    header = look.text_width(column.title) + 2  # room for the filter's button
    wanted = float(min(widest, max(narrowest, needed, min(header + 2, narrowest + 8))))
    # LibreOffice wraps no link: its column does not give way either.
    wraps = column.kind == "text" and not any(isinstance(value, Link) for value in values)
    least = narrowest if wraps else max(look.WIDTHS["mark"][0], needed)
    return min(wanted, float(least)), wanted


def shown_text(value: CellValue, kind: Kind) -> str:
    """Give what a person sees of a value, as far as its width matters."""
    if isinstance(value, str):
        return value
    if isinstance(value, Toned):
        value = value.value
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, Link):
        return value.text
    if value is None or isinstance(value, str):
        return value or ""
    return _SHOWN[kind](value)


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    "text": str,
    "int": lambda value: f"{value:,}",
    "money": lambda value: f"{value:,.2f}",
    "points": lambda value: f"{value:.2f}",
    "percent": lambda value: f"{value:.2f}%",
    "date": lambda _value: "2024年12月31日",
}


def quoted(sheet: str) -> str:
    """Write a sheet's name as formulas and links want it.

    >>> quoted("张三's 表")
    "'张三''s 表'"
    """
    return "'" + sheet.replace("'", "''") + "'"
