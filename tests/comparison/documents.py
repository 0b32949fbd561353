"""Drawings as in drawn_books in, the documents that are published out: .docx by python-docx, PDF by LibreOffice."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from comparison.drawn_books import book
from docx.document import Document
from docx.table import Table, _Cell
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.properties import PageSetupProperties

Part = str
"""A paragraph, or a drawing where it has more than one line."""


def word(path: Path, *parts: Part) -> Path:
    """Write paragraphs and tables."""
    document = docx.Document()
    for part in parts:
        lines = part.strip().splitlines()
        if len(lines) == 1:
            document.add_paragraph(lines[0])
        else:
            drawn_table(document, lines)
    document.save(str(path))
    return path


def drawn_table(place: Document | _Cell, lines: Sequence[str]) -> Table:
    """Draw a table with its merged cells in a document, or inside a cell of another table."""
    rows = [[text.strip() for text in line.split("|")] for line in lines]
    width = max(map(len, rows))
    table = place.add_table(len(rows), width)
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text in ("<", "^"):
                continue
            right, bottom = column, at
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while bottom + 1 < len(rows) and column < len(rows[bottom + 1]) and rows[bottom + 1][column] == "^":
                bottom += 1
            cell = table.cell(at, column)
            if (bottom, right) != (at, column):
                cell = cell.merge(table.cell(bottom, right))
            cell.text = text
    return table


def ruled(path: Path, sheets: Mapping[str, str], again: str = "", high: int = 60) -> Path:
    """Write drawings as a workbook to be printed: ruled lines, text wrapped, one page wide, `again` on each page."""
    workbook = openpyxl.load_workbook(book(path, sheets))
    line = Side("thin")
    for sheet in workbook:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
        sheet.print_title_rows = again or None
        for row in sheet.iter_rows():
            sheet.row_dimensions[row[0].row].height = high
            for cell in row:
                cell.border = Border(line, line, line, line)
                cell.alignment = Alignment(wrap_text=True, vertical="center")
        for letter in "ABCDEFGH":
            sheet.column_dimensions[letter].width = 16
    workbook.save(path)
    return path


LOCKED = 'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},\
"DocumentOpenPassword":{"type":"string","value":"1234"}}'
"""What LibreOffice makes a PDF with a password of."""


def pdfs(folder: Path, *paths: Path, kind: str = "pdf") -> list[Path]:
    """Convert workbooks and documents with LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [folder / f"{path.stem}.pdf" for path in paths]
