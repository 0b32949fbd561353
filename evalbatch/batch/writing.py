"""Judged units and files in, their score sheets and returned copies in the staging folder out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalbatch.batch import remembered
from evalbatch.batch.remembered import Memory, each_remembered
from evalbatch.batch.tasks import Progress, must_have
from evalbatch.campaign import Campaign
from evalbatch.examine import Setup
from evalbatch.model import FileResult, UnitResult
from evalbatch.naming import Namer, safe_name
from evalbatch.pool import Workers
from evalbatch.publish import SUFFIX, Staging

Task = tuple[tuple[Any, ...], bytes | None]
"""What a worker is given, and the key under which the outcome is kept."""


def write_units(
    pool: Workers,
    campaign: Campaign,
    staging: Staging,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    setup: Setup,
    progress: Progress,
    memory: Memory | None = None,
) -> tuple[list[UnitResult], list[FileResult]]:
    """Write returned copies and score sheets into the staging folder; return results that know their names."""
    namer = Namer()
    files = [_named_copy(file, namer) for file in files]
    copies = {file.source.path: file.returned for file in files if file.returned}
    units = [_named_sheet(unit, namer, copies) for unit in units]
    copies_made: list[Task] = [
        (
            (staging.path(file.returned), campaign.inbox, file.source, file.findings, setup, file.unit or ""),
            memory.copy_key(file.source, file.findings, file.unit or "") if memory else None,
        )
        for file in files
        if file.returned
    ]
    _write(pool, memory, "标注退回件", remembered.write_returned, copies_made, progress)
    sheets: list[Task] = [
        ((staging.path(unit.score_sheet), unit, setup), memory.sheet_key(unit) if memory else None)
        for unit in units
        if unit.score_sheet
    ]
    _write(pool, memory, "生成评分表", remembered.write_unit, sheets, progress)
    return units, files


def _write(
    pool: Workers,
    memory: Memory | None,
    stage: str,
    function: Callable[..., tuple[None, bytes | None]],
    tasks: Sequence[Task],
    progress: Progress,
) -> None:
    results = each_remembered(pool, memory, stage, function, remembered.known_output, tasks, progress)
    for (task, _), result in zip(tasks, results, strict=True):
        must_have(result, f"“{task[0].name.removesuffix(SUFFIX)}”")


def _named_copy(file: FileResult, namer: Namer) -> FileResult:
    if file.status != "returned":
        return file
    source = Path(file.source.path)
    folder = f"returned/{safe_name(file.unit or '单位待定')}"
    suffix = f".{file.source.kind}" if file.source.kind in ("xlsx", "xlsm") else ".xlsx"
    return replace(file, returned=namer.path(folder, safe_name(f"退回_{source.stem}"), suffix))


def _named_sheet(unit: UnitResult, namer: Namer, copies: dict[str, str]) -> UnitResult:
    own = sorted({f.file for f in unit.findings if f.file} | {form.source.path for form in unit.forms})
    returned = tuple(copies[path] for path in own if path in copies)
    name = safe_name(f"{unit.unit.code}_{unit.unit.name}" if unit.unit.code else unit.unit.name)
    sheet = namer.path("score_sheets", f"{name}_评分表", ".xlsx") if unit.forms else None
    return replace(unit, score_sheet=sheet, returned=returned)
