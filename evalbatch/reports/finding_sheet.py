"""Findings in, the sheet 问题清单 out: what must be corrected first, each linked to its cell in the returned copy."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from posixpath import dirname, relpath

from evalbatch.model import Finding, Severity, UnitResult
from evalbatch.sheets import look
from evalbatch.sheets.look import Tone
from evalbatch.sheets.table import CellValue, Column, Link, Table, Toned
from evalbatch.text.names import path_for, unreturned

SHEET = "问题清单"
_ORDER: dict[Severity, int] = {"must-fix": 0, "query": 1, "note": 2}
_TONES: dict[Severity, Tone] = {"must-fix": "must-fix", "query": "query", "note": "note"}
_MARKED_KINDS = ("xlsx", "xlsm")
_SCORE_SHEETS = "score_sheets/"


def settle_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings in the order people work them off: must-fix, query, note; each once; else as they came."""
    return sorted(dict.fromkeys(findings), key=lambda finding: _ORDER[finding.severity])


def findings_of(result: UnitResult) -> list[Finding]:
    """Gather a unit's findings, those of its forms included, each once, in working order."""
    return settle_order([*result.findings, *(finding for form in result.forms for finding in form.findings)])


def severity(finding: Finding) -> Toned:
    """Say a finding's severity in words, on its colour."""
    return Toned(look.SEVERITY_WORDS[finding.severity], _TONES[finding.severity])


def place(finding: Finding) -> str:
    """Say where a finding is: 表!C7, the sheet alone, or the file, or 单位 where it concerns the unit.

    >>> place(Finding("M02", "must-fix", "", "", sheet="项目", cell="F7"))
    '项目!F7'
    """
    if finding.sheet:
        return f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
    return PurePosixPath(finding.file).name if finding.file else "单位"


def finding_table(result: UnitResult, findings: Sequence[Finding], title: str) -> Table:
    """Describe the sheet 问题清单."""
    columns = (
        Column("序号", "mark", "int", align="center"),
        Column("级别", "short", align="center"),
        Column("代码", "mark", align="center"),
        Column("文件", "path"),
        Column("工作表", "path"),
        Column("单元格", "short", align="center"),
        Column("问题", "long"),
        Column("如何处理", "long"),
        Column("现填", "path"),
        Column("应为", "path"),
    )
    rows = [_row(number, finding, result) for number, finding in enumerate(findings, 1)]
    return Table(
        SHEET, title, columns, rows, subtitle=count_words(findings), identifier="问题", landscape=True,
        empty="没有发现问题。", back=Link.to_sheet("返回结果", "结果"),
    )  # fmt: skip


def count_words(findings: Sequence[Finding]) -> str:
    """Count findings in words.

    >>> count_words([Finding("M02", "must-fix", "", "")])
    '必须更正 1 项，请核实 0 项，提示 0 项'
    """
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _ORDER}
    return "，".join(f"{look.SEVERITY_WORDS[severity]} {count} 项" for severity, count in counts.items())


def _row(number: int, finding: Finding, result: UnitResult) -> list[CellValue]:
    file = path_for(finding.file, result.unit) if finding.file else None
    return [
        number, severity(finding), finding.code, file, finding.sheet, cell_link(finding, result, finding.cell),
        finding.message, finding.remedy, finding.value, finding.expected,
    ]  # fmt: skip


LIST_OF_SHARED = "退回_清单"
"""The name of what goes back in place of a workbook in which other units' forms stand too."""


def cell_link(finding: Finding, result: UnitResult, text: str | None) -> Link | str | None:
    """Link text to a finding's cell in the returned copy that marks it; the bare text where there is no copy."""
    copy = returned_copy_of(finding.file, result)
    if copy is None or not finding.sheet or not finding.cell or not text:
        return text
    path = relpath(copy, dirname(result.score_sheet or _SCORE_SHEETS) or ".")
    is_list = PurePosixPath(copy).stem.startswith(LIST_OF_SHARED)
    kind = PurePosixPath(copy).suffix.lower().lstrip(".")
    marked = kind in _MARKED_KINDS and _is_marked_kind(finding.file, result) and not is_list
    return Link.to_file(text, path, finding.sheet if marked else None, finding.cell.split(":")[0])


def _is_marked_kind(file: str | None, result: UnitResult) -> bool:
    """Tell whether a file's own sheets are in its returned copy: of an .xls the copy is a list only."""
    kinds = {form.source.path: form.source.kind for form in result.forms}
    return file is not None and kinds.get(file, "xlsx") in _MARKED_KINDS


def returned_copy_of(file: str | None, result: UnitResult) -> str | None:
    """Find the returned copy of a file: the one that bears its name, the only one if there is but one file.

    >>> from evalbatch.model import Unit
    >>> copies = ("returned/甲/退回_整体.xlsx", "returned/甲/退回_项目.xlsx")
    >>> result = UnitResult(Unit("1", "甲"), "returned", returned=copies)
    >>> returned_copy_of("甲/项目.xlsx", result)
    'returned/甲/退回_项目.xlsx'
    """
    if file is None:
        return None
    stem = unreturned(PurePosixPath(file).stem)
    named = [copy for copy in result.returned if stem in PurePosixPath(copy).stem]
    if named:
        # The shortest name is the closest: 退回_项目 before 退回_项目二.
        return min(named, key=lambda copy: (len(PurePosixPath(copy).stem), copy))
    files = {finding.file for finding in findings_of(result) if finding.file}
    return result.returned[0] if len(result.returned) == 1 and files == {file} else None
