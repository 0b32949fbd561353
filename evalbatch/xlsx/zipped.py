"""A ZIP in, its members out: nothing is expanded before its size, place and method are known to be sane."""

import struct
import zipfile
import zlib
from typing import BinaryIO

from evalbatch.xlsx.limits import MB, Limits
from evalbatch.xlsx.refusals import damaged, encrypted, too_large

CENTRAL = b"PK\x01\x02"
LOCAL = b"PK\x03\x04"
LOCAL_SIZE = 30
_LISTINGS = ("styles.xml", "workbook.xml", "[content_types].xml", ".rels")
ENCRYPTED_FLAG = 0x1
TROUBLE = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, EOFError)
"""What the zipfile module raises at broken or odd input."""


class Zip:
    """A ZIP's directory and its members' bytes.

    Members are expanded here and not by zipfile, which is slower for small parts, and which believes a header
    that understates its size. Raises Refused F01 for damage, F02 for a password, F04 beyond `most` members.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        size = _count(file, most)
        try:
            with zipfile.ZipFile(file) as opened:
                self.members = opened.infolist()
        except TROUBLE as error:
            raise damaged("文件不完整或已损坏") from error
        self._file = file
        self._check(size)

    def _check(self, size: int) -> None:
        """Refuse members that lie over one another or outside the file."""
        end = 0
        for member in sorted(self.members, key=lambda member: member.header_offset):
            if member.header_offset < end:
                raise too_large("压缩包内的文件互相重叠")
            end = member.header_offset + LOCAL_SIZE + member.compress_size
        if end > size:
            raise damaged("压缩包不完整")

    def check_sizes(self, limits: Limits) -> None:
        """Refuse declared sizes beyond a workbook's limits."""
        for member in self.members:
            if member.file_size > limits.part_bytes:
                raise too_large(f"其中一个部件解压后有{member.file_size // MB} MB，超过{limits.part_bytes // MB} MB")
            if member.file_size > limits.listing_bytes and normal_name(member.filename).endswith(_LISTINGS):
                raise too_large(f"格式或清单部件解压后超过{limits.listing_bytes // MB} MB")
            if member.file_size > max(limits.ratio_from, member.compress_size * limits.ratio):
                raise too_large(f"其中一个部件的压缩比超过{limits.ratio}倍")
        if sum(member.file_size for member in self.members) > limits.total_bytes:
            raise too_large(f"解压后超过{limits.total_bytes // MB} MB")

    def read(self, member: zipfile.ZipInfo) -> bytes:
        """A member's bytes, never more than it declares, its checksum verified; raises Refused F01 or F02."""
        if member.flag_bits & ENCRYPTED_FLAG:
            raise encrypted("压缩包设有密码，没有密码不能读取")
        packed = self._packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            content = packed
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            try:
                content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
            except zlib.error as error:
                raise damaged("压缩内容已损坏") from error
        else:
            raise damaged("使用了不支持的压缩方式")
        if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
            raise damaged("压缩内容已损坏，大小或校验值不符")
        return content

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        self._file.seek(member.header_offset)
        header = self._file.read(LOCAL_SIZE)
        if header[:4] != LOCAL or len(header) < LOCAL_SIZE:
            raise damaged("压缩内容的位置标记有误")
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        self._file.seek(name + extra, 1)
        return self._file.read(member.compress_size)


def _count(file: BinaryIO, most: int) -> int:
    """The size of a file, refused when it has more directory entries than `most`; zipfile would build each."""
    file.seek(0)
    size, entries, tail = 0, 0, b""
    while chunk := file.read(MB):
        entries += (tail + chunk).count(CENTRAL)
        size += len(chunk)
        tail = chunk[-3:]
        if entries > most:
            raise too_large(f"压缩包内的文件超过{most}个")
    return size


def usual_names(data: bytes) -> frozenset[str]:
    """The names in a ZIP's directory where that is as plain as most programs write it, else none.

    Those that zipfile would give, in a tenth of the time: no comment, no extra fields, only ASCII, nothing before or
    behind.
    """
    end = len(data) - _END.size
    if end < 0 or data[end - 20 : end - 16] == b"PK\x06\x07":
        return frozenset()
    mark, size, at, comment = _END.unpack_from(data, end)
    if mark != b"PK\x05\x06" or comment or at + size != end:
        return frozenset()
    names = set()
    while at + _ENTRY.size <= end:
        entry, length, others = _ENTRY.unpack_from(data, at)
        name = data[at + _ENTRY.size : at + _ENTRY.size + length]
        if entry != CENTRAL or any(others) or not name.isascii() or b"\0" in name:
            return frozenset()
        names.add(normal_name(name.decode("ascii")))
        at += _ENTRY.size + length
    return frozenset(names) if at == end else frozenset()


_END = struct.Struct("<4s8xLLH")
"""The mark of a directory's end, the directory's size and place, the length of a comment."""
_ENTRY = struct.Struct("<4s24xH4s12x")
"""A directory entry's mark, the length of its name, the lengths of its extra fields and its comment."""


def normal_name(name: str) -> str:
    """A part's name as the package format compares it: "/" between folders, letter case apart.

    >>> normal_name("/XL\\\\Workbook.xml")
    'xl/workbook.xml'
    """
    return name.replace("\\", "/").lstrip("/").lower()
