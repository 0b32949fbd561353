"""Forms as LibreOffice computes them, and what they say of themselves then."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook


def converted(paths: list[Path], folder: Path) -> list[Path]:
    """All these workbooks as LibreOffice computes them, opened by it one after another."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / path.name for path in paths]


def said_in(path: Path) -> Iterator[tuple[str, str]]:
    """What a computed form says beside its rows, as code and cell."""
    for sheet in load_workbook(path, data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.endswith("|") and cell.value[0] in "bw":
                    for token in cell.value.rstrip("|").split("|"):
                        code, _, column = token[1:].partition(":")
                        yield code, f"{column}{cell.row}"
