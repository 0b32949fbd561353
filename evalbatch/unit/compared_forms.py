"""The forms of two workbooks in, which belongs to which and what differs out."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalbatch.model import Submission
from evalbatch.unit.compared_content import Grade, compare_forms
from evalbatch.unit.compared_differences import Compared, Difference, Place
from evalbatch.unit.compared_pairing import pair
from evalbatch.unit.compared_same import flat

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
