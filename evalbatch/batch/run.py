"""The way of a folder: collect, read, attribute, score, check, write, publish.

Read `run_batch` aloud: one statement a stage.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalbatch import examine
from evalbatch.attribution import Filed, attribute
from evalbatch.campaign import Campaign
from evalbatch.checks import check_district, make_finding, settle
from evalbatch.examine import Dossier, Setup
from evalbatch.intake import list_inbox
from evalbatch.manifest import NAME, manifest, write_manifest
from evalbatch.model import FileResult, FileStatus, Finding, Reading, Refused, SourceFile, Unit, UnitResult
from evalbatch.naming import Namer, safe_name
from evalbatch.pool import Lost, Pool, usable_cores
from evalbatch.publish import Staging
from evalbatch.scoring import Scheme
from evalbatch.summary import District, write_summary
from evalbatch.tables import consolidate, write_data

Progress = Callable[[str, int, int], None]
"""Told the stage's Chinese name, how many are done, and of how many."""

SUMMARY = "汇总.xlsx"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run leaves: its record (run.json), and outputs that had to take a second name."""

    record: dict[str, Any]
    second_names: dict[str, str]


def run_batch(
    campaign: Campaign, output: Path, workers: int | None = None, progress: Progress = lambda *_: None
) -> Outcome:
    """Do the main job: the inbox in, score sheets, returned copies, summary, data and run.json out.

    Refused when settings are broken or the output folder can't be written; the last set of outputs then stays.
    """
    setup = examine.setup_of(campaign)
    scheme = examine.scheme_of(setup.scheme)
    sources = list_inbox(campaign.inbox, setup.limits) if campaign.inbox.is_dir() else ()
    with Pool(workers or usable_cores(), setup.limits.seconds, setup.limits.memory_bytes) as pool:
        readings = _read_all(pool, campaign.inbox, sources, setup, progress)
        filed = attribute(
            list(zip(sources, readings, strict=True)), campaign.roster, setup.campaign_season.year, scheme
        )
        units, strangers = _judge_all(pool, campaign, filed, setup, progress)
        units, files, of_district = _with_district_findings(units, _file_results(filed, units, strangers), scheme)
        staging = Staging(output)
        try:
            units, files = _write_all(pool, campaign, staging, units, files, setup, progress)
            return _finish(campaign, setup, staging, units, files, of_district, readings)
        except BaseException:
            staging.abandon()
            raise


def _each(
    pool: Pool, stage: str, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], progress: Progress
) -> list[Any]:
    """Run all tasks and return their results in the tasks' order."""
    results: list[Any] = [None] * len(tasks)
    progress(stage, 0, len(tasks))
    for done, (position, result) in enumerate(pool.run(function, tasks), start=1):
        results[position] = result
        progress(stage, done, len(tasks))
    return results


def _read_all(
    pool: Pool, inbox: Path, sources: Sequence[SourceFile], setup: Setup, progress: Progress
) -> list[Reading | None]:
    """Read every workbook once; of equal bytes only the first."""
    seen: set[str] = set()
    wanted = [
        position
        for position, source in enumerate(sources)
        if source.role == "workbook" and not (source.sha256 in seen or seen.add(source.sha256))  # type: ignore[func-returns-value]
    ]
    results = _each(pool, "读取", examine.read_file, [(inbox, sources[i], setup) for i in wanted], progress)
    readings: list[Reading | None] = [None] * len(sources)
    for position, result in zip(wanted, results, strict=True):
        if isinstance(result, Lost):
            result = Reading(findings=(examine.lost_finding(sources[position].path, result, setup),))
        readings[position] = result
    return readings


def _judge_all(
    pool: Pool, campaign: Campaign, filed: Sequence[Filed], setup: Setup, progress: Progress
) -> tuple[list[UnitResult], list[Finding]]:
    """Score and check each unit's current forms; also the forms of no unit. Return units, and strangers' findings."""
    dossiers = [_dossier(campaign, unit, filed) for unit in campaign.roster.units]
    strangers = [_stranger(entry) for entry in filed if any(claim.unit is None for claim in entry.current)]
    everyone = dossiers + strangers
    results = _each(pool, "评分", examine.judge_unit, [(dossier, setup) for dossier in everyone], progress)
    for dossier, result in zip(everyone, results, strict=True):
        if isinstance(result, Lost):
            whose = dossier.unit.name if dossier.unit else dossier.forms[0][0].path
            raise Refused(
                f"处理“{whose}”时出错：{result.detail or result.cause}。",
                remedy="请把该单位的文件移出收件文件夹后重试，并反馈此问题。",
            )
    scheme = examine.scheme_of(setup.scheme)
    units = []
    for dossier, (forms, found) in zip(dossiers, results, strict=False):
        missing = _missing_findings(dossier, setup)
        units.append(examine.standing(dossier, forms, settle((*found, *missing), scheme), setup))
    return units, [finding for _, found in results[len(dossiers) :] for finding in found]


def _dossier(campaign: Campaign, unit: Unit, filed: Sequence[Filed]) -> Dossier:
    own = [entry for entry in filed if entry.unit == unit or any(claim.unit == unit for claim in entry.claims)]
    return Dossier(
        unit=unit,
        forms=tuple((e.source, c.submission) for e in own for c in e.current if c.unit == unit),
        found=tuple(f for e in own if e.unit == unit and e.status != "superseded" for f in e.findings),
        owes=campaign.owed_by(unit),
        has_files=bool(own),
    )


