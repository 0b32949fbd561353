"""A ZIP of files in, its members under safe names out: opened like a folder, never unpacked to disk."""

import unicodedata
import zipfile
from collections.abc import Sequence
from typing import BinaryIO

from evalbatch.intake.kinds import WORKBOOK_ENDINGS, ending_of
from evalbatch.xlsx.limits import MB, Limits
from evalbatch.xlsx.refusals import damaged, encrypted, too_large
from evalbatch.xlsx.zipped import ENCRYPTED_FLAG, Zip

UTF8_FLAG = 0x800
LONGEST_NAME = 1_000
UNPACK = "请解压后把文件直接放入收件文件夹，或重新压缩为不带密码的ZIP。"


class Archive:
    """A ZIP opened as a folder: `members` maps safe names, each different, to what the directory says.

    Members without content are left out, but for workbooks: whoever sent one has to be told.

    Raises Refused: F01 damaged or empty, F02 all of it under a password, F04 beyond a limit.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._zip = Zip(file, limits.archive_members)
        files = [
            member
            for member in self._zip.members
            if not member.is_dir() and (member.file_size or ending_of(decoded(member)) in WORKBOOK_ENDINGS)
        ]
        if not any(member.file_size for member in files):
            raise damaged("压缩包是空的", UNPACK)
        if any(len(member.orig_filename) > LONGEST_NAME for member in files):
            raise too_large(f"压缩包内有文件的名称超过{LONGEST_NAME}个字符", UNPACK)
        others = sum(not member.file_size or ending_of(decoded(member)) not in WORKBOOK_ENDINGS for member in files)
        if others > limits.archive_others:
            raise too_large(f"压缩包内不是工作簿或没有内容的文件有{others}个，超过{limits.archive_others}个", UNPACK)
        if all(member.flag_bits & ENCRYPTED_FLAG for member in files):
            raise encrypted("压缩包设有密码，没有密码不能读取")
        if sum(member.file_size for member in files) > limits.archive_total_bytes:
            raise too_large(f"压缩包解压后超过{limits.archive_total_bytes // MB} MB", UNPACK)
        self._limits = limits
        self.members = dict(zip(distinct([safe_name(decoded(member)) for member in files]), files, strict=True))

    def read(self, name: str) -> bytes:
        """A member's bytes; raises Refused F01, F02 or F04."""
        member = self.members.get(name)
        if member is None:
            raise damaged("压缩包中没有这个文件", UNPACK)
        if member.file_size > self._limits.file_bytes:
            raise too_large(f"文件有{member.file_size // MB} MB，超过{self._limits.file_bytes // MB} MB")
        return self._zip.read(member)


def decoded(member: zipfile.ZipInfo) -> str:
    """A member's name; without the UTF-8 mark, Chinese Windows writes GBK and macOS writes UTF-8 all the same."""
    name = member.orig_filename
    if member.flag_bits & UTF8_FLAG:
        return name
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def safe_name(name: str) -> str:
    """A relative name without steps upward, drives or control characters; only listed, never used as a path.

    >>> safe_name("..\\\\..\\\\C:/a.xlsx")
    'C_/a.xlsx'
    """
    steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    text = "/".join(steps).replace(":", "_")
    text = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else "_" for c in text)
    return text or "未命名"


def distinct(names: Sequence[str]) -> list[str]:
    """Names told apart by a number where they repeat.

    >>> distinct(["a.xlsx", "a.xlsx"])
    ['a.xlsx', 'a (2).xlsx']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        number, candidate = 1, name
        while candidate in taken:
            number += 1
            candidate = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
        taken.add(candidate)
        found.append(candidate)
    return found
