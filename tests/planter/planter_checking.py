"""Workbooks in, findings out, in this process: what `evalbatch check` and `evalbatch run` do, without their workers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from evalbatch.intake.inbox import source_of
from evalbatch.model import Finding, Season, Unit
from evalbatch.pool.local import Pool
from evalbatch.unit import examine, single
from evalbatch.unit.alone import outside
from evalbatch.unit.examine import Dossier, Setup
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


def check_as(path: Path, unit: Unit, year: int) -> tuple[Finding, ...]:
    """Everything that a run says of a unit's only workbook, in a campaign whose roster has the bureau's figures."""
    setup = Setup(OUTSIDE.setup.forms, None, OUTSIDE.setup.limits, Season("示例市示例区", year))
    source = source_of(path, setup.limits)
    reading = examine.read_bytes(path.read_bytes(), source, setup)
    found = tuple(replace(finding, file=source.path) for finding in reading.findings)
    forms = tuple((source, submission) for submission in reading.counted)
    return examine.judge_unit(Dossier(unit, forms, found), setup)[1]
