"""UnitResults and FileResults in, rows out: plain tuples, small enough to travel between processes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from evalbatch.model import Cell, Evaluated, FileResult, Finding, Unit, UnitResult
from evalbatch.tables.lines import BUDGETS, FIELDS, INDICATORS, SCORES
from evalbatch.tables.overview import FILES, FINDINGS, SUBMISSIONS, UNITS, UNUSED
from evalbatch.tables.places import FilePlace, FindingPlace, FormPlace, LinePlace, UnusedPlace
from evalbatch.tables.schema import Row, TableSchema

TABLES: Mapping[str, TableSchema] = {
    schema.name: schema for schema in (FILES, UNITS, SUBMISSIONS, BUDGETS, INDICATORS, SCORES, FIELDS, FINDINGS, UNUSED)
}
"""The data dictionary: every long table by its name, in order of reading."""

Rows = Mapping[str, list[Row]]


def rows_of_file(result: FileResult, unit: Unit | None = None, unused: Sequence[Cell] = ()) -> Rows:
    """The rows of one file: itself, its findings, and its filled cells that were not used."""
    place = FilePlace(result, unit, len(unused))
    return {
        "files": [FILES.row(place)],
        "findings": [row_of_finding(finding, unit, result.source.path) for finding in result.findings],
        "unused": [UNUSED.row(UnusedPlace(place, cell)) for cell in unused],
    }


def rows_of_unit(result: UnitResult) -> Rows:
    """The rows of one unit: itself, its current forms with every line, and its findings."""
    places = [FormPlace(result, form) for form in result.forms]
    return {
        "units": [UNITS.row(result)],
        "submissions": [SUBMISSIONS.row(place) for place in places],
        "budgets": _lines(BUDGETS, places, lambda form: form.submission.budget),
        "indicators": [row for place in places for row in _indicators(place)],
        "scores": _lines(SCORES, places, lambda form: form.card.lines),
        "fields": _lines(FIELDS, places, lambda form: form.submission.fields),
        "findings": [row_of_finding(finding, result.unit, file) for finding, file in _findings(result)],
    }


def row_of_finding(finding: Finding, unit: Unit | None, file: str | None) -> Row:
    """The row of one finding; `file` stands in where the finding itself names none."""
    named = finding if finding.file or file is None else replace(finding, file=file)
    return FINDINGS.row(FindingPlace(unit, named))


def _findings(result: UnitResult) -> Iterator[tuple[Finding, str | None]]:
    for finding in result.findings:
        yield finding, None
    for form in result.forms:
        for finding in form.findings:
            yield finding, form.source.path


def _lines(schema: TableSchema, places: Sequence[FormPlace], of: Callable[[Evaluated], Sequence[object]]) -> list[Row]:
    return [
        schema.row(LinePlace(place, number, item))
        for place in places
        for number, item in enumerate(of(place.form), start=1)
    ]


def _indicators(place: FormPlace) -> Iterator[Row]:
    scored = {line.index: line for line in place.form.card.lines if line.kind == "indicator"}
    for index, indicator in enumerate(place.form.submission.indicators):
        yield INDICATORS.row(LinePlace(place, index + 1, indicator, scored.get(index)))
