"""Two files named on the command line in, their comparison out: read in a worker like any stranger's workbook.

Either may be a workbook, a .docx or a PDF with text. In a document a difference stands at a row of a table, 表1第5行.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalbatch.checks.findings import make_finding
from evalbatch.model import Finding, Refused, Submission
from evalbatch.reading.drawn_table import RowPlaces
from evalbatch.scoring.scheme import Scheme
from evalbatch.unit.compared_content import Grade, compare_forms
from evalbatch.unit.compared_differences import Compared, Difference, Place
from evalbatch.unit.compared_pairing import pair
from evalbatch.unit.compared_same import excerpts, flat
from evalbatch.unit.examine import scheme_of
from evalbatch.unit.single import Single, read_published

_LONGEST_ROW = 10
_LONGEST_SHEET = 16


TITLES = {
    "project": "项目支出绩效自评表",
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
}
"""What the built-in forms are called; a bureau's own form goes by its title."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What two workbooks say otherwise, and how much was compared: pairs of forms, and places in them."""

    found: tuple[Difference, ...]
    forms: int
    places: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a published workbook says otherwise than the submission: each difference with its finding X04.

    `forms` and `places` tell how much was compared.
    """

    differences: tuple[tuple[Difference, Finding], ...]
    forms: int
    places: int

    @property
    def differ(self) -> bool:
        """Whether anything is said otherwise."""
        return bool(self.differences)


def compare_workbooks(published: Path, submitted: Path, single: Single) -> Comparison:
    """Compare two files, whatever their dress and the order of their forms.

    Refused when one of them can't be read: then nobody can tell whether they differ.
    """
    ours, in_ours = _submissions("公开稿", published, single)
    theirs, in_theirs = _submissions("报送稿", submitted, single)
    scheme = scheme_of(single.setup.scheme if single.setup else None)
    found = compare(ours, theirs, scheme.accepts_grade)
    placed = [
        replace(each, published=_at(each.published, in_ours), submitted=_at(each.submitted, in_theirs))
        for each in found.found
    ]
    differences = tuple((each, finding_of(each, str(published), scheme)) for each in placed)
    return Comparison(differences, found.forms, found.places)


def _submissions(what: str, path: Path, single: Single) -> tuple[tuple[Submission, ...], RowPlaces]:
    reading, places = read_published(path, single)
    if reading.rejected:
        [finding, *_] = reading.findings
        raise Refused(f"{what}“{path}”不能比较。{finding.message}", remedy=finding.remedy)
    return reading.submissions, places


def _at(place: Place, rows: RowPlaces) -> Place:
    """Return a place as people find it: in a document the row of a table, or the table, in place of sheet and cell."""
    if not rows or place.sheet is None:
        return place
    row = int(re.sub(r"\D", "", place.cell)) if place.cell else 0
    table = rows.get((place.sheet, row)) or next(where for (sheet, _), where in rows.items() if sheet == place.sheet)
    return Place(table if row else re.sub(r"(第\d+行|上方)$", "", table), None, place.text)


def compare(published: Sequence[Submission], submitted: Sequence[Submission], grade: Grade) -> Differences:
    """Compare the forms of a published workbook with those submitted, in the submission's order.

    Forms belong together by form, project, year and unit; what is left by form and project, and last, where a
    project's name was changed, those of one form that agree in more than they differ.
    """
    paired = pair(published, submitted, [_whole, _of_year_and_unit, _of_year, _of_project])
    compared = [compare_forms(one, other, grade) for one, other in paired.pairs]
    compared += _renamed(paired.only_first, paired.only_second, grade)
    order = {id(form): at for at, form in enumerate(submitted)}
    compared.sort(key=lambda each: order[id(each.submitted)])
    found = [difference for each in compared for difference in each.differences]
    used = {id(form) for each in compared for form in (each.published, each.submitted)}
    missing = (Difference("no-form", "", Place(), _whole_form(form)) for form in submitted if id(form) not in used)
    added = (Difference("new-form", "", _whole_form(form), Place()) for form in published if id(form) not in used)
    return Differences((*found, *missing, *added), len(compared), sum(each.places for each in compared))


def _whole(form: Submission) -> tuple[object, ...]:
    """Two projects of one name are told apart by what they hold."""
    rows = tuple((flat(row.name), flat(row.target), flat(row.actual)) for row in form.indicators)
    return (*_of_year_and_unit(form), rows)


def _of_year_and_unit(form: Submission) -> tuple[object, ...]:
    return (*_of_year(form), flat(form.unit_name))


def _of_year(form: Submission) -> tuple[object, ...]:
    return (*_of_project(form), form.year)


def _of_project(form: Submission) -> tuple[object, ...]:
    return (form.form, flat(form.project))


def _renamed(published: Sequence[Submission], submitted: Sequence[Submission], grade: Grade) -> list[Compared]:
    """Pair what is left of one form by what it holds, the closest first come."""
    found: list[Compared] = []
    left = list(published)
    for other in submitted:
        candidates = [compare_forms(one, other, grade) for one in left if one.form == other.form]
        alike = [each for each in candidates if each.alike]
        if alike:
            best = min(alike, key=lambda each: len(each.differences))
            found.append(best)
            left = [one for one in left if one is not best.published]
    return found


def _whole_form(form: Submission) -> Place:
    title = TITLES.get(form.form, form.title or form.form)
    return Place(form.sheet, None, f"{title}（{form.project}）" if form.project else title)


def finding_of(difference: Difference, published: str, scheme: Scheme) -> Finding:
    """Put a difference into words as X04: it stands at the published copy's cell and names the submission's too.

    Long texts are shown in the message from where they begin to differ; `value` and `expected` hold them whole.
    """
    ours, theirs = difference.published, difference.submitted
    shown = excerpts(ours.text or "", theirs.text or "")
    row = _short(difference.row, _LONGEST_ROW)
    finding = make_finding(
        "X04",
        scheme=scheme,
        file=published,
        sheet=ours.sheet,
        cell=ours.cell,
        column="·".join(filter(None, (row, difference.column))),
        value=shown[0],
        expected=shown[1],
        how=difference.how,
        at="!".join(filter(None, (_short(theirs.sheet or "", _LONGEST_SHEET), theirs.cell))),
    )
    return replace(finding, value=ours.text, expected=theirs.text)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def as_json(difference: Difference, finding: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding's JSON with the submission's place beside the published copy's."""
    return {**finding, "submitted_sheet": difference.submitted.sheet, "submitted_cell": difference.submitted.cell}
