"""Which columns a header row names: one or more header rows in, columns by role out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from evalbatch.model import Cell
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.sheet import Sheet

AMOUNTS = frozenset({"initial", "adjusted", "executed"})
LEVELS = ("level1", "level2", "level3", "level4", "name")
VALUES = frozenset(
    {
        "target",
        "initial_target",
        "adjusted_target",
        "actual",
        "weight",
        "score",
        "bound",
        "measure",
        "basis",
        "standard",
    }
)
EXTRAS = frozenset({"remark", "review", "ratio", "core", "number", "standard", "side", "level_weight", "explain"})
"""Columns that may repeat, since nothing is read from them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or several under one merged header cell."""

    role: str
    first: int
    last: int
    header: Cell


@dataclass
class Header:
    """The header rows of a table, `top` to `bottom`, and its columns by role; `doubles` claim the same role."""

    place: str
    top: int
    bottom: int
    columns: dict[str, Column] = field(default_factory=dict)
    extras: list[Column] = field(default_factory=list)
    doubles: list[tuple[Column, Column]] = field(default_factory=list)

    @property
    def left(self) -> int:
        """The first column that has a role."""
        return min(column.first for column in self.every())

    def every(self) -> Iterator[Column]:
        """Yield all columns, extras included."""
        yield from self.columns.values()
        yield from self.extras

    def value(self, sheet: Sheet, row: int, role: str) -> Cell | None:
        """Return a row's cell in a column, the first filled one under its header; None without such a column."""
        column = self.columns.get(role)
        return None if column is None else self._seen(sheet, row, column)

    def _seen(self, sheet: Sheet, row: int, column: Column) -> Cell:
        for place in range(column.first, column.last + 1):
            if (row, place) in sheet.grid.cells:
                return sheet.at(row, place)
        owner = sheet.owner(row, column.first)
        if owner.row != row or owner.column == column.first:
            return sheet.at(row, column.first)
        taken = any(other.first <= owner.column <= other.last for other in self.every() if other is not column)
        return sheet.at(row, column.first) if taken else owner


def header_at(sheet: Sheet, row: int, place: str, lexicon: Lexicon) -> Header | None:
    """Read the header that starts at a row, for "money" or "indicator"; None when the row is no such header."""
    cells = sheet.row(row)
    if not _is_header(cells, place, lexicon):
        return None
    top, bottom = _extent(sheet, row, place, lexicon)
    header = Header(place, top, bottom)
    cells = [cell for line in range(top, bottom + 1) for cell in sheet.row(line)]
    for cell in cells:
        if not _has_children(sheet, cell, bottom):
            _place(header, _column(sheet, cell, top, place, lexicon), lexicon)
    right = max((column.last for column in header.every()), default=0)
    sheet.know(*(cell for cell in cells if cell.column <= right))
    _settle(header)
    return header


def _is_header(cells: list[Cell], place: str, lexicon: Lexicon) -> bool:
    if len(cells) < 3:
        return len(cells) == 2 and place == "money" and _amounts(cells, lexicon) >= 2
    exact = {lexicon.find(place, cell.text) for cell in cells} - {None}
    if place == "money":
        if not exact & AMOUNTS or exact & set(LEVELS):
            return False
        return len({lexicon.guess(place, cell.text) for cell in cells} & AMOUNTS) >= 2
    if len(exact) < 2:
        return False
    guessed = {lexicon.guess(place, cell.text) for cell in cells} - {None}
    named = exact & {*LEVELS, "side"} or guessed & {"level1", "level2", "level3"}
    return bool(named) and len(guessed & VALUES) >= 2


def _amounts(cells: list[Cell], lexicon: Lexicon) -> int:
    return len({lexicon.find("money", cell.text) for cell in cells} & AMOUNTS)


