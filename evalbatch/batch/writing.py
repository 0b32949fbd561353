"""Judged units and files in, their score sheets and returned copies in the staging folder out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalbatch.batch.cached import ResultCache, Task, run_cached
from evalbatch.batch.tasks import Progress, each, must_have
from evalbatch.campaign.folder import Campaign
from evalbatch.checks.findings import make_finding
from evalbatch.model import FileResult, Finding, SourceFile, UnitResult, YearOfUnit
from evalbatch.pool.local import Lost, Workers
from evalbatch.reports import public_list
from evalbatch.reports.finding_sheet import LIST_OF_SHARED
from evalbatch.reports.public_list import PublicCopy, PublicRow
from evalbatch.sheets.look import STATUS_WORDS
from evalbatch.storage.output_folder import SUFFIX
from evalbatch.storage.staging import Staging
from evalbatch.text.names import Namer, safe_name, unit_stem, unreturned
from evalbatch.unit import worker
from evalbatch.unit.examine import Setup
from evalbatch.unit.judged import JudgedUnit
from evalbatch.unit.worker import Packed


def write_copies(
    pool: Workers,
    campaign: Campaign,
    staging: Staging,
    files: Sequence[FileResult],
    setup: Setup,
    progress: Progress,
    cache: ResultCache,
) -> list[FileResult]:
    """Write the returned copies into the staging folder; return the files, each with the name of its copy."""
    namer, folders = Namer(), dict[str, str]()
    files = [_named_copy(file, namer, folders, setup.keep_active) for file in files]
    copies_made: list[Task] = [
        (
            (
                staging.path(file.returned),
                campaign.inbox,
                file.source,
                file.findings,
                setup,
                file.unit or "",
                file.correct_by,
            ),
            cache.copy_key(file.source, file.findings, file.unit or "", file.correct_by),
        )
        for file in files
        if file.returned
    ]
    # A workbook may be sound enough to be read, and yet too much to be copied: then the list alone goes back.
    lost = _write(pool, cache, staging, "标注退回件", worker.write_returned, copies_made, progress, _list_only)
    lists = [
        (staging.path(path), found, unit, correct_by, True)
        for file in files
        for (unit, found, correct_by), (_, path) in zip(file.shared, file.copies, strict=True)
    ]
    for task, done in zip(lists, each(pool, "标注退回件", worker.write_list, lists, progress), strict=True):
        must_have(done, f"“{task[0].name.removesuffix(SUFFIX)}”")
    return [_without_copy(file, staging, lost) for file in files]


def name_sheets(
    units: Sequence[UnitResult], files: Sequence[FileResult], earlier: Mapping[str, tuple[YearOfUnit, ...]]
) -> list[UnitResult]:
    """Give each unit the names of its score sheet, yet to be written, and of its files' copies; and its earlier years.

    `earlier` has them by the unit's name.
    """
    namer = Namer()
    copies: dict[str, dict[str, str]] = {}
    for file in files:
        of_file = dict(file.copies) or ({file.unit or "": file.returned} if file.returned else {})
        for unit, path in of_file.items():
            copies.setdefault(unit, {})[file.source.path] = path
    named = [_named_sheet(unit, namer, copies) for unit in units]
    return [replace(unit, earlier=earlier[unit.unit.name]) if unit.unit.name in earlier else unit for unit in named]


def write_sheets(
    pool: Workers,
    staging: Staging,
    units: Sequence[UnitResult],
    judged: Sequence[JudgedUnit],
    setup: Setup,
    progress: Progress,
    cache: ResultCache,
) -> None:
    """Write each unit's score sheet into the staging folder, under the name that it bears; `judged` has their lines."""
    sheets: list[Task] = [
        ((staging.path(unit.score_sheet), unit, of_unit.packed, setup), cache.sheet_key(unit, of_unit.packed))
        for unit, of_unit in zip(units, judged, strict=True)
        if unit.score_sheet
    ]
    _write(pool, cache, staging, "生成复核评分表", worker.write_unit, sheets, progress, _findings_only)


