"""Tasks in, results out: each task runs in a worker process that can be killed without losing the others.

A hanging worker is killed when its time is up, a worker that dies costs its own task only, and both come
back as a Lost value. Workers are started once and kept, replaced when they die or have grown too big. None is a fork
of the process that uses the pool: it is spawned, or where the system can, forked from a small server that has imported
what workers need. Python's own pools lose every task when one worker dies, hence this one.
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal, Protocol

from evalbatch.model import Refused
from evalbatch.storage.disk import disk_error, words_of

_MANY_OBJECTS = 20_000
"""So many objects more than before, some megabytes, and a worker looks for those that only refer to each other."""
_START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def get_ready(*modules: str) -> None:
    """Let workers import these modules once for all of them, beginning now; where they are spawned, each does later."""
    if _START == "forkserver":
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(modules))
        with _interrupts_kept_from_workers():
            forkserver.ensure_running()


@dataclass(frozen=True, slots=True)
class Lost:
    """A task that gave no result: time was up, its worker died, it raised what nobody expected, or the disk failed."""

    cause: Literal["time", "died", "memory", "error", "disk"]
    detail: str = ""

    @property
    def why(self) -> str:
        """Why there is no result, in words that end a sentence."""
        return self.detail if self.cause in ("error", "disk") else _WHY[self.cause]


_WHY = {"time": "超过了时间限制", "memory": "内存不够", "died": "处理它的进程意外中止"}


class Workers(Protocol):
    """Whoever takes tasks: a Pool here, or a Cluster elsewhere."""

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Yield (position, result or Lost) per task as they come in."""
        ...

    def close(self) -> None:
        """Let go of every worker."""
        ...

    def __enter__(self) -> "Workers": ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    fresh: bool = True
    task: int | None = None
    until: float = 0.0


@dataclass
class Pool:
    """A few persistent worker processes.

    `seconds` is the limit for one task, `memory_bytes` the address space of one worker (where the system can
    limit it; see `memory_is_limited`).
    """

    workers: int
    seconds: float
    memory_bytes: int
    _members: list[_Worker] = field(default_factory=list)

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Yield (position, result or Lost) per task as they come in; a task is drawn only when a worker is free."""
        pending = enumerate(tasks)
        more = True
        while True:
            while more and (worker := self._free()) is not None:
                following = next(pending, None)
                if following is None:
                    more = False
                else:
                    self._give(worker, following[0], function, following[1])
            busy = [worker for worker in self._members if worker.task is not None]
            if not busy:
                return
            yield from self._collect(busy)

    def close(self) -> None:
        """End every worker; none is left behind."""
        for worker in self._members:
            _end(worker, grace=0.0 if worker.task is not None else 2.0)
        self._members.clear()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _free(self) -> _Worker | None:
        for worker in self._members:
            if worker.task is None:
                return worker
        if len(self._members) < self.workers:
            worker = self._start()
            self._members.append(worker)
            return worker
        return None

    def _start(self) -> _Worker:
        context: Any = multiprocessing.get_context(_START)
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(there, self.memory_bytes), daemon=True)
        with _interrupts_kept_from_workers():
            process.start()
        there.close()
        return _Worker(process, here)

    def _give(self, worker: _Worker, position: int, function: Callable[..., Any], task: tuple[Any, ...]) -> None:
        worker.task = position
        # A fresh worker also imports the package; that time is not the file's.
        worker.until = time.monotonic() + self.seconds + (30.0 if worker.fresh else 0.0)
        with contextlib.suppress(OSError):  # it died while idle; _collect sees the closed pipe
            worker.pipe.send((function, task))

    def _collect(self, busy: list[_Worker]) -> Iterator[tuple[int, Any]]:
        timeout = max(0.0, min(worker.until for worker in busy) - time.monotonic())
        ready = set(wait([worker.pipe for worker in busy], timeout))
        now = time.monotonic()
        for worker in busy:
            position = worker.task
            assert position is not None
            if worker.pipe in ready:
                try:
                    message = worker.pipe.recv()
                except (EOFError, OSError):
                    self._replace(worker)
                    yield position, Lost("died", f"exit {worker.process.exitcode}")
                    continue
                if message == _BEGUN:
                    worker.fresh, worker.until = False, now + self.seconds
                    continue
                result, grown = message
                worker.task = None
                if grown:
                    self._replace(worker)
                yield position, result
            elif now >= worker.until:
                self._replace(worker)
                yield position, Lost("time", f"{self.seconds:g}")

    def _replace(self, worker: _Worker) -> None:
        _end(worker, grace=0.0)
        self._members.remove(worker)


_BEGUN = "begun"


@contextlib.contextmanager
def _interrupts_kept_from_workers() -> Iterator[None]:
    """Ctrl-C is for the parent, which ends its workers; one still importing would answer it with a traceback."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # unblocks the signal when it starts, so it must have started before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def memory_is_limited() -> bool:
    """Whether this system can limit a worker's memory; Windows can't."""
    return sys.platform != "win32"


