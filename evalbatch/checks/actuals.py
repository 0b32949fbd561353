"""Actuals against their targets: answered, readable, reached, explained."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evalbatch.checks.hit import Hit
from evalbatch.checks.rates import shares_for_rates
from evalbatch.checks.rule import rule
from evalbatch.checks.targets import expects_target
from evalbatch.checks.view import COLUMNS, Row, View, flat, is_answer, once, show, show_part
from evalbatch.model import Judgement, Part

_SIGNS = re.compile(
    r"[≥≤≧≦⩾⩽<>＜＞]|大于等于|小于等于|不少于|不低于|不高于|不超过|不大于|不小于|至少|至多|以上|以下|以内"
)
_FAMILY = {"≧": "≥", "⩾": "≥", ">=": "≥", "≦": "≤", "⩽": "≤", "<=": "≤", "＞": ">", "＜": "<"}
_EQUALS = ("=", "═")
_CHINESE = re.compile(r"[一-鿿]")
_COPIED_FROM = 6
"""From this many Chinese characters on, the target's own wording is no longer an answer of its own."""
_COPIED_WORDS_FROM = 4
"""The same where the target is words only: 合格 is a result, 持续提升 is the target over again."""


@once
def _judged(view: View) -> tuple[tuple[Row, Judgement], ...]:
    """Each row whose actual was held against its target, with a cell for the actual."""
    return tuple(
        (row, row.line.judgement)
        for row in view.rows
        if row.line is not None and row.line.judgement is not None and row.holds("actual")
    )


def _hit(row: Row, column: str = "actual", expected: str | None = None, **places: object) -> Hit:
    indicator = row.indicator
    about = {"name": indicator.name, "target": indicator.target, "actual": indicator.actual}
    return Hit(
        about=(row.thing,),
        cell=indicator.cells[column],
        column=COLUMNS[column],
        value=getattr(indicator, column),
        expected=expected,
        inputs=row.cells,
        places=about | places,
    )


@rule("A01", "must-fix")
def actual_is_missing(view: View) -> Iterator[Hit]:
    """完成值缺失

    有目标或分值的指标都要填写实际完成值；一项也没有完成的填0，不适用的写明“不适用”并说明原因。年度总体目标也要填写完成情况。
    消息（goal）：填写了年度总体目标，没有填写完成情况。
    消息（value）：实际完成值填的是“{value}”，等于没有填写。
    消息：没有填写实际完成值。
    处理：没有补值，这一项列为待定。
    整改：请填写实际完成的数量、比率、时间或情况；没有完成的填“0”并说明原因。
    举例：目标“≥8场”的，填“10场”。
    错例：目标“≥8场”，实际完成值空白。
    正例：目标“≥8场”，实际完成值“10场”。
    """
    for row in view.rows:
        cell = row.indicator.cells.get("actual")
        if cell is None or cell.failed or not expects_target(row) or _is_zero(row.indicator.actual):
            continue
        if is_answer(row.indicator.actual) or _answers_by_none(row):
            continue
        yield Hit((row.thing,), cell, COLUMNS["actual"], value=row.indicator.actual, places={"goal": False})
    goal = view.cell("goal_actual")
    if goal is not None and not goal.filled and is_answer(view.submission.goal):
        yield Hit(("总体目标",), goal, "总体目标完成情况", places={"goal": True})


def _is_zero(text: str | None) -> bool:
    return bool(text) and re.fullmatch(r"0+(?:\.0+)?", flat(text)) is not None


def _answers_by_none(row: Row) -> bool:
    """Whether 无 is an answer: to a target of nothing at all, or where a reason tells why there is none."""
    if not row.indicator.actual:
        return False
    target = row.line.target if row.line else None
    return row.has_reason or (target is not None and any(part.value == 0 for part in target.parts))


