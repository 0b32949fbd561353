"""One unit's forms in; all that a district needs of them out, as one value that travels and is kept.

A district holds no lines of forms. What is told of them there is worked out here, once, by the worker that judges the
unit: rows of the long tables, entries of the record, questions for people, texts that may be alike in several units.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from evalbatch.checks.district import LongText, texts_of
from evalbatch.history.items import Item, loose_items
from evalbatch.history.places import Places, cells_within, places_of
from evalbatch.history.sent import SentForm, sent_form, share_out
from evalbatch.model import Evaluated, Finding, FormResult, Submission, Unit, UnitResult
from evalbatch.model.results import of_year
from evalbatch.model.value import value
from evalbatch.review.lines import Question, questions_of
from evalbatch.storage.packing import pack
from evalbatch.tables.places import amounts_of, compared_in, field_names, largest_cut
from evalbatch.tables.rows import Rows, rows_of_forms
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup


@value
class JudgedUnit:
    """What one unit's forms came to; `result` is None for forms of no unit. One entry a form where it says so.

    `rows` are those of the tables with a row a form or a line. `sent` and `loose` are the record's entries: each form,
    and what was found at none. `packed` holds the forms with their lines, for writing the unit's workbooks.
    """

    result: UnitResult | None
    forms: tuple[FormResult, ...]
    findings: tuple[Finding, ...]
    rows: Rows
    sent: tuple[SentForm, ...]
    loose: tuple[Item, ...]
    questions: tuple[tuple[Question, ...], ...]
    texts: tuple[tuple[LongText, ...], ...]
    packed: bytes = b""


def judge(dossier: Dossier[Submission], setup: Setup) -> JudgedUnit:
    """Score and check a unit's forms, and work out all that is told of them."""
    forms, found = examine.judge_unit(dossier, setup)
    decided = bool(dossier.share and any(slip.filled for slip in dossier.share.slips))
    if dossier.unit is None:
        return judged_of(None, forms, found, None, every=decided)

    def standing(results: tuple[FormResult, ...], found: tuple[Finding, ...]) -> UnitResult:
        return examine.standing(dossier, forms, results, examine.with_missing(dossier, found, setup), setup)

    counted = tuple(form for form in forms if of_year(form.submission, setup.season))
    past = tuple(form for form in forms if form not in counted)
    return judged_of(dossier.unit, counted, found, standing, every=decided, past=past)


def judged_of(
    unit: Unit | None,
    forms: Sequence[Evaluated],
    found: Sequence[Finding],
    standing: Callable[[tuple[FormResult, ...], tuple[Finding, ...]], UnitResult] | None,
    *,
    every: bool,
    past: Sequence[Evaluated] = (),
) -> JudgedUnit:
    """Work out all that is told of a unit's forms; `standing` gives the unit's result from what the forms came to.

    Of forms of another year, `past`, there are the findings alone. `every` asks for a question for people about each
    scored line, not only about those that wait.
    """
    places = [places_of(form.submission) for form in forms]
    placed = _Placed((*forms, *past), (*places, *(places_of(form.submission) for form in past)))
    forms = tuple(replace(form, findings=placed.all(form.findings)) for form in forms)
    results, found = tuple(map(_result_of, forms)), placed.all(found)
    result = standing(results, found) if standing else None
    of_forms, loose = share_out(results, result.findings if result else found)
    return JudgedUnit(
        result,
        results,
        found,
        rows_of_forms(unit, forms) if unit else {},
        tuple(map(sent_form, forms, results, of_forms)),
        loose_items(loose),
        tuple(map(partial(questions_of, every=every), forms)),
        tuple(map(texts_of, forms, places)),
        pack(forms),
    )


def _result_of(form: Evaluated) -> FormResult:
    return FormResult(
        form.source,
        form.submission.head,
        form.card.totals,
        form.findings,
        amounts_of(form.submission),
        compared_in(form),
        largest_cut(form),
    )


class _Placed:
    """Tells of each finding what people call the cells that it is about."""

    def __init__(self, forms: Sequence[Evaluated], places: Sequence[Mapping[str, Places]]) -> None:
        self._places: dict[tuple[str, str], Places] = {}
        self._fields: dict[tuple[str, str, str], str] = {}
        for form, of_form in zip(forms, places, strict=True):
            for sheet, names in of_form.items():
                known = self._places.get((form.source.path, sheet), {})
                self._places[form.source.path, sheet] = {**names, **known}
            for sheet, cell, name in field_names(form.submission):
                self._fields.setdefault((form.source.path, sheet, cell), name)

    def all(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(map(self._one, findings))

    def _one(self, finding: Finding) -> Finding:
        if not finding.cell or not finding.file or not finding.sheet or any(name for _, name in finding.places):
            return finding
        names = self._places.get((finding.file, finding.sheet), {})
        cells = tuple(cell for cell, _ in finding.places) or cells_within(finding.cell, names)
        first = finding.cell.split(":")[0].split("、")[0]
        name = self._fields.get((finding.file, finding.sheet, first), "")
        return replace(finding, places=tuple((cell, names.get(cell, cell)) for cell in cells), field=name)


def unjudged(result: UnitResult | None, found: Sequence[Finding]) -> JudgedUnit:
    """Return what there is of a unit whose forms could not be judged."""
    return JudgedUnit(result, (), tuple(found), {}, (), loose_items(result.findings if result else found), (), ())
