"""Whether a run would leave what the last one left: all that it depends on is as it was, every output in its place.

Asked before the rest of the package is imported, so that a run with nothing to do costs little more than looking. A
note in the campaign folder says what the last run found. What costs nothing is compared first, names and sizes; then
every file is hashed, inputs and outputs.
"""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import evalbatch
from evalbatch.model import Refused
from evalbatch.storage.hashes import document_hash, file_hash
from evalbatch.storage.lock import held
from evalbatch.storage.state_json import Each, read_json

LOCK = Path("record") / ".run.lock"
"""Not in the cache, which may be deleted at any time."""
_NOTE = Path(".evalbatch") / "unchanged.json"
_RECORD = "run.json"
_NOTED = {"shape": str, "stats": dict, "hashes": Each(str), "record": str}
_FOLDERS = ("inbox", "input_templates")
_JUNCTION = 0xA0000003


@dataclass(frozen=True, slots=True)
class Look:
    """A campaign at a glance: a hash of what lies in its folders, by names, sizes and times, and its files' names."""

    shape: str
    files: tuple[str, ...]


def left_standing(folder: Path, output: Path) -> dict[str, Any] | None:
    """Return run.json's document where a run of this campaign would change nothing; None while another one is at it."""
    if not (folder / _NOTE).exists():
        return None
    try:
        with held(folder / LOCK, "", Refused("")):
            return standing_record(folder, output)
    except Refused:
        return None


def standing_record(folder: Path, output: Path) -> dict[str, Any] | None:
    """Return run.json's document where all is as noted and every output that it names is there, to the byte."""
    try:
        note = read_json(folder / _NOTE, _NOTED)
        if note["shape"] != look_at(folder, output).shape or note["stats"] != _stats(folder, note["stats"]):
            return None
        record = read_json(output / _RECORD)
        if record["sha256"] != note["record"] or document_hash(record) != record["sha256"]:
            return None
        hashes = record["outputs"]["sha256"].items()
        return record if _all_are(folder, note["hashes"].items()) and _all_are(output, hashes) else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def look_at(folder: Path, output: Path) -> Look:
    """Look at a campaign without opening a file. Raises OSError."""
    where = [str(folder.resolve()), str(output.resolve())]
    found = [
        (f"{name}/{below}", kind, size, time // 1_000_000_000)
        for name in _FOLDERS
        for below, kind, size, time in _below(folder / name)
    ]
    files = tuple(name for name, kind, *_ in found if kind == stat.S_IFREG)
    shape = repr((_program(), where, found))
    return Look(hashlib.sha256(shape.encode("utf-8", "backslashreplace")).hexdigest(), files)


def note(folder: Path, look: Look, hashes: Mapping[str, str], watched: Iterable[Path], record_sha256: str) -> None:
    """Note that a campaign looking like this led to the outputs of a run.json.

    `hashes` are those of its files by their paths within the folder; of the files `watched`, which need not be there,
    size and time count. What can't be noted costs the next run its time only.
    """
    stats = _stats(folder, map(os.path.abspath, watched))
    document = {"shape": look.shape, "stats": stats, "hashes": dict(hashes), "record": record_sha256}
    part = folder / f"{_NOTE}.part"
    try:
        part.write_text(json.dumps(document), encoding="utf-8")
        part.replace(folder / _NOTE)
    except OSError:
        part.unlink(missing_ok=True)


def _all_are(folder: Path, hashes: Iterable[tuple[str, str]]) -> bool:
    return all(file_hash(os.path.join(folder, name)) == expected for name, expected in hashes)


def _stats(folder: Path, watched: Iterable[str]) -> dict[str, list[int] | None]:
    """Return size and time of these files and of the campaign's records, None for one that isn't there."""
    records = map(os.path.abspath, (folder / "record").glob("*.jsonl"))
    return {path: _stat(path) for path in sorted({*watched, *records})}


def _stat(path: str) -> list[int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _program() -> list[object]:
    """Tell this program and the libraries beside it from any other that might read or write otherwise."""
    home = os.path.dirname(evalbatch.__file__)
    installed = [name for place in sys.path if os.path.isdir(place) for name in os.listdir(place)]
    libraries = sorted(name for name in installed if name.endswith((".dist-info", ".egg-info")))
    own = [file for file in _below(home) if "__pycache__" not in file[0] and "/." not in f"/{file[0]}"]
    return [sys.version, libraries, own]


def _below(folder: str | Path) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, kind, size and time of a folder, which may be missing, and all below it; no link is followed."""
    waiting = [(str(folder), "")] if os.path.isdir(folder) else []
    while waiting:
        here, prefix = waiting.pop()
        try:
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # closed to us, or gone: the run itself says so
            yield prefix, 0, 0, 0
            continue
        yield prefix, stat.S_IFDIR, 0, 0
        for entry in listed:
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                yield prefix + entry.name, 0, 0, 0
                continue
            kind = stat.S_IFMT(found.st_mode)
            name = prefix + entry.name
            if kind == stat.S_IFDIR and getattr(found, "st_reparse_tag", 0) != _JUNCTION:
                waiting.append((entry.path, f"{name}/"))
            else:
                yield name, kind, found.st_size, found.st_mtime_ns
