"""A form's tagged sheet in; the same sheet that checks itself out, with formulas beside it and marks on its cells.

What is checked and how is said in `checks.in_cells`; here is only where it stands: beside each row what is wrong in it,
above how much is left to do, with a link to the first row, and the cells in question marked.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from xml.sax.saxutils import escape

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.in_cells import (
    CellCheck,
    FormCells,
    address,
    cell_checks,
    letters_of,
    name_is_filled,
    taken_apart,
)
from evalbatch.forms.grown import head_of
from evalbatch.forms.tagged import TaggedSheet
from evalbatch.model import Season
from evalbatch.scoring.scheme import Scheme
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.markup import Element, Path, Scan, Splice, reprefixed, spliced
from evalbatch.xlsx.sheet import SheetPart
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import DefinedName, WorkbookPart

HEADING = "自动核对"
"""How the block begins; a reader passes over everything below and right of it."""
_GAP = 1
_WIDTH = 8
"""Columns left blank for what is said beside a row, before those that only compute."""
_HELPERS = ("filled", "text", "sign", "rest", "number", "answer", "share", "missed")
_BEFORE_FORMATS = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting"
)
"""What stands before conditional formats in a worksheet (ECMA-376 part 1, CT_Worksheet), and they themselves."""
_IS_BEFORE_FORMATS = frozenset(_BEFORE_FORMATS.split())
_YUAN = re.compile(r"[（(]元[)）]|单位[:：]元")
_LONGEST = 8_000
"""Excel takes 8,192 characters in a formula."""
_PRIORITY = 900
"""Conditional formats of ours come after the bureau's own."""


class Look:
    """The formats that the checks need, added once to a workbook's styles."""

    def __init__(self, styles: Styles) -> None:
        said = styles.add(
            "fonts", b'<font><sz val="9"/><color rgb="FFB3261E"/><name val="\xe5\xae\x8b\xe4\xbd\x93"/></font>'
        )
        numbers = [int(item.tag.attributes.get("numFmtId", "0")) for item in styles.items["numFmts"]]
        hidden = max([163, *numbers]) + 900
        styles.add("numFmts", f'<numFmt numFmtId="{hidden}" formatCode=";;;"/>'.encode())
        own = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        self.said = styles.add("cellXfs", own.format(0, said).encode())
        self.helper = styles.add("cellXfs", own.format(hidden, said).encode())
        ground = '<fill><patternFill><bgColor rgb="FFFDECEA"/></patternFill></fill>'
        self.marked = styles.add("dxfs", f'<dxf><font><color rgb="FFB3261E"/></font>{ground}</dxf>'.encode())


def with_checks(sheet: TaggedSheet, look: Look, season: Season, scheme: Scheme) -> bytes:
    """Put the checks beside a sheet; as it is where nothing of it can be checked."""
    column = _last_column(sheet) + _GAP + 1
    cells = form_cells(sheet, season, scheme, column + _WIDTH + 2)
    by_row: dict[int, list[CellCheck]] = {}
    for check in sorted(_once_blank(cell_checks(cells)), key=lambda one: (one.place, not one.blank)):
        by_row.setdefault(max(check.place[0], 2), []).append(check)
    if not by_row:
        return sheet.data
    written = _written(sheet, cells, by_row, look, column)
    part = SheetPart.read(sheet.data, frozenset(row for row, _ in written))
    at = _behind_formats(sheet.data)
    formats = Splice(at, at, _formats(sheet, by_row, look, column).encode())
    return spliced(sheet.data, [*part.put_in(written), formats])


def _once_blank(checks: list[CellCheck]) -> list[CellCheck]:
    """Say of each cell once that it is blank, whichever checks ask for it."""
    blanks: dict[Place, list[CellCheck]] = {}
    for check in checks:
        if check.blank:
            blanks.setdefault(check.place, []).append(check)
    once = [
        replace(
            asked[0], condition=f"OR({','.join(one.condition for one in asked)})" if asked[1:] else asked[0].condition
        )
        for asked in blanks.values()
    ]
    return [*once, *(check for check in checks if not check.blank)]


def top_of(sheet: TaggedSheet) -> Place:
    """Where it stands how much is left to do, once a sheet has its checks."""
    return 1, _last_column(sheet) + _GAP + 2


