"""Figures for the eye: the five charts of the overview, each with the cells it draws from on 图表数据."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import STATUS_WORDS, Kind
from evalbatch.sheets.painter import Painted
from evalbatch.sheets.table import Formula, Link, quoted
from evalbatch.summary.digest import Digest, mean, two_decimals
from evalbatch.summary.grid import OVERVIEW

SHEET = "图表数据"
TITLE = "总览各图所用的数据"
MOST_BARS = 15
_MOST_KINDS = 10
"""Kinds of problems have long names: with more bars, every other name would be left out."""
_STEPS = ((None, -10), (-10, -5), (-5, -1), (-1, 0))


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar chart: what it says, the unit on its axis, bars with values for each series, and which stand out."""

    title: str
    axis: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[Formula, ...]], ...]
    strong: tuple[bool, ...]
    lying: bool = True
    kind: Kind = "int"


def draw_all(book: Book, digest: Digest, sheets: dict[str, Painted]) -> list[Chart]:
    """Write the charts' figures on their sheet, and make the charts, ready to be put on the overview."""
    sheet = book.sheet(SHEET, "screen")
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 2, 16)
    sheet.set_row(0, look.row_height(1, "title") + 4)
    book.write(sheet, 0, 0, TITLE, "screen", "title")
    book.write(sheet, 1, 0, digest.subtitle, "screen", "subtitle", text_wrap=False)
    book.write(sheet, 1, 2, Link.to_sheet("返回总览", OVERVIEW), "screen", "measure")
    row, charts = 3, []
    for bars in described(digest, sheets):
        charts.append(_chart(book, bars, row + 1))
        row = _write(book, sheet, bars, row) + 2
    return charts


def described(digest: Digest, sheets: dict[str, Painted]) -> Iterable[Bars]:
    """The charts in order of reading; one without anything to show is left out."""
    yield _standing(digest, sheets["提交情况"])
    if digest.whole:
        yield _grades(digest, sheets["得分排名"])
    if digest.compared:
        few = len(digest.compared) <= MOST_BARS
        yield (_scores if few else _differences)(digest, sheets["自评与复核差异"])
    if any(unit["rate"] is not None for unit in digest.units):
        yield _execution(digest, sheets["资金执行"])
    if any(row["units"] for row in digest.kinds):
        yield _problems(digest, sheets["问题分类"])


def _standing(digest: Digest, painted: Painted) -> Bars:
    counts: dict[str, int] = dict.fromkeys(STATUS_WORDS.values(), 0)
    for unit in digest.units:
        counts[digest.status(unit)] = counts.get(digest.status(unit), 0) + 1
    shown = dict(sorted(counts.items(), key=lambda item: -item[1]))
    where = painted.reference("报送状态")
    values = tuple(Formula(f'=COUNTIF({where[1:]},"{word}")', count) for word, count in shown.items())
    complete = STATUS_WORDS["complete"]
    title = f"{len(digest.owing)}个应报单位中，{counts[complete]}个已报齐，{counts[STATUS_WORDS['missing']]}个未报送"
    return Bars(title, "单位数（个）", tuple(shown), (("单位数", values),), tuple(word == complete for word in shown))


def _grades(digest: Digest, painted: Painted) -> Bars:
    names = [name for name, _ in digest.district.grades]
    found = {unit[which] for unit in digest.whole for which in ("self_grade", "verified_grade")} - {None}
    names += sorted(found - set(names))
    series = []
    for header, key in (("自评等级", "self_grade"), ("复核等级", "verified_grade")):
        where = painted.reference(header)[1:]
        counts = [sum(unit[key] == name for unit in digest.whole) for name in names]
        formulas = [Formula(f'=COUNTIF({where},"{name}")', count) for name, count in zip(names, counts, strict=True)]
        series.append((header, tuple(formulas)))
    best = names[0]
    before, after = (sum(unit[key] == best for unit in digest.whole) for key in ("self_grade", "verified_grade"))
    title = f"复核等级为“{best}”的{after}个" + (f"，自评为“{best}”的{before}个" if before != after else "，与自评相同")
    return Bars(title, "单位数（个）", tuple(names), tuple(series), (), lying=False)


def _lowered(digest: Digest) -> str:
    lower = [-unit["difference"] for unit in digest.compared if unit["difference"] < 0]
    average = mean(lower)
    if average is None:
        return f"{len(digest.compared)}个单位的复核得分都不低于自评得分"
    return f"{len(lower)}个单位复核得分低于自评，平均低{two_decimals(average)}分"


def _scores(digest: Digest, painted: Painted) -> Bars:
    names = tuple(unit["unit_name"] for unit in digest.compared)
    series = tuple(
        (header, tuple(_at(painted, header, place, unit[key]) for place, unit in enumerate(digest.compared)))
        for header, key in (("自评得分", "self_score"), ("复核得分", "verified_score"))
    )
    return Bars(_lowered(digest), "得分（分）", names, series, (), kind="points")


def _differences(digest: Digest, painted: Painted) -> Bars:
    where = painted.reference("差（复核－自评）")[1:]
    names, values = [], []
    for low, high in _STEPS:
        count = sum(
            (low is None or unit["difference"] >= low) and unit["difference"] < high for unit in digest.compared
        )
        above = f',{where},">={low}"' if low is not None else ""
        names.append(
            f"低{-high}至{-low}分" if low is not None and high else f"低{-high}分以上" if low is None else "低不足1分"
        )
        values.append(Formula(f'=COUNTIFS({where},"<{high}"{above})', count))
    names += ["一致", "高于自评"]
    values.append(Formula(f"=COUNTIF({where},0)", sum(unit["difference"] == 0 for unit in digest.compared)))
    values.append(Formula(f'=COUNTIF({where},">0")', sum(unit["difference"] > 0 for unit in digest.compared)))
    strong = (True,) * len(_STEPS) + (False, False)
    return Bars(_lowered(digest), "单位数（个）", tuple(names), (("单位数", tuple(values)),), strong, lying=False)