def _extent(sheet: Sheet, row: int, place: str, lexicon: Lexicon) -> tuple[int, int]:
    """Return the header's first and last row: it grows by merged cells, and by rows of labels only."""
    top = bottom = row
    above = [sheet.owner(row, column) for column in range(sheet.row(row)[0].column, sheet.row(row)[-1].column + 2)]
    grown = {cell.row for cell in above if cell.filled and cell.row < row and lexicon.guess(place, cell.text)}
    top = min(grown, default=row)
    if top == row and (parents := sheet.row(row - 1)) and _are_parents(sheet, parents, place, lexicon):
        top = row - 1
    for cell in sheet.row(row):
        if lexicon.guess(place, cell.text) in VALUES:
            bottom = max(bottom, min(sheet.span(cell)[2], row + 3))
    while (below := sheet.row(bottom + 1)) and _continues(sheet, below, row, place, lexicon):
        bottom += 1
    return top, bottom


def _are_parents(sheet: Sheet, cells: list[Cell], place: str, lexicon: Lexicon) -> bool:
    """Whether a row above names groups of columns, as 自评 over 完成值 and 得分."""
    wide = [cell for cell in cells if sheet.span(cell)[3] > cell.column and sheet.span(cell)[2] == cell.row]
    known = all(lexicon.guess(place, cell.text) or label_of(cell.text).core in PARENTS for cell in cells)
    return bool(wide) and len(cells) >= 2 and known


PARENTS = frozenset({"自评", "单位自评", "部门自评", "自评情况", "绩效自评", "指标", "评价指标", "预算单位自评"})


def _continues(sheet: Sheet, cells: list[Cell], row: int, place: str, lexicon: Lexicon) -> bool:
    """Whether the row below still belongs to the header: only labels, each under a merged header cell."""
    parents = [sheet.span(cell) for cell in sheet.row(row)]
    right = max(
        last for (_, _, _, last), cell in zip(parents, sheet.row(row), strict=True) if lexicon.guess(place, cell.text)
    )
    cells = [cell for cell in cells if cell.column <= right]
    under = bool(cells) and all(
        any(first <= cell.column <= last and last > first for _, first, _, last in parents) for cell in cells
    )
    exact = sum(lexicon.find(place, cell.text) is not None for cell in cells)
    labels = all(lexicon.guess(place, cell.text) or label_of(cell.text).core in SUBHEADS for cell in cells)
    tall = any(sheet.span(cell)[2] > row for cell in sheet.row(row))
    return under and labels and exact >= 1 and (tall or len(cells) >= 2)


SUBHEADS = frozenset({"值", "数值", "指标值", "单位", "性质", "符号", "名称", "内容", "指标名称", "指标", "指标内容"})


def _has_children(sheet: Sheet, cell: Cell, bottom: int) -> bool:
    _, first, last_row, last = sheet.span(cell)
    return last_row < bottom and any(
        first <= other.column <= last for row in range(last_row + 1, bottom + 1) for other in sheet.row(row)
    )


def _column(sheet: Sheet, cell: Cell, top: int, place: str, lexicon: Lexicon) -> Column | None:
    parent = next(
        (
            above
            for row in range(top, cell.row)
            for above in sheet.row(row)
            if sheet.span(above)[1] <= cell.column <= sheet.span(above)[3] and sheet.span(above)[2] < cell.row
        ),
        None,
    )
    role = lexicon.guess(place, cell.text)
    if parent is not None:
        role = _under(parent, cell, role, place, lexicon)
    _, first, _, last = sheet.span(cell)
    return Column(role, first, last, cell) if role else None


def _under(parent: Cell, cell: Cell, role: str | None, place: str, lexicon: Lexicon) -> str | None:
    """Return the role of a header cell beneath another one: 复核 over 得分 is no score of the unit."""
    over = lexicon.guess(place, parent.text)
    if over == "review":
        return "review"
    core = label_of(cell.text).core
    if over in ("target", "actual") and core in ("值", "数值", "指标值", "内容"):
        return over
    if over in LEVELS and core in ("名称", "内容", "指标名称", "指标", "指标内容"):
        return over
    if over in ("level1", "level2") and role == "weight":
        return "level_weight"
    return role or lexicon.find(place, label_of(parent.text).core + label_of(cell.text).core)


