"""A form that goes on, on the next sheet: which table is no form of its own but the rest of the one before."""

from dataclasses import replace

from evalbatch.model import Submission
from evalbatch.reading.outline import Table

OWN = ("unit.name", "unit.code", "project.name", "project.department", "goal", "goal_actual")
"""Places of which the rest of a form has none."""
CLOSING = ("total_weight", "total_score", "grade", "prepared_by", "phone", "filled_on")
"""Places at the end of a form."""


def is_open(before: Submission) -> bool:
    """Whether a form has not come to its end: no total below its indicators, or no indicators at all."""
    return before.form in ("project", "whole-unit") and not {"total_score", "total_weight"} & before.cells.keys()


def is_rest(table: Table) -> bool:
    """Whether a table without a title of its own has only indicators, so that it can be the rest of a form."""
    headed = [header for header in table.indicators if header.columns.keys() & {"actual", "score"}]
    return bool(headed) and not (table.titles or table.money or table.projects or table.units)


def goes_on(before: Submission, after: Submission) -> bool:
    """Whether a submission is the rest of the one on the sheet before it: indicators, and nothing that names a form.

    One under a title of its own is the rest only where the title says so, 续表, or where the form before has no
    indicators.
    """
    if after.form != before.form or after.sheet == before.sheet or not is_open(before):
        return False
    alone = not after.budget and bool(after.indicators) and not after.cells.keys() & set(OWN)
    return alone and (not after.title or "续" in after.title or not before.indicators)


def joined(before: Submission, after: Submission) -> Submission:
    """Return a form together with its rest; each cell says for itself on which sheet it lies."""
    closing = {key: cell for key, cell in after.cells.items() if key in CLOSING}
    return replace(
        before,
        indicators=(*before.indicators, *after.indicators),
        total_weight=after.total_weight,
        total_score=after.total_score,
        grade=before.grade or after.grade,
        prepared_by=before.prepared_by or after.prepared_by,
        phone=before.phone or after.phone,
        filled_on=before.filled_on or after.filled_on,
        cells={**before.cells, **closing} if not before.grade else {**closing, **before.cells},
    )
