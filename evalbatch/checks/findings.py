"""Hits and rules in, findings out: put into words, the most specific alone, neighbours merged, in order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from evalbatch.checks.catalogue import CATALOGUE, SILENCES
from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import Rule
from evalbatch.checks.view import View
from evalbatch.model import Finding, Severity
from evalbatch.model.files import day_filled
from evalbatch.scoring.scheme import Scheme

FORM_TITLES = {
    "project": "项目支出绩效自评表",
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
}
"""What the built-in forms are called; a bureau's own form goes by its own name."""
RANK: Mapping[Severity, int] = {"must-fix": 0, "query": 1, "note": 2}
_UNREADABLE = frozenset({"F07", "F11", "F12", "F13", "F16"})
_ADDRESS = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
_LONGEST = 24
_ADDED = frozenset({"by"})
"""What is added to a sentence where there is something to add; any other word that is missing is called blank."""
_LONGER = {"because": 64, "terms": 48, "newer": 64, "original": 64, "meanwhile": 64}
"""Arithmetic, reasons and paths are cut later than other values."""


def make_finding(
    code: str,
    *,
    scheme: Scheme | None = None,
    file: str | None = None,
    sheet: str | None = None,
    cell: str | None = None,
    column: str = "",
    value: str | None = None,
    expected: str | None = None,
    subject: tuple[str, ...] = (),
    on: date | None = None,
    **places: object,
) -> Finding:
    """Put one finding into words from its rule's one template.

    `places` are the further values that the rule's message names; a sequence is joined with 、.
    A missing one raises KeyError, an unknown code too. `expected` is what the cell should hold, as it can be typed
    there; None where a person must decide, and then no example names a value. `on` is the submission's day: a scheme
    may be mild until a date.
    """
    found = CATALOGUE[code]
    if "form" in places:
        places["form"] = FORM_TITLES.get(str(places["form"]), places["form"])
    words = {"value": value, "expected": expected, "column": column, "cell": cell, "sheet": sheet} | places
    said = next(message.text for message in found.messages if message.fits(words))
    body = _fill(f"{said}{found.meanwhile}", words)
    exemplary = found.example and not ("{expected}" in found.example and not expected)
    remedy = found.remedy + (f"例如{_fill(found.example, words)}" if exemplary else "")
    return Finding(
        code=code,
        severity=found.severity if scheme is None else severity_of(found, scheme, on),
        message=_where(sheet, cell, column) + body,
        remedy=remedy,
        sheet=sheet,
        cell=cell,
        value=value,
        expected=expected,
        file=file,
        title=found.title,
        subject=subject,
    )


def severity_of(found: Rule, scheme: Scheme, on: date | None = None) -> Severity:
    """The severity that the scheme gives a rule for a submission of that day, else the catalogue's."""
    return scheme.severity(found.code, found.severity, on)


def say(code: str, hit: Hit, view: View) -> Finding:
    """Put a hit of one form into words."""
    cell = hit.cell
    finding = make_finding(
        code,
        scheme=view.scheme,
        file=view.form.source.path,
        sheet=cell.sheet if cell else view.submission.sheet,
        cell=hit.span or (cell.address if cell else None),
        column=hit.column,
        value=hit.value if hit.value is not None else (cell.text or None) if cell else None,
        expected=hit.expected,
        subject=(view.key, *hit.about),
        on=day_filled(view.submission.filled_on, view.form.source.modified) or view.form.source.modified.date(),
        **hit.places,
    )
    apart = tuple((one.address, "") for one in hit.cells if one.sheet == finding.sheet)
    return replace(finding, places=apart) if len(apart) > 1 else finding


