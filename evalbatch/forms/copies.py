"""A tagged form in, a unit's copy out: blank, or with what is known filled in and locked."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms.copying import copy_sheet, save_workbook
from evalbatch.forms.front import add_approved, add_cover, add_guide
from evalbatch.forms.parts import fill_parts, losses
from evalbatch.forms.tags import Value, fill_tags, tags_of
from evalbatch.model import ApprovedTarget, Refused, Season, Unit

STANDARD = ("data", "whole-unit", "score")
"""The order of forms in a unit's standard workbook; a bureau's own come after, a project has a workbook of its own."""
ENTRY = PatternFill("solid", fgColor="FFFFFBE6")
WHITE = PatternFill()
END_OF_INDICATORS = ("总分", "合计", "总计", "注")


def write_blank(target: Path, form_path: Path, season: Season, *, guide: bool = False) -> None:
    """Write a form as units get it: year and version filled in, no tag left, everything else as the bureau drew it.

    `guide` puts the filling guide in front; a form that openpyxl can't copy without loss goes out as it is, its
    tags filled in place. Refused when the form can't be opened.
    """
    book = _open(form_path)
    if losses(data := form_path.read_bytes()):
        target.write_bytes(fill_parts(data, _season_values(form_path, season)))
        return
    for sheet in book.worksheets:
        fill_tags(sheet, _season_values(form_path, season))
    if guide:
        add_guide(book, None, season, 0)
        _open_on_first(book)
    save_workbook(book, target)


def write_prefilled(
    target: Path, forms: Iterable[Path], unit: Unit, season: Season, approved: Sequence[ApprovedTarget] = ()
) -> None:
    """Write a unit's standard workbook: cover, filling guide, then its forms, those of projects excepted.

    Known values are filled in and locked, the sheets protected without a password, so that only entry cells
    take anything. `approved` (of any unit) adds a sheet with the unit's own approved targets of the whole-unit form.
    """
    ordered = sorted((path for path in forms if path.stem != "project"), key=_place)
    book = _prefilled(ordered, unit, season)
    add_cover(book, unit, season)
    add_guide(book, unit, season, 1)
    _finish(book, [t for t in approved if t.unit in (unit.name, unit.code) and t.project is None], season, target)


def write_prefilled_project(
    target: Path,
    form_path: Path,
    unit: Unit,
    season: Season,
    project: str | None = None,
    approved: Sequence[ApprovedTarget] = (),
) -> None:
    """Write the form of one of a unit's projects: guide, form, and its approved targets where there are any."""
    book = _prefilled([form_path], unit, season, {"project.name": project})
    add_guide(book, unit, season, 0)
    own = [t for t in approved if t.unit in (unit.name, unit.code) and project and t.project == project]
    _finish(book, own, season, target)


def _place(form_path: Path) -> int:
    return STANDARD.index(form_path.stem) if form_path.stem in STANDARD else len(STANDARD)


def _season_values(form_path: Path, season: Season) -> dict[str, Value]:
    return {"year": season.year, "version": season.versions.get(form_path.stem)}


def _unit_values(form_path: Path, unit: Unit) -> dict[str, Value]:
    """What the roster knows of a unit; its money belongs on the whole-unit form alone."""
    known: dict[str, Value] = {"unit.name": unit.name, "unit.code": unit.code or None}
    if form_path.stem == "whole-unit":
        known |= {f"budget.total.{key}": getattr(unit, key) for key in ("initial", "adjusted", "executed")}
    return known


def _prefilled(
    form_paths: Sequence[Path], unit: Unit, season: Season, known: Mapping[str, Value] | None = None
) -> Workbook:
    """Put several forms into one workbook, what is known filled in and locked, the entry cells open."""
    if not form_paths:
        raise Refused(
            "没有可以放进工作簿的表样。", remedy="请把表样放进 input_templates 文件夹，例如 whole-unit.xlsx。"
        )
    book = _open(form_paths[0])
    for path in form_paths:
        sheets = book.worksheets if path == form_paths[0] else _copied(path, book)
        for sheet in sheets:
            _prefill(sheet, {**_season_values(path, season), **_unit_values(path, unit), **(known or {})})
    return book


def _copied(form_path: Path, book: Workbook) -> list[Worksheet]:
    return [copy_sheet(sheet, book) for sheet in _open(form_path).worksheets]


def _prefill(sheet: Worksheet, values: Mapping[str, Value]) -> None:
    """Fill in and lock what is known, open the other entry cells.

    A form that has open cells already says itself which they are; in one without, they are the cells of its tags.
    """
    tags = tags_of(sheet)
    prepared = any(not cell.protection.locked for row in sheet.iter_rows() for cell in row)
    entries = [] if prepared else [cell for name, cell in tags.items() if name != "version"]
    entries += [] if prepared else _indicator_cells(sheet, tags)
    known = fill_tags(sheet, values)
    for cell in entries:
        _paint(sheet, cell, locked=False)
    for cell in known:
        _paint(sheet, cell, locked=True)
    _protect(sheet)


def _finish(book: Workbook, approved: Sequence[ApprovedTarget], season: Season, target: Path) -> None:
    if approved:
        add_approved(book, approved, season)
    _open_on_first(book)
    save_workbook(book, target)


def _open_on_first(book: Workbook) -> None:
    book.active = 0
    for number, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = number == 0


def _indicator_cells(sheet: Worksheet, tags: Mapping[str, Cell]) -> list[Cell]:
    """Find the cells below the row of indicator tags, down to the block's end: each takes an indicator's value."""
    heads = [cell for name, cell in tags.items() if name.startswith("indicators.")]
    if not heads:
        return []
    row, end = heads[0].row + 1, heads[0].row + 1
    tagged = {cell.row for cell in tags.values()}
    while end <= sheet.max_row and end not in tagged and not _ends(sheet, end):
        end += 1
    return [cell for at in range(row, end) for head in heads if isinstance(cell := sheet.cell(at, head.column), Cell)]


def _ends(sheet: Worksheet, row: int) -> bool:
    text = next((str(cell.value).strip() for cell in sheet[row] if cell.value is not None), "")
    return text.startswith(END_OF_INDICATORS)


def _paint(sheet: Worksheet, cell: Cell, *, locked: bool) -> None:
    """Lock a known value, white; or open an entry cell, tinted."""
    fill = WHITE if locked else ENTRY
    for place in _area(sheet, cell):
        if place.protection.locked != locked or place.fill != fill:
            place.protection = Protection(locked=locked)
            place.fill = fill


def _area(sheet: Worksheet, cell: Cell) -> list[Cell | MergedCell]:
    """All cells of the merged range that a cell heads, or the cell alone."""
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return [sheet.cell(row, column) for row, column in merged.cells]
    return [cell]


def _protect(sheet: Worksheet) -> None:
    """Protect without a password; rows may still be inserted and made higher, columns wider."""
    sheet.protection.sheet = True
    for allowed in ("formatRows", "formatColumns", "insertRows"):
        setattr(sheet.protection, allowed, False)


def _open(form_path: Path) -> Workbook:
    try:
        return load_workbook(form_path)
    except Exception as error:
        raise Refused(
            f"表样 {form_path.name} 打不开。", remedy="请用Excel或WPS打开该文件，另存为xlsx格式后再用。"
        ) from error
