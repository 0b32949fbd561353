"""Which columns a header row names: one or more header rows in, columns by role out."""

import re
from itertools import pairwise

from evalbatch.model import Cell
from evalbatch.reading.header import AMOUNTS, LEVELS, Column, Header
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.numbers import number_of
from evalbatch.reading.settling import place as place_column
from evalbatch.reading.settling import settle
from evalbatch.reading.sheet import Sheet

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
LONGEST_HEADER = 24
ADJUSTED = re.compile(r"调整后|调整数|含调整|全年")
"""What makes 预算数（调整后） the adjusted budget."""
FIRST_BUDGET = re.compile(r"年初|期初|批复|下达|当年")


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
            place_column(header, _column(sheet, cell, top, place, lexicon), lexicon)
    _know_labels(sheet, header, cells)
    settle(header)
    if place == "money":
        _settle_budget(header)
    amounts = header.columns.values() if place == "money" else header.every()
    divided = [cell.column for cell in cells if place == "money" and _is_divided(sheet, cell, bottom, lexicon)]
    header.left = min((*(column.first for column in amounts), *divided), default=1)
    return header


def _settle_budget(header: Header) -> None:
    """Make a lone 预算数（A） the adjusted budget, as A is in the national form; 年初预算数（A） is none."""
    column = header.columns.get("initial")
    if column is None or "adjusted" in header.columns:
        return
    said = plain(column.header.text).rstrip(":;")
    if FIRST_BUDGET.search(said) is None and said.endswith(("A", "(A)", "A)")):
        header.columns["adjusted"] = Column("adjusted", column.first, column.last, column.header)
        del header.columns["initial"]


def _is_divided(sheet: Sheet, cell: Cell, bottom: int, lexicon: Lexicon) -> bool:
    """Whether a header cell is an amount over columns of its parts: 年初预算数 over 本年预算 | 上年结转."""
    return _has_children(sheet, cell, bottom) and lexicon.guess("money", cell.text) in AMOUNTS


def _know_labels(sheet: Sheet, header: Header, cells: list[Cell]) -> None:
    """The header's labels are understood, also those of columns without a role that touch the others."""
    right = max((column.last for column in header.every()), default=0)
    for cell in sorted(cells, key=lambda one: one.column):
        if cell.column <= right + 1 and len(cell.text) <= LONGEST_HEADER:
            sheet.know(cell)
            right = max(right, sheet.span(cell)[3])


def _is_header(cells: list[Cell], place: str, lexicon: Lexicon) -> bool:
    if len(cells) < 3:
        return len(cells) == 2 and place == "money" and _amounts(cells, lexicon) >= 2
    if lexicon.heads_goal([cell.text for cell in cells]):
        return False
    exact = {lexicon.find(place, cell.text) for cell in cells} - {None}
    if place == "money":
        if any(lexicon.find("block", cell.text) == "tasks" for cell in cells):
            return False
        if not exact & AMOUNTS or exact & set(LEVELS) or _beside_numbers(cells, lexicon):
            return False
        return len({lexicon.guess(place, cell.text) for cell in cells} & AMOUNTS) >= 2
    if len(exact) < 2:
        return False
    guessed = {lexicon.guess(place, cell.text) for cell in cells} - {None}
    named = exact & {*LEVELS, "side"} or guessed & {"level1", "level2", "level3"}
    levels = len(exact & {"level1", "level2", "level3"})
    return bool(named) and len(guessed & VALUES) >= (1 if levels > 1 else 2)


def _beside_numbers(cells: list[Cell], lexicon: Lexicon) -> bool:
    """Whether the labels of amounts stand beside numbers instead of above them."""
    return any(
        lexicon.find("money", label.text) in AMOUNTS and number_of(value) is not None
        for label, value in pairwise(cells)
    )


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
    cells = [cell for cell in cells if sheet.span(cell)[2] == cell.row]  # others stand beside both rows
    wide = [cell for cell in cells if sheet.span(cell)[3] > cell.column]
    known = all(lexicon.guess(place, cell.text) or lexicon.find("head", cell.text) == "groups" for cell in cells)
    return bool(wide) and len(cells) >= 2 and known


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
    labels = all(lexicon.guess(place, cell.text) or lexicon.find("head", cell.text) == "within" for cell in cells)
    tall = any(sheet.span(cell)[2] > row for cell in sheet.row(row))
    return under and labels and exact >= 1 and (tall or len(cells) >= 2)


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
    if role == "initial" and any(ADJUSTED.search(aside) for aside in label_of(cell.text).asides):
        role = "adjusted"
    if role == "remark" and any(lexicon.guess(place, aside) == "reason" for aside in label_of(cell.text).asides):
        role = "reason"
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
    if over in ("target", "actual", "score") and core in ("自评", "单位自评", "部门自评"):
        return over
    if over in ("target", "actual") and core in ("值", "数值", "指标值", "内容"):
        return over
    if over in LEVELS and core in ("名称", "内容", "指标名称", "指标", "指标内容"):
        return over
    if over in ("level1", "level2") and role == "weight":
        return "level_weight"
    if over == "reason" and role in (None, "explain", "remark"):
        return "reason"
    return role or lexicon.find(place, label_of(parent.text).core + label_of(cell.text).core)
