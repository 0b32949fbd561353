"""Targets as submitted against targets as approved: lowered, dropped, added or reworded since."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import COLUMNS, Row, View, flat, is_answer, plain
from evalbatch.expression.judging import judge
from evalbatch.expression.understanding import parse_target
from evalbatch.model import ApprovedTarget, Expression

_SAME_NAME = 80
"""Names this alike, in percent, are one name retyped when no other fits better."""


@rule("T02", "must-fix")
def targets_are_not_those_approved(view: View) -> Iterator[Hit]:
    """与批复目标不一致

    年度指标值应与年初批复的绩效目标一致；没有按程序调整的，不能调低、删除或新增。
    消息（how=lowered）：“{name}”的目标填的是“{value}”，低于批复的“{expected}”。
    消息（how=reworded）：“{name}”的目标填的是“{value}”，与批复的“{expected}”不一致。
    消息（how=dropped）：批复了指标“{name}”（目标“{target}”），表中没有这一项。
    消息：指标“{name}”（目标“{target}”）不在批复的绩效目标中。
    处理：照所填的目标判断和计分。
    整改：请按批复的目标填写；经批准调整的，请附调整批复。
    错例：批复“活动场次≥8场”，表中填“≥5场”。
    正例：批复“活动场次≥8场”，表中填“≥8场”。
    """
    approved = _approved(view)
    if not approved:
        return
    rows = [row for row in view.rows if not row.is_heading and row.indicator.name]
    pairs = _matched(rows, approved)
    for row in rows:
        target = pairs.get(row.index)
        if target is not None:
            yield from _compared(row, target, view)
        elif row.holds("name"):
            places = {"how": "added", "name": row.indicator.name, "target": row.indicator.target}
            yield Hit((row.thing,), row.indicator.cells["name"], COLUMNS["name"], places=places)
    kept = {id(target) for target in pairs.values()}
    for target in approved:
        if id(target) not in kept:
            about = (f"指标·{plain(target.name)}",)
            yield Hit(about, places={"how": "dropped", "name": target.name, "target": target.target})


def _approved(view: View) -> list[ApprovedTarget]:
    """What was approved for this very form."""
    if view.season is None or view.unit is None:
        return []
    names = {view.unit.code, view.unit.name, *view.unit.other_names} - {""}
    project = plain(view.submission.project)
    return [
        target
        for target in view.season.approved
        if target.unit in names
        and target.form == view.submission.form
        and (target.project is None or plain(target.project) == project)
    ]


def _matched(rows: list[Row], approved: list[ApprovedTarget]) -> dict[int, ApprovedTarget]:
    """Pair each row with its approved target: by name, in order; then those left, by a name nearly the same."""
    left, pairs = list(approved), dict[int, ApprovedTarget]()
    for row in rows:
        same = next((target for target in left if plain(target.name) == plain(row.indicator.name)), None)
        if same is not None:
            left.remove(same)
            pairs[row.index] = same
    for row in rows:
        if row.index in pairs or not left:
            continue
        best = max(left, key=lambda target: _likeness(row, target))
        if _likeness(row, best) >= _SAME_NAME:
            left.remove(best)
            pairs[row.index] = best
    return pairs


def _likeness(row: Row, target: ApprovedTarget) -> float:
    return fuzz.ratio(plain(row.indicator.name), plain(target.name))


def _compared(row: Row, approved: ApprovedTarget, view: View) -> Iterator[Hit]:
    written, cell = row.indicator.target, row.indicator.cells.get("target")
    if cell is None or not is_answer(written) or flat(written) == flat(approved.target):
        return
    year = view.season.year if view.season else None
    how = _change(parse_target(approved.target, year), row, parse_target(written, year))
    if how:
        yield Hit(
            about=(row.thing,),
            cell=cell,
            column=COLUMNS["target"],
            value=written,
            expected=approved.target,
            inputs=(cell,),
            places={"how": how, "name": row.indicator.name, "target": written},
        )


def _change(approved: Expression, row: Row, written: Expression) -> str | None:
    """lowered, reworded, or None where the target is the same or higher.

    The written target is held against the approved one as if it had been reached exactly.
    """
    if approved.parts and _conditions(approved) == _conditions(written):
        return None
    if not approved.parts or not written.parts:
        return "lowered" if approved.parts else "reworded"
    if any(part.op == "between" for part in (*approved.parts, *written.parts)):
        return "reworded"
    reached = replace(written, parts=tuple(replace(part, op="=", vague=False) for part in written.parts))
    indicator = row.indicator
    verdict = judge(approved, reached, name=indicator.name, level1=indicator.level1, level2=indicator.level2).verdict
    if verdict in ("met", "exceeded"):
        return None
    return "lowered" if verdict in ("not-met", "unanswered") else "reworded"


def _conditions(expression: Expression) -> list[tuple[object, ...]]:
    """What an expression asks for, whatever its words; a bare number stands for either direction."""
    return sorted(
        (str(part.op), *(str(_plain_bound(bound)) for bound in (part.value, part.low, part.high)), part.measure)
        for part in expression.parts
    )


def _plain_bound(bound: object) -> object:
    return bound.normalize() if isinstance(bound, Decimal) else bound
