"""Workbooks built as no program builds them: read right or refused in words, and never slow."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from many_units import unit_workbook
from robustness.attacked import evalbatch

pytestmark = pytest.mark.slow  # each case is two runs of the whole command

SHEET, STYLES, BOOK, RELS = (
    "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
)  # fmt: skip
Parts = dict[str, bytes]


def replaced(name: str, pattern: bytes, by: bytes) -> Callable[[Parts], None]:
    """What changes the first place of a part that a pattern finds, which must be there."""

    def change(parts: Parts) -> None:
        parts[name], times = re.subn(pattern, lambda _: by, parts[name], count=1, flags=re.DOTALL)
        assert times == 1

    return change


def strict(parts: Parts) -> None:
    """The names that ISO 29500 gives its strict form."""
    transitional = b"http://schemas.openxmlformats.org/"
    for name in parts:
        for what, also in ((b"spreadsheetml", b"/2006"), (b"officeDocument", b"/2006")):
            old = transitional + what + also
            parts[name] = parts[name].replace(old, b"http://purl.oclc.org/ooxml/" + what)


def in_utf_16(parts: Parts) -> None:
    text = re.sub(r"^<\?xml[^>]*\?>", "", parts[SHEET].decode())
    parts[SHEET] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def with_marks(parts: Parts) -> None:
    for name in parts:
        parts[name] = b"\xef\xbb\xbf" + parts[name]


WIDE = "".join(f'<c r="{a}{b}{c}60"><v>1</v></c>' for a in "ABCDEFGHIJKLMNOPQRSTUVW" for b in "AB" for c in "ABCD")
CYCLE = "".join(f'<definedName name="_a{n}">_a{(n + 1) % 5000}</definedName>' for n in range(5000))
READ: Mapping[str, Callable[[Parts], None]] = {
    "a wide row": replaced(SHEET, b"</sheetData>", f'<row r="60">{WIDE}</row></sheetData>'.encode()),
    "65,000 formats": replaced(STYLES, b"</cellXfs>", b'<xf numFmtId="0" fontId="0"/>' * 65_000 + b"</cellXfs>"),
    "names in a circle": replaced(BOOK, b"</sheets>", f"</sheets><definedNames>{CYCLE}</definedNames>".encode()),
    "100,000 runs": replaced(
        SHEET, b"</sheetData>",
        b'<row r="61"><c r="A61" t="inlineStr"><is>' + b"<r><t>1</t></r>" * 100_000 + b"</is></c></row></sheetData>",
    ),
    "strict": strict,
    "UTF-16": in_utf_16,
    "byte order marks": with_marks,
}  # fmt: skip
REFUSED: Mapping[str, tuple[Callable[[Parts], None], str]] = {
    "a text beyond": (
        replaced(SHEET, rb'<c r="E14"[^>]*>.*?</c>', b'<c r="E14" t="s"><v>99999999</v></c>'),
        "不存在的共享文字",
    ),
    "an outside sheet": (replaced(RELS, rb'Target="[^"]*sheet1.xml"', b'Target="http://e.example/s.xml"'), "缺失"),
    "a sheet of the disk": (replaced(RELS, rb'Target="[^"]*sheet1.xml"', b'Target="../../../etc/passwd"'), "缺失"),
    "row 0": (replaced(SHEET, b"</sheetData>", b'<row r="0"><c r="A0"/></row></sheetData>'), "行号"),
}


def attack(folder: Path, change: Callable[[Parts], None]) -> Path:
    with zipfile.ZipFile(io.BytesIO(unit_workbook(1))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    path = folder / "自评表.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


@pytest.mark.parametrize("kind", READ)
def test_check__a_sound_workbook_in_odd_dress__is_read_as_it_is(tmp_path: Path, kind: str) -> None:
    """The form is in order, and its form and cells are found."""
    path = attack(tmp_path, READ[kind])
    evalbatch("check", path, seconds=30).assert_in_words(0)
    evalbatch("inspect", path, seconds=30).assert_in_words(0)


@pytest.mark.parametrize("kind", REFUSED)
def test_check__a_workbook_that_points_nowhere__is_refused_in_words(tmp_path: Path, kind: str) -> None:
    """Nothing outside the workbook is fetched or opened in place of what it lacks."""
    change, said = REFUSED[kind]
    ended = evalbatch("check", attack(tmp_path, change), seconds=30)
    ended.assert_in_words(1)
    assert said in ended.said
