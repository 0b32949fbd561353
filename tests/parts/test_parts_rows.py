"""Rows put into a sheet: whatever points at cells, anywhere in the workbook, points at the same cells afterwards."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from evalbatch.xlsx.markup import CannotSplice
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.references import Insertion
from evalbatch.xlsx.rows import insert_rows
from evalbatch.xlsx.workbook import WorkbookPart

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(sheet: str, other: str = "<sheetData/>", relations: dict[str, str] | None = None) -> WorkbookPart:
    """A workbook of two sheets, 甲 表 and 乙, of just these parts."""
    entries = '<sheet name="甲 表" sheetId="1" r:id="rId1"/><sheet name="乙" sheetId="2" r:id="rId2"/>'
    main = {
        "rId1": "worksheet:worksheets/sheet1.xml",
        "rId2": "worksheet:worksheets/sheet2.xml",
        "rId3": "styles:s.xml",
    }
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": related({"rId1": "officeDocument:xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related(main),
        "xl/s.xml": f'<styleSheet xmlns="{MAIN}"/>',
        SHEET: f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}">{other}</worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": related(relations or {}),
    }
    package = Package({name: text.encode() for name, text in parts.items()}, {name.casefold(): name for name in parts})
    return WorkbookPart.read(package)


def related(relations: dict[str, str]) -> str:
    items = (
        f'<Relationship Id="{name}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in ((name, value.split(":")) for name, value in relations.items())
    )
    return f'<Relationships xmlns="{RELATIONS}">{"".join(items)}</Relationships>'


def after(sheet: str, row: int, count: int, other: str = "<sheetData/>") -> tuple[str, str]:
    """The inside of the first and the second sheet once rows were put into the first."""
    book = workbook(sheet, other)
    insert_rows(book, book.sheets[0], row, count)
    inner = [re.sub(r"^<worksheet[^>]*>|</worksheet>$", "", book.package[entry.part].decode()) for entry in book.sheets]
    return inner[0], inner[1]


def rows(*numbers: int) -> str:
    return "".join(f'<row r="{number}"><c r="A{number}" s="{number}"><v>{number}</v></c></row>' for number in numbers)


def test_rows__put_in__look_like_the_row_before_and_hold_nothing() -> None:
    """Format and height are repeated, values are not; rows below move, rows above stay."""
    inner, _ = after(f"<sheetData>{rows(1, 2, 5)}</sheetData>", 2, 2)
    made = '<row r="3"><c r="A3" s="2"/></row><row r="4"><c r="A4" s="2"/></row>'
    assert inner == f'<sheetData>{rows(1, 2)}{made}<row r="7"><c r="A7" s="5"><v>5</v></c></row></sheetData>'


CASES = {
    '<mergeCells count="2"><mergeCell ref="A2:C2"/><mergeCell ref="A1:A9"/></mergeCells>': (
        '<mergeCells count="4"><mergeCell ref="A2:C2"/><mergeCell ref="A1:A11"/>'
        '<mergeCell ref="A3:C3"/><mergeCell ref="A4:C4"/></mergeCells>'
    ),
    '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>': '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
    '<conditionalFormatting sqref="A2 B1:B2 C3"><formula>A$2&lt;"A9"</formula></conditionalFormatting>': (
        '<conditionalFormatting sqref="A2:A4 B1:B4 C5"><formula>A$2&lt;"A9"</formula></conditionalFormatting>'
    ),
    '<autoFilter ref="A1:C9"/>': '<autoFilter ref="A1:C11"/>',
    '<protectedRanges><protectedRange sqref="B3:B9" name="甲"/></protectedRanges>': (
        '<protectedRanges><protectedRange sqref="B5:B11" name="甲"/></protectedRanges>'
    ),
    '<hyperlinks><hyperlink ref="A3"/></hyperlinks>': '<hyperlinks><hyperlink ref="A5"/></hyperlinks>',
    '<rowBreaks><brk id="2" max="9"/><brk id="8" max="9"/></rowBreaks>': (
        '<rowBreaks><brk id="2" max="9"/><brk id="10" max="9"/></rowBreaks>'
    ),
    '<colBreaks><brk id="8" max="9"/></colBreaks>': '<colBreaks><brk id="8" max="9"/></colBreaks>',
    "<controls><anchor><from><xdr:row>1</xdr:row></from><to><xdr:row>2</xdr:row></to></anchor></controls>": (
        "<controls><anchor><from><xdr:row>1</xdr:row></from><to><xdr:row>4</xdr:row></to></anchor></controls>"
    ),
    "<ignoredErrors><ignoredError sqref='A9'/></ignoredErrors>": (
        '<ignoredErrors><ignoredError sqref="A11"/></ignoredErrors>'
    ),
}


@pytest.mark.parametrize("text", CASES)
def test_ranges__of_the_sheet__move_along(text: str) -> None:
    """Each kind of range that a sheet part keeps, two rows put in behind row 2."""
    spaces = text.replace("xdr:", "") if "xdr:" in text else text
    expected = CASES[text].replace("xdr:", "") if "xdr:" in text else CASES[text]
    inner, _ = after(f"<sheetData>{rows(1, 2, 3)}</sheetData>{spaces}", 2, 2)
    assert inner.partition("</sheetData>")[2] == expected


FORMULAS = {
    "SUM(A1:A2)": "SUM(A1:A4)",
    "SUM(A1:A3)": "SUM(A1:A5)",
    "A2+A3": "A2+A5",
    "$A$3&\"A3\"&'甲 表'!A3&乙!A3": "$A$5&\"A3\"&'甲 表'!A5&乙!A3",
    "SUM(3:3,A:A)": "SUM(5:5,A:A)",
    "[1]乙!A3+LOG10(A3)": "[1]乙!A3+LOG10(A5)",
    "VLOOKUP(B3,附表[金额],2,0)": "VLOOKUP(B5,附表[金额],2,0)",
}


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas__of_the_sheet__mean_the_same_cells(text: str) -> None:
    """Texts that look like cells, other sheets, whole columns and other workbooks stay."""
    cell = f'<row r="1"><c r="B1"><f>{text.replace("&", "&amp;")}</f></c></row>'
    inner, _ = after(f"<sheetData>{cell}{rows(2)}</sheetData>", 2, 2)
    assert re.findall("<f>(.*?)</f>", inner)[0].replace("&amp;", "&") == FORMULAS[text]


def test_formulas__of_another_sheet__follow() -> None:
    """Only what names the sheet moves there."""
    _, other = after(
        f"<sheetData>{rows(1, 2)}</sheetData>", 2, 1, "<sheetData><row><c><f>A9+'甲 表'!A9</f></c></row></sheetData>"
    )
    assert "<f>A9+'甲 表'!A10</f>" in other


def test_shared_formula__with_rows_put_in__is_written_out(tmp_path: Path) -> None:
    """The cells of one shared formula, and the new rows among them, each count in their own row."""
    first = '<c r="C1"><f t="shared" si="0" ref="C1:C3">A1*$B$9</f><v>1</v></c>'
    shared = "".join(f'<row r="{r}"><c r="C{r}"><f t="shared" si="0"/><v>1</v></c></row>' for r in (2, 3))
    inner, _ = after(f'<sheetData><row r="1">{first}</row>{shared}</sheetData>', 2, 1)
    found = re.findall(r'<c r="(C\d)"><f>(.*?)</f><v>1</v>', inner)
    assert found == [(f"C{row}", f"A{row}*$B$10") for row in (1, 2, 3, 4)]


def test_rows__where_a_pivot_table_lies_on_the_sheet__are_not_put_in() -> None:
    """What is not known how to move is not moved at all."""
    book = workbook(f"<sheetData>{rows(1)}</sheetData>", relations={"rId1": "pivotTable:../pivotTables/p.xml"})
    before = dict(book.package.parts)
    with pytest.raises(CannotSplice):
        insert_rows(book, book.sheets[0], 1, 1)
    assert book.package.parts == before


@given(st.integers(1, 50), st.integers(1, 9), st.integers(1, 60), st.integers(0, 30), st.integers(1, 40), st.booleans())
def test_range__whatever_rows_are_put_in__keeps_its_cells_and_order(
    behind: int, count: int, first: int, tall: int, column: int, fixed: bool
) -> None:
    """A range keeps all its rows, grows by all new rows or by none, and moves only when it lies below."""
    mark, letter = "$" * fixed, get_column_letter(column)
    text = f"{letter}{mark}{first}:{letter}{mark}{first + tall}"
    moved = Insertion("甲", behind, count).ranges(text)
    start, end = (int(number) for number in re.findall(r"(\d+)", moved))
    assert start == (first + count if first > behind else first)
    assert end - start in (tall, tall + count)
    assert (end - start == tall + count) == (first <= behind <= first + tall)


def test_package__written__opens_as_a_container(tmp_path: Path) -> None:
    """The fixture is a real container, so that these tests are about real files."""
    workbook("<sheetData/>").package.write(tmp_path / "book.xlsx")
    assert SHEET in zipfile.ZipFile(tmp_path / "book.xlsx").namelist()
