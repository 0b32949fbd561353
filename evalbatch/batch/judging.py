"""An inbox in; its readings, and what its units' submissions are worth and lack, out. Nothing is written here."""

import os
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from evalbatch.batch.remembered import Memory, each_remembered
from evalbatch.batch.tasks import Progress, each, must_have
from evalbatch.campaign.folder import Campaign
from evalbatch.checks.district import check_district
from evalbatch.checks.findings import in_order
from evalbatch.checks.report_facts import ReportFacts
from evalbatch.checks.report_read import read_report
from evalbatch.history.history import History
from evalbatch.intake.disk import shown_name
from evalbatch.intake.inbox import list_inbox
from evalbatch.model import (
    Evaluated,
    FileResult,
    FileStatus,
    Finding,
    FirstSent,
    Reading,
    Refused,
    Season,
    SourceFile,
    Unit,
    UnitResult,
)
from evalbatch.model.results import of_year
from evalbatch.pool.local import Lost, Workers
from evalbatch.review.entries import assigned_unit, share_of
from evalbatch.review.load import Review
from evalbatch.scoring.scheme import Scheme
from evalbatch.storage.packing import note
from evalbatch.text.folding import folded_project
from evalbatch.unit import examine, worker
from evalbatch.unit.attribution import MOVING, Filed, attribute
from evalbatch.unit.examine import Dossier, Setup

_OLDEST_TIME = 1990
"""Members of a ZIP and copied files without a time of their own bear 1970 or 1980."""

Readings = Sequence[tuple[SourceFile, Reading | None]]
"""Every file of the inbox in path order with what was read out of it; None where nothing was to be read."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an inbox comes to: its units, its files, findings of the district as a whole, and superseded forms.

    `earlier` are superseded submissions that still lie in the inbox, with their units' names, judged as they were.
    """

    units: tuple[UnitResult, ...]
    files: tuple[FileResult, ...]
    of_district: tuple[Finding, ...] = ()
    earlier: tuple[tuple[str, Evaluated], ...] = ()


def collect(campaign: Campaign, setup: Setup, without: Collection[str] = ()) -> tuple[SourceFile, ...]:
    """List the inbox in path order; the files named in `without` count as ignored.

    Refused when there is no inbox: a share that dropped out must not turn every unit into one that sent nothing.
    """
    if not campaign.inbox.is_dir():
        raise Refused(
            f"批次“{campaign.name}”中找不到收件文件夹 inbox。",
            remedy="请检查共享盘是否连着；新批次请在批次文件夹中新建一个名为 inbox 的文件夹。",
        )
    return tuple(_left_out(source, without) for source in list_inbox(campaign.inbox, setup.limits))


def read_settled(
    pool: Workers,
    campaign: Campaign,
    setup: Setup,
    without: Collection[str],
    progress: Progress,
    memory: Memory,
) -> Readings:
    """List the inbox and read it; once more where files went away or changed meanwhile, as when a share drops out.

    What was listed and can't be had is not what a unit sent: nothing is concluded from it. Refused where the inbox
    never holds still.
    """
    for pause in PAUSES:
        time.sleep(pause)
        read = read_inbox(pool, campaign, collect(campaign, setup, without), setup, progress, memory)
        missed = [source.path for source, reading in read if reading is not None and reading.missed]
        if not missed:
            return read
    more = f"等{len(missed)}个文件" if len(missed) > 1 else ""
    raise Refused(
        f"收件文件夹在读取时一直在变：“{missed[0]}”{more}列出后又读不到。",
        remedy="请检查共享盘的连接，等文件复制完毕后再运行；原有的输出和记录没有改动。",
    )


def refuse_if_gone(campaign: Campaign, sources: Sequence[SourceFile]) -> None:
    """Refuse to conclude anything where the inbox is away, or all is gone from it, since it was read.

    Asked before anything is recorded or published: the record is for ever.
    """
    names = {source.path.partition("/")[0] for source in sources}
    try:
        there = {shown_name(entry) for entry in os.listdir(campaign.inbox)}  # noqa: PTH208 - some make no proper Path
    except OSError:
        there = set()
    if names and names.isdisjoint(there):
        raise Refused(
            f"批次“{campaign.name}”的收件文件夹在运行中不见了，或者被清空了。",
            remedy="请检查共享盘是否连着，再运行一次；原有的输出和记录没有改动。",
        )


