"""What a person decided about a line, and the key under which a line is found again."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evalbatch.model import ScoredLine, Submission
from evalbatch.scoring.words import plain


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of review.xlsx: the score that a person gave the line, None where only a remark was made."""

    key: str
    score: Decimal | None
    decided_by: str = ""
    on: date | None = None
    note: str = ""


def line_key(submission: Submission, line: ScoredLine) -> str:
    """Name a line so that it is found again in the next submission, wherever its row has moved.

    form | project | kind | indicator | ordinal among indicators of that name. Names are compared without blanks,
    numbering and the like, so that retyping one doesn't lose its decision.
    """
    return line_keys(submission, [line])[0]


def line_keys(submission: Submission, lines: Sequence[ScoredLine]) -> list[str]:
    """Name several lines of a form, each as `line_key` does."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(submission.indicators):
        places.setdefault(plain(row.name), []).append(place)
    whose = f"{submission.form}|{_part(plain(submission.project))}"
    keys = []
    for line in lines:
        name = plain(line.name)
        ordinal = 1 + (bisect_left(places.get(name, ()), line.index) if line.kind == "indicator" else 0)
        keys.append(f"{whose}|{line.kind}|{_part(name)}|{ordinal}")
    return keys


def _part(text: str) -> str:
    return text.replace("|", "/")
