"""An OpenDocument workbook in, what it stores out: its file writes down the text that each cell shows."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, encrypted, too_large
from evalbatch.xlsx.sheet_xml import LAST_COLUMN, LAST_ROW, Budget, Place
from evalbatch.xlsx.xml_parts import new_parser, parse
from evalbatch.xlsx.zipped import Zip

VALUES = ("office:value", "office:date-value", "office:time-value", "office:boolean-value")


class OdsCell(NamedTuple):
    """One cell as stored: its type ("float", "percentage", "date", …, "" for none), value and shown text."""

    kind: str
    value: str
    shown: str
    formula: bool


@dataclass(slots=True)
class OdsSheet:
    """One sheet as stored."""

    name: str
    style: str
    visible: bool = True
    cells: dict[Place, OdsCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def ods_sheets(data: bytes, limits: Limits) -> list[OdsSheet]:
    """The sheets of a workbook's content.xml; raises Refused F01, F02 or F04."""
    opened = Zip(io.BytesIO(data), limits.parts)
    opened.check_sizes(limits)
    parts = {member.filename: opened.read(member) for member in opened.members if not member.is_dir()}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise encrypted()
    if "content.xml" not in parts:
        raise damaged("其中没有工作簿内容")
    scan = _Scan(limits)
    parse(scan.parser, parts["content.xml"], limits)
    if not scan.sheets:
        raise damaged("其中没有任何工作表")
    for sheet in scan.sheets:
        sheet.visible = sheet.style not in scan.hidden
    return scan.sheets


class _Scan:
    """One pass over content.xml; repeated blank cells and rows cost nothing, repeated filled ones are counted."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self.sheets: list[OdsSheet] = []
        self.hidden: set[str] = set()
        self.style = ""
        self.row = self.column = 0
        self.rows = 1
        self.cell: dict[str, str] | None = None
        self.aside = self.written = 0
        self.lines: list[list[str]] = []
        self.filled: list[tuple[int, int, OdsCell]] = []
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "style:style": self.on_style,
            "style:table-properties": self.on_table_properties,
            "table:table": self.on_table,
            "table:table-row": self.on_row,
            "table:table-cell": self.on_cell,
            "table:covered-table-cell": self.on_covered,
            "text:p": self.on_line,
            "text:s": self.on_blanks,
            "text:line-break": self.on_break,
            "office:annotation": self.on_aside,
        }
        self.ends = {
            "table:table-row": self.end_row,
            "table:table-cell": self.end_cell,
            "office:annotation": self.end_aside,
        }
        self.parser = new_parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.on_text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Hand an element to its handler; what a note beside a cell says is not the cell's."""
        if name in self.starts and (not self.aside or name == "office:annotation"):
            self.starts[name](attributes)

    def end(self, name: str) -> None:
        """Hand the end of an element to its handler."""
        if name in self.ends:
            self.ends[name]()

    def on_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("style:name", "")

    def on_table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self.hidden.add(self.style)

    def on_table(self, attributes: dict[str, str]) -> None:
        if self.cell is not None:
            raise damaged("单元格中又有表格")
        if len(self.sheets) >= self.limits.sheets:
            raise too_large(f"工作表超过{self.limits.sheets}个")
        self.sheets.append(OdsSheet(attributes.get("table:name", ""), attributes.get("table:style-name", "")))
        self.row, self.rows = 1, 0

    def on_row(self, attributes: dict[str, str]) -> None:
        self.row += self.rows
        if not self.row <= LAST_ROW:
            raise damaged("行数超出工作表范围")
        self.rows = _times(attributes, "table:number-rows-repeated")
        self.column, self.filled = 1, []

    def on_cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.lines = attributes, []
        self.budget.cells += 1

    def on_covered(self, attributes: dict[str, str]) -> None:
        self.column += _times(attributes, "table:number-columns-repeated")

    def on_line(self, _: dict[str, str]) -> None:
        self.lines.append([])

    def on_blanks(self, attributes: dict[str, str]) -> None:
        self.on_text(" " * min(_times(attributes, "text:c"), 1000))

    def on_break(self, _: dict[str, str]) -> None:
        self.on_text("\n")

    def on_aside(self, _: dict[str, str]) -> None:
        self.aside += 1

    def end_aside(self) -> None:
        self.aside -= 1

    def on_text(self, text: str) -> None:
        if self.cell is not None and self.lines and not self.aside:
            self.lines[-1].append(text)
            self.written += len(text)
            if self.written > self.limits.text_chars:
                raise too_large(f"文字超过{self.limits.text_chars}个")

    def end_cell(self) -> None:
        attributes, self.cell = self.cell or {}, None
        times = _times(attributes, "table:number-columns-repeated")
        cell = OdsCell(
            attributes.get("calcext:value-type") or attributes.get("office:value-type", ""),
            next((attributes[name] for name in VALUES if name in attributes), ""),
            "\n".join(map("".join, self.lines)),
            "table:formula" in attributes,
        )
        if cell.shown or cell.kind or cell.formula:
            self.filled.append((self.column, times, cell))
        down, across = (
            _times(attributes, "table:number-rows-spanned"),
            _times(attributes, "table:number-columns-spanned"),
        )
        if (down > 1 or across > 1) and self.sheets:
            self.on_merge(down, across)
        self.column += times

    def on_merge(self, down: int, across: int) -> None:
        merges = self.sheets[-1].merges
        if len(merges) >= self.limits.merges:
            raise too_large(f"合并区域超过{self.limits.merges}个")
        merges.append((self.row, self.column, self.row + down - 1, self.column + across - 1))

    def end_row(self) -> None:
        if not self.sheets:
            return
        for column, times, cell in self.filled:
            self.budget.filled += self.rows * times
            self.budget.chars += self.rows * times * len(cell.shown)
            self.budget.check()
            if column + times - 1 > LAST_COLUMN or self.row + self.rows - 1 > LAST_ROW:
                raise damaged("单元格超出工作表范围")
            for row in range(self.row, self.row + self.rows):
                for at in range(column, column + times):
                    self.sheets[-1].cells[row, at] = cell


def _times(attributes: dict[str, str], name: str) -> int:
    """How often something is repeated, once where nothing is said."""
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
