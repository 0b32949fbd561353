"""A function and its tasks in, the results in the tasks' order out, told to whoever watches the progress."""

from collections.abc import Callable, Sequence
from typing import Any

from evalbatch.model import Refused
from evalbatch.pool.local import Lost, Workers

Progress = Callable[[str, int, int], None]
"""Told the stage's Chinese name, how many are done, and of how many."""


def each(
    pool: Workers,
    stage: str,
    function: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    progress: Progress,
    take: Callable[[int, Any], Any] = lambda _, result: result,
) -> list[Any]:
    """Run all tasks in the pool; a task that gave no result has a Lost in its place.

    `take` is given each task's position and result as it comes in, and returns what is to be kept of it.
    """
    results: list[Any] = [None] * len(tasks)
    progress(stage, 0, len(tasks))
    for done, (position, result) in enumerate(pool.run(function, tasks), start=1):
        results[position] = take(position, result)
        progress(stage, done, len(tasks))
    return results


def must_have(result: Any, what: str) -> Any:
    """Return a result that the batch can't do without. Refused when its worker lost it."""
    if isinstance(result, Lost):
        why = result.detail if result.cause in ("error", "disk") else _CAUSES[result.cause]
        raise Refused(
            f"{what}没有做成：{why}。",
            remedy="原有的输出没有改动；请检查磁盘空间后重试，仍不成请反馈此问题。",
        )
    return result


_CAUSES = {"time": "超过了时间限制", "memory": "内存不够", "died": "处理它的进程意外中止"}
