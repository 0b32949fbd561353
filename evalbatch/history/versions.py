"""One form as submitted once, and how it was judged: what the record keeps of it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from evalbatch.history.items import Item
from evalbatch.history.places import plain_number
from evalbatch.model import FormName
from evalbatch.model.files import day_filled
from evalbatch.storage.journal import canonical

Thread = tuple[str, FormName, int, str, int]
"""One form of one unit through all its submissions: unit, form, the campaign's year, project, and which of several in
one file. A form that bears another year is a submission of the same form: the year is what will be corrected."""


@dataclass(frozen=True)
class Version:
    """One submission of a form. `content` is the hash of its values; `day` its fill date, else its file's.

    The thread knows the project by its folded name, `project` is the name as written.
    """

    thread: Thread
    content: str
    project: str | None
    file: str
    sha256: str
    filled_on: dt.date | None
    mark: tuple[int, ...]
    modified: dt.datetime
    year: int | None = None

    @property
    def rank(self) -> tuple[Any, ...]:
        """Which of two submissions is the later: the campaign's year, fill date, mark of the name, file time, name."""
        of_the_year = self.year in (None, self.thread[2])
        return (
            of_the_year,
            day_filled(self.filled_on, self.modified) or dt.date.min,
            self.mark,
            self.modified,
            self.file,
        )

    @property
    def day(self) -> dt.date:
        """The day it is dated."""
        return day_filled(self.filled_on, self.modified) or self.modified.date()

    @cached_property
    def key(self) -> str:
        """What the record knows it by."""
        return digest("submission", self.thread, self.content, self.filled_on, self.mark, self.modified)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "thread": self.thread,
            "content": self.content,
            "project": self.project,
            "file": self.file,
            "sha256": self.sha256,
            "filled_on": self.filled_on.isoformat() if self.filled_on else None,
            "mark": self.mark,
            "modified": self.modified.isoformat(),
            "year": self.year,
        }

    @classmethod
    def of_json(cls, entry: Mapping[str, Any]) -> "Version":
        """Return what `to_json` gave."""
        unit, form, year, project, ordinal = entry["thread"]
        return cls(
            thread=(unit, form, year, project, ordinal),
            content=entry["content"],
            project=entry["project"],
            file=entry["file"],
            sha256=entry["sha256"],
            filled_on=dt.date.fromisoformat(entry["filled_on"]) if entry["filled_on"] else None,
            mark=tuple(entry["mark"]),
            modified=dt.datetime.fromisoformat(entry["modified"]),
            year=entry.get("year"),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One scored line's points, under the name of its indicator."""

    name: str
    self_score: Decimal | None
    verified_score: Decimal | None


@dataclass(frozen=True)
class Judged:
    """How one submission was judged: its totals, its lines, and the items found in it.

    `told_lines` are the lines as JSON: a record holds some thousand forms, and looks at the lines of few.
    """

    self_score: Decimal | None = None
    verified_score: Decimal | None = None
    self_grade: str | None = None
    verified_grade: str | None = None
    pending: int = 0
    told_lines: str = "[]"
    items: tuple[Item, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Each scored line's points."""
        return tuple(Line(name, number(own), number(verified)) for name, own, verified in json.loads(self.told_lines))

    def key(self, version: str) -> str:
        """What the record knows the judging of this submission by: its facts, not their wording."""
        return digest("judgement", version, self._scores, [item.facts for item in self.items])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return self._scores | {"items": [item.to_json() for item in self.items]}

    @property
    def _scores(self) -> dict[str, Any]:
        return {
            "self": points(self.self_score),
            "verified": points(self.verified_score),
            "self_grade": self.self_grade,
            "verified_grade": self.verified_grade,
            "pending": self.pending,
            "lines": json.loads(self.told_lines),
        }

    @classmethod
    def of_json(cls, entry: Mapping[str, Any]) -> "Judged":
        """Return what `to_json` gave."""
        return cls(
            self_score=number(entry["self"]),
            verified_score=number(entry["verified"]),
            self_grade=entry["self_grade"],
            verified_grade=entry["verified_grade"],
            pending=entry["pending"],
            told_lines=json.dumps(entry["lines"], ensure_ascii=False),
            items=tuple(Item.of_json(item) for item in entry["items"]),
        )


def digest(*about: object) -> str:
    """Return a short hash of what an entry is about: 32 hexadecimal digits."""
    return sha256(canonical([_plain(part) for part in about])).hexdigest()[:32]


def _plain(part: object) -> object:
    return part.isoformat() if isinstance(part, dt.date) else part


def points(score: Decimal | None) -> str | None:
    """Return a score as the record writes it."""
    return None if score is None else plain_number(score)


def number(text: str | None) -> Decimal | None:
    """Return what `points` wrote."""
    return None if text is None else Decimal(text)
