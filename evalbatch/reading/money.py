"""The block of money: its header and the rows beneath in, BudgetLines out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from evalbatch.model import BudgetLine, Cell
from evalbatch.reading.header import AMOUNTS, Header
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.numbers import IN_TEN_THOUSAND, measure_in, money_of, number_of, points_of, rate_of
from evalbatch.reading.sheet import Sheet

OTHER_BLOCKS = frozenset({"other", "management", "managed"})
WORDS = re.compile(r"[^\W\d_]")
BEHIND = re.compile(r"(?<=[数额出算金])[千万亿]?元$")
FULL_WEIGHT = re.compile(r"^(\d{1,6}(?:\.\d{1,9})?)分")


def read_money(
    sheet: Sheet, header: Header, last: int, measure: str, lexicon: Lexicon
) -> Iterator[tuple[int, BudgetLine]]:
    """Yield the rows of money from below the header to row `last`; `measure` is the form's where no label says.

    It is "" where the form says none either.
    """
    measures = _measures(sheet, header, measure)
    _know_header(sheet, header)
    beside = _beside_items(sheet, header, last)
    for row in range(header.bottom + 1, last + 1):
        if not sheet.row(row):
            continue
        if _ends(sheet, row, beside, lexicon):
            return
        label = _item(sheet, header, row)
        kind = lexicon.money_kind(label.text) if label else None
        if label is not None and kind != "total" and _is_heading(sheet, header, row, label):
            sheet.know(*(cell for cell in sheet.row(row) if cell.text.endswith((":", "："))))
            continue
        cells = {role: cell for role in _roles(header) if (cell := header.value(sheet, row, role))}
        if label is not None and not WORDS.search(label_of(label.text).core) and label is sheet.row(row)[-1]:
            sheet.know(label)  # ①……, a line that the blank form leaves open
            continue
        if not _is_line(label, kind, cells, lexicon):
            return
        if label is None:
            label = _side(sheet, header)
        sheet.know(*sheet.row(row)[:1], *([label] if label else []))
        _know_standard(sheet, header, row)
        yield row, _line(sheet, label, kind, cells, measures, header, lexicon)


def _beside_items(sheet: Sheet, header: Header, last: int) -> Cell | None:
    """Return the label at the side of the block where the names of its rows stand right of it."""
    side = _side(sheet, header)
    rows = (sheet.row(row) for row in range(header.bottom + 1, last + 1))
    first = next((cells[0] for cells in rows if cells and not _is_side(cells[0], side)), None)
    right = side is not None and first is not None and first.column > sheet.span(side)[3]
    return side if right and first is not None and first.column < header.left else None


def _ends(sheet: Sheet, row: int, side: Cell | None, lexicon: Lexicon) -> bool:
    """Whether another block begins in a row: it has a label of one, or one in the column of the label at the side."""
    first = sheet.row(row)[0]
    if lexicon.find("block", first.text) in OTHER_BLOCKS:
        return True
    below = side is not None and first.column <= sheet.span(side)[3] and bool(label_of(first.text).core)
    return below and not _is_side(first, side) and lexicon.money_kind(first.text) is None


def with_total(lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """Return a block's rows; of several totals, or where no label names one, the only row with a weight is it.

    部门支出 | … | 10; and 支出合计 | … | 10 beside 收入合计, which is no money to be spent.
    """
    totals = [line for line in lines if line.kind == "total"]
    weighted = [line for line in totals or lines if line.weight is not None]
    spent = [line for line in totals if "收入" not in line.item]
    found = weighted if len(weighted) == 1 else spent
    if len(totals) == 1 or len(found) != 1:
        return list(lines)
    return [replace(line, kind=_kind_beside(found[0], line)) for line in lines]


def _kind_beside(total: BudgetLine, line: BudgetLine) -> str:
    """Return a row's kind in a block with this total."""
    return "total" if line is total else "other" if line.kind == "total" else line.kind


def _roles(header: Header) -> list[str]:
    return [
        role
        for role in ("initial", "adjusted", "executed", "weight", "rate", "score", "reason")
        if role in header.columns
    ]


def _measures(sheet: Sheet, header: Header, measure: str) -> dict[str, str]:
    """Return the measure of each amount's column: its own, else the side label's, else the form's.

    Where only some columns have one, and always the same, it is that of the others too.
    """
    side = _side(sheet, header)
    beside = (measure_in(side.text) or _measure_of(side)) if side else None
    own = {role: _measure_of(header.columns[role].header) for role in AMOUNTS & header.columns.keys()}
    said = {found for found in own.values() if found}
    usual = beside or measure or (said.pop() if len(said) == 1 else "万元")
    return {role: found or usual for role, found in own.items()}


def _measure_of(head: Cell) -> str | None:
    """Return the measure that a head names in brackets or at its end: 全年执行数（B）元."""
    label = label_of(head.text)
    behind = BEHIND.search(label.core)
    return measure_in(*label.asides) or (behind[0] if behind else None)


