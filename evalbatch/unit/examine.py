"""The way of one workbook, and of one unit: what runs in a worker process.

Everything here is a function of its arguments, and everything that comes back can be sent to another process.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from rapidfuzz import process

from evalbatch.checks.catalogue import REFUSED_FILE
from evalbatch.checks.findings import in_order, make_finding, settle
from evalbatch.checks.report_check import check_report
from evalbatch.checks.report_facts import ReportFacts
from evalbatch.checks.unit import check_unit
from evalbatch.forms.places import form_kind, form_name, form_of_project
from evalbatch.intake.inbox import load
from evalbatch.model import (
    DueProject,
    Evaluated,
    Finding,
    FirstSent,
    FormHead,
    FormName,
    FormResult,
    Reading,
    Refused,
    Season,
    SourceFile,
    Submission,
    Unit,
    UnitResult,
)
from evalbatch.model.results import of_year
from evalbatch.pool.local import Lost
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.read import read_workbook
from evalbatch.reports.score_sheet.workbook import write_score_sheet
from evalbatch.review.share import Share
from evalbatch.scoring.combine import combine
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme
from evalbatch.text.folding import bare_project
from evalbatch.unit.corrections import asked_of
from evalbatch.xlsx.encrypted import without_default_password
from evalbatch.xlsx.limits import Limits


@dataclass(frozen=True, slots=True)
class Setup:
    """What every workbook of a campaign is examined with; small enough to send along with each task."""

    forms: tuple[Path, ...]
    scheme: Path | None
    limits: Limits
    season: Season | None = None
    keep_active: bool = False

    @property
    def campaign_season(self) -> Season:
        """The season; only asked for where there is a campaign."""
        assert self.season is not None
        return self.season


Form = TypeVar("Form", bound=FormHead)
_ALIKE = 60
"""Projects' names this alike, in percent, may be one; it is asked, never assumed."""


@dataclass(frozen=True)
class Dossier(Generic[Form]):
    """One unit's current submissions, each with its file, and what reading its files found.

    A district holds dossiers of FormHeads; for judging one, `with_lines` gives it its submissions. `owes` and
    `projects` are the forms and the projects that are due. `sent` is the day of the latest of its files, `first_sent`
    when each of its forms came first.
    """

    unit: Unit | None
    forms: tuple[tuple[SourceFile, Form], ...]
    found: tuple[Finding, ...] = ()
    owes: tuple[FormName, ...] = ()
    projects: tuple[DueProject, ...] = ()
    has_files: bool = True
    share: Share | None = None
    reports: tuple[ReportFacts, ...] = ()
    sent: date | None = None
    first_sent: tuple[FirstSent, ...] = ()

    def with_lines(self, submissions: Sequence[Submission]) -> "Dossier[Submission]":
        """Return it with these submissions in place of their heads, in their order."""
        sources = (source for source, _ in self.forms)
        return replace(self, forms=tuple(zip(sources, submissions, strict=True)))  # type: ignore[arg-type, return-value]


@lru_cache(maxsize=4)
def lexicon_of(forms: tuple[Path, ...], scheme: Path | None = None) -> Lexicon:
    """Load the labels of these forms, and of the data that a scheme asks for, once a process."""
    return load_lexicon(forms, tuple(item.name for item in scheme_of(scheme).items))


@lru_cache(maxsize=4)
def scheme_of(path: Path | None) -> Scheme:
    """Load a scheme once a process."""
    return load_scheme(path)


def read_file(folder: Path, source: SourceFile, setup: Setup) -> Reading:
    """Open one workbook and read every form in it; a refusal comes back as its finding."""
    try:
        data = load_listed(folder, source, setup)
    except Refused as refused:
        return Reading(findings=(refusal(refused, source.path),))
    return read_bytes(data, source, setup)


def load_listed(folder: Path, source: SourceFile, setup: Setup) -> bytes:
    """Return the bytes that were listed. Refused when they can't be had, or are others by now."""
    data = load(folder, source, setup.limits)
    if source.sha256 and hashlib.sha256(data).hexdigest() != source.sha256:
        raise Refused("文件在处理期间被改动。", remedy="请等它复制或保存完毕，再运行一次。", code="F01")
    return data


