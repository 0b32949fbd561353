"""A folder in, SourceFiles out: every entry is listed once, with what it is and what is done with it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BufferedReader
from pathlib import Path

from evalbatch.intake.archive import Archive
from evalbatch.intake.disk import FIND_IT, REAL_FILE, Entry, entry_of, find, open_regular, reason, shown_name, walk
from evalbatch.intake.kinds import (
    HEAD,
    NAMES,
    OFFICE_ENDINGS,
    PACKED,
    WORKBOOK_ENDINGS,
    WORKBOOK_KINDS,
    ending_of,
    kind_of,
)
from evalbatch.model import Refused, SourceFile
from evalbatch.xlsx.limits import MB, Limits
from evalbatch.xlsx.refusals import as_finding, damaged, not_a_workbook, too_large

BEIJING = timezone(timedelta(hours=8))
START_OF_TIME = datetime(1970, 1, 1, tzinfo=BEIJING)
IGNORED = re.compile(
    r"""(^|/)(
    \. | ~\$ | ~wps | ~wrl | __MACOSX/ | @eaDir/ | \$RECYCLE\.BIN/ | System\ Volume\ Information/
    | (thumbs\.db | ehthumbs\.db | desktop\.ini | icon\r)$
    | [^/]+\.(tmp|temp|part|partial|crdownload|download|lnk|url)$
    )""",
    re.X | re.I,
).search
"""Lock files, system files, unfinished downloads and shortcuts, by name."""
AS_ZIP = "请解压后把文件直接放入收件文件夹，或改用不带密码的ZIP重新压缩。"


def list_inbox(folder: Path, limits: Limits) -> tuple[SourceFile, ...]:
    """Every file below a folder, members of ZIPs included, sorted by path; raises Refused for too many.

    A ZIP that is opened is itself listed as ignored, for its members stand for it.
    """
    found: list[SourceFile] = []
    for entry in _listed(folder):
        found.extend(_sources(entry, limits))
        if len(found) > limits.inbox_entries:
            raise Refused(
                f"收件文件夹中的文件超过{limits.inbox_entries}个。", remedy="请把历年文件移走，只留本次报送的文件。"
            )
    return tuple(sorted(found, key=lambda source: source.path))


def _listed(folder: Path) -> Iterator[Entry]:
    try:
        yield from walk(folder)
    except OSError as error:
        raise Refused(
            f"收件文件夹“{shown_name(str(folder))}”无法读取（{reason(error)}）。",
            remedy="请检查共享盘是否连着，以及文件夹的权限。",
        ) from None


def sources_of(path: Path, limits: Limits) -> tuple[SourceFile, ...]:
    """A file named on the command line, and the members of a ZIP; paths are relative to the file's folder."""
    entry = entry_of(path, shown_name(path.name))
    if entry is None:
        raise Refused(f"“{shown_name(str(path))}”是文件夹，不是文件。", remedy="请给出工作簿文件。", code="F01")
    return tuple(_sources(entry, limits))


def source_of(path: Path, limits: Limits) -> SourceFile:
    """The one workbook named on the command line; a ZIP of workbooks is refused as F03."""
    first = sources_of(path, limits)[0]
    if first.kind == "zip" and first.role == "ignored":
        return _refused(first, not_a_workbook("ZIP压缩包", "请解压后逐个检查其中的工作簿。"))
    return first


def load(folder: Path, source: SourceFile, limits: Limits) -> bytes:
    """The bytes of a listed file; raises Refused F01 to F04 where it can't be had within the limits."""
    path, member = find(folder, source.path)
    with open_regular(path) as file:
        if member:
            return Archive(file, limits).read(member)
        content = file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise too_large(f"文件超过{_mb(limits.file_bytes)}")
    return content


def _sources(entry: Entry, limits: Limits) -> Iterator[SourceFile]:
    """The file itself, and the members of a ZIP."""
    modified = _moment(entry.seconds)
    plain = SourceFile(entry.name, "", entry.size, modified, entry.special or "unknown", "ignored")
    if entry.special:
        if entry.special in ("gone", "unreadable", "folder") or not IGNORED(entry.name):
            plain = _refused(
                plain, damaged(entry.why, FIND_IT if entry.special in ("gone", "unreadable") else REAL_FILE)
            )
        yield plain
        return
    try:
        with open_regular(entry.path) as file:
            yield from tuple(_opened(plain, file, limits))
    except Refused as refused:
        yield _refused(plain, refused)
    except OSError:
        yield _refused(plain, damaged("文件读取出错"))


