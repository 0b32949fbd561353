"""Sheets in, the cells that hold somebody's telephone number out, each with what is left of it for the public.

A form is published with its figures; a person's telephone number is not (政府信息公开条例第十五条: 个人隐私). Whatever
stands where a form asks for 联系电话 counts, and mobile numbers wherever they stand.
"""

import re
from collections.abc import Mapping, Sequence

from evalbatch.model import Cell, Grid
from evalbatch.model.value import value
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.particulars import Particulars
from evalbatch.reading.sheet import Sheet

MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
NUMBER = re.compile(r"[(（]?\+?\d[\d\-—－~()（） 转]{5,}\d")
"""A telephone number where a form asks for one: with its area code, its extension, its brackets."""
DAY = re.compile(r"(?:19|20)\d\d\D\d{1,2}\D\d{1,2}")
Where = tuple[str, int, int]
"""Sheet, row and column."""


@value
class Blanked:
    """A cell that says less in public: what is left of its text, what was taken out, and that in words."""

    left: str
    taken: tuple[str, ...] = ()
    what: str = ""


def personal_cells(
    grids: Sequence[Grid], lexicon: Lexicon, used: frozenset[Where], *, names: bool
) -> Mapping[Where, Blanked]:
    """Find the cells with telephone numbers, and with the names of who filled in where `names` are to go as well.

    `used` are cells whose number was read as an amount, a count or a score: those are no telephone numbers.
    """
    found: dict[Where, Blanked] = {}
    numbers, people = set[str](), set[str]()
    for grid in grids:
        about = Particulars(Sheet(grid), lexicon)
        for row in sorted(about.sheet.rows):
            about.read_row(row)
        for text, cell in about.found.get("phone", ()):
            if (number := NUMBER.search(text)) and not DAY.match(number[0]):
                numbers.add(number[0])
                _take_out(found, cell, number[0], "联系电话")
        for text, cell in about.found.get("prepared_by", ()) if names else ():
            if text and not lexicon.is_blank(text):
                people |= {cell.text} & {text}
                _take_out(found, cell, text, "填表人姓名")
    again = re.compile("|".join(rf"(?<![\d.]){re.escape(one)}(?![\d.])" for one in sorted(numbers)) or "(?!)")
    for cell in (cell for grid in grids for cell in grid.cells.values()):
        if cell.number is None or _where(cell) not in used:
            for number in (*MOBILE.findall(cell.text), *again.findall(cell.text)):
                _take_out(found, cell, number, "电话号码")
        if cell.text in people:
            _take_out(found, cell, cell.text, "填表人姓名")
    return found


def _where(cell: Cell) -> Where:
    return cell.sheet, cell.row, cell.column


def _take_out(found: dict[Where, Blanked], cell: Cell, text: str, what: str) -> None:
    """Take a text out of a cell, which may have lost another one before."""
    before = found.get(_where(cell), Blanked(cell.text))
    if text in before.left:
        words = [word for word in (*before.what.split("、"), what) if word]
        left = before.left.replace(text, "").rstrip()
        found[_where(cell)] = Blanked(left, (*before.taken, text), "、".join(dict.fromkeys(words)))
