"""A form's tagged sheet in; the same sheet that checks itself out, with formulas beside it and marks on its cells.

What is checked and how is said in `checks.in_cells`; here is only where it stands: beside each row what is wrong in it,
above how much is left to do, with a link to the first row, and the cells in question marked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from xml.sax.saxutils import escape

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.form_cells import FormCells, address, helper_formulas, letters_of
from evalbatch.checks.in_cells import CellCheck, cell_checks, inserted
from evalbatch.forms.grown import head_of
from evalbatch.forms.tagged import TaggedSheet
from evalbatch.model import Season
from evalbatch.scoring.scheme import Scheme
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.markup import Element, Path, Scan, Splice, append_children, reprefixed, spliced, whole_number
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
_CELL = re.compile(r"(?<![A-Za-z0-9_.!$])(\$?[A-Z]{1,3})(\$?)(\d{1,7})(?![\w(])")
"""A cell in a formula of ours, which names no other sheet and begins no text with one."""
_SHARED = re.compile(rb"""\ssi\s?=\s?["'](\d+)""")
_RULED = re.compile(rb"""(?:sqref\s?=\s?["']|:sqref>)([^"'<]+)""")
_NUMBER_WANTED = "应为数字，不带单位，不小于0。是否仍然保留？"
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
    written = _put(sheet, _formulas(sheet, cells, by_row, column), look, column)
    part = SheetPart.read(sheet.data, frozenset(row for row, _ in written))
    at, ruled = _places_for_rules(sheet.data)
    put = _formats(sheet, cells, by_row, look, column)
    rules = _number_rules(sheet, cells, at)
    splices = []
    if rules and ruled is not None:
        count = str(whole_number(ruled.tag.attributes.get("count")) + len(rules))
        splices = append_children(sheet.data, ruled, "".join(rules).encode(), count=count)
    elif rules:
        p = sheet.prefix
        put += f'<{p}dataValidations count="{len(rules)}">{"".join(rules)}</{p}dataValidations>'
    return spliced(sheet.data, [*part.put_in(written), Splice(at, at, put.encode()), *splices])


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
        helpers + len(_HELPERS),
    )


# ---------------------------------------------------------------- what stands beside


def _formulas(
    sheet: TaggedSheet, cells: FormCells, by_row: Mapping[int, list[CellCheck]], column: int
) -> dict[Place, str]:
    """Every formula of the block, by its place: what is left to do, what each row says, and what they lean on."""
    found, first = column + _WIDTH, column + _WIDTH + 1
    rows = f"{{}}${min(by_row)}:{{}}${max(by_row)}"
    tokens, numbers = (rows.format(f"${letters_of(at)}", f"${letters_of(at)}") for at in (found, first))
    blanks, wrong = (f'SUMPRODUCT(LEN({tokens})-LEN(SUBSTITUTE({tokens},"{mark}","")))' for mark in "bw")
    top, more = f"MIN({numbers})", _in_new_rows(cells, found)
    if more:
        blanks, wrong = f"({blanks}+{more[0]})", f"({wrong}+{more[1]})"
        top = f"IF(COUNT({numbers})=0,ROW({cells.cell('name', cells.rows[0])}),{top})"
    left = f'"还有"&{blanks}&"处必填、"&{wrong}&"处不符，点这里看第一处"'
    link = f'"#{_quoted(sheet)}!{letters_of(column)}"&{top}'
    made = {(1, column + 1): f'IF({blanks}+{wrong}=0,"没有必填空白，没有不符",HYPERLINK({link},{left}))'}
    for row, checks in by_row.items():
        at = f"${letters_of(found)}{row}"
        said = "&".join(f'IF(ISNUMBER(FIND("{_token(one)}",{at})),{_said(one)},"")' for one in _apart(checks))
        place = checks[0].place
        link = f'"#{_quoted(sheet)}!{letters_of(place[1])}"&ROW({address(place)})'
        made[row, column] = f'IF(LEN({at})=0,"",HYPERLINK({link},"← "&{said}))'
        made[row, found] = "&".join(
            _fitting([f'IF(IFERROR({one.condition},FALSE),"{_token(one)}","")' for one in checks])
        )
        made[row, first] = f'IF(LEN({at})=0,"",ROW())'
    return made | helper_formulas(cells)


def _in_new_rows(cells: FormCells, found: int) -> tuple[str, str] | None:
    """How many cells are blank, and how many wrong, in rows put in among the indicators: they have no formulas."""
    said = inserted(cells, cells.column)
    if not said:
        return None
    above, below = cells.rows[0] - 1, cells.rows[-1] + 1
    letters = letters_of(found)
    whole = f"${letters}:${letters}"
    new = f"ISBLANK(INDEX({whole},ROW(${letters}${above})+1):INDEX({whole},ROW(${letters}${below})-1))"
    blank = "+".join(formula for part, (_, formula) in said.items() if part != "above")
    wrong = said["above"][1] if "above" in said else "0"
    blanks, wrongs = (f"IFERROR(SUMPRODUCT({new}*({one})),0)" for one in (blank or "0", wrong))
    return blanks, wrongs


