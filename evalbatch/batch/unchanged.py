"""Whether a run would leave what the last one left: all that it depends on is as it was, every output in its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.batch.remembered import Memory
from evalbatch.cache import key_of
from evalbatch.campaign import Campaign
from evalbatch.manifest import NAME
from evalbatch.model import SourceFile
from evalbatch.season import document_hash, file_hash


@dataclass(frozen=True, slots=True)
class State:
    """What a run depends on beside review.xlsx and the record, which it may itself add to.

    `inputs` are the hashes of the campaign's other files, as the run found them.
    """

    campaign: Campaign
    output: Path
    inputs: Mapping[str, str]
    sources: Sequence[SourceFile]

    def key(self, memory: Memory, review_sha256: str) -> bytes:
        """Name all that outputs come from; `review_sha256` is of review.xlsx as the run read it, or left it."""
        campaign = self.campaign
        files = sorted(self.inputs.items())
        before = [*campaign.record.glob("*.jsonl"), *(place / NAME for place in campaign.last_years_outputs)]
        stats = [(str(path), path.stat()) for path in sorted(before) if path.is_file()]
        record = [(name, found.st_size, found.st_mtime_ns) for name, found in stats]
        where = [campaign.name, str(campaign.folder.resolve()), str(self.output.resolve())]
        settings = repr(campaign.settings)
        return key_of("run", memory.common, settings, where, list(self.sources), files, review_sha256, record)


def note_record(memory: Memory, state: State, review_sha256: str, record: Mapping[str, Any]) -> None:
    """Remember that this state led to the outputs that run.json's document names."""
    memory.cache.put([(state.key(memory, review_sha256), record["sha256"].encode("ascii"))])


def standing_record(memory: Memory, state: State) -> dict[str, Any] | None:
    """Return run.json's document where this state led to it and every output that it names is there, to the byte."""
    review = state.campaign.review
    try:
        kept = memory.get(state.key(memory, file_hash(review) if review.exists() else ""))
        if kept is None:
            return None
        record: dict[str, Any] = json.loads((state.output / NAME).read_bytes())
        if record["sha256"] != kept.decode("ascii") or document_hash(record) != record["sha256"]:
            return None
        hashes = record["outputs"]["sha256"].items()
        return record if all(file_hash(state.output / name) == expected for name, expected in hashes) else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