def read_bytes(data: bytes, source: SourceFile, setup: Setup) -> Reading:
    """Read every form in a workbook's bytes, opened where Excel asks for no password; a refusal is its finding."""
    try:
        data = without_default_password(data, setup.limits)
        return read_workbook(data, lexicon_of(setup.forms, setup.scheme), setup.limits)
    except Refused as refused:
        return Reading(findings=(refusal(refused, source.path),))


def refusal(refused: Refused, path: str) -> Finding:
    """Turn a refusal into the must-fix finding that its file bears."""
    finding = make_finding(refused.code or "F01", file=path)
    return replace(finding, message=refused.message, remedy=refused.remedy or finding.remedy)


def lost_finding(path: str, lost: Lost, setup: Setup) -> Finding:
    """Turn a worker's loss into the must-fix finding that its file bears: F04 over a limit, else F01."""
    if lost.cause in ("died", "error", "disk"):
        return make_finding("F01", file=path)
    finding = make_finding("F04", file=path)
    if lost.cause == "time":
        return replace(finding, message=f"文件处理超过{setup.limits.seconds:g}秒仍未完成，已停止读取。")
    return replace(finding, message=f"读取文件所需内存超过{setup.limits.memory_bytes >> 20}MB，已停止读取。")


def unjudged_finding(path: str, lost: Lost, setup: Setup) -> Finding:
    """Say of a file that could be read that its forms could not be judged: it costs this unit its scores alone."""
    finding = lost_finding(path, lost, setup)
    if lost.cause not in ("died", "error"):
        return finding
    said = "文件读得出来，但核对和评分没有做成，这个单位这次没有得分。"
    return replace(finding, message=said, remedy="请核对表中有无异常内容，改正后重新报送；仍不成请反馈此问题。")


def judge_unit(dossier: Dossier[Submission], setup: Setup) -> tuple[tuple[Evaluated, ...], tuple[Finding, ...]]:
    """Score and check one unit's current forms; return them with all findings of the unit, one cause each once."""
    scheme = scheme_of(setup.scheme)
    share = dossier.share
    forms = _score(dossier, scheme, setup.season)
    found = asked_of(
        dossier.forms,
        _found(dossier, forms, scheme, setup),
        lambda corrected: _found_in(replace(dossier, forms=corrected), scheme, setup),
        share.waive if share is not None else tuple,
    )
    found = in_order(found)
    return tuple(replace(form, findings=_findings_of(form, found)) for form in forms), found


def _found_in(dossier: Dossier[Submission], scheme: Scheme, setup: Setup) -> tuple[Finding, ...]:
    return _found(dossier, _score(dossier, scheme, setup.season), scheme, setup)


def _found(
    dossier: Dossier[Submission], forms: Sequence[Evaluated], scheme: Scheme, setup: Setup
) -> tuple[Finding, ...]:
    of_reports = (f for facts in dossier.reports for f in check_report(facts, dossier.forms, scheme))
    return settle(
        (*dossier.found, *check_unit(dossier.unit, forms, scheme, setup.season, dossier.first_sent), *of_reports),
        scheme,
    )


def _score(dossier: Dossier[Submission], scheme: Scheme, season: Season | None) -> list[Evaluated]:
    """Score each form; where people decided on lines of it, once more with their decisions."""
    submissions = [submission for _, submission in dossier.forms]
    scored = [
        Evaluated(source, submission, score(submission, scheme, _others(submissions, submission, season)))
        for source, submission in dossier.forms
    ]
    if dossier.share is None:
        return scored
    return [
        replace(form, card=score(form.submission, scheme, _others(submissions, form.submission, season), decided))
        if decided
        else form
        for form, decided in zip(scored, dossier.share.decisions(scored), strict=True)
    ]


def _others(submissions: Sequence[Submission], one: Submission, season: Season | None) -> tuple[Submission, ...]:
    return tuple(other for other in submissions if other is not one and of_year(other, season))


def _findings_of(form: Evaluated, found: Sequence[Finding]) -> tuple[Finding, ...]:
    rows = form.submission.indicators
    sheets = {form.submission.sheet, *(cell.sheet for row in rows if (cell := row.cells.get("name")))}
    return tuple(f for f in found if f.file == form.source.path and f.sheet in sheets)


