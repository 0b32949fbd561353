"""One amount or one total in several forms of a unit, and against the bureau's own figures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from evalbatch.checks.amounts import (
    Amount,
    amounts_of,
    fits_its_row,
    key_projects,
    off_by_ten_thousand,
    same_size,
    total_amounts,
)
from evalbatch.checks.hit import Hit
from evalbatch.checks.rule import rule
from evalbatch.checks.view import AMOUNTS, CENT, COLUMNS, View, in_measure, money, once, plain, round_to, span_of
from evalbatch.model import BudgetLine, Cell

_SMALLEST_IMPLIED = Decimal("0.05")
_ROUNDING = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """An amount that is about 10,000 times another that it should equal. `parts` are the sources it is the sum of."""

    cell: Cell
    column: str
    name: str
    reference: Decimal
    source: str
    measure: str
    parts: tuple[tuple[Cell, Decimal], ...] = ()

    @property
    def cells(self) -> tuple[tuple[Cell, Decimal], ...]:
        """All cells in the wrong measure, each with the amount in 万元 that was meant."""
        return (self.cell, self.reference), *self.parts


@rule("M06", "must-fix")
def amount_in_another_unit(view: View) -> Iterator[Hit]:
    """金额单位疑误

    金额与别处的同一金额约差1万倍，多半是把元当成了万元，或把万元当成了元。
    消息（listed）：填的是“{value}”等{count}个数，{source}为{reference}{measure}，约差1万倍，疑把元与万元弄混；以{measure}为单位，{listed}。
    消息：填的是“{value}”，{source}为{expected}{measure}，约差1万倍，疑把元与万元弄混。
    处理：照所填的数计算，没有自行换算。
    整改：请核对这张表的金额单位，按表头注明的单位填写。
    举例：以{measure}为单位的，填“{expected}”。
    错例：表头单位为万元，全年执行数填1349200，别处为134.92。
    正例：表头单位为万元，全年执行数填134.92。
    """
    doubts: dict[str, _Doubt] = {}
    for doubt in (*_against_others(view), *_within_the_form(view)):
        doubts.setdefault(doubt.cell.address, doubt)
    for together in _blocks(view, [_with_parts(view, doubt) for doubt in doubts.values()]):
        cells = [cell for doubt in together for cell in doubt.cells]
        first = together[0]
        meant = {cell.address: in_measure(round_to(amount, 6), first.measure) for cell, amount in cells}
        listed = [f"{address}填{amount}" for address, amount in meant.items()] if len(meant) > 1 else []
        yield Hit(
            about=tuple(dict.fromkeys(money(doubt.column) for doubt in together)),
            cell=first.cell,
            column="、".join(dict.fromkeys(doubt.name for doubt in together)),
            expected=None if listed else meant[first.cell.address],
            span=span_of([cell for cell, _ in cells]),
            places={
                "source": first.source,
                "reference": in_measure(round_to(first.reference, 6), first.measure),
                "measure": first.measure,
                "listed": listed,
                "count": len(meant),
            },
        )


def _with_parts(view: View, doubt: _Doubt) -> _Doubt:
    """Add the sources of a total that is in the wrong measure together with them: they add up to it as it stands."""
    total = view.total
    if total is None or total.cells.get(doubt.column) is not doubt.cell:
        return doubt
    written: Decimal = getattr(total, doubt.column)
    lines = [line for line in view.sources if getattr(line, doubt.column) and doubt.column in line.cells]
    amounts: list[Decimal] = [getattr(line, doubt.column) for line in lines]
    if not lines or abs(sum(amounts, Decimal(0)) - written) > _ROUNDING * abs(written):
        return doubt
    factor = Decimal(1) / 10_000 if written > doubt.reference else Decimal(10_000)
    parts = tuple((line.cells[doubt.column], amount * factor) for line, amount in zip(lines, amounts, strict=True))
    return replace(doubt, parts=parts)


def _blocks(view: View, doubts: list[_Doubt]) -> Iterator[list[_Doubt]]:
    """Group amounts of one cause: all in one wrong measure, with no right amount in the block that they fill."""
    if len({doubt.measure for doubt in doubts}) == 1 and _fill_a_block(view, doubts):
        yield doubts
        return
    for doubt in doubts:
        yield [doubt] if not doubt.parts or _fill_a_block(view, [doubt]) else [replace(doubt, parts=())]


def _fill_a_block(view: View, doubts: list[_Doubt]) -> bool:
    own = {(cell.row, cell.column) for doubt in doubts for cell, _ in doubt.cells}
    rows, columns = [row for row, _ in own], [column for _, column in own]
    others = (
        cell
        for line in view.submission.budget
        for name, cell in line.cells.items()
        if cell.filled and (name not in AMOUNTS or getattr(line, name))
    )
    within = {
        (cell.row, cell.column)
        for cell in others
        if min(rows) <= cell.row <= max(rows) and min(columns) <= cell.column <= max(columns)
    }
    return within <= own


def _against_others(view: View) -> Iterator[_Doubt]:
    """Against the bureau's figures, and against the same amount in the unit's other forms."""
    for own in amounts_of(view):
        if own.figure is not None and off_by_ten_thousand(own.value, own.figure):
            yield _Doubt(own.cell, own.columns[0], own.name, own.figure, "财政数据", own.measure)
    for own, other in _pairs(view):
        if off_by_ten_thousand(own.value, other.value) and _is_odd(own, other):
            yield _Doubt(own.cell, own.columns[0], own.name, other.value, other.where, own.measure)


def _is_odd(own: Amount, other: Amount) -> bool:
    """Which of two amounts is in the wrong unit: not the one the bureau has, else the larger, 元 typed for 万元."""
    if own.figure:
        return off_by_ten_thousand(own.value, own.figure)
    return abs(own.value) > abs(other.value)


def _within_the_form(view: View) -> Iterator[_Doubt]:
    """Against what the form itself implies: total and sources, or the rate that was written."""
    total = view.total
    if total is None:
        return
    for column in AMOUNTS:
        yield from _by_sum(view, total, column)
    yield from _by_rate(view, total)


def _by_rate(view: View, total: BudgetLine) -> Iterator[_Doubt]:
    """A written rate that is right tells which size the executed amount should have, or else the budget."""
    column, base = total.base
    if (
        not total.rate
        or not total.executed
        or not base
        or total.rate < 0
        or not {"executed", column} <= total.cells.keys()
    ):
        return
    implied = base * total.rate / 100
    if not off_by_ten_thousand(total.executed, implied):
        return
    if column == "adjusted" and total.initial and same_size(total.initial, total.executed):
        meant = _in_the_other_measure(base, total.executed)
        yield _Doubt(total.cells[column], column, COLUMNS[column], meant, "按执行数和执行率推算", view.measure)
    else:
        meant = _in_the_other_measure(total.executed, implied)
        yield _Doubt(
            total.cells["executed"], "executed", COLUMNS["executed"], meant, "按预算数和执行率推算", view.measure
        )


def _in_the_other_measure(written: Decimal, implied: Decimal) -> Decimal:
    """What was meant by an amount in the wrong unit; a rate, being rounded, only tells its size."""
    return written / 10_000 if written > implied else written * 10_000


def _by_sum(view: View, total: BudgetLine, column: str) -> Iterator[_Doubt]:
    """One source, or the total itself, is in another unit than the rest of its column."""
    lines = [line for line in view.sources if getattr(line, column) and column in line.cells]
    written: Decimal | None = getattr(total, column)
    if not written or not lines or column not in total.cells:
        return
    amounts: list[Decimal] = [getattr(line, column) for line in lines]
    whole = sum(amounts, Decimal(0))
    odd = False
    for line, amount in zip(lines, amounts, strict=True):
        implied = written - (whole - amount)
        if implied < _SMALLEST_IMPLIED or not off_by_ten_thousand(amount, implied):
            continue
        if fits_its_row(total, column) and (amount > implied or not fits_its_row(line, column)):
            odd = True
            yield _Doubt(line.cells[column], column, COLUMNS[column], implied, "按总额和其他来源推算", view.measure)
    if not odd and off_by_ten_thousand(written, whole):
        figure = next((own.figure for own in total_amounts(view) if own.columns == (column,)), None)
        if figure is not None and abs(figure - written) <= CENT:
            factor = Decimal(1) / 10_000 if whole > written else Decimal(10_000)
            meant = [(line.cells[column], amount * factor) for line, amount in zip(lines, amounts, strict=True)]
            (cell, amount), rest = meant[0], tuple(meant[1:])
            yield _Doubt(cell, column, COLUMNS[column], amount, "按财政数据推算", view.measure, rest)
        else:
            yield _Doubt(total.cells[column], column, COLUMNS[column], whole, "各项来源之和", view.measure)


# ---------------------------------------------------------------- one amount, two forms


@once
def _pairs(view: View) -> tuple[tuple[Amount, Amount], ...]:
    """Each amount of this form with the same amount of another form of the unit, where the two differ."""
    return tuple(_found_pairs(view))


def _found_pairs(view: View) -> Iterator[tuple[Amount, Amount]]:
    own = amounts_of(view)
    for other in view.others:
        if view.is_project and other.is_project:
            continue  # two projects are two different amounts
        yield from _differing(own, amounts_of(other))
        yield from _differing_projects(view, other)


def _differing(own: tuple[Amount, ...], others: tuple[Amount, ...]) -> Iterator[tuple[Amount, Amount]]:
    for amount in own:
        same = [other for other in others if _comparable(amount, other)]
        mine = [one for one in own if set(one.columns) & set(amount.columns)]
        if same and not any(abs(one.value - other.value) <= CENT for one in mine for other in same):
            nearest = min(same, key=lambda other: (other.columns[0] != amount.columns[0], other.cell.address))
            yield amount, nearest


def _comparable(one: Amount, other: Amount) -> bool:
    """Whether two places hold the same thing; a 支出预算 stands for the adjusted budget before the initial one."""
    return one.columns[0] == other.columns[0] or (
        len(one.columns) + len(other.columns) == 3 and bool(set(one.columns) & set(other.columns))
    )


def _differing_projects(view: View, other: View) -> Iterator[tuple[Amount, Amount]]:
    """A project's own form against the key projects that the data form lists by name."""
    for project, listing, turned in ((view, other, False), (other, view, True)):
        if not project.is_project or project.total is None or not project.submission.project:
            continue
        own = total_amounts(project)
        for name, amount in key_projects(listing):
            if plain(name) == plain(project.submission.project):
                for pair in _differing((amount,), own):
                    yield pair if turned else (pair[1], pair[0])


