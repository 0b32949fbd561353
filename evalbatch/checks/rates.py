"""The execution rate: whether it follows from the amounts, can be at all, and is explained where it is low."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import CENT, COLUMNS, View, cells_of, is_answer, money, rate_of, show
from evalbatch.model import BudgetLine, Cell

_ABOUT_MONEY = re.compile("执行|支出进度|支付|拨付|结转|结余|资金|预算|尾款|未支出|未使用")
_ABOUT_EXECUTION = re.compile("执行率|执行进度|支出进度|支付进度|支出率|预算完成率|资金使用率")
_DECIMALS = re.compile(r"\d+(?:[.．](\d+))?")


@rule("M02", "must-fix")
def rate_is_not_executed_by_adjusted(view: View) -> Iterator[Hit]:
    """执行率与金额不符

    执行率等于全年执行数除以全年预算数（没有全年预算数一栏的，除以年初预算数），按所填的小数位数比较。
    消息：填的是“{value}”，按{executed}÷{base}应为{expected}。
    处理：本系统按金额计算的执行率计分。
    整改：请核对全年执行数和预算数；金额无误的，请改正执行率。
    举例：改填“{expected}”。
    错例：全年预算数100，全年执行数80，执行率95%。
    正例：全年预算数100，全年执行数80，执行率80%。
    """
    for line, cell, expected in _rates(view):
        if not _rate_agrees(line, cell, expected):
            yield _rate_hit(view, line, cell, expected)


def shares_for_rates(view: View) -> Iterator[Hit]:
    """Find execution rates written as 0.97 where 97% is meant; told by the rule on shares, A08."""
    for line, cell, expected in _rates(view):
        if _rate_agrees(line, cell, expected) and _is_share(line, cell):
            yield replace(_rate_hit(view, line, cell, expected), about=(rate_of(line),))


def _rates(view: View) -> Iterator[tuple[BudgetLine, Cell, Decimal]]:
    """Each line with a rate that can be computed: the line, the rate's cell, the computed rate."""
    for line in view.submission.budget:
        _, base = line.base
        if line.rate is not None and line.executed is not None and base and base > 0 and "rate" in line.cells:
            yield line, line.cells["rate"], line.executed / base * 100


def _rate_hit(view: View, line: BudgetLine, cell: Cell, expected: Decimal) -> Hit:
    column, base = line.base
    digits = max(_decimals(cell.text) - (2 if _is_share(line, cell) else 0), 2)
    return Hit(
        about=(rate_of(line), money("executed"), money(column)),
        cell=cell,
        column=COLUMNS["rate"],
        expected=f"{show(expected, digits)}%",
        inputs=cells_of(line, "executed", column),
        places={"executed": view.money(line.executed or Decimal(0)), "base": view.money(base or Decimal(0))},
    )


def _decimals(text: str) -> int:
    """How many decimals a number is written with."""
    found = _DECIMALS.search(text)
    return len(found[1] or "") if found else 0


def _half_unit(text: str) -> Decimal:
    return Decimal(5).scaleb(-_decimals(text) - 1)


def rate_agrees(line: BudgetLine) -> bool:
    """Whether a row's rate is written and follows from its amounts."""
    _, base = line.base
    if line.rate is None or line.executed is None or not base or base < 0 or "rate" not in line.cells:
        return False
    return _rate_agrees(line, line.cells["rate"], line.executed / base * 100)


def _rate_agrees(line: BudgetLine, cell: Cell, expected: Decimal) -> bool:
    """Whether the rate is right to its written precision, given that amounts too may be rounded as shown."""
    assert line.rate is not None
    slack = _half_unit(cell.text) if "%" in cell.text or "％" in cell.text or not cell.text else Decimal("0.005")
    if line.rate == _plain_number(cell):
        slack = _half_unit(cell.text)
    if _is_share(line, cell):
        slack = _half_unit(cell.text) * 200  # 0.958 may be cut off as well as rounded
    return abs(line.rate - expected) <= slack + _rounding_of_amounts(line, expected)


def _rounding_of_amounts(line: BudgetLine, expected: Decimal) -> Decimal:
    """How far off the rate may be because amounts show two decimals of more; whole amounts are taken as exact."""
    column, base = line.base
    if not base or not line.executed:
        return Decimal(0)
    shares = [
        _half_unit(cell.text) / abs(cell.number or amount)
        for cell, amount in ((line.cells.get("executed"), line.executed), (line.cells.get(column), base))
        if cell is not None and _decimals(cell.text) >= 2
    ]
    return abs(expected) * sum(shares, Decimal(0))


def _plain_number(cell: Cell) -> Decimal | None:
    """The number that stands in a cell without a percent sign."""
    if cell.percent or "%" in cell.text or "％" in cell.text:
        return None
    return Decimal(cell.text) if cell.number is None and _DECIMALS.fullmatch(cell.text) else cell.number


def _is_share(line: BudgetLine, cell: Cell) -> bool:
    """Whether 0.9721 or 1 stands where 97.21% or 100% is meant, as the reader understood it."""
    written = _plain_number(cell)
    return bool(written) and line.rate != written


