"""Targets and weights of one form: measurable, complete, adding up."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from evalbatch.checks.approved import approved_for
from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import (
    CENT,
    COLUMNS,
    Row,
    View,
    cells_of,
    flat,
    is_answer,
    plain,
    show,
    span_of,
    unplaced_execution,
)
from evalbatch.model import BudgetLine, Cell, Expression, Indicator, approved_weight
from evalbatch.scoring.weights import values_are_weights

_OUTPUT_KINDS = ("数量", "质量", "时效", "成本")
_WHOLE_AT_MOST = (
    "满意",
    "合格率",
    "及时率",
    "覆盖率",
    "达标率",
    "到位率",
    "准确率",
    "出勤率",
    "参会率",
    "参与率",
    "真实率",
)
PROCESS = ("决策", "管理", "过程", "投入")


def expects_target(row: Row) -> bool:
    """Whether a row is an indicator with targets and actuals, and no heading.

    Rows on decisions and management are judged by a standard, not by a target; where both are blank, that is meant.
    """
    indicator = row.indicator
    if row.is_heading or not indicator.name or (indicator.weight is None and not is_answer(indicator.target)):
        return False
    group = plain(indicator.level1)
    judged_by_standard = any(word in group for word in PROCESS) and "产出" not in group
    return not (judged_by_standard and not is_answer(indicator.target) and not is_answer(indicator.actual))


def _is_output(row: Row) -> bool:
    """Whether an indicator is one of output or cost, by its first level, else by its second."""
    level1, level2 = plain(row.indicator.level1), plain(row.indicator.level2)
    if "产出" in level1 or "成本" in level1:
        return True
    if "效益" in level1 or "满意" in level1:
        return False
    return level2.removesuffix("指标") in _OUTPUT_KINDS


@rule("T01", "query")
def target_cannot_be_measured(view: View) -> Iterator[Hit]:
    """目标不可衡量

    产出指标和成本指标的年度指标值应当可以衡量：有数量、比率、金额或时间。各项指标值填的都是分值的，等于没有目标。
    消息（points）：各项指标的目标填的像是分值（合计{points}），不是要达到的数量、比率、金额或时间，无法判断是否完成。
    消息：“{name}”的目标是“{value}”，没有可以衡量的数量、比率、金额或时间。
    处理：按定性目标处理，由评审人判断。
    整改：请把目标写成可以衡量的数值；确实只能定性的，请在备注中说明衡量办法。
    举例：“提交报告及时性”的目标写成“12月31日前”。
    错例：数量指标“开展活动”，目标“按计划开展”。
    正例：数量指标“开展活动场次”，目标“≥8场”。
    """
    if values_are_weights(view.submission, view.form.card.full_mark):
        yield _weights_for_targets([row for row in view.rows if row.holds("target") and row.indicator.target])
        return
    for row in view.rows:
        target = row.line.target if row.line else None
        if target is not None and _is_words(target) and row.holds("target") and _is_output(row):
            yield Hit(
                (row.thing,),
                row.indicator.cells["target"],
                COLUMNS["target"],
                value=row.indicator.target,
                places={"name": row.indicator.name, "points": None},
            )


def _weights_for_targets(rows: Sequence[Row]) -> Hit:
    """One hit for all targets of a form that are weights."""
    cells = [row.indicator.cells["target"] for row in rows]
    points = sum((Decimal(row.indicator.target or 0) for row in rows), Decimal(0))
    things = tuple(row.thing for row in rows)
    return Hit(things, cells[0], COLUMNS["target"], span=span_of(cells), places={"name": "", "points": show(points)})


def _is_words(target: Expression) -> bool:
    """Whether a target is words only, or refers to somewhere else without any number of its own (同上年, ≥ 场)."""
    return target.kind == "qualitative" or (target.kind == "unclear" and not re.search(r"\d", target.text))


@rule("T03", "must-fix")
def weights_are_not_the_full_mark(view: View) -> Iterator[Hit]:
    """分值合计不符

    预算执行率的分值加上各项指标的分值，应等于满分（一般为100分）；方案规定了一级指标分值的，各组合计也应相符。
    消息：{terms}，分值合计为{value}，应为{full}。
    消息（group）：“{group}”各项分值合计为{value}，评分方案规定为{full}。
    处理：各项仍按所填分值计分，没有折算。
    整改：请核对每一项分值，补填漏填的，改正填错的。
    错例：执行率10分，各项指标合计80分，满分100分。
    正例：执行率10分，各项指标合计90分，满分100分。
    """
    rows = [row for row in view.rows if row.part_of is None or row.indicator.weight is not None]
    weighed = [row for row in rows if row.indicator.weight is not None]
    totalled = view.submission.form in _WITH_TOTAL or _has_budget_or_total(view)
    if not weighed or not totalled or view.scheme.leaves_unscored(view.submission):
        return
    indicators = sum((row.indicator.weight or Decimal(0) for row in weighed), Decimal(0))
    execution = (view.total.weight if view.total else None) or Decimal(0)
    full = view.form.card.full_mark
    if execution == 0 and 0 < full - indicators == unplaced_execution(view):
        return
    cells = _weight_cells(row for row in view.rows if row.part_of is None or row in weighed)
    own = cells_of(view.total, "weight") if view.total else ()
    if any(map(_holds_words, (*(row.indicator for row in view.rows), *([view.total] if view.total else ())))):
        return  # F16 says where a weight can't be read; the sum can't be told then
    approved, expected = approved_weight(approved_for(view)), None
    if approved is not None:
        line = view.scheme.execution_line(view.submission)
        if own and line is not None and line.weight == full - approved != execution:
            cells, expected = own, line.weight
        elif approved in (indicators, full - execution):
            return  # T02 says which weight is not as approved; where none is, the approved weights are to be mended
    if abs(indicators + execution - full) > _slack(len(weighed)):
        total = view.cell("total_weight") if view.submission.total_weight == indicators + execution else None
        total = None if expected else total
        if total is None and own and execution and _has_no_room(view, indicators, execution):
            cells = own
        yield Hit(
            about=("分值",),
            cell=total or (cells[0] if cells else view.cell("total_weight")),
            column=COLUMNS["total_weight" if total or not cells else "weight"],
            value=show(indicators + execution),
            expected=None if expected is None else show(expected),
            inputs=(*_weight_cells(view.rows), *(cells_of(view.total, "weight") if view.total else ())),
            span="" if total or not cells else span_of(cells),
            places={"terms": f"执行率{show(execution)}分，指标{show(indicators)}分", "group": None, "full": show(full)},
        )
    else:
        yield from _group_weights(view, weighed)


def _has_no_room(view: View, indicators: Decimal, execution: Decimal) -> bool:
    """Whether the execution's weight is the one too much: all of the full mark, or nothing scored beside full marks."""
    full = view.form.card.full_mark
    return execution >= full or (indicators == full and view.total is not None and not _is_scored(view.total))