@rule("M07", "must-fix")
def one_amount_two_values(view: View) -> Iterator[Hit]:
    """各表金额不一致

    同一单位的同一笔金额，在各张表中应当一致。相差不超过0.01万元的不计。
    消息：填的是“{value}”，{other}为{expected}{measure}，同一金额两处不一致。
    处理：无法判断哪一处有误，各表照所填的数计算。
    整改：请核对决算，把填错的一处改正，使各表一致。
    举例：确认{expected}无误的，这里也填“{expected}”。
    错例：自评表全年执行数134.92，数据表支出决算134.29。
    正例：自评表全年执行数134.92，数据表支出决算134.92。
    """
    for own, other in _pairs(view):
        if _speaks(own, other) and not off_by_ten_thousand(own.value, other.value):
            yield Hit(
                about=(money(own.columns[0]),),
                cell=own.cell,
                column=own.name,
                expected=own.shown(other.value),
                inputs=(other.cell,),
                places={"other": other.where, "measure": own.measure},
            )


def _speaks(own: Amount, other: Amount) -> bool:
    """Which of the two places is named first: not the one the bureau has too, else the field, else the later form."""
    figure = own.figure
    backed = [figure is not None and abs(amount.value - figure) <= CENT for amount in (own, other)]
    if backed[0] != backed[1]:
        return backed[1]
    return own.is_field if own.is_field != other.is_field else own.form > other.form


@rule("M08", "must-fix")
def differs_from_the_bureau(view: View) -> Iterator[Hit]:
    """与财政数据不一致

    部门整体支出绩效自评表的资金总额，应与财政部门掌握的数据一致。相差不超过0.01万元的不计。
    消息：填的是“{value}”，财政数据为{expected}{measure}，相差{gap}{measure}。
    处理：照所填的数计分。
    整改：请与财政部门核对决算数据；财政数据有误的，请书面说明。
    举例：核对无误后填“{expected}”。
    错例：财政数据全年执行数134.92，表中填143.92。
    正例：财政数据全年执行数134.92，表中填134.92。
    """
    if view.submission.kind != "whole-unit":
        return
    for own in total_amounts(view):
        figure = own.figure
        if figure is None or abs(own.value - figure) <= CENT:
            continue
        if not off_by_ten_thousand(own.value, figure):
            yield Hit(
                about=(money(own.columns[0]),),
                cell=own.cell,
                column=own.name,
                expected=own.shown(figure),
                places={"gap": own.shown(abs(own.value - figure)), "measure": own.measure},
            )