def _last_column(sheet: TaggedSheet) -> int:
    """The last column that a form uses."""
    return max(column for _, column in (*sheet.cells, *(place for area in sheet.areas.values() for place in area)))


def form_cells(sheet: TaggedSheet, season: Season, scheme: Scheme, helpers: int) -> FormCells:
    """Tell where a sheet has its fields; its helpers begin in a column."""
    tags = sheet.tags
    columns = {name.removeprefix("indicators."): place[1] for name, place in tags.items() if "indicators." in name}
    rows = tuple(sheet.indicator_rows()) if "name" in columns else ()
    covered = {place for area in sheet.areas.values() for place in area[1:]}
    rows = tuple(row for row in rows if (row, columns.get("name", 0)) not in covered)
    level1, said = dict[int, str](), ""
    for row in rows:
        said = sheet.text((row, columns["level1"])) or said if "level1" in columns else ""
        level1[row] = said
    comparable = {"target", "actual"} <= columns.keys()
    yuan = any(_YUAN.search(sheet.text(place)) for place in sheet.cells)
    return FormCells(
        head_of(sheet),
        {name: place for name, place in tags.items() if "indicators." not in name},
        rows,
        columns,
        level1,
        scheme,
        season.year,
        Decimal(10_000 if yuan else 1),
        {name: helpers + number for number, name in enumerate(_HELPERS if comparable else _HELPERS[:1])}
        if "name" in columns
        else {},
    )


# ---------------------------------------------------------------- what stands beside


def _written(
    sheet: TaggedSheet, cells: FormCells, by_row: Mapping[int, list[CellCheck]], look: Look, column: int
) -> dict[Place, bytes]:
    """Every cell of the block, written out."""
    found, first = column + _WIDTH, column + _WIDTH + 1
    rows = f"{{}}{min(by_row)}:{{}}{max(by_row)}"
    tokens, numbers = (rows.format(letters_of(at), letters_of(at)) for at in (found, first))
    blanks, wrong = (f'SUMPRODUCT(LEN({tokens})-LEN(SUBSTITUTE({tokens},"{mark}","")))' for mark in "bw")
    link = f'"#{_quoted(sheet)}!{letters_of(column)}"&MIN({numbers})'
    left = f'"还有"&{blanks}&"处必填、"&{wrong}&"处不符，点这里看第一处"'
    whole = f'IF({blanks}+{wrong}=0,"没有必填空白，没有不符",HYPERLINK({link},{left}))'
    heading = f'<c r="{address((1, column))}" s="{look.said}" t="inlineStr"><is><t>{HEADING}</t></is></c>'
    written = {(1, column): reprefixed(heading.encode(), "", sheet.prefix)}
    written[1, column + 1] = _cell(sheet, (1, column + 1), whole, look.said, "打开后自动计算")
    for row, checks in by_row.items():
        token = "&".join(_fitting([f'IF(IFERROR({one.condition},FALSE),"{_token(one)}","")' for one in checks]))
        at = f"{letters_of(found)}{row}"
        said = "&".join(f'IF(ISNUMBER(FIND("{_token(one)}",{at})),{_said(one)},"")' for one in _apart(checks))
        link = f'"#{_quoted(sheet)}!{address(checks[0].place)}"'
        message = f'IF(LEN({at})=0,"",HYPERLINK({link},"← "&{said}))'
        written[row, column] = _cell(sheet, (row, column), message, look.said, "")
        written[row, found] = _cell(sheet, (row, found), token, look.helper, "")
        written[row, first] = _cell(sheet, (row, first), f'IF(LEN({at})=0,"",ROW())', look.helper, "")
    for row in cells.rows if cells.helpers else ():
        parts = {"filled": name_is_filled(cells, row)}
        parts |= taken_apart(cells, row) if "missed" in cells.helpers else {}
        for part, formula in parts.items():
            place = (row, cells.helpers[part])
            written[place] = _cell(sheet, place, formula, look.helper, "")
    return written


def _quoted(sheet: TaggedSheet) -> str:
    """A sheet's name as it stands in a text within a formula."""
    name = sheet.name.replace("'", "''").replace('"', '""')
    return f"'{name}'"


