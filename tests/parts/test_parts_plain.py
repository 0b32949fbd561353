"""The short ways with parts: they must find and write just what the long ways do."""

import io
import re
import zipfile

import pytest

from evalbatch.xlsx.package import Package
from evalbatch.xlsx.sheet import NotPlain, SheetPart

ROWS = (
    '<row r="1" ht="20.5" spans="1:2"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s=\'2\'/></row>\n'
    '<row r="3"/><row ><c><v>1</v></c><c r="D4" t="inlineStr"><is><t>a &lt; b</t></is></c></row >'
)
PLAIN = {
    "rows and cells": ROWS,
    "no rows": "",
    "blanks between": f"\r\n  {ROWS}\n",
    "a prefix": re.sub(r"<(/?)(?=\w)", r"<\1x:", ROWS),
}
NOT_PLAIN = {
    "a comment": f"{ROWS}<!-- </row> -->",
    "CDATA": '<row r="1"><c r="A1" t="str"><v><![CDATA[</c></row>]]></v></c></row>',
    "an instruction": f"{ROWS}<?x </row>?>",
    "an entity in an attribute": '<row r="&#49;"><c r="A1"/></row>',
    "a tab in an attribute": '<row r="1" x="a\tb"><c r="A1"/></row>',
    "a row within a row": '<row r="1"><c r="A1"><row r="2"><c r="A2"/></row></c></row>',
    "a cell within a cell": '<row r="1"><c r="A1"><c r="B1"></c></c><c r="C1"/></row>',
    "other elements between rows": f"{ROWS}<extLst><row r='9'/></extLst>",
    "other elements between cells": '<row r="1"><c r="A1"/><extLst><c r="B1"/></extLst></row>',
    "words between": f"{ROWS}words",
}


def sheet(rows: str) -> bytes:
    """A sheet part around these rows."""
    x = "x:" if "<x:row" in rows else ""
    text = (
        f'<x:worksheet xmlns:x="m" xmlns="m"><{x}sheetViews><{x}sheetView tabSelected="1"/></{x}sheetViews>'
        f'<{x}cols><{x}col min="1" max="2" width="9"/></{x}cols><{x}sheetData>{rows}</{x}sheetData>'
        f'<{x}mergeCells><{x}mergeCell ref="A1:B1"/></{x}mergeCells></x:worksheet>'
    )
    return text.encode()


@pytest.mark.parametrize("rows", [*PLAIN.values(), *NOT_PLAIN.values()], ids=[*PLAIN, *NOT_PLAIN])
@pytest.mark.parametrize("wanted", [frozenset(), frozenset({1, 4})], ids=["no rows", "some rows"])
def test_sheet_part__read__finds_what_the_parser_alone_finds(rows: str, wanted: frozenset[int]) -> None:
    data = sheet(rows)
    assert SheetPart.read(data, wanted) == SheetPart(data, wanted)._scanned((0, 0))


@pytest.mark.parametrize("rows", PLAIN.values(), ids=PLAIN)
def test_sheet_part__plain_rows__go_the_short_way(rows: str) -> None:
    SheetPart(sheet(rows), frozenset({1, 4}))._read_plain()


@pytest.mark.parametrize("rows", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_sheet_part__other_rows__go_the_long_way(rows: str) -> None:
    with pytest.raises(NotPlain):
        SheetPart(sheet(rows), frozenset({1, 4}))._read_plain()


def test_sheet_part__sheet_data_elsewhere__is_not_taken_for_the_sheets() -> None:
    data = b"<worksheet><extLst><sheetData><row r='1'></row></sheetData></extLst></worksheet>"
    assert SheetPart.read(data, frozenset({1})).rows == {}


def test_package__write__gives_the_bytes_of_zipfile() -> None:
    parts = {"[Content_Types].xml": b"<a/>" * 50, "xl/": b"", "xl/名.xml": bytes(range(256)) * 300, "é": b"q"}
    expected, written = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(expected, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, data)
    Package(parts).write(written)
    assert written.getvalue() == expected.getvalue()
