"""Money without a header row: labels beside amounts, kinds of amount in columns, or the tasks of the year."""

import re
from collections.abc import Mapping
from itertools import pairwise

from evalbatch.model import BudgetLine, Cell
from evalbatch.reading.header import AMOUNTS
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.money import values_of
from evalbatch.reading.numbers import measure_in, number_of
from evalbatch.reading.sheet import Sheet

WHOLE = frozenset({"总额", "小计", "合计", "总计", "总数"})
"""Heads the column of all money under one amount, beside those of its sources."""
TOTAL = frozenset({"金额合计", "合计", "总计", "资金合计", "任务合计", "合计金额"})

ROLES = AMOUNTS | {"weight", "rate", "score"}
Pairs = dict[str, tuple[Cell, Cell]]
"""Label and value of each amount, by role."""
ADJUSTED = re.compile(r"调整后|含调整|全年")
"""What makes the budget beneath it the adjusted one."""
Found = tuple[set[int], list[BudgetLine], str]
"""The rows that the money takes, its lines, and what it is counted in."""


def in_pairs(sheet: Sheet, row: int, lexicon: Lexicon) -> Pairs:
    """Return a row's amounts that stand beside their labels, by role; empty unless there are two.

    项目资金（万元） | 全年预算数 | 120 | 全年执行数 | 118.5 | 执行率 | 98.75%
    """
    cells = sheet.row(row)
    found: Pairs = {}
    for label, value in pairwise(cells):
        role = lexicon.find("money", label.text)
        if role in ROLES and number_of(value) is not None:
            found.setdefault(role, (label, value))
    return found if len(found.keys() & AMOUNTS) >= 2 else {}


def read_across(sheet: Sheet, rows: list[int], measure: str, lexicon: Lexicon) -> Found:
    """Read the money among these rows; `measure` is the form's where no label says."""
    for row in rows:
        if pairs := in_pairs(sheet, row, lexicon):
            side = _side(sheet, row, min(label.column for label, _ in pairs.values()))
            measure = _measure(side, measure)
            lines = [_line(sheet, side, _headed(sheet, row, pairs, lexicon), measure, lexicon)]
            taken = {row}
            for below in rows[rows.index(row) + 1 :]:
                if not (parts := _parts(sheet, below, pairs, lexicon)):
                    break
                item = next(iter(parts.values()))[0]
                lines.append(_line(sheet, item, _headed(sheet, row, parts, lexicon), measure, lexicon))
                taken.add(below)
            return taken, lines, measure
    block = _block(sheet, rows, lexicon)
    return _columns(sheet, block, measure, lexicon) if len(block) > 1 else (set(), [], measure)


def _headed(sheet: Sheet, row: int, pairs: Pairs, lexicon: Lexicon) -> Pairs:
    """Return the pairs as the heads above them say: 预算安排情况（调整后） over 预算数, 预算执行进度 over a rate."""
    heads = [] if any(lexicon.is_label(cell.text) for cell in sheet.row(row - 1)) else sheet.row(row - 1)
    labels = {label.column: role for role, (label, _) in pairs.items()}
    found = dict(pairs)
    first = min(label.row for label, _ in pairs.values())
    for head in heads:
        _, left, _, right = sheet.span(head)
        under = next((role for column, role in labels.items() if left <= column <= right), None)
        if under == "initial" and "adjusted" not in found and ADJUSTED.search(plain(head.text)):
            found = {("adjusted" if role == "initial" else role): pair for role, pair in found.items()}
        elif under is None and lexicon.guess("money", head.text) == "rate" and "rate" not in found:
            found["rate"] = head, sheet.at(first, head.column)
        if head.column >= min(labels):
            sheet.know(head)
    return found


def _parts(sheet: Sheet, row: int, pairs: Pairs, lexicon: Lexicon) -> Pairs:
    """Return the amounts of one source in a row below the pairs, each beside its name: 其中：财政资金 | 98 | …"""
    parts = {role: (sheet.at(row, label.column), sheet.at(row, value.column)) for role, (label, value) in pairs.items()}
    parts = {role: parts[role] for role in parts if role in AMOUNTS}
    named = all(lexicon.money_kind(label.text) not in (None, "total") for label, _ in parts.values())
    return parts if named and len({label_of(label.text).core for label, _ in parts.values()}) == 1 else {}


def _side(sheet: Sheet, row: int, before: int) -> Cell | None:
    """Return the label at the side of a row, merged down beside it or not."""
    beside = [sheet.owner(row, column) for column in range(1, before)]
    return next((cell for cell in beside if cell.filled), None)


def _measure(side: Cell | None, measure: str) -> str:
    return (measure_in(*label_of(side.text).asides) if side else None) or measure