def _place(header: Header, column: Column | None, lexicon: Lexicon) -> None:
    """Give a column its role; of two that claim it the one named in so many words, and both are noted."""
    if column is None:
        return
    held = header.columns.get(column.role)
    if column.role in EXTRAS:
        header.extras.append(column)
    elif held is None:
        header.columns[column.role] = column
    elif lexicon.find(header.place, held.header.text) is None and lexicon.find(header.place, column.header.text):
        header.extras.append(Column("remark", held.first, held.last, held.header))
        header.columns[column.role] = column
    elif _is_own(held) != _is_own(column):
        ours, theirs = (held, column) if _is_own(held) else (column, held)
        header.columns[column.role] = ours
        header.extras.append(Column("remark", theirs.first, theirs.last, theirs.header))
    else:
        header.doubles.append((held, column))


def _is_own(column: Column) -> bool:
    """Whether a header says that the unit itself filled the column: 自评得分 beside 得分."""
    return "自" in label_of(column.header.text).core


def settle_doubles(sheet: Sheet, header: Header, last: int) -> list[tuple[Column, Column]]:
    """Decide between columns that claim one role by which is filled; return those that stay undecided, dropped."""
    undecided = []
    for pair in header.doubles:
        filled = [column for column in pair if _is_filled(sheet, column, header.bottom + 1, last)]
        if len(filled) == 2:
            undecided.append(pair)
            header.columns.pop(pair[0].role, None)
        elif filled:
            header.columns[pair[0].role] = filled[0]
    return undecided


def _is_filled(sheet: Sheet, column: Column, first: int, last: int) -> bool:
    places = range(column.first, column.last + 1)
    return any(sheet.at(row, place).filled for row in range(first, last + 1) for place in places)


def _settle(header: Header) -> None:
    """Settle what only the header as a whole tells: the name, the weight, the reason, the target."""
    columns = header.columns
    _settle_name(header)
    _settle_weights(header)
    explains = [column for column in header.extras if column.role == "explain"]
    if "reason" not in columns and len(explains) == 1:
        header.extras.remove(explains[0])
        columns["reason"] = explains[0]
    if "target" not in columns:
        for role in ("initial_target", "adjusted_target"):
            if role in columns and not ({"initial_target", "adjusted_target"} <= columns.keys()):
                columns["target"] = columns.pop(role)


def _settle_weights(header: Header) -> None:
    """Of several weights in one header those left of the name belong to levels, one right of it to the indicator."""
    name = header.columns.get("name")
    pairs = [pair for pair in header.doubles if pair[0].role == "weight"]
    if name is None or not pairs:
        return
    claims = {column.first: column for pair in pairs for column in pair}
    own = [column for first, column in claims.items() if first > name.first]
    if len(own) == 1:
        header.doubles = [pair for pair in header.doubles if pair not in pairs]
        header.columns["weight"] = own[0]
        header.extras += [
            Column("level_weight", one.first, one.last, one.header) for one in claims.values() if one is not own[0]
        ]


def _settle_name(header: Header) -> None:
    """Make the deepest level the indicator's name."""
    columns = header.columns
    if "level4" in columns:
        columns["name"] = columns.pop("level4")
    elif "level3" in columns:
        held = columns.pop("name", None)
        if held and "standard" not in columns:
            header.extras.append(Column("standard", held.first, held.last, held.header))
        columns["name"] = columns.pop("level3")
    elif "name" not in columns and "side" not in columns:
        deepest = next((level for level in ("level2", "level1") if level in columns), None)
        if deepest:
            columns["name"] = columns.pop(deepest)
