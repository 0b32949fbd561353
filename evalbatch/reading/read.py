"""A workbook's bytes in, a Reading out: every form on every sheet, and every filled cell accounted for."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from evalbatch.model import Cell, Finding, Grid, Reading, Submission
from evalbatch.reading import flaws
from evalbatch.reading.continuing import goes_on, joined
from evalbatch.reading.doubled import mark_doubled
from evalbatch.reading.flat import projects_of, split, with_own
from evalbatch.reading.forms import FormReader
from evalbatch.reading.grid import DEFAULT, read_with_links
from evalbatch.reading.hidden import without_hidden
from evalbatch.reading.lexicon import Lexicon, plain
from evalbatch.reading.outline import Table, bands, tables
from evalbatch.reading.particulars import Particulars
from evalbatch.reading.sheet import Sheet
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import too_large

ACTIVE = (b"vbaproject", b"macrosheets", b"externallinks", b"connections.xml")
"""A package names its parts in plain bytes, so that most need not be opened again."""
WIDEST_COVER = 4
"""A sheet with a longer row has a table, and who filled it in when says nothing of the forms."""
SIGNATURE = ("prepared_by", "phone", "filled_on")
LONGEST_HEADING = 12
"""A longer text that begins with 说明 may stand above a form."""


def read_workbook(data: bytes, lexicon: Lexicon, limits: Limits = DEFAULT) -> Reading:
    """Read every form out of a workbook.

    Raises Refused F01 to F04 where its sheets can't be read or it is beyond `limits`: no intake.preflight is needed
    before. A workbook without a known form comes back with F05.
    """
    grids, named = read_with_links(data, limits)
    reading = read_sheets(grids, lexicon)
    if sum(len(one.indicators) + len(one.budget) + len(one.fields) for one in reading.submissions) > limits.lines:
        raise too_large(f"评价表的指标等内容超过{limits.lines}行")
    macros, linked = _active_parts(data)
    return replace(reading, findings=(*reading.findings, *flaws.links_and_macros(macros, linked or named)))


def read_sheets(grids: Sequence[Grid], lexicon: Lexicon) -> Reading:
    """Read the forms out of sheets: submissions in order, unused cells, findings."""
    submissions: list[Submission] = []
    unused: list[Cell] = []
    findings: list[Finding] = []
    covers: list[Particulars] = []
    stories: list[Cell] = []
    for grid in (_without_checks(each, lexicon) for each in grids):
        if is_decoy(grid, lexicon):
            findings += _hidden(grid, lexicon)
            continue
        before = submissions[-1] if submissions else None
        found, noted, known = _read_grid(grid, lexicon.on_sheet(cell.text for cell in grid.cells.values()), before)
        if before is not None and found and goes_on(before, found[0]):
            submissions[-1] = joined(before, found.pop(0))
        if not found and (cover := _cover(grid, lexicon)):
            covers.append(cover)
            if (unread := cover.unread_day("filled_on")) is not None:
                findings.append(flaws.unread("filled_on", unread[1], unread[0]))
            known |= cover.sheet.known
        elif not found and lexicon.decoys["story"].search(grid.sheet):
            stories += [cell for _, cell in sorted(grid.cells.items()) if cell.text]
            known |= grid.cells.keys()
        elif not found and _explains(grid, lexicon):
            known |= grid.cells.keys()
        submissions += found
        findings += noted
        if found:
            findings += flaws.struck_out(grid)
        unused += [grid.cells[place] for place in sorted(grid.cells.keys() - known) if grid.cells[place].filled]
    if not submissions:
        return Reading((), tuple(unused), (flaws.no_form(grids),))
    named = [_with_cover(submission, covers) for submission in _without_blanks(submissions)]
    if stories:
        named = [replace(submission, notes=(*submission.notes, *stories)) for submission in named]
    marked, doubled = mark_doubled(named)
    return Reading(tuple(marked), tuple(unused), (*findings, *_nameless(named), *doubled))


def _without_checks(grid: Grid, lexicon: Lexicon) -> Grid:
    """Leave out a form's own arithmetic: what stands below and right of its heading, 自动核对."""
    beside = lexicon.decoys["beside"].match
    heads = [place for place, cell in grid.cells.items() if beside(cell.text)]
    if not heads:
        return grid
    row, column = min(at for at, _ in heads), min(at for _, at in heads)
    kept = {place: cell for place, cell in grid.cells.items() if place[0] < row or place[1] < column}
    return replace(grid, cells=kept)


def _read_grid(
    grid: Grid, lexicon: Lexicon, before: Submission | None = None
) -> tuple[list[Submission], list[Finding], set[tuple[int, int]]]:
    """Read a sheet's forms; what begins without a name may go on with `before`, the last form of the sheet before."""
    found: list[Submission] = []
    findings: list[Finding] = []
    known: set[tuple[int, int]] = set()
    for band in bands(grid, lexicon):
        for table in tables(band, lexicon):
            for part, read, noted in _read_table(table, lexicon, None if found else before):
                submission, hidden, left_out = without_hidden(read, grid)
                found.append(submission)
                findings += noted + hidden
                part.sheet.known -= {(cell.row, cell.column) for cell in left_out}
                findings += (*flaws.unplaced(part, submission), *flaws.no_actuals(part, submission))
        known |= band.known
    return found, findings, known