def _execution(digest: Digest, painted: Painted) -> Bars:
    lowest = [unit for unit in digest.with_money if unit["rate"] is not None][:MOST_BARS]
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    limit = f"{digest.district.low_execution:f}%"
    values = tuple(_at(painted, "执行率", place, unit["rate"] / 100) for place, unit in enumerate(lowest))
    most = f"（图为最低的{len(lowest)}个）" if len(lowest) == MOST_BARS else ""
    title = f"{low}个单位执行率低于{limit}{most}" if low else f"没有单位执行率低于{limit}{most}"
    strong = tuple(digest.is_low(unit["rate"]) for unit in lowest)
    names = tuple(unit["unit_name"] for unit in lowest)
    return Bars(title, "执行率", names, (("执行率", values),), strong, kind="percent")


def _problems(digest: Digest, painted: Painted) -> Bars:
    shown = [row for row in digest.kinds if row["units"]][:_MOST_KINDS]
    values = tuple(_at(painted, "涉及单位数", place, row["units"]) for place, row in enumerate(shown))
    title = f"最普遍的问题是“{shown[0]['title']}”，涉及{shown[0]['units']}个单位"
    names = tuple(f"{row['title']} {row['code']}" for row in shown)
    strong = tuple(row["severity"] == "must-fix" for row in shown)
    return Bars(title, "涉及单位数（个），深色为必须更正", names, (("涉及单位数", values),), strong)


def _at(painted: Painted, title: str, place: int, value: Decimal | int | None) -> Formula:
    """A formula that repeats a cell of another sheet."""
    return Formula(f"={quoted(painted.table.name)}!{painted.cell(place, title)}", "" if value is None else value)


def _write(book: Book, sheet: Worksheet, bars: Bars, row: int) -> int:
    book.write(sheet, row, 0, bars.title, "screen", "note", text_wrap=False, bold=True)
    book.write(sheet, row + 1, 0, "类别", "screen", "header")
    for place, (name, values) in enumerate(bars.series, start=1):
        book.write(sheet, row + 1, place, name, "screen", "header", align="right")
        for offset, value in enumerate(values):
            book.write(sheet, row + 2 + offset, place, value, "screen", "body", bars.kind)
    for offset, category in enumerate(bars.names):
        book.write(sheet, row + 2 + offset, 0, category, "screen")
    return row + 1 + len(bars.names)


def _chart(book: Book, bars: Bars, header_row: int) -> Chart:
    chart = book.workbook.add_chart({"type": "bar" if bars.lying else "column"})
    first, last = header_row + 1, header_row + len(bars.names)
    names = f"={quoted(SHEET)}!{xl_range_abs(first, 0, last, 0)}"
    colours = [look.ACCENT] if len(bars.series) == 1 else [look.SOFT, look.ACCENT]
    for place, ((name, _), colour) in enumerate(zip(bars.series, colours, strict=True), start=1):
        chart.add_series(
            {
                "name": name,
                "categories": names,
                "values": f"={quoted(SHEET)}!{xl_range_abs(first, place, last, place)}",
                "fill": {"color": colour},
                "points": [{"fill": {"color": look.ACCENT if strong else look.SOFT}} for strong in bars.strong] or None,
                "gap": 45,
                "overlap": -5 if len(bars.series) > 1 else 0,
                "data_labels": _labels(bars),
            }
        )
    _dress(chart, bars)
    return chart


def _labels(bars: Bars) -> dict[str, Any]:
    """Put its number at each bar, as long as the numbers of two series do not run into each other."""
    crowded = bars.lying and len(bars.series) * len(bars.names) > MOST_BARS
    return {"value": not crowded, "font": _font(8), "num_format": _NUMBERS[bars.kind]}


_STEP: dict[Kind, float] = {"percent": 0.2, "points": 20}
_NUMBERS: dict[Kind, str] = {"int": "#,##0", "points": "0.0", "percent": "0%"}


def _dress(chart: Chart, bars: Bars) -> None:
    chart.set_title({"name": bars.title, "name_font": _font(10, look.INK, bold=True), "overlay": False})
    quiet: dict[str, Any] = {"num_font": _font(8), "line": {"color": look.RULE}, "major_tick_mark": "none"}
    # The longest bar on top; then the values' axis must be told to stay at the foot.
    categories = quiet | {"interval_unit": 1} | ({"reverse": True, "crossing": "max"} if bars.lying else {})
    values = quiet | {
        "min": 0,
        "name": bars.axis,
        "name_font": _font(8),
        "num_format": "0%" if bars.kind == "percent" else "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": look.BAND}},
    }
    most = max((Decimal(v.value) for _, vs in bars.series for v in vs if v.value != ""), default=Decimal(0))
    if bars.kind == "int" and most < 5:
        values |= {"major_unit": 1}
    elif bars.kind != "int":
        full = {"percent": 1, "points": 100}[bars.kind]
        values |= {"major_unit": _STEP[bars.kind]} | ({"max": full} if most <= full else {})
    chart.set_x_axis(values if bars.lying else categories)
    chart.set_y_axis(categories if bars.lying else values)
    chart.set_legend({"position": "bottom", "font": _font(8)} if len(bars.series) > 1 else {"none": True})
    chart.set_chartarea({"border": {"color": look.RULE}})


def _font(size: int, color: str = look.GREY, *, bold: bool = False) -> dict[str, Any]:
    return {"name": look.FONTS["screen"], "size": size, "color": color, "bold": bold}
