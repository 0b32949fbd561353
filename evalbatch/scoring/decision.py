"""What a person decided about a line, and the key under which a line is found again."""

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
    ordinal = 1
    if line.kind == "indicator":
        earlier = submission.indicators[: line.index]
        ordinal += sum(plain(row.name) == plain(line.name) for row in earlier)
    parts = (submission.form, plain(submission.project), line.kind, plain(line.name), str(ordinal))
    return "|".join(part.replace("|", "/") for part in parts)
