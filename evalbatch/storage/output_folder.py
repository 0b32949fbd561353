"""What lies where in an output folder: the set that stands, the set in the making, and what changes between them."""

import contextlib
import filecmp
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.storage.state_json import Each, fits

STAGING = ".staging"
PLAN = "plan.part"
UNDO = "undo.part"
LOCK = "lock.part"
SUFFIX = ".part"
RECORD = "run.json"
_Recorded = tuple[Sequence[str], Mapping[str, Any]]
_KNOWN: dict[bytes, _Recorded] = {}
"""What the last records name, by their hashes: the old one and the new one are asked for often."""
_MOST_KNOWN = 2


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing does to the files of an output folder, by names relative to it, the record last.

    `new` are put in place, of which `fresh` had no file there; `same` stay, for their bytes are the old ones;
    `gone` were the last set's and go. `stale` are second names of the last set, with the hash they must have to go.
    """

    new: tuple[str, ...]
    fresh: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]
    stale: dict[str, str]


def change_of(output: Path, names: Sequence[str], replaces: bool) -> Change:
    """Compare the staged set `names` with what stands in the folder. Raises OSError."""
    old = published(output) if replaces else ()
    order = [name for name in names if name != RECORD] + [name for name in names if name == RECORD]
    # The record is always put in place anew: its time says when the last run was.
    same = dict.fromkeys(name for name in order if name != RECORD and _unchanged(output, name))
    new = tuple(name for name in order if name not in same)
    return Change(
        new,
        tuple(name for name in new if not os.path.exists(at(output, name))),
        tuple(same),
        tuple(sorted(set(old) - set(order))),
        {name: sha256 for name, sha256 in second_names(output).items() if name not in order} if replaces else {},
    )


def published(output: Path) -> list[str]:
    """List what the last set left here: what its run.json names. Other people's files are none of ours."""
    return [name for name in named(output) if _inside(output, name)]


def named(output: Path) -> Sequence[str]:
    """Give all names of the last set, also of files that are no longer there."""
    return _recorded(output)[0]


def second_name(name: str) -> str:
    """Name what a target that is in use has to make way for.

    >>> second_name("score_sheets/001_评分表.xlsx")
    'score_sheets/001_评分表（新）.xlsx'
    """
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}（新）{dot}{suffix}"


def second_names(output: Path) -> dict[str, str]:
    """Return the second names that the last run gave, with their hashes; what a person saved since is the person's."""
    names, hashes = _recorded(output)
    pairs = [(name, second_name(name), str(hashes[name])) for name in names if name in hashes]
    return {
        second: sha256
        for name, second, sha256 in pairs
        if os.path.isfile(at(output, second)) and _inside(output, name) and is_ours(output / second, sha256)
    }


def is_ours(path: Path, sha256: str) -> bool:
    """Whether a file is still what a run made of it."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == sha256
    except OSError:
        return False


def clear(folder: Path) -> None:
    """Empty a staging folder but for the lock that we hold. Raises OSError."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have a file's content on the disk. Raises OSError."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def flush_folder(folder: Path) -> None:
    """Have a folder's renames on the disk."""
    # Windows can't open a folder for flushing; its renames are journalled by NTFS.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _recorded(output: Path) -> _Recorded:
    try:
        record = (output / RECORD).read_bytes()
    except OSError:
        return (), {}
    key = hashlib.sha256(record).digest()
    if key not in _KNOWN:
        if len(_KNOWN) == _MOST_KNOWN:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[key] = _named_in(record)
    return _KNOWN[key]


def _named_in(record: bytes) -> _Recorded:
    """Return the outputs that a run.json names, and their hashes."""
    try:
        outputs = json.loads(record, object_hook=_without_entries)["outputs"]
        if not fits(outputs, {"all": [str], "sha256?": Each(str)}):
            return (), {}
        return tuple(outputs["all"]), dict(outputs.get("sha256", {}))
    except (ValueError, KeyError, TypeError, RecursionError):
        return (), {}


def _without_entries(found: dict[str, Any]) -> dict[str, Any] | None:
    """Drop what a record says of each file and each unit: it is most of it, and names no output."""
    return None if "status" in found and "findings" in found else found


def at(folder: Path, name: str) -> str:
    """Return where the output of a name lies in a folder."""
    return f"{folder}/{name}"


def _unchanged(output: Path, name: str) -> bool:
    target, staged = at(output, name), at(output, f"{STAGING}/{name}{SUFFIX}")
    try:
        standing = os.stat(target)
    except OSError:
        return False
    if not stat.S_ISREG(standing.st_mode):
        return False
    return os.path.samestat(standing, os.stat(staged)) or filecmp.cmp(staged, target, shallow=False)


def _inside(output: Path, name: str) -> bool:
    if os.path.isabs(name) or (".." in name and ".." in Path(name).parts):
        return False
    return os.path.isfile(at(output, name))
