"""approved_targets.xlsx in, the targets as approved at the start of the year out."""

import re
from decimal import Decimal
from pathlib import Path

from evalbatch.campaign.form_names import form_name
from evalbatch.campaign.roster import Roster
from evalbatch.expression.understanding import parse_target
from evalbatch.model import ApprovedTarget, Cell, Refused
from evalbatch.reading.header_table import Row, number_in, read_rows

FILE_NAME = "approved_targets.xlsx"
ADJUSTED, ADJUSTED_BY = "调整后指标值", "调整批复"
_WITHDRAWN = re.compile(r"取消|删除|撤销|终止|不再(?:实施|考核|执行)")
_NUMBER_OF_DOCUMENT = re.compile(r"[（(]?[\u4e00-\u9fff]*[〔\[［（(]\d{4}[〕\]］）)]\d+号[）)]?")
TITLES = (
    *("单位编码", "单位名称", "表格", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值"),
    *(ADJUSTED, "调整后分值", ADJUSTED_BY),
)


def load_approved(path: Path, roster: Roster) -> tuple[ApprovedTarget, ...]:
    """Read the approved targets; `unit` is the roster's name. Refused when a row's unit is not on the roster."""
    return tuple(
        _target(row, path.name, roster)
        for row in read_rows(path, TITLES, ("三级指标", "年度指标值"))
        if row.text("三级指标")
    )


def _target(row: Row, name: str, roster: Roster) -> ApprovedTarget:
    match = roster.find(row.text("单位编码") or None, row.text("单位名称") or None)
    if match.unit is None:
        near = f"例如{'、'.join(match.nearest)}，" if match.nearest else ""
        raise Refused(
            f"{name} 第{row.number}行的单位“{row.text('单位名称') or row.text('单位编码')}”不在名单中。",
            remedy=f"请改成名单上的单位名称或编码，{near}或者把这个单位加入 units.xlsx，或者删去这一行。",
        )
    project = row.text("项目名称") or None
    target, released = _adjusted(row)
    return ApprovedTarget(
        unit=match.unit.name,
        form=form_name(row.text("表格")) or ("project" if project else "whole-unit"),
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
