"""The sheets on findings: 问题清单, 问题分类, 表样问题."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evalbatch.model import Finding, UnitResult
from evalbatch.sheets.look import SEVERITY_WORDS, Tone
from evalbatch.sheets.table import CellValue, Table, Toned
from evalbatch.summary.digest import Digest, Rows, file_link
from evalbatch.summary.grid import Field, lay_out, summed

_RANK = {severity: place for place, severity in enumerate(SEVERITY_WORDS)}


def _severity(row: dict[str, Any]) -> CellValue:
    tone: Tone = row["severity"]
    return Toned(SEVERITY_WORDS[tone], tone)


def problem_order(digest: Digest) -> Rows:
    """Every finding in the order of its sheet: what must be corrected first."""
    return sorted(digest.findings, key=lambda row: _RANK[row["severity"]])


def listed(digest: Digest) -> Table:
    """Every finding with its place, and a link to that cell of the returned copy."""
    fields = [
        Field("单位名称", lambda row: row["unit_name"] or "—", "name"),
        Field("级别", _severity, "short"),
        Field("代码", lambda row: row["code"], "mark"),
        Field("问题", lambda row: row["title"], "name"),
        Field("说明", lambda row: row["message"], "long"),
        Field("如何处理", lambda row: row["remedy"], "long"),
        Field("文件", lambda row: row["file"], "text"),
        Field("工作表", lambda row: row["sheet"], "short"),
        Field("单元格", lambda row: row["cell"], "short"),
        Field("退回件", lambda row: _to_cell(digest, row), "short", paper=False),
    ]
    return lay_out(
        "问题清单",
        f"发现的{len(digest.findings)}项问题",
        fields,
        problem_order(digest),
        identifier="findings",
        subtitle=digest.subtitle,
        notes=["必须更正的在前。可按单位、级别、代码筛选；点“打开”到退回件中标出的单元格。"],
        rest="data/findings.csv",
        empty="没有发现问题。",
        frozen=1,
    )


def _to_cell(digest: Digest, row: dict[str, Any]) -> CellValue:
    return file_link("打开", digest.returned.get(row["file"]), row["sheet"], row["cell"])


def by_kind(digest: Digest) -> Table:
    """Findings by code: how many, in how many units, and their share of the units that sent anything."""
    submitted = len(digest.submitted)
    fields = [
        Field("代码", lambda row: row["code"], "mark"),
        Field("问题", lambda row: row["title"], "name"),
        Field("级别", _severity, "short"),
        Field("举例", lambda row: row["example"], "long"),
        summed("问题数", lambda row: row["count"], width="short", kind="int"),
        Field("涉及单位数", lambda row: row["units"], "short", "int"),
        Field(
            "占名单单位",
            lambda row: Decimal(100 * row["units"]) / max(1, len(digest.units)),
            "number",
            "percent",
            note="涉及单位数÷单位名单中的单位数",
            formula=lambda at: f"={at('涉及单位数')}/{max(1, len(digest.units))}",
        ),
    ]
    return lay_out(
        "问题分类",
        "各类问题的数量和涉及的单位",
        fields,
        digest.kinds,
        identifier="findings_by_kind",
        subtitle=digest.subtitle,
        notes=[f"按涉及单位数由多到少排列。单位名单共{len(digest.units)}个单位，其中{submitted}个已有材料。"],
        total="合计",
        empty="没有发现问题。",
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a form, told in words, where units go wrong."""

    form: str
    place: str


def spots(digest: Digest) -> list[dict[str, Any]]:
    """The places of forms by how many units go wrong there, the most units first."""
    seen: dict[Spot, list[tuple[UnitResult, Finding]]] = {}
    users: dict[str, int] = {}
    for result in digest.district.units:
        for form in {form.submission.form for form in result.forms}:
            users[form] = users.get(form, 0) + 1
        for spot, finding in _spots_of(result):
            seen.setdefault(spot, []).append((result, finding))
    rows = []
    for spot, found in seen.items():
        units = len({(result.unit.code, result.unit.name) for result, _ in found})
        titles = [finding.title or finding.code for _, finding in found]
        most = max(dict.fromkeys(titles), key=titles.count)
        rows.append({"spot": spot, "count": len(found), "units": units, "of": users[spot.form], "most": most})
    return sorted(rows, key=lambda row: (-row["units"], -row["count"], row["spot"].form, row["spot"].place))


def _spots_of(result: UnitResult) -> Iterator[tuple[Spot, Finding]]:
    findings = (*result.findings, *(found for form in result.forms for found in form.findings))
    forms = {(form.source.path, form.submission.sheet): form.submission.form for form in reversed(result.forms)}
    of_file = {form.source.path: form.submission.form for form in reversed(result.forms)}
    for finding in dict.fromkeys(findings):
        if finding.field and finding.file and finding.severity != "note":
            form = forms.get((finding.file, finding.sheet or "")) or of_file.get(finding.file)
            if form:
                yield Spot(form, finding.field), finding


def by_spot(digest: Digest) -> Table:
    """Which places of the forms most units get wrong: what to explain, or to change in the form, next year."""
    fields = [
        Field("表格", lambda row: digest.form(row["spot"].form), "name"),
        Field("填报位置", lambda row: row["spot"].place, "text"),
        Field("最常见的问题", lambda row: row["most"], "text"),
        Field("出错单位数", lambda row: row["units"], "short", "int"),
        Field("报该表单位数", lambda row: row["of"], "short", "int"),
        Field(
            "出错比例",
            lambda row: Decimal(100 * row["units"]) / row["of"],
            "number",
            "percent",
            formula=lambda at: f"={at('出错单位数')}/{at('报该表单位数')}",
        ),
        summed("问题数", lambda row: row["count"], width="short", kind="int"),
    ]
    return lay_out(
        "表样问题",
        "各单位最容易填错的位置",
        fields,
        spots(digest),
        identifier="findings_by_place",
        subtitle=digest.subtitle,
        notes=["按出错单位数由多到少排列，可据此改进表样和填报说明。只统计必须更正和请核实的问题。"],
        total="合计",
        empty="没有可归到具体位置的问题。",
    )
