"""An inbox in; its readings, and what its units' submissions are worth and lack, out. Nothing is written here."""

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evalbatch.batch.cached import ResultCache, run_cached
from evalbatch.batch.tasks import Progress, each, must_have, part
from evalbatch.campaign.folder import Campaign
from evalbatch.checks.district import CODES, check_district
from evalbatch.checks.findings import in_order
from evalbatch.checks.report_facts import ReportFacts
from evalbatch.checks.report_read import read_report
from evalbatch.history.history import History
from evalbatch.history.items import loose_items
from evalbatch.history.sent import SentForm, SentUnit, share_out
from evalbatch.intake.disk import shown_name
from evalbatch.intake.inbox import list_inbox
from evalbatch.model import (
    FileResult,
    FileStatus,
    Finding,
    FirstSent,
    FormHead,
    ReadFile,
    Refused,
    Season,
    SourceFile,
    Unit,
    UnitResult,
)
from evalbatch.model.results import OfUnit
from evalbatch.pool.local import Lost, Workers
from evalbatch.review.entries import assigned_unit, share_of
from evalbatch.review.load import Review
from evalbatch.review.rows import Questions
from evalbatch.scoring.scheme import Scheme
from evalbatch.storage.packing import unpack
from evalbatch.tables.manifest import read_manifest
from evalbatch.text.folding import folded_project
from evalbatch.unit import examine, worker
from evalbatch.unit.attribution import MOVING, Filed, attribute
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.judged import JudgedUnit, unjudged

_OLDEST_TIME = 1990
"""Members of a ZIP and copied files without a time of their own bear 1970 or 1980."""

Readings = Sequence[tuple[SourceFile, ReadFile | None]]
"""Every file of the inbox in path order with what was read out of it; None where nothing was to be read."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an inbox comes to: its units, its files, findings of the district as a whole, and superseded forms.

    `judged` are the units as their workers left them, in the order of `units`, which have the district's findings too.
    `earlier` are superseded submissions that still lie in the inbox, with their units' names, judged as they were.
    `notes` say what could not be judged, and which checks of the district could not be made.
    """

    units: tuple[UnitResult, ...]
    files: tuple[FileResult, ...]
    judged: tuple[JudgedUnit, ...]
    of_district: tuple[Finding, ...] = ()
    earlier: tuple[tuple[str, SentForm], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> list[Questions]:
        """What of every unit's forms people may decide."""
        return [of_unit.questions for of_unit in self.judged]

    @property
    def sent(self) -> list[SentUnit]:
        """What the record keeps of every unit."""
        return [_sent(unit, judged) for unit, judged in zip(self.units, self.judged, strict=True)]


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
    cache: ResultCache,
) -> Readings:
    """List the inbox and read it; once more where files went away or changed meanwhile, as when a share drops out.

    What was listed and can't be had is not what a unit sent: nothing is concluded from it. Refused where the inbox
    never holds still.
    """
    read: Readings = ()
    for pause in PAUSES:
        time.sleep(pause)
        refuse_if_gone(campaign, read)
        read = read_inbox(pool, campaign, collect(campaign, setup, without), setup, progress, cache)
        missed = [source.path for source, reading in read if reading is not None and reading.missed]
        if not missed:
            return read
    more = f"等{len(missed)}个文件" if len(missed) > 1 else ""
    raise Refused(
        f"收件文件夹在读取时一直在变：“{missed[0]}”{more}列出后又读不到。",
        remedy="请检查共享盘的连接，等文件复制完毕后再运行；原有的输出和记录没有改动。",
    )


def refuse_if_gone(campaign: Campaign, read: Readings) -> None:
    """Refuse to conclude anything where the inbox is away, or all is gone from it, since it was read.

    Asked before anything is recorded or published: the record is for ever.
    """
    names = {source.path.partition("/")[0] for source, _ in read}
    try:
        there = {shown_name(entry) for entry in os.listdir(campaign.inbox)}  # noqa: PTH208 - some make no proper Path
    except OSError:
        there = set()
    if names and names.isdisjoint(there):
        raise Refused(
            f"批次“{campaign.name}”的收件文件夹在运行中不见了，或者被清空了。",
            remedy="请检查共享盘是否连着，再运行一次；原有的输出和记录没有改动。",
        )


