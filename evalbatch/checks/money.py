"""Money within one form: amounts and their sum."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evalbatch.checks.amounts import amounts_of, columns_of, left_over, total_amounts
from evalbatch.checks.hit import Hit
from evalbatch.checks.rates import rate_agrees
from evalbatch.checks.rule import rule
from evalbatch.checks.view import (
    AMOUNTS,
    CENT,
    COLUMNS,
    View,
    cells_of,
    is_answer,
    money,
    show,
    span_of,
)
from evalbatch.model import BudgetLine, Cell

_FUNDS = frozenset({"appropriation", "carried_over", "other_funds"})
_BY_THE_BUREAU = "与财政数据一致"
_MOST_SUMS = 500
"""A block of money with more ways to add it up is compared as it stands."""
_PART = re.compile("其中|[①-⑳]")
_BALANCE = re.compile("差|结余|结转|变动|增减|净")


@rule("M01", "must-fix")
def total_is_not_the_sum(view: View) -> Iterator[Hit]:
    """资金合计不符

    年度资金总额应等于各项资金来源之和。每项来源容许0.01万元的四舍五入误差；各项来源都没有填写时不作比较。
    消息：年度资金总额填的是“{value}”，各项来源之和为{terms}{expected}{measure}，两者不符。
    消息（blank）：年度资金总额填的是“{value}”，没有金额；各项来源之和为{terms}{expected}{measure}。
    消息（backed）：各项来源之和为{terms}{sum}{measure}，年度资金总额为{total}{measure}；总额{backed}，应是来源填错。
    处理：计算时按总额取数。
    整改：请核对总额和每一项来源，改正填错的一个，使总额等于各项来源之和。
    举例：各项来源无误时，总额填“{expected}”。
    错例：年度资金总额100，当年财政拨款60，上年结转资金30，其他资金0。
    正例：年度资金总额100，当年财政拨款60，上年结转资金30，其他资金10。
    """
    total = view.total
    if total is None:
        return
    sources = _sources(view, total)
    for column in AMOUNTS:
        filled = [line for line in sources if getattr(line, column) is not None]
        written: Decimal | None = getattr(total, column)
        if column not in total.cells or not filled or (written is None and is_answer(total.cells[column].text)):
            continue  # words for a total are M11's business, a dash is a blank
        sums = _possible_sums(filled, column)
        rounding = view.scheme.threshold("money_rounding") * len(filled)
        every = [line for line in view.sources if getattr(line, column) is not None]
        if any(abs((written or 0) - amount) <= rounding for amount in (*sums, *_possible_sums(every, column))):
            continue
        if len(sources) == 1 and "其中" in filled[0].item and (written or 0) > sums[0]:
            continue  # one 其中 row alone is a part of the total, not all of it
        places = {
            "terms": _terms([view.money(getattr(line, column)) for line in _counted(filled)]),
            "measure": view.measure,
            "blank": written is None,
        }
        cells = tuple(line.cells[column] for line in sources if column in line.cells)
        backed = _backing(view, total, column, sums[0]) if written is not None else ""
        places |= {"sum": view.money(sums[0]), "total": view.money(written or Decimal(0))}
        if backed == _BY_THE_BUREAU and cells:
            yield _wrong_sources(column, cells, places | {"backed": backed})
        else:
            expected = None if backed else view.money(sums[0])  # the total is as likely right
            hit = Hit((money(column),), total.cells[column], COLUMNS[column], expected=expected)
            yield replace(hit, inputs=cells, places=places | {"backed": backed})


def _wrong_sources(column: str, cells: tuple[Cell, ...], places: dict[str, object]) -> Hit:
    """Point at the sources of a total that is right, for a person to choose; the one there is must be the total."""
    alone = len(cells) == 1
    return Hit(
        about=(money(column),),
        cell=cells[0],
        column=COLUMNS[column],
        value="、".join(cell.text or "空白" for cell in cells),
        expected=str(places["total"]) if alone else None,
        inputs=cells,
        span=span_of(cells),
        places=places,
    )


def _backing(view: View, total: BudgetLine, column: str, whole: Decimal) -> str:
    """What says that a total is right which its sources, `whole` together, contradict; "" where nothing does."""
    written: Decimal = getattr(total, column)
    own = next((amount for amount in total_amounts(view) if amount.columns == (column,)), None)
    if own is not None and own.figure is not None:
        return _BY_THE_BUREAU if abs(own.figure - written) <= CENT else ""
    if not view.is_project and any(
        column == amount.columns[0] and abs(amount.value - written) <= CENT
        for other in view.others
        for amount in amounts_of(other)
    ):
        return "与本单位其他表一致"
    changed: dict[str, Any] = {column: whole}
    rated = replace(total, **changed)
    if column in ("executed", total.base[0]) and rate_agrees(total) and not rate_agrees(rated):
        return "与所填的执行率相符"
    return ""


def _sources(view: View, total: BudgetLine) -> Sequence[BudgetLine]:
    """The rows below the total; those above, as 收入 above 支出, are other money, unless nothing stands below."""
    lines = view.submission.budget
    place = next((order for order, line in enumerate(lines) if line is total), 0)
    return [line for line in lines[place + 1 :] if line.kind != "total"] or view.sources


def _counted(filled: list[BudgetLine]) -> list[BudgetLine]:
    """The sources by kind where the form has such rows, else all rows."""
    return [line for line in filled if line.kind in _FUNDS] or filled


def _terms(amounts: list[str]) -> str:
    """The addition that leads to a sum: 60+30=, or a blank where there is nothing to add."""
    return f"{'+'.join(amounts)}=" if len(amounts) > 1 else " "


def _possible_sums(filled: list[BudgetLine], column: str) -> list[Decimal]:
    """The sum of the sources by kind first; then of all rows, and of the others, which may be rows within rows."""
    others = [line for line in filled if line.kind not in _FUNDS]
    groups = [_counted(filled), filled, others or filled]
    sums = [sum((getattr(line, column) for line in group), Decimal(0)) for group in groups]
    return [*sums, *sorted(_without_parts(filled, column))]


def _without_parts(filled: list[BudgetLine], column: str) -> set[Decimal]:
    """The sums without rows that are parts of the row above them: 其中 or ① below a source, and what follows it."""
    zero = Decimal(0)
    sums = {(zero, zero, False)}  # the sum, what is left of the source above, whether its parts go on
    for order, line in enumerate(filled):
        amount: Decimal = getattr(line, column)
        opens = order > 0 and _PART.match(line.item.strip()) is not None
        parts = {(whole, left - amount, True) for whole, left, on in sums if (on or opens) and amount <= left}
        sums = {(whole + amount, amount, False) for whole, _, _ in sums} | parts
        if len(sums) > _MOST_SUMS:
            return set()
    return {whole for whole, _, _ in sums}


@rule("M05", "query")
def adjusted_repeats_executed(view: View) -> Iterator[Hit]:
    """全年预算数疑按执行数填写

    全年预算数与全年执行数分毫不差，又与年初预算数相差10%以上（界限见评分方案），可能是把执行数填进了预算数，使执行率成为100%。
    消息：全年预算数与全年执行数都是“{value}”，而年初预算数是{initial}{measure}，相差{gap}%以上。
    处理：暂按所填的全年预算数计算执行率。
    整改：请按预算调整批复核对全年预算数；确实如此的，请说明调整原因。
    举例：年初预算100万元、年中没有追加的，全年预算数仍填100。
    错例：年初预算数100，全年预算数80，全年执行数80。
    正例：年初预算数100，全年预算数100，全年执行数80。
    """
    gap = view.scheme.threshold("adjusted_gap")
    for line in view.submission.budget if view.total is None else (view.total,):
        initial, adjusted, executed = line.initial, line.adjusted, line.executed
        if initial is None or not adjusted or adjusted != executed or adjusted < 0:
            continue
        if abs(initial - adjusted) * 100 >= gap * adjusted:
            yield Hit(
                about=tuple(money(column) for column in AMOUNTS),
                cell=line.cells.get("adjusted"),
                column=COLUMNS["adjusted"],
                inputs=cells_of(line, *AMOUNTS),
                places={"initial": view.money(initial), "gap": show(gap), "measure": view.measure},
            )


@rule("M11", "must-fix")
def amount_is_no_amount(view: View) -> Iterator[Hit]:
    """金额无效

    金额栏只填数字，不能是负数或文字。没有的填0或留空，划线“—”也可以。
    消息：应填金额，填的却是“{value}”，不是数字。
    消息（negative）：填的是“{value}”，金额不能是负数。
    处理：这个数没有参加计算。
    整改：请填0以上的数字，不带文字和单位；没有的填0或留空。
    举例：138.79万元填“138.79”。
    错例：全年执行数填“见附件”。
    正例：全年执行数填“138.79”。
    """
    for line in view.submission.budget:
        for column in AMOUNTS:
            cell = line.cells.get(column)
            if cell is None:
                continue
            amount: Decimal | None = getattr(line, column)
            if amount is not None and amount < 0:
                yield Hit((money(column),), cell, COLUMNS[column], places={"negative": True})
            elif amount is None and not cell.failed and is_answer(cell.text):
                yield Hit((money(column),), cell, COLUMNS[column], places={"negative": False})
    for entry in view.submission.fields:
        if entry.measure not in ("万元", "元", "亿元") or entry.cell.failed:
            continue
        negative = entry.number is not None and entry.number < 0 and not _BALANCE.search(entry.name)
        if negative or (entry.number is None and is_answer(entry.text)):
            about = (f"数据·{entry.name}", *map(money, columns_of(entry.name)))
            yield Hit(about, entry.cell, entry.name, places={"negative": negative})


@rule("M12", "note")
def much_is_left_over(view: View) -> Iterator[Hit]:
    """结转结余较大

    年末结转结余超过支出预算10%的（界限见评分方案），说明预算编得偏大或执行偏慢。
    消息：年末结转结余为“{value}”，占支出预算{budget}{measure}的{share}%，超过{limit}%。
    处理：不影响评分。
    整改：请在总体目标完成情况中说明结转结余的原因和使用安排。
    举例：“工程尾款20万元结转下年支付”。
    错例：支出预算100，年末结转结余25。
    正例：支出预算100，年末结转结余5。
    """
    limit = view.scheme.threshold("carry_over")
    budget = next((amount for amount in amounts_of(view) if amount.columns[0] == "adjusted"), None)
    if budget is None or budget.value <= 0:
        return
    for rest in left_over(view):
        share = rest.value / budget.value * 100
        if share > limit:
            places = {"budget": rest.shown(budget.value), "measure": rest.measure}
            yield Hit(
                about=("结转结余",),
                cell=rest.cell,
                column=rest.name,
                inputs=(budget.cell,),
                places=places | {"share": show(share, 1), "limit": show(limit)},
            )
