"""Findings in, items out: one thing to correct or to ask, named so that it is known again in the next submission.

A finding may lie elsewhere in the next submission, and neighbours that say the same are one finding there or two.
An item is neither: it is known by its code and by what it is about, a place of the form or a thing of the checks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from evalbatch.model import Finding, Severity
from evalbatch.model.value import value
from evalbatch.text.folding import one_width

BEYOND_CORRECTION = frozenset({"U04"})
"""A submission that came late stays late; its unit's standing says so."""
_BY_CELL = frozenset({"cell", "文字"})
"""Subjects that name the cell or its text, not the thing: where the cell lies in the form says it better."""


@value
class Item:
    """One thing to correct or to ask. `about` names it within its form, `place` says it to people."""

    code: str
    severity: Severity
    about: str
    title: str
    place: str
    sheet: str | None
    cell: str | None
    value: str | None
    expected: str | None
    message: str
    file: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by in the next submission."""
        return self.code, self.about

    @property
    def facts(self) -> tuple[str | None, ...]:
        """What was found, apart from its wording: another wording of the same is no other history."""
        return (self.code, self.severity, self.about, self.sheet, self.cell, self.value, self.expected)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) is not None}

    @classmethod
    def of_json(cls, entry: Mapping[str, Any]) -> "Item":
        """Return what `to_json` gave; what a later version added is left out."""
        return cls(**{name: entry.get(name) for name in _FIELDS})  # type: ignore[arg-type]


_FIELDS = tuple(field.name for field in fields(Item))


def countable(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What a unit can be asked to rectify: must-fix and query, not what no new submission could cure."""
    return (f for f in findings if f.severity != "note" and f.code not in BEYOND_CORRECTION)


def items_of(findings: Iterable[Finding]) -> tuple[Item, ...]:
    """Return the items of one form, each once, in the order of its findings."""
    items: dict[tuple[str, str], Item] = {}
    for finding in countable(findings):
        for item in _of_form(finding):
            items.setdefault(item.key, item)
    return tuple(items.values())


def loose_items(findings: Iterable[Finding]) -> tuple[Item, ...]:
    """Return items of no form that was read: owed forms that are missing, files that can't be opened."""
    items: dict[tuple[str, str], Item] = {}
    for finding in countable(findings):
        things = finding.subject[1:] or finding.subject
        about = "·".join(part for part in (finding.file, *(things or (finding.cell or "",))) if part)
        item = _item(finding, about or finding.message, finding.file or "", finding.cell)
        items.setdefault(item.key, item)
    return tuple(items.values())


def _of_form(finding: Finding) -> Iterator[Item]:
    things = finding.subject[1:] if finding.subject and finding.subject[0] not in _BY_CELL else ()
    if len(finding.places) == len(things) > 1:
        for thing, (cell, place) in zip(things, finding.places, strict=True):
            yield _item(finding, thing, place, cell)
    elif finding.places and _is_by_cell(things):
        for cell, place in finding.places:
            yield _item(finding, place, place, cell)
    elif things:
        thing = things[0]
        yield _item(finding, thing, finding.places[0][1] if len(finding.places) == 1 else thing, finding.cell)
    else:
        yield _item(finding, finding.cell or "", finding.cell or "", finding.cell)


def _is_by_cell(things: Sequence[str]) -> bool:
    """Whether each cell of a range is an item: so are an indicator's own cells, not the whole form's sums."""
    return not things or (things[0].startswith("指标·") and not things[0].endswith("·下级"))


def _item(finding: Finding, about: str, place: str, cell: str | None) -> Item:
    return Item(
        code=finding.code,
        severity=finding.severity,
        about="".join(one_width(about).split()),
        title=finding.title or finding.code,
        place=place,
        sheet=finding.sheet,
        cell=cell,
        value=finding.value,
        expected=finding.expected,
        message=finding.message,
        file=finding.file,
    )
