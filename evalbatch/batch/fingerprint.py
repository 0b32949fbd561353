"""Files in, the hashes that tie a run's outputs to its inputs out."""

import hashlib
import json
from pathlib import Path

from evalbatch.batch.season_files import REVIEW, SETTINGS, input_files
from evalbatch.campaign.settings import load_settings
from evalbatch.model import Refused
from evalbatch.review.entries import entries
from evalbatch.review.load import load_review
from evalbatch.storage.hashes import file_hash

_DECISION = ("kind", "key", "unit", "decision", "by", "on", "note")


def input_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each of the campaign's own inputs that is there, but of review.xlsx, which runs rewrite."""
    return {name: file_hash(seen.path) for name, seen in sorted(input_files(folder).items()) if name != REVIEW}


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each of the campaign's own inputs that is there: run.json's "inputs".

    Of review.xlsx what people decided in it counts, not its bytes: runs rewrite it, and whoever only opens it and
    saves it has decided nothing. It is left out while nobody has decided anything.
    """
    found = input_hashes(folder)
    if decided := _decided(folder):
        found[REVIEW] = decided
    return dict(sorted(found.items()))


def _decided(folder: Path) -> str:
    """Return a hash of what was decided about what, by whom, when and why; "" for nothing."""
    path = folder / REVIEW
    try:
        review = load_review(path, _year(folder))
    except Refused:
        return file_hash(path)
    lines = sorted(json.dumps([entry[key] for key in _DECISION], ensure_ascii=False) for entry in entries(review))
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest() if lines else ""


def _year(folder: Path) -> int:
    try:
        return load_settings(folder / SETTINGS).year
    except Refused:
        return 0