@rule("A02", "query")
def part_of_target_has_no_answer(view: View) -> Iterator[Hit]:
    """部分目标没有完成情况

    目标有几个条件的，实际完成值要逐个回答。
    消息：“{name}”的目标有{parts}个条件，完成值“{value}”没有回答：{unanswered}。
    处理：没有回答的部分列为待定。
    整改：请在完成值中补写没有回答的部分。
    举例：目标“开会≥3次，参会率≥95%”，完成值写成“开会4次，参会率98%”。
    错例：目标“开会≥3次，参会率≥95%”，完成值“参会率98%”。
    正例：目标“开会≥3次，参会率≥95%”，完成值“开会4次，参会率98%”。
    """
    for row, judgement in _judged(view):
        open_parts = [part.part for part in judgement.parts if part.verdict == "unanswered"]
        kind = row.line.actual.kind if row.line and row.line.actual else "blank"
        if len(judgement.parts) < 2 or not open_parts or kind in ("blank", "unclear"):
            continue
        unanswered = [part.text or show_part(part) for part in open_parts]
        yield _hit(row, parts=len(judgement.parts), unanswered=unanswered)


@rule("A03", "query")
def measures_differ(view: View) -> Iterator[Hit]:
    """计量单位不一致

    完成值应与目标用同一个计量单位，否则无法比较。
    消息（heads）：“{name}”的目标“{target}”与完成值“{value}”，一个数人，一个数人次，无法比较：同一个人来三次是1人、3人次。
    消息：“{name}”的目标“{target}”与完成值“{value}”计量单位不同，无法比较。
    处理：这一项列为待定，没有判断是否完成。
    整改：请用目标的计量单位填写完成值。
    举例：目标“≥8场”的，完成值填“10场”。
    错例：目标“培训≥8场”，完成值“培训200人”。
    正例：目标“培训≥8场”，完成值“培训10场”。
    """
    for row, judgement in _judged(view):
        actual = row.line.actual if row.line else None
        if (
            actual is None
            or len(judgement.parts) != 1
            or judgement.parts[0].verdict not in ("cannot-tell", "unanswered")
        ):
            continue
        part = judgement.parts[0].part
        others = [answer.measure for answer in actual.parts]
        if part.measure and others and all(others) and part.measure not in others and _numeric(part, *actual.parts):
            measures = {part.measure, *others}
            yield _hit(row, heads="人次" in measures and not measures.isdisjoint(("人", "名")))


def _numeric(*parts: Part) -> bool:
    bounds = [bound for part in parts for bound in (part.value, part.low, part.high) if bound is not None]
    return bool(bounds) and all(isinstance(bound, Decimal) for bound in bounds)


@rule("A04", "query")
def actual_copies_the_target(view: View) -> Iterator[Hit]:
    """完成值照抄目标

    实际完成值要写实际结果，不能照抄目标的“≥”“不少于”或整句文字。完成数恰好等于目标数的，照实填写即可。
    消息：“{name}”的完成值“{value}”照抄了目标的“{sign}”，看不出实际完成多少。
    消息（wording）：“{name}”的完成值“{value}”与目标一字不差，看不出实际完成情况。
    处理：有数值的按数值判断是否完成，只有文字的由评审人判断。
    整改：请改填实际完成的数量或具体情况。
    举例：目标“≥8场”的，填“10场”。
    错例：目标“≥95%”，完成值“≥95%”。
    正例：目标“≥95%”，完成值“96.5%”。
    """
    for row in view.rows:
        actual, target = row.indicator.actual, row.indicator.target
        if not actual or not row.holds("actual"):
            continue
        if sign := _copied_sign(actual, target or ""):
            yield _hit(row, sign=sign, wording=False)
        elif flat(actual) in _wordings(row) and _is_wordy(row, actual):
            yield _hit(row, sign="", wording=True)


def _wordings(row: Row) -> tuple[str, ...]:
    """The target's wording: whole, and without the sign and the measure that stand in columns of their own."""
    cell = row.indicator.cells.get("target")
    return flat(row.indicator.target), flat(cell.text if cell else "")


def _is_wordy(row: Row, actual: str) -> bool:
    """Whether an answer that equals the target says nothing of its own: words, or the deadline with its 前."""
    parsed = row.line.actual if row.line else None
    if parsed is not None and parsed.kind == "date" and any(part.op == "<=" for part in parsed.parts):
        return True
    words_only = parsed is not None and parsed.kind == "qualitative"
    return len(_CHINESE.findall(actual)) >= (_COPIED_WORDS_FROM if words_only else _COPIED_FROM)


