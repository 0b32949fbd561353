# ruff: noqa: E501 - a table is read by its lines
"""Workbooks that would hurt a trusting reader, and sound ones in odd dress: name, bytes, what must become of them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>96.5</v></c></row>'


def sheet(rows: str = ROWS, after: str = "", before: str = "") -> str:
    """A worksheet part."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def relations(*targets: tuple[str, str, str]) -> str:
    """A relationship part of (id, kind, target)."""
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def parts(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The parts of a small sound workbook, some of them changed, None leaves one out.

    Keys: types, rels, workbook, wbrels, strings, styles, sheet.
    """
    standard: dict[str, str | bytes | None] = {
        "types": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "workbook": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="自评表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "wbrels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        "strings": f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>得分</t></si></sst>',
        "styles": f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>',
        "sheet": sheet(),
    }
    names = {
        "types": "[Content_Types].xml",
        "rels": "_rels/.rels",
        "workbook": "xl/workbook.xml",
        "wbrels": "xl/_rels/workbook.xml.rels",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
        "sheet": "xl/worksheets/sheet1.xml",
    }
    found = {names.get(key, key): text for key, text in (standard | changed).items()}
    return {name: text for name, text in found.items() if text is not None}


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The members as a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as opened:
        for name, content in members.items():
            opened.writestr(zipfile.ZipInfo(name, (2024, 5, 30, 8, 0, 0)), content, method)
    return target.getvalue()


def workbook(**changed: str | bytes | None) -> bytes:
    """A small workbook, some parts changed."""
    return packed(parts(**changed))


def streamed() -> bytes:
    """Written to a pipe: sizes stand behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.got = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.got += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts().items():
            opened.writestr(name, content)
    return bytes(pipe.got)


def patched(old: bytes, new: bytes, data: bytes | None = None) -> bytes:
    """A stored (uncompressed) workbook in which some bytes are changed behind its checksums' back."""
    return (data or packed(parts(), zipfile.ZIP_STORED)).replace(old, new)


def flagged() -> bytes:
    """Every member of the directory marked as encrypted."""
    data = bytearray(workbook())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def understated(size: int) -> bytes:
    """A member of `size` blanks that says it has a hundred, in both headers."""
    data = workbook(sheet=sheet(after=" " * size))
    real = struct.pack("<I", len(sheet(after=" " * size)))
    return data.replace(real, struct.pack("<I", 100))


def overlapping() -> bytes:
    """Many directory entries for one and the same data."""
    kernel = zlib.compress(b" " * 1000, 9)[2:-4]
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, zlib.crc32(b" " * 1000), len(kernel), 1000, 1, 0)
    body = head + b"a" + kernel
    entries = b"".join(
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            33,
            zlib.crc32(b" " * 1000),
            len(kernel),
            1000,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + bytes([97 + i])
        for i in range(20)
    )
    return body + entries + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20, 20, len(entries), len(body), 0)


def doubled() -> bytes:
    """Two parts of one name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in [*parts().items(), ("xl/worksheets/Sheet1.xml", sheet(""))]:
            opened.writestr(name, content)
    return target.getvalue()


def prefixed() -> bytes:
    """Every element of the sheet under a prefix of its own."""
    return workbook(
        sheet=f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c>'
        "<x:c><x:v>96.5</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )


def binary(*places: tuple[int, int], cut: int = 0) -> bytes:
    """A binary workbook (.xlsb) with a number at each (row, column), both counted from 0; its sheet may be cut short."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return head + bytes([len(content)]) + content

    def text(said: str) -> bytes:
        return struct.pack("<I", len(said)) + said.encode("utf-16-le")

    cells = b"".join(
        record(0, struct.pack("<I", row) + bytes(13)) + record(5, struct.pack("<IId", column, 0, 96.5))
        for row, column in places
    )
    content = record(129) + record(148, bytes(16)) + record(145) + cells + record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("自评表"))
    return packed(
        {
            "[Content_Types].xml": str(parts()["[Content_Types].xml"]),
            "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": book + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": relations(("rId1", "worksheet", "worksheets/sheet1.bin")),
            "xl/worksheets/sheet1.bin": content[: len(content) - cut],
        }
    )


LAUGHS = '<!DOCTYPE a [<!ENTITY b "haha"><!ENTITY c "&b;&b;&b;&b;">]>'
LONG = "字" * 30_000

