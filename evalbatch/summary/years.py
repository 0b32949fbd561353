"""Several years side by side, where there are earlier ones: the sheet 历年情况, a line for each figure of a unit."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xlsxwriter.utility import xl_range

from evalbatch.model import YearOfUnit
from evalbatch.sheets import look
from evalbatch.sheets.look import Kind
from evalbatch.sheets.painter import Painted
from evalbatch.sheets.table import CellValue, Table, quoted
from evalbatch.summary.digest import Digest
from evalbatch.summary.grid import Field, lay_out
from evalbatch.summary.standing import unit_fields

SHEET = "历年情况"
_FIGURES: tuple[tuple[str, str, Kind, Callable[[YearOfUnit], CellValue]], ...] = (
    ("复核得分", "得分走势", "points", lambda year: year.score),
    ("复核等级", "", "text", lambda year: year.grade),
    ("执行率", "执行率走势", "percent", lambda year: year.rate),
    ("必须更正", "必须更正走势", "int", lambda year: year.must_fix),
)
"""Each figure's header, that of its line, how it looks, and its value in a year."""


def side_by_side(digest: Digest) -> Table | None:
    """Each unit's score, grade, execution rate and must-fix findings year by year; None without an earlier year."""
    years = _years(digest)
    if len(years) < 2:
        return None
    rows = [{**unit, "years": {year.year: year for year in _all_years(digest, unit)}} for unit in digest.units]
    return lay_out(
        SHEET,
        f"各单位{years[0]}年度至{years[-1]}年度的情况",
        [*unit_fields(), *_fields(years)],
        rows,
        identifier="years",
        subtitle=digest.subtitle,
        notes=[
            f"列出{'、'.join(f'{year}年度' for year in years)}，各取当年批次的运行结果；没有那一年结果的留空。",
            "单位按编码对应，没有编码的按名称。走势图由左到右是由早到晚，空着的年度不画。",
            *(year.said for year in digest.district.earlier[1:] if year.units is None),
        ],
        rest="data/units.csv",
        frozen=2,
    )


def _years(digest: Digest) -> list[int]:
    """The years there are results of, the first first."""
    earlier = (year.year for year in digest.district.earlier if year.units is not None)
    return [*sorted(earlier), digest.district.season.year]


def _all_years(digest: Digest, unit: dict[str, Any]) -> Iterator[YearOfUnit]:
    """A unit's earlier years, and this one."""
    result = unit["result"]
    yield from result.earlier
    must_fix = None if unit["status"] == "missing" else unit["must_fix"]
    year = digest.district.season.year
    yield YearOfUnit(year, unit["verified_score"], unit["verified_grade"], unit["rate"], must_fix)


def _fields(years: Sequence[int]) -> Iterator[Field]:
    for header, line, kind, value in _FIGURES:
        for year in years:
            yield Field(f"{year}年度{header}", _of(year, value), "short", kind, "center" if kind == "text" else None)
        if line:
            yield Field(line, lambda _row: None, "short")


def _of(year: int, value: Callable[[YearOfUnit], CellValue]) -> Callable[[dict[str, Any]], CellValue]:
    def of(row: dict[str, Any]) -> CellValue:
        known: YearOfUnit | None = row["years"].get(year)
        return None if known is None else value(known)

    return of


def draw_lines(painted: Painted) -> None:
    """Draw each row's lines over the cells left of them, a group of lines for each figure."""
    titles = [column.title for column in painted.table.columns]
    rows = range(painted.first_row, painted.last_row + 1)
    for header, line, _, _ in _FIGURES:
        if not line or not painted.table.rows:
            continue
        own = [place for place, title in enumerate(titles) if title.endswith(f"年度{header}")]
        at, sheet = titles.index(line), quoted(painted.table.name)
        painted.worksheet.add_sparkline(
            painted.first_row,
            at,
            {
                "location": [xl_range(row, at, row, at) for row in rows],
                "range": [f"{sheet}!{xl_range(row, own[0], row, own[-1])}" for row in rows],
                **look.SPARKLINE,
            },
        )