def refuse_if_emptied(campaign: Campaign, output: Path, read: Readings, known: History, *, meant: bool) -> None:
    """Refuse an inbox without a file where the record knows submissions and the last run had some.

    A share that is not mounted leaves an empty folder behind. `meant` says that somebody did empty it.
    """
    if meant or not known.first_sent or any(source.role != "ignored" for source, _ in read):
        return
    try:
        if all(file["status"] == "ignored" for file in read_manifest(output)["files"]):
            return
    except Refused:  # there is no last run to tell
        pass
    raise Refused(
        f"批次“{campaign.name}”的收件文件夹里一个文件也没有，而记录中有{len(known.first_sent)}个单位报过材料。",
        remedy="请检查共享盘是否连着；确实清空了的，加上 --inbox-emptied 再运行。原有的输出和记录没有改动。",
    )


PAUSES = (0.0, 1.0, 3.0)
"""Seconds to wait before each try at listing and reading an inbox in which something moves."""


def read_inbox(
    pool: Workers,
    campaign: Campaign,
    sources: Sequence[SourceFile],
    setup: Setup,
    progress: Progress,
    cache: ResultCache,
) -> Readings:
    """Read every workbook once; of equal bytes only the first."""
    first: dict[str, int] = {}
    for position, source in enumerate(sources):
        if source.role == "workbook":
            first.setdefault(source.sha256, position)
    wanted = list(first.values())
    tasks = [
        ((campaign.inbox, source, setup), cache.reading_key(source))
        for source in (sources[position] for position in wanted)
    ]
    results = run_cached(pool, cache, "读取", worker.read_file, _unpacked, tasks, progress)
    readings: list[ReadFile | None] = [None] * len(sources)
    for position, result in zip(wanted, results, strict=True):
        if isinstance(result, Lost):
            result = ReadFile(findings=(examine.lost_finding(sources[position].path, result, setup),))
        readings[position] = result
    return list(zip(sources, readings, strict=True))


def _unpacked(_: tuple[Any, ...], data: bytes) -> Any:
    return unpack(data)


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
    cache: ResultCache,
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
    by_path = {source.path: reading for source, reading in read}
    notes: list[str] = []
    everyone = _judge_all(pool, campaign, filed, by_path, setup, review, progress, cache, history, notes)
    return _with_district_findings(everyone, filed, setup.campaign_season, review, scheme, notes)


@dataclass(frozen=True, slots=True)
class _Everyone:
    """Everything that was judged: units of the roster, forms of no unit by file, superseded forms with their units."""

    units: Sequence[JudgedUnit]
    strangers: Sequence[JudgedUnit]
    earlier: Sequence[tuple[str, SentForm]]


def _judge_all(
    pool: Workers,
    campaign: Campaign,
    filed: Sequence[Filed],
    read: Mapping[str, ReadFile | None],
    setup: Setup,
    review: Review,
    progress: Progress,
    cache: ResultCache,
    history: History,
    notes: list[str],
) -> _Everyone:
    """Judge each unit's forms, the forms of no unit, and superseded ones; all in one go over the workers."""
    reports = _read_reports(pool, campaign, filed, setup, progress, cache)
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
    earlier = [one for dossier in dossiers for one in _earlier(dossier, own.get(dossier.unit, ()), read)]
    results = _judge_each(pool, [*dossiers, *strangers, *earlier], read, setup, progress, cache, notes)
    units, rest = results[: len(dossiers)], results[len(dossiers) :]
    past = zip(earlier, rest[len(strangers) :], strict=True)
    return _Everyone(
        units,
        rest[: len(strangers)],
        [(dossier.unit.name, _as_judged(judged.sent[0])) for dossier, judged in past if dossier.unit and judged.sent],
    )


