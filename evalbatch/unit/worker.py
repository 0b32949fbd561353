"""What a run's workers do: a task's arguments in, its outcome and the bytes to keep of it out.

A room of its own, because a worker imports whatever its function's room does: no pandas, no campaign, no forms. The
process in the middle gets headings only: lines stay packed, and travel to whichever worker needs them next.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from evalbatch.checks.district import texts_of
from evalbatch.history.items import places_in
from evalbatch.history.versions import content_of, lines_of
from evalbatch.model import Finding, Reading, Refused, Scorecard, SourceFile, UnitResult
from evalbatch.reports.returned.returned_copy import write_returned_copy
from evalbatch.review.lines import lines_told
from evalbatch.storage.packing import bundle, note, pack, unpack
from evalbatch.tables.asked import compared_in, largest_cut, named_cells
from evalbatch.tables.places import amounts_of
from evalbatch.tables.rows import line_rows
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup

MOST_UNUSED = 1000
"""So many unused cells of a file are kept: the run as a whole would otherwise hold every cell of every large file."""

Judgement = tuple[tuple[tuple[Scorecard, tuple[Finding, ...]], ...], tuple[Finding, ...], UnitResult | None]
"""Each form's card without lines and its findings, in the dossier's order; all the unit's findings; its standing
without its forms, None for forms of no unit."""

NOTED = (texts_of, content_of, lines_of, amounts_of, line_rows, largest_cut, compared_in)
"""What those who look at a whole district want to know of each form's lines; to add one, add its function."""

NOTED_FOR_FINDINGS = (places_in, named_cells)
"""What they want to know of the forms of a unit that has to correct or to explain something at a cell."""


class AsKept(Enum):
    """Stands for an outcome that the bytes to keep hold already, so that it need not travel twice."""

    YES = 1


class Lines(NamedTuple):
    """Packed lines: those of the submission, or card, that is the `number`th (from 0) of what was packed with it."""

    packed: bytes
    number: int


def read_file(folder: Path, source: SourceFile, setup: Setup) -> tuple[Reading | AsKept, bytes | None]:
    """Read a file, and pack what was read: its headings apart from all its lines.

    A file that can't be had now may be had the next time; its reading is given, and nothing to keep.
    """
    try:
        data = examine.load_listed(folder, source, setup)
    except Refused as refused:
        return Reading(findings=(examine.refusal(refused, source.path),), missed=True), None
    reading = examine.read_bytes(data, source, setup)
    heads = tuple(submission.heading() for submission in reading.submissions)
    head = replace(reading, submissions=heads, unused=reading.unused[:MOST_UNUSED])
    return AsKept.YES, bundle((pack(head), pack(reading.submissions)))


def judge_unit(dossier: Dossier, lines: Sequence[Lines], setup: Setup) -> tuple[AsKept, bytes]:
    """Judge a unit, and pack what came of it, each apart: its Judgement, notes of its forms, cards with their lines.

    `lines` are those of the dossier's submissions, which come as headings.
    """
    whole = zip((source for source, _ in dossier.forms), _unpacked(lines), strict=True)
    dossier = replace(dossier, forms=tuple(whole))
    forms, found = examine.judge_unit(dossier, setup)
    result = None
    if dossier.unit is not None:
        found_all = examine.with_missing(dossier, found, setup)
        result = replace(examine.standing(dossier, forms, found_all, setup), forms=())
    decided = bool(dossier.share and any(slip.filled for slip in dossier.share.slips))
    told = partial(lines_told, every=decided)
    wanted = (*NOTED, told, *(NOTED_FOR_FINDINGS if any(f.cell and f.severity != "note" for f in found) else ()))
    judgement: Judgement = (tuple((form.card.heading(), form.findings) for form in forms), found, result)
    notes = tuple(note(form, *wanted) for form in forms)
    return AsKept.YES, bundle((pack(judgement), bundle(notes), pack(tuple(form.card for form in forms))))


def write_unit(
    target: Path, result: UnitResult, submissions: Sequence[Lines], cards: Sequence[Lines], setup: Setup
) -> tuple[None, bytes]:
    """Write a score sheet, and give its hash for keeping; the forms of `result` come as headings, in their order."""
    examine.write_unit(target, whole(result, submissions, cards), setup)
    return None, _hash(target)


def write_draft(
    target: Path, result: UnitResult, submissions: Sequence[Lines], cards: Sequence[Lines], setup: Setup
) -> None:
    """Write the draft of a unit's report; the forms of `result` come as headings, in their order."""
    from evalbatch.reports.unit_draft_file import write_unit_draft  # few want drafts, and python-docx takes its time

    write_unit_draft(target, whole(result, submissions, cards), setup.campaign_season)


def whole(result: UnitResult, submissions: Sequence[Lines], cards: Sequence[Lines]) -> UnitResult:
    """Give a unit's forms their lines again."""
    whole = zip(result.forms, _unpacked(submissions), _unpacked(cards), strict=True)
    forms = tuple(replace(form, submission=submission, card=card) for form, submission, card in whole)
    return replace(result, forms=forms)


def write_returned(
    target: Path,
    folder: Path,
    source: SourceFile,
    findings: Sequence[Finding],
    setup: Setup,
    unit: str,
    correct_by: date | None,
) -> tuple[Finding | None, bytes | None]:
    """Write a returned copy, and give its hash for keeping; of a file that is gone or changed by now, say so."""
    try:
        data = examine.load_listed(folder, source, setup)
    except Refused as refused:
        return examine.refusal(refused, source.path), None
    write_returned_copy(data, findings, target, unit, correct_by)
    return None, _hash(target)


def write_list(target: Path, findings: Sequence[Finding], unit: str, correct_by: date | None) -> tuple[None, None]:
    """Write a returned copy that has the list of corrections alone, for a workbook that can't be copied."""
    write_returned_copy(b"", findings, target, unit, correct_by)
    return None, None


def _hash(path: Path) -> bytes:
    """Return a file's SHA-256: an output that is there already need not be made again."""
    return hashlib.sha256(path.read_bytes()).digest()


def _unpacked(lines: Sequence[Lines]) -> list[Any]:
    """Unpack the submissions or cards that these lines belong to; of what was packed together, all at once."""
    wholes = {packed: unpack(packed) for packed in dict.fromkeys(packed for packed, _ in lines)}
    return [wholes[packed][number] for packed, number in lines]
