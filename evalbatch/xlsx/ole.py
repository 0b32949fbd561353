"""An OLE file (.xls, .et) in, whether its workbook needs a password out."""

import struct

from xlrd.compdoc import CompDoc

from evalbatch.model import Refused
from evalbatch.xlsx.refusals import damaged, encrypted

FILEPASS = 0x2F
CELLS = frozenset({0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406})
"""Records that begin with a row and a column."""
BLANKS, SEVERAL = frozenset({0x00BE, 0x0201}), 0x00BD
"""Records of blank cells, and the one that holds several numbers and ends with its last column."""
LAST_COLUMN = 255
FIRST_RECORDS = 1024
"""Where encryption is told, right behind the first record of the workbook."""
HEAD = struct.Struct("<HH")
BEGIN = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
OLE = b"\xd0\xcf\x11\xe0"


def workbook_stream(data: bytes) -> bytes:
    """The workbook's stream of records; raises Refused F01 where there is none."""
    if not data.startswith(OLE):
        return data  # BIFF2 to BIFF4 have no container
    try:
        compound = CompDoc(data, logfile=_Silence(), ignore_workbook_corruption=True)
        for name in ("Workbook", "Book"):
            content, base, length = compound.locate_named_stream(name)
            if content:
                return bytes(content[base : base + length])
    except Exception as error:  # a broken chain of sectors leads xlrd to every kind of exception
        raise damaged("文件不完整或已损坏") from error
    raise damaged("其中没有工作簿内容")


def is_encrypted(data: bytes) -> bool:
    """Whether a container holds an encrypted package, or records that are encrypted."""
    if "EncryptedPackage\0".encode("utf-16-le") in data:
        return True
    try:
        stream = workbook_stream(data)
    except Refused:
        return False
    at = 0
    while at + 4 <= min(len(stream), FIRST_RECORDS):
        record, length = HEAD.unpack_from(stream, at)
        if record == FILEPASS:
            return True
        at += 4 + length
    return False


def check_records(data: bytes) -> tuple[int, int]:
    """Return the last row and column that any sheet fills, counted from one.

    Raises Refused F02 where the records are encrypted, F01 where they are none or name a cell no sheet has.
    """
    stream = workbook_stream(data)
    if int.from_bytes(stream[:2], "little") not in BEGIN:
        raise damaged("文件不完整或已损坏")
    at = rows = columns = 0
    while at + 4 <= len(stream):
        record, length = HEAD.unpack_from(stream, at)
        if record == FILEPASS:
            raise encrypted()
        if record in CELLS:
            row, column = HEAD.unpack_from(stream, at + 4) if at + 8 <= len(stream) else (0, 0)
            if column > LAST_COLUMN:
                raise damaged("单元格地址超出工作表范围")  # calamine would build a table as wide
            if record == SEVERAL and length > 5:
                column = int.from_bytes(stream[at + 2 + length : at + 4 + length], "little")
            if record not in BLANKS:
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + length
    return rows, columns


class _Silence:
    """Where xlrd's remarks go."""

    def write(self, _: str) -> None:
        """Say nothing."""
