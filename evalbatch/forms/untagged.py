"""A tagged form in, the blank cells that a unit could not fill in out: drawn for an entry, and locked in its copies."""

import re
from collections.abc import Iterator
from pathlib import Path

from evalbatch.forms.entries import entry_places
from evalbatch.forms.places import form_name, open_form
from evalbatch.forms.tagged import TaggedSheet, tagged_sheets
from evalbatch.model import Cell
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import WorkbookPart

_DRAWN = re.compile(rb"""\sstyle\s*=\s*["'](?!none)""")
_LONGEST_LABEL = 14


def locked_entries(form: Path) -> tuple[str, ...]:
    """Name each blank cell with a border beside or below a label that a unit's copy keeps locked, with its label.

    In a form that has open cells of its own, it is the tagged cells among the locked ones. Refused as `open_form`.
    """
    name, package = form_name(form), open_form(form)
    book = WorkbookPart.read(package, strict=True)
    styles = Styles.read(package[book.styles])
    said = []
    for sheet in tagged_sheets(book, dict.fromkeys((entry.name for entry in book.sheets), name)):
        entries = entry_places(sheet)
        covered = {place for area in sheet.areas.values() for place in area[1:]}
        if any(not styles.is_locked(sheet.style(place)) for place in sheet.cells):
            shut = [place for place in sorted(entries) if styles.is_locked(sheet.style(place))]
            said += [_said(sheet, place) for place in shut if place not in covered and not sheet.text(place)]
        else:
            said += [_said(sheet, place) for place in _untagged(sheet, styles, entries)]
    return tuple(dict.fromkeys(said))


def _untagged(sheet: TaggedSheet, styles: Styles, entries: set[Place]) -> Iterator[Place]:
    """Yield the blank drawn cells that no tag opens; of a column below one label, the first."""
    covered = {place for area in sheet.areas.values() for place in area[1:]}
    owner = {place: area[0] for area in sheet.areas.values() for place in area}
    headed: set[Place] = set()
    for place in sorted(sheet.cells):
        if place in covered or place in entries or place in sheet.tagged or sheet.text(place):
            continue
        border = styles.pieces(sheet.style(place))[2:]
        if not border or not _DRAWN.search(border[0]) or _heads_columns(sheet, place[0]):
            continue
        above = _above(sheet, place, owner)
        if _is_label(sheet, owner.get((place[0], place[1] - 1), (place[0], place[1] - 1))):
            yield place
        elif above is not None and above not in headed and _is_label(sheet, above):
            headed.add(above)
            yield place


def _heads_columns(sheet: TaggedSheet, row: int) -> bool:
    """Whether a row has labels only, three or more: the head of a table."""
    cells = [place for place in sheet.cells if place[0] == row and sheet.text(place)]
    return len(cells) > 2 and not any(place in sheet.tagged for place in sheet.cells if place[0] == row)


def _above(sheet: TaggedSheet, place: Place, owner: dict[Place, Place]) -> Place | None:
    """The cell that heads a blank one's column, blank and tagged ones between them passed over."""
    for row in range(place[0] - 1, 0, -1):
        above = owner.get((row, place[1]), (row, place[1]))
        if sheet.text(above):
            return above
    return None


def _is_label(sheet: TaggedSheet, place: Place) -> bool:
    text = sheet.text(place)
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and place not in sheet.tagged


def _said(sheet: TaggedSheet, place: Place) -> str:
    owner = {other: area[0] for area in sheet.areas.values() for other in area}
    above = _above(sheet, place, owner)
    left = owner.get((place[0], place[1] - 1), (place[0], place[1] - 1))
    label = sheet.text(left) if _is_label(sheet, left) else sheet.text(above) if above else ""
    shown = " ".join(label.split())
    shown = shown if len(shown) <= _LONGEST_LABEL else shown[: _LONGEST_LABEL - 1] + "…"
    return f"{Cell('', *place).address}　{shown}".rstrip()
