"""Scores and grades: what a unit gave itself against what the rule gives."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import CENT, COLUMNS, EXECUTION_SCORE, Row, View, is_answer, money, show
from evalbatch.expression.progress import is_failure
from evalbatch.model import Cell, ScoredLine

_MET = ("met", "exceeded")


def _scored(view: View) -> Iterator[tuple[ScoredLine, Row | None, Cell, tuple[str, ...]]]:
    """Each line with a score cell: the line, its row (None for execution), the cell, the things it is about."""
    if view.execution is not None and view.total is not None and "score" in view.total.cells:
        yield view.execution, None, view.total.cells["score"], (EXECUTION_SCORE,)
    for row in view.rows:
        if row.line is not None and "score" in row.indicator.cells:
            yield row.line, row, row.indicator.cells["score"], (row.thing,)


@rule("S01", "must-fix")
def score_is_above_its_weight(view: View) -> Iterator[Hit]:
    """得分超过分值

    每一项的得分不能高于它的分值。
    消息：“{name}”得分填的是“{value}”，超过了分值{weight}。
    处理：复核得分不超过分值。
    整改：请核对得分和分值，改正填错的一个。
    举例：分值无误时，得分填“{expected}”。
    错例：分值10，得分12。
    正例：分值10，得分10。
    """
    for line, row, cell, about in _scored(view):
        weight = row.weight if row else line.weight
        if line.self_score is not None and weight is not None and weight >= 0 and line.self_score > weight:
            yield Hit(
                about,
                cell,
                COLUMNS["score"],
                expected=_within(line, weight),
                value=cell.text or None,
                places={"name": line.name, "weight": show(weight)},
            )


def _within(line: ScoredLine, weight: Decimal) -> str | None:
    """The score instead of one above its weight: the rule's; else the weight, unless something was missed."""
    if line.expected is not None:
        return show(min(line.expected, weight))
    if line.judgement is not None and line.judgement.verdict == "not-met":
        return None
    return show(min(line.band[1], weight) if line.band is not None else weight)


@rule("S02", "must-fix")
def score_is_no_score(view: View) -> Iterator[Hit]:
    """得分无效

    得分栏只填数字，不能是负数或文字。
    消息：{column}填的是“{value}”，不是数字。
    消息（negative）：{column}填的是“{value}”，{column}不能是负数。
    处理：这个得分没有计入合计。
    整改：请只填数字，扣分的填扣后的得分。
    举例：满分10分扣1分的，填“9”。
    错例：得分填“满分”。
    正例：得分填“10”。
    """
    for row in view.rows:
        cell = row.indicator.cells.get("score")
        if cell is not None:
            yield from _no_score(cell, row.indicator.score, (row.thing,), by_rule=_by_rule(row.line))
    if view.total is not None and "score" in view.total.cells:
        cell = view.total.cells["score"]
        yield from _no_score(cell, view.total.score, (EXECUTION_SCORE,), by_rule=_by_rule(view.execution))
    cell, total = view.cell("total_score"), view.submission.total_score
    if cell is not None and not any(word in cell.text for word in ("总", "合计", "分：", "得分")):
        yield from _no_score(cell, total, ("总分",), "total_score", sum_of_scores(view))


def _by_rule(line: ScoredLine | None) -> Decimal | None:
    return line.expected if line else None


def _no_score(
    cell: Cell, score: Decimal | None, about: tuple[str, ...], column: str = "score", by_rule: Decimal | None = None
) -> Iterator[Hit]:
    negative = score is not None and score < 0
    if negative or (score is None and not cell.failed and is_answer(cell.text)):
        yield Hit(about, cell, COLUMNS[column], expected=_shown(by_rule), places={"negative": negative})


@rule("S04", "must-fix")
def score_is_not_the_rules(view: View) -> Iterator[Hit]:
    """得分与评分规则不符

    按评分规则和所填的目标、完成值能算出唯一得分的，自评得分应与它一致；规则只给出范围的，得分应在范围之内。相差不超过0.01的不计。
    消息（band）：“{name}”得分填的是“{value}”，按评分规则应在{band}之间。依据：{because}。
    消息：“{name}”得分填的是“{value}”，按评分规则应为{expected}。计算过程：{because}。
    处理：{meanwhile}。
    整改：请核对计算用到的数和得分，按规则改正。
    错例：分值10，目标≥50个，完成45个，得分9.8。
    正例：分值10，目标≥50个，完成45个，得分9。
    """
    for line, row, cell, about in _scored(view):
        if _off_by_rule(line, row) and not _only_rounded(line) and not _explained_deduction(line, row):
            if row is not None and _counts_missed_targets(view, row):
                continue
            yield Hit(
                about=about if row else _about_execution(view, line),
                cell=cell,
                column=COLUMNS["score"],
                expected=_shown(line.expected),
                inputs=(*line.inputs, *(row.cells if row else ())),
                places={
                    "name": line.name,
                    "because": line.because.rstrip("。") or "见评分规则",
                    "band": _band(line),
                    "meanwhile": meanwhile(line),
                },
            )


