"""A campaign and another scheme in, what that scheme would find and score otherwise out; nothing is written.

The inbox is read once; both schemes judge the same readings, by the very stages of a run.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalbatch.batch.cached import ResultCache
from evalbatch.batch.judging import Judged, collect, judge_inbox, read_inbox
from evalbatch.batch.tasks import Progress
from evalbatch.campaign.folder import Campaign
from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.history.history import History
from evalbatch.model import Finding, UnitResult
from evalbatch.pool.local import Pool, usable_cores
from evalbatch.review.load import load_review
from evalbatch.scoring.scheme import Scheme
from evalbatch.tables.manifest import finding_json, number
from evalbatch.unit import examine
from evalbatch.unit.preparation import setup_of


@dataclass(frozen=True, slots=True)
class Side:
    """What one scheme finds and scores in the submissions."""

    scheme: Scheme
    judged: Judged

    def must_fix_files(self) -> tuple[str, ...]:
        """Name the files that something must be corrected in."""
        return tuple(file.source.path for file in self.judged.files if file.status == "returned")

    def must_fix_units(self) -> tuple[str, ...]:
        """Name the units that must correct something."""
        return tuple(unit.unit.name for unit in self.judged.units if unit.status == "returned")

    def findings(self) -> tuple[tuple[str, Finding], ...]:
        """Every finding once, with the unit it concerns, "" for none: of files, of units without a file, of all."""
        of_files = [(file.unit or "", finding) for file in self.judged.files for finding in file.findings]
        of_units = [(unit.unit.name, f) for unit in self.judged.units for f in unit.findings if f.file is None]
        return (*of_files, *of_units, *(("", finding) for finding in self.judged.of_district))


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One code of the catalogue under both schemes: how often, and which findings only one of them has.

    `other_severity` are findings that both have, but the other scheme takes more or less seriously; as that one says.
    """

    code: str
    title: str
    current: int
    rehearsed: int
    appear: tuple[tuple[str, Finding], ...]
    disappear: tuple[tuple[str, Finding], ...]
    other_severity: tuple[tuple[str, Finding], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A campaign's submissions under its own scheme and under another one."""

    campaign: str
    current: Side
    rehearsed: Side

    def codes(self) -> tuple[CodeChange, ...]:
        """Tell each code that is found otherwise, in the catalogue's order."""
        ours, theirs = _by_code(self.current), _by_code(self.rehearsed)
        changes = (_code_change(code, ours.get(code, {}), theirs.get(code, {})) for code in CATALOGUE)
        return tuple(each for each in changes if each.appear or each.disappear or each.other_severity)

    def scores(self) -> tuple[tuple[UnitResult, UnitResult], ...]:
        """Return the units whose verified score, grade or open lines change, as they are under each scheme."""
        pairs = zip(self.current.judged.units, self.rehearsed.judged.units, strict=True)
        return tuple((one, other) for one, other in pairs if _standing(one) != _standing(other))


def rehearse(
    campaign: Campaign, scheme: Path, workers: int | None = None, progress: Progress = lambda *_: None
) -> Rehearsal:
    """Judge a campaign's inbox with its own scheme and with another one.

    Refused when a setting or either scheme is broken.
    """
    setup = setup_of(campaign)
    setups = (setup, replace(setup, scheme=scheme))
    schemes = [examine.scheme_of(each.scheme) for each in setups]
    review = load_review(campaign.review, setup.campaign_season.year)
    with (
        ResultCache.in_memory(setup) as cache,
        Pool(workers or usable_cores(), setup.limits.seconds, setup.limits.memory_bytes) as pool,
    ):
        history = History.load(campaign.record)
        read = read_inbox(pool, campaign, collect(campaign, setup), setup, progress, cache)
        judged = [
            judge_inbox(pool, campaign, read, each, review, progress, cache.with_scheme(each), history)
            for each in setups
        ]
    current, rehearsed = (Side(*each) for each in zip(schemes, judged, strict=True))
    return Rehearsal(campaign.name, current, rehearsed)


Found = dict[tuple[object, ...], tuple[str, Finding]]


def _by_code(side: Side) -> dict[str, Found]:
    """Sort findings by code, each under what it is about: file, sheet, cell and subject."""
    found: dict[str, Found] = {}
    seen: Counter[tuple[object, ...]] = Counter()
    for unit, finding in side.findings():
        key = (finding.code, unit, finding.file, finding.sheet, finding.cell, finding.subject)
        seen[key] += 1
        found.setdefault(finding.code, {})[(*key, seen[key])] = (unit, finding)
    return found


def _code_change(code: str, ours: Found, theirs: Found) -> CodeChange:
    return CodeChange(
        code=code,
        title=CATALOGUE[code].title,
        current=len(ours),
        rehearsed=len(theirs),
        appear=tuple(found for key, found in theirs.items() if key not in ours),
        disappear=tuple(found for key, found in ours.items() if key not in theirs),
        other_severity=tuple(
            found for key, found in theirs.items() if key in ours and ours[key][1].severity != found[1].severity
        ),
    )


def _standing(unit: UnitResult) -> tuple[object, ...]:
    return (unit.verified_score, unit.verified_grade, unit.pending)


# ---------------------------------------------------------------- the JSON document


SIDES = ("current", "rehearsed")


def as_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return the whole rehearsal as `rehearse --json` prints it; scores in points, files relative to the inbox."""
    both = (rehearsal.current, rehearsal.rehearsed)
    return {
        "campaign": rehearsal.campaign,
        "schemes": dict(zip(SIDES, map(_scheme_json, both), strict=True)),
        "files": {"total": len(both[0].judged.files), "must_fix": _must_fix(*(one.must_fix_files() for one in both))},
        "units": {"total": len(both[0].judged.units), "must_fix": _must_fix(*(one.must_fix_units() for one in both))},
        "findings": [_code_json(change) for change in rehearsal.codes()],
        "scores": [_score_json(*pair) for pair in rehearsal.scores()],
    }


def _scheme_json(side: Side) -> dict[str, Any]:
    scheme = side.scheme
    return {"name": scheme.name, "version": scheme.version, "sha256": scheme.sha256}


def _must_fix(current: Sequence[str], rehearsed: Sequence[str]) -> dict[str, Any]:
    """How many must correct something under each scheme, and which only under one."""
    ours, theirs = set(current), set(rehearsed)
    return {
        "current": len(current),
        "rehearsed": len(rehearsed),
        "only_rehearsed": [name for name in rehearsed if name not in ours],
        "only_current": [name for name in current if name not in theirs],
    }


def _code_json(change: CodeChange) -> dict[str, Any]:
    listed = {"appear": change.appear, "disappear": change.disappear, "other_severity": change.other_severity}
    return {
        "code": change.code,
        "title": change.title,
        "current": change.current,
        "rehearsed": change.rehearsed,
        **{how: [{"unit": unit or None, **finding_json(f)} for unit, f in found] for how, found in listed.items()},
    }


def _score_json(*both: UnitResult) -> dict[str, Any]:
    unit = both[0].unit
    return {
        "code": unit.code or None,
        "name": unit.name,
        **{
            side: {
                "self_score": number(one.self_score),
                "verified_score": number(one.verified_score),
                "self_grade": one.self_grade,
                "verified_grade": one.verified_grade,
                "pending": one.pending,
            }
            for side, one in zip(SIDES, both, strict=True)
        },
    }