def money_measure(sheet: Sheet, header: Header, measure: str) -> str:
    """Return 元 when the form writes its money in 元, else 万元."""
    return "元" if "元" in _measures(sheet, header, measure).values() else "万元"


def _side(sheet: Sheet, header: Header) -> Cell | None:
    """Return the label at the side of the block, 项目资金（万元）, merged down or standing in the header row."""
    left = header.left
    for row in range(header.top, header.bottom + 1):
        if beside := [cell for cell in sheet.row(row) if cell.column < left]:
            return beside[0]
    for row in (header.bottom + 1, header.top - 1):
        if beside := [cell for cell in sheet.row(row) if cell.column < left and sheet.span(cell)[2] > cell.row]:
            return beside[0]
    return None


def _know_header(sheet: Sheet, header: Header) -> None:
    for row in range(header.top, header.bottom + 1):
        sheet.know(*(cell for cell in sheet.row(row) if cell.column < header.left))
    if side := _side(sheet, header):
        sheet.know(side)


def _item(sheet: Sheet, header: Header, row: int) -> Cell | None:
    """Return the row's own label: the last filled cell left of the amounts that is not the side label."""
    side = _side(sheet, header)
    beside = [cell for cell in sheet.row(row) if cell.column < header.left]
    own = [cell for cell in beside if not _is_side(cell, side) and number_of(cell) is None]
    return own[-1] if own else None


def _is_heading(sheet: Sheet, header: Header, row: int, label: Cell) -> bool:
    """Whether a label is merged over the amounts, 按收入性质分：, and its row holds no number of its own."""
    over = sheet.span(label)[3] >= header.left
    return over and not any(number_of(cell) is not None for cell in sheet.row(row))


def _is_side(cell: Cell, side: Cell | None) -> bool:
    same = side is not None and label_of(cell.text).core == label_of(side.text).core
    return same or (side is not None and (cell.row, cell.column) == (side.row, side.column))


def _is_line(label: Cell | None, kind: str | None, cells: dict[str, Cell], lexicon: Lexicon) -> bool:
    amounts = [cell for role, cell in cells.items() if role in AMOUNTS]
    shown = any(cell.filled and money_of(cell, "万元") is not None for cell in amounts)
    if label is None:
        return shown
    if kind is not None:
        return True
    return shown or any(cell.filled and lexicon.is_blank(cell.text) for cell in cells.values())


def _line(
    sheet: Sheet,
    label: Cell | None,
    kind: str | None,
    cells: dict[str, Cell],
    measures: dict[str, str],
    header: Header,
    lexicon: Lexicon,
) -> BudgetLine:
    cells = {role: _without_measure(cell) if role in AMOUNTS else cell for role, cell in cells.items()}
    values = values_of(sheet, cells, measures, lexicon)
    kind = kind or ("total" if label is _side(sheet, header) else "other")
    if kind == "total" and "weight" not in cells and (whole := _weight_of_block(sheet, header)):
        cells["weight"], values["weight"] = whole
    return BudgetLine(label.text if label else "", kind, cells=cells, **values)


def values_of(
    sheet: Sheet, cells: Mapping[str, Cell], measures: Mapping[str, str], lexicon: Lexicon
) -> dict[str, Decimal | None]:
    """Return what the cells of one line of money hold by role, amounts in 万元, a rate in percent; None for words.

    Words stay in the list of unused cells.
    """
    amounts = {role: money_of(cell, measures[role]) for role, cell in cells.items() if role in AMOUNTS}
    values = amounts | {role: points_of(cell) for role, cell in cells.items() if role in ("weight", "score")}
    if "rate" in cells:
        base = amounts.get("adjusted") if "adjusted" in cells else amounts.get("initial")
        values["rate"] = rate_of(cells["rate"], amounts.get("executed"), base)
    read = {role for role, value in values.items() if value is not None} | {"reason"}
    sheet.know(*(cell for role, cell in cells.items() if role in read or cell.flaw or lexicon.is_blank(cell.text)))
    return values


def _without_measure(cell: Cell) -> Cell:
    """Return a cell of money; where it holds no more than its measure, 万元, it is blank."""
    return replace(cell, text="") if plain(cell.text).strip("()") in IN_TEN_THOUSAND else cell


def _weight_of_block(sheet: Sheet, header: Header) -> tuple[Cell, Decimal] | None:
    """Return what the block counts where only its label says so: 预算执行情况（20分）."""
    side = _side(sheet, header)
    for cell in [side, header.columns["score"].header if "score" in header.columns else None]:
        if cell is None:
            continue
        for aside in label_of(cell.text).asides:
            if found := FULL_WEIGHT.match(aside):
                return cell, Decimal(found[1])
    return None


def _know_standard(sheet: Sheet, header: Header, row: int) -> None:
    """A printed rule of computation is no value; a dash in a column that is not read is nothing."""
    for column in header.extras:
        cell = sheet.at(row, column.first)
        if column.role == "standard" or cell.text in ("-", "—", "/"):
            sheet.know(cell)