PAUSES = (0.0, 1.0, 3.0)
"""Seconds to wait before each try at listing and reading an inbox in which something moves."""


def read_inbox(
    pool: Workers,
    campaign: Campaign,
    sources: Sequence[SourceFile],
    setup: Setup,
    progress: Progress,
    memory: Memory,
) -> Readings:
    """Read every workbook once; of equal bytes only the first."""
    first: dict[str, int] = {}
    for position, source in enumerate(sources):
        if source.role == "workbook":
            first.setdefault(source.sha256, position)
    wanted = list(first.values())
    tasks = [
        ((campaign.inbox, source, setup), memory.reading_key(source))
        for source in (sources[position] for position in wanted)
    ]
    results = each_remembered(pool, memory, "读取", worker.read_file, memory.heading, tasks, progress)
    readings: list[Reading | None] = [None] * len(sources)
    for position, result in zip(wanted, results, strict=True):
        if isinstance(result, Lost):
            result = Reading(findings=(examine.lost_finding(sources[position].path, result, setup),))
        else:
            memory.remember(memory.reading_key(sources[position]), result.submissions)
        readings[position] = result
    return list(zip(sources, readings, strict=True))


def _left_out(source: SourceFile, without: Collection[str]) -> SourceFile:
    """Take a file that is still being copied, or a member of such a ZIP, as one to be ignored in this run."""
    moving = any(source.path == name or source.path.startswith(f"{name}/") for name in without)
    return replace(source, role="ignored", kind=MOVING, refusal=None) if moving else source


def judge_inbox(
    pool: Workers,
    campaign: Campaign,
    read: Readings,
    setup: Setup,
    review: Review,
    progress: Progress,
    memory: Memory,
    history: History,
) -> Judged:
    """Tell whose each file is, score and check each unit's current forms, then look across all units.

    `history` is what earlier runs know: a form that came in time once is not late.
    """
    scheme = examine.scheme_of(setup.scheme)
    filed = attribute(
        read, campaign.roster, setup.campaign_season.year, scheme,
        lambda source: assigned_unit(review, source, campaign.roster),
    )  # fmt: skip
    found = dict(read_findings(read))
    units, strangers, earlier = _judge_all(pool, campaign, filed, found, setup, review, progress, memory, history)
    files = _file_results(filed, units, strangers, setup.campaign_season)
    return _with_district_findings(units, files, earlier, review, scheme, memory)


def read_findings(read: Readings) -> Iterable[tuple[str, tuple[Finding, ...]]]:
    """Pair each file that was read with what reading it found."""
    for source, reading in read:
        if reading is not None:
            yield source.path, tuple(replace(finding, file=source.path) for finding in reading.findings)


def _judge_all(
    pool: Workers,
    campaign: Campaign,
    filed: Sequence[Filed],
    found: dict[str, tuple[Finding, ...]],
    setup: Setup,
    review: Review,
    progress: Progress,
    memory: Memory,
    history: History,
) -> tuple[list[UnitResult], list[Finding], list[tuple[str, Evaluated]]]:
    """Judge each unit's forms, the forms of no unit, and superseded ones; all in one go over the workers."""
    reports = _read_reports(pool, campaign, filed, setup, progress, memory)
    own, known = _by_unit(filed), history.first_sent
    dossiers = [
        replace(
            _dossier(campaign, unit, own.get(unit, ()), review),
            reports=reports.get(unit.name, ()),
            first_sent=_first_sent(unit, own.get(unit, ()), known.get(unit.name, ())),
        )
        for unit in campaign.roster.units
    ]
    strangers = [
        _stranger(entry, review)
        for entry in filed
        if entry.status != "unassigned" and any(claim.unit is None for claim in entry.current)
    ]
    earlier = [one for dossier in dossiers for one in _earlier(dossier, own.get(dossier.unit, ()), found)]
    everyone = dossiers + strangers + earlier
    results = _judge_each(pool, everyone, setup, progress, memory)
    units = [unit for _, _, unit in results[: len(dossiers)] if unit is not None]
    of_strangers = [found for _, seen, _ in results[len(dossiers) : len(dossiers) + len(strangers)] for found in seen]
    past = [
        (dossier.unit.name, forms[0])
        for dossier, (forms, _, _) in zip(earlier, results[len(dossiers) + len(strangers) :], strict=True)
        if dossier.unit and forms
    ]
    return units, of_strangers, past


