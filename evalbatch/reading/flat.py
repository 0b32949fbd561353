"""One flat table of several projects, a project's name in every row or merged down: one table for each project out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evalbatch.model import BudgetLine, Cell, Submission
from evalbatch.reading.header import AMOUNTS, Header
from evalbatch.reading.lexicon import Lexicon, label_of
from evalbatch.reading.money import values_of
from evalbatch.reading.numbers import measure_in, points_of
from evalbatch.reading.outline import Table
from evalbatch.reading.sheet import Sheet

FIELDS = {"project.name": "project", "project.department": "department", "unit.name": "unit_name"}
FIELDS |= {"unit.filling": "unit_name", "unit.office": "department", "grade": "grade"}
NUMBERS = ("initial", "adjusted", "executed", "rate")


@dataclass
class Project:
    """One project of a flat table: its rows from `first` to `last`, and what its own columns say."""

    first: int
    last: int
    texts: dict[str, Cell] = field(default_factory=dict)
    amounts: dict[str, Cell] = field(default_factory=dict)


def projects_of(table: Table, lexicon: Lexicon) -> list[Project]:
    """Return the projects of a table with a column 项目名称; none where it is no such table."""
    named = {lexicon.title_form(title.text) for title in table.titles} - {None, "project"}
    if len(table.indicators) != 1 or table.money or named:
        return []
    sheet, header = table.sheet, table.indicators[0]
    fields, amounts = _columns(sheet, header, lexicon)
    name = next((column for column, concept in fields.items() if concept == "project.name"), None)
    if name is None or name >= min(column.first for column in header.columns.values()):
        return []
    found: list[Project] = []
    sums: dict[int, int] = {}
    for row in range(header.bottom + 1, table.last + 1):
        if not sheet.row(row):
            continue
        if (adds := _adds(sheet, row, lexicon)) and found:
            if adds == "subtotal":
                found[-1].last = row
            else:
                sums.setdefault(len(found), row)
            continue
        said = sheet.owner(row, name)
        if said.filled and (not found or said.text != found[-1].texts["project.name"].text):
            found.append(Project(row, row, {"project.name": said}))
        if not found or (not said.filled and not _is_row(sheet, header, row)):
            break
        found[-1].last = row
        _take(sheet, row, fields, found[-1].texts)
        _take(sheet, row, amounts, found[-1].amounts)
    if len(sums) == len(found):  # a sum for each project; fewer are of all projects together
        for order, one in enumerate(found, 1):
            one.last = sums[order]
    return found


def _adds(sheet: Sheet, row: int, lexicon: Lexicon) -> str | None:
    """Return what a row that adds up others adds up: total or subtotal."""
    return next((kind for cell in sheet.row(row)[:2] if (kind := lexicon.sum_of(cell.text))), None)


def _columns(sheet: Sheet, header: Header, lexicon: Lexicon) -> tuple[dict[int, str], dict[int, str]]:
    """Return the columns of a header that say whose the row is, and those of its money, by column."""
    heads = [cell for row in range(header.top, header.bottom + 1) for cell in sheet.row(row)]
    own = {column.first for column in header.columns.values()}
    free = [cell for cell in heads if cell.column not in own]
    fields = {
        cell.column: what for cell in free if (what := lexicon.find("field", cell.text)) in {*FIELDS, "total_score"}
    }
    money = {cell.column: what for cell in free if (what := lexicon.find("money", cell.text)) in NUMBERS}
    return {at: str(what) for at, what in fields.items()}, {at: str(what) for at, what in money.items()}


def _is_row(sheet: Sheet, header: Header, row: int) -> bool:
    """Whether a row without a project's name has an indicator, as the rows of a project below its first."""
    return any((cell := header.value(sheet, row, role)) and cell.filled for role in ("name", "target", "actual"))


def _take(sheet: Sheet, row: int, columns: Mapping[int, str], found: dict[str, Cell]) -> None:
    for column, concept in columns.items():
        cell = sheet.at(row, column)
        if cell.filled:
            found.setdefault(concept, cell)
            if found[concept].text == cell.text:
                sheet.know(cell)


def split(table: Table, projects: list[Project], lexicon: Lexicon) -> Iterator[Table]:
    """Yield the table of each project alone: its rows, the header, and the lines above and below that are for all."""
    for one in projects:
        every = range(table.indicators[0].bottom + 1, table.last + 1)
        sheet = replace(table.sheet, rows={}, spans={}, known=set())
        others = [row for row in every if not one.first <= row <= one.last]
        others = [row for row in others if row <= projects[-1].last or _adds(sheet, row, lexicon)]
        for row in others:
            sheet.rows.pop(row, None)
        yield replace(table, sheet=sheet)


def with_own(submission: Submission, one: Project, table: Table, measure: str, lexicon: Lexicon) -> Submission:
    """Return a project's submission with what its columns say: name, department, unit, money, total."""
    said: dict[str, Any] = {FIELDS[concept]: cell.text for concept, cell in one.texts.items() if concept in FIELDS}
    if total := one.texts.get("total_score"):
        said["total_score"] = points_of(total)
    if AMOUNTS & one.amounts.keys():
        measures = _measures(one, table, measure)
        values = values_of(table.sheet, one.amounts, measures, lexicon)
        said["budget"] = (BudgetLine("", "total", cells=dict(one.amounts), **values),)
        said["money_measure"] = "元" if "元" in measures.values() else "万元"
    return replace(submission, form="project", cells={**submission.cells, **one.texts}, **said)


def _measures(one: Project, table: Table, measure: str) -> dict[str, str]:
    """Return the measure of each amount: its head's, else the form's."""
    header = table.indicators[0]
    heads = {cell.column: cell for row in range(header.top, header.bottom + 1) for cell in table.sheet.row(row)}
    said = {role: measure_in(*label_of(heads[cell.column].text).asides) for role, cell in one.amounts.items()}
    return {role: found or measure or "万元" for role, found in said.items()}
