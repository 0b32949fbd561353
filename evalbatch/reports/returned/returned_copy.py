"""The way of one returned copy: open the unit's workbook, mark it, set the list in front, write it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from evalbatch.model import Finding
from evalbatch.reports.returned.comments import add_comments
from evalbatch.reports.returned.front import FRONT, front_table, grafted, write_list
from evalbatch.reports.returned.inert import make_inert
from evalbatch.reports.returned.marks import Marks, marks_by_sheet
from evalbatch.sheets import look
from evalbatch.sheets.look import Tone
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.markup import CannotSplice, well_formed
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.sheet import SheetPart, anchors, places_of_styles
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import WorkbookPart

_NO_MARKS = Marks({}, {})
_GROUNDS: dict[Tone, tuple[str, str]] = {
    tone: (ground.replace("#", "FF"), hatched.replace("#", "FF")) for tone, (ground, hatched) in look.MARKS.items()
}
"""The grounds that marks have, and the lines on them; in a copy that came back, they are marks of before."""


def write_returned_copy(
    data: bytes,
    findings: Sequence[Finding],
    target: Path,
    unit_name: str = "",
    deadline: date | None = None,
    keep_active: bool = False,
) -> None:
    """Write a unit's own workbook with its findings marked, commented, and listed on a sheet in front.

    `data` must have passed intake.preflight. Only the marked cells' formats, the comments and what counts sheets
    are changed, and what acts by itself is taken out (reports.returned.inert) unless it is
    to be kept; every other part is copied byte for
    byte, and the same input gives the same bytes. What is no
    OOXML workbook (.xls, .ods, .et, .xlsb) becomes a workbook with the list alone, which says so.
    """
    try:
        package = _marked(data, findings, unit_name, deadline, keep_active)
    except CannotSplice:
        write_list(target, front_table(findings, unit_name, deadline, None))
    else:
        package.write(target)


def _marked(data: bytes, findings: Sequence[Finding], unit_name: str, deadline: date | None, keep: bool) -> Package:
    package = Package.read(data)
    before = dict(package.parts)
    taken_out = () if keep else make_inert(package)
    workbook = WorkbookPart.read(package)
    styles = Styles.read(package[workbook.styles])
    marks = marks_by_sheet(findings)
    came_back = any(entry.name == FRONT for entry in workbook.sheets)
    for entry in workbook.sheets:
        if entry.part is not None and entry.name != FRONT:
            _mark_sheet(package, entry.part, styles, marks.get(entry.name, _NO_MARKS), came_back)
    names = [entry.name for entry in workbook.sheets]
    workbook.set_front(FRONT, grafted(front_table(findings, unit_name, deadline, names, taken_out), styles))
    package[workbook.styles] = styles.written()
    assure_readable(package, before)
    return package


def take_off_marks(package: Package) -> None:
    """Take the grounds and comments of ours off a workbook that was sent back once; the list in front is left there."""
    workbook = WorkbookPart.read(package)
    styles = Styles.read(package[workbook.styles])
    for entry in workbook.sheets:
        if entry.part is not None and entry.name != FRONT:
            _mark_sheet(package, entry.part, styles, _NO_MARKS, True)
    package[workbook.styles] = styles.written()


def _mark_sheet(package: Package, part: str, styles: Styles, marks: Marks, came_back: bool) -> None:
    """Mark one sheet. In a workbook that came back, earlier marks that no longer hold are taken off."""
    data = package[part]
    if not marks.tones and not came_back and b"tabSelected" not in data:
        return
    marks = marks.moved(anchors(data))
    stale = places_of_styles(data, styles.with_ground([ground for ground, _ in _GROUNDS.values()])) if came_back else {}
    sheet = SheetPart.read(data, frozenset(row for row, _ in (*marks.tones, *stale)))
    restyled: dict[Place, int] = {place: styles.unfilled(style) for place, style in stale.items()}
    for place, tone in marks.tones.items():
        restyled[place] = styles.filled(sheet.style_of(place), *_GROUNDS[tone])
    splices = sheet.restyled(restyled) + sheet.unselected()
    if marks.comments or came_back:
        splices += add_comments(package, part, sheet, marks)
    if splices:
        package[part] = sheet.written(splices)


def assure_readable(package: Package, before: dict[str, bytes]) -> None:
    """Make sure that every part that was changed can still be read; a drawing of Office's need never have been."""
    for name, data in package.parts.items():
        if before.get(name) is not data and name.lower().endswith((".xml", ".rels")) and not well_formed(data):
            raise CannotSplice(name)
