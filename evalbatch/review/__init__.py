"""What people decide in review.xlsx: read before a run, and brought up to date after it."""

from collections.abc import Iterator

from evalbatch.campaign import Roster
from evalbatch.model import SourceFile
from evalbatch.review import assignments
from evalbatch.review.lines import lines_told
from evalbatch.review.load import FILE_NAME, Review, load_review
from evalbatch.review.share import Share
from evalbatch.review.slip import Slip, escaped
from evalbatch.review.weigh import day, name, words
from evalbatch.review.write import ReviewDraft, ReviewOutcome, draft_review, write_review

__all__ = [
    "FILE_NAME",
    "Review",
    "ReviewDraft",
    "ReviewOutcome",
    "Share",
    "assigned_unit",
    "draft_review",
    "entries",
    "lines_told",
    "load_review",
    "share_of",
    "write_review",
]


def share_of(review: Review, unit: str) -> Share:
    """Give the part that concerns one unit by its roster name; "" for forms that belong to none."""
    return Share(unit, review.year, review.by_unit.get(escaped(unit), ()))


def assigned_unit(review: Review, source: SourceFile, roster: Roster) -> str | None:
    """Give the roster's name of the unit that a person assigned a file, None without a valid entry."""
    return assignments.assigned_unit(review.of_files, source, roster)


def entries(review: Review) -> Iterator[dict[str, str]]:
    """Yield every entry as plain words, for the record: what was decided about what, by whom, when and why."""
    for slip in review.slips:
        if slip.filled:
            yield _entry(slip)


def _entry(slip: Slip) -> dict[str, str]:
    what, who, when, why = slip.entry
    on = day(when)
    return {
        "kind": slip.kind,
        "key": slip.key,
        "unit": slip.unit,
        "decision": words(what),
        "by": name(who),
        "on": on.isoformat() if on else words(when),
        "note": words(why),
        "content": slip.decided,
        "basis": slip.basis,
    }