HOSTILE: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("empty file", lambda: b"", "F01"),
    ("random bytes", lambda: bytes(range(256)) * 9, "F01"),
    ("nothing but zeros", lambda: bytes(5000), "F01"),
    ("cut in half", lambda: workbook()[:900], "F01"),
    ("only the end of a ZIP", lambda: packed({}), "F01"),
    ("a web page", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "F03"),
    ("comma separated", lambda: "单位,得分\n工会,96\n".encode("gbk"), "F03"),
    ("a PDF", lambda: b"%PDF-1.7\n", "F03"),
    ("a RAR", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "F03"),
    ("a 7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "F03"),
    ("a Word document", lambda: workbook(rels=relations(("r", "officeDocument", "word/document.xml")), **{"word/document.xml": "<a/>"}), "F03"),
    ("members under a password", flagged, "F02"),
    ("an encrypted package", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage\0".encode("utf-16-le"), "F02"),
    ("no workbook part", lambda: workbook(workbook=None), "F01"),
    ("no relations of the workbook", lambda: workbook(wbrels=None), "F01"),
    ("no sheet part", lambda: workbook(sheet=None), "F01"),
    ("a workbook without sheets", lambda: workbook(workbook=f'<workbook xmlns="{MAIN}"><sheets/></workbook>'), "F01"),
    ("the sheet is the workbook", lambda: workbook(wbrels=relations(("rId1", "worksheet", "workbook.xml"))), "F01"),
    ("the sheet lies outside", lambda: workbook(wbrels=relations(("rId1", "worksheet", "../../../etc/passwd"))), "F01"),
    ("the sheet is on a server", lambda: workbook(wbrels=relations(("rId1", "worksheet", "http://192.0.2.1/s.xml")).replace("/>", ' TargetMode="External"/>')), "F01"),
    ("a checksum is wrong", lambda: patched(b"96.5", b"69.5"), "F01"),
    ("two parts of one name", doubled, "F01"),
    ("parts over one another", overlapping, "F04"),
    ("a part larger than it says", lambda: understated(3_000_000), "F01"),
    ("a part too large", lambda: workbook(sheet=sheet(after=" " * (121 << 20))), "F04"),
    ("a part too well packed", lambda: workbook(comments=" " * (40 << 20)), "F04"),
    ("too many parts", lambda: packed(parts() | {f"x{i}": "" for i in range(3_100)}, zipfile.ZIP_STORED), "F04"),
    ("an unknown method of packing", lambda: packed(parts(), zipfile.ZIP_LZMA), "F01"),
    ("entities in the sheet", lambda: workbook(sheet=LAUGHS + sheet()), "F01"),
    ("entities in the list of types", lambda: workbook(types=LAUGHS + "<Types/>"), "F01"),
    ("an outside document type", lambda: workbook(sheet='<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">' + sheet()), "F01"),
    ("entities in UTF-16", lambda: workbook(sheet=('<?xml version="1.0" encoding="utf-16"?>' + LAUGHS + sheet()).encode("utf-16")), "F01"),
    ("the sheet breaks off", lambda: workbook(sheet=sheet()[:-20]), "F01"),
    ("a column that no sheet has", lambda: workbook(sheet=sheet('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')), "F01"),
    ("a row that no sheet has", lambda: workbook(sheet=sheet('<row r="1"><c r="A4294967295"><v>1</v></c></row>')), "F01"),
    ("a row number out of all bounds", lambda: workbook(sheet=sheet('<row r="4294967295"><c><v>1</v></c></row>')), "F01"),
    ("letters for an address", lambda: workbook(sheet=sheet('<row r="1"><c r="AAAAAAAAAAAAAAAAAAA1"><v>1</v></c></row>')), "F01"),
    ("a shared string that is not there", lambda: workbook(sheet=sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')), "F01"),
    ("the shared string before the first", lambda: workbook(sheet=sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>')), "F01"),
    ("one long text shown a thousand times", lambda: workbook(strings=f'<sst xmlns="{MAIN}"><si><t>{LONG}</t></si></sst>', sheet=sheet('<row><c t="s"><v>0</v></c></row>' * 1000)), "F04"),
    ("a million blank rows and one too many", lambda: workbook(sheet=sheet("<row/>" * 1_048_577)), "F01"),
    ("too many cells", lambda: workbook(sheet=sheet(("<row>" + "<c/>" * 16_000 + "</row>") * 130)), "F04"),
    ("too many merged ranges", lambda: workbook(sheet=sheet(after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 50_001 + "</mergeCells>")), "F04"),
    ("more styles than any workbook has", lambda: workbook(styles=f'<styleSheet xmlns="{MAIN}"><cellXfs>' + '<xf numFmtId="10"/>' * 200_001 + "</cellXfs></styleSheet>", sheet=sheet('<row r="1"><c r="A1" s="0"><v>1</v></c></row>')), "F04"),
    ("a binary sheet from corner to corner", lambda: binary((0, 0), (1_048_575, 16_383)), "F04"),
    ("a binary sheet with a row that no sheet has", lambda: binary((0, 0), (4_294_967_294, 0)), "F01"),
    ("a binary sheet that breaks off", lambda: binary((0, 0), cut=5), "F01"),
    ("too many sheets", lambda: workbook(workbook=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>' + '<sheet name="a" r:id="rId1"/>' * 301 + "</sheets></workbook>"), "F04"),
)  # fmt: skip
"""(what it is, its bytes, the code it must be refused with)."""

ODD: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("as usual", workbook),
    ("every element prefixed", prefixed),
    ("written to a pipe", streamed),
    ("not compressed", lambda: packed(parts(), zipfile.ZIP_STORED)),
    ("another layout of parts", lambda: packed({("wb/" + n[3:] if n.startswith("xl/") else n): (c.replace("xl/", "wb/") if isinstance(c, str) else c) for n, c in parts().items()})),
    ("backslashes in names", lambda: packed({n.replace("xl/worksheets/", "xl\\worksheets\\"): c for n, c in parts().items()})),
    ("capitals in names", lambda: packed({n.replace("worksheets/sheet1", "Worksheets/Sheet1"): c for n, c in parts().items()})),
    ("targets from the root", lambda: workbook(wbrels=relations(("rId1", "worksheet", "/xl/worksheets/sheet1.xml"), ("rId2", "sharedStrings", "/xl/sharedStrings.xml")))),
    ("targets by way of the parent", lambda: workbook(wbrels=relations(("rId1", "worksheet", "../xl/worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml")))),
    ("strict", lambda: packed({n: c.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships") for n, c in parts().items() if isinstance(c, str)})),
    ("a sheet in UTF-16", lambda: workbook(sheet=('<?xml version="1.0" encoding="utf-16"?>' + sheet()).encode("utf-16"))),
    ("a lie about the number of strings", lambda: workbook(strings=f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>得分</t></si></sst>')),
    ("a dimension that says A1", lambda: workbook(sheet=sheet(before='<dimension ref="A1"/>'))),
    ("a dimension of the whole sheet", lambda: workbook(sheet=sheet(before='<dimension ref="A1:XFD1048576"/>'))),
    ("a formatted cell in the last corner", lambda: workbook(sheet=sheet(ROWS + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'))),
    ("formatted rows to the bottom", lambda: workbook(sheet=sheet(ROWS + '<row ht="15"/>' * 200_000))),
    ("the whole sheet merged below the form", lambda: workbook(sheet=sheet(after='<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'))),
    ("cells without addresses", lambda: workbook(sheet=sheet('<row><c t="s"><v>0</v></c><c><v>96.5</v></c></row>'))),
    ("text in the cell itself", lambda: workbook(strings=None, wbrels=relations(("rId1", "worksheet", "worksheets/sheet1.xml")), sheet=sheet('<row r="1"><c r="A1" t="inlineStr"><is><r><t>得</t></r><r><t>分</t></r><rPh><r><t>de</t></r></rPh></is><v>9</v></c><c r="B1"><v>96.5</v></c></row>'))),
    ("reading aids above the text", lambda: workbook(strings=f'<sst xmlns="{MAIN}"><si><r><t>得分</t></r><rPh><r><t>de</t></r></rPh></si></sst>')),
    ("an image beside the sheet", lambda: workbook(**{"xl/media/image1.png": b"\x89PNG" + bytes(5000)})),
    ("a chart sheet beside it", lambda: workbook(
        workbook=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="图" r:id="rId9"/><sheet name="自评表" r:id="rId1"/></sheets></workbook>',
        wbrels=relations(("rId9", "chartsheet", "chartsheets/sheet1.xml"), ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml")),
        **{"xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"/>'})),
)  # fmt: skip
"""(what is odd about it, its bytes): each must show 得分 in A1 and 96.5 in B1."""
