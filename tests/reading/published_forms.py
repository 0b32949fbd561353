"""Forms as published (published/README.md): drawn sheets as workbooks, and their labels."""

import json
import re
import shutil
import sys
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from reading.drawn import merges_of, rows_of

FOLDER = Path(__file__).parent / "published"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?(%?)")


def label(name: str) -> dict:
    """Return the right reading of a form, its keys explained in published/README.md."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def drawing(name: str) -> str:
    """Return a form's sheet drawn as text."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def workbook(name: str, folder: Path) -> Path:
    """Write a form's workbook into the folder; plain numbers and percentages become number cells that show the same."""
    book = Workbook()
    sheet = book.worksheets[0]
    rows = rows_of(drawing(name))
    for row, parts in enumerate(rows, 1):
        for column, part in enumerate(parts, 1):
            if part and part not in "<^":
                _fill(sheet.cell(row, column), part.replace("\\n", "\n"))
    for top, left, bottom, right in merges_of(rows):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    path = folder / f"{name}.xlsx"
    book.save(path)
    return path


def _fill(cell: Cell, text: str) -> None:
    number = _NUMBER.fullmatch(text)
    if not number:
        cell.value = text
        cell.data_type = "s"  # a text that begins with = is no formula
        return
    decimals, percent = number.groups()
    cell.value = float(text.rstrip("%")) / (100 if percent else 1)
    cell.number_format = "0" + ("." + "0" * len(decimals) if decimals else "") + percent


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    for each in NAMES:
        workbook(each, place)
        shutil.copy(FOLDER / f"{each}.json", place)
