"""Sheets and shared strings as nearly every program writes them in, what they store out, at the speed of `re`.

The general pass of sheet_xml calls Python for every tag, which was half the time of opening a workbook. Here the
rows are held against a grammar that leaves no room for anything else, and only what surrounds them is parsed.
Nothing is refused here: whatever is unusual, damaged or beyond a limit comes back as None, and is for the general
pass to read, or to refuse and say why.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from evalbatch.model import Refused
from evalbatch.xlsx.limits import MB, Limits
from evalbatch.xlsx.sheet_xml import (
    Budget,
    Place,
    Range,
    RawCell,
    RawSheet,
    place_of,
    range_of,
    shared_string,
    value_of,
)
from evalbatch.xlsx.xml_parts import new_parser, parse

MOST_BYTES = 2 * MB
"""A form's sheet has some fifty kilobytes; a large part is better streamed than held as text."""
LONGEST_FRAME, LONGEST_CELL = 1 << 17, 400
"""What is longer is not remembered."""
IN_CELL_PICTURE = re.compile(r"<f[^>]*>(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.I).search
HIDDEN = (' hidden="1"', ' hidden="true"', ' ht="0"', ' width="0"')
"""Rows and columns that are not seen are for the general pass to note."""
NOT_IN_TEXT = "]]>"
"""What XML does not allow in a text, besides the characters left out below."""
ONLY_IN_ROWS = frozenset({"row", "c", "v", "is", "t", "f", "rPh"})
"""What the general pass takes for a part of a cell wherever it stands."""
TEXT = r"[^<\x00-\x08\x0b-\x1f\ufffe\uffff]*"
PLAIN = r"[^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*"
REFERENCE = r"&(?:amp|lt|gt|quot|apos|#[1-9][0-9]{2,3}|#[1-4][0-9]{4}|#6[0-4][0-9]{3}|#65[0-4][0-9]{2});"
"""Whose character XML allows for certain."""


def _more(tag: str) -> str:
    """Further attributes of a short tag: none is r, none comes twice, their values are plain ASCII."""
    name, value = rf"(?P<{tag}>[A-Za-z][A-Za-z0-9:]*)", r"[ !#-%(-;=?-~]*"
    return rf'(?=[^<>]{{0,400}}>)(?: (?!r=){name}="{value}"(?![^<>]* (?P={tag})=))*'


HEAD = (
    r"""\ufeff?(?:<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?i:utf-8)\2)?"""
    r"""(?: standalone=(["'])(?:yes|no)\3)? ?\?>[\r\n]*)?"""
)
IN_UTF8 = re.compile(rf"{HEAD}<[A-Za-z]").match
ROW = rf'<row r="[1-9][0-9]{{0,5}}"{_more("row")}'
ROW_AGAIN = rf'<row r="[1-9][0-9]{{0,5}}"{_more("again")}'
EMPTY_ROWS = rf"(?:{ROW}(?: ?/>|></row>))*"
FORMULA = rf"(?P<formula><f){_more('f')}(?: ?/>|>{PLAIN}(?:{REFERENCE}{PLAIN})*</f>)"
VALUE = rf"(?P<value><v>{TEXT})</v>|(?P<void><v ?/>)"
INLINE = rf'<is>(?P<text><t(?: xml:space="preserve")?>{TEXT})</t></is>'
BEFORE_CELLS = re.compile(rf"{EMPTY_ROWS}{ROW_AGAIN}>").fullmatch
CELL = re.compile(
    rf'(?P<place>[A-Z]{{1,2}}[1-9][0-9]{{0,5}})"(?: s="(?P<style>[0-9]{{1,7}})")?(?: t="(?P<kind>[A-Za-z]+)")?'
    rf"(?: ?/>|>(?:{FORMULA})?(?:{VALUE}|{INLINE})?</c>)(?P<end></row>{EMPTY_ROWS}(?P<open>{ROW_AGAIN}>)?)?"
).fullmatch
STRING = rf'<si><t(?: xml:space="preserve")?>{TEXT}</t>(?:<phoneticPr{_more("aid")} ?/>)?</si>'
STRINGS = re.compile(rf"{HEAD}<sst{_more('sst')}>(?:{STRING})*</sst>[\r\n]*").fullmatch
EACH_STRING = re.compile(r"<t[^>]*>([^<]*)</t>").findall


def usual_sheet(xml: bytes, strings: Sequence[str], budget: Budget) -> RawSheet | None:
    """Read one sheet part as sheet_xml.scan_sheet does; None, and the budget untouched, where it is unusual."""
    part = _text(xml, budget.limits)
    begin, end = part.find("<sheetData>") + len("<sheetData>"), part.rfind("</sheetData>")
    merges = (
        _merges_around(part[:begin] + part[end:]) if begin <= end and not any(mark in part for mark in HIDDEN) else None
    )
    if merges is None or len(merges) > budget.limits.merges:
        return None
    before, *written = part[begin:end].split('<c r="')
    spent = Budget(budget.limits, budget.cells + len(written), budget.filled, budget.chars)
    try:
        cells = _cells(before, written, strings, spent)
        spent.check()
    except Refused:
        return None
    if cells is None:
        return None
    budget.cells, budget.filled, budget.chars = spent.cells, spent.filled, spent.chars
    return RawSheet(cells, list(merges))


def _cells(before: str, written: list[str], strings: Sequence[str], spent: Budget) -> dict[Place, RawCell] | None:
    """The cells that hold something, None where one is unusual; raises Refused for a string that is not there."""
    if not written or not BEFORE_CELLS(before):
        return None
    cells: dict[Place, RawCell] = {}
    in_row = True
    for xml in written:
        cell = _known_cell(xml) if len(xml) <= LONGEST_CELL else _cell(xml)
        if cell is None or not in_row:
            return None
        place, raw, shared, in_row = cell
        if raw is not None:
            if shared:
                raw = RawCell("s", shared_string(raw.value, strings), raw.style)
            cells[place] = raw
            spent.filled += 1
            spent.chars += len(raw.value)
    return None if in_row else cells


class _Cell(NamedTuple):
    """A cell as written: `raw` is None for a blank one, and has the string's index for a `shared` one.

    `in_row` says that the next cell may follow: what is read of this one reaches up to the next one's place.
    """

    place: Place
    raw: RawCell | None
    shared: bool
    in_row: bool


def _cell(xml: str) -> _Cell | None:
    """Read a cell from its place up to the next cell; None where it is unusual."""
    found = CELL(xml)
    if found is None or NOT_IN_TEXT in xml:
        return None
    _, tag, stored = (found["value"] or found["void"] or found["text"] or "").partition(">")
    if "&" in stored:
        stored = _resolved(stored)
    kind, style = found["kind"] or "n", int(found["style"] or 0)
    follows = found["end"] is None or found["open"] is not None
    place = place_of(found["place"])
    if kind == "s" and stored and not stored.isspace():
        return _Cell(place, RawCell("s", stored, style), True, follows)
    what, value = value_of(kind, stored if tag else None, ())
    if found["formula"] and IN_CELL_PICTURE(xml):
        what, value = "p", ""
    return _Cell(place, RawCell(what, value, style) if what or found["formula"] else None, False, follows)


_known_cell = lru_cache(maxsize=8192)(_cell)
"""Many units fill in copies of one form: most of their cells are the same to the letter."""


def usual_strings(xml: bytes, limits: Limits) -> list[str] | None:
    """Read the shared strings as sheet_xml.scan_strings does; None where they are unusual.

    >>> usual_strings(b"<sst><si><t>a &amp; b</t></si><si><t>c</t></si></sst>", Limits())
    ['a & b', 'c']
    """
    part = _text(xml, limits)
    if not STRINGS(part) or NOT_IN_TEXT in part:
        return None
    try:
        return [_resolved(text) if "&" in text else text for text in EACH_STRING(part)]
    except Refused:
        return None


def _text(xml: bytes, limits: Limits) -> str:
    """A part as text; "" for one that is large or in another encoding."""
    try:
        part = xml.decode() if len(xml) <= min(MOST_BYTES, limits.tags) else ""
    except UnicodeDecodeError:
        return ""
    return part if IN_UTF8(part) else ""


def _resolved(text: str) -> str:
    """A text whose references are replaced by what they stand for; raises Refused where one stands for nothing."""
    runs: list[str] = []
    parser = new_parser()
    parser.CharacterDataHandler = runs.append
    parse(parser, f"<t>{text}</t>".encode(), Limits())
    return "".join(runs)


def _merges_around(frame: str) -> tuple[Range, ...] | None:
    """The merged ranges in what surrounds the rows; None where that is damaged, or holds cells too."""
    return _merges_in(frame) if len(frame) <= LONGEST_FRAME else _merges_in.__wrapped__(frame)


@lru_cache(maxsize=32)  # many units fill in copies of one form
def _merges_in(frame: str) -> tuple[Range, ...] | None:
    tags: list[str] = []
    ranges: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        tags.append(tag)
        if tag == "mergeCell":
            ranges.append(attributes.get("ref", ""))

    parser = new_parser()
    parser.StartElementHandler = start
    try:
        parse(parser, frame.encode(), Limits())
        merges = tuple(range_of(reference) for reference in ranges)
    except Refused:
        return None
    usual = tags[0] == "worksheet" and tags.count("sheetData") == 1 and ONLY_IN_ROWS.isdisjoint(tags)
    return merges if usual else None
