"""Findings: one thing to correct, to ask or to know, at its cell."""

from typing import Literal

from evalbatch.model.value import value

Severity = Literal["must-fix", "query", "note"]


@value
class Finding:
    """One thing to correct, to ask or to know, at its cell; texts are Chinese sentences for a clerk.

    `subject` tells which thing it is about, so that the more specific of two findings on one thing speaks
    alone (see checks.catalogue). `file` is the path relative to the inbox, None for what concerns a unit. `places` are
    the cells that it is about, those that lie apart too, each with what people call it
    (活动场次·实际完成值); `field` names the form's own field
    (指标：实际完成值), "" where it lies at none.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    expected: str | None = None
    file: str | None = None
    title: str = ""
    subject: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    field: str = ""
