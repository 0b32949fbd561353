"""A form written as markdown in, Evaluated out, by way of the real scoring room; and whole cases with their campaign.

A case file is named by its code. `## wrong: why -> D2` opens a wrong form and names the cell that must be found
(`-` for a finding without a cell, several separated by blanks, `data!B2` for a cell of another form); `## right: why`
opens a form that must be left in peace. Under it: `> 年度：2023` and the like for the campaign, `### data` to begin
a further form, `- 总分：96` for a place in header or footer, and tables of money, indicators or fields.
Each line of a form is a row of its sheet: a bullet has its value in B, a table's first column is A.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalbatch.model import (
    ApprovedTarget,
    BudgetLine,
    Cell,
    Entry,
    Evaluated,
    Indicator,
    Season,
    SourceFile,
    Submission,
    Unit,
)
from evalbatch.reading.numbers import rate_of
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

SCHEME = load_scheme(None)
CASES = Path(__file__).parent / "cases"

PLACES = {
    "年度": "year",
    "版本": "version",
    "单位": "unit.name",
    "项目": "project.name",
    "填表人": "prepared_by",
    "电话": "phone",
    "填报日期": "filled_on",
    "指标": "indicators",
    "目标": "goal",
    "完成情况": "goal_actual",
    "分值合计": "total_weight",
    "总分": "total_score",
    "等级": "grade",
    "原因分析": "reason",
}
ATTRIBUTES = {"unit.name": "unit_name", "project.name": "project"}
COLUMNS = {
    "年初预算数": "initial",
    "全年预算数": "adjusted",
    "全年执行数": "executed",
    "执行率": "rate",
    "一级": "level1",
    "二级": "level2",
    "指标": "name",
    "目标值": "target",
    "完成值": "actual",
    "分值": "weight",
    "得分": "score",
    "原因": "reason",
}
KINDS = {
    "年度资金总额": "total",
    "当年财政拨款": "appropriation",
    "上年结转资金": "carried_over",
    "其他资金": "other_funds",
}
NUMBERS = ("initial", "adjusted", "executed", "rate", "weight", "score", "total_weight", "total_score")


@dataclass
class Case:
    """One form or set of forms, what must be found in it, and the campaign it belongs to."""

    code: str
    side: str
    name: str
    cells: tuple[str, ...]
    forms: tuple[Evaluated, ...]
    unit: Unit | None = None
    season: Season | None = None


@dataclass
class _Sheet:
    """The lines of one form."""

    form: str = "project"
    lines: list[str] = field(default_factory=list)


def cases_of(path: Path) -> Iterator[Case]:
    """Every case of one file."""
    for block in re.split(r"^## ", path.read_text("utf-8"), flags=re.M)[1:]:
        heading, _, body = block.partition("\n")
        side, _, name = heading.partition(":")
        name, _, cells = name.partition("->")
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        settings = dict(line[1:].strip().split("：", 1) for line in lines if line.startswith(">"))
        unit, season = _campaign(settings)
        alone = [evaluated(sheet, settings) for sheet in _sheets(lines)]
        forms = tuple(_with_companions(form, alone) for form in alone)
        yield Case(path.stem, side.strip(), name.strip(), tuple(cells.split()), forms, unit, season)


def _campaign(settings: Mapping[str, str]) -> tuple[Unit | None, Season | None]:
    if "年度" not in settings:
        return None, None
    figures = [Decimal(each) if each else None for each in settings.get("财政", "//").split("/")]
    unit = Unit("440811", "示例区总工会", initial=figures[0], adjusted=figures[1], executed=figures[2])
    approved = tuple(
        ApprovedTarget(unit.name, form, project or None, name, target, Decimal(weight[0]) if weight else None)
        for line in filter(None, settings.get("批复", "").split("；"))
        for form, project, name, target, *weight in [line.split("|")]
    )
    deadline = date.fromisoformat(settings["截止"]) if "截止" in settings else None
    versions = {"project": settings["表样"]} if "表样" in settings else {}
    return unit, Season("示例区", int(settings["年度"]), deadline, versions=versions, approved=approved)


def _sheets(lines: list[str]) -> Iterator[_Sheet]:
    sheet = _Sheet()
    for line in lines:
        if line.startswith("### "):
            if sheet.lines:
                yield sheet
            sheet = _Sheet(line[4:].strip())
        elif line.startswith(("-", "|")) and not re.fullmatch(r"[|\s:-]+", line):
            sheet.lines.append(line)
    if sheet.lines:
        yield sheet


def evaluated(sheet: _Sheet, settings: Mapping[str, str] | None = None) -> Evaluated:
    """Score one form as the product does."""
    form, _, project = sheet.form.partition(" ")
    submission = _submission(form, project or None, sheet.lines)
    day = date.fromisoformat((settings or {}).get("文件时间", "2024-05-31"))
    modified = datetime(day.year, day.month, day.day, 9, tzinfo=timezone(timedelta(hours=8)))
    source = SourceFile(f"{form}.xlsx", "0" * 64, 1000, modified, "xlsx", "workbook")
    return Evaluated(source, submission, score(submission, SCHEME))


def _with_companions(form: Evaluated, forms: list[Evaluated]) -> Evaluated:
    """Score a form beside the unit's others, whose figures its formulas may name."""
    others = [other.submission for other in forms if other is not form]
    return replace(form, card=score(form.submission, SCHEME, others))


