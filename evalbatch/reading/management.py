"""How the money was managed, between the money and the indicators: 资金管理情况 | 分配科学性 | …

Lines with points are scored like indicators, those in words are named values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from evalbatch.model import Cell, Entry, Indicator
from evalbatch.reading.header import Column, Header
from evalbatch.reading.indicators import IndicatorReader
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.numbers import points_of
from evalbatch.reading.sheet import Sheet

POINTS = ("weight", "score")
BLOCKS = frozenset({"management", "managed"})
"""The label at the side of the block, and those of its lines."""


@dataclass
class Management:
    """The lines of the block, scored ones and named values, and the rows that they take."""

    rows: set[int] = field(default_factory=set)
    indicators: list[Indicator] = field(default_factory=list)
    fields: list[Entry] = field(default_factory=list)


def read_management(sheet: Sheet, rows: Sequence[int], money: Header, lexicon: Lexicon) -> Management:
    """Read the block among the rows between the money, headed by `money`, and whatever comes next."""
    found = Management()
    first = next((row for row in rows if _begins(sheet, row, money, lexicon)), None)
    if first is None:
        return found
    header = _header(sheet, first, [row for row in rows if row >= first], money, lexicon)
    sheet.know(*(cell for row in range(header.top, header.bottom + 1) for cell in sheet.row(row)))
    reader = IndicatorReader(sheet, header, lexicon)
    found.rows = {row for row in reader.read(rows[-1]) if row in rows}
    lines = [indicator for _, indicator in reader.found]
    if header.columns.keys() & set(POINTS):
        found.indicators = lines
    else:
        found.fields = [entry for line in lines for entry in _entries(line, header)]
    return found


def _begins(sheet: Sheet, row: int, money: Header, lexicon: Lexicon) -> bool:
    """Whether the block begins in a row: a label of it, labels of points, or points under the money's columns."""
    cells = sheet.row(row)
    if any(lexicon.find("block", cell.text) in BLOCKS for cell in cells[:2]):
        return True
    if {lexicon.find("indicator", cell.text) for cell in cells} >= set(POINTS):
        return True
    points = [money.value(sheet, row, role) for role in POINTS]
    return all(cell is not None and points_of(cell) is not None for cell in points)


def _header(sheet: Sheet, first: int, rows: Sequence[int], money: Header, lexicon: Lexicon) -> Header:
    """Return the block's columns: those of its own labels, else those of points that the money has."""
    cells = sheet.row(first)
    labels = {cell: role for cell in cells if (role := _role(cell, lexicon))}
    top = first if labels else first - 1
    header = Header("indicator", top, top)
    for cell, role in labels.items():
        column = Column(role, cell.column, sheet.span(cell)[3], cell)
        if role in header.columns:
            header.reasons += [column] if role == "reason" else []
        else:
            header.columns[role] = column
    lines = [row for row in rows if row > top]
    side = next((cell for cell in cells[:1] if _is_side(sheet, cell, lines, lexicon)), None)
    if side is not None:
        header.columns["level1"] = Column("level1", side.column, sheet.span(side)[3], side)
    if not labels:
        header.columns |= {role: money.columns[role] for role in POINTS if _is_pointed(sheet, lines, money, role)}
    taken = sheet.span(side)[3] if side is not None else 0
    names = [cell for row in lines for cell in sheet.row(row) if cell.column > taken][:1]
    for cell in names:
        header.columns["name"] = Column("name", cell.column, sheet.span(cell)[3], cell)
    if not labels and names:
        last = sheet.span(names[0])[3]
        texts = [
            cell for row in lines for cell in sheet.row(row) if cell.column > last and not _in_points(cell, header)
        ]
        for role, place in zip(("actual", "reason"), sorted({cell.column for cell in texts}), strict=False):
            header.columns[role] = Column(role, place, place, texts[0])
    header.left = min((column.first for column in header.columns.values()), default=1)
    return header


def _role(cell: Cell, lexicon: Lexicon) -> str | None:
    if lexicon.find("block", cell.text) in BLOCKS:
        return None
    if label_of(cell.text).core in lexicon.words["management"]:
        return "actual"
    role = lexicon.guess("indicator", cell.text)
    return role if role in (*POINTS, "reason", "basis", "actual", "target") else None


def _is_side(sheet: Sheet, cell: Cell, lines: Sequence[int], lexicon: Lexicon) -> bool:
    """Whether a cell heads the block instead of naming a line: merged down, or with the first name right of it."""
    if lexicon.find("block", cell.text) == "management" or sheet.span(cell)[2] > cell.row:
        return True
    first = next((sheet.row(row)[0] for row in lines if row > cell.row), None)
    return first is not None and first.column > sheet.span(cell)[3]


def _is_pointed(sheet: Sheet, lines: Sequence[int], money: Header, role: str) -> bool:
    cells = (money.value(sheet, row, role) for row in lines)
    return any(cell is not None and points_of(cell) is not None for cell in cells)


def _in_points(cell: Cell, header: Header) -> bool:
    return any(column.first <= cell.column <= column.last for role, column in header.columns.items() if role in POINTS)


def _entries(line: Indicator, header: Header) -> list[Entry]:
    """Return what a line says in words: 分配科学性, and 分配科学性·存在问题和改进措施."""
    said = []
    for role in ("actual", "reason", "basis", "target"):
        text, cell = getattr(line, role), line.cells.get(role)
        if text and cell is not None:
            column = header.columns[role].header.text
            name = line.name if role == "actual" else f"{line.name}·{label_of(column).core}"
            said.append(Entry(name, text, None, "", cell))
    return said