def _is_scored(line: BudgetLine) -> bool:
    """Whether anything is filled in for its score, readable or not."""
    return line.score is not None or ("score" in line.cells and is_answer(line.cells["score"].text))


def _holds_words(line: BudgetLine | Indicator) -> bool:
    """Whether a line's weight is filled in and no number."""
    return line.weight is None and "weight" in line.cells and is_answer(line.cells["weight"].text)


_WITH_TOTAL = ("project", "whole-unit", "score")


def _has_budget_or_total(view: View) -> bool:
    return view.submission.total_weight is not None or view.submission.total_score is not None


def _weight_cells(rows: Iterable[Row]) -> tuple[Cell, ...]:
    """The cells of all weights, those too that nobody could read."""
    return tuple(row.indicator.cells["weight"] for row in rows if "weight" in row.indicator.cells)


def _slack(rows: int) -> Decimal:
    """Weights that were split may miss the full mark by half a cent each."""
    return max(CENT, CENT / 2 * rows)


def _group_weights(view: View, weighed: list[Row]) -> Iterator[Hit]:
    """Compare with the weights that a scheme fixes for its groups."""
    form = view.submission
    for group, fixed in view.scheme.group_weights(form).items():
        own = [row for row in weighed if view.scheme.group_of(form, row.indicator.level1) == group]
        total = sum((row.indicator.weight or Decimal(0) for row in own), Decimal(0))
        cells = [row.indicator.cells["weight"] for row in own if "weight" in row.indicator.cells]
        if own and cells and abs(total - fixed) > _slack(len(own)):
            yield Hit(
                about=(f"分值·{group}",),
                cell=cells[0],
                column=COLUMNS["weight"],
                value=show(total),
                inputs=_weight_cells(row for row in view.rows if row.indicator.level1 == own[0].indicator.level1),
                span=span_of(cells),
                places={"group": group, "terms": "", "full": show(fixed)},
            )


@rule("T04", "query")
def required_group_is_missing(view: View) -> Iterator[Hit]:
    """缺少必设指标

    评分方案规定必须设置的一级指标，每一组至少要有一项指标。
    消息：缺少必须设置的一级指标：{missing}。
    整改：请补充缺少的指标；确实不适用的，请说明原因。
    举例：“效益指标”可设“受益群众≥2000人”，“满意度指标”可设“服务对象满意度≥95%”。
    错例：只有产出指标和满意度指标，没有效益指标。
    正例：产出指标、效益指标、满意度指标各有至少一项。
    """
    missing = view.scheme.missing_groups(view.submission) if view.rows else ()
    if missing and any("level1" in row.indicator.cells or row.indicator.level1 for row in view.rows):
        yield Hit(("指标分组",), places={"missing": missing})


