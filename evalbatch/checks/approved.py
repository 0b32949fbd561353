"""Targets as submitted against targets as approved: lowered, dropped, added or reworded since."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import COLUMNS, Row, View, flat, is_answer, plain, show
from evalbatch.expression.judging import judge
from evalbatch.expression.understanding import parse_target
from evalbatch.model import ApprovedTarget, Expression, Part
from evalbatch.text.folding import bare_project

_SAME_NAME = 80
"""Names this alike, in percent, are one name retyped when no other fits better."""
_SAME_INDICATOR = 75
"""From here on a new indicator and one that is gone are one indicator renamed (see `_closeness`)."""
_SIDES = {">=": 1, ">": 1, "<=": -1, "<": -1}
"""Which side of its bound an operator asks for."""


@rule("T02", "must-fix")
def targets_are_not_those_approved(view: View) -> Iterator[Hit]:
    """与批复目标不一致

    年度指标值、分值和指标名称应与批复的绩效目标一致；年中批准调整的，以调整批复为准。没有按程序调整的，不能调低、删除、新增或改名。
    消息（how=lowered）：“{name}”的目标填的是“{value}”，低于批复的“{expected}”{by}。
    消息（how=turned）：“{name}”的目标填的是“{value}”，方向与批复的“{expected}”相反{by}。
    消息（how=vague）：“{name}”的目标填的是“{value}”，是约数，批复的是“{expected}”{by}。
    消息（how=weight）：“{name}”的分值填的是“{value}”，批复的是“{expected}”{by}。
    消息（how=unweighed）：“{name}”没有填分值，批复的是“{expected}”{by}。
    消息（how=renamed）：批复的指标“{expected}”（目标“{approved}”），表中改成了“{value}”（目标“{target}”）{by}。
    消息（how=reworded）：“{name}”的目标填的是“{value}”，与批复的“{expected}”不一致{by}。
    消息（how=dropped）：批复了指标“{name}”（目标“{expected}”），表中没有这一项{by}。
    消息：指标“{name}”（目标“{target}”）不在批复的绩效目标中。
    处理：照所填的目标和分值判断、计分。
    整改：请按批复的目标填写；经批准调整的，请附调整批复。
    错例：批复“活动场次≥8场”，表中填“≥5场”。
    正例：批复“活动场次≥8场”，表中填“≥8场”。
    """
    approved = approved_for(view)
    if not approved:
        return
    rows = [row for row in view.rows if not row.is_heading and row.indicator.name]
    pairs = _matched(rows, approved)
    kept = {id(target) for target in pairs.values()}
    renamed = _renamed(
        [row for row in rows if row.index not in pairs and row.holds("name")],
        [target for target in approved if id(target) not in kept and not target.released],
    )
    kept |= {id(target) for target in renamed.values()}
    for row in rows:
        if (target := pairs.get(row.index)) is not None:
            yield from () if target.released else _compared(row, target, view)
        elif (target := renamed.get(row.index)) is not None:
            yield _name_hit(row, "renamed", target, expected=target.name, value=row.indicator.name)
        elif row.holds("name"):
            yield _name_hit(row, "added", None)
    for target in approved:
        if id(target) not in kept and not target.released:
            about = (f"指标·{plain(target.name)}",)
            places = {"how": "dropped", "name": target.name, "by": _by(target)}
            yield Hit(about, expected=target.target, places=places)


def _name_hit(
    row: Row, how: str, target: ApprovedTarget | None, *, expected: str | None = None, value: str | None = None
) -> Hit:
    """Speak of an indicator's name: it is new, or another than the approved one."""
    indicator = row.indicator
    return Hit(
        (row.thing,),
        indicator.cells["name"],
        COLUMNS["name"],
        value=value,
        expected=expected,
        places={
            "how": how,
            "name": indicator.name,
            "target": indicator.target,
            "approved": target.target if target else "",
            "by": _by(target) if target else "",
        },
    )


def _by(target: ApprovedTarget) -> str:
    """Name the document that adjusted a target, in brackets; "" where none did."""
    return f"（调整批复：{target.adjusted_by}）" if target.adjusted_by else ""


