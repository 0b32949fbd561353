"""A new set of output files in; it replaces the old one together, or not at all.

A set is written into a staging folder inside the output folder, under names that end in .part. Publishing
writes down a plan first and then renames; a crash in between is finished by the next `Staging`. The staging
folder lies inside the output folder because a rename is whole only within one file system.
"""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from evalbatch.model import Refused

STAGING = ".staging"
PLAN = "plan.part"
SUFFIX = ".part"


@dataclass
class Staging:
    """One set of outputs in the making.

    With `replaces` the set takes the place of what the last run.json names; without, it only adds to the folder.
    """

    output: Path
    replaces: bool = True
    names: list[str] = field(default_factory=list)
    second_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            self.output.mkdir(parents=True, exist_ok=True)
            finish_interrupted(self.output)
            self.folder.mkdir()
        except OSError as error:
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
        """Put the set in place of the old one; run.json last. Return second names of targets that were in use."""
        old = _published(self.output) if self.replaces else []
        order = [name for name in self.names if name != "run.json"] + [n for n in self.names if n == "run.json"]
        plan = {"new": order, "remove": sorted(set(old) - set(order))}
        try:
            for name in order:
                _flush(self.folder / (name + SUFFIX))
            plan_path = self.folder / PLAN
            plan_path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
            _flush(plan_path)
            return _carry_out(self.output)
        except OSError as error:
            raise _cannot_write(self.output, error) from None

    def abandon(self) -> None:
        """Drop the set; the old one stays as it was."""
        shutil.rmtree(self.folder, ignore_errors=True)


def finish_interrupted(output: Path) -> None:
    """Finish a publishing that was interrupted, or clear away a set that never became whole."""
    staging = output / STAGING
    if staging.exists():
        if (staging / PLAN).exists():
            _carry_out(output)
        shutil.rmtree(staging, ignore_errors=True)


def _carry_out(output: Path) -> dict[str, str]:
    staging = output / STAGING
    plan = json.loads((staging / PLAN).read_text(encoding="utf-8"))
    second_names: dict[str, str] = {}
    for name in plan["new"]:
        source, target = staging / (name + SUFFIX), output / name
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.replace(target)
        except PermissionError:
            second = target.with_name(f"{target.stem}（新）{target.suffix}")
            source.replace(second)
            second_names[name] = second.relative_to(output).as_posix()
    for name in plan["remove"]:
        _remove(output, name)
    for folder in {output, *(p.parent for p in (output / name for name in plan["new"]))}:
        _flush_folder(folder)
    (staging / PLAN).unlink()
    shutil.rmtree(staging, ignore_errors=True)
    return second_names


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
    path = output / name
    with contextlib.suppress(OSError):
        path.unlink()
        for parent in path.relative_to(output).parents:
            if parent != Path():
                (output / parent).rmdir()


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


def _cannot_write(output: Path, error: OSError) -> Refused:
    return Refused(
        f"输出文件夹“{output}”写不进去：{error.strerror or error}。",
        remedy="请检查磁盘空间和写入权限，关闭正在使用其中文件的程序后重试；原有的输出没有改动。",
    )