@rule("M03", "query")
def executed_is_above_adjusted(view: View) -> Iterator[Hit]:
    """执行率超过100%

    全年执行数一般不会超过全年预算数（没有全年预算数一栏的，年初预算数）。超过的，多半是预算调整没有计入，或金额填错。
    消息：全年执行数填的是“{value}”，超过了{base_name}{base}{measure}。
    处理：执行率按100%封顶计分。
    整改：请核对两个金额；年中追加了预算的，请把追加数计入全年预算数。
    错例：全年预算数100，全年执行数120。
    正例：年初预算数100，年中追加20，全年预算数120，全年执行数120。
    """
    above = [line for line in view.submission.budget if _is_above(line)]
    if any(line.kind == "total" for line in above):
        above = [line for line in above if line.kind == "total"]
    for line in above:
        column, base = line.base
        yield Hit(
            about=(rate_of(line), money("executed"), money(column)),
            cell=line.cells["executed"],
            column=COLUMNS["executed"],
            inputs=cells_of(line, column),
            places={"base": view.money(base or Decimal(0)), "base_name": COLUMNS[column], "measure": view.measure},
        )


def _is_above(line: BudgetLine) -> bool:
    _, base = line.base
    return (
        line.executed is not None
        and base is not None
        and base >= 0
        and line.executed - base > CENT
        and "executed" in line.cells
    )


@rule("M04", "query")
def rate_without_budget(view: View) -> Iterator[Hit]:
    """无预算却有执行率

    全年预算数为0或空白时，执行率无从计算，不能填100%，也不应得分。
    消息：{base_name}为0或空白，{column}却填了“{value}”。
    处理：本系统不按所填的执行率计分。
    整改：请补填预算数；确实没有预算的，请把执行率和得分改为0或留空。
    错例：全年预算数0，全年执行数0，执行率100%，得分10。
    正例：全年预算数0，全年执行数0，执行率0%，得分0。
    """
    for line in view.submission.budget:
        column, base = line.base
        if base:
            continue
        wrong = "rate" if line.rate else "score" if line.score and line.score > 0 else None
        if wrong and wrong in line.cells:
            yield Hit(
                about=(rate_of(line), money(column)),
                cell=line.cells[wrong],
                column=COLUMNS[wrong],
                inputs=cells_of(line, column),
                places={"base_name": COLUMNS[column]},
            )


@rule("M09", "query")
def low_rate_without_reason(view: View) -> Iterator[Hit]:
    """执行率偏低未说明

    执行率低于评分方案规定的界限（一般为80%）的，要说明原因。
    消息：执行率为{executed}÷{base}={rate}，低于{limit}，没有说明原因。
    消息（written）：执行率填的是{rate}，低于{limit}，没有说明原因。
    处理：照实际执行率计分。
    整改：请在偏差原因或总体目标完成情况中，说明资金没有用完的原因和改进措施。
    举例：“项目12月才验收，尾款35万元结转下年支付”。
    错例：全年预算数100，全年执行数60，没有说明。
    正例：全年预算数100，全年执行数60，原因写“工程尾款结转下年支付”。
    """
    line = view.total
    limit = view.scheme.threshold("low_execution_rate")
    rate = None if line is None else _rate(line)
    if line is None or rate is None or not 0 <= rate < limit or _explains_rate(view, line):
        return
    column, base = line.base
    place = "rate" if "rate" in line.cells else "executed"
    yield Hit(
        about=(rate_of(line), money("executed"), money(column)),
        cell=line.cells.get(place),
        column=COLUMNS[place],
        inputs=cells_of(line, "executed", column),
        places={
            "executed": view.money(line.executed or Decimal(0)),
            "base": view.money(base or Decimal(0)),
            "rate": f"{show(rate, 2)}%",
            "limit": f"{show(limit)}%",
            "written": line.executed is None,
        },
    )


def _rate(line: BudgetLine) -> Decimal | None:
    """The rate that the amounts give; where a form has none of them, the one that is written."""
    _, base = line.base
    if line.executed is None and not base:
        return line.rate
    return line.executed / base * 100 if line.executed is not None and base and base > 0 else None


_GIVES_A_REASON = re.compile("原因|由于|因为|受.{0,12}影响|结转|尚未|未支付|未使用|滞后|推迟|延期")


def _explains_rate(view: View, line: BudgetLine) -> bool:
    """Whether anything in the form gives a reason for money not spent."""
    own = line.cells.get("reason")
    if own is not None and is_answer(own.text):
        return True
    if view.cell("reason") is not None:
        return True
    said = (view.submission.goal_actual or "", *(note.text for note in view.submission.notes))
    if any(_GIVES_A_REASON.search(text) for text in said):
        return True
    return any(
        row.has_reason
        and (_ABOUT_EXECUTION.search(row.indicator.name) or _ABOUT_MONEY.search(row.indicator.reason or ""))
        for row in view.rows
    )
