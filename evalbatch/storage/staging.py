"""One set of outputs in the making: written apart, under names that end in .part, then put in place together.

The staging folder lies inside the output folder, because a rename is whole only within one file system.
"""

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from evalbatch.model import Refused
from evalbatch.storage import exchange, renames
from evalbatch.storage.disk import cannot_write
from evalbatch.storage.hashes import file_hash
from evalbatch.storage.lock import held
from evalbatch.storage.output_folder import LOCK, STAGING, SUFFIX, at, change_of, clear, flush

_PATIENCE = 10.0
"""Seconds to wait for another process that is just putting its set in place."""


@dataclass
class Staging:
    """One set of outputs in the making.

    With `replaces` the set takes the place of what the last run.json names; without, it only adds to the folder.
    Refused when another process is making a set for the same folder, or the folder can't be written.
    """

    output: Path
    replaces: bool = True
    names: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._held = contextlib.ExitStack()
        self._made: set[str] = set()
        self._taken: dict[str, str] = {}
        busy = Refused(f"输出文件夹“{self.output}”正由另一个窗口中的 evalbatch 写入。", remedy="请等它结束后再试。")
        self._held.enter_context(held(self.folder / LOCK, f"输出文件夹“{self.output}”", busy))
        try:
            renames.finish(self.output)
            exchange.finish(self.output)
            clear(self.folder)
        except OSError as error:
            self._held.close()
            raise _cannot_write(self.output, error) from None

    @property
    def folder(self) -> Path:
        """Where the set is written until it is whole."""
        return self.output / STAGING

    def path(self, name: str) -> Path:
        """Return where to write the output `name` ("score_sheets/甲.xlsx"); its folder is made."""
        target = self.folder / (name + SUFFIX)
        if (inside := name.rpartition("/")[0]) not in self._made:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _cannot_write(self.output, error) from None
            self._made.add(inside)
        self.names[name] = None
        return target

    def take_over(self, target: Path, sha256: bytes) -> None:
        """Stage an output as it stands in the folder, at what `path` gave; raises ValueError where it isn't that one.

        It is a link where the disk has links, and not written again.
        """
        name = str(target)[len(str(self.folder)) + 1 : -len(SUFFIX)].replace(os.sep, "/")
        standing = at(self.output, name)
        try:
            if os.path.islink(standing) or file_hash(standing) != sha256.hex():
                raise ValueError(name)
        except OSError as error:
            raise ValueError(str(error)) from error
        try:
            os.link(standing, target)
            self._taken[name] = sha256.hex()
        except OSError:
            shutil.copyfile(standing, target)

    def hash_of(self, name: str) -> str:
        """Return the SHA-256 of a staged output in hex; raises OSError."""
        return self._taken.get(name) or file_hash(self.path(name))

    def forget(self, name: str) -> None:
        """Take a name back whose file was not made after all."""
        del self.names[name]
        self._taken.pop(name, None)

    def publish(self) -> dict[str, str]:
        """Put the set in place of the old one; run.json last. Return second names of targets that were in use.

        Refused when the disk fails; the old set then stands as it was.
        """
        second_names: dict[str, str] = {}
        try:
            for name in self.names:
                if name not in self._taken:
                    flush(self.path(name))
            change = change_of(self.output, tuple(self.names), self.replaces)
            if not (self.replaces and exchange.put_in_place(self.output, change)):
                second_names = renames.put_in_place(self.output, change)
        except OSError as error:
            raise _cannot_write(self.output, error, renames.undone(self.output)) from None
        self.abandon()
        return second_names

    def abandon(self) -> None:
        """Drop the set; the old one stays as it was. What is half in place is left for the next to finish."""
        if not renames.is_interrupted(self.output) and not exchange.is_unfinished(self.output):
            # Unlinked while held: whoever opened it meanwhile sees that it is gone and makes a new one.
            with contextlib.suppress(OSError):
                clear(self.folder)
                (self.folder / LOCK).unlink()
        self._held.close()
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def settle(output: Path) -> None:
    """Have what a broken run left finished and cleared away before anybody reads the outputs.

    Refused when old and new files stand side by side and nothing can be done about it: another process is at it for
    long, or the folder can't be written.
    """
    until = time.monotonic() + _PATIENCE
    while (output / STAGING).is_dir():
        try:
            Staging(output, replaces=False).abandon()
            return
        except Refused:
            if not renames.is_interrupted(output):
                return  # a run is under way: the last set stands whole
            if time.monotonic() > until:
                raise Refused(
                    f"输出文件夹“{output}”正在换上新的一组文件，或上次没有换完，现在新旧不齐。",
                    remedy="请稍后再试；仍不行的，在可以写入该文件夹的电脑上运行一次 evalbatch run，即可补齐。",
                ) from None
        time.sleep(0.1)


def _cannot_write(output: Path, error: OSError, kept: str = renames.UNTOUCHED) -> Refused:
    return cannot_write(f"输出文件夹“{output}”", error, kept)
