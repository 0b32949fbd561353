"""A file's bytes in, what it really is out: the name is only asked where the content says nothing."""

import io
import re
from collections.abc import Set
from pathlib import PurePosixPath

from evalbatch.model import Refused
from evalbatch.xlsx.zipped import Zip, normal_name, usual_names

WORKBOOK_KINDS = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods"})
WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods"})
"""Endings by which a name promises a workbook."""
OFFICE_ENDINGS = frozenset({".doc", ".docx", ".ppt", ".pptx", ".wps", ".dps"})

HEAD = 1 << 16
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
)
OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
PACKAGE_MARKS = (
    ("xl/workbook.bin", "xlsb"),
    ("xl/vbaproject.bin", "xlsm"),
    ("xl/workbook.xml", "xlsx"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("ofd.xml", "ofd"),
)
"""Parts that tell one package from another, in the order of asking."""
MOST = 20_000
OPENDOCUMENT = {"spreadsheet": "ods", "text": "odt", "presentation": "odp"}

NAMES = {
    "xls": "Excel 97-2003工作簿",
    "zip": "ZIP压缩包",
    "rar": "RAR压缩包",
    "7z": "7z压缩包",
    "gz": "gzip压缩包",
    "bz2": "bzip2压缩包",
    "xz": "xz压缩包",
    "zst": "zstd压缩包",
    "tar": "tar打包文件",
    "pdf": "PDF文档",
    "image": "图片",
    "docx": "Word文档",
    "doc": "Word文档",
    "pptx": "演示文稿",
    "ppt": "演示文稿",
    "odt": "文字文档（.odt）",
    "odp": "演示文稿（.odp）",
    "ofd": "OFD版式文件",
    "html": "网页（HTML）",
    "xml": "XML文件",
    "csv": "CSV文本",
    "text": "纯文本",
    "rtf": "RTF文档",
    "exe": "程序文件",
    "ole": "其他复合文档",
    "unknown": "无法识别的内容",
}
"""Kinds in Chinese, as a refusal names them."""
KIND_WORDS = NAMES | {
    "xlsx": "Excel工作簿",
    "xlsm": "含宏的Excel工作簿",
    "xlsb": "Excel二进制工作簿",
    "ods": "ODS电子表格",
    "encrypted": "加密文件",
    "empty": "空文件",
    "moving": "仍在变化的文件",
    "link": "快捷方式",
    "folder": "打不开的文件夹",
    "gone": "已不在的文件",
    "unreadable": "读不到的文件",
    "pipe": "特殊文件",
    "socket": "特殊文件",
    "device": "特殊文件",
}
"""Every kind that a file of an inbox may be listed as, in Chinese."""
PACKED = frozenset({"rar", "7z", "gz", "bz2", "xz", "zst", "tar"})
"""Kinds that hold files and are not opened."""


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, ".xlsx"."""
    return PurePosixPath(name).suffix.lower()


def kind_of(data: bytes, name: str = "") -> str:
    """The kind of a file: a key of NAMES, a workbook's kind, "encrypted" or "empty".

    `data` may be the head of a large file. A damaged ZIP is taken for what its name promises.

    >>> kind_of(b"%PDF-1.7"), kind_of("单位,得分".encode("gbk"), "a.xlsx")
    ('pdf', 'csv')
    """
    if not data:
        return "empty"
    if data.startswith(OLE):
        return _ole_kind(data, ending_of(name))
    if data.startswith(ZIP_STARTS):
        return _zip_kind(data, ending_of(name))
    for start, kind in MAGIC:
        if data.startswith(start):
            return kind
    if data[257:262] == b"ustar":
        return "tar"
    if data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        return "image" if data[8:12] in (b"WEBP", b"heic", b"mif1") else "unknown"
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and data[2:4] in (
        b"\x10\x00",
        b"\x08\x00",
        b"\x06\x00",
        b"\x04\x00",
    ):
        return "xls"
    return _text_kind(data[:HEAD])


def _ole_kind(data: bytes, ending: str) -> str:
    """By the names of its streams; one that has those of two programs embeds the other's, and is what its name says."""
    small = data.lower()
    kinds = [kind for stream, kind in OLE_STREAMS if f"{stream}\0".lower().encode("utf-16-le") in small]
    if "xls" in kinds and ending in WORKBOOK_ENDINGS and "encrypted" not in kinds:
        return "xls"
    return kinds[0] if kinds else "ole"


def _zip_kind(data: bytes, ending: str) -> str:
    """By the names in its directory: a workbook may lie in a ZIP unpacked, so its bytes alone tell nothing."""
    if data[30:38] == b"mimetype":
        found = re.match(rb"application/vnd\.oasis\.opendocument\.([a-z]+)", data[38:100])
        return OPENDOCUMENT.get(found[1].decode(), "unknown") if found else "unknown"
    if ending in WORKBOOK_ENDINGS and _package_kind(usual_names(data)) == "xlsx":
        return "xlsx"  # were it damaged elsewhere, it would still be taken for what its name promises
    try:
        names = {normal_name(member.filename) for member in Zip(io.BytesIO(data), MOST).members}
    except Refused:
        return "xlsx" if ending in WORKBOOK_ENDINGS else "zip"
    if kind := _package_kind(names):
        return kind
    if "[content_types].xml" in names:
        return "xlsx" if ending in WORKBOOK_ENDINGS else "unknown"
    return "zip"


def _package_kind(names: Set[str]) -> str:
    """The kind of a package with these parts, "" where none tells."""
    return next((kind for mark, kind in PACKAGE_MARKS if mark in names), "")


def _text_kind(data: bytes) -> str:
    text = _decoded(data)
    if text is None:
        return "unknown"
    start = text.lstrip("\ufeff \t\r\n").lower()[:2000]
    if start.startswith(("<!doctype html", "<html", "<table", "<head", "<meta", "<body")) or "<html" in start:
        return "html"
    if start.startswith("<?xml") or start.startswith("<"):
        return "xml"
    lines = start.splitlines()[:5]
    return "csv" if lines and all("," in line or "\t" in line for line in lines if line.strip()) else "text"


def _decoded(data: bytes) -> str | None:
    """Text in one of the usual encodings, None for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(data) - 5:
                return data[: error.start].decode(encoding)
    return None
