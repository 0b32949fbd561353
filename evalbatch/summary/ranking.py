"""The sheets on scores: 得分排名, 项目单位得分, 自评与复核差异, 项目汇总."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from evalbatch.sheets.table import CellValue, Formula, Table, Toned
from evalbatch.summary.digest import MISSING, SENT, Digest, Rows, two_decimals
from evalbatch.summary.figures import weighted_mean
from evalbatch.summary.grid import Field, Lines, averaged, lay_out, less_formula, summed
from evalbatch.summary.money import rate_field
from evalbatch.summary.standing import sheet_field, unit_fields
from evalbatch.tables.places import size_of


def whole_units(digest: Digest) -> Table:
    """Units scored by a form of their own, ranked by verified score."""
    without = len(digest.units) - len(digest.whole) - len(digest.by_projects)
    notes = ["得分取自部门整体支出绩效自评表（没有的取评分表）。同分同名次；有待定项的，名次在人工核定后可能变化。"]
    if without:
        notes.append(f"另有{without}个单位未报送、必填内容空白或没有可用的得分，不参加排名，也不按0分计算。")
    return _ranking(digest, "得分排名", "部门整体支出绩效得分排名", "ranking", digest.whole, notes)


def project_units(digest: Digest) -> Table:
    """Units that have projects only, ranked apart."""
    notes = ["这些单位没有部门整体支出得分，按各项目复核得分以全年预算数加权平均；单独排名，不与整体支出得分混算。"]
    rows = digest.by_projects
    return _ranking(digest, "项目单位得分", "只报项目的单位得分排名", "ranking_by_projects", rows, notes)


def _ranking(digest: Digest, name: str, title: str, identifier: str, rows: Rows, notes: Sequence[str]) -> Table:
    fields = [
        Field("名次", lambda unit: unit["rank"], "mark", "int", "center"),
        *unit_fields(),
        averaged("自评得分", lambda unit: unit["self_score"], width="number", kind="points"),
        averaged("复核得分", lambda unit: unit["verified_score"], width="number", kind="points"),
        difference_field(),
        Field("自评等级", lambda unit: unit["self_grade"], "short", align="center"),
        Field("复核等级", lambda unit: unit["verified_grade"], "short", align="center"),
        Field("待定", pending, "name"),
        Field("人工核定", reviewed, "name"),
        Field("得分来源", lambda unit: _source(digest, unit), "short", align="center"),
        Field("全年预算数（万元）", lambda unit: unit["adjusted"], "number", "money"),
        sheet_field(),
    ]

    def weighted(lines: Lines) -> list[list[CellValue]]:
        means = {
            header: Formula(
                weighted_formula(lines.column(header), lines.column("全年预算数（万元）"), '""'), blank_or(value)
            )
            for header, key in (("自评得分", "self_score"), ("复核得分", "verified_score"))
            for value in [weighted_mean((unit[key], unit["adjusted"]) for unit in rows)]
        }
        return [[None, None, "预算加权平均", *(means.get(field.title) for field in fields[3:])]]

    return lay_out(
        name,
        title,
        fields,
        rows,
        identifier=identifier,
        subtitle=digest.subtitle,
        notes=notes,
        rest="data/units.csv",
        total="平均",
        total_at=2,
        more_totals=weighted,
        empty="没有这类单位。",
        frozen=3,
    )


def _source(digest: Digest, unit: dict[str, Any]) -> str:
    if unit["scored_by"] == "projects":
        return "项目加权"
    forms = (form.submission for form in unit["result"].forms if form.submission.kind == unit["scored_by"])
    named = min(forms, key=lambda form: bool(form.counts_as), default=None)
    return digest.form(named.form if named else unit["scored_by"])


def weighted_formula(scores: str, money: str, otherwise: str) -> str:
    """The formula of the mean score weighted by money, over the units that have both."""
    both = f"SUMPRODUCT(--ISNUMBER({scores}),{money})"
    return f"=IF({both}=0,{otherwise},SUMPRODUCT({scores},{money})/{both})"


def blank_or(value: Decimal | None) -> Decimal | str:
    """A formula's result for readers that do not compute."""
    return "" if value is None else value


def pending(row: dict[str, Any]) -> CellValue:
    """How many lines wait for a person, and what the score may come to; nothing where none do.

    A score without a range comes from another form than the one that the lines are on.
    """
    if not row["pending"]:
        return None
    low, high = row["lowest"], row["highest"]
    if low is not None and high is not None:
        between = f"，待定后{two_decimals(low)}至{two_decimals(high)}"
    else:
        between = "" if row["verified_score"] is None else "，不影响本得分"
    return Toned(f"待定{row['pending']}项{between}", "query")


