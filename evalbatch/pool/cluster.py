"""Tasks in, results out, as pool.py does it, but over the machines of a Dask cluster.

Inbox and output lie on a folder that every machine sees under the same path; only tasks and results travel. Each
thread of a Dask worker keeps one killable process (a Pool of one), so that a file which hangs, dies or eats memory
costs itself only, as at home. A machine that goes away costs time: its tasks are given to another.
"""

import asyncio
import contextlib
import importlib
import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evalbatch import __version__
from evalbatch.model import Refused
from evalbatch.pool.local import Lost, Pool, attempt

_AHEAD = 4
"""Tasks under way for each thread of the cluster: enough that none waits, few enough that memory stays flat."""
_FEWEST = 16
_PATIENCE, _LONGEST = "30s", 40.0


class Cluster:
    """The worker processes of a Dask cluster; to its caller the same as a Pool.

    `seconds` and `memory_bytes` limit one task, on the machine that does it. `places`, absolute paths, must be there
    on every worker. Refused when the scheduler can't be reached, has no worker, or a worker does not fit.
    """

    def __init__(self, address: str, seconds: float, memory_bytes: int, places: Sequence[Path] = ()) -> None:
        self.seconds, self.memory_bytes = seconds, memory_bytes
        try:
            self._dask: Any = importlib.import_module("distributed")
        except ImportError:
            raise Refused(
                "没有安装多机运行所需的组件（distributed）。", remedy='请运行 pip install "evalbatch[cluster]" 后重试。'
            ) from None
        self._client = self._reached(address)
        try:
            self._must_fit(places)
        except BaseException:
            self.close()
            raise

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Yield (position, result or Lost) per task as they come in; a task is drawn only when there is room."""
        pending = enumerate(tasks)
        room = max(_FEWEST, _AHEAD * sum(self._client.nthreads().values()))
        under_way: dict[Any, int] = {}
        coming = self._dask.as_completed(loop=self._client.loop)
        while True:
            while len(under_way) < room and (following := next(pending, None)) is not None:
                future = self._client.submit(
                    _do, function, following[1], self.seconds, self.memory_bytes, pure=False, retries=2
                )
                under_way[future] = following[0]
                coming.add(future)
            if not under_way:
                return
            future = next(coming)
            yield under_way.pop(future), self._outcome(future)

    def close(self) -> None:
        """Let go of the scheduler; its workers go on serving others."""
        with contextlib.suppress(Exception):  # the scheduler may be gone; there is nothing left to do for it
            self._client.close()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reached(self, address: str) -> Any:
        """Return a client of the scheduler there; what answers and is none would be waited for without end."""
        made: list[Any] = []
        asking = threading.Thread(
            target=lambda: made.append(attempt(self._dask.Client, address, timeout=_PATIENCE, set_as_default=False)),
            daemon=True,
        )
        asking.start()
        asking.join(_LONGEST)
        if not made or isinstance(made[0], Lost):
            why = made[0].why if made else "那里没有调度器的回答"
            raise Refused(
                f"连不上调度器“{address}”：{why}。",
                remedy="请核对地址，例如 tcp://10.0.0.5:8786，并确认调度器已启动。",
            )
        return made[0]

    def _must_fit(self, places: Sequence[Path]) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise Refused(
                "调度器上没有工作进程。", remedy="请在各台机器上启动：dask worker 调度器地址 --nthreads 1"
            ) from None
        for worker, said in self._client.run(_fitness, __version__, tuple(places), on_error="return").items():
            if isinstance(said, BaseException):
                said = f"没有安装 evalbatch，或版本不同（{type(said).__name__}）"
            if said:
                raise Refused(
                    f"工作进程“{worker}”不能用：{said}。", remedy="请在各台机器上装同一版本，并挂载同一共享文件夹。"
                )

    def _outcome(self, future: Any) -> Any:
        if future.status == "lost":  # the worker that held the result has died; the scheduler has it made again
            with contextlib.suppress(TimeoutError, asyncio.CancelledError, self._dask.CancelledError):
                self._dask.wait(future, timeout=_PATIENCE)
        error = future.exception() if future.status == "error" else None
        if future.status in ("cancelled", "lost"):
            raise Refused("与调度器的连接断了。", remedy="原有的输出没有改动；请确认调度器仍在运行后重试。")
        if error is None:
            return future.result()
        if isinstance(error, self._dask.KilledWorker):
            return Lost("died", "cluster")
        return Lost("error", f"{type(error).__name__}: {error}")


def _fitness(version: str, places: Sequence[Path]) -> str:
    """Say what is wrong with the worker that this runs on; "" when nothing is."""
    if version != __version__:
        return f"它的版本是{__version__}，本机是{version}"
    missing = next((place for place in places if not place.exists()), None)
    return f"看不到“{missing}”" if missing else ""


_own = threading.local()


def _do(function: Callable[..., Any], task: tuple[Any, ...], seconds: float, memory_bytes: int) -> Any:
    """Do one task in this thread's own killable process; runs on a worker."""
    limits = (seconds, memory_bytes)
    if getattr(_own, "limits", None) != limits:
        if previous := getattr(_own, "pool", None):
            previous.close()
        # Dask marks its workers as daemons, which may have no children; ours ends by itself when its parent does.
        multiprocessing.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
        _own.limits, _own.pool = limits, Pool(1, seconds, memory_bytes)
    ((_, result),) = _own.pool.run(function, [task])
    return result