def write_drafts(
    pool: Workers,
    campaign: Campaign,
    staging: Staging,
    units: Sequence[UnitResult],
    judged: Sequence[JudgedUnit],
    setup: Setup,
    progress: Progress,
) -> list[str]:
    """Write the draft of every scored unit's report into the staging folder, where settings ask for drafts.

    Return, in words, which could not be made. Refused when the disk fails.
    """
    if not campaign.settings.drafts:
        return []
    namer = Namer()
    tasks = [
        (
            staging.path(namer.path("drafts", f"{unit_stem(unit.unit)}_自评报告初稿", ".docx")),
            unit,
            of_unit.packed,
            setup,
        )
        for unit, of_unit in zip(units, judged, strict=True)
        if unit.forms
    ]
    unmade = []
    for task, done in zip(tasks, each(pool, "生成报告初稿", worker.write_draft, tasks, progress), strict=True):
        name = task[0].name.removesuffix(SUFFIX)
        if isinstance(done, Lost) and done.cause != "disk":
            staging.forget(f"drafts/{name}")
            unmade.append(f"“{name}”没有做成：{done.why}。")
        must_have(None if unmade else done, f"“{name}”")
    return unmade


def write_public(
    pool: Workers,
    campaign: Campaign,
    staging: Staging,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    setup: Setup,
    progress: Progress,
) -> None:
    """Write the copies that may be published and their list into the staging folder, where settings ask for them.

    A unit has them when all its forms are there and nothing must be corrected. Refused when the disk fails.
    """
    if not campaign.settings.public_copies:
        return
    namer = Namer()
    shared = {file.source.path for file in files if file.shared}
    rows: list[PublicRow] = []
    tasks = []
    for unit in (unit for unit in units if unit.status in ("complete", "late")):
        folder = namer.path(public_list.FOLDER, unit_stem(unit.unit), "")
        for path, source in sorted({form.source.path: form.source for form in unit.forms}.items()):
            why = _why_not_public(source, shared)
            name = "" if why else namer.path(folder, f"{safe_name(unreturned(Path(path).stem))}_公开稿", ".xlsx")
            rows.append(PublicRow(unit.unit.name, path, name, PublicCopy(why_not=why)))
            if name:
                tasks.append((staging.path(name), campaign.inbox, source, setup, campaign.settings.public_names))
    made = iter(each(pool, "生成公开稿", worker.write_public, tasks, progress))
    rows = [_published(row, next(made), staging) if row.path else row for row in rows]
    without = [
        (unit.unit.name, STATUS_WORDS[unit.status])
        for unit in units
        if unit.status not in ("complete", "late") and unit.unit.name not in campaign.exempt
    ]
    public_list.write_public_list(staging.path(public_list.LIST), rows, without)


def _why_not_public(source: SourceFile, shared: Collection[str]) -> str:
    """Say in words why a file can't be copied for the public, "" where it can."""
    if source.path in shared:
        return "文件里还有别的单位的表"
    return "" if source.kind in ("xlsx", "xlsm") else "不是.xlsx工作簿"


def _published(row: PublicRow, done: PublicCopy | Lost, staging: Staging) -> PublicRow:
    """Put what came of a copy into its row; one that could not be made has no name any more."""
    if isinstance(done, Lost):
        if done.cause == "disk":
            must_have(done, f"“{row.path}”")
        done = PublicCopy(why_not=done.why)
    if done.why_not:
        staging.forget(row.path)
    return replace(row, path="" if done.why_not else row.path, copy=done)


def _findings_only(task: tuple[Any, ...]) -> tuple[Any, ...]:
    """Make of a score sheet's task one for the list of findings alone, which says why there is no more."""
    target, unit, *_ = task
    words = "本单位填报的行数太多，复核评分表没有在限定的时间和内存内做成，这里只列出问题；得分见汇总表和明细数据。"
    why = replace(make_finding("F04"), message=words, remedy="请核对报送的文件；确实有这样多行的，请分成几个文件报送。")
    return target, (why, *unit.findings), unit.unit.name, unit.correct_by