def settle(findings: Iterable[Finding], scheme: Scheme) -> tuple[Finding, ...]:
    """Make one finding of one cause: what the scheme switches off goes, the most specific speaks, neighbours merge.

    Findings come back in order: must-fix, query, note; within each by file, sheet, row and column.
    """
    kept = [finding for finding in dict.fromkeys(findings) if not scheme.switched_off(finding.code)]
    return in_order(_most_specific(kept))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Merge findings that say the same of neighbouring cells, and sort them as `settle` does."""
    return tuple(sorted(_merge(tuple(dict.fromkeys(findings))), key=_order))


def _where(sheet: str | None, cell: str | None, column: str) -> str:
    """工作表“…”单元格 C7（全年执行数）："""
    if not sheet:
        return ""
    place = f" {cell}" if cell else ""
    kind = "单元格" if cell else ""
    return f"工作表“{clip(sheet)}”{kind}{place}{f'（{column}）' if column else ''}："


def _fill(template: str, words: Mapping[str, object]) -> str:
    return template.format_map(
        {
            name: "" if name in _ADDED and not word else _written(word, _LONGER.get(name, _LONGEST))
            for name, word in words.items()
        }
    )


def _written(word: object, longest: int) -> str:
    if word is None or word == "":
        return "空白"
    if isinstance(word, tuple | list):
        return "、".join(clip(str(one)) for one in word)
    return clip(str(word), longest)


def clip(text: str, longest: int = _LONGEST) -> str:
    """Shorten a long text, so that a sentence stays one that people read.

    >>> clip("一二三四五六七八九十" * 3)
    '一二三四五六七八九十一二三四五六七八九十一二三…'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _most_specific(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what a more specific finding on the same thing already says."""
    unreadable = {
        (f.file, f.sheet, f.cell) for f in findings if f.code in _UNREADABLE and f.cell and f.severity != "note"
    }
    speakers: dict[tuple[str, str | None, str], set[str]] = {}
    for finding in findings:
        for silenced in SILENCES.get(finding.code, ()):
            for thing in finding.subject[1:]:
                speakers.setdefault((silenced, finding.file, f"{finding.subject[0]}\n{thing}"), set()).add(finding.code)
    return [
        finding
        for finding in findings
        if not ((finding.file, finding.sheet, finding.cell) in unreadable and finding.code not in _UNREADABLE)
        and not any(
            (finding.code, finding.file, f"{finding.subject[0]}\n{thing}") in speakers for thing in finding.subject[1:]
        )
    ]


def _merge(findings: Sequence[Finding]) -> list[Finding]:
    """Make one finding of those that say the same about neighbouring cells of one column."""
    merged: list[Finding] = []
    for _, group in groupby(sorted(findings, key=_sameness), key=_sameness):
        for finding in group:
            if merged and (joined := _joined(merged[-1], finding)):
                merged[-1] = joined
            else:
                merged.append(finding)
    return merged


def _joined(upper: Finding, lower: Finding) -> Finding | None:
    if not upper.cell or not lower.cell or _text(upper) != _text(lower):
        return None
    first, second = _ADDRESS.fullmatch(upper.cell), _ADDRESS.fullmatch(lower.cell)
    if not first or not second or first[1] != second[1] or int(first[4] or first[2]) + 1 != int(second[2]):
        return None
    if first[3] not in (None, first[1]) or second[3] not in (None, second[1]):
        return None
    cell = f"{first[1]}{first[2]}:{second[1]}{second[4] or second[2]}"
    return replace(upper, cell=cell, message=upper.message.replace(f" {upper.cell}", f" {cell}", 1))


def _text(finding: Finding) -> tuple[object, ...]:
    """What must be the same for two findings to be one: everything said but the cell."""
    said = finding.message.replace(f" {finding.cell}", "", 1)
    return (finding.file, finding.sheet, finding.code, finding.severity, said, finding.remedy, finding.expected)


def _place(cell: str | None) -> tuple[int, int, str]:
    """Row and column of a cell or of a range's first cell, for sorting: AA after Z."""
    match = _ADDRESS.fullmatch(cell or "")
    return (int(match[2]), len(match[1]), match[1]) if match else (0, 0, cell or "")


def _sameness(finding: Finding) -> tuple[object, ...]:
    row, wide, letters = _place(finding.cell)
    return (finding.file or "", finding.sheet or "", finding.code, wide, letters, row)


def _order(finding: Finding) -> tuple[object, ...]:
    row, wide, letters = _place(finding.cell)
    return (RANK[finding.severity], finding.file or "", finding.sheet or "", row, wide, letters, finding.code)
