"""A set put in place by one call that exchanges two folders: nobody ever sees a part of it, whatever breaks off.

Only Linux has that call, and not on every disk; it needs a folder that holds nothing but our own. Where it can't be
done nothing is changed, and the files are renamed one by one instead.

Beside the output folder a twin is made, of links to the files of the new set and to whatever else lies in the
folder. After the exchange the twin holds the old set, and a mark in the new one says so until the twin is gone.
"""

import contextlib
import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from evalbatch.storage.output_folder import LOCK, STAGING, SUFFIX, Change, at, flush_folder, named, second_names

MARK, RESCUED, PROBE = "exchanged.part", "rescued.part", "probe.part"
BESIDE = frozenset({"mail", "templates"})
"""Folders that other commands make in the output folder."""
MOST_BESIDE = 10_000
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def put_in_place(output: Path, change: Change) -> bool:
    """Exchange the output folder for one with the staged set; False when that can't be done here."""
    home = output.resolve()
    try:
        beside = tuple(_beside(home, change)) if _may_move(home) else None
        if beside is None:
            return False
        _make_twin(home, change, beside)
        _exchange(_twin(home), home)
    except OSError:
        with contextlib.suppress(OSError):
            _drop_draft(home)
        return False
    flush_folder(home.parent)
    with contextlib.suppress(OSError):  # what is left over is cleared away by the next
        finish(output)
    return True


def finish(output: Path) -> None:
    """Clear away the old set after an exchange, or a twin that never was exchanged. Raises OSError."""
    home = output.resolve()
    twin, mark = _twin(home), home / STAGING / MARK
    if not mark.exists():
        _drop_draft(home)
        return
    if (twin / STAGING).is_dir():
        if not (twin / STAGING / RESCUED).exists():
            # Once its record is removed, the old set's own files would be taken for somebody else's.
            _rescue(twin, home)
            (twin / STAGING / RESCUED).touch()
        _remove(twin)
    mark.unlink()


def is_unfinished(output: Path) -> bool:
    """Whether an exchange was done here whose old set is still to be cleared away."""
    return (output / STAGING / MARK).exists()


def _twin(home: Path) -> Path:
    return home.parent / f".{home.name}{SUFFIX}"


def _may_move(home: Path) -> bool:
    """Whether the folder may be another one afterwards: not while we stand in it, and not where a disk hangs."""
    if sys.platform != "linux" or os.path.ismount(home):
        return False
    return not Path.cwd().is_relative_to(home)


def _beside(home: Path, change: Change) -> Iterator[str]:
    """Yield files in the folder that are of no set. Raises OSError where anything else but ours lies there."""
    of_sets = {*named(home), *change.new, *change.same, *change.gone, *change.stale}
    ours = BESIDE | {name.partition("/")[0] for name in of_sets if "/" in name}
    count = 0
    for here, before, folders, files in _walked(home, onerror=_raise):
        foreign = {STAGING} & set(folders) if before else set(folders) - ours
        count += len(files)
        if foreign or count > MOST_BESIDE:
            raise OSError(errno.EBUSY, "not ours alone")
        for name in (*files, *(folder for folder in folders if os.path.islink(os.path.join(here, folder)))):
            if (relative := before + name) not in of_sets:
                yield relative


def _walked(
    home: Path, onerror: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Walk over an output folder but its staging folder; give also what comes before the names in each folder."""
    for here, folders, files in os.walk(home, onerror=onerror):
        before = os.path.relpath(here, home).replace(os.sep, "/") + "/" if here != str(home) else ""
        if not before:
            folders.remove(STAGING)
        yield here, before, folders, files


def _raise(error: OSError) -> None:
    raise error


def _make_twin(home: Path, change: Change, beside: tuple[str, ...]) -> None:
    """Make the folder of the new set. Raises OSError, also where there is one that isn't ours."""
    _drop_draft(home)
    twin, staged = _twin(home), home / STAGING
    twin.mkdir()
    (staged / PROBE).mkdir(exist_ok=True)
    _exchange(twin, staged / PROBE)  # a disk that can't do it says so before thousands of links are made
    (twin / STAGING).mkdir()
    (twin / STAGING / MARK).touch()
    _alike(home, twin)
    os.link(staged / LOCK, twin / STAGING / LOCK)  # so that the new folder is held as well
    made = {""}
    for name in change.new:
        _link(at(staged, name + SUFFIX), home, twin, name, made)
    for name in (*change.same, *beside):
        _link(at(home, name), home, twin, name, made)
    for folder, _, _ in os.walk(twin):
        flush_folder(Path(folder))


def _link(source: str, home: Path, twin: Path, name: str, made: set[str]) -> None:
    """Link a file into the twin, in a folder like the one at home; `made` are the folders that stand already."""
    if stat.S_IFMT(os.lstat(source).st_mode) not in (stat.S_IFREG, stat.S_IFLNK):
        raise OSError(errno.EBUSY, "no file")
    if (inside := name.rpartition("/")[0]) not in made:
        missing = [parent for parent in Path(name).parents if not (twin / parent).exists()]
        for folder in reversed(missing):
            (twin / folder).mkdir()
            if (home / folder).is_dir():
                _alike(home / folder, twin / folder)
        made.add(inside)
    os.link(source, at(twin, name), follow_symlinks=False)


def _alike(one: Path, other: Path) -> None:
    """Give a folder another's owner, permissions and attributes. Raises OSError."""
    was, now = one.stat(), other.stat()
    if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
        os.chown(other, was.st_uid, was.st_gid)
    shutil.copystat(one, other)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step. Raises OSError."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(one))


def _drop_draft(home: Path) -> None:
    """Remove a twin that was never exchanged; a folder of that name that isn't ours is left alone. Raises OSError."""
    twin = _twin(home)
    if twin.is_dir() and ((twin / STAGING / MARK).exists() or set(os.listdir(twin)) <= {STAGING}):
        _remove(twin)


def _remove(twin: Path) -> None:
    """Remove a twin, last what tells that it is ours. Raises OSError."""
    for entry in twin.iterdir():
        if entry.name == STAGING:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.rmtree(twin)


def _rescue(twin: Path, home: Path) -> None:
    """Take over what somebody put into the old folder while the new one was being made."""
    of_sets = {*named(twin), *second_names(twin)}
    left = [before + file for _, before, _, files in _walked(twin) for file in files if before + file not in of_sets]
    new_set = {*named(home)} if left else set()  # mostly nothing is left, and the new record need not be read
    for name in (name for name in left if name not in new_set):
        old, new = twin / name, home / name
        if new.exists() and new.samefile(old):
            continue
        new.parent.mkdir(parents=True, exist_ok=True)
        old.replace(new)
