"""One sheet of a workbook in, the same sheet in another out; and saving that gives the same bytes each time."""

import re
import zipfile
from copy import copy
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

EPOCH = (2000, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_STYLE_PARTS = ("font", "fill", "border", "alignment", "protection", "number_format")
_PAGE_PARTS = ("orientation", "paperSize", "scale", "fitToWidth", "fitToHeight")


def copy_sheet(source: Worksheet, book: Workbook) -> Worksheet:
    """Copy a sheet with its look, merged ranges, hints, lists, warnings and print settings to the end of a book."""
    target: Worksheet = book.create_sheet(source.title)
    looks: dict[int, Cell | MergedCell] = {}
    for row, cells in enumerate(source.iter_rows(), 1):
        for column, cell in enumerate(cells, 1):
            _copy_cell(cell, target.cell(row, column), looks)
    for merged in source.merged_cells.ranges:
        target.merged_cells.add(merged.coord)
    for letter, dimension in source.column_dimensions.items():
        twin = target.column_dimensions[letter]
        twin.width, twin.hidden = dimension.width, dimension.hidden
        twin.min, twin.max = dimension.min, dimension.max
    for number, line in source.row_dimensions.items():
        target.row_dimensions[number].height = line.height
    for validation in source.data_validations.dataValidation:
        target.add_data_validation(copy(validation))
    for area in source.conditional_formatting:
        for rule in area.rules:
            target.conditional_formatting.add(str(area.sqref), copy(rule))
    _copy_page(source, target)
    return target


def _copy_cell(cell: Cell | MergedCell, twin: Cell | MergedCell, looks: dict[int, Cell | MergedCell]) -> None:
    """Copy one cell; the covered cells of a merged range have a look of their own, their borders.

    `looks` keeps the first twin of each look: putting a look together from its parts takes most of the time.
    """
    if cell.has_style and (first := looks.setdefault(cell.style_id, twin)) is not twin:
        twin._style = copy(first._style)  # type: ignore[union-attr]  # the stubs leave it out
    elif cell.has_style:
        for part in _STYLE_PARTS:
            setattr(twin, part, copy(getattr(cell, part)))
    if isinstance(cell, Cell) and isinstance(twin, Cell) and cell.value is not None:
        twin.value = cell.value
        twin.data_type = cell.data_type


def _copy_page(source: Worksheet, target: Worksheet) -> None:
    target.sheet_format = copy(source.sheet_format)
    target.sheet_properties = copy(source.sheet_properties)
    target.page_margins = copy(source.page_margins)
    for part in _PAGE_PARTS:
        setattr(target.page_setup, part, getattr(source.page_setup, part))
    target.print_options = copy(source.print_options)
    target.HeaderFooter = copy(source.HeaderFooter)
    target.freeze_panes = source.freeze_panes
    target.sheet_view.showGridLines = source.sheet_view.showGridLines
    if source.print_title_rows:
        target.print_title_rows = source.print_title_rows
    if source.print_area:
        target.print_area = source.print_area.split("!")[-1]


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