def _judge_each(
    pool: Workers, dossiers: Sequence[Dossier], setup: Setup, progress: Progress, memory: Memory
) -> list[tuple[tuple[Evaluated, ...], tuple[Finding, ...], UnitResult | None]]:
    """Judge each dossier: its forms, all that was found, and how its unit stands; None for forms of no unit."""
    tasks = [((dossier, setup), memory.dossier_key(dossier)) for dossier in dossiers]
    fill = partial(_with_lines, memory)
    results = each_remembered(pool, memory, "评分", worker.judge_unit, memory.heading, tasks, progress, fill)
    judged: list[tuple[tuple[Evaluated, ...], tuple[Finding, ...], UnitResult | None]] = []
    for dossier, (_, key), result in zip(dossiers, tasks, results, strict=True):
        if isinstance(result, Lost) and result.cause != "disk":
            judged.append(_lost(dossier, result, setup))
            continue
        whose = dossier.unit.name if dossier.unit else dossier.forms[0][0].path
        heads, found, unit = must_have(result, f"“{whose}”的评分")
        forms = tuple(
            Evaluated(source, submission, card, of_form, memory.notes(key, number))
            for number, ((source, submission), (card, of_form)) in enumerate(zip(dossier.forms, heads, strict=True))
        )
        memory.remember(key, [form.card for form in forms])
        counted = tuple(form for form in forms if of_year(form.submission, setup.season))
        judged.append((forms, found, unit and replace(unit, forms=counted)))
    return judged


def _with_lines(memory: Memory, task: tuple[Any, ...]) -> tuple[Any, ...]:
    """Make of a dossier's task what its worker is given."""
    dossier, setup = task
    return dossier, memory.lines(submission for _, submission in dossier.forms), setup


def _lost(
    dossier: Dossier, lost: Lost, setup: Setup
) -> tuple[tuple[Evaluated, ...], tuple[Finding, ...], UnitResult | None]:
    """Say how a unit stands whose forms could not be judged."""
    found = (*dossier.found, *_unjudged(dossier, lost, setup))
    if dossier.unit is None:
        return (), found, None
    return (), found, examine.standing(dossier, (), examine.with_missing(dossier, found, setup), setup)


def _unjudged(dossier: Dossier, lost: Lost, setup: Setup) -> Iterable[Finding]:
    """Say of each file that its unit's forms could not be judged; one unit must not cost the others their results."""
    for path in dict.fromkeys(source.path for source, _ in dossier.forms):
        yield examine.unjudged_finding(path, lost, setup)


def _read_reports(
    pool: Workers, campaign: Campaign, filed: Sequence[Filed], setup: Setup, progress: Progress, memory: Memory
) -> dict[str, tuple[ReportFacts, ...]]:
    """Read what the reports (.docx) beside the workbooks state, by unit; one that can't be read states nothing."""
    reports = [entry for entry in filed if entry.status == "attachment" and entry.source.kind == "docx" and entry.unit]
    tasks = [(campaign.inbox, entry.source, setup.limits) for entry in reports]
    by_unit: dict[str, tuple[ReportFacts, ...]] = {}
    for entry, facts in zip(reports, each(pool, "读取报告", read_report, tasks, progress), strict=True):
        memory.unfinished |= isinstance(facts, Lost)
        if entry.unit and not isinstance(facts, Lost):
            by_unit[entry.unit.name] = (*by_unit.get(entry.unit.name, ()), facts)
    return by_unit


def _by_unit(filed: Sequence[Filed]) -> dict[Unit | None, list[Filed]]:
    """Sort files by the units that they are from or hold a form of."""
    by_unit: dict[Unit | None, list[Filed]] = {}
    for entry in filed:
        for unit in dict.fromkeys((entry.unit, *(claim.unit for claim in entry.claims))):
            by_unit.setdefault(unit, []).append(entry)
    return by_unit


def _dossier(campaign: Campaign, unit: Unit, own: Sequence[Filed], review: Review) -> Dossier:
    return Dossier(
        unit=unit,
        forms=tuple((e.source, c.submission) for e in own for c in e.current if c.unit == unit),
        found=tuple(f for e in own if e.unit == unit and e.status != "superseded" for f in e.findings),
        owes=campaign.owed_by(unit),
        has_files=bool(own),
        share=share_of(review, unit.name),
        sent=_sent([e for e in own if e.unit == unit]),
    )


