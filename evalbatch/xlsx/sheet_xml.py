"""One worksheet part in, its written cells out: a single pass that never builds a tree and believes no <dimension>."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, too_large
from evalbatch.xlsx.text_runs import LOOKS, Run
from evalbatch.xlsx.xml_parts import new_parser, parse

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})").fullmatch
PICTURE = re.compile(r"(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.I).match
Place = tuple[int, int]
Range = tuple[int, int, int, int]
Kind = Literal["n", "s", "b", "e", "d", "p", ""]
KINDS: dict[str, Kind] = {"b": "b", "e": "e", "d": "d"}


class RawCell(NamedTuple):
    """One cell as stored: "n" number, "s" text, "b" boolean, "e" error, "d" ISO date, "p" picture placed in the cell.

    "" is a formula without result. The value of "p" is the number of the cell's rich value, "" without one.
    """

    kind: Kind
    value: str
    style: int


@dataclass(slots=True)
class RawSheet:
    """One worksheet as stored: every cell that holds something, the merged ranges, and what is hidden of the cells.

    `filters` are the ranges of filters that are set: a row hidden there is only filtered away. A row of a group that is
    folded up is not hidden either: a sign at the margin shows it.
    """

    cells: dict[Place, RawCell] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filters: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class Budget:
    """What a workbook has used of its limits so far, over all its sheets."""

    limits: Limits
    cells: int = 0
    filled: int = 0
    chars: int = 0

    def take(self, value: str) -> None:
        """Count one filled cell; raise Refused F04 once a limit is passed."""
        self.filled += 1
        self.chars += len(value)
        if self.filled > self.limits.filled_cells or self.chars > self.limits.text_chars:
            self.check()

    def check(self) -> None:
        """Raise Refused F04 once a limit is passed."""
        for used, most, what in (
            (self.cells, self.limits.cells, "单元格"),
            (self.filled, self.limits.filled_cells, "已填单元格"),
            (self.chars, self.limits.text_chars, "文字"),
        ):
            if used > most:
                raise too_large(f"{what}超过{most}个")


@lru_cache(maxsize=1 << 16)
def place_of(reference: str) -> Place:
    """(row, column) of an A1 reference; raises Refused F01 where no sheet has such a cell.

    >>> place_of("AB14")
    (14, 28)
    """
    match = REFERENCE(reference)
    if match:
        column = 0
        for letter in match[1].upper():
            column = column * 26 + ord(letter) - 64
        row = int(match[2])
        if 1 <= row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    raise damaged(f"单元格地址“{reference[:20]}”不存在")


def range_of(reference: str) -> Range:
    """(first row, first column, last row, last column) of a range such as B2:D4."""
    first, _, last = reference.partition(":")
    top, left = place_of(first)
    bottom, right = place_of(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


class _Scan:
    """The pass itself: a cell is kept when the next one starts, for only then is it complete."""

    def __init__(self, strings: Sequence[str], budget: Budget) -> None:
        self.sheet = RawSheet()
        self.root = ""
        self.strings = strings
        self.budget = budget
        self.row = self.column = 0
        self.cell: dict[str, str] | None = None
        self.formula = self.phonetic = self.hidden = False
        self.formulas: list[str] = []
        self.text: list[str] | None = None
        self.run: Run | None = None
        self.filter = ""
        self.parser: Any = new_parser()
        self.parser.StartElementHandler = self.begin

    def begin(self, name: str, _: dict[str, str]) -> None:
        """The root element: its prefix is the prefix of all that follow."""
        prefix, colon, self.root = name.rpartition(":")
        handlers: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self.on_cell,
            "v": self.on_value,
            "is": self.on_inline,
            "t": self.on_text,
            "f": self.on_formula,
            "row": self.on_row,
            "rPh": self.on_phonetic,
            "mergeCell": self.on_merge,
            "r": self.on_run,
            **{part: partial(self.on_look, part) for part in LOOKS},
            "col": self.on_column,
            "autoFilter": self.on_filter,
            "filterColumn": self.on_filter_column,
        }
        find = {prefix + colon + local: handler for local, handler in handlers.items()}.get

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = find(name)
            if handler is not None:
                handler(attributes)

        self.parser.StartElementHandler = start if self.root == "worksheet" else None

    def on_row(self, attributes: dict[str, str]) -> None:
        self.keep()
        self.budget.check()
        reference = attributes.get("r")
        self.row = self.row + 1 if reference is None else _row_number(reference)
        self.column = 0
        self.hidden = is_hidden(attributes, "ht") and attributes.get("outlineLevel", "0") == "0"
        if self.row > LAST_ROW:
            raise damaged(f"行号{self.row}超出工作表范围")

    def on_column(self, attributes: dict[str, str]) -> None:
        ends = attributes.get("min", ""), attributes.get("max", "")
        proper = all(end.isdecimal() and len(end) < 6 for end in ends)
        if is_hidden(attributes, "width") and proper and len(self.sheet.hidden_columns) < LAST_COLUMN:
            self.sheet.hidden_columns.append((int(ends[0]), int(ends[1])))

    def on_filter(self, attributes: dict[str, str]) -> None:
        self.filter = attributes.get("ref", "")

    def on_filter_column(self, _: dict[str, str]) -> None:
        if self.filter:
            self.sheet.filters.append(range_of(self.filter))
            self.filter = ""

    def on_cell(self, attributes: dict[str, str]) -> None:
        if self.text is not None or self.formula:
            self.keep()
        self.cell = attributes
        self.budget.cells += 1
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            if self.column > LAST_COLUMN:
                raise damaged(f"第{self.row}行的单元格超出工作表范围")
        else:
            self.row, self.column = place_of(reference)

    def on_formula(self, _: dict[str, str]) -> None:
        if self.cell is not None:
            self.formula = True
            self.parser.CharacterDataHandler = self.formulas.append
            self.parser.EndElementHandler = self.end_formula

    def end_formula(self, _: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def on_phonetic(self, _: dict[str, str]) -> None:
        """A reading aid above the text: no part of it."""
        self.phonetic = True
        self.parser.EndElementHandler = self.end_phonetic

    def end_phonetic(self, name: str) -> None:
        if name.rpartition(":")[2] == "rPh":
            self.phonetic = False
            self.parser.EndElementHandler = None

    def on_merge(self, attributes: dict[str, str]) -> None:
        self.keep()
        if len(self.sheet.merges) >= self.budget.limits.merges:
            raise too_large(f"合并区域超过{self.budget.limits.merges}个")
        self.sheet.merges.append(range_of(attributes.get("ref", "")))

    def on_value(self, attributes: dict[str, str]) -> None:
        if self.text is None:
            self.on_text(attributes)

    def on_inline(self, _: dict[str, str]) -> None:
        """Text in the cell itself goes before a value beside it."""
        self.text = None

    def on_run(self, _: dict[str, str]) -> None:
        """A part of the text with a look of its own."""
        if self.cell is not None:
            self.run = self.run or Run()
            self.run.begin()

    def on_look(self, part: str, attributes: dict[str, str]) -> None:
        if self.run is not None:
            self.run.take(part, attributes)

    def on_text(self, _: dict[str, str]) -> None:
        if self.cell is None or self.phonetic:
            return
        if self.text is None:
            self.text = []
        self.parser.CharacterDataHandler = self.text.append if self.run is None else self.run.pieces.append
        self.parser.EndElementHandler = self.end_text

    def end_text(self, _: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None
        if self.run is not None:
            self.run.end()

    def keep(self) -> None:
        """Keep the cell that has just been read, if it holds anything."""
        cell, text, run = self.cell, self.text, self.run
        self.cell = self.run = None
        if cell is None or (text is None and not self.formula):
            return
        stored = None if text is None else "".join(text) if run is None else run.text()
        kind, value = value_of(cell.get("t", "n"), stored, self.strings)
        if (kind == "e" and "vm" in cell) or (self.formulas and is_picture("".join(self.formulas))):
            kind, value = "p", cell.get("vm", "")
        if kind or self.formula:
            if self.hidden:
                self.sheet.hidden_rows.add(self.row)
            style = cell.get("s", "0")
            number = int(style) if style.isdecimal() and len(style) < 8 else 0
            self.sheet.cells[self.row, self.column] = RawCell(kind, value, number)
            self.budget.take(value)
        self.text = None
        self.formulas.clear()
        self.formula = self.phonetic = False


def value_of(kind: str, text: str | None, strings: Sequence[str]) -> tuple[Kind, str]:
    """The kind and value of a stored text; the kind is "" where nothing was stored. Raises Refused F01."""
    if kind in ("str", "inlineStr"):
        return ("", "") if text is None else ("s", text)
    if not text or text.isspace():
        return "", ""
    if kind == "s":
        return "s", shared_string(text, strings)
    return KINDS.get(kind, "n"), text.strip()


def shared_string(index: str, strings: Sequence[str]) -> str:
    """The shared string of an index; raises Refused F01 where there is none."""
    try:
        number = int(index)
    except ValueError:
        number = -1
    if not 0 <= number < len(strings):
        raise damaged(f"单元格引用了不存在的共享文字（序号{index[:20]}）")
    return strings[number]


def is_picture(formula: str) -> bool:
    """Whether a formula places a picture in its cell, as WPS's DISPIMG and Excel's IMAGE do."""
    return PICTURE(formula) is not None


def is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or columns are hidden, or drawn so small that nothing is seen; `size` is its attribute."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) == "0"


def _row_number(reference: str) -> int:
    """The number of a row; raises Refused F01 where it is none."""
    if reference.isascii() and reference.isdecimal() and len(reference) < 8 and int(reference) > 0:
        return int(reference)
    raise damaged(f"行号“{reference[:20]}”无效")


def scan_sheet(xml: bytes, strings: Sequence[str], budget: Budget) -> RawSheet | None:
    """Read one sheet part; None for what is no worksheet (a chart or dialog sheet).

    Raises Refused F01 for damage, F04 beyond a limit.
    """
    scan = _Scan(strings, budget)
    parse(scan.parser, xml, budget.limits)
    scan.keep()
    budget.check()
    return scan.sheet if scan.root == "worksheet" else None


def scan_strings(xml: bytes, limits: Limits) -> list[str]:
    """The shared strings in order, their runs joined, reading aids (phonetic runs) left out.

    >>> scan_strings(b"<sst count='9'><si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r></si></sst>", Limits())
    ['a', 'bc']
    """
    strings: list[str] = []
    run = Run()
    parser = new_parser()
    phonetic = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            if not phonetic:
                parser.CharacterDataHandler = run.pieces.append
        elif local == "si":
            run.reset()
        elif local == "r":
            run.begin()
        elif local == "rPh":
            phonetic = True
        elif local in LOOKS:
            run.take(local, attributes)

    def end(name: str) -> None:
        nonlocal phonetic
        parser.CharacterDataHandler = None
        local = name.rpartition(":")[2]
        if local == "t":
            run.end()
        elif local == "si":
            strings.append(run.text())
        elif local == "rPh":
            phonetic = False

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, xml, limits)
    return strings
