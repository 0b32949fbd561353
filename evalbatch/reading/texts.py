"""What a row of a table says in words: texts merged down over several rows, and reasons in several columns."""

from collections.abc import Iterable

from evalbatch.model import Cell
from evalbatch.reading.header import Header
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.sheet import Sheet

ENDS = "。；;！!，,、"
"""A text that ends so needs no mark in front of the next."""


def merged_down(sheet: Sheet, header: Header, row: int, role: str) -> Cell | None:
    """Return the text merged down from a row above over this one's place, as one reason for all indicators."""
    column = header.columns.get(role)
    span = None if column is None else sheet.covering(row, column.first)
    if span is None or not header.bottom < span[0] < row:
        return None
    owner = sheet.at(span[0], span[1])
    return owner if owner.filled and owner.number is None else None


def merged_across(sheet: Sheet, header: Header, row: int, target: Cell | None) -> Cell | None:
    """Return the target where it is merged over the actual too, and so stands for both."""
    column = header.columns.get("actual")
    span = None if column is None else sheet.covering(row, column.first)
    if target is None or not target.filled or span is None or column is None or span[1] == column.first:
        return None
    return target if span[:2] == (target.row, target.column) and target.row == row else None


def reasons(sheet: Sheet, header: Header, row: int, first: Cell | None, lexicon: Lexicon) -> tuple[Cell | None, str]:
    """Return where a row's reason begins, and all of it: 偏差原因 | 改进措施 in columns of their own count together.

    `first` is the cell of the first column of reasons.
    """
    if first is None or not header.reasons:
        return first, "" if first is None or first.failed else first.text
    found = [first, *(sheet.at(row, column.first) for column in header.reasons)]
    found.sort(key=lambda cell: cell.column)
    sheet.know(*found)
    said = [cell for cell in found if not lexicon.is_blank(cell.text) and not cell.failed]
    if not said:
        return first, "" if first.failed else first.text
    whole = said[0].text
    for cell in said[1:]:
        whole += cell.text if whole.endswith(tuple(ENDS)) else f"；{cell.text}"
    return said[0], whole


def common_reason(sheet: Sheet, rows: Iterable[int], lexicon: Lexicon) -> Cell | None:
    """Return the one reason for the whole form that stands below its tables: 偏差大或目标未完成原因分析 | 阴雨天多."""
    for cells in map(sheet.row, rows):
        if len(cells) != 2 or lexicon.find("indicator", cells[0].text) != "reason" or lexicon.is_blank(cells[1].text):
            continue
        if cells[1].failed:
            continue
        sheet.know(*cells)
        return cells[1]
    return None