def _counts_missed_targets(view: View, row: Row) -> bool:
    """Whether a score counts the targets that were met, and one was missed: the target's own finding says so."""
    ruled = view.scheme.indicator_line(view.submission, row.indicator)
    if ruled is None or ruled.formula is None or "完成指标数" not in ruled.formula.names:
        return False
    return any(
        other_row.line is not None and other_row.line.verdict == "not-met"
        for other in view.others
        if other.submission.kind == "whole-unit"
        for other_row in other.rows
    )


def _band(line: ScoredLine) -> str:
    """The range that the rule leaves, "" where it gives one score."""
    return "" if line.expected is not None or line.band is None else f"{show(line.band[0])}至{show(line.band[1])}"


def meanwhile(line: ScoredLine) -> str:
    """Say which score counts for a line now: a person's, the rule's, or one held until a person decides."""
    if line.reviewed_score is not None:
        return f"{line.decided_by}已核定为{show(line.reviewed_score)}分"
    if line.expected is not None:
        return f"复核得分按规则计算为{show(line.expected)}分"
    if line.checked_score is None:
        return "没有复核得分，待人工核定"
    return f"复核得分暂计{show(line.checked_score)}分，待人工核定"


def _accepted(line: ScoredLine) -> bool:
    """Whether a person gave the line the very score that the unit gave it."""
    return line.reviewed_score is not None and line.reviewed_score == line.self_score


def _weighs_otherwise(line: ScoredLine, row: Row | None) -> bool:
    """Whether the form gives an indicator another weight than the scheme: the scheme's points say nothing of its score.

    A score above the form's own weight is another finding's, as is a form whose weights don't add up.
    """
    return row is not None and row.indicator.weight is not None and row.indicator.weight != line.weight


def _off_by_rule(line: ScoredLine, row: Row | None) -> bool:
    score = line.self_score
    if score is None or _weighs_otherwise(line, row) or _accepted(line):
        return False
    if line.expected is not None:
        return abs(score - line.expected) > CENT
    return line.band is not None and not line.band[0] - CENT <= score <= line.band[1] + CENT


def _explained_deduction(line: ScoredLine, row: Row | None) -> bool:
    """A unit may give itself less than it earned, if it says why."""
    return (
        row is not None
        and row.has_reason
        and line.judgement is not None
        and line.judgement.verdict in _MET
        and line.self_score is not None
        and line.expected is not None
        and line.self_score < line.expected
    )


def _about_execution(view: View, line: ScoredLine) -> tuple[str, ...]:
    """What a wrong score of the execution rate is about: the wrong rate, where the score follows from it."""
    assert view.total is not None
    column, _ = view.total.base
    about = (EXECUTION_SCORE, money("executed"), money(column))
    rate, weight, score = view.total.rate, line.weight, line.self_score
    if rate is not None and weight is not None and score is not None:
        follows = weight * min(rate, Decimal(100)) / 100
        if abs(follows - score) <= Decimal("0.05"):
            return (*about, f"执行率·{view.total.item}")
    return about


def _only_rounded(line: ScoredLine) -> bool:
    """Whether the score is the rule's, rounded to one decimal, half or whole points."""
    score = line.self_score
    if score is None or line.expected is None:
        return False
    exact = line.exact if line.exact is not None else line.expected
    return any(score in _rounded(number) for number in (exact, line.expected))


