"""approved_targets.xlsx in, the targets as approved at the start of the year out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from evalbatch.campaign.form_names import TITLES as FORM_TITLES
from evalbatch.campaign.form_names import form_name
from evalbatch.campaign.roster import Roster, named_unit
from evalbatch.expression.understanding import parse_target
from evalbatch.model import ApprovedTarget, Cell, DueProject, Refused, approved_weight
from evalbatch.reading.header_table import Row, number_in, read_rows
from evalbatch.text.folding import bare_project

FILE_NAME = "approved_targets.xlsx"
ADJUSTED, ADJUSTED_BY = "调整后指标值", "调整批复"
_WITHDRAWN = re.compile(r"取消|删除|撤销|终止|不再(?:实施|考核|执行)")
_NUMBER_OF_DOCUMENT = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?=[（(]))[（(]?[\u4e00-\u9fff]*+[〔\[［（(]\d{4}[〕\]］）)]\d+号[）)]?"
)
TITLES = (
    *("单位编码", "单位名称", "表格", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值"),
    *(ADJUSTED, "调整后分值", ADJUSTED_BY),
)


def load_approved(path: Path, roster: Roster, owes: Sequence[str]) -> tuple[ApprovedTarget, ...]:
    """Read the approved targets; `unit` is the roster's name. Refused when a row's unit is not on the roster.

    `owes` are the forms that a unit owes of which the roster says nothing.
    """
    return tuple(
        _target(row, path.name, roster, owes)
        for row in read_rows(path, TITLES, ("三级指标", "年度指标值"))
        if row.text("三级指标")
    )


def approved_projects(approved: Iterable[ApprovedTarget]) -> tuple[DueProject, ...]:
    """Return the projects that still have an approved target, each once, in the order of the list."""
    due: dict[tuple[str, str], DueProject] = {}
    for target in approved:
        if target.project and not target.released:
            key = bare_project(target.project)
            due.setdefault((target.unit, key), DueProject(target.unit, target.project, (key,)))
    return tuple(due.values())


def weight_faults(
    approved: Iterable[ApprovedTarget], full: Decimal, execution: Mapping[str, Decimal]
) -> tuple[str, ...]:
    """Say of each form whose approved weights do not come to the full mark what they come to, and in which rows.

    `execution` has the points of the execution rate by form; a form may also leave none to it. Forms with an indicator
    that has no approved weight, or that was released, are left out: their units decide on the rest.
    """
    forms: dict[tuple[str, str, str | None], list[ApprovedTarget]] = {}
    for target in approved:
        forms.setdefault((target.unit, target.form, target.project), []).append(target)
    return tuple(
        f"{FILE_NAME} 第{'、'.join(str(target.row) for target in targets)}行：{unit}"
        f"{f'“{project}”' if project else ''}批复的分值合计为{total:f}分，"
        f"应为{full - execution.get(form, Decimal(0)):f}分，请核对；单位照批复填写，不要求单位更正。"
        for (unit, form, project), targets in forms.items()
        if (total := approved_weight(targets)) is not None
        and total not in (full, full - execution.get(form, Decimal(0)))
    )


def _target(row: Row, name: str, roster: Roster, owes: Sequence[str]) -> ApprovedTarget:
    unit = named_unit(row, name, roster)
    owed = owes if unit.owes is None else unit.owes
    project = row.text("项目名称") or None
    target, released = _adjusted(row)
    return ApprovedTarget(
        unit=unit.name,
        form=form_name(row.text("表格")) or _form_unsaid(project, owed),
        project=project,
        name=row.text("三级指标"),
        target=target,
        weight=_weight(row.cells.get("调整后分值") or row.cells.get("分值"), name),
        row=row.number,
        level1=row.text("一级指标"),
        level2=row.text("二级指标"),
        adjusted_by=row.text(ADJUSTED_BY),
        released=released,
    )


def _form_unsaid(project: str | None, owed: Sequence[str]) -> str:
    """Tell which form a target belongs to whose row names none: a form of the bureau's own, where no other is due."""
    if len(owed) == 1 and owed[0] not in FORM_TITLES:
        return owed[0]
    return "project" if project else "whole-unit"


def _adjusted(row: Row) -> tuple[str, bool]:
    """Return the target that counts, the adjusted one where there is one, and whether nothing is held against it.

    The new target may stand behind the document's number in one cell: ≥6场（某财绩〔2023〕5号).
    """
    written, document, first = row.text(ADJUSTED), row.text(ADJUSTED_BY), row.text("年度指标值")
    beside = _NUMBER_OF_DOCUMENT.sub("", document).strip(" ,，;；:：")
    if _WITHDRAWN.search(written) or _WITHDRAWN.search(document):
        return first, True
    if written:
        return written, False
    if document and parse_target(beside).parts:
        return beside, False
    return first, bool(document)


def _weight(cell: Cell | None, name: str) -> Decimal | None:
    if cell is None or not cell.text:
        return None
    if (number := number_in(cell, "分")) is None:
        raise Refused(
            f"{name} 单元格 {cell.address}（分值）写的是“{cell.text[:40]}”，不是数字。", remedy="请只填数字，例如 10。"
        )
    return number
