"""What a run's workers do: a task's arguments in, its outcome out, packed where it is to be kept for later runs.

A module of its own, because a worker imports whatever its function's module does: no pandas, no campaign, no forms.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from evalbatch.model import Evaluated, Finding, FormHead, ReadFile, Refused, SourceFile, UnitResult
from evalbatch.reports.public_list import PublicCopy
from evalbatch.reports.returned import front
from evalbatch.reports.returned.returned_copy import write_returned_copy
from evalbatch.storage.packing import pack, unpack
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.judged import judge
from evalbatch.xlsx.encrypted import without_default_password

MOST_UNUSED = 1000
"""So many unused cells of a file are kept: the run as a whole would otherwise hold every cell of every large file."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An outcome that is kept for later runs, as bytes; any other outcome counts for this run alone."""

    data: bytes


def read_file(folder: Path, source: SourceFile, setup: Setup) -> ReadFile | Packed:
    """Read a file; what was read is packed, a ReadFile. One that can't be had now may be had the next time."""
    try:
        data = examine.load_listed(folder, source, setup)
    except Refused as refused:
        return ReadFile(findings=(examine.refusal(refused, source.path),), missed=True)
    reading = examine.read_bytes(data, source, setup)
    submissions = tuple(replace(one, number=number) for number, one in enumerate(reading.submissions))
    heads = tuple(submission.head for submission in submissions)
    return Packed(pack(ReadFile(heads, reading.unused[:MOST_UNUSED], reading.findings, pack(submissions))))


def judge_unit(dossier: Dossier[FormHead], packed: Mapping[str, bytes], setup: Setup) -> Packed:
    """Judge a unit; what came of it is packed, a JudgedUnit. `packed` holds each file's submissions by its path."""
    files = {path: unpack(data) for path, data in packed.items()}
    whole = dossier.with_lines([files[source.path][head.number] for source, head in dossier.forms])
    return Packed(pack(judge(whole, setup)))


def write_unit(target: Path, result: UnitResult, packed: bytes, setup: Setup) -> Packed:
    """Write a score sheet; its hash is kept. `packed` holds the unit's forms with their lines."""
    forms: tuple[Evaluated, ...] = unpack(packed)
    examine.write_unit(target, result, forms, setup)
    return _hash(target)


def write_draft(target: Path, result: UnitResult, packed: bytes, setup: Setup) -> None:
    """Write the draft of a unit's report; `packed` holds its forms with their lines."""
    from evalbatch.reports.unit_draft_file import write_unit_draft  # few want drafts, and python-docx takes its time

    forms: tuple[Evaluated, ...] = unpack(packed)
    write_unit_draft(target, result, forms, setup.campaign_season)


def write_returned(
    target: Path,
    folder: Path,
    source: SourceFile,
    findings: Sequence[Finding],
    setup: Setup,
    unit: str,
    correct_by: date | None,
) -> Finding | Packed:
    """Write a returned copy; its hash is kept. Of a file that is gone or changed by now, say so."""
    try:
        data = without_default_password(examine.load_listed(folder, source, setup), setup.limits)
    except Refused as refused:
        return examine.refusal(refused, source.path)
    write_returned_copy(data, findings, target, unit, correct_by, setup.keep_active)
    return _hash(target)


def write_public(target: Path, folder: Path, source: SourceFile, setup: Setup, names: bool) -> PublicCopy:
    """Write the copy of a workbook that may be published. Of a file that is gone or changed by now, say so."""
    from evalbatch.reports.public_copy import write_public_copy  # few ask for it

    try:
        data = without_default_password(examine.load_listed(folder, source, setup), setup.limits)
        lexicon = examine.lexicon_of(setup.forms, setup.scheme)
        return write_public_copy(data, target, lexicon, setup.limits, names=names)
    except Refused as refused:
        return PublicCopy(why_not=refused.message.rstrip("。"))


def write_list(
    target: Path, findings: Sequence[Finding], unit: str, correct_by: date | None, shared: bool = False
) -> None:
    """Write a returned copy that has the list of corrections alone, for a workbook that can't be copied.

    `shared` says that it holds other units' forms too, which must not be shown.
    """
    front.write_list(target, front.front_table(findings, unit, correct_by, None, shared=shared))


def _hash(path: Path) -> Packed:
    """Return a file's SHA-256: an output that is there already need not be made again."""
    return Packed(hashlib.sha256(path.read_bytes()).digest())