def reviewed(row: dict[str, Any]) -> CellValue:
    """How many lines people decided, and what the score was before; nothing where they decided none."""
    if not row["reviewed"]:
        return None
    before = row["checked_score"]
    return f"核定{row['reviewed']}项" + (f"，核定前{two_decimals(before)}" if before is not None else "")


def difference_field() -> Field:
    """Verified less self score, live."""
    return Field(
        "差异（复核－自评）",
        lambda row: row["difference"],
        "number",
        "points",
        formula=lambda at: less_formula(at("复核得分"), at("自评得分")),
    )


def differences(digest: Digest) -> Table:
    """Self against verified score, the largest difference first, with the line that counts most."""
    rows = digest.compared
    fields = [
        *unit_fields(),
        Field("得分类别", lambda unit: "项目" if unit["scored_by"] == "projects" else "部门整体", "short"),
        Field("自评得分", lambda unit: unit["self_score"], "number", "points"),
        Field("复核得分", lambda unit: unit["verified_score"], "number", "points"),
        difference_field(),
        Field("等级变化", _grade_change, "short", align="center"),
        Field("差异最大的评分项", _largest, "long"),
        Field("待定", pending, "name"),
        Field("人工核定", reviewed, "name"),
        sheet_field(),
    ]
    same = sum(unit["difference"] == 0 for unit in rows)
    return lay_out(
        "自评与复核差异",
        "自评得分与复核得分的差异",
        fields,
        rows,
        identifier="differences",
        subtitle=digest.subtitle,
        notes=[f"按差异大小排列。{len(rows)}个有得分的单位中，{same}个自评与复核一致，{len(rows) - same}个有差异。"],
        rest="data/units.csv",
        empty="没有可比较的得分。",
        frozen=2,
    )


def _grade_change(unit: dict[str, Any]) -> CellValue:
    before, after = unit["self_grade"], unit["verified_grade"]
    if before and after and before != after:
        return Toned(f"{before} → {after}", "query")
    grade: str | None = after or before
    return grade


def _largest(unit: dict[str, Any]) -> str | None:
    """The scored line with the largest difference of a unit, told in words."""
    if not unit["difference"]:
        return None
    wanted = "project" if unit["scored_by"] == "projects" else unit["scored_by"]
    cuts = [form.largest_cut for form in unit["result"].forms if form.submission.kind == wanted]
    name, own, verified, because = max(filter(None, cuts), key=size_of, default=("", None, None, ""))
    if own is None or verified is None or own == verified:
        return None
    return f"{name}：自评{two_decimals(own)}，复核{two_decimals(verified)}。{because}"


def _project_standing(row: dict[str, Any]) -> CellValue:
    word = row["standing"]
    return word if word == SENT else Toned(word, "must-fix" if word == MISSING else "query")


def projects(digest: Digest) -> Table:
    """Every project with its money and its scores; and those that are due and have not come."""
    rows = digest.projects_due
    came = digest.project_count
    due = [Field("报送", _project_standing, "short", align="center")] if digest.due_count else []
    fields = [
        *unit_fields(),
        Field("项目名称", lambda row: row["project"], "text"),
        *due,
        summed("年初预算数", lambda row: row["initial"], width="number", kind="money"),
        summed("全年预算数", lambda row: row["adjusted"], width="number", kind="money"),
        summed("全年执行数", lambda row: row["executed"], width="number", kind="money"),
        rate_field(digest),
        Field("自评得分", lambda row: row["self_score"], "number", "points"),
        Field("复核得分", lambda row: row["verified_score"], "number", "points"),
        difference_field(),
        Field("复核等级", lambda row: row["verified_grade"], "short", align="center"),
        Field("待定", pending, "name"),
        Field("文件", lambda row: row["file"], "text", paper=False),
    ]
    return lay_out(
        "项目汇总",
        f"{came}个项目的资金与得分" + (f"，另有{len(rows) - came}个应报项目没有自评" if len(rows) > came else ""),
        fields,
        rows,
        identifier="projects",
        subtitle=digest.subtitle,
        measure="金额单位：万元",
        notes=["项目得分只在项目之间比较，不与部门整体得分平均。"],
        rest="data/submissions.csv",
        total="合计",
        empty="没有收到项目支出绩效自评表。",
        frozen=3,
    )
