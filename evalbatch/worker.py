"""What a run's workers do: a task's arguments in, its outcome and the bytes to keep of it out.

A room of its own, because a worker imports whatever its function's room does: no pandas, no campaign, no forms.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from evalbatch import examine
from evalbatch.cache import pack, unpack
from evalbatch.examine import Dossier, Setup
from evalbatch.model import Finding, Reading, Refused, Scorecard, SourceFile, UnitResult

Judgement = tuple[tuple[tuple[Scorecard, tuple[Finding, ...]], ...], tuple[Finding, ...]]
"""Each form of a unit's card and findings, in the dossier's order, and all the unit's findings."""

_Value = TypeVar("_Value")

MOST_UNUSED = 1000
"""So many unused cells of a file are kept: the run as a whole would otherwise hold every cell of every large file."""


class AsKept(Enum):
    """Stands for an outcome that the bytes to keep hold already, so that it need not travel twice."""

    YES = 1


def read_file(folder: Path, source: SourceFile, setup: Setup) -> tuple[Reading | AsKept, bytes | None]:
    """Read a file, and pack what was read for keeping; a file that can't be had now may be had the next time."""
    try:
        data = examine.load_listed(folder, source, setup)
    except Refused as refused:
        return Reading(findings=(examine.refusal(refused, source.path),)), None
    reading = examine.read_bytes(data, source, setup)
    reading = replace(reading, unused=reading.unused[:MOST_UNUSED])
    return _packed(reading)


def judge_unit(dossier: Dossier, setup: Setup) -> tuple[Judgement | AsKept, bytes | None]:
    """Judge a unit, and pack what came of it; its submissions need not travel back."""
    forms, found = examine.judge_unit(dossier, setup)
    judged = (tuple((form.card, form.findings) for form in forms), found)
    return _packed(judged)


def known_value(_: tuple[Any, ...], kept: bytes) -> Any:
    """Return a reading or a judgement as it was kept."""
    return unpack(kept)


def write_unit(target: Path, result: UnitResult, setup: Setup) -> tuple[None, bytes]:
    """Write a score sheet, and give its hash for keeping."""
    examine.write_unit(target, result, setup)
    return None, _hash(target)


def write_returned(
    target: Path, folder: Path, source: SourceFile, findings: Sequence[Finding], setup: Setup, unit: str
) -> tuple[Finding | None, bytes | None]:
    """Write a returned copy, and give its hash for keeping; of a file that is gone or changed by now, say so."""
    try:
        data = examine.load_listed(folder, source, setup)
    except Refused as refused:
        return examine.refusal(refused, source.path), None
    examine.write_returned(target, data, findings, setup, unit)
    return None, _hash(target)


def write_list(target: Path, findings: Sequence[Finding], setup: Setup, unit: str) -> tuple[None, None]:
    """Write a returned copy that has the list of corrections alone, for a workbook that can't be copied."""
    examine.write_returned(target, b"", findings, setup, unit)
    return None, None


def _hash(path: Path) -> bytes:
    """Return a file's SHA-256: an output that is there already need not be made again."""
    return hashlib.sha256(path.read_bytes()).digest()


def _packed(value: _Value) -> tuple[_Value | AsKept, bytes | None]:
    """Pack a value; what can't be packed is made anew each time, and stops nothing."""
    try:
        return AsKept.YES, pack(value)
    except TypeError:
        return value, None