def _put(sheet: TaggedSheet, formulas: Mapping[Place, str], look: Look, column: int) -> dict[Place, bytes]:
    """Write the block's cells; a formula that a column repeats row by row is written once and shared."""
    heading = f'<c r="{address((1, column))}" s="{look.said}" t="inlineStr"><is><t>{HEADING}</t></is></c>'
    written = {(1, column): heading}
    alike: dict[tuple[int, str], list[int]] = {}
    for (row, at), formula in formulas.items():
        alike.setdefault((at, _relative(formula, row)), []).append(row)
    taken = [int(number) for number in _SHARED.findall(sheet.data)]
    for number, ((at, _), rows) in enumerate(alike.items(), max(taken, default=-1) + 1):
        rows.sort()
        style = look.said if at <= column + 1 else look.helper
        for row in rows:
            text = escape(formulas[row, at])
            if len(rows) > 1:
                reach = f' ref="{address((rows[0], at))}:{address((rows[-1], at))}"' if row == rows[0] else ""
                text = f'<f t="shared"{reach} si="{number}">{text if reach else ""}</f>'
            else:
                text = f"<f>{text}</f>"
            shown = "打开后自动计算" if row == 1 else ""
            written[row, at] = f'<c r="{address((row, at))}" s="{style}" t="str">{text}<v>{shown}</v></c>'
    return {place: reprefixed(text.encode(), "", sheet.prefix) for place, text in written.items()}


def _relative(formula: str, row: int) -> str:
    """A formula as every row would say it that shares it; its own where it leans on another row's cells."""
    pieces = formula.split('"')
    for number in range(0, len(pieces), 2):
        for found in _CELL.finditer(pieces[number]):
            if not found[2] and int(found[3]) != row:
                return f"{row}:{formula}"
        pieces[number] = _CELL.sub(lambda one: one[0] if one[2] else f"{one[1]}@", pieces[number])
    return '"'.join(pieces)


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


# ---------------------------------------------------------------- marks on the cells


def _formats(
    sheet: TaggedSheet, cells: FormCells, by_row: Mapping[int, list[CellCheck]], look: Look, column: int
) -> str:
    """Conditional formats: a cell is marked while its row's finding names its column.

    Those over a whole column of indicators grow with it, and mark a row put in by what is typed in it.
    """
    tokens = letters_of(column + _WIDTH)
    ranges: dict[tuple[int, int], list[str]] = {}
    for row, checks in by_row.items():
        for place in {one.place for one in checks}:
            ranges.setdefault((place[1], row - place[0]), []).append(address(place))
    p, rules = sheet.prefix, list[str]()

    def rule(squares: str, formula: str) -> None:
        rules.append(
            f'<{p}conditionalFormatting sqref="{squares}"><{p}cfRule type="expression" '
            f'dxfId="{look.marked}" priority="{_PRIORITY + len(rules)}"><{p}formula>{escape(formula)}</{p}formula>'
            f"</{p}cfRule></{p}conditionalFormatting>"
        )

    for (at, off), addresses in sorted(ranges.items()):
        addresses.sort(key=lambda one: int(one.removeprefix(letters_of(at))))
        first = int(addresses[0].removeprefix(letters_of(at))) + off
        rule(" ".join(_runs(addresses)), f'ISNUMBER(FIND(":{letters_of(at)}|",${tokens}{first}))')
    for part, (_, formula) in inserted(cells, lambda part: f"${cells.cell(part, cells.rows[0])}").items():
        letters = letters_of(cells.columns["score" if part == "above" else part])
        squares = f"{letters}{cells.rows[0]}:{letters}{cells.rows[-1]}"
        rule(squares, f"AND(ISBLANK(${tokens}{cells.rows[0]}),{formula}>0)")
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


def _number_rules(sheet: TaggedSheet, cells: FormCells, behind: int) -> list[str]:
    """Data validations for cells that take a number and have no rule of the bureau's: words are asked about once.

    Rules stand `behind` the conditional formats, newer Excel's at the end.
    """
    ruled = {place for squares in _RULED.findall(sheet.data, behind) for place in _places_in(squares.decode())}
    columns: dict[int, list[str]] = {}
    for at in cells.numbers:
        for place in cells_of(at):
            if place not in ruled and not sheet.text(place):
                columns.setdefault(place[1], []).append(address(place))
    squares = " ".join(run for _, addresses in sorted(columns.items()) for run in _runs(addresses))
    if not squares:
        return []
    p = sheet.prefix
    return [
        f'<{p}dataValidation type="decimal" operator="greaterThanOrEqual" errorStyle="warning" allowBlank="1" '
        f'showInputMessage="1" showErrorMessage="1" errorTitle="请核对" error="{_NUMBER_WANTED}" sqref="{squares}">'
        f"<{p}formula1>0</{p}formula1></{p}dataValidation>"
    ]


def _places_in(squares: str) -> Iterator[Place]:
    for one in squares.split():
        yield from cells_of(one)


def _places_for_rules(data: bytes) -> tuple[int, Element | None]:
    """Where conditional formats may be put in, behind what comes before them, and the data validations if any."""
    at, ruled = 0, None

    def end(path: Path, element: Element) -> None:
        nonlocal at, ruled
        if len(path) == 2 and element.tag.local in _IS_BEFORE_FORMATS:
            at = element.end
        elif len(path) == 2:
            ruled = element

    Scan(
        data, lambda path: len(path) == 2 and path[1] in {*_IS_BEFORE_FORMATS, "dataValidations"}, on_end=end, depth=2
    ).run()
    return at, ruled


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
