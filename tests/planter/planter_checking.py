"""Workbooks in, findings out, in this process: what `evalbatch check` and `evalbatch run` do, without their workers."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from evalbatch.model import Finding
from evalbatch.pool.local import Pool
from evalbatch.unit import examine, single
from evalbatch.unit.alone import outside
from evalbatch.unit.single import Single


class Inline:
    """Runs tasks where it stands: a pool for tests, which trust their own workbooks."""

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        for position, task in enumerate(tasks):
            yield position, function(*task)

    def __enter__(self) -> "Inline":
        return self

    def __exit__(self, *_: object) -> None:
        return None


OUTSIDE = Single(outside(), None, cast(Pool, Inline()))


def check(path: Path) -> tuple[Finding, ...]:
    """Everything that `evalbatch check` says of a workbook outside any campaign."""
    return single.check_file(path, OUTSIDE)[1]


def lexicon() -> object:
    return examine.lexicon_of(outside().forms)
