"""A Review in; what concerns one unit or one file, and every entry in plain words, out."""

from collections.abc import Iterator

from evalbatch.campaign.roster import Roster
from evalbatch.model import SourceFile
from evalbatch.review import assignments
from evalbatch.review.load import Review
from evalbatch.review.share import Share
from evalbatch.review.slip import Slip, escaped, plain
from evalbatch.review.weigh import day, name, words


def share_of(review: Review, unit: str) -> Share:
    """Give the part that concerns one unit by its roster name; "" for forms that belong to none."""
    return Share(unit, review.year, review.by_unit.get(plain(escaped(unit)), ()))


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