def _copied_sign(actual: str, target: str) -> str:
    """The operator in an actual: a sign always tells a copy, a word only where the target has it too."""
    own = flat(target)
    for found in _SIGNS.finditer(flat(actual)):
        sign = found[0]
        if sign in own or not _CHINESE.match(sign):
            return _FAMILY.get(sign, sign)
    return "=" if flat(actual)[:1] in _EQUALS else ""


@rule("A05", "note")
def actual_is_vague(view: View) -> Iterator[Hit]:
    """完成值不精确

    “多”“余”“约”“近”“左右”不是准确的数，即使能看出已经完成。
    消息（vague）：“{name}”的完成值“{value}”里有不准确的数：{vague}。
    消息：“{name}”的完成值“{value}”不是准确的数。
    处理：按能确定的范围判断是否完成。
    整改：请填准确的完成数。
    举例：“10多场”改填“12场”。
    错例：完成值“10多场”。
    正例：完成值“12场”。
    """
    for row in view.rows:
        actual = row.line.actual if row.line else None
        vague = [part for part in actual.parts if part.vague or part.op == "about"] if actual else []
        if vague and row.holds("actual"):
            said = [part.text or show_part(part) for part in vague]
            yield _hit(row, vague=said if flat("".join(said)) != flat(row.indicator.actual) else None)


@rule("A06", "must-fix")
def not_met_and_no_reason(view: View) -> Iterator[Hit]:
    """未完成且未说明原因

    没有完成目标的，要在偏差原因一栏说明原因和改进措施；“无”“0”“—”不是原因。
    消息（missed）：“{name}”目标“{target}”，完成值“{actual}”，其中“{missed}”没有完成，却没有说明原因。
    消息：“{name}”目标“{target}”，完成值“{actual}”，没有完成，却没有说明原因。
    处理：判为未完成。
    整改：请核对完成值；确实没有完成的，请在偏差原因一栏写明原因和改进措施。
    举例：“因场地维修，两场活动推迟到下年举办”。
    错例：目标“≥50个”，完成值“45个”，偏差原因“无”。
    正例：目标“≥50个”，完成值“45个”，偏差原因“因场地维修少办5个，已列入下年计划”。
    """
    for row, judgement in _judged(view):
        if judgement.verdict == "not-met" and not row.has_reason and row.holds("reason"):
            yield _hit(row, "reason", missed=_missed(judgement))


def _missed(judgement: Judgement) -> list[str]:
    """The conditions that are not met, where a target has several."""
    missed = [part.part.text or show_part(part.part) for part in judgement.parts if part.verdict == "not-met"]
    return missed if len(judgement.parts) > 1 else []


@rule("A07", "query")
def far_above_target_and_no_reason(view: View) -> Iterator[Hit]:
    """超额较多未说明

    完成数量超过目标30%以上（界限见评分方案）的，可能是目标定得太低，要说明原因。比率和越低越好的指标不在此列。
    消息：“{name}”目标“{target}”，完成值“{actual}”，超过目标{over}%，没有说明原因。
    处理：判为已完成。
    整改：请在偏差原因一栏说明超额完成的原因；今后请把目标定得更准确。
    举例：“下半年上级增加培训任务4场”。
    错例：目标“≥8场”，完成值“20场”，偏差原因空白。
    正例：目标“≥8场”，完成值“20场”，偏差原因“上级增加培训任务”。
    """
    line = 1 + view.scheme.threshold("over_fulfilment") / 100
    for row, judgement in _judged(view):
        if row.has_reason or not row.holds("reason") or judgement.less_is_better or judgement.verdict == "not-met":
            continue
        over = [part.ratio for part in judgement.parts if part.ratio and part.ratio >= line and _is_count(part.part)]
        if over:
            yield _hit(row, "reason", over=show((max(over) - 1) * 100, 0))


def _is_count(part: Part) -> bool:
    """Whether a condition asks for a number of things, more being better, and more than none."""
    return (
        part.op in (">=", ">", "=")
        and isinstance(part.value, Decimal)
        and part.value > 0
        and part.measure not in ("%", "‰")
    )


