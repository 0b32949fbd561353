"""A submission in, its values out, each under the place a clerk knows it by: what two submissions are compared by.

Values, not cells: a file that is saved again, its rows moved, its numbers written with other separators, has the
same values and is no new submission. What could not be read as a value stands as the text that is seen.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evalbatch.model import BudgetLine, Cell, Indicator, Submission
from evalbatch.model.words import COLUMN, HEAD

_HEAD = {
    "unit.name": "unit_name",
    "unit.code": "unit_code",
    "year": "year",
    "project.name": "project",
    "project.department": "department",
    "prepared_by": "prepared_by",
    "phone": "phone",
    "filled_on": "filled_on",
    "goal": "goal",
    "goal_actual": "goal_actual",
    "total_weight": "total_weight",
    "total_score": "total_score",
    "grade": "grade",
    "version": "version",
}
"""The places of a form that it has once, each with the attribute that has its value."""
_MONEY = ("initial", "adjusted", "executed", "rate", "weight", "score")
_ROW = ("level1", "level2", "target", "actual", "weight", "score", "reason", "basis")
_FROM_CELLS = ("bound", "measure")
_RANGE = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
_LONGEST_NUMBER = 40

Columns = Mapping[str, str]
Places = Mapping[str, str]
"""What people call each cell of a sheet, by its address."""


@dataclass(frozen=True, slots=True)
class Values:
    """Everything filled in: named places of the form, rows of money, rows of indicators, named fields.

    A row is its name and its columns, blank ones left out.
    """

    head: Mapping[str, str]
    money: tuple[tuple[str, Columns], ...]
    rows: tuple[tuple[str, Columns], ...]
    fields: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"head": self.head, "money": self.money, "rows": self.rows, "fields": self.fields}

    @classmethod
    def of_json(cls, entry: Mapping[str, Any]) -> "Values":
        """Return what `to_json` gave."""
        return cls(
            head=entry["head"],
            money=tuple((name, columns) for name, columns in entry["money"]),
            rows=tuple((name, columns) for name, columns in entry["rows"]),
            fields=tuple((name, text) for name, text in entry["fields"]),
        )


def values_of(submission: Submission) -> Values:
    """Return a submission's values, amounts in 万元 whatever the form used."""
    head = {
        HEAD[key]: text
        for key, attribute in _HEAD.items()
        if (text := _text(getattr(submission, attribute), submission.cells.get(key))) is not None
    }
    if reason := submission.cells.get("reason"):  # one for all rows, which no row has for its own
        head |= {COLUMN["reason"]: reason.text} if reason.text else {}
    return Values(
        head=head | {"金额单位": submission.money_measure},
        money=tuple((line.item, _columns(line, _MONEY)) for line in submission.budget),
        rows=tuple((row.name, _columns(row, _ROW) | _beside(row)) for row in submission.indicators),
        fields=tuple(
            (entry.name, text)
            for entry in submission.fields
            if (text := _text(entry.number if entry.number is not None else entry.text, entry.cell)) is not None
        ),
    )


def places_of(submission: Submission) -> dict[str, Places]:
    """Return what people call each cell of a submission, by its sheet and its address: 活动场次·实际完成值."""
    places: dict[str, dict[str, str]] = {}
    for place, cell in _named_cells(submission):
        places.setdefault(cell.sheet, {}).setdefault(cell.address, place)
    return dict(places)


def cells_within(reference: str, places: Places) -> tuple[str, ...]:
    """Return the addresses among `places` that lie in one column's range such as F14:F17, from top to bottom.

    >>> cells_within("F14:F17", {"F17": "丙·得分", "F14": "甲·得分", "G15": "乙·分值", "F18": "丁·得分"})
    ('F14', 'F17')
    """
    if reference in places:
        return (reference,)
    match = _RANGE.fullmatch(reference)
    if match is None or not match[4]:
        return ()
    first, last = int(match[2]), int(match[4])
    found = [
        (int(own[2]), address)
        for address in places
        if (own := _RANGE.fullmatch(address)) and own[1] == match[1] and first <= int(own[2]) <= last
    ]
    return tuple(address for _, address in sorted(found))


def numbered(names: Iterator[str]) -> Iterator[str]:
    """Tell equal names apart by their order: 活动场次, 活动场次#2.

    >>> list(numbered(iter(["场次", "人数", "场次"])))
    ['场次', '人数', '场次#2']
    """
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}"


def _named_cells(submission: Submission) -> Iterator[tuple[str, Cell]]:
    for key, cell in submission.cells.items():
        yield HEAD.get(key) or COLUMN.get(key, key), cell
    groups: tuple[tuple[BudgetLine | Indicator, str], ...] = (
        *((line, line.item) for line in submission.budget),
        *((row, row.name) for row in submission.indicators),
    )
    for (row, _), name in zip(groups, numbered(name for _, name in groups), strict=True):
        for column, cell in row.cells.items():
            yield f"{name}·{COLUMN.get(column, column)}", cell
    for entry in submission.fields:
        yield entry.name, entry.cell


def _columns(row: BudgetLine | Indicator, columns: tuple[str, ...]) -> dict[str, str]:
    return {
        COLUMN[column]: text
        for column in columns
        if (text := _text(getattr(row, column), row.cells.get(column))) is not None
    }


def _beside(row: Indicator) -> dict[str, str]:
    """Columns that the reader joins into the target, where the form has them."""
    return {COLUMN[c]: row.cells[c].text for c in _FROM_CELLS if c in row.cells and row.cells[c].text}


def _text(value: object, cell: Cell | None) -> str | None:
    """A value as text, one text for equal values; where none was read, what is seen in its cell."""
    if value is None:
        return (cell.text or cell.flaw or None) if cell else None
    if isinstance(value, Decimal):
        return plain_number(value)
    return str(value)


def plain_number(value: Decimal) -> str:
    """Write a number without needless zeros; an absurdly long one keeps its exponent.

    >>> plain_number(Decimal("1160.00")), plain_number(Decimal("9.720")), plain_number(Decimal("1E+2"))
    ('1160', '9.72', '100')
    """
    text = str(value)
    if not value.is_finite():
        return text
    if "E" in text or len(text) > _LONGEST_NUMBER:
        if abs(value.adjusted()) > _LONGEST_NUMBER:
            return text
        text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