def _rounded(number: Decimal) -> tuple[Decimal, ...]:
    steps = (Decimal("0.1"), Decimal("0.5"), Decimal(1))
    nearest = ((number / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step for step in steps)
    return (*nearest, number.quantize(steps[0], rounding=ROUND_DOWN))


@rule("S05", "note")
def score_is_only_rounded(view: View) -> Iterator[Hit]:
    """得分仅取整差异

    得分与规则算出的只差在取整：四舍五入到一位小数、半分或整分，或只舍去了第二位以后的小数。这不算错误。
    消息：“{name}”得分填的是“{value}”，按规则为{exact}，只是取整不同。
    处理：{meanwhile}。
    整改：请知悉，不必改动；今后按方案规定的小数位数填写更好。
    错例：按规则应得9.72分，得分填9.7。
    正例：按规则应得9.72分，得分填9.72。
    """
    for line, row, cell, about in _scored(view):
        if _off_by_rule(line, row) and _only_rounded(line) and not _explained_deduction(line, row):
            things = about if row else _about_execution(view, line)
            exact = show(line.expected or Decimal(0))
            places = {"name": line.name, "meanwhile": meanwhile(line), "exact": exact}
            yield Hit(things, cell, COLUMNS["score"], inputs=line.inputs, places=places)


@rule("S07", "query")
def met_yet_deducted(view: View) -> Iterator[Hit]:
    """已完成却扣分

    目标已经完成，得分却低于分值，又没有说明原因。
    消息：“{name}”完成值为“{actual}”，已达到目标“{target}”；分值{weight}，得分却只填“{value}”，没有说明原因。
    处理：{meanwhile}。
    整改：请改正得分（总分随之改正），或在偏差原因一栏说明为什么扣分。
    错例：分值10，目标≥8场，完成10场，得分8，原因空白。
    正例：分值10，目标≥8场，完成10场，得分10。
    """
    for row in view.rows if view.cell("reason") is None else ():
        line, weight = row.line, row.weight
        if line is None or line.judgement is None or line.judgement.verdict not in _MET or row.has_reason:
            continue
        if line.self_score is None or weight is None or "score" not in row.indicator.cells or _accepted(line):
            continue
        gives_less = line.expected is not None and line.expected < weight - CENT
        if 0 <= line.self_score < weight - CENT and not gives_less and not _only_rounded(line):
            yield _score_hit(row, weight)


@rule("S08", "must-fix")
def not_met_yet_full_marks(view: View) -> Iterator[Hit]:
    """未完成却得满分

    目标没有完成，得分却等于分值。
    消息：“{name}”目标“{target}”，完成值“{actual}”，没有完成，得分却填了满分“{value}”。
    消息（rule）：“{name}”目标“{target}”，完成值“{actual}”，没有完成，得分却填了满分“{value}”；按规则应为{rule}。
    处理：{meanwhile}。
    整改：请核对完成值；确实没有完成的，得分应低于分值并说明原因，能算出完成比例的按比例计分。
    举例：得分填“{expected}”。
    错例：分值10，目标≥50个，完成45个，得分10。
    正例：分值10，目标≥50个，完成45个，得分9，并说明原因。
    """
    for row in view.rows:
        line, weight = row.line, row.weight
        if line is None or line.judgement is None or line.judgement.verdict != "not-met" or not weight or weight < 0:
            continue
        if line.self_score is None or line.self_score < weight or "score" not in row.indicator.cells:
            continue
        if _accepted(line):
            continue
        if line.expected is not None and line.expected >= weight - CENT:
            continue  # the rule itself gives full marks here
        yield _score_hit(row, weight, rule=show(line.expected) if line.expected is not None else None)


def _score_hit(row: Row, weight: Decimal, **places: object) -> Hit:
    lower = places.get("rule")
    return Hit(
        about=(row.thing,),
        cell=row.indicator.cells["score"],
        column=COLUMNS["score"],
        expected=str(lower) if lower else None,
        inputs=row.cells,
        places={
            "meanwhile": meanwhile(row.line) if row.line else "",
            "name": row.indicator.name,
            "weight": show(weight),
            "actual": row.indicator.actual,
            "target": row.indicator.target,
            **places,
        },
    )


@rule("S13", "query")
def words_of_failure_yet_full_marks(view: View) -> Iterator[Hit]:
    """写明未完成却得满分

    完成情况用文字写明没有完成、没有按时完成或效果不好，得分却等于分值。能与目标比较的由S08说明。
    消息：“{name}”目标“{target}”，完成值写的是“{actual}”，得分却填了满分“{value}”。
    处理：{meanwhile}。
    整改：请核对完成情况；确实没有完成的，按实际完成程度填得分，并在偏差原因一栏说明原因。
    错例：目标“建立健全长效机制”，完成值“制度尚未建立”，分值10，得分10。
    正例：目标“建立健全长效机制”，完成值“制度尚未建立”，分值10，得分5，并说明原因。
    """
    for row in view.rows:
        line, weight = row.line, row.weight
        if line is None or line.actual is None or not line.pending or not weight or weight < 0:
            continue
        if line.verdict in ("not-met", "met", "exceeded") or not is_failure(line.actual):
            continue
        if line.self_score is None or line.self_score < weight or "score" not in row.indicator.cells:
            continue
        yield _score_hit(row, weight)


@rule("S12", "must-fix")
def weighted_row_lacks_its_score(view: View) -> Iterator[Hit]:
    """得分缺失

    有分值的指标、预算执行率和总分都要填得分，得0分的填0。不适用的写明“不适用”和理由，没有分值和得分的表（如转移支付）不在此列。
    消息：有分值，没有填写得分。
    消息（total）：没有填写总分。
    处理：自评得分按缺失登记，没有计入合计。
    整改：请按评分规则填写得分；没有得分的填“0”，不适用的填“不适用”并写明理由。
    举例：填“{expected}”。
    错例：分值10，得分空白。
    正例：分值10，得分10。
    """
    if view.scheme.leaves_unscored(view.submission):
        return
    blank = [row for row in view.rows if _owes_a_score(view, row)]
    for row in blank:
        alone = _by_rule(row.line) if len(blank) == 1 else None  # neighbours are one finding, without one value
        yield Hit((row.thing,), row.indicator.cells["score"], COLUMNS["score"], expected=_shown(alone))
    if not view.form.card.scored:
        return
    if (money_cell := execution_score_owed(view)) is not None:
        yield Hit((EXECUTION_SCORE,), money_cell, COLUMNS["score"])
    cell = view.cell("total_score")
    if cell is not None and view.submission.total_score is None and _lacks(cell):
        total = _shown(sum_of_scores(view))
        yield Hit(("总分",), cell, COLUMNS["total_score"], expected=total, places={"total": True})


def _owes_a_score(view: View, row: Row) -> bool:
    cell = row.indicator.cells.get("score")
    if cell is None or not row.indicator.weight or row.indicator.score is not None:
        return False
    scored_below = any(sub.part_of == row.index and sub.indicator.score is not None for sub in view.rows)
    return not scored_below and _lacks(cell) and not _is_left_out(row)


def _shown(score: Decimal | None) -> str | None:
    return None if score is None else show(score)


def execution_score_owed(view: View) -> Cell | None:
    """The blank cell where the score of a weighted execution rate belongs; None where nothing is missing."""
    total, line = view.total, view.execution
    if total is None or total.score is not None or line is None or not line.weight:
        return None
    cell = total.cells.get("score")
    return cell if cell is not None and _lacks(cell) else None


def _lacks(cell: Cell) -> bool:
    return not cell.failed and not is_answer(cell.text)


def _is_left_out(row: Row) -> bool:
    """Whether no score is owed: the line does not apply, or a dash or 无 stands there and its reason beside it."""
    line, cell = row.line, row.indicator.cells["score"]
    if line is not None and not line.applies:
        return True
    return bool(cell.text) and (row.has_reason or is_answer(row.indicator.basis))


# ---------------------------------------------------------------- their sum


def sum_of_scores(view: View) -> Decimal | None:
    """The scores of the money and of all indicators added up; None where one of them can't be told."""
    counted = counted_rows(view)
    missing = any(_lacks_score(row) for row in view.rows) or execution_score_owed(view) is not None
    if not counted or missing or _is_no_score(view):
        return None
    execution = view.total.score if view.total is not None else None
    return sum((row.indicator.score or Decimal(0) for row in counted), execution or Decimal(0))


def counted_rows(view: View) -> list[Row]:
    """The rows whose scores add up to the total: those with one that are no parts of another."""
    return [row for row in view.rows if row.indicator.score is not None and row.part_of is None]


def _is_no_score(view: View) -> bool:
    """Whether a score is below zero, or the execution's holds words: S02 says so, and the sum can't be told."""
    scores = [row.indicator.score for row in view.rows]
    if view.total is not None and "score" in view.total.cells:
        scores.append(view.total.score)
        if view.total.score is None and is_answer(view.total.cells["score"].text):
            return True
    return any(score is not None and score < 0 for score in scores)


def _lacks_score(row: Row) -> bool:
    if row.line is not None and not row.line.applies:
        return False
    return (
        row.indicator.weight is not None and row.indicator.score is None and row.holds("score") and not row.is_heading
    )