def approved_for(view: View) -> list[ApprovedTarget]:
    """Return what was approved for this very form."""
    if view.season is None or view.unit is None:
        return []
    names = {view.unit.code, view.unit.name, *view.unit.other_names} - {""}
    project = bare_project(view.submission.project)
    return [
        target
        for target in view.season.approved
        if target.unit in names
        and target.form == view.submission.form
        and (target.project is None or bare_project(target.project) == project)
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


def _renamed(rows: list[Row], approved: list[ApprovedTarget]) -> dict[int, ApprovedTarget]:
    """Pair indicators that are new with those that are gone, where their targets tell that they are one.

    The same condition in the same group, or the same measure under a name half alike; the best pair first.
    """
    found = sorted(
        ((closeness, row.index, at) for row in rows for at, target in enumerate(approved)
         if (closeness := _closeness(row, target)) >= _SAME_INDICATOR),
        key=lambda one: (-one[0], one[1], one[2]),
    )  # fmt: skip
    pairs: dict[int, ApprovedTarget] = {}
    taken: set[int] = set()
    for _, index, at in found:
        if index not in pairs and at not in taken:
            pairs[index] = approved[at]
            taken.add(at)
    return pairs


def _closeness(row: Row, target: ApprovedTarget) -> float:
    """How much tells that a new indicator is an approved one under another name."""
    written, approved = parse_target(row.indicator.target), parse_target(target.target)
    same = bool(approved.parts) and _conditions(written) == _conditions(approved)
    measures = {part.measure for part in written.parts} & {part.measure for part in approved.parts} - {""}
    level = target.level2 or target.level1
    group = bool(level) and plain(level) in (plain(row.indicator.level2), plain(row.indicator.level1))
    return _likeness(row, target) + 40 * same + 15 * bool(measures) + 15 * group


def _compared(row: Row, approved: ApprovedTarget, view: View) -> Iterator[Hit]:
    yield from _weighed(row, approved)
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
            places={"how": how, "name": row.indicator.name, "target": written, "by": _by(approved)},
        )


def _weighed(row: Row, approved: ApprovedTarget) -> Iterator[Hit]:
    weight, cell = row.indicator.weight, row.indicator.cells.get("weight")
    if cell is None or approved.weight is None or (weight is None and is_answer(cell.text)):
        return  # F16 says what can't be read
    if weight != approved.weight:
        yield Hit(
            about=(f"{row.thing}·分值",),
            cell=cell,
            column=COLUMNS["weight"],
            value=None if weight is None else show(weight),
            expected=show(approved.weight),
            places={
                "how": "weight" if weight is not None else "unweighed",
                "name": row.indicator.name,
                "by": _by(approved),
            },
        )


def _change(approved: Expression, row: Row, written: Expression) -> str | None:
    """lowered, turned, vague, reworded, or None where the target is the same or higher.

    The written target is held against the approved one as if it had been reached exactly.
    """
    if approved.parts and _conditions(approved) == _conditions(written):
        return None
    if not approved.parts or not written.parts:
        return "lowered" if approved.parts else "reworded"
    pairs = list(zip(approved.parts, written.parts, strict=False))
    if any(_SIDES.get(one.op, 0) * _SIDES.get(other.op, 0) < 0 for one, other in pairs):
        return "turned"
    if any(_is_vague(other) and not _is_vague(one) for one, other in pairs):
        return "vague"
    if any(part.op == "between" for part in (*approved.parts, *written.parts)):
        return "reworded"
    reached = replace(written, parts=tuple(replace(part, op="=", vague=False) for part in written.parts))
    indicator = row.indicator
    verdict = judge(approved, reached, name=indicator.name, level1=indicator.level1, level2=indicator.level2).verdict
    if verdict in ("met", "exceeded"):
        return None
    return "lowered" if verdict in ("not-met", "unanswered") else "reworded"


def _is_vague(part: Part) -> bool:
    return part.vague or part.op == "about"


def _conditions(expression: Expression) -> list[tuple[object, ...]]:
    """What an expression asks for, whatever its words; a bare number stands for either direction."""
    return sorted(
        (str(part.op), *(str(_plain_bound(bound)) for bound in (part.value, part.low, part.high)), part.measure)
        for part in expression.parts
    )


def _plain_bound(bound: object) -> object:
    return bound.normalize() if isinstance(bound, Decimal) else bound
