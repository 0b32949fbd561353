"""A workbook's forms in, the same with those marked that stand in it twice: each form counts once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from evalbatch.model import Cell, Finding, Submission
from evalbatch.reading import flaws
from evalbatch.reading.lexicon import plain

SET_ASIDE = re.compile("草稿|初稿|作废|备份|旧|样表|样例|示例")
"""A sheet so named holds the version that does not count."""
HEAD = ("goal", "goal_actual", "total_weight", "total_score", "grade", "prepared_by", "phone")
MONEY = ("initial", "adjusted", "executed", "weight", "rate", "score")
ROW = ("target", "actual", "weight", "score", "reason")
Value = tuple[str, Decimal | str | None, Cell | None]
"""A value's key, the value, and its cell."""


def mark_doubled(submissions: Sequence[Submission]) -> tuple[list[Submission], list[Finding]]:
    """Mark each form that is the same as another of the workbook and does not count; and say so, F14."""
    marked = list(submissions)
    findings: list[Finding] = []
    for at, one in enumerate(marked):
        for place in range(at):
            other = marked[place]
            if other.repeats is None and one.repeats is None and _same(other, one):
                drops = place if _rank(one) > _rank(other) else at
                kept, gone = (one, other) if drops == place else (other, one)
                findings.append(flaws.doubled(kept, gone, tuple(_differences(kept, gone))))
                marked[drops] = replace(gone, repeats=kept.sheet)
                one = marked[at]
    return marked, findings


def _same(one: Submission, other: Submission) -> bool:
    """Whether two forms are the same one; nameless projects are only where all their values are the same."""
    if one.form != other.form or _differ(one.year, other.year):
        return False
    if one.sheet == other.sheet and not _written_twice(one, other):
        return False
    if _differ(plain(one.unit_name or ""), plain(other.unit_name or "")):
        return False
    if plain(one.project or "") != plain(other.project or ""):
        return False
    return bool(one.project) or one.kind != "project" or not any(_differences(one, other))


def _written_twice(one: Submission, other: Submission) -> bool:
    """Whether two tables on one sheet are one form twice: each bears the name itself, and most rows are in both."""
    name = "project.name" if one.kind == "project" else "unit.name"
    if not (name in one.cells and name in other.cells and one.cells[name] != other.cells[name]):
        return False
    ours, theirs = ({value[0] for value in _values(form) if value[1] is not None} for form in (one, other))
    return 2 * len(ours & theirs) > max(len(ours), len(theirs))


def _differ(one: object, other: object) -> bool:
    """Whether two things are both said, and differ."""
    return bool(one) and bool(other) and one != other


def _rank(one: Submission) -> tuple[bool, date]:
    return not SET_ASIDE.search(one.sheet), one.filled_on or date.min


def _differences(one: Submission, other: Submission) -> Iterator[tuple[Value, Value]]:
    """Yield the values in which two forms differ."""
    ours, theirs = ({value[0]: value for value in _values(form)} for form in (one, other))
    for key in dict.fromkeys((*ours, *theirs)):
        first, second = (values.get(key, (key, None, None)) for values in (ours, theirs))
        if _said(first[1]) != _said(second[1]):
            yield first, second


def _said(value: Decimal | str | None) -> Decimal | str | None:
    return plain(value) or None if isinstance(value, str) else value


def _values(form: Submission) -> Iterator[Value]:
    """Yield every value of a form under a key that is the same in its copies."""
    for name in HEAD:
        yield name, getattr(form, name), form.cells.get(name)
    for at, line in enumerate(form.budget):
        for name in MONEY:
            yield f"{at}{line.item} {name}", getattr(line, name), line.cells.get(name)
    for at, row in enumerate(form.indicators):
        for name in ROW:
            yield f"{at}{row.name} {name}", getattr(row, name), row.cells.get(name)
    for entry in form.fields:
        yield entry.name, entry.number if entry.number is not None else entry.text, entry.cell