@rule("T06", "must-fix")
def target_is_missing(view: View) -> Iterator[Hit]:
    """目标缺失

    每一项指标都要有年度指标值，否则无法衡量完成情况。只有分组标题的行不在此列。
    消息：没有填写年度指标值。
    处理：没有目标，不判断是否完成。
    整改：请按年初批复填写年度指标值。
    举例：填“≥8场”。
    错例：三级指标“开展活动场次”，分值10，年度指标值空白。
    正例：三级指标“开展活动场次”，分值10，年度指标值“≥8场”。
    """
    for row in view.rows:
        cell = row.indicator.cells.get("target")
        if cell is not None and expects_target(row) and not is_answer(row.indicator.target) and not cell.failed:
            if "0" in (row.indicator.target or ""):
                continue  # a bare 0 is a target: 事故发生数 0
            yield Hit((row.thing,), cell, COLUMNS["target"])


@rule("T09", "query")
def rate_target_cannot_be(view: View) -> Iterator[Hit]:
    """目标值疑误

    满意度、合格率、覆盖率一类的比率不可能超过100%；超过的多半是“≥”被误写成数字，如“290%”应为“≥90%”。
    消息：“{name}”的目标是“{value}”，这类比率不会超过100%，目标可能写错。
    处理：暂按所写的目标判断，因此而起的“未完成”不再另列。
    整改：请核对批复的目标，改正目标值。
    举例：“290%”改为“≥90%”。
    错例：服务对象满意度，目标“290%”。
    正例：服务对象满意度，目标“≥90%”。
    """
    for row in view.rows:
        parts = row.line.target.parts if row.line and row.line.target else ()
        name = f"{plain(row.indicator.level1)}{plain(row.indicator.level2)}{row.indicator.name}"
        above = [
            part
            for part in parts
            if part.measure == "%"
            and part.op in (">=", ">", "=")
            and isinstance(part.value, Decimal)
            and part.value > 100
        ]
        if above and any(word in name for word in _WHOLE_AT_MOST) and row.holds("target"):
            yield Hit(
                (row.thing,),
                row.indicator.cells["target"],
                COLUMNS["target"],
                value=row.indicator.target,
                places={"name": row.indicator.name},
            )


@rule("T07", "note")
def cost_indicator_points_upward(view: View) -> Iterator[Hit]:
    """成本指标方向疑误

    成本指标一般是越低越好，目标写成“≥”会使花钱越多得分越高。
    消息：“{name}”是成本指标，目标却写成“{value}”，方向可能反了。
    处理：按所写的方向判断是否完成。
    整改：请核对目标的方向。
    举例：成本控制目标写成“≤17.4万元”。
    错例：成本指标“项目总成本”，目标“≥17.4万元”。
    正例：成本指标“项目总成本”，目标“≤17.4万元”。
    """
    for row in view.rows:
        levels = plain(row.indicator.level1) + plain(row.indicator.level2)
        parts = row.line.target.parts if row.line and row.line.target else ()
        upward = any(part.op in (">=", ">") and "元" in part.measure and part.measure != "%" for part in parts)
        saving = any(word in row.indicator.name for word in ("节约", "节省", "降低", "减少", "收益", "增收"))
        if "成本" in levels and "效益" not in levels and upward and not saving and row.holds("target"):
            yield Hit(
                (f"{row.thing}·方向",),
                row.indicator.cells["target"],
                COLUMNS["target"],
                value=row.indicator.target,
                places={"name": row.indicator.name},
            )


@rule("T08", "note")
def same_indicator_under_output_and_benefit(view: View) -> Iterator[Hit]:
    """产出与效益指标重复

    同一个指标既列为产出又列为效益，等于同一件事计了两次分。
    消息：“{name}”在产出指标和效益指标中各列了一次（另一处在第{other}行），目标也相同。
    处理：两处都照所填计分。
    整改：请把其中一处改为真正反映效果的指标。
    错例：产出指标和效益指标都有“培训人数≥200人”。
    正例：产出指标“培训人数≥200人”，效益指标“取得证书人数≥150人”。
    """
    outputs = {
        (plain(row.indicator.name), flat(row.indicator.target)): row
        for row in view.rows
        if "产出" in plain(row.indicator.level1) and is_answer(row.indicator.target)
    }
    for row in view.rows:
        first = outputs.get((plain(row.indicator.name), flat(row.indicator.target)))
        if first and "效益" in plain(row.indicator.level1) and row.holds("name") and first.holds("name"):
            yield Hit(
                (f"{row.thing}·重复",),
                row.indicator.cells["name"],
                COLUMNS["name"],
                value=row.indicator.name,
                places={"name": row.indicator.name, "other": first.indicator.cells["name"].row},
            )