def _judge_each(
    pool: Workers,
    dossiers: Sequence[Dossier[FormHead]],
    read: Mapping[str, ReadFile | None],
    setup: Setup,
    progress: Progress,
    cache: ResultCache,
    notes: list[str],
) -> list[JudgedUnit]:
    """Judge each dossier; one that cost its worker the life is told as far as it can be."""
    packed = {path: reading.packed for path, reading in read.items() if reading}
    tasks = [
        (
            (dossier, {source.path: packed[source.path] for source, _ in dossier.forms}, setup),
            cache.dossier_key(dossier),
        )
        for dossier in dossiers
    ]
    results = run_cached(pool, cache, "评分", worker.judge_unit, _unpacked, tasks, progress)
    judged: list[JudgedUnit] = []
    for dossier, result in zip(dossiers, results, strict=True):
        what = f"“{dossier.unit.name if dossier.unit else dossier.forms[0][0].path}”的核对和评分"
        if isinstance(result, Lost) and result.cause != "disk":
            notes.append(f"{what}没有做成：{result.why}。")
            judged.append(_lost(dossier, result, setup))
            continue
        judged.append(must_have(result, what))
    return judged


def _lost(dossier: Dossier[FormHead], lost: Lost, setup: Setup) -> JudgedUnit:
    """Say how a unit stands whose forms could not be judged."""
    found = (*dossier.found, *_unjudged(dossier, lost, setup))
    result = None
    if dossier.unit is not None:
        result = examine.standing(dossier, (), (), examine.with_missing(dossier, found, setup), setup)
    return unjudged(result, found)


def _unjudged(dossier: Dossier[FormHead], lost: Lost, setup: Setup) -> Iterable[Finding]:
    """Say of each file that its unit's forms could not be judged; one unit must not cost the others their results."""
    for path in dict.fromkeys(source.path for source, _ in dossier.forms):
        yield examine.unjudged_finding(path, lost, setup)


def _read_reports(
    pool: Workers, campaign: Campaign, filed: Sequence[Filed], setup: Setup, progress: Progress, cache: ResultCache
) -> dict[str, tuple[ReportFacts, ...]]:
    """Read what the reports (.docx) beside the workbooks state, by unit; one that can't be read states nothing."""
    reports = [entry for entry in filed if entry.status == "attachment" and entry.source.kind == "docx" and entry.unit]
    tasks = [(campaign.inbox, entry.source, setup.limits) for entry in reports]
    by_unit: dict[str, tuple[ReportFacts, ...]] = {}
    for entry, facts in zip(reports, each(pool, "读取报告", read_report, tasks, progress), strict=True):
        cache.unfinished |= isinstance(facts, Lost)
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


def _dossier(campaign: Campaign, unit: Unit, own: Sequence[Filed], review: Review) -> Dossier[FormHead]:
    return Dossier(
        unit=unit,
        forms=tuple((e.source, c.submission) for e in own for c in e.current if c.unit == unit),
        found=tuple(f for e in own if _may_know(campaign, unit, e) for f in e.findings_of(unit)),
        owes=campaign.owed_by(unit),
        projects=campaign.due_projects.get(unit.name, ()),
        has_files=bool(own),
        share=share_of(review, unit.name),
        sent=_sent_on([e for e in own if e.unit == unit]),
    )


def _may_know(campaign: Campaign, unit: Unit, entry: Filed) -> bool:
    """Whether a unit is told what was found in a file: not of a copy that lies in another unit's folder."""
    elsewhere = entry.status == "duplicate" and campaign.roster.find_in_path(entry.source.path).unit not in (None, unit)
    return entry.status != "superseded" and not elsewhere


def _sent_on(own: Iterable[Filed]) -> date | None:
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


def _stranger(entry: Filed, review: Review) -> Dossier[FormHead]:
    forms = tuple((entry.source, claim.submission) for claim in entry.current if claim.unit is None)
    return Dossier(unit=None, forms=forms, found=entry.findings_of(None), share=share_of(review, ""))


