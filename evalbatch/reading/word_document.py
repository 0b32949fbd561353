"""A .docx in, its paragraphs and tables out: what is shown; nothing is fetched, run or believed.

The package is held to intake's limits. Its one XML part is streamed through defusedxml: python-docx would build a
tree with lxml for it, and leaves text boxes out, in which covers often have their figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException

from evalbatch.reading.drawn_table import Block, DrawnTable, Line, TableCell
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, too_large
from evalbatch.xlsx.scanned_package import Package

MB = 1024 * 1024
LONGEST = 2_000_000
"""Characters of a document; a long report has 30,000."""
WIDEST = 200
"""Columns of a table; Word has 63."""
SKIPPED = frozenset({"Fallback", "moveFrom", "del", "instrText"})
"""Second copies of text boxes, text moved or taken away, and field codes."""
BREAKS = frozenset({"br", "cr"})


class Document(Package):
    """A word processor's document opened within limits; its main part is a document, not a workbook."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        super().__init__(data, replace(limits, part_bytes=min(limits.part_bytes, 40 * MB)))

    def main_part(self) -> str:
        """Name the document's main part."""
        for kind, target in self.relations("").values():
            if kind.endswith("/officeDocument") and target in self:
                return target
        if "word/document.xml" in self:
            return "word/document.xml"
        raise damaged("其中没有正文")


