"""A difference in, the finding that a clerk reads out, and its entry in the JSON document."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evalbatch.checks.findings import make_finding
from evalbatch.model import Finding
from evalbatch.scoring.scheme import Scheme
from evalbatch.unit.compared_differences import Difference
from evalbatch.unit.compared_same import excerpts

_LONGEST_ROW = 10
_LONGEST_SHEET = 16


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
