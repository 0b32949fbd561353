"""The inboxes that the benchmark measures: forms as they are now, read and scored like any unit's."""

from pathlib import Path

import pytest
from runs import Here

from benchmarks.campaigns import KINDS, make_campaign
from evalbatch.batch import run
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign

pytestmark = pytest.mark.command


@pytest.mark.parametrize("kind", KINDS)
def test_campaign__of_each_kind__is_read_whole_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """No file is rejected, nothing is owed, every unit has both scores."""
    monkeypatch.setattr(run, "Pool", Here)
    make_campaign(tmp_path / kind, kind, 4)
    campaign = load_campaign(tmp_path / kind)
    record = run_batch(campaign, campaign.output).record
    assert {file["status"] for file in record["files"]} <= {"accepted", "returned"}
    assert {unit["status"] for unit in record["units"]} <= {"complete", "returned"}
    assert all(unit["self_score"] and unit["verified_score"] for unit in record["units"])
