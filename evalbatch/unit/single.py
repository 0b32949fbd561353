"""One workbook named on the command line, judged by itself: what check and inspect do.

This process asks and a worker answers: only the worker imports what reads and judges (`unit.alone`), so that nobody
waits for the same imports twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evalbatch.model import Finding, Reading, SourceFile
from evalbatch.pool.local import Lost, Pool
from evalbatch.xlsx.limits import Limits

if TYPE_CHECKING:
    from evalbatch.campaign.folder import Campaign
    from evalbatch.campaign.roster import Roster
    from evalbatch.reading.drawn_table import RowPlaces
    from evalbatch.unit.examine import Setup


@dataclass(frozen=True, slots=True)
class Single:
    """What single workbooks are judged with: a campaign and its setup, or None for the built-in forms and scheme."""

    setup: "Setup | None"
    campaign: "Campaign | None"
    pool: Pool


@contextmanager
def single_setup(within: Path | None) -> Iterator[Single]:
    """Make ready to judge single workbooks, inside the campaign `within` or outside any. Refused when it is broken."""
    campaign, setup, limits = None, None, Limits()
    if within:
        from evalbatch.campaign.folder import load_campaign
        from evalbatch.unit.preparation import setup_of

        campaign = load_campaign(within)
        setup = setup_of(campaign)
        limits = setup.limits
    with Pool(1, limits.seconds, limits.memory_bytes) as pool:
        yield Single(setup, campaign, pool)


def read_single(path: Path, single: Single) -> tuple[SourceFile | None, Reading]:
    """Open and read one workbook by itself; a refusal is its finding. The source is None where the worker was lost."""
    [(_, result)] = single.pool.run(_read, [(path, single.setup)])
    if isinstance(result, Lost):
        from evalbatch.unit import alone

        return None, alone.unread(path, result, single.setup)
    source, reading = result
    return source, reading


def read_published(path: Path, single: Single) -> tuple[Reading, "RowPlaces"]:
    """Read a workbook, a .docx or a PDF; the second part says where people find a document's rows."""
    [(_, result)] = single.pool.run(_read_published, [(path, single.setup)])
    if isinstance(result, Lost):
        from evalbatch.unit import alone

        return alone.unread(path, result, single.setup), {}
    reading, places = result
    return reading, places


def inspect_file(path: Path, single: Single) -> dict[str, Any]:
    """Return the contract's inspect document of one workbook."""
    from evalbatch.reading.as_json import to_json
    from evalbatch.tables.manifest import finding_json

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
    if source is None or reading.rejected:
        return "rejected", tuple(replace(finding, file=str(path)) for finding in reading.findings)
    task = source, reading, single.setup, single.campaign.roster if single.campaign else None
    [(_, result)] = single.pool.run(_judge, [task])
    if isinstance(result, Lost):
        from evalbatch.unit import alone

        result = alone.unjudged(*task, result)
    found = tuple(replace(finding, file=str(path)) for finding in result)
    return ("returned" if any(f.severity == "must-fix" for f in found) else "accepted"), found


def _read(path: Path, setup: "Setup | None") -> tuple[SourceFile, Reading]:
    from evalbatch.unit import alone

    return alone.read(path, setup)


def _read_published(path: Path, setup: "Setup | None") -> tuple[Reading, "RowPlaces"]:
    from evalbatch.unit import alone

    return alone.read_published(path, setup)


def _judge(source: SourceFile, reading: Reading, setup: "Setup | None", roster: "Roster | None") -> tuple[Finding, ...]:
    from evalbatch.unit import alone

    return alone.judge(source, reading, setup, roster)
