"""A form that goes on, on the next sheet: which table is no form of its own but the rest of the one before."""

from dataclasses import replace

from evalbatch.model import Cell, Submission
from evalbatch.reading.lexicon import Lexicon, plain
from evalbatch.reading.numbers import measure_in, year_alone
from evalbatch.reading.outline import Table

OWN = ("unit.name", "unit.code", "project.name", "project.department", "goal", "goal_actual")
"""Places of which the rest of a form has none."""
CLOSING = ("total_weight", "total_score", "grade", "prepared_by", "phone", "filled_on")
"""Places at the end of a form."""


def is_open(before: Submission) -> bool:
    """Whether a form has not come to its end: no total below its indicators, or no indicators at all."""
    return before.kind in ("project", "whole-unit") and not {"total_score", "total_weight"} & before.cells.keys()


def is_rest(table: Table, lexicon: Lexicon) -> bool:
    """Whether a table has only indicators, so that it can be the rest of a form: no title of its own or of another."""
    headed = [header for header in table.indicators if header.columns.keys() & {"actual", "score"}]
    if not headed or table.titles or table.money or table.projects or table.units:
        return False
    return all(_is_furniture(cell.text, lexicon) for cell in above(table))


def above(table: Table) -> list[Cell]:
    """Return what stands above the header of a form's rest."""
    return [cell for row in range(table.first, table.indicators[0].top) for cell in table.sheet.row(row)]


def _is_furniture(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is what any page may have above a table: 续表, a year, 第2页, 单位：万元."""
    said = plain(text)
    return bool("续" in said or year_alone(said) or measure_in(said) or lexicon.decoys["attachment"].match(said))


def goes_on(before: Submission, after: Submission) -> bool:
    """Whether a submission is the rest of the one on the sheet before it: indicators, and nothing that names a form.

    One under a title of its own is the rest only where the title says so, 续表, or where the form before has no
    indicators.
    """
    if after.form != before.form or after.sheet == before.sheet or not is_open(before):
        return False
    alone = not after.budget and bool(after.indicators) and _names_nothing_else(before, after)
    return alone and (not after.title or "续" in after.title or not before.indicators) and _is_alike(before, after)


def _names_nothing_else(before: Submission, after: Submission) -> bool:
    """Whether nothing names a form of its own; the next page may say the project's name again."""
    again = after.project is not None and after.project == before.project
    return not after.cells.keys() & set(OWN) - ({"project.name"} if again else set())


def _is_alike(before: Submission, after: Submission) -> bool:
    """Whether the indicators go on with weights and scores, where those before have them."""
    columns = [{"weight", "score"} & one.indicators[-1].cells.keys() for one in (before, after) if one.indicators]
    return len(set(map(frozenset, columns))) == 1


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
