"""A scheme workbook in, rows by column title out; what is wrong is gathered with its cell, and refused together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook
from rapidfuzz import fuzz, process

from evalbatch.intake.preflight import preflight, workbook_kind
from evalbatch.model import Cell, Refused
from evalbatch.scoring.words import amount, show
from evalbatch.text.folding import one_width
from evalbatch.xlsx.limits import BUREAUS
from evalbatch.xlsx.refusals import too_large
from evalbatch.xlsx.scanned_package import Package

T = TypeVar("T")
_SHOWN = 5
_HEADER_WITHIN = 10
_MISSPELT = 70
"""A title this like one that is missing, in percent, is taken for it misspelt."""


Fault = tuple[str, str, str]
"""What is wrong with a scheme: its place, what is there, and what to do."""


@dataclass
class Book:
    """A scheme workbook being read, and the faults found in it so far.

    `columns` are those of each sheet read, by title; `read_rows` how many rows each has; `made` the rows at which
    each sheet makes a name known: a setting, a threshold, a code, a grade, a tier.
    """

    file: str
    data: bytes
    faults: list[Fault] = field(default_factory=list)
    columns: dict[str, Mapping[str, int]] = field(default_factory=dict)
    read_rows: dict[str, int] = field(default_factory=dict)
    made: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            _refuse_what_calamine_cannot_bear(self.data)
        except Refused as refused:
            raise Refused(
                f"评分方案 {self.file} 打不开：{refused.message}", remedy="请用 Excel 或 WPS 打开后另存为 .xlsx。"
            ) from None
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(self.data))
        except (CalamineError, OSError, ValueError) as error:
            raise Refused(
                f"评分方案 {self.file} 打不开：不是可读的 Excel 工作簿。",
                remedy="请用 Excel 或 WPS 打开后另存为 .xlsx。",
            ) from error

    @property
    def sheet_names(self) -> Sequence[str]:
        """The names of all its sheets."""
        return tuple(self._book.sheet_names)

    def is_empty(self, sheet: str) -> bool:
        """Tell whether a sheet holds nothing."""
        lines = self._book.get_sheet_by_name(sheet).to_python()
        return not any(value not in ("", None) for line in lines for value in line)

    def place(self, sheet: str, row: int, title: str) -> str:
        """Name the cell under a title."""
        return f"工作表“{sheet}”{Cell(sheet, row, self.columns.get(sheet, {}).get(title, 0) + 1).address}"

    def make_known(self, sheet: str, word: str, row: int) -> None:
        """Note at which row a name stands, so that it can be found, and one written twice be told."""
        self.made.setdefault(sheet, {}).setdefault(word, []).append(row)

    def place_of(self, sheet: str, word: str, title: str) -> str:
        """Name the cell under a title in the last row that makes a name known."""
        return self.place(sheet, self.made.get(sheet, {}).get(word, [1])[-1], title)

    def has(self, sheet: str) -> bool:
        """Tell whether there is a sheet of that name."""
        return sheet in self._book.sheet_names

    def rows(self, sheet: str, titles: Sequence[str], compulsory: Sequence[str]) -> Iterator["Row"]:
        """Yield the filled rows under the header, which is the first row with the compulsory titles.

        Columns come in any order, strange ones are the clerk's own; a missing compulsory one is a fault.
        """
        if not self.has(sheet):
            return
        lines = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        at, columns = _header(lines, {_key(title): title for title in titles}, compulsory[0])
        if missing := [title for title in compulsory if title not in columns]:
            place = f"工作表“{sheet}”A{at + 1}"
            self.faults.append((place, f"表头缺少“{'”“'.join(missing)}”栏", f"请在表头行补上：{'、'.join(compulsory)}"))
            return
        self.columns[sheet] = columns
        self.faults += _misspelt(sheet, at, lines[at], columns, titles)
        for number, line in enumerate(lines[at + 1 :], at + 2):
            values = {title: line[n] for title, n in columns.items() if n < len(line) and line[n] not in ("", None)}
            if values:
                self.read_rows[sheet] = self.read_rows.get(sheet, 0) + 1
                yield Row(self, sheet, number, columns, values)

    def refuse_faults(self) -> None:
        """Raise Refused when anything was wrong, naming each place, the first with its remedy."""
        if not self.faults:
            return
        shown = "；".join(f"{place}：{what}" for place, what, _ in self.faults[:_SHOWN])
        rest = f"；另有 {len(self.faults) - _SHOWN} 处" if len(self.faults) > _SHOWN else ""
        remedies = dict.fromkeys(remedy for _, _, remedy in self.faults[:_SHOWN])
        raise Refused(f"评分方案 {self.file} 有误：{shown}{rest}。", remedy="；".join(remedies) + "。")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet; reading a cell that doesn't fit enters a fault and gives the stand-in."""

    book: Book
    sheet: str
    number: int
    columns: Mapping[str, int]
    values: Mapping[str, object]

    def fault(self, title: str, what: str, remedy: str) -> None:
        """Enter a fault at the cell under a title."""
        cell = Cell(self.sheet, self.number, self.columns.get(title, 0) + 1).address
        self.book.faults.append((f"工作表“{self.sheet}”{cell}", what, remedy))

    def text(self, title: str) -> str:
        """Return the cell as text, "" when blank."""
        return _text(self.values.get(title))

    def words(self, title: str) -> tuple[str, ...]:
        """Return the words of a cell that are separated by 、 or ; or line breaks."""
        text = self.text(title).replace("；", "、").replace(";", "、").replace("\n", "、")
        return tuple(word for piece in text.split("、") if (word := piece.strip()))

    def need(self, title: str) -> str:
        """Return the cell as text; a blank one is a fault."""
        if not (text := self.text(title)):
            self.fault(title, f"“{title}”没有填写", f"请填写“{title}”")
        return text

    def number_of(self, title: str, lowest: Decimal = Decimal(0)) -> Decimal | None:
        """Return the cell's number, None when blank; anything else, or less than `lowest`, is a fault."""
        if not (text := self.text(title)):
            return None
        number = amount(text)
        if number is None or number < lowest:
            self.fault(
                title, f"“{title}”写的是“{text}”，应是不小于 {show(lowest)} 的数字", f"请在“{title}”填数字，如 10"
            )
            return None
        return number

    def percent_of(self, title: str) -> Decimal | None:
        """Return a percentage as points: 80 and 80% are 80; a cell formatted as a percentage can't be told from 0.8."""
        number, text = self.number_of(title), self.text(title)
        if number is None or "%" in one_width(text):
            return None if number is None else number * 100
        if 0 < number <= 1:
            self.fault(
                title,
                f"“{title}”存的是 {text}，分不清是百分之几",
                f"请按百分数填写“{title}”，80% 填 80，单元格用常规格式",
            )
        return number

    def choice(self, title: str, options: Mapping[str, T], otherwise: T) -> T:
        """Return what the cell's word stands for; a word that is no option is a fault."""
        text = "".join(self.text(title).split())
        if not text:
            return otherwise
        if text not in options:
            self.fault(title, f"“{title}”写的是“{text}”", f"“{title}”请填：{'、'.join(options)}")
            return otherwise
        return options[text]

    def day(self, title: str) -> date | None:
        """Return the cell's date, None when blank."""
        value = self.values.get(title)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value is None:
            return value
        digits = "".join(ch if ch.isdigit() else " " for ch in _text(value)).split()
        try:
            return date(*map(int, digits))
        except (TypeError, ValueError):
            self.fault(title, f"“{title}”写的是“{_text(value)}”，不是日期", "请按“2024-12-31”的样子写日期")
            return None

    def read(self, title: str, how: Callable[[str], T]) -> T | None:
        """Return what `how` makes of the cell's text, None when blank; a ValueError of it is a fault in its words."""
        if not (text := self.text(title)):
            return None
        try:
            return how(text)
        except ValueError as error:
            self.fault(title, f"“{title}”写的是“{text}”：{error}", "请对照“说明”工作表改正")
            return None


