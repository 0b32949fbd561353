"""What the summary asks of a form beside its rows: how many targets, which score differs most, what its cells are."""

from collections.abc import Iterator
from decimal import Decimal

from evalbatch import words
from evalbatch.model import Cell, Evaluated

_HEADER_WORDS = {
    "unit.name": "单位名称",
    "unit.code": "单位编码",
    "year": "评价年度",
    "project.name": "项目名称",
    "project.department": "主管部门",
    "prepared_by": "填报人",
    "phone": "联系电话",
    "filled_on": "填报日期",
    "goal": "年度总体目标",
    "goal_actual": "总体目标完成情况",
    "total_weight": "分值合计",
    "total_score": "总分",
    "grade": "等级",
    "version": "表样版本",
    "reason": "偏差原因",
}
_COLUMN_WORDS = {
    "initial": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "全年执行数",
    "rate": "执行率",
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "bound": "指标性质",
    "target": "年度指标值",
    "measure": "计量单位",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "reason": "偏差原因",
    "basis": "依据",
}


def compared_in(form: Evaluated) -> int:
    """How many of a form's indicators with a target were judged."""
    judged = {line.index for line in form.card.lines if line.judgement is not None and line.kind == "indicator"}
    return sum(form.submission.indicators[index].target is not None for index in judged)


Cut = tuple[str, Decimal | None, Decimal | None, str]
"""A scored line's name, self score, verified score, and how that was found."""


def largest_cut(form: Evaluated) -> Cut | None:
    """Return the scored line of a form whose scores differ most, the first of equals; None without any line."""
    lines = ((line.name, line.self_score, line.verified_score, line.because) for line in form.card.lines)
    return max(lines, key=size_of, default=None)


def size_of(cut: Cut) -> Decimal:
    """How many points a line's scores differ by; 0 where one is missing."""
    _, own, verified, _ = cut
    return Decimal(0) if own is None or verified is None else abs(verified - own)


def named_cells(form: Evaluated) -> tuple[tuple[str, str, str], ...]:
    """Return sheet, address and name of each cell that a form has for something."""
    return tuple((cell.sheet, cell.address, place) for cell, place in _places(form))


def _places(form: Evaluated) -> Iterator[tuple[Cell, str]]:
    submission = form.submission
    for name, cell in submission.cells.items():
        yield cell, _HEADER_WORDS.get(name, name)
    for line in submission.budget:
        for name, cell in line.cells.items():
            yield cell, f"资金：{words.BUDGET_KIND.get(line.kind, line.item)}—{_COLUMN_WORDS.get(name, name)}"
    for indicator in submission.indicators:
        for name, cell in indicator.cells.items():
            yield cell, f"指标：{_COLUMN_WORDS.get(name, name)}"
    for entry in submission.fields:
        yield entry.cell, f"数据项：{entry.name}"
