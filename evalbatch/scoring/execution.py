"""The execution rate of a form's money in, its ruling out (财预〔2020〕10号: weight × rate, at most the weight)."""

from decimal import Decimal

from evalbatch.model import BudgetLine, Cell, Submission
from evalbatch.scoring.fields import Fields, rival_totals
from evalbatch.scoring.ruling import Ruling, certain, open_to
from evalbatch.scoring.rulings import rule_value
from evalbatch.scoring.scheme import Scheme, SchemeLine
from evalbatch.scoring.shapes import AgainstTarget, Count, Manual, Qualitative
from evalbatch.scoring.words import percent, show


def rule_execution(
    line: SchemeLine, weight: Decimal, row: BudgetLine, submission: Submission, scheme: Scheme, fields: Fields
) -> Ruling:
    """Put a scheme's line to the money's execution rate."""
    if isinstance(line.shape, Manual):
        return open_to(weight, "由人工评定")
    assert not isinstance(line.shape, AgainstTarget | Qualitative | Count)  # refused when the scheme was read
    if line.formula:
        return rule_value(line, line.shape, line.formula, weight, (fields,))
    budget, executed = row.divisor, row.executed
    cells = tuple(row.cells[key] for key in ("adjusted", "initial", "executed") if key in row.cells)
    cells = cells[:1] + cells[-1:] if len(cells) == 3 else cells
    if trouble := _money_trouble(row, submission, budget, executed):
        return open_to(weight, trouble, cells)
    assert executed is not None
    assert budget is not None
    if not budget:
        return _without_budget(scheme, weight, executed, cells)
    points, words = line.shape.points(executed / budget, weight)
    told = f"执行率 {show(executed)}÷{show(budget)}={percent(executed / budget)}"
    return certain(points, f"{told}，{words}", cells)


def _money_trouble(row: BudgetLine, submission: Submission, budget: Decimal | None, executed: Decimal | None) -> str:
    """Say why a rate can't be computed for certain, "" where it can."""
    if rivals := rival_totals(submission):
        return f"有{len(rivals)}行资金总额，数不相同，无法确定执行率"
    parts = [part for part in submission.budget if part is not row]
    if not budget and any(part.divisor for part in parts):
        return f"{row.item}没有全年预算数，而下面各项有数，无法确定执行率"
    if not executed and any(part.executed for part in parts):
        return f"{row.item}没有全年执行数，而下面各项有数，无法确定执行率"
    if budget is None or executed is None:
        return (
            "没有填写"
            + "和".join(name for name, number in (("全年预算数", budget), ("全年执行数", executed)) if number is None)
            + "，无法计算执行率"
        )
    if budget < 0 or executed < 0:
        return "预算数或执行数为负数，无法计算执行率"
    return ""


def _without_budget(scheme: Scheme, weight: Decimal, executed: Decimal, cells: tuple[Cell, ...]) -> Ruling:
    if executed or scheme.zero_budget == "待定":
        return open_to(weight, f"全年预算数为 0，执行数为 {show(executed)}，执行率无法计算", cells)
    points = weight if scheme.zero_budget == "满分" else Decimal(0)
    return certain(points, f"全年预算数和执行数都为 0，按方案规定得 {show(points)} 分", cells)
