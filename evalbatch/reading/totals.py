"""The total row of a table of indicators in, its weight, score and grade out, wherever in the row they lie."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from evalbatch.model import Cell
from evalbatch.reading.header import Header
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.numbers import points_of
from evalbatch.reading.pairs import pairs_in
from evalbatch.reading.sheet import Sheet

IN_ONE_CELL = re.compile(r"[^:：]*[:：]\s*(\d{1,6}(?:\.\d{1,9})?)\s*分?").fullmatch
GRADED = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)\s*分?\s*[（(]?\s*([^\d\s（）()]{1,4})\s*[）)]?").fullmatch
"""A score with its grade in one cell: 98.5分（优）."""
LOOSE = {1: ("score",), 2: ("weight", "score")}
"""What numbers mean that lie under no column of theirs, by how many there are."""


@dataclass
class Total:
    """The total row: weight and score with their cells, and a grade where one stands there.

    `named` says that it is called a score, 总分; 合计 may add up no more than the indicators.
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    weight: Decimal | None = None
    score: Decimal | None = None
    grade: str | None = None
    named: bool = False

    def take(self, role: str, cell: Cell, points: Decimal | None) -> None:
        """Take a weight or a score with its cell."""
        self.cells[f"total_{role}"] = cell
        setattr(self, role, points)


def points_at(sheet: Sheet, cell: Cell, lexicon: Lexicon) -> Decimal | None:
    """Return the points in a cell; text that is none is not understood."""
    value = points_of(cell)
    if value is not None or cell.flaw or lexicon.is_blank(cell.text):
        sheet.know(cell)
    return value


def read_total(sheet: Sheet, header: Header, row: int, lexicon: Lexicon) -> Total:
    """Read a total row under its columns; where its numbers lie elsewhere, by their order: 总分 | 100 | 96 | 优."""
    cells = sheet.row(row)
    total = Total(named="分" in cells[0].text)
    sheet.know(cells[0], *(cell for cell in cells if lexicon.find("row", cell.text)))
    found = {role: cell for role in ("weight", "score") if (cell := header.value(sheet, row, role))}
    columns = {role: sheet.owner(cell.row, cell.column) for role, cell in found.items()}
    score = columns.get("score")
    inline = IN_ONE_CELL(cells[0].text.strip())
    if inline and (score is None or not score.filled):
        total.take("score", cells[0], Decimal(inline[1]))
    elif loose := _loose(header, cells[1:], columns):
        for role, cell in loose.items():
            total.take(role, cell, points_at(sheet, cell, lexicon))
    else:
        for role, cell in columns.items():
            total.take(role, cell, points_at(sheet, cell, lexicon))
    if (cell := total.cells.get("total_score")) and (graded := GRADED(cell.text)) and graded[2] in lexicon.grades:
        total.take("score", cell, Decimal(graded[1]))
        total.grade, total.cells["grade"] = graded[2], cell
        sheet.know(cell)
    for cell in cells:
        said = dict(pairs_in(cell.text, lexicon)).get("grade", cell.text)
        if label_of(said).core in lexicon.grades and cell is not total.cells.get("total_score"):
            total.grade, total.cells["grade"] = said, cell
            sheet.know(cell)
        elif lexicon.is_blank(cell.text) or lexicon.find("field", cell.text):
            sheet.know(cell)
    return total


def _loose(header: Header, cells: list[Cell], columns: dict[str, Cell]) -> dict[str, Cell]:
    """Return weight and score of a row whose numbers don't lie under the columns; empty where they do."""
    aside = {column.first for column in header.extras if column.role != "standard"}
    numbers = [cell for cell in cells if points_of(cell) is not None and cell.column not in aside]
    placed = [role for role, cell in columns.items() if cell in numbers]
    if "score" in placed or (placed and len(numbers) == 1) or len(numbers) not in LOOSE:
        return {}
    return dict(zip(LOOSE[len(numbers)], numbers, strict=True))
