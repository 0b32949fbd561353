"""The sheet on money: 资金执行."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from evalbatch.sheets.look import Tone
from evalbatch.sheets.table import CellValue, Table, Toned
from evalbatch.summary.digest import Digest
from evalbatch.summary.grid import Field, lay_out, ratio_formula, summed
from evalbatch.summary.standing import unit_fields

_SOURCES = {"whole-unit": "整体支出", "projects": "项目合计", "doubtful": "未计入"}


def execution(digest: Digest) -> Table:
    """Each unit's money and execution rate, the lowest first, with totals."""
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    fields = [
        *unit_fields(),
        summed("年初预算数", lambda unit: unit["initial"], width="number", kind="money"),
        summed("全年预算数", lambda unit: unit["adjusted"], width="number", kind="money"),
        summed("全年执行数", lambda unit: unit["executed"], width="number", kind="money"),
        rate_field(digest),
        Field("提示", lambda unit: _mark(digest, unit), "name", align="center"),
        Field("取数来源", lambda unit: _SOURCES.get(unit["money_from"]), "short", align="center"),
        summed("财政全年预算数", lambda unit: unit["bureau_adjusted"], width="number", kind="money"),
        summed("财政全年执行数", lambda unit: unit["bureau_executed"], width="number", kind="money"),
    ]
    if all(unit["bureau_adjusted"] is None and unit["bureau_executed"] is None for unit in digest.units):
        fields = fields[:-2]
    return lay_out(
        "资金执行",
        f"{digest.district.season.year}年度预算执行情况",
        fields,
        digest.with_money,
        identifier="execution",
        subtitle=digest.subtitle,
        measure="金额单位：万元",
        notes=[
            "按执行率由低到高排列。执行率＝全年执行数÷全年预算数；预算为0或缺数的不计算，留空。",
            f"执行率低于{digest.district.low_execution:f}%的有{low}个单位。合计执行率只含两数齐全的单位。",
        ],
        rest="data/units.csv",
        total="合计",
        frozen=2,
    )


def rate_field(digest: Digest) -> Field:
    """The execution rate, live, and the rate of all rows that have both figures under it."""
    return Field(
        "执行率",
        lambda row: Toned(row["rate"], "must-fix") if digest.is_low(row["rate"]) else row["rate"],
        "number",
        "percent",
        formula=lambda at: ratio_formula(at("全年执行数"), at("全年预算数")),
        total=lambda at: total_rate_formula(at.column("全年预算数"), at.column("全年执行数"), '""'),
        total_value=_total_share,
    )


def total_rate_formula(budget: str, executed: str, otherwise: str) -> str:
    """The formula of all executed money over all budgets, of the rows that have both."""
    part, whole = f"SUMPRODUCT(--ISNUMBER({budget}),{executed})", f"SUMPRODUCT(--ISNUMBER({executed}),{budget})"
    return f"=IF({whole}=0,{otherwise},{part}/{whole})"


def total_rate(rows: Sequence[dict[str, Any]]) -> Decimal | None:
    """Executed over adjusted in percent, of all rows that have both; None where there is no budget."""
    both = [row for row in rows if row["adjusted"] is not None and row["executed"] is not None]
    whole = sum((row["adjusted"] for row in both), Decimal(0))
    return sum((row["executed"] for row in both), Decimal(0)) / whole * 100 if whole else None


def _total_share(rows: Sequence[dict[str, Any]]) -> Decimal | str:
    rate = total_rate(rows)
    return "" if rate is None else rate / 100


def left_out(digest: Digest, unit: dict[str, Any]) -> str:
    """Why a unit's money is not, or not whole, in the totals; "" for one that is."""
    if unit["status"] == "missing":
        return digest.status(unit)
    if unit["money_from"] == "doubtful":
        return "金额单位存疑"
    if not unit["result"].forms:
        return "没有可用的表"
    return "缺少金额" if unit["adjusted"] is None or unit["executed"] is None else ""


_LEFT_OUT: Mapping[str, Tone] = {"金额单位存疑": "must-fix", "没有可用的表": "query", "缺少金额": "query"}


def _mark(digest: Digest, unit: dict[str, Any]) -> CellValue:
    if reason := left_out(digest, unit):
        return Toned(f"{reason}，未计入合计", _LEFT_OUT.get(reason, "muted"))
    if not unit["adjusted"]:
        return Toned("预算为0，不计算", "muted")
    if unit["rate"] > 100:
        return Toned("超过100%，请核实", "query")
    return Toned("执行率偏低", "must-fix") if digest.is_low(unit["rate"]) else None
