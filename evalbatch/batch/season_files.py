"""A campaign folder in; which of its files a run depends on, each with size and time, out. Nothing is opened."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SETTINGS = "evalbatch.toml"
REVIEW = "review.xlsx"
INPUTS = (SETTINGS, "units.xlsx", "scheme.xlsx", "approved_targets.xlsx", REVIEW)
FORMS = "input_templates"
_PASSING = re.compile(
    r"^(\.|~\$|~wps|~wrl|__MACOSX$|@eaDir$|\$RECYCLE\.BIN$|System Volume Information$|thumbs\.db$|desktop\.ini$)"
    r"|\.(tmp|temp|part|partial|crdownload|download)$",
    re.I,
)
_JUNCTION = 0xA0000003


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as its folder shows it; two equal ones are taken for the same content."""

    path: Path
    size: int
    modified_ns: int


def input_files(folder: Path) -> dict[str, Seen]:
    """Return the campaign's own files that a run reads, by their path in the campaign folder."""
    found = {}
    for name in INPUTS:
        if (seen := _seen(folder / name)) is not None:
            found[name] = seen
    if (folder / FORMS).is_dir():
        found.update({f"{FORMS}/{name}": seen for name, seen in _below(folder / FORMS)})
    return dict(sorted(found.items()))


def inbox_files(inbox: Path) -> dict[str, Seen]:
    """Return every file of the inbox by its path below it, lock and temporary files left out; links are not followed.

    Raises OSError where the folder is away, as a network share can be.
    """
    return dict(sorted(_below(inbox)))


def files_below(folder: Path) -> dict[str, Seen]:
    """Return every file below a folder that may be missing, as inbox_files does."""
    return dict(sorted(_below(folder))) if folder.is_dir() else {}


def _below(folder: Path) -> Iterator[tuple[str, Seen]]:
    waiting = [(folder, "")]
    while waiting:
        here, prefix = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            if not prefix:
                raise
            continue  # a folder that has just gone, or that is closed to us; the run itself says so
        for entry in entries:
            if _PASSING.search(entry.name):
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if getattr(found, "st_reparse_tag", 0) == _JUNCTION:
                continue
            name = prefix + _text(entry.name)
            if stat.S_ISDIR(found.st_mode):
                waiting.append((Path(entry.path), name + "/"))
            elif stat.S_ISREG(found.st_mode):
                yield name, Seen(Path(entry.path), found.st_size, found.st_mtime_ns)


def _seen(path: Path) -> Seen | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Seen(path, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _text(name: str) -> str:
    """Return a name as valid Unicode text, as run.json shows it; bytes that are no text are written out."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
