"""Where one unit stands after a run: what it has submitted, what is open. A new one is kept when it differs."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evalbatch.history.items import Item, loose_items
from evalbatch.history.versions import Version, digest, number, points
from evalbatch.model import FileResult, UnitResult

STRANGERS = ""
"""The name under which files of no unit are kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's state. `forms` are the record's keys of each current submission and its judgement.

    `unread` are files of which nothing counts, with their hashes: those that can't be read, and those whose forms are
    of another year; `items` are what concerns no form that counts; `day` the latest day of anything that the unit has
    sent.
    """

    name: str
    code: str = ""
    status: str = ""
    late: bool = False
    missing: tuple[str, ...] = ()
    self_score: Decimal | None = None
    verified_score: Decimal | None = None
    forms: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    day: dt.date | None = None

    @property
    def delivered(self) -> tuple[object, ...]:
        """What the unit has sent: as long as it stays, the unit has not answered yet."""
        return tuple(sorted(version for version, _ in self.forms)), self.unread

    @property
    def facts(self) -> str:
        """The hash of everything but wording and dates: a file that was merely touched is no other standing."""
        return digest(self.to_json() | {"items": [item.facts for item in self.items], "day": None})

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "name": self.name,
            "code": self.code,
            "status": self.status,
            "late": self.late,
            "missing": self.missing,
            "self": points(self.self_score),
            "verified": points(self.verified_score),
            "forms": self.forms,
            "unread": self.unread,
            "items": [item.to_json() for item in self.items],
            "day": self.day.isoformat() if self.day else None,
        }

    @classmethod
    def of_json(cls, entry: Mapping[str, Any]) -> "Standing":
        """Return what `to_json` gave."""
        return cls(
            name=entry["name"],
            code=entry["code"],
            status=entry["status"],
            late=entry["late"],
            missing=tuple(entry["missing"]),
            self_score=number(entry["self"]),
            verified_score=number(entry["verified"]),
            forms=tuple((version, judged) for version, judged in entry["forms"]),
            unread=tuple((path, sha) for path, sha in entry["unread"]),
            items=tuple(Item.of_json(item) for item in entry["items"]),
            day=dt.date.fromisoformat(entry["day"]) if entry["day"] else None,
        )


def standing_of(
    unit: UnitResult,
    forms: Sequence[tuple[str, str]],
    loose: tuple[Item, ...],
    files: Iterable[FileResult],
    versions: Sequence[Version],
) -> Standing:
    """Return a unit's standing; `loose` are its items of no form, `versions` its submissions."""
    asked, counted = {item.file for item in loose}, {version.sha256 for version in versions}
    unread = [
        file.source
        for file in files
        if file.status == "rejected" or (file.source.path in asked and file.source.sha256 not in counted)
    ]
    return Standing(
        name=unit.unit.name,
        code=unit.unit.code,
        status=unit.status,
        late=unit.late,
        missing=unit.missing_forms,
        self_score=unit.self_score,
        verified_score=unit.verified_score,
        forms=tuple(sorted(forms)),
        unread=tuple(sorted((source.path, source.sha256) for source in unread)),
        items=loose,
        day=max((*(version.day for version in versions), *(source.modified.date() for source in unread)), default=None),
    )


def strangers_of(files: Iterable[FileResult]) -> Standing | None:
    """Return what is open in files of no unit, None when there is nothing."""
    own = [
        file
        for file in files
        if file.unit is None and file.status in ("accepted", "returned", "rejected", "unassigned")
    ]
    items = loose_items(finding for file in own for finding in file.findings)
    if not items:
        return None
    return Standing(
        name=STRANGERS,
        unread=tuple(sorted((file.source.path, file.source.sha256) for file in own)),
        items=items,
        day=max(file.source.modified.date() for file in own),
    )
