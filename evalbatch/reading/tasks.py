"""Money by the year's tasks, 任务名称 | 完成情况 | 预算数 | 执行数, closed by a row 金额合计: lines and total out."""

from evalbatch.model import BudgetLine, Cell
from evalbatch.reading.header import AMOUNTS
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.money import values_of
from evalbatch.reading.money_across import ROLES, Found
from evalbatch.reading.numbers import measure_in
from evalbatch.reading.sheet import Sheet

WHOLE = frozenset({"总额", "小计", "合计", "总计", "总数"})
"""Heads the column of all money under one amount, beside those of its sources."""
TOTAL = frozenset({"金额合计", "合计", "总计", "资金合计", "任务合计", "合计金额"})


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
        lines = [_line(sheet, other, task, places, measures, lexicon) for other in taken]
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


def _line(
    sheet: Sheet, row: int, task: Cell, places: dict[str, int], measures: dict[str, str], lexicon: Lexicon
) -> BudgetLine:
    cells = {role: sheet.at(row, column) for role, column in places.items()}
    values = values_of(sheet, cells, measures, lexicon)
    called = _called(sheet, row, task)
    if called is not None:
        sheet.know(called)
    kind = "total" if _name(sheet, row, task) in TOTAL else "other"
    return BudgetLine(called.text if called else "", kind, cells=cells, **values)