def from_text(text: str, form: str = "project") -> Evaluated:
    """One form from its markdown."""
    return evaluated(_Sheet(form, [line.strip() for line in text.splitlines() if line.strip() and "|---" not in line]))


def _submission(form: str, project: str | None, lines: list[str]) -> Submission:
    values: dict[str, Any] = {"project": project}
    cells: dict[str, Cell] = {}
    rows: dict[str, list[Any]] = {"资金": [], "一级": [], "字段": []}
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("-"):
            label, _, text = line[1:].strip().partition("：")
            place = PLACES[label]
            cells[place] = cell_of(form, number, 2, text)
            if place not in ("reason", "indicators"):  # cells and no values
                values[ATTRIBUTES.get(place, place)] = _value(place, text)
            continue
        texts = [text.strip() for text in line.strip("|").split("|")]
        if texts[0] in rows:
            header = texts
        else:
            row = {
                name: cell_of(form, number, at, text)
                for at, (name, text) in enumerate(zip(header, texts, strict=True), 1)
            }
            rows[header[0]].append(row)
    return Submission(
        form=form,
        sheet=form,
        title={"whole-unit": "部门整体支出绩效自评表", "data": "数据表"}.get(form, "自评表"),
        budget=tuple(_budget(row) for row in rows["资金"]),
        indicators=tuple(_with_headings([_indicator(row) for row in rows["一级"]])),
        fields=tuple(_entry(row) for row in rows["字段"]),
        cells=cells,
        **values,
    )


def cell_of(sheet: str, row: int, column: int, text: str) -> Cell:
    """A cell as a person sees it; #REF! is an error, ？ a formula without a result."""
    flaw = "error" if text.startswith("#") else "no-result" if text == "？" else ""
    number = _number(text)
    return Cell(
        sheet, row, column, "" if text == "？" else text, number, text.endswith("%") and number is not None, None, flaw
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text.rstrip("%")) if re.fullmatch(r"-?\d+(\.\d+)?%?", text) else None


def _value(place: str, text: str) -> Any:
    if place == "year":
        return int(text) if text else None
    if place == "filled_on":
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    return _number(text) if place in NUMBERS else text or None


def _budget(row: Mapping[str, Cell]) -> BudgetLine:
    item = row["资金"].text
    cells = {COLUMNS[name]: cell for name, cell in row.items() if name in COLUMNS}
    values = {name: cell.number for name, cell in cells.items() if name in NUMBERS}
    if "rate" in cells:
        values["rate"] = rate_of(
            cells["rate"], values.get("executed"), values.get("adjusted" if "adjusted" in cells else "initial")
        )
    return BudgetLine(item, KINDS.get(item.removeprefix("其中："), "other"), cells=cells, **values)


def _indicator(row: Mapping[str, Cell]) -> Indicator:
    cells = {COLUMNS[name]: cell for name, cell in row.items() if name in COLUMNS}
    values: dict[str, Any] = {
        name: cell.number if name in NUMBERS else cell.text or None for name, cell in cells.items()
    }
    return Indicator(**{"level1": None, "level2": None, "name": ""} | values, cells=cells)


def _with_headings(rows: list[Indicator]) -> Iterator[Indicator]:
    """A row with a weight and no target heads the rows below that have a target and no weight."""
    for at, row in enumerate(rows):
        heads = 0
        if row.weight is not None and not row.target:
            for below in rows[at + 1 :]:
                if below.weight is not None or not below.target:
                    break
                heads += 1
        yield replace(row, heads=heads) if heads else row


def _entry(row: Mapping[str, Cell]) -> Entry:
    name, cell = row["字段"].text, row["数值"]
    return Entry(name, cell.text or None, cell.number, row["单位"].text if "单位" in row else "万元", cell)
