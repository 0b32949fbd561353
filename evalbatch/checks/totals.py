"""Totals of scores, and the grade that goes with them."""

from collections.abc import Iterator
from decimal import Decimal

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.scores import (
    counted_rows,
    not_met_yet_full_marks,
    score_is_above_its_weight,
    score_is_no_score,
    score_is_not_the_rules,
    sum_of_scores,
    weighted_row_lacks_its_score,
)
from evalbatch.checks.view import (
    COLUMNS,
    EXECUTION_SCORE,
    View,
    cells_of,
    is_answer,
    rate_of,
    show,
    span_of,
    unplaced_execution,
)
from evalbatch.model import Cell

_SCORE_CHECKS = (
    score_is_above_its_weight,
    score_is_no_score,
    score_is_not_the_rules,
    not_met_yet_full_marks,
    weighted_row_lacks_its_score,
)
"""What each score of a form must pass for the form to follow its own rule."""


@rule("S03", "must-fix")
def total_is_not_the_sum_of_scores(view: View) -> Iterator[Hit]:
    """总分与各项之和不符

    总分等于预算执行率得分加上各项指标得分。相差不超过0.01的不计。
    消息：总分填的是“{value}”，执行率得分与各指标得分之和为{terms}={sum}，两者不符。
    消息（indicators_only）：总分填的是“{value}”，各指标得分之和为{sum}，两者不符。
    处理：自评总分按所填的总分登记。
    整改：请核对总分和每一项得分，改正填错的一个；本系统不能判断是哪一个。
    举例：各项得分无误时，总分填“{expected}”。
    错例：执行率得分9，各指标得分之和85，总分96。
    正例：执行率得分9，各指标得分之和85，总分94。
    """
    total, cell = view.submission.total_score, view.cell("total_score")
    expected = sum_of_scores(view)
    if total is None or cell is None or expected is None:
        return
    subrows = [row for row in view.rows if row.indicator.score is not None and row.part_of is not None]
    with_subrows = expected + sum((row.indicator.score or Decimal(0) for row in subrows), Decimal(0))
    sums = (expected, with_subrows, _rescaled(view, expected))
    if min(abs(total - one) for one in sums) <= view.scheme.threshold("score_rounding"):
        return
    if 0 < total - expected <= unplaced_execution(view):
        return  # the execution rate's score, which the form's money has no place for
    execution = view.total.score if view.total is not None else None
    cells = [row.indicator.cells["score"] for row in counted_rows(view) if "score" in row.indicator.cells]
    yield Hit(
        about=("总分",),
        cell=cell,
        column=COLUMNS["total_score"],
        expected=show(expected) if expected <= view.form.card.full_mark else None,
        inputs=(*cells, *(cells_of(view.total, "score") if view.total else ())),
        places={
            "sum": show(expected),
            "terms": f"{show(execution or Decimal(0))}+{show(expected - (execution or Decimal(0)))}",
            "indicators_only": execution is None,
        },
    )


def _rescaled(view: View, total: Decimal) -> Decimal:
    """What a sum of scores comes to when the weights of lines that don't apply are given to the others."""
    lines = view.form.card.lines
    weights = sum((line.weight or Decimal(0) for line in lines), Decimal(0))
    left_out = sum((line.weight or Decimal(0) for line in lines if not line.applies), Decimal(0))
    return view.scheme.round(total * weights / (weights - left_out)) if 0 < left_out < weights else total


@rule("S06", "must-fix")
def totals_of_two_forms_differ(view: View) -> Iterator[Hit]:
    """各表总分不一致

    同一单位的自评表和评分表，总分应当一致；两张表各按自己的规则评分、各自正确的，总分可以不同。相差不超过0.01分的不计。
    消息（wrong）：总分填的是“{value}”，{other}总分是“{theirs}”，两张表不一致；{wrong}的得分或总分不符合评分规则。
    消息：总分填的是“{value}”，{other}总分是“{theirs}”，两张表不一致。
    处理：单位自评总分以部门整体支出绩效自评表为准。
    整改：请先按评分规则核对两张表的各项得分，改正填错的，再按各项得分改正总分。
    错例：自评表总分96，评分表总分95，各项得分都没有填。
    正例：自评表总分96，评分表总分96。
    """
    total, cell = view.submission.total_score, view.cell("total_score")
    if view.submission.kind != "score" or cell is None or total is None:
        return
    for other in view.others:
        theirs, their_cell = other.submission.total_score, other.cell("total_score")
        if other.submission.kind != "whole-unit" or theirs is None:
            continue
        if abs(total - theirs) <= view.scheme.threshold("score_rounding"):
            continue
        wrong = [one for one in (view, other) if not _follows_its_rule(one)]
        if wrong:
            bare = not any(line.self_score is not None for line in view.form.card.lines)
            yield Hit(
                about=("总分",),
                cell=cell,
                column=COLUMNS["total_score"],
                expected=show(theirs) if bare else None,
                inputs=(their_cell,) if their_cell else (),
                places={
                    "other": _name_of(other),
                    "theirs": show(theirs),
                    "wrong": [_name_of(one) for one in wrong] if not bare else None,
                },
            )