def _fitting(pieces: list[str]) -> list[str]:
    """As many pieces of a formula as Excel takes in one cell."""
    lengths = accumulate(len(piece) + 1 for piece in pieces)
    return [piece for piece, length in zip(pieces, lengths, strict=True) if length < _LONGEST]


def _apart(checks: list[CellCheck]) -> list[CellCheck]:
    """Each check of a row once a code and a cell."""
    return list({(one.code, one.place): one for one in checks}.values())


def _token(check: CellCheck) -> str:
    """What a row's finding is told from its others by: b for a blank, w for what is wrong, its code and its cell."""
    return f"{'b' if check.blank else 'w'}{check.code}:{letters_of(check.place[1])}|"


def _said(check: CellCheck) -> str:
    title = f"{'必填' if check.blank else '不符'}：{CATALOGUE[check.code].title}"
    if check.expected:
        return f'"{title}（应为"&IFERROR({check.expected},"")&"）；"'
    return f'"{title}；"'


def _cell(sheet: TaggedSheet, place: Place, formula: str, style: int, shown: str) -> bytes:
    text = f'<c r="{address(place)}" s="{style}" t="str"><f>{escape(formula)}</f><v>{shown}</v></c>'
    return reprefixed(text.encode(), "", sheet.prefix)


# ---------------------------------------------------------------- marks on the cells


def _formats(sheet: TaggedSheet, by_row: Mapping[int, list[CellCheck]], look: Look, column: int) -> str:
    """Conditional formats: a cell is marked while its row's finding names its column."""
    tokens = letters_of(column + _WIDTH)
    ranges: dict[tuple[int, int], list[str]] = {}
    for row, checks in by_row.items():
        for place in {one.place for one in checks}:
            ranges.setdefault((place[1], row - place[0]), []).append(address(place))
    p, rules = sheet.prefix, []
    for number, ((at, off), addresses) in enumerate(sorted(ranges.items())):
        addresses.sort(key=lambda one: int(one.removeprefix(letters_of(at))))
        first = int(addresses[0].removeprefix(letters_of(at))) + off
        formula = escape(f'ISNUMBER(FIND(":{letters_of(at)}|",${tokens}{first}))')
        rules.append(
            f'<{p}conditionalFormatting sqref="{" ".join(_runs(addresses))}"><{p}cfRule type="expression" '
            f'dxfId="{look.marked}" priority="{_PRIORITY + number}"><{p}formula>{formula}</{p}formula>'
            f"</{p}cfRule></{p}conditionalFormatting>"
        )
    return "".join(rules)


def _runs(addresses: list[str]) -> list[str]:
    """Addresses of one column, those below each other as ranges."""
    letters = addresses[0].rstrip("0123456789")
    rows = sorted(int(one.removeprefix(letters)) for one in addresses)
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return [f"{letters}{a}" if a == b else f"{letters}{a}:{letters}{b}" for a, b in runs]


def _behind_formats(data: bytes) -> int:
    """Where conditional formats may be put in: behind the last element that comes before them or is one."""
    at = 0

    def end(path: Path, element: Element) -> None:
        nonlocal at
        if len(path) == 2 and element.tag.local in _IS_BEFORE_FORMATS:
            at = element.end

    Scan(data, lambda path: len(path) == 2, on_end=end, depth=2).run()
    return at


def keep_to_form(book: WorkbookPart, sheet: TaggedSheet) -> None:
    """Let a sheet print only what it printed before its checks stood beside it."""
    number = next(at for at, entry in enumerate(book.sheets) if entry.name == sheet.name)
    printed = {
        name.attributes.get("localSheetId")
        for name in book.names
        if name.attributes.get("name", "").casefold() == "_xlnm.print_area"
    }
    if str(number) not in printed:
        places = (*sheet.cells, *(place for area in sheet.areas.values() for place in area))
        corner = address((max(row for row, _ in places), max(column for _, column in places)))
        area = re.sub(r"([A-Z]{1,3})(\d+)", r"$\1$\2", f"A1:{corner}")
        quoted = sheet.name.replace("'", "''")
        name = DefinedName({"name": "_xlnm.Print_Area", "localSheetId": str(number)}, f"'{quoted}'!{area}")
        book.add_names([name])
