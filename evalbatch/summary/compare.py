"""Two years side by side, where there is a last one: the sheet 与上年比较, and the totals for the overview."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from evalbatch.sheets.look import STATUS_WORDS, Kind
from evalbatch.sheets.table import CellValue, Table
from evalbatch.summary.digest import Digest, Rows
from evalbatch.summary.district import EarlierYear
from evalbatch.summary.figures import Figures
from evalbatch.summary.grid import Field, lay_out, less_formula, records
from evalbatch.summary.standing import unit_fields

Total = tuple[str, Decimal | int | None, Decimal | int | None, Kind]
"""A figure's name, its value last year and this year; shares in percent."""
_NOTHING: dict[str, Any] = dict.fromkeys(EarlierYear.COLUMNS)


def two_years(digest: Digest) -> Table | None:
    """Each unit's standing, score, money and problems in both years; None without last year's units."""
    last = digest.district.last_year
    if last is None or last.units is None:
        return None
    fields = [
        *unit_fields(),
        *_both("报送状态", lambda unit: STATUS_WORDS.get(unit["status"]), "short", "text"),
        *_both("复核得分", lambda unit: unit["verified_score"], "short", "points"),
        Field("得分增减", _change, "short", "points", formula=_less),
        *_both("等级", lambda unit: unit["verified_grade"], "short", "text"),
        *_both("全年预算数", lambda unit: unit["adjusted"], "number", "money"),
        *_both("执行率", lambda unit: unit["rate"], "short", "percent"),
        *_both("必须更正", lambda unit: unit["must_fix"], "short", "int"),
    ]
    return lay_out(
        "与上年比较",
        f"{digest.district.season.year}年度与{last.year}年度比较",
        fields,
        _side_by_side(digest.units, records(last.units)),
        identifier="two_years",
        subtitle=digest.subtitle,
        measure="金额单位：万元",
        notes=[last.said, "上年没有的单位，上年各栏留空；本年名单上没有的单位列在最后，本年各栏留空。"],
        rest="data/units.csv",
        frozen=2,
    )


def _both(title: str, value: Callable[[dict[str, Any]], CellValue], width: str, kind: Kind) -> Iterator[Field]:
    """One figure's two columns."""
    yield Field(f"上年{title}", lambda row: value(row["before"]), width, kind)
    yield Field(f"本年{title}", lambda row: value(row["now"]), width, kind)


def _side_by_side(units: Rows, last: Rows) -> Rows:
    """Each unit of this year with what it was last year, by code, else by name; then those that are no more."""
    known = {key: unit for unit in last for key in (unit["unit_name"], unit["unit_code"]) if key}
    found = [known.get(unit["unit_code"]) or known.get(unit["unit_name"]) for unit in units]
    stayed = {id(unit) for unit in found}
    pairs = [(unit, before or _NOTHING, unit) for unit, before in zip(units, found, strict=True)]
    pairs += [(unit, unit, _NOTHING) for unit in last if id(unit) not in stayed]
    return [
        {"unit_code": of["unit_code"], "unit_name": of["unit_name"], "before": before, "now": now}
        for of, before, now in pairs
    ]


def _change(row: dict[str, Any]) -> Decimal | None:
    before, now = row["before"]["verified_score"], row["now"]["verified_score"]
    return None if before is None or now is None else now - before


def _less(at: Callable[[str], str]) -> str:
    return less_formula(at("本年复核得分"), at("上年复核得分"))


def totals(digest: Digest) -> list[Total]:
    """The district's figures in both years, for the overview; () without last year's units."""
    last = digest.district.last_year
    if last is None or last.units is None:
        return []
    best = digest.district.grades[0][0] if digest.district.grades else None
    this_year = digest.district.tables["units"]
    before, now = _figures(Figures.of(last.units), best), _figures(Figures.of(this_year), best)
    return [(name, value, now[name][0], kind) for name, (value, kind) in before.items()]


def _figures(of: Figures, best: str | None) -> dict[str, tuple[Decimal | int | None, Kind]]:
    """One year's figures by name."""
    found: dict[str, tuple[Decimal | int | None, Kind]] = {
        "名单单位（个）": (of.units, "int"),
        "已报送单位（个）": (of.submitted, "int"),
        f"{STATUS_WORDS['complete']}单位（个）": (of.statuses["complete"], "int"),
        "整体复核平均（分）": (of.whole.mean, "points"),
    }
    if best:
        found[f"复核等级为“{best}”（个）"] = (of.grades[best], "int")
    found["全年预算数（万元）"] = of.adjusted, "money"
    found["全年执行数（万元）"] = of.executed, "money"
    found["执行率"] = of.rate, "percent"
    found["单位的必须更正问题（项）"] = of.must_fix, "int"
    return found
