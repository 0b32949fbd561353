"""One sender at a time: a second one, started by a second double-click, is turned away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from evalbatch.model import Refused

FILE = Path(".evalbatch") / "mail.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the campaign's sending to oneself. Refused when another process is sending.

    The lock is SQLite's on an empty file: the same on every system, and gone with the process that held it.
    """
    with closing(_locked(folder / FILE)):
        yield


def _locked(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except (sqlite3.Error, OSError) as error:
        if "locked" in str(error):
            raise Refused(
                "这个批次正在另一个窗口中发信。", remedy="请等它发完再试；一个批次同时只能有一处发信，以免重复。"
            ) from None
        raise Refused(f"“{path}”用不了：{error}。", remedy="请检查批次文件夹的写入权限。") from None
    return lock
