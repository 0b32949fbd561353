"""A Submission as inspect prints it: one element of "forms"."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evalbatch.model import BudgetLine, Cell, Entry, Indicator, Submission

MONEY = ("initial", "adjusted", "executed", "weight", "rate", "score")
HEADER = {
    "unit.name": "unit_name",
    "unit.code": "unit_code",
    "project.name": "project",
    "project.department": "department",
    **{
        key: key
        for key in (
            "year",
            "version",
            "prepared_by",
            "phone",
            "filled_on",
            "goal",
            "goal_actual",
            "total_weight",
            "total_score",
            "grade",
        )
    },
}


def to_json(submission: Submission) -> dict[str, Any]:
    """Return what inspect shows of a submission: numbers as numbers, what is blank null, cells of values only."""
    about = submission.project is not None or submission.department is not None or "project.name" in submission.cells
    shown: dict[str, Any] = {
        "form": submission.form,
        "kind": submission.kind,
        "sheet": submission.sheet,
        "title": submission.title,
        "year": submission.year,
        "version": submission.version,
        "prepared_by": submission.prepared_by,
        "phone": submission.phone,
        "filled_on": submission.filled_on.isoformat() if submission.filled_on else None,
        "goal": submission.goal,
        "goal_actual": submission.goal_actual,
        "unit": {"code": submission.unit_code, "name": submission.unit_name},
        "project": {"name": submission.project, "department": submission.department} if about else None,
        "budget": [_budget(line) for line in submission.budget],
        "indicators": [_indicator(indicator, submission.sheet) for indicator in submission.indicators],
        "total_weight": _number(submission.total_weight),
        "total_score": _number(submission.total_score),
        "grade": submission.grade,
        "reason": submission.cells["reason"].text if "reason" in submission.cells else None,
        "notes": [{"sheet": note.sheet, "cell": note.address, "value": note.text} for note in submission.notes],
        "cells": _addresses(
            submission.cells, {key for key, name in HEADER.items() if getattr(submission, name) is not None}
        ),
    }
    if submission.kind in ("data", "score") or submission.fields:
        shown["fields"] = {entry.name: _value(entry) for entry in submission.fields}
        shown["field_cells"] = {entry.name: entry.cell.address for entry in submission.fields if entry.text is not None}
    return shown


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _addresses(cells: Mapping[str, Cell], filled: set[str]) -> dict[str, str]:
    return {name: cell.address for name, cell in cells.items() if name in filled}


def _budget(line: BudgetLine) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in MONEY}
    filled = {name for name, value in values.items() if value is not None}
    numbers = {name: _number(value) for name, value in values.items()}
    return {"item": line.item, "kind": line.kind, **numbers, "cells": _addresses(line.cells, filled)}


def _indicator(row: Indicator, sheet: str) -> dict[str, Any]:
    """Return a row; "sheet" only where the form goes on, on another sheet."""
    texts = {name: getattr(row, name) for name in ("level1", "level2", "name", "target", "actual", "reason", "basis")}
    numbers = {name: _number(getattr(row, name)) for name in ("weight", "score")}
    filled = {name for name, value in (texts | numbers).items() if value not in (None, "")} - {"level1", "level2"}
    name = row.cells.get("name")
    elsewhere = {} if name is None or name.sheet == sheet else {"sheet": name.sheet}
    return {**texts, **numbers, **elsewhere, "cells": _addresses(row.cells, filled)}


def _value(entry: Entry) -> int | float | str | None:
    return _number(entry.number) if entry.number is not None else entry.text
