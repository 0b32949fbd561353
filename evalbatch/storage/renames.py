"""A set put in place file by file, by a plan that is written down first: what a file system offers everywhere.

A crash in between is made up for by whoever opens the folder next; a disk that fails in between has all renames
undone, from links to the old files.
"""

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evalbatch.storage.output_folder import (
    PLAN,
    STAGING,
    SUFFIX,
    UNDO,
    Change,
    flush,
    flush_folder,
    is_ours,
    second_name,
)
from evalbatch.storage.state_json import Each, read_json

OLD = "old"
_PLAN = {"new": [str], "gone": [str], "fresh": [str], "stale": Each(str), "linked": bool}
HALF = "输出可能新旧不齐，恢复后再运行一次即可补齐。"
UNTOUCHED = "原有的输出没有改动。"


def put_in_place(output: Path, change: Change) -> dict[str, str]:
    """Rename the staged files to their places; return second names of targets in use. Raises OSError."""
    linked = all(_keep(output, name) for name in (*change.new, *change.gone) if name not in change.fresh)
    _write_whole(output / STAGING / PLAN, json.dumps({**asdict(change), "linked": linked}, ensure_ascii=False))
    return _carry_out(output)


def is_interrupted(output: Path) -> bool:
    """Whether a publishing was broken off here, so that old and new files may stand side by side."""
    return any((output / STAGING / name).exists() for name in (PLAN, UNDO))


def finish(output: Path) -> None:
    """Finish a publishing that was interrupted, or its undoing. Raises OSError."""
    with contextlib.suppress(ValueError):  # no plan of ours
        if (output / STAGING / UNDO).exists():
            _undo(output)
        elif (output / STAGING / PLAN).exists():
            _carry_out(output)


def undone(output: Path) -> str:
    """Take back what was renamed; say what became of the old set."""
    staging = output / STAGING
    with contextlib.suppress(OSError):
        if (staging / PLAN).exists():
            if not _read(staging / PLAN)["linked"]:
                return HALF
            (staging / PLAN).replace(staging / UNDO)
            _undo(output)
        return UNTOUCHED
    return HALF


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
            second_names[name] = second_name(name)
            source.replace(output / second_names[name])
    for name in plan["gone"]:
        _remove(output, name)
    for name, sha256 in plan["stale"].items():
        # After a crash nobody knows which second names are new; those have other bytes.
        if name not in second_names.values() and is_ours(output / name, sha256):
            _remove(output, name)
    for folder in {output, *(p.parent for p in (output / name for name in plan["new"]))}:
        flush_folder(folder)
    (staging / PLAN).unlink()
    return second_names


def _undo(output: Path) -> None:
    """Put the old files back; every step may be done already. Raises OSError."""
    staging = output / STAGING
    plan = _read(staging / UNDO)
    for name in [*plan["new"], *plan["gone"]]:
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
    plan = read_json(path, _PLAN)
    names = [Path(name) for name in (*plan["new"], *plan["gone"], *plan["fresh"], *plan["stale"])]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise ValueError("outside")
    return plan


def _write_whole(path: Path, text: str) -> None:
    """Write a plan so that it is there whole or not at all."""
    draft = path.with_name(f"new-{path.name}")
    draft.write_text(text, encoding="utf-8")
    flush(draft)
    draft.replace(path)
    flush_folder(path.parent)
