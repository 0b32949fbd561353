"""A command in; how long it took and how much memory it held out, its child processes included."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """`seconds` on the clock, `cpu` seconds of all its processes, peak of all together and of the largest, in MB."""

    seconds: float
    cpu: float
    together: float
    largest: float


def measure(command: Sequence[str], folder: Path) -> Measured:
    """Run a command to its end in `folder`; raises RuntimeError when it fails. Linux only.

    Modules are kept compiled, as they are where the product is installed.
    """
    log = folder / "last.log"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    seen, done = _Seen(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, seen, done))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{log.read_text(errors='replace')}")
    waited_for = usage.ru_utime + usage.ru_stime
    return Measured(seconds, max(waited_for, sum(seen.cpu.values())), seen.most / 2**20, usage.ru_maxrss / 1024)


@dataclass(slots=True)
class _Seen:
    """The most bytes held at once, and the CPU seconds of each process when it was last seen."""

    most: int = 0
    cpu: dict[int, float] = field(default_factory=dict)


def _watch(process: int, seen: _Seen, done: threading.Event) -> None:
    """Look at a process and all below it until it is done; one that nobody waits for tells its CPU only so."""
    while not done.wait(0.05):
        seen.most = max(seen.most, _held(process, seen.cpu))


def _held(process: int, cpu: dict[int, float]) -> int:
    """Bytes resident in a process and all below it; pages shared between them count for each."""
    held = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        held = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        cpu[process] = (int(user) + int(system)) / _TICKS
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            held += _held(int(child), cpu)
    return held
