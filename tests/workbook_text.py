"""A workbook as text lines, and as LibreOffice computes it: two ways to look at what we wrote."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

_STORED = re.compile(r"(</f>)<v>[^<]*</v>")


def as_text(path: Path, sheet: str) -> str:
    """One line a filled cell: address, value or formula, and its comment if it bears one."""
    page = load_workbook(path)[sheet]
    return "\n".join(
        f"{cell.coordinate}  {str(cell.value).replace(chr(10), '⏎')}"
        + (f"  « {cell.comment.text}" if cell.comment else "")
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None or cell.comment
    )


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Every formula of a workbook by sheet and address."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "f"
    }


def values(path: Path) -> dict[tuple[str, str], object]:
    """Every stored value of a workbook by sheet and address."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(path, data_only=True)
        for row in sheet.iter_rows()
        for cell in row
    }


def computed(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice computes it, its stored results taken away first."""
    bare = folder / "bare" / "book.xlsx"
    bare.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = _STORED.sub(r"\1", data.decode()).encode()
            new.writestr(name, data)
    return convert(bare, "xlsx", folder / "computed")


def convert(path: Path, kind: str, folder: Path) -> Path:
    """What LibreOffice makes of a workbook; the test is skipped where there is none."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    # One profile for the whole session: making one takes LibreOffice longer than the work itself.
    session = next((parent for parent in folder.parents if parent.name.startswith("pytest-")), folder)
    profile = f"-env:UserInstallation={(session / 'office').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), "LibreOffice did not open the workbook"
    return made


def print_scales(path: Path) -> dict[str, float]:
    """How large each sheet prints on A4, fitted to the paper's width: 1 is full size."""
    scales = {}
    for sheet in load_workbook(path):
        area = sheet.print_area.rpartition("!")[2] or sheet.dimensions
        last = range_boundaries(area.replace("$", ""))[2]
        # openpyxl keeps equal neighbours as one entry with its first and last column.
        widths = {
            place: dimension.width
            for dimension in sheet.column_dimensions.values()
            for place in range(dimension.min or 0, (dimension.max or 0) + 1)
        }
        millimetres = sum(widths.get(place, 9) for place in range(1, last + 1)) * 7 / 96 * 25.4
        paper = 297 - 30 if sheet.page_setup.orientation == "landscape" else 210 - 40
        scales[sheet.title] = min(1.0, paper / millimetres)
    return scales
