"""One workbook named on the command line, judged by itself: what check and inspect do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.checks.findings import make_finding
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import source_of
from evalbatch.model import Finding, ReadFile, Reading, SourceFile, Submission
from evalbatch.pool.local import Lost, Pool
from evalbatch.reading.as_json import to_json
from evalbatch.tables.manifest import finding_json
from evalbatch.unit import examine
from evalbatch.unit.attribution import attribute
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.preparation import setup_of
from evalbatch.xlsx.limits import Limits


@dataclass(frozen=True, slots=True)
class Single:
    """What single workbooks are judged with: a campaign's setup, or the built-in forms and scheme."""

    setup: Setup
    campaign: Campaign | None
    pool: Pool


@contextmanager
def single_setup(within: Path | None) -> Iterator[Single]:
    """Make ready to judge single workbooks, inside the campaign `within` or outside any. Refused when it is broken."""
    campaign = load_campaign(within) if within else None
    setup = setup_of(campaign) if campaign else Setup(form_paths(None), None, Limits())
    with Pool(1, setup.limits.seconds, setup.limits.memory_bytes) as pool:
        yield Single(setup, campaign, pool)


def read_single(path: Path, single: Single) -> tuple[SourceFile, Reading]:
    """Open and read one workbook by itself; a refusal comes back as its finding."""
    source = source_of(path, single.setup.limits)
    if source.role != "workbook":
        refusal = source.refusal or make_finding("F03", file=source.path)
        return source, Reading(findings=(refusal,))
    [(_, result)] = single.pool.run(examine.read_file, [(path.parent, source, single.setup)])
    if isinstance(result, Lost):
        return source, Reading(findings=(examine.lost_finding(source.path, result, single.setup),))
    return source, result


def inspect_file(path: Path, single: Single) -> dict[str, Any]:
    """Return the contract's inspect document of one workbook."""
    _, reading = read_single(path, single)
    return {
        "file": str(path),
        "status": "rejected" if reading.rejected else "accepted",
        "forms": [to_json(submission) for submission in reading.submissions],
        "unused": [{"sheet": c.sheet, "cell": c.address, "value": c.text} for c in reading.unused],
        "findings": [finding_json(replace(finding, file=str(path))) for finding in reading.findings],
    }


def check_file(path: Path, single: Single) -> tuple[Literal["accepted", "returned", "rejected"], tuple[Finding, ...]]:
    """Return one workbook's status and all its findings, as its unit would see them before submitting."""
    source, reading = read_single(path, single)
    if reading.rejected:
        return "rejected", tuple(replace(finding, file=str(path)) for finding in reading.findings)
    dossier = _dossier(source, reading, single)
    [(_, result)] = single.pool.run(_found, [(dossier, single.setup)])
    if isinstance(result, Lost):
        result = (*dossier.found, examine.unjudged_finding(source.path, result, single.setup))
    found = tuple(replace(finding, file=str(path)) for finding in result)
    return ("returned" if any(f.severity == "must-fix" for f in found) else "accepted"), found


def _found(dossier: Dossier[Submission], setup: Setup) -> tuple[Finding, ...]:
    return examine.judge_unit(dossier, setup)[1]


def _dossier(source: SourceFile, reading: Reading, single: Single) -> Dossier[Submission]:
    forms = tuple((source, submission) for submission in reading.counted)
    if single.campaign is None or single.setup.season is None:
        return Dossier(None, forms, tuple(replace(f, file=source.path) for f in reading.findings))
    scheme = examine.scheme_of(single.setup.scheme)
    read = ReadFile(reading.submissions, reading.unused, reading.findings)
    [filed] = attribute([(source, read)], single.campaign.roster, single.setup.season.year, scheme)
    return Dossier(filed.unit, forms, filed.findings)
