"""A function and its tasks in, the results in the tasks' order out, told to whoever watches the progress."""

from collections.abc import Callable, Sequence
from typing import Any

from evalbatch.model import Refused
from evalbatch.pool.local import Lost, Workers, attempt

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
        raise Refused(
            f"{what}没有做成：{result.why}。",
            remedy="原有的输出没有改动；请检查磁盘空间后重试，仍不成请反馈此问题。",
        )
    return result


def part(notes: list[str], what: str, function: Callable[..., Any], *arguments: Any, instead: Any = None) -> Any:
    """Make one part of a run in this process; one that can't be made is noted, and `instead` stands for it.

    Refused when it was the disk that failed: then nothing can be made.
    """
    made = attempt(function, *arguments)
    if not isinstance(made, Lost):
        return made
    if made.cause == "disk":
        must_have(made, what)
    notes.append(f"{what}没有做成：{made.why}；其余结果不受影响。")
    return instead
