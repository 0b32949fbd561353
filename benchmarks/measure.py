"""A command in; how long it took and how much memory it held out, its child processes included."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Measured:
    """`seconds` on the clock, `cpu` seconds of all its processes, peak of all together and of the largest, in MB."""

    seconds: float
    cpu: float
    together: float
    largest: float


def measure(command: Sequence[str], folder: Path) -> Measured:
    """Run a command to its end in `folder`; raises RuntimeError when it fails. Linux only."""
    log = folder / "last.log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    peak, done = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{log.read_text(errors='replace')}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak[0] / 2**20, usage.ru_maxrss / 1024)


def _watch(process: int, peak: list[int], done: threading.Event) -> None:
    while not done.wait(0.1):
        peak[0] = max(peak[0], _held(process))


def _held(process: int) -> int:
    """Bytes resident in a process and all below it; pages shared between them count for each."""
    held = 0
    with contextlib.suppress(OSError, ValueError):
        held = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            held += _held(int(child))
    return held
