"""One workbook read and judged by itself, in a worker: the half of `unit.single` that imports what reads and judges."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from evalbatch.campaign.roster import Roster
from evalbatch.checks.findings import make_finding
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import load, source_of
from evalbatch.model import Finding, ReadFile, Reading, Refused, SourceFile, Submission
from evalbatch.pool.local import Lost
from evalbatch.reading import pdf_document, word_document
from evalbatch.reading.drawn_table import RowPlaces, sheets_of
from evalbatch.reading.flaws import no_form_in
from evalbatch.reading.read import read_sheets
from evalbatch.unit import examine
from evalbatch.unit.attribution import attribute
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.xlsx.limits import Limits

DOCUMENTS = {"docx": word_document.blocks_of, "pdf": pdf_document.blocks_of}
"""Kinds of files that are read where a published copy is asked for."""


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


def read_published(path: Path, setup: Setup | None) -> tuple[Reading, RowPlaces]:
    """Read the forms of a workbook, of a .docx or of a PDF with text; a refusal comes back as its finding.

    Of a document, the second part says where people find each row; of a workbook it is empty.
    """
    setup = setup or outside()
    source = source_of(path, setup.limits)
    if source.kind not in DOCUMENTS:
        return read(path, setup)[1], {}
    try:
        data = load(path.parent, source, setup.limits)
        blocks = DOCUMENTS[source.kind](data, setup.limits)
        lexicon = examine.lexicon_of(setup.forms, setup.scheme)
        grids, places = sheets_of(blocks, lexicon, setup.limits)
        reading = read_sheets(grids, lexicon)
        return (Reading(findings=(no_form_in(len(grids)),)) if reading.rejected else reading), places
    except Refused as refused:
        return Reading(findings=(examine.refusal(refused, source.path),)), {}


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
