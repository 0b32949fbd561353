"""The sheet on two years, where there is a last one: 与上年比较."""

from collections.abc import Callable
from typing import Any

from evalbatch.sheets import Table
from evalbatch.summary.digest import Digest
from evalbatch.summary.grid import Field, lay_out, less_formula, records
from evalbatch.summary.standing import unit_fields

_KEPT = ("unit_code", "unit_name", "verified_score", "verified_grade", "rate", "must_fix")


def two_years(digest: Digest) -> Table | None:
    """Each unit's score, grade, execution rate and problems in both years; None without last year's tables."""
    if digest.district.last_year is None:
        return None
    before: dict[object, dict[str, Any]] = {}
    for row in records(digest.district.last_year["units"], *_KEPT):
        before |= {key: row for key in (row["unit_name"], row["unit_code"]) if key}
    nothing = dict.fromkeys(_KEPT)
    rows = [(before.get(unit["unit_code"]) or before.get(unit["unit_name"]) or nothing, unit) for unit in digest.units]
    fields = [
        *(Field(field.title, _now(field), field.width) for field in unit_fields()),
        Field("上年复核得分", lambda row: row[0]["verified_score"], "number", "points"),
        Field("本年复核得分", lambda row: row[1]["verified_score"], "number", "points"),
        Field("得分增减", _change, "number", "points", formula=_less),
        Field("上年等级", lambda row: row[0]["verified_grade"], "short", align="center"),
        Field("本年等级", lambda row: row[1]["verified_grade"], "short", align="center"),
        Field("上年执行率", lambda row: row[0]["rate"], "number", "percent"),
        Field("本年执行率", lambda row: row[1]["rate"], "number", "percent"),
        Field("上年必须更正", lambda row: row[0]["must_fix"], "short", "int"),
        Field("本年必须更正", lambda row: row[1]["must_fix"], "short", "int"),
    ]
    return lay_out(
        "与上年比较",
        f"{digest.district.season.year}年度与上年度比较",
        fields,
        rows,
        identifier="two_years",
        subtitle=digest.subtitle,
        notes=["按单位编码对应，没有编码的按名称。上年没有的单位，上年各栏留空。"],
        rest="data/units.csv",
        frozen=2,
    )


def _now(field: Field) -> Any:
    return lambda row: field.value(row[1])


def _change(row: tuple[dict[str, Any], dict[str, Any]]) -> Any:
    before, now = row[0]["verified_score"], row[1]["verified_score"]
    return None if before is None or now is None else now - before


def _less(at: Callable[[str], str]) -> str:
    return less_formula(at("本年复核得分"), at("上年复核得分"))
