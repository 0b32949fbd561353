"""All current forms of one unit in, everything the checks see in them out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.findings import say
from evalbatch.checks.hit import Hit
from evalbatch.checks.view import View, plain
from evalbatch.model import Cell, Evaluated, Finding, FirstSent, Season, Unit
from evalbatch.model.results import of_year
from evalbatch.scoring.scheme import Scheme
from evalbatch.text.folding import folded_project

_OF_AMOUNTS = ("M06", "M07", "M11")
_BY_DATES = ("A06", "A10", "S04", "S05", "S07", "S08")
_BY_AMOUNTS = ("S04", "S05")
"""A score is not called wrong because an amount of another form, which it was computed from, is."""


def check_unit(
    unit: Unit | None,
    forms: Sequence[Evaluated],
    scheme: Scheme,
    season: Season | None,
    first_sent: Sequence[FirstSent] = (),
) -> tuple[Finding, ...]:
    """Return what the checks see in one unit's current forms, each by itself and against each other.

    `unit` is None for forms of no unit on the roster; `season` is None outside a campaign, and then everything
    that needs one is silent. `first_sent` tells when forms came first, where that is known. What reading and
    attribution found is not among the findings: join them, then `settle` all together.
    """
    checks = [
        (code, found.check)
        for code, found in CATALOGUE.items()
        if found.check is not None and not scheme.switched_off(code)
    ]
    hits = [
        (code, hit, view)
        for view in _views(unit, forms, scheme, season, first_sent)
        for code, check in checks
        for hit in check(view)
        if not _hangs_on_unreadable(hit)
    ]
    hits = [one for one in hits if not _judged_in_a_wrong_year(*one, hits)]
    doubted = {_place(cell) for code, hit, _ in hits if code in _OF_AMOUNTS for cell in (hit.cell, *hit.inputs) if cell}
    return tuple(
        say(code, hit, view)
        for code, hit, view in hits
        if code not in _BY_AMOUNTS or doubted.isdisjoint(map(_place, hit.inputs))
    )


def _judged_in_a_wrong_year(code: str, hit: Hit, view: View, hits: Sequence[tuple[str, Hit, View]]) -> bool:
    """Whether a date was judged by the year of a form that bears the wrong one: U03 has said so."""
    if code not in _BY_DATES or not any(other == "U03" and where is view for other, _, where in hits):
        return False
    dated = {row.thing for row in view.rows if row.line and row.line.target and row.line.target.kind == "date"}
    return not dated.isdisjoint(hit.about)


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.sheet, cell.address, cell.text


def _views(
    unit: Unit | None,
    forms: Sequence[Evaluated],
    scheme: Scheme,
    season: Season | None,
    first_sent: Sequence[FirstSent],
) -> tuple[View, ...]:
    firsts = {(first.form, first.project): first for first in first_sent}
    alone = [
        View(form, key, scheme, season, unit, first_sent=firsts.get(_form_and_project(form)))
        for form, key in zip(forms, _keys(forms), strict=True)
    ]
    return tuple(replace(view, others=tuple(_beside(view, alone, season))) for view in alone)


def _beside(view: View, views: Sequence[View], season: Season | None) -> Iterator[View]:
    """The unit's other forms that count together with this one: one of another year is beside none."""
    for other in views:
        if other is not view and of_year(view.submission, season) and of_year(other.submission, season):
            yield other


def _form_and_project(form: Evaluated) -> tuple[str, str]:
    return form.submission.form, folded_project(form.submission.project)


def _keys(forms: Sequence[Evaluated]) -> Iterator[str]:
    """What tells a form from the unit's others, and stays the same when it is submitted again."""
    seen: dict[str, int] = {}
    for form in forms:
        name = (
            f"{form.submission.form}·{plain(form.submission.project)}"
            if form.submission.project
            else form.submission.form
        )
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}"


def _hangs_on_unreadable(hit: Hit) -> bool:
    """Whether a cell it looked at failed: F11 or F12 has said so, and what follows from it is no finding."""
    cells: tuple[Cell | None, ...] = (hit.cell, *hit.inputs)
    return any(cell is not None and cell.failed for cell in cells)
