"""A sheet described as a table in, a painted sheet out: every workbook that we write looks alike."""

from evalbatch.sheets import look
from evalbatch.sheets.book import Book, new_book
from evalbatch.sheets.look import (
    FORM_WORDS,
    SEVERITY_WORDS,
    STATUS_WORDS,
    VERDICT_WORDS,
    Align,
    Kind,
    Part,
    Tone,
)
from evalbatch.sheets.painter import Painted, paint
from evalbatch.sheets.table import CellValue, Column, Formula, Link, Table, Toned, quoted, shown_text

__all__ = [
    "FORM_WORDS",
    "SEVERITY_WORDS",
    "STATUS_WORDS",
    "VERDICT_WORDS",
    "Align",
    "Book",
    "CellValue",
    "Column",
    "Formula",
    "Kind",
    "Link",
    "Painted",
    "Part",
    "Table",
    "Tone",
    "Toned",
    "look",
    "new_book",
    "paint",
    "quoted",
    "shown_text",
]