def _sent(own: Iterable[Filed]) -> date | None:
    """The day of the latest of these files, by the time of the file or the date on its form."""
    days = [entry.source.modified.date() for entry in own]
    days += [
        claim.submission.filled_on
        for entry in own
        for claim in entry.claims
        if claim.submission.filled_on and claim.submission.filled_on.year <= entry.source.modified.year
    ]
    return max((day for day in days if day.year >= _OLDEST_TIME), default=None)


def _first_sent(unit: Unit, own: Iterable[Filed], known: Sequence[FirstSent]) -> tuple[FirstSent, ...]:
    """Tell when each form came first: as the record knows it; of those that are new, the one dated earliest."""
    firsts: dict[tuple[str, str], FirstSent] = {}
    for entry in own:
        for claim in entry.claims:
            submission = claim.submission
            if claim.unit == unit:
                day = submission.filled_on or entry.source.modified.date()
                key = (submission.form, folded_project(submission.project))
                one = FirstSent(*key, day, submission.filled_on is not None)
                firsts[key] = min(firsts.get(key, one), one, key=lambda first: first.day)
    recorded = {(first.form, first.project): first for first in known}
    return tuple(recorded.get(key, first) for key, first in sorted(firsts.items()))


def _stranger(entry: Filed, review: Review) -> Dossier:
    forms = tuple((entry.source, claim.submission) for claim in entry.current if claim.unit is None)
    found = entry.findings if entry.unit is None else ()
    return Dossier(unit=None, forms=forms, found=found, share=share_of(review, ""))


def _earlier(dossier: Dossier, own: Sequence[Filed], found: dict[str, tuple[Finding, ...]]) -> Iterable[Dossier]:
    """Set up each superseded form of a unit beside the unit's other current forms, as it was judged in its time."""
    for entry in own:
        for claim in entry.claims:
            if claim.superseded_by and claim.unit == dossier.unit:
                others = tuple(form for form in dossier.forms if form[1].form != claim.submission.form)
                forms = ((entry.source, claim.submission), *others)
                yield Dossier(dossier.unit, forms, found.get(entry.source.path, ()), share=dossier.share)


def _file_results(
    filed: Sequence[Filed], units: Sequence[UnitResult], strangers: Iterable[Finding], season: Season
) -> list[FileResult]:
    correct_by = {unit.unit.name: unit.correct_by for unit in units}
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
        unit = entry.unit.name if entry.unit else None
        day = correct_by.get(unit) if unit else season.correct_by(_sent([entry]))
        results.append(FileResult(entry.source, status, unit, forms, None, found, entry.note, day))
    return results


def _with_district_findings(
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    earlier: Sequence[tuple[str, Evaluated]],
    review: Review,
    scheme: Scheme,
    memory: Memory,
) -> Judged:
    """Add what only shows when all units lie side by side, as far as no person waived it."""
    owner = {form.source.path: unit.unit.name for unit in units for form in unit.forms}
    found = [
        waived
        for finding in check_district(units, scheme)
        for waived in share_of(review, owner.get(finding.file or "", "")).waive([finding])
    ]
    by_file: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.file is not None:
            by_file.setdefault(finding.file, []).append(finding)
    if by_file:
        units = [_with_more(unit, found, memory) if (found := _of_forms(unit, by_file)) else unit for unit in units]
        files = [replace(f, findings=in_order((*f.findings, *by_file.get(f.source.path, ())))) for f in files]
    of_district = tuple(finding for finding in found if finding.file is None)
    return Judged(tuple(units), tuple(files), of_district, tuple(earlier))


def _of_forms(unit: UnitResult, by_file: dict[str, list[Finding]]) -> list[Finding]:
    paths = {form.source.path for form in unit.forms}
    return [finding for path in sorted(paths) for finding in by_file.get(path, ())]


def _with_more(unit: UnitResult, found: Sequence[Finding], memory: Memory) -> UnitResult:
    """Add findings to a unit, and to its forms what is asked of them where there are findings."""
    whole = worker.whole(unit, *memory.lines_of(unit.forms))
    noted = [dict(form.noted) | note(form, *worker.NOTED_FOR_FINDINGS) for form in whole.forms]
    forms = tuple(replace(form, noted=more) for form, more in zip(unit.forms, noted, strict=True))
    return replace(unit, forms=forms, findings=in_order((*unit.findings, *found)))
