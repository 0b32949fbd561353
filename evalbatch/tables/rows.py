"""UnitResults and FileResults in, rows out: plain tuples, small enough to travel between processes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from evalbatch.model import Cell, Evaluated, FileResult, Finding, Unit, UnitResult
from evalbatch.tables.lines import BUDGETS, FIELDS, INDICATORS, SCORES
from evalbatch.tables.overview import FILES, FINDINGS, FORM_COLUMNS, SUBMISSIONS, UNITS, UNUSED
from evalbatch.tables.places import (
    FilePlace,
    FindingPlace,
    FormPlace,
    LinePlace,
    UnitPlace,
    UnusedPlace,
    amounts_of,
    money_of_unit,
    severities,
)
from evalbatch.tables.schema import Row, TableSchema

TABLES: Mapping[str, TableSchema] = {
    schema.name: schema for schema in (FILES, UNITS, SUBMISSIONS, BUDGETS, INDICATORS, SCORES, FIELDS, FINDINGS, UNUSED)
}
"""The data dictionary: every long table by its name, in order of reading."""

Rows = Mapping[str, list[Row]]


def rows_of_file(result: FileResult, unit: Unit | None = None, unused: Sequence[Cell] = ()) -> Rows:
    """The rows of one file: itself, its findings, and its filled cells that were not used."""
    return {
        "files": FILES.rows([FilePlace(result, unit, severities(result.findings), len(unused))]),
        "findings": rows_of_findings((finding, unit, result.source.path) for finding in result.findings),
        "unused": UNUSED.rows([UnusedPlace(result, cell) for cell in unused]),
    }


def rows_of_unit(result: UnitResult) -> Rows:
    """The rows of one unit: itself, and its findings."""
    return {
        "units": UNITS.rows([UnitPlace(result, money_of_unit(result), severities(result.findings))]),
        "findings": rows_of_findings((finding, result.unit, file) for finding, file in _findings(result)),
    }


def rows_of_forms(unit: Unit, forms: Sequence[Evaluated]) -> Rows:
    """The rows of a unit's current forms, with every line."""
    places = [FormPlace(unit, form, amounts_of(form.submission)) for form in forms]
    rows: dict[str, list[Row]] = {"submissions": SUBMISSIONS.rows(places)}
    for place in places:
        head = tuple([column.of(place) for column in FORM_COLUMNS])
        for schema, lines in _lines(place.form):
            own = schema.rows(lines, len(FORM_COLUMNS))
            rows.setdefault(schema.name, []).extend([head + line for line in own])
    return rows


def rows_of_findings(found: Iterable[tuple[Finding, Unit | None, str | None]]) -> list[Row]:
    """The rows of findings with their units; the third stands in where a finding itself names no file."""
    return FINDINGS.rows(
        [
            FindingPlace(unit, finding if finding.file or file is None else replace(finding, file=file))
            for finding, unit, file in found
        ]
    )


def _findings(result: UnitResult) -> Iterator[tuple[Finding, str | None]]:
    for finding in result.findings:
        yield finding, None
    for form in result.forms:
        for finding in form.findings:
            yield finding, form.source.path


def _lines(form: Evaluated) -> Iterator[tuple[TableSchema, list[LinePlace]]]:
    """The lines of a form for each table of lines."""
    submission, card = form.submission, form.card
    scored = {line.index: line for line in card.lines if line.kind == "indicator"}
    yield BUDGETS, _numbered(submission.budget)
    yield (
        INDICATORS,
        [LinePlace(index + 1, line, scored.get(index)) for index, line in enumerate(submission.indicators)],
    )
    yield SCORES, _numbered(card.lines)
    yield FIELDS, _numbered(submission.fields)


def _numbered(lines: Sequence[object]) -> list[LinePlace]:
    return [LinePlace(number, line) for number, line in enumerate(lines, start=1)]
