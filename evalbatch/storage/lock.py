"""One at a time: a second process that wants what is held is turned away at once.

The lock is the operating system's on a small file, so it is gone with the process that held it, however that ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from evalbatch.model import Refused
from evalbatch.storage.disk import cannot_write


@contextmanager
def held(path: Path, what: str, busy: Refused) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; its folder is made.

    Raises `busy` when another process holds it, and Refused when `what`, the place in words, can't be written.
    """
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise busy from None
    except OSError as error:
        raise cannot_write(what, error) from None
    try:
        yield
    finally:
        lock.release()
