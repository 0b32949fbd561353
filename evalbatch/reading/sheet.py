"""One sheet, or a band of its columns, with its geometry: neighbours, spans, rows."""

from dataclasses import dataclass, field

from evalbatch.model import Cell, Grid

Span = tuple[int, int, int, int]


@dataclass
class Sheet:
    """A grid within columns `left` to `right`; `known` collects the cells that were understood.

    `taken` are the places of a bureau's own fields and their labels: once read as such, they are blank for all else.
    """

    grid: Grid
    left: int = 1
    right: int = 16384
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    spans: dict[tuple[int, int], Span] = field(default_factory=dict)
    known: set[tuple[int, int]] = field(default_factory=set)
    taken: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        cells = self.grid.cells
        for place in sorted(cells):
            cell = cells[place]
            if self.left <= place[1] <= self.right and cell.filled:
                self.rows.setdefault(place[0], []).append(cell)
        self._bottom = max(self.rows, default=0)
        for span in self.grid.merges:
            if self.left <= span[1] <= self.right:
                self.spans[span[0], span[1]] = span
        self._covered = self._cover()

    def _cover(self) -> dict[tuple[int, int], Span]:
        """Map covered cells to their range; ranges far beyond the filled cells are cut."""
        covered: dict[tuple[int, int], Span] = {}
        widest = max((cells[-1].column for cells in self.rows.values()), default=0) + 64
        for span in self.spans.values():
            top, first, bottom, last = span
            for row in range(top, min(bottom, self._bottom + 1) + 1):
                for column in range(first, min(last, widest) + 1):
                    covered[row, column] = span
        return covered

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.grid.sheet

    @property
    def bottom(self) -> int:
        """The last filled row."""
        return self._bottom

    def at(self, row: int, column: int) -> Cell:
        """Return the cell, a blank one where nothing is filled or the cell was taken."""
        found = None if (row, column) in self.taken else self.grid.cells.get((row, column))
        return found or Cell(self.grid.sheet, row, column)

    def row(self, row: int) -> list[Cell]:
        """Return the filled cells of a row from left to right."""
        return self.rows.get(row, [])

    def span(self, cell: Cell) -> Span:
        """Return the range that a cell fills: its merged range, or itself."""
        return self.spans.get((cell.row, cell.column), (cell.row, cell.column, cell.row, cell.column))

    def covering(self, row: int, column: int) -> Span | None:
        """Return the merged range over a place, None where there is none."""
        return self._covered.get((row, column))

    def owner(self, row: int, column: int) -> Cell:
        """Return the cell a person sees at a place: the top-left one of a merged range."""
        span = self._covered.get((row, column))
        return self.at(row, column) if span is None else self.at(span[0], span[1])

    def know(self, *cells: Cell) -> None:
        """Note that these cells were understood."""
        for cell in cells:
            self.known.add((cell.row, cell.column))

    def unknown(self) -> list[Cell]:
        """Return the filled cells that were not understood."""
        cells = self.grid.cells
        left = [cells[place] for place in sorted(cells.keys() - self.known) if self.left <= place[1] <= self.right]
        return [cell for cell in left if cell.filled]

    def know_row(self, row: int) -> None:
        """Note that a whole row was understood."""
        self.know(*self.row(row))

    def right_of(self, cell: Cell) -> Cell:
        """Return the place right of a cell, past its own merged range."""
        return self.owner(cell.row, self.span(cell)[3] + 1)

    def below(self, cell: Cell) -> Cell:
        """Return the place below a cell, past its own merged range."""
        return self.owner(self.span(cell)[2] + 1, cell.column)

    def after(self, cell: Cell) -> list[Cell]:
        """Return the filled cells to the right in the same row, leftmost first."""
        return [other for other in self.row(cell.row) if other.column > cell.column]

    def before(self, cell: Cell) -> list[Cell]:
        """Return the filled cells to the left in the same row, leftmost first."""
        return [other for other in self.row(cell.row) if other.column < cell.column]
