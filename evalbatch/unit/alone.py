"""One workbook read and judged by itself, in a worker: the half of `unit.single` that imports what reads and judges."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from evalbatch.campaign.roster import Roster
from evalbatch.checks.findings import make_finding
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import source_of
from evalbatch.model import Finding, ReadFile, Reading, SourceFile, Submission
from evalbatch.pool.local import Lost
from evalbatch.unit import examine
from evalbatch.unit.attribution import attribute
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.xlsx.limits import Limits


@cache
def outside() -> Setup:
    """Return what a workbook outside any campaign is examined with: the built-in forms and scheme."""
    return Setup(form_paths(None), None, Limits())


def read(path: Path, setup: Setup | None) -> tuple[SourceFile, Reading]:
    """Open and read one workbook; a refusal comes back as its finding."""
    setup = setup or outside()
    source = source_of(path, setup.limits)
    if source.role != "workbook":
        refusal = source.refusal or make_finding("F03", file=source.path)
        return source, Reading(findings=(refusal,))
    return source, examine.read_file(path.parent, source, setup)


def unread(path: Path, lost: Lost, setup: Setup | None) -> Reading:
    """Return what stands for a workbook of which the worker was lost while it read."""
    return Reading(findings=(examine.lost_finding(path.name, lost, setup or outside()),))


def judge(source: SourceFile, reading: Reading, setup: Setup | None, roster: Roster | None) -> tuple[Finding, ...]:
    """Return all findings of one workbook; `roster` is that of the campaign, None outside any."""
    setup = setup or outside()
    return examine.judge_unit(_dossier(source, reading, setup, roster), setup)[1]


def unjudged(
    source: SourceFile, reading: Reading, setup: Setup | None, roster: Roster | None, lost: Lost
) -> tuple[Finding, ...]:
    """Return what is known of a workbook of which the worker was lost while it judged."""
    setup = setup or outside()
    return *_dossier(source, reading, setup, roster).found, examine.unjudged_finding(source.path, lost, setup)


def _dossier(source: SourceFile, reading: Reading, setup: Setup, roster: Roster | None) -> Dossier[Submission]:
    forms = tuple((source, submission) for submission in reading.counted)
    if roster is None or setup.season is None:
        return Dossier(None, forms, tuple(replace(f, file=source.path) for f in reading.findings))
    read = ReadFile(reading.submissions, reading.unused, reading.findings)
    [filed] = attribute([(source, read)], roster, setup.season.year, examine.scheme_of(setup.scheme))
    return Dossier(filed.unit, forms, filed.findings)
