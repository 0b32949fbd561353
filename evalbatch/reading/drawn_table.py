"""What a published document is made of, lines and tables, in; the sheets that the reader of forms reads out.

A table becomes a sheet, with the lines above it that head it and those below that sign it. Whatever it was drawn
with, a cell has then a row, a column and a text, so that one reader reads workbooks and documents.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from evalbatch.model import Grid
from evalbatch.model.value import value
from evalbatch.reading.grid_cells import Place, Range, only_seen, text_cell
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.outline import is_title
from evalbatch.reading.pairs import pairs_in
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import too_large

HEADING_LINES = 12
"""Lines above a table that may head it: appendix, title, year, unit, measure."""
CLOSING_LINES = 4
SIGNATURE = {"prepared_by", "phone", "filled_on"}
LONGEST_LINE = 120
"""What is longer is a report's text and heads no table."""


@value
class Line:
    """A line outside any table; `pieces` are what stands apart in it, `place` is where people find it."""

    pieces: tuple[str, ...]
    place: str

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(self.pieces)


@value
class TableCell:
    """One cell of a table: where it begins, from 1, its text as shown, and how many rows and columns it takes."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@value
class DrawnTable:
    """A table as drawn; `places` has one name for each row: 第2页表1第5行."""

    cells: tuple[TableCell, ...]
    width: int
    places: tuple[str, ...]


Block = Line | DrawnTable
RowPlaces = Mapping[tuple[str, int], str]
"""Sheet and row of a cell, to where people find it in the document."""


def sheets_of(blocks: Sequence[Block], lexicon: Lexicon, limits: Limits) -> tuple[tuple[Grid, ...], RowPlaces]:
    """Make a sheet of each table, named by its number, and say for each of its rows where people find it.

    Raises Refused F04 beyond the limits of a workbook.
    """
    tables = [at for at, block in enumerate(blocks) if isinstance(block, DrawnTable)]
    if len(tables) > limits.sheets:
        raise too_large(f"表格有{len(tables)}张，超过{limits.sheets}张")
    heads = [_heading(blocks, at, before, lexicon) for at, before in zip(tables, [-1, *tables], strict=False)]
    grids: list[Grid] = []
    places: dict[tuple[str, int], str] = {}
    cells = 0
    for number, (at, head) in enumerate(zip(tables, heads, strict=True), 1):
        table, following = blocks[at], heads[number][0] if number < len(heads) else None
        assert isinstance(table, DrawnTable)
        cells += len(table.cells)
        if cells > limits.filled_cells:
            raise too_large(f"表格中的内容超过{limits.filled_cells}格")
        closing = [block for block in blocks[at + 1 : following] if isinstance(block, Line)][:CLOSING_LINES]
        closing = list(takewhile(lambda line: len(line.text) <= LONGEST_LINE, closing))
        name = str(number)
        grids.append(_grid(name, head[1], table, closing, limits))
        rows = (*(line.place for line in head[1]), *table.places, *(line.place for line in closing))
        places |= {(name, row): place for row, place in enumerate(rows, 1)}
    return tuple(grids), places


def _heading(blocks: Sequence[Block], at: int, before: int, lexicon: Lexicon) -> tuple[int, list[Line]]:
    """Return where a table's heading begins among the lines since the table before, and its lines.

    It begins with a title; without one, after the lines that sign the table before.
    """
    first = max(before + 1, at - HEADING_LINES)
    lines = [block for block in blocks[first:at] if isinstance(block, Line)]
    while lines and any(len(line.text) > LONGEST_LINE for line in lines):
        first, lines = first + 1, lines[1:]
    titles = [n for n, line in enumerate(lines) if is_title(line.text, lexicon)]
    begin = titles[-1] if titles else _behind_signature(lines, lexicon) if before >= 0 else 0
    return first + begin, lines[begin:]


def _behind_signature(lines: Sequence[Line], lexicon: Lexicon) -> int:
    said = [{concept for concept, _ in pairs_in(line.text, lexicon)} for line in lines]
    return max((n for n, concepts in enumerate(said, 1) if concepts & SIGNATURE), default=0)


def _grid(name: str, head: Sequence[Line], table: DrawnTable, closing: Sequence[Line], limits: Limits) -> Grid:
    texts: dict[Place, str] = {}
    merges: list[Range] = []
    below = len(head) + len(table.places)
    for row, line in (*enumerate(head, 1), *enumerate(closing, below + 1)):
        apart = max(1, table.width // len(line.pieces))
        for at, piece in enumerate(line.pieces):
            texts[row, 1 + at * apart] = piece
        if len(line.pieces) == 1 and table.width > 1:
            merges.append((row, 1, row, table.width))
    for cell in table.cells:
        row = len(head) + cell.row
        texts[row, cell.column] = cell.text
        if cell.rows > 1 or cell.columns > 1:
            merges.append((row, cell.column, row + cell.rows - 1, cell.column + cell.columns - 1))
    if len(merges) > limits.merges:
        raise too_large("合并的单元格过多")
    cells = {place: text_cell(name, place, text) for place, text in texts.items()}
    return Grid(name, only_seen(cells, merges, limits), tuple(merges))