def _block(sheet: Sheet, rows: list[int], lexicon: Lexicon) -> dict[int, tuple[str, Cell]]:
    """Return the first run of rows that each have one label of an amount in front of numbers."""
    block: dict[int, tuple[str, Cell]] = {}
    for row in rows:
        named = [(role, cell) for cell in sheet.row(row)[:2] if (role := lexicon.find("money", cell.text)) in ROLES]
        if len(named) == 1 and any(number_of(cell) is not None for cell in sheet.after(named[0][1])):
            block[row] = str(named[0][0]), named[0][1]
        elif block:
            break
    return block if {role for role, _ in block.values()} & AMOUNTS else {}


def _columns(sheet: Sheet, block: Mapping[int, tuple[str, Cell]], measure: str, lexicon: Lexicon) -> Found:
    """Read a block whose columns are the kinds of money, headed by the row above it; one column may have no head."""
    top, right = min(block), max(label.column for _, label in block.values())
    side = _side(sheet, top, block[top][1].column)
    measure = _measure(side, measure)
    above = sheet.row(top - 1)
    heads = [] if any(lexicon.is_label(cell.text) for cell in above) else [c for c in above if c.column > right]
    places = {head.column: head for head in heads} if any(lexicon.money_kind(head.text) for head in heads) else {}
    taken = set(block) | ({top - 1} if places else set())
    if not places:
        first = min(cell.column for row in block for cell in sheet.row(row) if cell.column > right)
        places = {first: side or Cell(sheet.name, top, first)}
    sheet.know(*(cell for row in taken for cell in sheet.row(row) if cell.column <= right))
    lines = []
    for column, head in places.items():
        values = {role: (label, sheet.at(row, column)) for row, (role, label) in block.items()}
        lines.append(_line(sheet, head, values, measure, lexicon))
    return taken, lines, measure


def _line(
    sheet: Sheet, item: Cell | None, cells: Mapping[str, tuple[Cell, Cell]], measure: str, lexicon: Lexicon
) -> BudgetLine:
    said = item.text if item else ""
    measures = {role: _measure(label, _measure(item, measure)) for role, (label, _) in cells.items()}
    values = values_of(sheet, {role: cell for role, (_, cell) in cells.items()}, measures, lexicon)
    sheet.know(*(label for label, _ in cells.values()), *([item] if item is not None else []))
    kind = (lexicon.money_kind(said) if lexicon.find("block", said) != "money" else None) or "total"
    return BudgetLine(said, kind, cells={role: cell for role, (_, cell) in cells.items()}, **values)


def read_tasks(sheet: Sheet, rows: list[int], measure: str, lexicon: Lexicon) -> Found:
    """Read a block of tasks among these rows; nothing where no total closes it, for then it is no account of money."""
    for row in rows:
        heads = sheet.row(row)
        task = next((cell for cell in heads if lexicon.find("block", cell.text) == "tasks"), None)
        columns = {role: cell for cell in heads if (role := lexicon.guess("money", cell.text)) in ROLES}
        if task is None or len(columns.keys() & AMOUNTS) < 2:
            continue
        task = next((cell for cell in heads if "名称" in cell.text), task)
        below = [other for other in rows if other > max(sheet.span(cell)[2] for cell in (task, *columns.values()))]
        end = next((other for other in below if _name(sheet, other, task) in TOTAL), None)
        if end is None:
            return set(), [], measure
        taken = [other for other in below if other <= end]
        places = {role: _place(sheet, cell, taken[0]) for role, cell in columns.items()}
        _know_heads(sheet, range(row, taken[0]))
        measures = {role: measure_in(*label_of(cell.text).asides) or measure for role, cell in columns.items()}
        lines = [_task_line(sheet, other, task, places, measures, lexicon) for other in taken]
        return set(range(row, end + 1)), lines, measure
    return set(), [], measure


def _place(sheet: Sheet, head: Cell, first: int) -> int:
    """Return the column of a head's values: that of 总额 beneath it, where sources stand beside."""
    _, left, bottom, right = sheet.span(head)
    under = [cell for row in range(bottom + 1, first) for cell in sheet.row(row) if left <= cell.column <= right]
    return next((cell.column for cell in under if label_of(cell.text).core in WHOLE), left)


def _know_heads(sheet: Sheet, rows: range) -> None:
    for row in rows:
        sheet.know(*sheet.row(row))


def _called(sheet: Sheet, row: int, task: Cell) -> Cell | None:
    return next((cell for cell in sheet.row(row) if cell.column >= task.column), None)


def _name(sheet: Sheet, row: int, task: Cell) -> str:
    cell = _called(sheet, row, task)
    return label_of(cell.text).core if cell else ""


def _task_line(
    sheet: Sheet, row: int, task: Cell, places: dict[str, int], measures: dict[str, str], lexicon: Lexicon
) -> BudgetLine:
    cells = {role: sheet.at(row, column) for role, column in places.items()}
    values = values_of(sheet, cells, measures, lexicon)
    called = _called(sheet, row, task)
    if called is not None:
        sheet.know(called)
    kind = "total" if _name(sheet, row, task) in TOTAL else "other"
    return BudgetLine(called.text if called else "", kind, cells=cells, **values)
