"""The command run as its users run it, watched from outside: its processes, their memory, its outputs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.pool.local import attempt

HOUSE = Path(__file__).parent.parent
EVALBATCH = (sys.executable, "-m", "evalbatch")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONUTF8": "1"}


class Here:
    """Workers' tasks done in this process, so that their writes fail too."""

    def __init__(self, *_: object) -> None: ...
    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None: ...
    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        for position, task in enumerate(tasks):
            yield position, attempt(function, *task)


def start(campaign: Path, *words: str) -> "subprocess.Popen[str]":
    """Start `evalbatch run` in a process group of its own."""
    return subprocess.Popen(
        [*EVALBATCH, "run", str(campaign), *words],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


@dataclass
class Watched:
    """How a run went: its exit code, what it said, the most memory of all its processes together, and its processes."""

    code: int
    said: str
    peak: int
    seen: set[int]


def watched(campaign: Path, *words: str) -> Watched:
    """Run to the end and look at all processes of its session twenty times a second."""
    process = start(campaign, *words)
    peak, seen = 0, set()
    while process.poll() is None:
        now = of_session(process.pid)
        seen |= set(now)
        peak = max(peak, sum(now.values()))
        time.sleep(0.05)
    assert process.stdout is not None
    return Watched(process.returncode, process.stdout.read(), peak, seen)


def of_session(leader: int) -> dict[int, int]:
    """Every process of a session, dead ones that nobody waited for too, with its resident bytes."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                found[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return found


def left_of(leader: int, seconds: float = 5.0) -> set[int]:
    """What is still there of a session after a while."""
    until = time.monotonic() + seconds
    while (left := set(of_session(leader))) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the staging folder's."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and ".staging" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