@rule("A08", "query")
def share_where_percent_is_meant(view: View) -> Iterator[Hit]:
    """比率疑误

    以百分比衡量的，要填95.8%，不要填0.958或1。
    消息：填的是“{value}”，这里应是百分比，可能是{expected}。
    处理：执行率按百分比登记；完成值没有自行换算。
    整改：请填带百分号的数。
    举例：填“{expected}”。
    错例：目标“≥95%”，完成值“0.958”。
    正例：目标“≥95%”，完成值“95.8%”。
    """
    yield from shares_for_rates(view)
    for row in view.rows:
        actual, target = (row.line.actual, row.line.target) if row.line else (None, None)
        if actual is None or target is None or len(actual.parts) != 1 or not row.holds("actual"):
            continue
        number = actual.parts[0].value
        if actual.parts[0].measure or not isinstance(number, Decimal) or not 0 < number <= 1:
            continue
        bounds = [bound for part in target.parts if part.measure == "%" for bound in (part.value, part.low)]
        if len(target.parts) == 1 and any(isinstance(bound, Decimal) and bound > 2 for bound in bounds):
            yield _hit(row, expected=f"{show(number * 100)}%")


@rule("A09", "must-fix")
def actual_cannot_be_read(view: View) -> Iterator[Hit]:
    """完成值无法识别

    目标可以衡量，完成值却有乱码、遮盖、错位的分隔符或“同年初目标”之类的写法，读不出确定的数。
    消息：“{name}”的完成值“{value}”无法识别为确定的数或时间。
    处理：这一项没有判断是否完成，列为待定。
    整改：请重新填写完成值，只写一个确定的数和计量单位。
    举例：目标“≥700公里”的，填“700.08公里”。
    错例：目标“≥700公里”，完成值“7,00.0,77”。
    正例：目标“≥700公里”，完成值“700.08公里”。
    """
    for row in view.rows:
        actual, target = (row.line.actual, row.line.target) if row.line else (None, None)
        if actual is None or target is None or not row.holds("actual"):
            continue
        if target.kind in ("quantity", "date") and actual.kind == "unclear" and is_answer(row.indicator.actual):
            yield _hit(row)


@rule("A10", "note")
def not_met_with_a_reason(view: View) -> Iterator[Hit]:
    """未完成目标

    没有完成目标，已经说明原因；列出来供评审人了解。
    消息（no_place）：“{name}”目标“{target}”，完成值“{value}”，没有完成；表中没有说明原因的栏目。
    消息：“{name}”目标“{target}”，完成值“{value}”，没有完成；已说明原因“{reason}”。
    处理：判为未完成。
    整改：请落实改进措施，并在下年设置目标时考虑这一原因。
    错例：目标“≥50个”，完成值“45个”，偏差原因“因场地维修少办5个”。
    正例：目标“≥50个”，完成值“52个”。
    """
    for row, judgement in _judged(view):
        if judgement.verdict == "not-met" and (row.has_reason or not row.holds("reason")):
            common = view.cell("reason")
            reason = row.indicator.reason if row.has_reason or common is None else common.text
            yield _hit(row, reason=reason, no_place=common is None and not row.holds("reason"))


@rule("A11", "query")
def words_answer_a_number(view: View) -> Iterator[Hit]:
    """以定性表述代替数据

    目标是数量的，只写“完成”“达成预期指标”看不出实际完成多少。
    消息：“{name}”目标“{target}”是数量，完成值只写了“{value}”，没有数据。
    处理：没有判断是否完成，列为待定。
    整改：请填写实际完成的数量。
    举例：目标“≥50个”的，填“52个”。
    错例：目标“≥50个”，完成值“达成预期指标”。
    正例：目标“≥50个”，完成值“52个”。
    """
    for row, judgement in _judged(view):
        actual, target = (row.line.actual, row.line.target) if row.line else (None, None)
        if actual is None or target is None or target.kind != "quantity" or actual.kind != "qualitative":
            continue
        if len(judgement.parts) == 1 and judgement.verdict in ("cannot-tell", "unanswered"):
            yield _hit(row)
