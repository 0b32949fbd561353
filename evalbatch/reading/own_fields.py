"""A copy of a bureau's own form in, its free fields out: each found by the labels that lie around its tag."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalbatch.model import Cell, Entry, Indicator
from evalbatch.reading.adopted import FreeField, OwnForm
from evalbatch.reading.header import Header
from evalbatch.reading.lexicon import label_of
from evalbatch.reading.numbers import measure_in, number_of
from evalbatch.reading.sheet import Sheet

_COLON = re.compile(r"[:：]")


@dataclass(frozen=True, slots=True)
class _Found:
    """The value of a field with its cell, and the cell of its label, which may be the same one."""

    label: Cell
    value: Cell


def read_fields(sheet: Sheet, rows: Sequence[int], own: OwnForm) -> list[Entry]:
    """Take a form's free fields out of its rows: each value with its cell, a blank one without text.

    Their cells are known afterwards, and blank for whatever is read later, so that nothing else is read from them.
    """
    labels = [cell for row in rows for cell in sheet.row(row)]
    entries: list[Entry] = []
    taken: set[tuple[int, int]] = set()
    for field in own.fields:
        places = _places(sheet, field, labels, own)
        found = next((one for one in places if (one.value.row, one.value.column) not in taken), None)
        if found is not None:
            entries.append(_entry(field.name, found))
            taken.add((found.value.row, found.value.column))
            taken |= {(found.label.row, found.label.column)} if not field.column else set()
    _take_out(sheet, taken, own)
    return entries


def read_columns(sheet: Sheet, header: Header, rows: Sequence[tuple[int, Indicator]], own: OwnForm) -> list[Entry]:
    """Take a form's own columns beside those of the indicators: 指标名称·是否核心指标, for each row with a value."""
    heads = [cell for row in range(header.top, header.bottom + 1) for cell in sheet.row(row)]
    entries = []
    for column in own.columns:
        for head in [cell for cell in heads if label_of(cell.text).core == column.column][:1]:
            sheet.know(head)
            for row, indicator in rows:
                if (value := sheet.owner(row, head.column)).filled:
                    sheet.know(value)
                    entries.append(_entry(f"{indicator.name}·{column.name}", _Found(head, value)))
    return entries


def _entry(name: str, found: _Found) -> Entry:
    read = number_of(found.value)
    number, measure = read or (None, "")
    counted = (measure or measure_in(found.label.text) or "") if number is not None else ""
    return Entry(name, found.value.text or None, number, counted, found.value)


def _take_out(sheet: Sheet, taken: set[tuple[int, int]], own: OwnForm) -> None:
    """Know these cells, and the labels left alone in their rows, and take them out of the sheet."""
    sheet.know(*(sheet.at(*place) for place in taken))
    sheet.taken |= taken
    for row in {row for row, _ in taken}:
        left = [cell for cell in sheet.row(row) if (row, cell.column) not in taken]
        if all(label_of(cell.text).core in own.printed for cell in left):
            sheet.know(*left)
            left = []
        sheet.rows[row] = left
        if not left:
            del sheet.rows[row]


def _places(sheet: Sheet, field: FreeField, labels: Sequence[Cell], own: OwnForm) -> Iterator[_Found]:
    """Yield where a field may lie: beside its row's label, there under its column's, or below its column's alone."""
    heads = [cell for cell in labels if field.column and label_of(cell.text).core == field.column]
    if not field.row:
        yield from (_Found(head, sheet.below(head)) for head in heads)
        return
    for label in labels:
        if label_of(label.text).core == field.row:
            if not field.column:
                yield _Found(label, _beside(sheet, label, own))
            elif above := [head for head in heads if head.row < label.row and head.column > label.column]:
                head = max(above, key=lambda one: one.row)
                yield _Found(head, sheet.owner(label.row, head.column))
        elif not field.column and (inside := _inside(label, field.row)) is not None:
            yield _Found(label, inside)


def _beside(sheet: Sheet, label: Cell, own: OwnForm) -> Cell:
    """Return the place of a value: right of its label, or the first filled one before the next label."""
    place = sheet.right_of(label)
    if place.filled:
        return Cell(sheet.name, label.row, label.column) if _is_printed(place, own) else place
    filled = next(iter(sheet.after(label)), None)
    return place if filled is None or _is_printed(filled, own) else filled


def _is_printed(cell: Cell, own: OwnForm) -> bool:
    return label_of(cell.text).core in own.printed


def _inside(cell: Cell, core: str) -> Cell | None:
    """Return the value behind a label in the label's own cell: 共性原因：阴雨天多, 其中：基本支出：100万元."""
    for colon in _COLON.finditer(cell.text):
        if label_of(cell.text[: colon.start()]).core == core:
            return replace(cell, text=cell.text[colon.end() :].strip(), number=None, date=None)
    return None