def room_for_files(enough: int) -> int:
    """Return how many files this process may have open at once, up to `enough`: the limit is raised where it can be."""
    if sys.platform == "win32":
        return enough
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= enough:
        return enough
    most = enough if hard == resource.RLIM_INFINITY else min(hard, enough)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def usable_cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _end(worker: _Worker, grace: float) -> None:
    worker.pipe.close()
    if grace:
        worker.process.join(grace)
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()


def _work(pipe: Connection, memory_bytes: int) -> None:
    """Serve tasks until the pipe closes: the word "begun" with the first, then each one's result."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _be_silent()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # else numpy reserves address space for every core of a large machine
    _limit_memory(memory_bytes)
    # A task leaves some thousand objects that refer to each other in circles, and looking for them through all that
    # was imported took an eighth of a worker's time.
    gc.freeze()
    gc.set_threshold(_MANY_OBJECTS)
    fresh = True
    while True:
        try:
            function, task = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            if fresh:
                pipe.send(_BEGUN)
                fresh = False
            pipe.send((attempt(function, *task), _grown(memory_bytes)))
        except (OSError, KeyboardInterrupt):
            return


def _be_silent() -> None:
    """Keep what libraries print, a Rust panic's stack for one, from the user: the outcome says what went wrong."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _end_with_parent() -> None:
    """End this process, busy or not, when the one that started it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def attempt(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Return what a function gives, or Lost where it raised anything: the last line of defence of whatever is done.

    Whoever makes one part of many, a file, a unit's workbook, a sheet, makes it by this: it costs that part alone.
    """
    try:
        return function(*arguments, **named)
    except MemoryError:
        return Lost("memory")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a Rust panic derives from BaseException; it must cost one task only
        if isinstance(error, Refused):
            return Lost("error", error.message.removesuffix("。"))
        disk = disk_error(error)
        return Lost("disk", words_of(disk)) if disk else Lost("error", _told(error))


def _told(error: BaseException) -> str:
    """Say what nobody expected, for those who are to mend it: the error, and the line of the program."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f"，{Path(frame.filename).name}:{frame.lineno}" for frame in place)
    return f"程序出错（{type(error).__name__}: {str(error)[:_MOST_TOLD]}{where}）"


_MOST_TOLD = 200


def _limit_memory(memory_bytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard), hard)
    )


def _grown(memory_bytes: int) -> bool:
    """Whether this worker has grown past half its limit and should be replaced by a fresh one."""
    most = memory_bytes // 2
    return _resident() > most and _peak() > most


def _resident() -> int:
    """Return what the system counts as the most memory of this process, in bytes; 0 where it can't be asked."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def _peak() -> int:
    """Return the most memory that this process itself has held, in bytes.

    Linux counts for a process what the one that started it held by then; only its status tells them apart.
    """
    with contextlib.suppress(OSError, LookupError, ValueError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) << 10
    return _resident()
