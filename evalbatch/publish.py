"""A new set of output files in; it replaces the old one together, or not at all.

A set is written into a staging folder inside the output folder, under names that end in .part. Publishing
writes down a plan first and then renames. A crash in between is finished by the next `Staging`; a disk that
fails in between has all renames undone, from links to the old files. The staging folder lies inside the output
folder because a rename is whole only within one file system.
"""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalbatch.disk import cannot_write
from evalbatch.lock import held
from evalbatch.model import Refused

STAGING = ".staging"
PLAN = "plan.part"
UNDO = "undo.part"
LOCK = "lock.part"
OLD = "old"
SUFFIX = ".part"


@dataclass
class Staging:
    """One set of outputs in the making.

    With `replaces` the set takes the place of what the last run.json names; without, it only adds to the folder.
    Refused when another process is making a set for the same folder, or the folder can't be written.
    """

    output: Path
    replaces: bool = True
    names: list[str] = field(default_factory=list)
    second_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._held = contextlib.ExitStack()
        busy = Refused(f"输出文件夹“{self.output}”正由另一个窗口中的 evalbatch 写入。", remedy="请等它结束后再试。")
        self._held.enter_context(held(self.folder / LOCK, f"输出文件夹“{self.output}”", busy))
        try:
            finish_interrupted(self.output)
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
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(self.output, error) from None
        if name not in self.names:
            self.names.append(name)
        return target

    def forget(self, name: str) -> None:
        """Take a name back whose file was not made after all."""
        self.names.remove(name)

    def publish(self) -> dict[str, str]:
        """Put the set in place of the old one; run.json last. Return second names of targets that were in use.

        Refused when the disk fails; the old set then stands as it was.
        """
        old = _published(self.output) if self.replaces else []
        order = [name for name in self.names if name != "run.json"] + [n for n in self.names if n == "run.json"]
        gone = sorted(set(old) - set(order))
        fresh = [name for name in order if not (self.output / name).exists()]
        try:
            for name in order:
                _flush(self.folder / (name + SUFFIX))
            linked = all(_keep(self.output, name) for name in [*order, *gone] if name not in fresh)
            plan = {"new": order, "fresh": fresh, "remove": gone, "linked": linked}
            _write_whole(self.folder / PLAN, json.dumps(plan, ensure_ascii=False))
            second_names = _carry_out(self.output)
        except OSError as error:
            raise _cannot_write(self.output, error, _undone(self.output)) from None
        self.abandon()
        return second_names

    def abandon(self) -> None:
        """Drop the set; the old one stays as it was. What is half in place is left for the next to finish."""
        if not any((self.folder / name).exists() for name in (PLAN, UNDO)):
            # Unlinked while held: whoever opened it meanwhile sees that it is gone and makes a new one.
            with contextlib.suppress(OSError):
                _clear(self.folder)
                (self.folder / LOCK).unlink()
        self._held.close()
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def finish_interrupted(output: Path) -> None:
    """Finish a publishing that was interrupted, or clear away a set that never became whole. Raises OSError."""
    staging = output / STAGING
    with contextlib.suppress(ValueError):  # no plan of ours
        if (staging / UNDO).exists():
            _undo(output)
        elif (staging / PLAN).exists():
            _carry_out(output)
    _clear(staging)


def _carry_out(output: Path) -> dict[str, str]:
    """Rename as planned; every step may be done already. Raises OSError, the plan then stays."""
    staging = output / STAGING
    plan = _read(staging / PLAN)
    second_names: dict[str, str] = {}
    for name in plan["new"]:
        source, target = staging / (name + SUFFIX), output / name
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.replace(target)
        except PermissionError:
            if not target.exists():
                raise
            second = target.with_name(f"{target.stem}（新）{target.suffix}")
            source.replace(second)
            second_names[name] = second.relative_to(output).as_posix()
    for name in plan["remove"]:
        _remove(output, name)
    for folder in {output, *(p.parent for p in (output / name for name in plan["new"]))}:
        _flush_folder(folder)
    (staging / PLAN).unlink()
    return second_names


def _undone(output: Path) -> str:
    """Take back what was renamed; say what became of the old set."""
    staging = output / STAGING
    with contextlib.suppress(OSError):
        if (staging / PLAN).exists():
            if not _read(staging / PLAN)["linked"]:
                return _HALF
            (staging / PLAN).replace(staging / UNDO)
            _undo(output)
        return "原有的输出没有改动。"
    return _HALF


_HALF = "输出可能新旧不齐，恢复后再运行一次即可补齐。"


def _undo(output: Path) -> None:
    """Put the old files back; every step may be done already. Raises OSError."""
    staging = output / STAGING
    plan = _read(staging / UNDO)
    for name in [*plan["new"], *plan["remove"]]:
        if (kept := _kept(staging, name)).exists():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            kept.replace(output / name)
    for name in plan["fresh"]:
        if not (staging / (name + SUFFIX)).exists():
            _remove(output, name)
    (staging / UNDO).unlink()


def _kept(staging: Path, name: str) -> Path:
    return staging / OLD / (name + SUFFIX)


def _keep(output: Path, name: str) -> bool:
    """Keep a second link to the old file; False where the file system has no links."""
    kept = _kept(output / STAGING, name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(output / name, kept)
    except OSError:
        return False
    return True


def _clear(staging: Path) -> None:
    """Empty the staging folder but for the lock that we hold."""
    for entry in staging.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink(missing_ok=True)


def _published(output: Path) -> list[str]:
    """List what the last set left here: what its run.json names. Other people's files are none of ours."""
    try:
        named = json.loads((output / "run.json").read_text(encoding="utf-8"))["outputs"]["all"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in named if isinstance(name, str) and _inside(output, name)]


def _inside(output: Path, name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts and (output / path).is_file()


def _remove(output: Path, name: str) -> None:
    """Take a file away, and its folder if it was the last; one that is held open stays."""
    path = output / name
    with contextlib.suppress(OSError):
        path.unlink()
        for parent in path.relative_to(output).parents:
            if parent != Path():
                (output / parent).rmdir()


def _read(path: Path) -> dict[str, Any]:
    """Read a plan. Raises ValueError for one that isn't ours, or reaches out of the output folder."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    try:
        names = [Path(name) for name in (*plan["new"], *plan["remove"], *plan["fresh"])]
    except (TypeError, KeyError) as error:
        raise ValueError(str(error)) from None
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise ValueError("outside")
    return dict(plan)


def _write_whole(path: Path, text: str) -> None:
    """Write a plan so that it is there whole or not at all."""
    draft = path.with_name(f"new-{path.name}")
    draft.write_text(text, encoding="utf-8")
    _flush(draft)
    draft.replace(path)
    _flush_folder(path.parent)


def _flush(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    # Windows can't open a folder for flushing; its renames are journalled by NTFS.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(output: Path, error: OSError, kept: str = "原有的输出没有改动。") -> Refused:
    return cannot_write(f"输出文件夹“{output}”", error, kept)