def with_missing(dossier: Dossier[Form], found: Sequence[Finding], setup: Setup) -> tuple[Finding, ...]:
    """Add a finding for each form and each project that the unit owes and has not sent.

    None beside a file of its own that could not be read: what is in there is not missing.
    """
    if any(finding.code in REFUSED_FILE for finding in found):
        return in_order(found)
    scheme = scheme_of(setup.scheme)
    owed = [name for name in _missing_forms(dossier) if name != "project" or not dossier.projects]
    missing = [make_finding("U05", scheme=scheme, form=name, subject=("unit", name)) for name in owed]
    missing += _missing_projects(dossier, setup, scheme)
    return in_order((*found, *(finding for finding in missing if not scheme.switched_off(finding.code))))


def _missing_forms(dossier: Dossier[Form]) -> tuple[FormName, ...]:
    sent = {submission.form for _, submission in dossier.forms}
    return tuple(name for name in dossier.owes if name not in sent)


def missing_projects(dossier: Dossier[Form]) -> tuple[DueProject, ...]:
    """Return the projects that are due and have sent no form, in the order in which they are listed."""
    sent = {bare_project(submission.project) for _, submission in dossier.forms if submission.kind == "project"}
    return tuple(project for project in dossier.projects if sent.isdisjoint(project.keys))


def _missing_projects(dossier: Dossier[Form], setup: Setup, scheme: Scheme) -> Iterator[Finding]:
    """Name each project that is due and has not come; and what came under a name much like it and is on no list."""
    listed = {key for project in dossier.projects for key in project.keys}
    others = [
        submission.project
        for _, submission in dossier.forms
        if submission.kind == "project" and submission.project and bare_project(submission.project) not in listed
    ]
    missing = missing_projects(dossier)
    kinds = [form_name(path) for path in setup.forms if form_kind(path) == "project"] if missing else []
    approved = setup.season.approved if setup.season else ()
    for project in missing:
        form = form_of_project(
            project.keys[0], kinds, dossier.owes, (one for one in approved if one.unit == project.unit)
        )
        near = process.extractOne(project.keys[0], others, processor=bare_project, score_cutoff=_ALIKE)
        yield make_finding(
            "U05",
            scheme=scheme,
            form=form or "project",
            subject=("unit", "project", project.keys[0]),
            project=project.name,
            nearest=near[0] if near else "",
        )


def standing(
    dossier: Dossier[Form],
    forms: Sequence[Evaluated],
    results: tuple[FormResult, ...],
    found: Sequence[Finding],
    setup: Setup,
) -> UnitResult:
    """Tell one unit's standing: status, owed forms that are missing, and which scores are the unit's.

    `results` are what these forms came to. A form of another year is checked, but its score is not this year's.
    """
    assert dossier.unit is not None
    season = setup.season
    own_year = tuple(form for form in forms if of_year(form.submission, season))
    missing, projects = _missing_forms(dossier), missing_projects(dossier)
    must_fix = any(f.severity == "must-fix" and f.code != "U05" for f in found)
    late = any(f.code == "U04" and f.severity != "note" for f in found)
    totals = combine(own_year, scheme_of(setup.scheme))
    return UnitResult(
        unit=dossier.unit,
        status=(
            "missing"
            if not dossier.has_files
            else "returned"
            if must_fix
            else "incomplete"
            if missing or projects
            else "late"
            if late
            else "complete"
        ),
        forms=results,
        findings=tuple(found),
        scored_by=totals.scored_by,
        self_score=totals.self_score,
        verified_score=totals.verified_score,
        self_grade=totals.self_grade,
        verified_grade=totals.verified_grade,
        pending=totals.pending,
        checked_score=totals.checked_score,
        lowest=totals.lowest,
        highest=totals.highest,
        reviewed=totals.reviewed,
        missing_forms=missing,
        due_projects=dossier.projects,
        missing_projects=projects,
        late=late,
        correct_by=season.correct_by(dossier.sent, dossier.unit.deadline) if season and must_fix else None,
    )


def write_unit(target: Path, result: UnitResult, forms: Sequence[Evaluated], setup: Setup) -> None:
    """Write one unit's score sheet; `forms` are those of the result, with their lines."""
    write_score_sheet(target, result, forms, scheme_of(setup.scheme), setup.campaign_season)
