"""Forms in openpyxl's hands, for the worked example and for tests: blank and prefilled copies written, tags found and
filled in, workbooks saved without a clock."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.copies import Copies
from evalbatch.forms.grown import grown
from evalbatch.forms.places import form_name, open_form
from evalbatch.forms.texts import TAG, Value, words
from evalbatch.model import ApprovedTarget, Season, Unit
from evalbatch.scoring.workbook import load_scheme

EPOCH = (2000, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
NUMBER = re.compile(r"\d+(\.\d+)?")


def write_blank(target: Path, form: Path, season: Season, *, guide: bool = False) -> None:
    """Write one blank copy."""
    target.write_bytes(Copies(season).blank(form, guide=guide))


def write_prefilled(
    target: Path, forms: Sequence[Path], unit: Unit, season: Season, approved: Sequence[ApprovedTarget] = ()
) -> None:
    """Write a unit's standard workbook, of forms that lie in one."""
    [(_, data)] = _copies(season).standard(forms, unit, approved)
    target.write_bytes(data)


def write_prefilled_project(
    target: Path,
    form: Path,
    unit: Unit,
    season: Season,
    project: str | None = None,
    approved: Sequence[ApprovedTarget] = (),
) -> None:
    """Write the workbook of one of a unit's projects."""
    target.write_bytes(_copies(season).project(form, unit, project, approved))


_MADE: list[tuple[Season, Copies]] = []


def _copies(season: Season) -> Copies:
    """Give the copies of a season, whose templates take a second to make, from one unit to the next."""
    if not _MADE or _MADE[-1][0] != season:
        _MADE.append((season, Copies(season)))
    return _MADE[-1][1]


def tags_of(sheet: Worksheet) -> dict[str, Cell]:
    """Return each tag's cell, in reading order; of a tag typed twice, the first."""
    found: dict[str, Cell] = {}
    for cell, names in _tagged(sheet):
        for name in names:
            found.setdefault(name, cell)
    return found


def grown_sheet(form: Path) -> Worksheet:
    """Open a tagged form as copies are made of it: with the rows of the built-in scheme."""
    out = BytesIO()
    grown(open_form(form), form_name(form), load_scheme(None)).write(out)
    return load_workbook(out).worksheets[0]


def fill_tags(sheet: Worksheet, values: Mapping[str, Value]) -> list[Cell]:
    """Put values in the place of tags and take the other tags out; return the cells where a value went in.

    A tag alone in its cell gives the cell its value with its kind (number, date, text); inside other text
    it becomes text, and a number that is all that stays is a number: `5{{ indicators.weight }}` of a form that fixes
    its weights. A value is never taken for a formula.
    """
    filled = []
    for cell, names in list(_tagged(sheet)):
        _fill_cell(cell, values)
        if any(values.get(name) is not None for name in names):
            filled.append(cell)
    return filled


def _tagged(sheet: Worksheet) -> Iterator[tuple[Cell, list[str]]]:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and isinstance(cell.value, str) and (names := TAG.findall(cell.value)):
                yield cell, names


def _fill_cell(cell: Cell, values: Mapping[str, Value]) -> None:
    text = str(cell.value)
    alone = TAG.fullmatch(text.strip())
    if alone:
        put(cell, values.get(alone[1]))
    else:
        rest = TAG.sub(lambda tag: words(values.get(tag[1])), text)
        put(cell, Decimal(rest) if NUMBER.fullmatch(rest) else rest or None)


def put(cell: Cell, value: Value) -> None:
    """Write one value; text that looks like a formula stays text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def save_workbook(book: Workbook, target: Path) -> None:
    """Save a workbook without any clock in it: the same content gives the same bytes."""
    raw, settled = BytesIO(), BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in parts.infolist():
            content = parts.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _CLOCK.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            out.writestr(zipfile.ZipInfo(entry.filename, EPOCH), content, zipfile.ZIP_DEFLATED)
    target.write_bytes(settled.getvalue())
