"""Labels in front of values: 填表人：张三, in one cell or in two."""

import re
from functools import lru_cache

from evalbatch.model import Cell
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.sheet import Sheet

COLON = re.compile(r"[:：]")
NEXT_LABEL = re.compile(r"(?:(?<!\s)\s{2,}+|[\u3000\n])[^\s:：\d]{2,10}[:：]")
"""A label that nobody knows, behind a wide blank: 项目单位：图书馆　　主要领导签字："""
Found = tuple[str, str]
"""A concept and the text behind its label."""


def pairs_in(text: str, lexicon: Lexicon) -> tuple[Found, ...]:
    """Return every label with a colon inside one text, and what follows it up to the next such label.

    >>> from evalbatch.reading.lexicon import load_words
    >>> pairs_in("填表人：张三　联系电话：123", load_words())
    (('prepared_by', '张三'), ('phone', '123'))
    """
    if "：" not in text and ":" not in text:
        return ()
    return _pairs(text, lexicon) if len(text) <= 400 else ()


@lru_cache(maxsize=4096)  # each cell is asked several times, and what is printed comes again in every workbook
def _pairs(text: str, lexicon: Lexicon) -> tuple[Found, ...]:
    marks: list[tuple[int, int, str]] = []
    for colon in COLON.finditer(text):
        begin = marks[-1][1] if marks else 0
        if label := _label_before(text, begin, colon.start(), lexicon):
            marks.append((label[0], colon.end(), label[1]))
    if not marks or (
        marks[0][0] and not lexicon.is_blank(text[: marks[0][0]].strip(" （(")) and _is_prose(text, marks)
    ):
        return ()
    found: list[Found] = []
    for order, (_, behind, concept) in enumerate(marks):
        until = marks[order + 1][0] if order + 1 < len(marks) else len(text)
        said = text[behind:until]
        if other := NEXT_LABEL.search(said):
            said = said[: other.start()]
        found.append((concept, said.strip(" \u3000\n\t；;，,")))
    return tuple(found)


def _is_prose(text: str, marks: list[tuple[int, int, str]]) -> bool:
    """Whether a label stands inside a sentence, or behind numbering, instead of in front of a value."""
    return len(marks) == 1 and not re.search(r"[\s\u3000]$", text[: marks[0][0]])


def _label_before(text: str, begin: int, end: int, lexicon: Lexicon) -> tuple[int, str] | None:
    """Return where the longest known label that ends at `end` starts, and its concept."""
    words = lexicon.words["field"]
    for start in range(max(begin, end - 28), end):
        if text[start].isspace() or text[start] in "(（)）":
            continue
        if concept := words.get(label_of(text[start:end]).core):
            return start, concept
    return None


def value_beside(sheet: Sheet, label: Cell, lexicon: Lexicon) -> Cell:
    """Return the cell of a label's value: the next filled one to the right that is no label, else the blank place.

    A blank range merged right beside the label is that place. Labels in a row of labels only have their values below.
    """
    place = sheet.right_of(label)
    kept = not place.filled and sheet.spans.get((place.row, place.column), (0, 0, 0, 0))[3] > place.column
    for other in () if kept else sheet.after(label):
        if not _is_label(other, lexicon):
            return other
        break
    below = sheet.below(label)
    row = sheet.row(label.row)
    values_below = below.filled and not any(_is_known(cell, lexicon) for cell in sheet.row(below.row))
    if values_below and len(row) > 1 and all(lexicon.is_label(cell.text) for cell in row):
        return below
    if len(row) == 1 and below.filled and _is_heading(sheet, label, below, lexicon):
        return below
    return Cell(sheet.name, label.row, label.column) if place.filled else place


def _is_heading(sheet: Sheet, label: Cell, below: Cell, lexicon: Lexicon) -> bool:
    """Whether a label alone in its row, and as wide as the text below, stands over its value."""
    same = sheet.span(label)[1::2] == sheet.span(below)[1::2] and sheet.span(label)[3] > label.column
    return same and len(sheet.row(below.row)) == 1 and not _is_label(below, lexicon)


def _is_known(cell: Cell, lexicon: Lexicon) -> bool:
    """Whether a cell holds a label of any place: below labels without values the next block begins."""
    return lexicon.is_word(cell.text) or bool(pairs_in(cell.text, lexicon))


def _is_label(cell: Cell, lexicon: Lexicon) -> bool:
    return lexicon.is_label(cell.text) or bool(pairs_in(cell.text, lexicon))
