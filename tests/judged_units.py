"""Results of units with all their lines in, what the workers of a run make of them out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from evalbatch.history.sent import SentUnit
from evalbatch.model import Cell, FileResult, Finding, Season, UnitResult
from evalbatch.reports.score_sheet.workbook import write_score_sheet
from evalbatch.scoring.scheme import Scheme
from evalbatch.tables.frames import consolidate
from evalbatch.unit.judged import JudgedUnit, judged_of


def judged(unit: Any, *, every: bool = True) -> JudgedUnit:
    """What a worker gives of a unit; `unit` is a UnitResult whose forms still have their lines."""

    def standing(results: Any, found: Any) -> UnitResult:
        return replace(unit, forms=results, findings=found)

    return judged_of(unit.unit, unit.forms, unit.findings, standing, every=every)


def light(units: Sequence[Any]) -> tuple[UnitResult, ...]:
    """The units as a district holds them, their forms without lines."""
    return tuple(result for unit in units if (result := judged(unit).result))


def consolidated(
    files: Sequence[FileResult],
    units: Sequence[Any],
    findings: Sequence[Finding] = (),
    unused: Mapping[str, Sequence[Cell]] | None = None,
) -> Mapping[str, pd.DataFrame]:
    """The long tables of these files and units."""
    every = [judged(unit) for unit in units]
    return consolidate(files, light(units), [one.rows for one in every], findings, unused)


def sent(units: Sequence[Any]) -> list[SentUnit]:
    """What the record keeps of these units."""
    every = [judged(unit) for unit in units]
    return [SentUnit(one.result, one.sent, one.loose) for one in every if one.result]


def score_sheet(target: Path, unit: Any, scheme: Scheme, season: Season) -> None:
    """Write a unit's score sheet."""
    [result] = light([unit])
    write_score_sheet(target, result, unit.forms, scheme, season)
