"""One line of a scheme put to one indicator: by formula and conditions here, by target and actual in judging."""

from collections.abc import Sequence
from decimal import Decimal

from evalbatch.expression.progress import says_not_applicable
from evalbatch.model import Cell
from evalbatch.scoring.fields import COUNTED, Fields, absent, lacking, numbers, row_fields
from evalbatch.scoring.formula import CannotCompute, Formula
from evalbatch.scoring.judging import rule_by_target, rule_by_tiers
from evalbatch.scoring.ruling import Asked, Ruling, certain, open_to
from evalbatch.scoring.scheme import Scheme, SchemeLine
from evalbatch.scoring.shapes import AgainstTarget, Count, ExecutionRate, Manual, Qualitative, ValueShape
from evalbatch.scoring.words import makes, show

_RATE = Formula.read("全年执行数 / 全年预算数")
_OWN_ACTUAL = Formula.read("完成值")


def rule_indicator(line: SchemeLine, asked: Asked, scheme: Scheme) -> Ruling:
    """Put a scheme's line to an indicator."""
    if line.applies and (ruling := _applicability(line.applies, asked)) is not None:
        return ruling
    match line.shape:
        case Manual():
            return open_to(asked.weight, "由人工核定", asked.inputs)
        case Qualitative(tiers=tiers):
            return rule_by_tiers(asked, scheme, tiers)
        case AgainstTarget() as shape:
            return rule_by_target(shape, asked, scheme)
        case Count() as shape:
            return _by_count(shape, line.conditions, asked)
        case shape:
            formula = line.formula or (_RATE if isinstance(shape, ExecutionRate) else _OWN_ACTUAL)
            return rule_value(
                line, shape, formula, asked.weight, (row_fields(asked.target, asked.actual), asked.fields)
            )


def _applicability(condition: Formula, asked: Asked) -> Ruling | None:
    """Rule that an indicator doesn't apply, or that this can't be told; None where it applies."""
    sources = (row_fields(asked.target, asked.actual), asked.fields)
    if missing := lacking((condition,), *sources):
        return open_to(asked.weight, f"缺少{_listed(missing)}，不能确定指标是否适用", asked.inputs)
    found, told, cells = numbers(condition.names, *sources)
    try:
        applies = condition.holds(found)
    except CannotCompute as error:
        return open_to(asked.weight, f"适用条件“{condition.text}”{error}，不能确定是否适用", cells)
    if applies:
        return None
    return Ruling(f"{'、'.join(told)}，不符合适用条件“{condition.text}”，本指标不适用", inputs=cells, applies=False)


def rule_value(
    line: SchemeLine, shape: ValueShape, formula: Formula, weight: Decimal, sources: Sequence[Fields]
) -> Ruling:
    """Compute the formula and give its value to the shape."""
    if missing := lacking((formula,), *sources):
        return open_to(weight, f"{_why_lacking(missing)}，无法计算“{formula.text}”")
    found, told, cells = numbers(formula.names, *sources)
    if none := absent(formula, *sources):
        if any(says_not_applicable(value.absent) for value in none):
            return Ruling(f"{'、'.join(told)}，本指标不适用", inputs=cells, applies=False)
        return open_to(weight, f"{'、'.join(told)}，无法计算“{formula.text}”", cells)
    try:
        value = formula.value(found)
    except CannotCompute as error:
        return _no_result(line, weight, f"{'，'.join(told)}，“{formula.text}”{error}", cells)
    points, words = shape.points(value, weight)
    as_share = "/" in formula.text or "÷" in formula.text or "率" in formula.text
    result = makes(value) if as_share else f"={show(value, 4)}"
    computed = f"{formula.text}{result}" if len(formula.names) > 1 else ""
    return certain(points, "，".join(word for word in ("、".join(told), computed, words) if word), cells)


def _why_lacking(missing: Sequence[str]) -> str:
    """Say which fields there are not; what is counted over the targets lacks only until each of them is judged."""
    if COUNTED.issuperset(missing):
        return f"自评表没有报，或者有的指标还不能判断是否完成，数不出{_listed(missing)}"
    return f"缺少{_listed(missing)}"


def _no_result(line: SchemeLine, weight: Decimal, why: str, cells: tuple[Cell, ...]) -> Ruling:
    match line.no_result:
        case "满分":
            return certain(weight, f"{why}，按方案规定得满分 {show(weight)} 分", cells)
        case "零分":
            return certain(Decimal(0), f"{why}，按方案规定得 0 分", cells)
        case "不适用":
            return Ruling(f"{why}，按方案规定不适用", inputs=cells, applies=False)
    return open_to(weight, why, cells)


def _by_count(shape: Count, conditions: tuple[Formula, ...], asked: Asked) -> Ruling:
    """Count the conditions that hold."""
    if missing := lacking(conditions, asked.fields):
        return open_to(asked.weight, f"缺少{_listed(missing)}，无法计数", asked.inputs)
    yes, words = 0, []
    cells: list[Cell] = []
    for condition in conditions:
        found, said, used = numbers(condition.names, asked.fields)
        cells += used
        if absent(condition, asked.fields):
            return open_to(asked.weight, f"{'、'.join(said)}，无法计数", used)
        try:
            holds = condition.holds(found)
        except CannotCompute as error:
            return open_to(asked.weight, f"条件“{condition.text}”{error}", used)
        yes += holds
        words.append(f"{condition.text}{'（是）' if holds else '（否）'}")
    points, told_points = shape.points(yes, len(conditions), asked.weight)
    return certain(points, f"{'、'.join(words)}：{told_points}", cells)


def _listed(names: Sequence[str]) -> str:
    return "“" + "”“".join(names) + "”"