def _read_table(
    table: Table, lexicon: Lexicon, before: Submission | None
) -> Iterator[tuple[Table, Submission, list[Finding]]]:
    """Read a table's form, those of all projects where it is a flat table of several; none where it is no form."""
    projects = projects_of(table, lexicon)
    for part, one in zip(split(table, projects, lexicon), projects, strict=True):
        reader = FormReader(part, lexicon)
        submission = reader.read()
        table.sheet.known |= part.sheet.known
        if submission is not None:
            yield part, with_own(submission, one, part, reader.particulars.measure, lexicon), reader.findings
    if not projects:
        reader = FormReader(table, lexicon, before)
        if (submission := reader.read()) is not None:
            yield table, submission, reader.findings


def is_decoy(grid: Grid, lexicon: Lexicon) -> bool:
    """Whether a sheet is no form as a whole: hidden, or headed as instructions or as our own list of corrections."""
    if not grid.visible or not grid.cells:
        return True
    first = plain(grid.cells[min(grid.cells)].text)
    return len(first) <= LONGEST_HEADING and bool(lexicon.decoys["first"].match(first))


def _explains(grid: Grid, lexicon: Lexicon) -> bool:
    """Whether a sheet without a form holds instructions or lists to choose from."""
    first = plain(grid.cells[min(grid.cells)].text)
    return bool(lexicon.decoys["first"].match(first) or lexicon.decoys["sheet"].search(grid.sheet))


def _hidden(grid: Grid, lexicon: Lexicon) -> Iterator[Finding]:
    """Say that a hidden sheet holds a filled form, which is not read."""
    if not grid.visible and grid.cells:
        found, _, _ = _read_grid(grid, lexicon)
        if any(_is_filled(submission) for submission in found):
            yield flaws.hidden_form(grid)


def _is_filled(submission: Submission) -> bool:
    """Whether anybody wrote anything into a form."""
    amounts = any(line.initial or line.adjusted or line.executed for line in submission.budget)
    said = submission.unit_name or submission.project or any(entry.text for entry in submission.fields)
    return bool(amounts or said or submission.indicators)


def _without_blanks(submissions: list[Submission]) -> list[Submission]:
    """Leave out blank copies of a form that is there filled in as well."""
    filled = {submission.form for submission in submissions if _is_filled(submission)}
    return [submission for submission in submissions if submission.form not in filled or _is_filled(submission)]


def _cover(grid: Grid, lexicon: Lexicon) -> Particulars | None:
    """Read a cover: a sheet without tables that names the unit or the year."""
    looks = lexicon.decoys["cover"].search(grid.sheet) or len(grid.cells) <= 30
    if not looks:
        return None
    sheet = Sheet(grid)
    about = Particulars(sheet, lexicon)
    for row in sorted(sheet.rows):
        about.read_row(row)
    if not about.found.keys() & {"unit.name", "unit.filling", "unit.office", "year"}:
        return None
    filled = [cell for cells in sheet.rows.values() for cell in cells]
    titles = [cell for cell in filled if lexicon.title_form(cell.text) or "绩效" in cell.text]
    sheet.know(*titles)
    about.read_titles(titles)
    if any(len(cells) > WIDEST_COVER for cells in sheet.rows.values()):
        about.found = {key: found for key, found in about.found.items() if key not in SIGNATURE}
    return about


def _with_cover(submission: Submission, covers: list[Particulars]) -> Submission:
    """Fill in unit, year, and who filled it in when from the cover, where the form has no place for them."""
    for about in covers:
        submission = _with_signature(submission, about)
        if submission.unit_name is None and not _said(submission, "unit.name") and about.text("unit.name"):
            cells = {**submission.cells, **_place(about, "unit.name")}
            submission = replace(submission, unit_name=about.text("unit.name"), cells=cells)
        year, _ = about.year()
        if submission.year is None and "year" not in submission.cells and year:
            submission = replace(submission, year=year, cells={**submission.cells, **_place(about, "year")})
    return submission


def _with_signature(submission: Submission, about: Particulars) -> Submission:
    said: dict[str, Any] = {"prepared_by": about.text("prepared_by"), "phone": about.text("phone")}
    said["filled_on"] = about.day("filled_on")
    said = {key: value for key, value in said.items() if value and key not in submission.cells}
    places = {key: place for key in said for place in _place(about, key).values()}
    return replace(submission, **said, cells={**submission.cells, **places}) if said else submission


def _said(submission: Submission, key: str) -> bool:
    return key in submission.cells and submission.cells[key].filled


def _nameless(submissions: Sequence[Submission]) -> Iterator[Finding]:
    """Say that a filled form has a place for its unit, and no unit anywhere."""
    for one in submissions:
        cell = one.cells.get("unit.name")
        if one.unit_name is None and cell is not None and not cell.filled and _is_filled(one):
            yield flaws.without_value("unit.name", cell)


def _place(about: Particulars, concept: str) -> dict[str, Cell]:
    cell = about.cell(concept)
    return {} if cell is None else {concept: cell}


def _active_parts(data: bytes) -> tuple[bool, bool]:
    """Return whether a package has macros, and links to other workbooks, by the names of its parts."""
    lower = data.lower()
    if not any(mark in lower for mark in ACTIVE) or not zipfile.is_zipfile(io.BytesIO(data)):
        return False, False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name.lower() for name in package.namelist()]
    macros = any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)
    links = any(
        ("/externallinks/" in name and not name.endswith(".rels")) or name.endswith("/connections.xml")
        for name in names
    )
    return macros, links