def _opened(plain: SourceFile, file: BufferedReader, limits: Limits) -> Iterator[SourceFile]:
    content = file.read(limits.file_bytes + 1)
    if len(content) <= limits.file_bytes:
        listed = judge(plain.path, content, plain.modified)
    else:
        listed = _large(plain, content[:HEAD], file, limits)
    if not _to_open(listed):
        yield listed
        return
    try:
        archive = Archive(file, limits)
    except Refused as refused:
        yield _refused(listed, refused)
        return
    yield _ignored(listed)
    for name, member in archive.members.items():
        yield _member(f"{plain.path}/{name}", archive, name, _zip_moment(member.date_time))


def _member(path: str, archive: Archive, name: str, modified: datetime) -> SourceFile:
    size = archive.members[name].file_size
    try:
        content = archive.read(name)
    except Refused as refused:
        plain = SourceFile(path, "", size, modified, "unknown", "rejected")
        return _ignored(plain) if IGNORED(name) else _refused(plain, refused)
    source = judge(path, content, modified)
    if _to_open(source):
        return _refused(source, not_a_workbook("压缩包里的压缩包", AS_ZIP))
    return source


def judge(path: str, content: bytes, modified: datetime) -> SourceFile:
    """What is done with a file of which all bytes are known."""
    kind = kind_of(content, path)
    source = SourceFile(path, hashlib.sha256(content).hexdigest(), len(content), modified, kind, "attachment")
    if IGNORED(path):
        return _ignored(source)
    promised = ending_of(path) in WORKBOOK_ENDINGS
    if kind in WORKBOOK_KINDS:
        return replace(source, role="workbook")
    if kind == "empty":
        return _refused(source, damaged("文件是空的，没有任何内容"))
    if kind == "encrypted" and ending_of(path) not in OFFICE_ENDINGS:
        return replace(source, role="workbook")  # Excel's own password may open it
    if kind in PACKED:
        return _refused(source, not_a_workbook(NAMES[kind], AS_ZIP))
    if promised and kind in ("unknown", "ole"):
        return _refused(source, damaged("内容不是工作簿，文件可能已损坏"))
    if promised:
        return _refused(source, not_a_workbook(NAMES[kind]))
    if ending_of(path) == ".zip" and kind == "unknown":
        return _refused(source, damaged("压缩包已损坏", AS_ZIP))
    return source


def _large(plain: SourceFile, head: bytes, file: BufferedReader, limits: Limits) -> SourceFile:
    """A file beyond a workbook's size: documents are left alone, a ZIP is opened, the rest is refused unread."""
    kind, ending = kind_of(head, plain.path), ending_of(plain.path)
    source = replace(plain, kind="unknown" if kind == "zip" and ending != ".zip" else kind, role="attachment")
    if IGNORED(plain.path):
        return _ignored(source)
    if source.kind == "zip":
        if plain.size > limits.archive_bytes:
            return _refused(source, too_large(f"压缩包有{_mb(plain.size)}，超过{_mb(limits.archive_bytes)}", AS_ZIP))
        file.seek(0)
        return replace(source, sha256=hashlib.file_digest(file, "sha256").hexdigest())
    if kind in PACKED:
        return _refused(source, not_a_workbook(NAMES[kind], AS_ZIP))
    if ending in WORKBOOK_ENDINGS or kind in WORKBOOK_KINDS:
        return _refused(source, too_large(f"文件有{_mb(plain.size)}，超过{_mb(limits.file_bytes)}"))
    return source


def _to_open(source: SourceFile) -> bool:
    """Whether a file is a ZIP that lies there as such, not under another kind's name."""
    return source.kind == "zip" and source.role == "attachment"


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB"


def _ignored(source: SourceFile) -> SourceFile:
    return replace(source, role="ignored")


def _refused(source: SourceFile, refused: Refused) -> SourceFile:
    return replace(source, role="rejected", refusal=as_finding(refused, source.path))


def _moment(seconds: int) -> datetime:
    """A file's time in UTC+8; a time no calendar has becomes the start of time."""
    try:
        return datetime.fromtimestamp(seconds, BEIJING)
    except (OverflowError, OSError, ValueError):
        return START_OF_TIME


def _zip_moment(parts: tuple[int, int, int, int, int, int]) -> datetime:
    """A member's time, which a ZIP writes without a zone."""
    try:
        return datetime(*parts, tzinfo=BEIJING)
    except ValueError:
        return START_OF_TIME
