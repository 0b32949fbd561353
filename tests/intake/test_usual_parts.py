"""The quick way through a sheet says what the general pass says, or nothing."""

import random
from pathlib import Path

import pytest

from evalbatch.model import Refused
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.scanned_package import Package
from evalbatch.xlsx.sheet_xml import Budget, scan_sheet, scan_strings
from evalbatch.xlsx.usual_parts import usual_sheet, usual_strings

DEFAULT = Limits()
STRINGS = ("甲", "乙")
EXAMPLES = sorted((Path(__file__).parents[2] / "input_templates").rglob("*.xlsx"))
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="u" xmlns:x="v">'
TAIL = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
ROW = '<row r="1" spans="1:8" ht="20" customHeight="1" x:descent="0.2">'


def sheet_of(rows: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return f"{head}<sheetData>{rows}</sheetData>{tail}".encode()


def cell(text: str) -> bytes:
    return sheet_of(f"{ROW}{text}</row>")


USUAL = {
    "blank": '<c r="A1" s="3"/><c r="B1" s="3" t="n"></c><c r="C1" s="3" />',
    "number": '<c r="A1" s="3"><v>1.5</v></c>',
    "shared string": '<c r="A1" t="s"><v>1</v></c>',
    "inline string": '<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve"> 甲&#38468;&amp;\n</t></is></c>',
    "formula": '<c r="A1" t="str"><f t="shared" ref="A1:A2" si="0">IF(B1&gt;1,"&#26377;","")</f><v></v></c>',
    "formula without result": '<c r="A1" t="str"><f>B1</f></c><c r="B1"><f>C1</f><v /></c><c r="C1"><f si="0" /></c>',
    "other kinds": '<c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="d"><v>2</v></c>',
    "one place twice": '<c r="A1"><v>1</v></c><c r="A1" s="2"><v>2</v></c><c r="A1"/>',
    "rows without cells": '</row><row r="2"/><row r="3"></row><row r="4" ht="3"><c r="ZZ4"><v> 7 </v></c>',
}
UNUSUAL = {
    "a comment": "<!-- --><c r='A1'/>",
    "a prefix": '<x:c r="A1"/>',
    "no place": "<c><v>1</v></c>",
    "a place beyond the sheet": '<c r="XFE1"><v>1</v></c>',
    "an attribute twice": '<c r="A1" s="1" s="1"/>',
    "runs": '<c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c>',
    "an unknown reference": '<c r="A1"><v>&no;</v></c>',
    "no character": '<c r="A1"><v>&#0;</v></c>',
    "a control character": '<c r="A1"><v>\x01</v></c>',
    "the end of a section that never began": '<c r="A1"><v>]]></v></c>',
    "a string that is not there": '<c r="A1" t="s"><v>2</v></c>',
    "an open cell": '<c r="A1"><v>1</v>',
    "a row in a row": '<row r="2"><c r="A2"/></row>',
    "a row that ends twice": '<c r="A1"/></row>',
}


def generally(xml: bytes, limits: Limits = DEFAULT) -> tuple[object, ...]:
    budget = Budget(limits)
    try:
        sheet = scan_sheet(xml, STRINGS, budget)
    except Refused as refused:
        return (refused.message,)
    return sheet, list(sheet.cells) if sheet else None, budget


def quickly(xml: bytes, limits: Limits = DEFAULT) -> tuple[object, ...] | None:
    budget = Budget(limits)
    sheet = usual_sheet(xml, STRINGS, budget)
    return None if sheet is None else (sheet, list(sheet.cells), budget)


@pytest.mark.parametrize("cells", USUAL.values(), ids=USUAL)
def test_usual_sheet__usual_cells__are_read_as_the_general_pass_reads_them(cells: str) -> None:
    assert quickly(cell(cells)) == generally(cell(cells))


@pytest.mark.parametrize("cells", UNUSUAL.values(), ids=UNUSUAL)
def test_usual_sheet__anything_else__is_left_to_the_general_pass(cells: str) -> None:
    assert quickly(cell(cells)) is None


@pytest.mark.parametrize(
    "xml",
    [
        sheet_of("", head="<!DOCTYPE worksheet>" + HEAD),
        sheet_of("", head=HEAD.replace("UTF-8", "GBK")),
        sheet_of("", head=HEAD + "<!--", tail="-->" + TAIL),
        sheet_of("", head=HEAD + "<![CDATA[", tail="]]>" + TAIL),
        sheet_of("", tail='<row r="9"><c r="A9"><v>1</v></c></row>' + TAIL),
        sheet_of("", tail=TAIL.replace("A1:B2", "A1:")),
        sheet_of("", tail=""),
        sheet_of(ROW + '<c r="A1"/></row>').replace(b"worksheet", b"chartsheet"),
        sheet_of(ROW + '<c r="A1"><v>\ufffe</v></c></row>'),
        cell('<c r="A1"/>')[:-1] + b"\xff",
        b"",
    ],
)
def test_usual_sheet__odd_surroundings__are_left_to_the_general_pass(xml: bytes) -> None:
    assert quickly(xml) is None


@pytest.mark.parametrize("limit", [{"cells": 3}, {"filled_cells": 2}, {"text_chars": 9}, {"merges": 0}, {"tags": 5}])
def test_usual_sheet__beyond_a_limit__uses_nothing_of_the_budget(limit: dict[str, int]) -> None:
    xml = cell('<c r="A1"><v>1111</v></c><c r="B1"><v>2222</v></c><c r="C1"><v>3333</v></c><c r="D1"/>')
    budget = Budget(Limits(**limit))
    assert quickly(xml) is not None
    assert usual_sheet(xml, STRINGS, budget) is None
    assert (budget.cells, budget.filled, budget.chars) == (0, 0, 0)


@pytest.mark.parametrize(
    ("strings", "found"),
    [
        ("<si><t>a</t></si><si><t/></si>", None),
        ("<si><t></t></si><si><t xml:space='preserve'>a</t></si>", None),
        ('<si><t></t></si><si><t xml:space="preserve"> a&#10;</t><phoneticPr fontId="1"/></si>', ["", " a\n"]),
        ("<si><r><t>a</t></r></si>", None),
        ("<si><t>a</t><rPh sb='0' eb='1'><t>b</t></rPh></si>", None),
        ("<si><t>]]></t></si>", None),
    ],
)
def test_usual_strings__plain_ones_only(strings: str, found: list[str] | None) -> None:
    xml = f'<?xml version="1.0" encoding="utf-8"?>\n<sst count="9">{strings}</sst>'.encode()
    assert usual_strings(xml, Limits()) == found
    assert found is None or scan_strings(xml, Limits()) == found


def test_usual_parts__real_workbooks__take_the_quick_way_and_say_the_same() -> None:
    for path in EXAMPLES:
        package = Package(path.read_bytes(), Limits())
        shared = package._related("/sharedStrings")
        strings = scan_strings(shared, Limits()) if shared else []
        assert shared is None or usual_strings(shared, Limits()) == strings
        for entry in package.sheets():
            part, quick, general = package.part(entry.part) or b"", Budget(Limits()), Budget(Limits())
            assert usual_sheet(part, strings, quick) == scan_sheet(part, strings, general), path
            assert quick == general


TORN = [
    *"<>\"& \n\r\x01",
    "</row>", '<row r="7">', "<v>", "</v>",
    '<c r="B1"/>', '<c r="B1" t="s"><v>9</v></c>', ' t="s"', ' s="3"', ' r="A2"',
    "&lt;", "&#10;", "]]>", "<!-- -->", "<sheetData>", "</sheetData>", '<mergeCell ref="C1:D2"/>', "<f/>", "\ufffe",
]  # fmt: skip


def test_usual_sheet__torn_at_random__never_says_anything_else_than_the_general_pass() -> None:
    drawn = random.Random(20240530)
    said = 0
    for _ in range(4000):
        whole = cell(drawn.choice(tuple(USUAL.values()))).decode()
        at, gone = drawn.randrange(len(whole)), drawn.choice((0, 0, 0, 1, 2, 9))
        xml = (whole[:at] + drawn.choice(TORN) * drawn.randint(0, 1) + whole[at + gone :]).encode()
        found = quickly(xml)
        said += found is not None
        assert found is None or found == generally(xml), xml
    assert said > 400
