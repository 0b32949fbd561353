"""A season's files in, one archive out that proves itself: each member's hash, and run.json's hashes again.

Members are stored, not compressed: workbooks are compressed already, and two versions of a compressor need not
give the same bytes. All bear the same date; their own times are in the list.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evalbatch.batch.season_files import REVIEW, Seen, files_below, input_files
from evalbatch.batch.verify import Difference
from evalbatch.storage.hashes import document_hash
from evalbatch.storage.state_json import MOST_BYTES, Each, parsed
from evalbatch.tables.manifest import NAME as RUN
from evalbatch.tables.manifest import RUN as SHAPE

LIST = "封存清单.json"
FORMAT = 1
_CHUNK = 1 << 20
_SEALING_DAY = (2000, 1, 1, 0, 0, 0)


def season_files(folder: Path, output: Path) -> dict[str, Seen]:
    """Return everything that an archive holds by its name in it; the cache and earlier archives are left out."""
    found = dict(input_files(folder))
    for prefix, place in (("inbox", folder / "inbox"), ("record", folder / "record"), ("output", output)):
        found.update({f"{prefix}/{name}": seen for name, seen in files_below(place).items()})
    return dict(sorted(found.items()))


def write_archive(target: Path, files: Mapping[str, Seen], about: Mapping[str, Any]) -> None:
    """Write the archive with its list; the same files give the same bytes. Raises OSError."""
    listed = {}
    with target.open("wb") as handle:
        with zipfile.ZipFile(handle, "w") as archive:
            for name, seen in files.items():
                listed[name] = {**_add(archive, name, seen), "modified": _moment(seen)}
            document = {"format": FORMAT, **about, "files": listed}
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
            archive.writestr(_member(LIST), text.encode("utf-8"))
        handle.flush()
        os.fsync(handle.fileno())


def verify_archive(path: Path) -> tuple[Difference, ...]:
    """Prove an archive by itself; nothing returned means that it is as it was sealed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_of_archive(archive))
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, NotImplementedError):
        return (Difference("archive", path.name, "封存件读不出来，已损坏或不是封存件"),)


def _add(archive: zipfile.ZipFile, name: str, seen: Seen) -> dict[str, Any]:
    member, digest, size = _member(name), hashlib.sha256(), 0
    member.file_size = seen.size
    with seen.path.open("rb") as source, archive.open(member, "w", force_zip64=seen.size > 1 << 30) as sink:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            sink.write(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _SEALING_DAY)
    member.create_system = 0  # else it tells on which system it was sealed
    member.external_attr = 0
    return member


def _moment(seen: Seen) -> str:
    try:
        return datetime.fromtimestamp(seen.modified_ns // 1_000_000_000, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def _of_archive(archive: zipfile.ZipFile) -> Iterator[Difference]:
    listed = {
        name: entry["sha256"]
        for name, entry in _document(archive, LIST, {"files": Each({"sha256": str})})["files"].items()
    }
    present = set(archive.namelist())
    for name in sorted(present - {*listed, LIST}):
        yield Difference("archive", name, "不在封存清单中")
    for name, sha256 in sorted(listed.items()):
        if name not in present:
            yield Difference("archive", name, "清单中有，封存件中没有")
        elif _hash_in(archive, name) != sha256:
            yield Difference("archive", name, "内容与封存清单不符")
    yield from _against_run(_document(archive, f"output/{RUN}", {**SHAPE, "units": list}), listed)


def _document(archive: zipfile.ZipFile, name: str, shape: Any) -> dict[str, Any]:
    """Return a member that is JSON; raises ValueError for one that claims to be larger than any."""
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise ValueError(name)
    return parsed(archive.read(name), shape)


def _hash_in(archive: zipfile.ZipFile, name: str) -> str:
    try:
        digest = hashlib.sha256()
        with archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()
    except zipfile.BadZipFile:  # its check sum tells already
        return ""


def _against_run(run: Mapping[str, Any], listed: Mapping[str, str]) -> Iterator[Difference]:
    """Compare the list with what run.json says of outputs and inputs.

    Members of ZIPs go by their ZIP, and of review.xlsx run.json has no hash of bytes: both are proved by the list.
    """
    if run["sha256"] != document_hash(run):
        yield Difference("archive", f"output/{RUN}", "内容与其自身的校验值不符")
    said = {
        **{f"output/{name}": sha256 for name, sha256 in run["outputs"]["sha256"].items()},
        **{name: sha256 for name, sha256 in run["inputs"].items() if name != REVIEW},
        **{f"inbox/{file['path']}": file["sha256"] for file in run["files"] if f"inbox/{file['path']}" in listed},
    }
    for name, sha256 in sorted(said.items()):
        if sha256 and listed.get(name) != sha256:
            yield Difference("archive", name, "与运行时的内容不符")