def _earlier(
    dossier: Dossier[FormHead], own: Sequence[Filed], read: Mapping[str, ReadFile | None]
) -> Iterable[Dossier[FormHead]]:
    """Set up each superseded form of a unit beside the unit's other current forms, as it was judged in its time."""
    for entry in own:
        for claim in entry.claims:
            if claim.superseded_by and claim.unit == dossier.unit:
                others = tuple(form for form in dossier.forms if form[1].form != claim.submission.form)
                forms = ((entry.source, claim.submission), *others)
                reading = read.get(entry.source.path)
                found = tuple(replace(f, file=entry.source.path) for f in (reading.findings if reading else ()))
                yield Dossier(dossier.unit, forms, found, share=dossier.share)


def _file_results(filed: Sequence[Filed], judged: Sequence[JudgedUnit], season: Season) -> list[FileResult]:
    """Tell what became of each file: its own findings, and those of the units that it holds forms of."""
    correct_by = {one.result.unit.name: one.result.correct_by for one in judged if one.result}
    by_file: dict[str, list[Finding]] = {}
    for one in judged:
        for finding in one.result.findings if one.result else one.findings:
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
        day = correct_by.get(unit) if unit else season.correct_by(_sent_on([entry]))
        shared = tuple(_shares(entry, judged)) if entry.is_shared and status == "returned" else ()
        results.append(FileResult(entry.source, status, unit, forms, None, found, entry.note, day, shared))
    return results


def _shares(entry: Filed, judged: Sequence[JudgedUnit]) -> Iterable[OfUnit]:
    """Give of a file with forms of several units what each unit must correct in its own, where there is anything."""
    units = {claim.unit.name for claim in entry.current if claim.unit}
    for one in judged:
        if one.result and one.result.unit.name in units:
            found = tuple(f for f in one.result.findings if f.file == entry.source.path)
            if any(finding.severity == "must-fix" for finding in found):
                yield one.result.unit.name, found, one.result.correct_by


def _with_district_findings(
    everyone: _Everyone, filed: Sequence[Filed], season: Season, review: Review, scheme: Scheme, notes: list[str]
) -> Judged:
    """Add what only shows when all units lie side by side, as far as no person waived it."""
    units = [judged.result for judged in everyone.units if judged.result]
    files = _file_results(filed, [*everyone.units, *everyone.strangers], season)
    owner = {form.source.path: unit.unit.name for unit in units for form in unit.forms}
    texts = [judged.texts for judged in everyone.units]
    found = [
        waived
        for code in CODES
        for finding in part(notes, f"全区核对 {code}", check_district, units, texts, scheme, (code,), instead=())
        for waived in share_of(review, owner.get(finding.file or "", "")).waive([finding])
    ]
    by_file: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.file is not None:
            by_file.setdefault(finding.file, []).append(finding)
    if by_file:
        units = [_with_more(unit, by_file) for unit in units]
        files = [replace(f, findings=in_order((*f.findings, *by_file.get(f.source.path, ())))) for f in files]
    of_district = tuple(finding for finding in found if finding.file is None)
    return Judged(tuple(units), tuple(files), tuple(everyone.units), of_district, tuple(everyone.earlier), tuple(notes))


def _with_more(unit: UnitResult, by_file: Mapping[str, Sequence[Finding]]) -> UnitResult:
    """Add to a unit the district's findings in its files."""
    paths = sorted({form.source.path for form in unit.forms})
    found = [finding for path in paths for finding in by_file.get(path, ())]
    return replace(unit, findings=in_order((*unit.findings, *found))) if found else unit


def _as_judged(sent: SentForm) -> SentForm:
    """Return a superseded form with the items of its own findings alone."""
    return sent.with_items(sent.form.findings)


def _sent(unit: UnitResult, judged: JudgedUnit) -> SentUnit:
    """Tell what the record keeps of a unit, the district's findings among it."""
    if judged.result is None or judged.result.findings == unit.findings:
        return SentUnit(unit, judged.sent, judged.loose)
    of_forms, loose = share_out(unit.forms, unit.findings)
    forms = [sent.with_items(found) for sent, found in zip(judged.sent, of_forms, strict=True)]
    return SentUnit(unit, tuple(forms), loose_items(loose))
