"""What a run depends on, noted when it has ended well, so that the next can tell whether there is anything to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.batch.earlier_years import watched
from evalbatch.batch.fingerprint import input_hashes
from evalbatch.batch.season_files import INPUTS, REVIEW
from evalbatch.batch.standing import Look, look_at, note
from evalbatch.campaign.folder import Campaign
from evalbatch.campaign.seal_marker import MARKER
from evalbatch.intake.disk import shown_name
from evalbatch.model import SourceFile
from evalbatch.storage.output_folder import STAGING
from evalbatch.unit.examine import Setup


@dataclass(frozen=True, slots=True)
class State:
    """A campaign as a run found it when it began, review.xlsx and the record excepted, which it may itself add to.

    `inputs` are the hashes of the campaign's other files.
    """

    campaign: Campaign
    output: Path
    look: Look
    inputs: Mapping[str, str]

    @classmethod
    def of(cls, campaign: Campaign, output: Path) -> "State":
        """Look at a campaign before anything of its inbox is read."""
        return cls(campaign, output, look_at(campaign.folder, output), input_hashes(campaign.folder))


def note_record(
    state: State, setup: Setup, sources: Sequence[SourceFile], review_sha256: str, record: Mapping[str, Any]
) -> None:
    """Note that this state led to the outputs that run.json's document names; `review_sha256` is of what it left.

    To be left out after a run of which another try might make more: where a file couldn't be had, took too long or
    cost a worker its life. Nothing is noted either of an inbox with files that weren't read to their end.
    """
    inbox = _inbox_hashes(state.look, sources)
    hashes = {**({REVIEW: review_sha256} if review_sha256 else {}), **state.inputs, **inbox}  # what changes most, first
    if all(inbox.values()) and not (state.output / STAGING).exists():
        note(state.campaign.folder, state.look, hashes, _watched(state, setup, hashes), record["sha256"])


def _inbox_hashes(look: Look, sources: Sequence[SourceFile]) -> dict[str, str]:
    """Give the hash of each file of the inbox by its name on disk, as it was read."""
    found = {source.path: source.sha256 for source in sources}
    names = [name for name in look.files if name.startswith("inbox/")]
    return {name: found.get(shown_name(name.removeprefix("inbox/")), "") for name in names}


def _watched(state: State, setup: Setup, hashes: Mapping[str, str]) -> list[Path]:
    """List the files of which size and time count, or that they aren't there."""
    campaign = state.campaign
    absent = [campaign.folder / name for name in INPUTS if name not in hashes]
    forms = [*setup.forms, *([setup.scheme] if setup.scheme else [])]
    return [*absent, *watched(campaign), *forms, campaign.folder / MARKER, state.output / STAGING]
