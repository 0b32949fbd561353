"""A stored value in, the Cell a person sees out: one rule for every file format."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Literal

from evalbatch.model import Cell, bounded
from evalbatch.reading.formats import sections_of
from evalbatch.reading.grid_dates import iso, shown_date
from evalbatch.reading.grid_numbers import general, shown_number, stored_number
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import too_large

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINE_BREAKS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
BLANK_LETTERS = dict.fromkeys([0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0], " ")
"""Letters by category, blanks to the eye: Hangul fillers and the empty Braille pattern."""
BLANK_LETTER = re.compile(f"[{''.join(map(chr, BLANK_LETTERS))}]").search
INVISIBLE = frozenset({"Cc", "Cf", "Cs"})

GENERAL = "General"
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
DISPIMG = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("[^"]*",\s*1\)').fullmatch
LONGEST_NUMBER = 24
"""A longer one is not remembered."""
Place = tuple[int, int]
Range = tuple[int, int, int, int]


def text_cell(sheet: str, place: Place, text: str) -> Cell:
    """A cell of text as a person sees it, "" where there are only blanks; an error pasted as text has failed too.

    What WPS stores for a picture placed in a cell, =DISPIMG("ID_…",1), is a picture.
    """
    shown = seen(text)
    if "DISPIMG(" in shown and DISPIMG(shown):
        return Cell(sheet, place[0], place[1], flaw="picture")
    return Cell(sheet, place[0], place[1], shown, flaw="error" if shown in ERRORS else "")


def number_cell(sheet: str, place: Place, stored: str, code: str, from_1904: bool) -> Cell:
    """A cell of a stored number under a format; one that is no finite number has failed.

    One beyond what a form can hold is text only: it is quoted, and nobody computes with it.
    """
    known = _known if len(stored) <= LONGEST_NUMBER else _shown
    text, number, percent, day, flaw = known(stored, code, from_1904)
    return Cell(sheet, place[0], place[1], text, number, percent, day, flaw)


Seen = tuple[str, Decimal | None, bool, date | None, Literal["", "error"]]
"""Text, number, whether it is a percentage, date and flaw, as a Cell has them."""


def _shown(stored: str, code: str, from_1904: bool) -> Seen:
    number = stored_number(stored)
    if number is None:
        return "#NUM!", None, False, None, "error"
    if code == GENERAL:
        return general(number), bounded(number), False, None, ""
    if any(section.kind == "date" for section in sections_of(code)):
        dated = shown_date(number, code, from_1904)
        if dated:
            return dated[0], None, False, dated[1], ""
    shown = shown_number(number, code)
    shows = None if shown.number is None else bounded(shown.number)
    return seen(shown.text), shows, shown.percent, None, ""


_known = lru_cache(maxsize=4096)(_shown)
"""Weights and scores are the same few numbers all over a batch."""


def date_cell(sheet: str, place: Place, moment: date | datetime) -> Cell:
    """A cell that holds a date as such, in ISO 8601."""
    parts = {"day"}
    if isinstance(moment, datetime) and (moment.hour or moment.minute or moment.second):
        parts |= {"hour", "minute"} | ({"second"} if moment.second else set())
    at = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return Cell(sheet, place[0], place[1], iso(at, frozenset(parts)), date=at.date())


def value_cell(sheet: str, place: Place, value: object) -> Cell:
    """A cell of a Python value without a format of its own."""
    if isinstance(value, bool):
        return Cell(sheet, place[0], place[1], "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return number_cell(sheet, place, repr(value), GENERAL, False)
    if isinstance(value, date):
        return date_cell(sheet, place, value)
    return text_cell(sheet, place, str(value))


def only_seen(cells: Mapping[Place, Cell], merges: Sequence[Range], limits: Limits) -> dict[Place, Cell]:
    """The filled cells that do not lie beneath a merged range; raises Refused F04 for a tangle of ranges."""
    kept = {place: cell for place, cell in cells.items() if cell.text or cell.flaw}
    work = 0
    for top, left, bottom, right in merges:
        work += min((bottom - top + 1) * (right - left + 1), len(kept))
        if work > limits.merge_work:
            raise too_large("合并区域过多或互相重叠")
        if (bottom - top + 1) * (right - left + 1) <= len(kept):
            places = product(range(top, bottom + 1), range(left, right + 1))
            covered = [place for place in places if place in kept]
        else:
            covered = [(row, column) for row, column in kept if top <= row <= bottom and left <= column <= right]
        for place in covered:
            if place != (top, left):
                del kept[place]
    return kept


def seen(text: str) -> str:
    """What a person sees of a stored text; "" where there is nothing but blanks.

    >>> seen(" 　绩效\\u200b目标\\r\\n数量\\xa0")
    '绩效目标\\n数量'
    """
    if text.isprintable() and "_x" not in text and text.strip(" ") is text and not BLANK_LETTER(text):
        return text
    text = ESCAPED.sub(_unescape, text) if "_x" in text else text
    text = LINE_BREAKS.sub("\n", text).replace("\t", " ").translate(BLANK_LETTERS)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in INVISIBLE).strip()


def _unescape(match: re.Match[str]) -> str:
    """_x000D_ is how the file format writes a character that XML cannot; what it names may be invisible."""
    return chr(int(match[1], 16))