def _misspelt(
    sheet: str, at: int, header: Sequence[object], columns: Mapping[str, int], titles: Sequence[str]
) -> Iterator[Fault]:
    """Say of each title that is nearly one of ours, which is missing, or that stands twice, what it may have been."""
    absent = [title for title in titles if title not in columns]
    taken = set(columns.values())
    for n, written in enumerate(header):
        if n in taken or not isinstance(written, str) or not written.strip():
            continue
        place = f"工作表“{sheet}”{Cell(sheet, at + 1, n + 1).address}"
        if _key(written) in map(_key, columns):
            yield place, f"“{written.strip()}”栏写了不止一次", "请只留一栏"
        elif near := process.extractOne(_key(written), absent, scorer=fuzz.ratio, score_cutoff=_MISSPELT):
            yield place, f"没有“{written.strip()}”这一栏", f"是否为“{near[0]}”？自己加的栏请换一个不相近的名称"


def _header(lines: Sequence[Sequence[object]], wanted: Mapping[str, str], first: str) -> tuple[int, dict[str, int]]:
    """Find the header's position among the first rows, and its columns by title; none found: the first row."""
    for at, line in enumerate(lines[:_HEADER_WITHIN]):
        titles = {n: _key(cell) for n, cell in enumerate(line) if isinstance(cell, str)}
        columns: dict[str, int] = {}
        for n, title in titles.items():
            if title in wanted:
                columns.setdefault(wanted[title], n)
        if first in columns:
            return at, columns
    return 0, {}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return show(Decimal(repr(value)))
    return str(value).strip()


def _refuse_what_calamine_cannot_bear(data: bytes) -> None:
    """Refuse a workbook in which a cell lies far out: calamine builds the whole table, and ends the process over it."""
    preflight(data, BUREAUS)
    if workbook_kind(data, BUREAUS) != "xlsx" or (package := Package(data, BUREAUS)).binary:
        return
    for entry, sheet in package.raw_sheets():
        rows, columns = (max((place[at] for place in sheet.cells), default=0) for at in (0, 1))
        if rows * columns > BUREAUS.area:
            raise too_large(f"工作表“{entry.name[:31]}”写到第{rows}行、第{columns}列")


def _key(title: str) -> str:
    return "".join(one_width(title).split())
