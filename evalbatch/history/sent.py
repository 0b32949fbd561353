"""One judged form in, what the record keeps of it out: its values, its points, the items found in it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evalbatch.history.items import Item, items_of
from evalbatch.history.places import numbered, values_of
from evalbatch.history.versions import Judged, digest, points
from evalbatch.model import Evaluated, Finding, FormResult, UnitResult
from evalbatch.model.value import value


@value
class SentForm:
    """A form as it was sent and judged once. `content` is the hash of its values, `values` they as JSON.

    `lines` are each scored line's name and points as JSON: a record holds some thousand forms, and looks at the lines
    of few.
    """

    form: FormResult
    content: str
    values: str
    lines: str
    items: tuple[Item, ...]

    def with_items(self, findings: Iterable[Finding]) -> "SentForm":
        """Return it with the items of these findings."""
        return replace(self, items=items_of(findings))

    @property
    def judged(self) -> Judged:
        """How it was judged."""
        card = self.form.card
        return Judged(
            card.self_total, card.verified_total, card.self_grade, card.verified_grade, card.pending, self.lines,
            self.items,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentUnit:
    """One unit's current forms as sent and judged, and the items of none of them; `unit` is how it stands."""

    unit: UnitResult
    forms: tuple[SentForm, ...] = ()
    loose: tuple[Item, ...] = ()


def sent_form(form: Evaluated, result: FormResult, findings: Iterable[Finding]) -> SentForm:
    """Return what the record keeps of a form; `findings` are those shared out to it."""
    values = values_of(form.submission).to_json()
    content = digest("values", form.submission.form, values)
    return SentForm(result, content, json.dumps(values, ensure_ascii=False), _lines_of(form), items_of(findings))


def _lines_of(form: Evaluated) -> str:
    """Return each scored line's name, self score and verified score, as JSON."""
    lines = form.card.lines
    names = numbered(line.name for line in lines)
    told: list[tuple[str, str | None, str | None]] = [
        (name, points(line.self_score), points(line.verified_score)) for name, line in zip(names, lines, strict=True)
    ]
    return json.dumps(told, ensure_ascii=False)


def share_out(forms: Sequence[FormResult], findings: Iterable[Finding]) -> tuple[list[list[Finding]], list[Finding]]:
    """Share a unit's findings out among its forms: by sheet, else to its file's first form; the rest is loose.

    A form may go on, on a second sheet; what is found there is among its own findings.
    """
    by_sheet = {(f.source.path, f.submission.sheet): n for n, f in reversed(list(enumerate(forms)))}
    by_file = {f.source.path: n for n, f in reversed(list(enumerate(forms)))}
    of_forms: list[list[Finding]] = [[] for _ in forms]
    loose: list[Finding] = []
    for finding in findings:
        at = by_sheet.get((finding.file or "", finding.sheet or ""))
        if at is None and finding.file in by_file:
            at = next((n for n, form in enumerate(forms) if finding in form.findings), by_file[finding.file])
        (loose if at is None else of_forms[at]).append(finding)
    return of_forms, loose
