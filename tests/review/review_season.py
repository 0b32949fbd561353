"""One season's run as batch does it, as far as review.xlsx is concerned: real files in, review.xlsx out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.checks.findings import settle
from evalbatch.checks.unit import check_unit
from evalbatch.intake.inbox import list_inbox
from evalbatch.model import Evaluated, FileResult, Finding, UnitResult
from evalbatch.review.entries import assigned_unit, share_of
from evalbatch.review.load import FILE_NAME, Review, load_review
from evalbatch.review.rows import Questions
from evalbatch.review.write import ReviewOutcome, draft_review, write_review
from evalbatch.scoring.score import score
from evalbatch.storage.packing import unpack
from evalbatch.unit import examine
from evalbatch.unit.attribution import Filed, attribute
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.judged import JudgedUnit, judged_of
from evalbatch.unit.preparation import setup_of


@dataclass(frozen=True)
class Run:
    """What one run saw and left."""

    review: Review
    units: tuple[UnitResult, ...]
    files: tuple[FileResult, ...]
    campaign: Campaign
    questions: tuple[Questions, ...] = ()
    packed: Mapping[str, bytes] = field(default_factory=dict)
    outcome: ReviewOutcome | None = None

    def forms(self, name: str) -> tuple[Evaluated, ...]:
        """A unit's forms with their lines."""
        forms: tuple[Evaluated, ...] = unpack(self.packed[name])
        return forms

    def unit(self, name: str) -> UnitResult:
        """Find a unit's result."""
        return next(unit for unit in self.units if unit.unit.name == name)


def run(folder: Path) -> Run:
    """Run a campaign and bring its review.xlsx up to date."""
    found = judge(folder)
    outcome = write_review(
        folder / FILE_NAME,
        draft_review(found.review, found.units, found.questions, found.files, found.campaign.roster),
        folder / "record",
    )
    return replace(found, outcome=outcome)


def judge(folder: Path) -> Run:
    """Read, attribute, score and check; review.xlsx is read and not written."""
    campaign = load_campaign(folder)
    setup = setup_of(campaign)
    assert setup.season is not None
    review = load_review(folder / FILE_NAME, setup.season.year)
    sources = list_inbox(campaign.inbox, setup.limits)
    readings = [examine.read_file(campaign.inbox, s, setup) if s.role == "workbook" else None for s in sources]
    scheme = examine.scheme_of(setup.scheme)
    filed = attribute(list(zip(sources, readings, strict=True)), campaign.roster, setup.season.year, scheme)
    filed = tuple(_assigned(entry, review, campaign) for entry in filed)
    judged = [_unit(unit_dossier, review, setup) for unit_dossier in _dossiers(campaign, filed)]
    units = tuple(one.result for one in judged if one.result)
    found: dict[str, list[Finding]] = {}
    for unit in units:
        for finding in unit.findings:
            found.setdefault(finding.file or "", []).append(finding)
    files = tuple(
        FileResult(
            e.source, e.status, e.unit.name if e.unit else None, (), None, tuple(found.get(e.source.path, e.findings))
        )
        for e in filed
    )
    packed = {one.result.unit.name: one.packed for one in judged if one.result}
    return Run(review, units, files, campaign, tuple(one.questions for one in judged), packed)


def _assigned(entry: Filed, review: Review, campaign: Campaign) -> Filed:
    name = assigned_unit(review, entry.source, campaign.roster)
    if entry.unit is not None or name is None:
        return entry
    unit = campaign.roster.find(None, name).unit
    claims = tuple(replace(claim, unit=claim.unit or unit) for claim in entry.claims)
    found = tuple(finding for finding in entry.findings if finding.code != "U01")
    return replace(entry, unit=unit, claims=claims, findings=found)


def _dossiers(campaign: Campaign, filed: Sequence[Filed]) -> list[Dossier]:
    dossiers = []
    for unit in campaign.roster.units:
        own = [entry for entry in filed if entry.unit == unit]
        forms = tuple((e.source, claim.submission) for e in own for claim in e.current if claim.unit == unit)
        found = tuple(f for e in own if e.status != "superseded" for f in e.findings)
        dossiers.append(Dossier(unit, forms, found, campaign.owed_by(unit), has_files=bool(own)))
    return dossiers


def _unit(dossier: Dossier, review: Review, setup: Setup) -> JudgedUnit:
    assert dossier.unit is not None
    scheme = examine.scheme_of(setup.scheme)
    share = share_of(review, dossier.unit.name)
    submissions = [submission for _, submission in dossier.forms]
    others = [tuple(other for other in submissions if other is not one) for one in submissions]
    forms = [
        Evaluated(source, submission, score(submission, scheme, rest))
        for (source, submission), rest in zip(dossier.forms, others, strict=True)
    ]
    decided = [
        replace(form, card=score(form.submission, scheme, rest, decisions)) if decisions else form
        for form, rest, decisions in zip(forms, others, share.decisions(forms), strict=True)
    ]
    found = settle((*dossier.found, *check_unit(dossier.unit, decided, scheme, setup.season)), scheme)
    return judged_of(
        dossier.unit,
        decided,
        share.waive(found),
        lambda results, waived: examine.standing(dossier, decided, results, waived, setup),
        every=True,
    )
