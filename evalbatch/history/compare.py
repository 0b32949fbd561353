"""Two submissions of one form in; what changed, which findings it cleared or added, its effect on the score out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.history.items import Item
from evalbatch.history.places import Columns, Values, numbered
from evalbatch.history.versions import Judged
from evalbatch.model.words import COLUMN


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another: `place` is the row or the place of the form, `column` its column, "" without one.

    `old` is None for what was added, `new` for what was dropped.
    """

    place: str
    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One scored line, or the total, whose points are others now."""

    name: str
    self_before: Decimal | None
    self_after: Decimal | None
    verified_before: Decimal | None
    verified_after: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one submission changed against the one before: values, items, points."""

    changes: tuple[Change, ...]
    cleared: tuple[Item, ...]
    added: tuple[Item, ...]
    kept: tuple[Item, ...]
    lines: tuple[ScoreChange, ...]
    total: ScoreChange


def compare(old: Values, new: Values, before: Judged, after: Judged) -> Comparison:
    """Compare what the record keeps of two submissions."""
    had, has = {item.key for item in before.items}, {item.key for item in after.items}
    return Comparison(
        changes=tuple(_changes(old, new)),
        cleared=tuple(item for item in before.items if item.key not in has),
        added=tuple(item for item in after.items if item.key not in had),
        kept=tuple(item for item in after.items if item.key in had),
        lines=tuple(_line_changes(before, after)),
        total=ScoreChange("总分", before.self_score, after.self_score, before.verified_score, after.verified_score),
    )


def _changes(old: Values, new: Values) -> Iterator[Change]:
    for name in _names(old.head, new.head):
        if old.head.get(name) != new.head.get(name):
            yield Change(name, "", old.head.get(name), new.head.get(name))
    yield from _row_changes(old.money, new.money)
    yield from _row_changes(old.rows, new.rows)
    before, after = _fields(old), _fields(new)
    for name in _names(before, after):
        if before.get(name) != after.get(name):
            yield Change(name, "", before.get(name), after.get(name))


def _row_changes(old: Sequence[tuple[str, Columns]], new: Sequence[tuple[str, Columns]]) -> Iterator[Change]:
    """Rows are paired by name; rows left over that say the same under another name have been renamed."""
    before, after = _rows(old), _rows(new)
    gone = [name for name in before if name not in after]
    renamed: dict[str, str] = {}
    for name in after:
        if name not in before and (was := next((g for g in gone if before[g] == after[name]), None)):
            gone.remove(was)
            renamed[name] = was
    for name, columns in after.items():
        earlier = before.get(renamed.get(name, name))
        if name in renamed:
            yield Change(renamed[name], COLUMN["name"], renamed[name], name)
        elif earlier is None:
            yield Change(name, "", None, _said(columns))
        else:
            for column in _names(earlier, columns):
                if earlier.get(column) != columns.get(column):
                    yield Change(name, column, earlier.get(column), columns.get(column))
    for name in gone:
        yield Change(name, "", _said(before[name]), None)


def _line_changes(before: Judged, after: Judged) -> Iterator[ScoreChange]:
    old = {line.name: line for line in before.lines}
    new = {line.name: line for line in after.lines}
    for name in _names(old, new):
        was, now = old.get(name), new.get(name)
        change = ScoreChange(
            name,
            was.self_score if was else None,
            now.self_score if now else None,
            was.verified_score if was else None,
            now.verified_score if now else None,
        )
        if (change.self_before, change.verified_before) != (change.self_after, change.verified_after):
            yield change


def _names(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """All names in the later one's order, then those that only the earlier one has."""
    return list(dict.fromkeys((*new, *old)))


def _rows(rows: Sequence[tuple[str, Columns]]) -> dict[str, Columns]:
    return dict(zip(numbered(name for name, _ in rows), (columns for _, columns in rows), strict=True))


def _fields(values: Values) -> dict[str, str]:
    names = numbered(name for name, _ in values.fields)
    return dict(zip(names, (text for _, text in values.fields), strict=True))


def _said(columns: Columns) -> str:
    """A row in one line, for one that was added or dropped."""
    return "；".join(f"{name}：{text}" for name, text in columns.items()) or "（空行）"