def lines_of(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Return a document's lines in order, a row of a table as one line with | between its cells.

    Raises Refused F01, F02 or F04 for what is damaged, encrypted or beyond a limit.
    """
    lines: list[str] = []
    for part in _scanned(data, limits).parts:
        lines += part.split("\n") if isinstance(part, str) else map(_row_text, part.rows)
    return tuple(line for line in lines if line.strip(" |"))


def blocks_of(data: bytes, limits: Limits) -> tuple[Block, ...]:
    """Return a document's lines and tables in order, a table inside a cell after the one it stands in.

    A row's place is 表1第5行, tables counted through the document. Raises Refused as lines_of does.
    """
    blocks: list[Block] = []
    count = 0
    for part in _scanned(data, limits).parts:
        if isinstance(part, str):
            blocks += [Line((line,), f"表{count + 1}上方") for line in part.split("\n") if line.strip()]
        else:
            for table in part.with_inner():
                count += 1
                blocks.append(_drawn(table, f"表{count}"))
    return tuple(blocks)


# ---------------------------------------------------------------- what the part holds


@dataclass
class _Cell:
    """One cell as written: `shown` its own paragraphs, `said` with those of tables inside it."""

    shown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    columns: int = 1
    under: bool = False
    """Goes on from the cell above."""
    beside: bool = False
    """Goes on from the cell on its left."""
    tables: list["_Table"] = field(default_factory=list)


@dataclass
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    skipped: int = 0
    """Columns left out before its first cell."""


@dataclass
class _Table:
    rows: list[_Row] = field(default_factory=list)

    def with_inner(self) -> Iterator["_Table"]:
        """Yield the table, and those inside its cells; no table is nested deeper than the file says."""
        waiting = [self]
        while waiting:
            table = waiting.pop(0)
            yield table
            waiting[:0] = [inner for row in table.rows for cell in row.cells for inner in cell.tables]


def _row_text(row: _Row) -> str:
    return "|".join("".join(cell.said) for cell in row.cells)


def _drawn(table: _Table, name: str) -> DrawnTable:
    cells: list[TableCell] = []
    above: dict[int, int] = {}
    """The column in which a cell begins, to where in `cells` it is, for the row before."""
    widest = 1
    for at, row in enumerate(table.rows, 1):
        column, own = row.skipped + 1, {}
        last = -1
        for cell in row.cells:
            if cell.beside and last >= 0:
                cells[last] = replace(cells[last], columns=cells[last].columns + cell.columns)
            elif cell.under and column in above:
                last = above[column]
                cells[last] = replace(cells[last], rows=at - cells[last].row + 1)
                own[column] = last
            else:
                last = own[column] = len(cells)
                cells.append(TableCell(at, column, "\n".join(cell.shown).strip("\n"), columns=cell.columns))
            column += cell.columns
        above, widest = own, max(widest, column - 1)
    return DrawnTable(tuple(cells), widest, tuple(f"{name}第{at}行" for at in range(1, len(table.rows) + 1)))


# ---------------------------------------------------------------- how it is read


def _scanned(data: bytes, limits: Limits) -> "_Scan":
    from defusedxml.sax import parseString  # it brings a web client along, and few runs have reports

    document = Document(data, limits)
    scan = _Scan()
    try:
        parseString(document.part(document.workbook) or b"", scan, forbid_dtd=True)
    except (SAXException, DefusedXmlException, ValueError) as error:
        raise damaged("正文不是有效的XML，文件可能已损坏") from error
    return scan


class _Scan(ContentHandler):
    """Gathers paragraphs and tables; a text box stands in a paragraph of its own, an inner table in its cell."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str | _Table] = []
        self.paragraphs: list[list[str]] = []
        self.tables: list[_Table] = []
        self.skipping = 0
        self.in_text = False
        self.length = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's own names
        """Open a paragraph, a table, a row, a cell or a piece of text."""
        local = name.rpartition(":")[2]
        if local in SKIPPED or self.skipping:
            self.skipping += 1
        elif local == "p":
            self.paragraphs.append([])
        elif local == "tbl":
            self._open_table()
        elif local == "t":
            self.in_text = True
        elif self.paragraphs and local in BREAKS:
            self.paragraphs[-1].append("\n")
        elif self.paragraphs and local == "tab":
            self.paragraphs[-1].append(" ")
        elif self.tables:
            self._in_table(self.tables[-1], local, _value(attrs))

    def endElement(self, name: str) -> None:  # noqa: N802
        """Close it again: a paragraph's text goes to its cell, or is a part by itself."""
        local = name.rpartition(":")[2]
        if self.skipping:
            self.skipping -= 1
        elif local == "t":
            self.in_text = False
        elif local == "p" and self.paragraphs:
            self._write("".join(self.paragraphs.pop()))
        elif local == "tbl" and self.tables:
            self._close_table(self.tables.pop())

    def characters(self, content: str) -> None:
        """Take text that is shown."""
        if self.in_text and self.paragraphs and not self.skipping:
            self.length += len(content)
            if self.length > LONGEST:
                raise too_large(f"正文超过{LONGEST}字")
            self.paragraphs[-1].append(content)

    def _open_table(self) -> None:
        table = _Table()
        if cell := self._cell():
            cell.tables.append(table)
        else:
            self.parts.append(table)
        self.tables.append(table)

    def _close_table(self, table: _Table) -> None:
        """What a table inside a cell says belongs to that cell's text too."""
        if cell := self._cell():
            cell.said += [_row_text(row).replace("\n", " ") for row in table.rows]

    def _in_table(self, table: _Table, local: str, value: str) -> None:
        row = table.rows[-1] if table.rows else None
        cell = row.cells[-1] if row and row.cells else None
        if local == "tr":
            table.rows.append(_Row())
        elif local == "tc" and row:
            row.cells.append(_Cell())
        elif local == "gridBefore" and row:
            row.skipped = _count(value, 0)
        elif local == "gridSpan" and cell:
            cell.columns = _count(value, 1)
        elif local == "vMerge" and cell:
            cell.under = value != "restart"
        elif local == "hMerge" and cell:
            cell.beside = value != "restart"

    def _cell(self) -> _Cell | None:
        """Return the innermost cell that is open."""
        rows = self.tables[-1].rows if self.tables else ()
        return rows[-1].cells[-1] if rows and rows[-1].cells else None

    def _write(self, text: str) -> None:
        if cell := self._cell():
            cell.said.append(text.replace("\n", " "))
            cell.shown.append(text)
        elif not self.tables:
            self.parts.append(text)


def _value(attrs: AttributesImpl) -> str:
    return next((value for name, value in attrs.items() if name.rpartition(":")[2] == "val"), "")


def _count(value: str, least: int) -> int:
    return min(max(int(value), least), WIDEST) if value.isascii() and value.isdigit() and len(value) < 6 else least
