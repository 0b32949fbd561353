"""Entries in, lines of a file out that are only ever added to; a crash in the middle of a line costs that line alone.

One line is one entry: {"key":"…","sum":"…","entry":{…}}. `key` says what the entry is about, `sum` proves that
the line is whole. An entry whose key is there already is not written again.

Mending: what follows the last newline was being written when the machine stopped. If it proves whole, it gets its
newline; if not, it is cut off, so that the file is, byte for byte, what it would be had the machine stopped a moment
earlier, and the run that lost the entry writes it again. A line that has its newline is never touched, even when it
can't be read: it is left out and reported. One process writes at a time; any number may read meanwhile.
"""

import codecs
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from evalbatch.model import Refused
from evalbatch.storage.disk import words_of
from evalbatch.storage.state_json import parsed

_LINE = re.compile(rb'\{"key":"([^"\\]*)","sum":"([0-9a-f]{8})","entry":(\{.*\})\}\r?', re.DOTALL)
_LONGEST_LINE = 64 << 20
_readable = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_escaped = json.JSONEncoder(separators=(",", ":"))


@dataclass
class Journal:
    """One file of entries. `damaged` are the numbers of lines, from 1, that can't be read and were left out."""

    path: Path
    damaged: tuple[int, ...] = ()
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _size: int = 0
    _torn_at: int | None = None
    _needs_newline: bool = False

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each key once with its entry, in the order written. Refused when the file can't be read."""
        if not self._places:
            return
        try:
            with self.path.open("rb") as handle:
                for key, (start, length) in self._places.items():
                    handle.seek(start)
                    yield key, _entry(handle.read(length))
        except OSError as error:
            raise _refused(self.path, error) from None

    def get(self, key: str) -> dict[str, Any]:
        """Return the entry of a key. KeyError when it has none, Refused when the file can't be read."""
        start, length = self._places[key]
        try:
            with self.path.open("rb") as handle:
                handle.seek(start)
                return _entry(handle.read(length))
        except OSError as error:
            raise _refused(self.path, error) from None

    def append(self, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add the entries whose keys are not there yet, safely on disk on return; say how many were added.

        A torn last line is mended first. Refused when the file can't be written: nothing before is lost then.
        """
        try:
            if _size_of(self.path) != self._size:
                self._read()
            fresh = self._fresh(entries)
            first = next(fresh, None)
            if first is None and self._torn_at is None and not self._needs_newline:
                return 0
            before = len(self)
            self._write(chain([first] if first else [], fresh))
            self._read()
        except OSError as error:
            raise _refused(self.path, error) from None
        return len(self) - before

    def _fresh(self, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[bytes]:
        """Yield the line of each entry whose key is not there yet, each key once."""
        known: set[str] = set()
        for key, entry in entries:
            if key not in self and key not in known:
                known.add(key)
                yield line_of(key, entry)

    def _write(self, lines: Iterable[bytes]) -> None:
        made = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if not made else "xb") as handle:
            if self._torn_at is not None:
                handle.truncate(self._torn_at)
            handle.seek(0, os.SEEK_END)
            if self._needs_newline:
                handle.write(b"\n")
            handle.writelines(lines)
            handle.flush()
            os.fsync(handle.fileno())
        if made:
            _flush_folder(self.path.parent)

    def _read(self) -> None:
        """Find the place of every entry that is whole, and what the last line lacks."""
        self._places, self._size, self._torn_at, self._needs_newline = {}, 0, None, False
        damaged = []
        if _size_of(self.path):
            with self.path.open("rb") as handle:
                for number, line in enumerate(handle, start=1):
                    if not self._take(line) and line.strip() and line.endswith(b"\n"):
                        damaged.append(number)
                    self._size += len(line)
        self.damaged = tuple(damaged)

    def _take(self, line: bytes) -> bool:
        """Note a line that begins at `_size`; return whether it is an entry."""
        bare = line[:-1] if line.endswith(b"\n") else line
        skipped = len(codecs.BOM_UTF8) if not self._size and bare.startswith(codecs.BOM_UTF8) else 0
        match = _LINE.fullmatch(bare, skipped)
        whole = len(line) <= _LONGEST_LINE and match is not None and _sum(match[1], match[3]) == match[2]
        if not line.endswith(b"\n"):
            self._needs_newline = whole
            self._torn_at = None if whole else self._size
        if match is not None and whole:
            self._places.setdefault(match[1].decode(), (self._size + match.start(3), len(match[3])))
        return whole


def open_journal(path: Path) -> Journal:
    """Read which entries a journal has; a file that isn't there yet has none. Nothing is written.

    Refused when the file is there and can't be read.
    """
    journal = Journal(path)
    try:
        journal._read()
    except OSError as error:
        raise _refused(path, error) from None
    return journal


def line_of(key: str, entry: Mapping[str, Any]) -> bytes:
    """Return the line of one entry: a plain key (no quotes, no backslashes), and anything that JSON can hold.

    >>> line_of("a1", {"单位": "示例局"}).decode()
    '{"key":"a1","sum":"c894511c","entry":{"单位":"示例局"}}\\n'
    """
    body = canonical(entry)
    return b'{"key":"%b","sum":"%b","entry":%b}\n' % (key.encode(), _sum(key.encode(), body), body)


def canonical(value: object) -> bytes:
    """Write JSON without blanks; names of files that are no proper text are escaped, all else stays readable."""
    try:
        return _readable.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        return _escaped.encode(value).encode("ascii")


def _entry(body: bytes) -> dict[str, Any]:
    """Return an entry; one that proves whole and is none of ours is empty, so that its reader misses what it needs."""
    try:
        return parsed(body)
    except ValueError:
        return {}


def _sum(key: bytes, body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(body, zlib.crc32(key))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _flush_folder(folder: Path) -> None:
    # Windows can't open a folder for flushing; its file systems journal new names themselves.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refused(path: Path, error: OSError) -> Refused:
    return Refused(
        f"批次的历史记录“{path.parent.name}/{path.name}”读写不成：{words_of(error)}。",
        remedy="请检查磁盘空间和权限，关闭正在使用该文件的程序后重新运行；已记下的内容没有丢失。",
    )
