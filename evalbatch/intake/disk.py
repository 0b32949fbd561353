"""The only module that knows the file system: what lies in a folder, and how to open it without being led astray.

Nothing but a regular file is opened. A link, a pipe, a socket or a device is listed and not read; where the system
has such flags, the file is opened without following links and without waiting for a pipe's writer.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from evalbatch.xlsx.refusals import damaged

FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
JUNCTION = 0xA0000003
"""What Windows calls a folder that is a link to another."""
SPECIAL = (
    (stat.S_ISLNK, "link", "这是一个链接（快捷方式），不是文件本身"),
    (stat.S_ISFIFO, "pipe", "这是管道，不是普通文件"),
    (stat.S_ISSOCK, "socket", "这是套接字，不是普通文件"),
    (stat.S_ISBLK, "device", "这是设备，不是普通文件"),
    (stat.S_ISCHR, "device", "这是设备，不是普通文件"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a folder in any depth, folders left out unless they cannot be listed.

    `special` is "" for a regular file, else its kind, and `why` says in Chinese why it is not read.
    """

    path: Path
    name: str
    size: int
    seconds: int
    special: str = ""
    why: str = ""


def shown_name(name: str) -> str:
    r"""A name as valid Unicode text; bytes that are no text are written out.

    >>> shown_name(os.fsdecode(b"a\xff.xlsx"))
    'a\\xff.xlsx'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def walk(folder: Path) -> Iterator[Entry]:
    """Every entry below a folder; links to folders are not followed, and what goes away meanwhile was not there.

    Raises OSError where the folder itself can't be listed. One below it that can't is an entry that says so.
    """
    waiting = [(folder, "")]
    while waiting:
        here, prefix = waiting.pop()
        try:
            names = sorted(os.listdir(here))  # noqa: PTH208 - names, some of which make no proper Path
        except OSError as error:
            if not prefix:
                raise
            if not isinstance(error, FileNotFoundError):
                yield Entry(here, prefix.rstrip("/"), 0, 0, "folder", f"文件夹无法读取（{reason(error)}）")
            continue
        for name in names:
            path, shown = here / name, prefix + shown_name(name)
            entry = entry_of(path, shown)
            if entry is None:
                waiting.append((path, shown + "/"))
            elif entry.special != "gone":
                yield entry


def entry_of(path: Path, name: str) -> Entry | None:
    """The entry at a path, None for a folder."""
    try:
        found = path.lstat()
    except OSError as error:
        special = "gone" if isinstance(error, FileNotFoundError) else "unreadable"
        return Entry(path, name, 0, 0, special, f"文件无法读取（{reason(error)}）")
    seconds = found.st_mtime_ns // 1_000_000_000
    if getattr(found, "st_reparse_tag", 0) == JUNCTION:
        return Entry(path, name, 0, seconds, "link", SPECIAL[0][2])
    if stat.S_ISDIR(found.st_mode):
        return None
    for is_special, kind, why in SPECIAL:
        if is_special(found.st_mode):
            return Entry(path, name, 0, seconds, kind, why)
    return Entry(path, name, found.st_size, seconds)


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; raises Refused F01 for anything else."""
    try:
        handle = os.open(path, FLAGS)
    except OSError as error:
        raise damaged(f"文件无法读取（{reason(error)}）", CLOSE_IT) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise damaged("这不是普通文件", REAL_FILE)
    return os.fdopen(handle, "rb")


def find(folder: Path, shown: str) -> tuple[Path, str]:
    """The path of a listed name, and what is left of the name inside an archive.

    Raises Refused F01 where it has gone.
    """
    path, steps = folder, shown.split("/")
    for at, step in enumerate(steps):
        path = _child(path, step)
        if entry_of(path, step) is not None:
            return path, "/".join(steps[at + 1 :])
    raise damaged("文件已不在收件文件夹中", "请重新放入该文件后再运行。")


def _child(folder: Path, shown: str) -> Path:
    """The child of a folder that is listed under a name."""
    if shown not in ("", ".", ".."):
        path = folder / shown
        if os.path.lexists(path):
            return path
        for name in sorted(os.listdir(folder)) if folder.is_dir() else ():  # noqa: PTH208 - as above
            if shown_name(name) == shown:
                return folder / name
    raise damaged("文件已不在收件文件夹中", "请重新放入该文件后再运行。")


CLOSE_IT = "请确认文件没有被其他程序占用，且有读取权限，再重新报送。"
FIND_IT = "请核对文件名和所在的文件夹，确认文件存在、有读取权限。"
REAL_FILE = "请把文件本身复制到收件文件夹。"


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese."""
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return "文件不存在" if isinstance(error, FileNotFoundError) else "读取出错"