def _stranger(entry: Filed) -> Dossier:
    forms = tuple((entry.source, claim.submission) for claim in entry.current if claim.unit is None)
    return Dossier(unit=None, forms=forms, found=entry.findings if entry.unit is None else ())


def _missing_findings(dossier: Dossier, setup: Setup) -> tuple[Finding, ...]:
    sent = {submission.form for _, submission in dossier.forms}
    scheme = examine.scheme_of(setup.scheme)
    owed = [name for name in dossier.owes if name not in sent]
    return tuple(make_finding("U05", scheme=scheme, form=name) for name in owed)


def _file_results(
    filed: Sequence[Filed], units: Sequence[UnitResult], strangers: Iterable[Finding]
) -> list[FileResult]:
    by_file: dict[str, list[Finding]] = {}
    for finding in (*(f for unit in units for f in unit.findings), *strangers):
        if finding.file is not None:
            by_file.setdefault(finding.file, []).append(finding)
    results = []
    for entry in filed:
        found = (
            entry.findings if entry.status == "superseded" else tuple(by_file.get(entry.source.path, entry.findings))
        )
        status: FileStatus = entry.status
        if status == "accepted" and any(finding.severity == "must-fix" for finding in found):
            status = "returned"
        forms = tuple(claim.submission.form for claim in entry.claims)
        results.append(
            FileResult(entry.source, status, entry.unit.name if entry.unit else None, forms, None, found, entry.note)
        )
    return results


def _with_district_findings(
    units: list[UnitResult], files: list[FileResult], scheme: Scheme
) -> tuple[list[UnitResult], list[FileResult], tuple[Finding, ...]]:
    """Add what only shows when all units lie side by side; return also what concerns the district as a whole."""
    found = check_district(units, scheme)
    by_file: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.file is not None:
            by_file.setdefault(finding.file, []).append(finding)
    if by_file:
        units = [replace(u, findings=settle((*u.findings, *_of_forms(u, by_file)), scheme)) for u in units]
        files = [replace(f, findings=settle((*f.findings, *by_file.get(f.source.path, ())), scheme)) for f in files]
    return units, files, tuple(finding for finding in found if finding.file is None)


def _of_forms(unit: UnitResult, by_file: dict[str, list[Finding]]) -> Iterable[Finding]:
    paths = {form.source.path for form in unit.forms}
    return (finding for path in sorted(paths) for finding in by_file.get(path, ()))


def _write_all(
    pool: Pool,
    campaign: Campaign,
    staging: Staging,
    units: list[UnitResult],
    files: list[FileResult],
    setup: Setup,
    progress: Progress,
) -> tuple[list[UnitResult], list[FileResult]]:
    """Write returned copies and score sheets into the staging folder; return results that know their names."""
    namer = Namer()
    files = [_named_copy(file, namer) for file in files]
    copies = {file.source.path: file.returned for file in files if file.returned}
    units = [_named_sheet(unit, namer, copies) for unit in units]
    returned = [file for file in files if file.returned]
    copy_tasks = [
        (staging.path(file.returned), campaign.inbox, file.source, file.findings, setup, file.unit or "")
        for file in returned
        if file.returned
    ]
    lost = _each(pool, "标注退回件", examine.write_returned, copy_tasks, progress)
    for file, result in zip(returned, lost, strict=True):
        if isinstance(result, Lost):
            raise _cannot_make(f"退回件“{file.returned}”", result)
    sheets = [unit for unit in units if unit.score_sheet]
    sheet_tasks = [(staging.path(unit.score_sheet), unit, setup) for unit in sheets if unit.score_sheet]
    for unit, result in zip(sheets, _each(pool, "生成评分表", examine.write_unit, sheet_tasks, progress), strict=True):
        if isinstance(result, Lost):
            raise _cannot_make(f"评分表“{unit.score_sheet}”", result)
    return units, files


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


def _cannot_make(what: str, lost: Lost) -> Refused:
    return Refused(
        f"{what}没有做成：{lost.detail or lost.cause}。", remedy="原有的输出没有改动；请重试，仍不成请反馈此问题。"
    )


def _finish(
    campaign: Campaign,
    setup: Setup,
    staging: Staging,
    units: list[UnitResult],
    files: list[FileResult],
    of_district: Sequence[Finding],
    readings: Sequence[Reading | None],
) -> Outcome:
    """Join all units: long tables, summary, run.json; then publish the set."""
    scheme = examine.scheme_of(setup.scheme)
    unused = {file.source.path: reading.unused for file, reading in zip(files, readings, strict=True) if reading}
    tables = consolidate(files, units, of_district, unused)
    data = write_data(staging.path, tables)
    write_summary(
        staging.path(SUMMARY),
        District.of(campaign.name, setup.campaign_season, scheme, files, units, tables, of_district),
    )
    outputs = {"summary": SUMMARY, "data": list(data), "all": sorted({*staging.names, NAME})}
    document = manifest(campaign.name, setup.campaign_season, scheme, files, units, outputs, of_district)
    write_manifest(staging.path(NAME), document)
    return Outcome(document, staging.publish())