def _write(
    pool: Workers,
    cache: ResultCache,
    staging: Staging,
    stage: str,
    function: Callable[..., Finding | Packed],
    tasks: Sequence[Task],
    progress: Progress,
    instead: Callable[[tuple[Any, ...]], tuple[Any, ...]],
) -> dict[Path, Finding]:
    """Write outputs; return, by where it was to be written, why one could not be made. Refused when the disk fails.

    Where a task took too long or too much, or failed, what `instead` makes of it goes to worker.write_list, and where
    that fails too, a list that only says so.
    """
    results = run_cached(
        pool, cache, stage, function, lambda task, kept: staging.take_over(task[0], kept), tasks, progress,
        made_now=lambda *_: None,
    )  # fmt: skip
    for simpler in (instead, lambda task: _that_alone(instead(task))):
        again = [at for at, result in enumerate(results) if isinstance(result, Lost) and result.cause != "disk"]
        if again:
            plain = each(pool, stage, worker.write_list, [simpler(tasks[at][0]) for at in again], progress)
            for at, result in zip(again, plain, strict=True):
                results[at] = result if isinstance(result, Lost) else None
    for (task, _), result in zip(tasks, results, strict=True):
        must_have(result, f"“{task[0].name.removesuffix(SUFFIX)}”")
    return {task[0]: result for (task, _), result in zip(tasks, results, strict=True) if result is not None}


def _that_alone(of_list: tuple[Any, ...]) -> tuple[Any, ...]:
    target, _, unit, correct_by = of_list
    why = replace(
        make_finding("F04"), message="问题清单没有做成，各个问题见汇总表和明细数据。", remedy="请向财政部门索取。"
    )
    return target, (why,), unit, correct_by


def _list_only(task: tuple[Any, ...]) -> tuple[Any, ...]:
    target, _, _, findings, _, unit, correct_by = task
    return target, findings, unit, correct_by


def _without_copy(file: FileResult, staging: Staging, lost: dict[Path, Finding]) -> FileResult:
    """Take back the copy of a file that was changed or went away after it had been read, and say so."""
    why = lost.get(staging.path(file.returned)) if file.returned else None
    if why is None or file.returned is None:
        return file
    staging.forget(file.returned)
    return replace(file, returned=None, findings=(*file.findings, why))


def _named_copy(file: FileResult, namer: Namer, folders: dict[str, str], keep_active: bool) -> FileResult:
    """Name the copy of a file, in its unit's own folder: a/b and a:b are two units, and no folder is of both.

    A copy that keeps its macros keeps the ending that Excel wants for them.
    """
    if file.status != "returned":
        return file
    suffix = ".xlsm" if keep_active and file.source.path.casefold().endswith(".xlsm") else ".xlsx"
    stem = f"退回_{unreturned(Path(file.source.path).stem)}"

    def name(whose: str, stem: str) -> str:
        if whose not in folders:
            folders[whose] = namer.path("returned", safe_name(whose), "")
        return namer.path(folders[whose], safe_name(stem), suffix)

    if file.shared:  # its name may be another unit's too
        return replace(file, copies=tuple((whose, name(whose, LIST_OF_SHARED)) for whose, *_ in file.shared))
    return replace(file, returned=name(file.unit or "单位待定", stem))


def _named_sheet(unit: UnitResult, namer: Namer, copies: Mapping[str, Mapping[str, str]]) -> UnitResult:
    own = sorted({f.file for f in unit.findings if f.file} | {form.source.path for form in unit.forms})
    mine = copies.get(unit.unit.name, {})
    returned = tuple(mine[path] for path in own if path in mine)
    sheet = namer.path("score_sheets", f"{unit_stem(unit.unit)}_复核评分表", ".xlsx") if unit.forms else None
    return replace(unit, score_sheet=sheet, returned=returned)
