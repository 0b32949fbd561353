"""Bytes under keys in one SQLite file, which may be deleted, damaged, locked or full at any time.

The file may lie on a network share: it has a rollback journal, never a write-ahead log, and is written by one
process at a time. Nothing in it is ever executed; every value proves by its checksum that it is whole.
"""

import contextlib
import hashlib
import itertools
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from evalbatch.storage.disk import words_of

KEPT_RUNS = 3
"""An entry for which so many runs had no use is dropped."""
_FORMAT = 1
_PATIENCE_SECONDS = 2.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_Answer = TypeVar("_Answer")
_Row = tuple[bytes, int, int, bytes]


def key_of(*about: object) -> bytes:
    """Return the key of what is made from these things, told apart by how Python writes them.

    >>> key_of("a", 1) == key_of("a", 1), key_of("a", 1) == key_of("a", "1")
    (True, False)
    """
    return hashlib.sha256(repr(about).encode("utf-8", "backslashreplace")).digest()


@dataclass
class Cache:
    """One cache file, open from the first use until `close`. `notes` say in Chinese what was wrong with it.

    A file that is damaged is set aside and begun anew; one that can't be used is done without. Neither stops a run.
    """

    path: Path
    notes: list[str] = field(default_factory=list)
    _opened: sqlite3.Connection | None = None
    _given_up: bool = False
    _run: int = 0
    _used: set[bytes] = field(default_factory=set)

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key; None without it, or when it is no longer whole."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is kept, whole, under each of these keys that has anything; the file is locked once for all."""

        def found(opened: sqlite3.Connection) -> dict[bytes, bytes]:
            with opened:
                opened.execute("BEGIN")
                rows = {
                    key: opened.execute("SELECT sum, value FROM made WHERE key = ?", (key,)).fetchone() for key in keys
                }
            return {key: row[1] for key, row in rows.items() if row and _is_whole(*row)}

        values = self._guarded(found) or {}
        self._used.update(values)
        return values

    def put(self, made: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep values under their keys, safely on disk on return."""
        if not made:
            return

        def written(opened: sqlite3.Connection) -> None:
            rows = [(key, self._run, zlib.crc32(value), value) for key, value in made]
            with opened:
                opened.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)", rows)

        self._guarded(written)
        self._used.update(key for key, _ in made)

    def sweep(self) -> None:
        """Drop what the last runs had no use for, this one among them."""

        def swept(opened: sqlite3.Connection) -> None:
            with opened:
                used = [(self._run, key) for key in sorted(self._used)]
                opened.executemany("UPDATE made SET run = ? WHERE key = ?", used)
                opened.execute("DELETE FROM made WHERE run <= ?", (self._run - KEPT_RUNS,))

        self._guarded(swept)

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            with contextlib.suppress(sqlite3.Error):
                self._opened.close()
            self._opened = None

    def _guarded(self, act: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        """Do it, once more with a new file if this one is damaged; None where there is no using the cache."""
        for _ in range(2):
            if self._given_up:
                return None
            try:
                if self._opened is None:
                    self._opened, self._run = _open(self.path)
                return act(self._opened)
            except (sqlite3.Error, OSError) as error:
                self.close()
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED or not self._set_aside():
                    self._give_up(error)
        self._given_up = True
        return None

    def _set_aside(self) -> bool:
        """Rename a damaged file out of the way; False when that can't be done."""
        aside = next(
            path
            for number in itertools.count(1)
            if not (path := self.path.with_name(f"{self.path.stem}.damaged-{number}{self.path.suffix}")).exists()
        )
        try:
            self.path.replace(aside)
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        except OSError:
            return False
        self.notes.append(f"缓存已损坏，已另存为 {aside.name} 并重新建立；结果不受影响。")
        return True

    def _give_up(self, error: Exception) -> None:
        why = words_of(error) if isinstance(error, OSError) else _in_words(error)
        self.notes.append(f"缓存“{self.path}”用不了（{why}），这次不用缓存；结果不受影响，只是慢一些。")
        self._given_up = True


def _is_whole(checksum: object, value: object) -> bool:
    return isinstance(value, bytes) and zlib.crc32(value) == checksum


def _open(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open or make the file; return it with the number of this run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
    try:
        opened.execute("PRAGMA journal_mode = DELETE")
        opened.execute("PRAGMA cell_size_check = ON")
        opened.execute("PRAGMA trusted_schema = OFF")
        with opened:
            if opened.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
                opened.execute("DROP TABLE IF EXISTS made")
                opened.execute("CREATE TABLE made (key BLOB PRIMARY KEY, run INTEGER, sum INTEGER, value BLOB)")
                opened.execute(f"PRAGMA user_version = {_FORMAT}")
        last = opened.execute("SELECT max(run) FROM made").fetchone()[0]
        return opened, (last if isinstance(last, int) else 0) + 1
    except sqlite3.Error as error:
        opened.close()
        if "no such table" in str(error) or "no such column" in str(error):
            damaged = sqlite3.DatabaseError("no table of ours")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from None
        raise


def _in_words(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    known = {
        sqlite3.SQLITE_BUSY: "正被其他程序使用",
        sqlite3.SQLITE_LOCKED: "正被其他程序使用",
        sqlite3.SQLITE_FULL: "磁盘空间不足",
        sqlite3.SQLITE_READONLY: "没有写入权限",
        sqlite3.SQLITE_CANTOPEN: "打不开",
        sqlite3.SQLITE_IOERR: "磁盘或网络读写出错",
    }
    return known.get(code, str(error))