def _name_of(view: View) -> str:
    return view.submission.title or view.submission.sheet


def _follows_its_rule(view: View) -> bool:
    """Whether a form's total is the sum of its scores, and none of them is another than its rule gives."""
    scored = [line for line in view.form.card.lines if line.self_score is not None]
    if not scored or any(True for _ in total_is_not_the_sum_of_scores(view)):
        return False
    return not any(True for check in _SCORE_CHECKS for _ in check(view))


@rule("S09", "query")
def score_repeated_on_sub_rows(view: View) -> Iterator[Hit]:
    """得分重复填列

    下级行重复填了所属行的得分，容易被重复计入合计。
    消息：“{name}”已得{value}分，它的下级行又各填了一遍。
    处理：合计只计一次。
    整改：请只在所属行填得分，下级行留空或划线。
    错例：年度资金总额得分10，其中当年财政拨款又填得分10。
    正例：年度资金总额得分10，其中当年财政拨款得分填“—”。
    """
    total = view.total
    if total is not None and total.score:
        same = [line for line in view.sources if line.score == total.score and "score" in line.cells]
        if same:
            cells = [line.cells["score"] for line in same]
            yield _repeated(total.item, total.score, cells, (EXECUTION_SCORE + "·下级", *map(rate_of, same)))
    for head in (row for row in view.rows if row.indicator.heads):
        score = head.indicator.score
        below = [row for row in view.rows if row.part_of == head.index and row.holds("score")]
        cells = [row.indicator.cells["score"] for row in below if score and row.indicator.score == score]
        if score and cells:
            yield _repeated(head.indicator.name, score, cells, (f"{head.thing}·下级",))


def _repeated(name: str, score: Decimal, cells: list[Cell], about: tuple[str, ...]) -> Hit:
    return Hit(
        about=about,
        cell=cells[0],
        column=COLUMNS["score"],
        value=show(score),
        expected="—",
        span=span_of(cells) if len({cell.column for cell in cells}) == 1 else "",
        places={"name": name},
    )


@rule("S10", "must-fix")
def grade_is_none_of_the_schemes(view: View) -> Iterator[Hit]:
    """等级无效

    等级只能是评分方案规定的等级，或方案认可的同义说法。
    消息：等级填的是“{value}”，不是评分方案规定的等级（{grades}）。
    消息（graded）：等级填的是“{value}”，不是评分方案规定的等级（{grades}）；总分{total}分应为“{graded}”。
    处理：复核等级按复核总分确定。
    整改：请从规定的等级中选填与总分相符的一个。
    举例：填“{expected}”。
    错例：总分96，等级填“优良”。
    正例：总分96，等级填“优”。
    """
    cell, grade = view.cell("grade"), view.submission.grade
    if cell is None or not is_answer(grade) or view.scheme.accepts_grade(grade or ""):
        return
    total = view.submission.total_score
    graded, names = view.scheme.grade_of(total), [known.name for known in view.scheme.grades]
    yield Hit(
        about=("等级",),
        cell=cell,
        column=COLUMNS["grade"],
        value=grade,
        expected=graded,
        places={"grades": names, "graded": graded, "total": show(total) if total is not None else ""},
    )


@rule("S11", "must-fix")
def grade_is_not_the_totals(view: View) -> Iterator[Hit]:
    """等级与得分不符

    等级应与总分所在的档次一致，档次的下限算在本档之内。
    消息：等级填的是“{value}”，总分{total}分应为“{expected}”。
    处理：复核等级按复核总分确定。
    整改：请核对总分和等级，改正填错的一个。
    举例：总分无误时，等级填“{expected}”。
    错例：总分85，等级填“优”。
    正例：总分85，等级填“良”。
    """
    cell, grade, total = view.cell("grade"), view.submission.grade, view.submission.total_score
    if cell is None or total is None or not is_answer(grade):
        return
    accepted = view.scheme.accepts_grade(grade or "")
    graded = view.scheme.grade_of(total)
    if accepted and graded and accepted != graded:
        total_cell = view.cell("total_score")
        yield Hit(
            about=("等级",),
            cell=cell,
            column=COLUMNS["grade"],
            value=grade,
            expected=graded,
            inputs=(total_cell,) if total_cell else (),
            places={"total": show(total)},
        )
