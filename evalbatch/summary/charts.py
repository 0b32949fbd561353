"""Figures for the eye: charts of the overview and of 指标完成情况, each with the cells it draws from on 图表数据."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets import look
from evalbatch.sheets.book import Book, new_book
from evalbatch.sheets.look import STATUS_WORDS, Kind
from evalbatch.sheets.painter import Painted
from evalbatch.sheets.table import Formula, Link, quoted
from evalbatch.summary.digest import Digest, two_decimals
from evalbatch.summary.figures import BANDS, PENDING, mean
from evalbatch.summary.grid import OVERVIEW

SHEET = "图表数据"
TITLE = "各图所用的数据"
MOST_BARS = 12
"""More bars with long names, and every other name would be left out."""
_MOST_KINDS = 10
BY_TYPE = "指标完成情况"
_SPREAD = (*BANDS, PENDING)
_WIDTH_UNDER, _HEIGHT_UNDER, _BAR = 960, 130, 26
"""Pixels of a chart under a table: its width, its height without bars, and that of a bar."""
_SAID_IN_DOCUMENTS = (
    (
        b'<c:showVal val="1"/>',
        b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>',
    ),
    (b'<c:lang val="en-US"/>', b'<c:lang val="zh-CN"/><c:roundedCorners val="0"/>'),
)
"""What a workbook's chart leaves unsaid, and some programs take for yes in a document."""
_STEPS = ((None, -10), (-10, -5), (-5, -1), (-1, 0))


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar chart: its topic on the overview, what it says, its axis, each series of bars, the strong ones.

    Series lie beside each other, or where `parts` is set, are the parts of a whole. It is put on the overview, or under
    the table of the sheet `under`.
    """

    topic: str
    title: str
    axis: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[Formula, ...]], ...]
    strong: tuple[bool, ...]
    lying: bool = True
    kind: Kind = "int"
    parts: bool = False
    under: str = ""

    @property
    def bars(self) -> int:
        """How many bars have any length: one alone compares nothing."""
        drawn = zip(*(values for _, values in self.series), strict=True)
        return sum(any(value.value not in ("", 0) for value in bar) for bar in drawn)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart of a workbook, not yet put on a sheet, and what it shows."""

    bars: Bars
    chart: Chart


def draw_all(book: Book, digest: Digest, sheets: dict[str, Painted]) -> list[Drawn]:
    """Write the charts' figures on their sheet, and make the charts; those of a table are put under it."""
    shown = list(described(digest, sheets))
    if not shown:
        return []
    sheet = book.sheet(SHEET, "screen")
    sheet.set_row(0, look.row_height(1, "title") + 4)
    book.write(sheet, 0, 0, TITLE, "screen", "title")
    book.write(sheet, 1, 0, digest.subtitle, "screen", "subtitle", text_wrap=False)
    book.write(sheet, 1, 2, Link.to_sheet("返回总览", OVERVIEW), "screen", "measure")
    drawn = _draw(book, sheet, shown, 3)
    for one in drawn:
        if painted := sheets.get(one.bars.under):
            one.chart.set_size({"width": _WIDTH_UNDER, "height": _HEIGHT_UNDER + _BAR * len(one.bars.names)})
            painted.worksheet.insert_chart(painted.last_row + 3, 0, one.chart, {"x_offset": 4})
    return drawn


def _draw(book: Book, sheet: Worksheet, shown: Sequence[Bars], row: int) -> list[Drawn]:
    """Write some charts' figures on a sheet from a row on, and make the charts."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 2, 16)
    sheet.set_column(3, len(_SPREAD), 12)
    drawn = []
    for bars in shown:
        drawn.append(Drawn(bars, _chart(book, bars, row + 1)))
        row = _write(book, sheet, bars, row) + 2
    return drawn


def for_document(bars: Bars) -> tuple[bytes, bytes]:
    """Make a chart for a document: its DrawingML part, and the workbook of its figures that goes along with it."""
    figures = tuple(
        (name, tuple(replace(value, text=_constant(value.value)) for value in values)) for name, values in bars.series
    )
    whole = BytesIO()
    with new_book(whole, bars.title) as book:
        sheet = book.sheet(SHEET, "screen")
        [drawn] = _draw(book, sheet, [replace(bars, series=figures)], 0)
        sheet.insert_chart(0, len(bars.series) + 2, drawn.chart)
    with ZipFile(whole) as parts:
        drawing = parts.read("xl/charts/chart1.xml")
    for unsaid, said in _SAID_IN_DOCUMENTS:
        drawing = drawing.replace(unsaid, said)
    return drawing, whole.getvalue()


def _constant(value: Decimal | int | str) -> str:
    """A formula that is its value: what a figure was counted from is not in a document."""
    return f"={value:f}" if isinstance(value, Decimal) else f"={value}" if isinstance(value, int) else '=""'


def described(digest: Digest, sheets: dict[str, Painted]) -> Iterable[Bars]:
    """The charts in order of reading; one without two bars to compare is left out."""
    return (bars for bars in _all_of(digest, sheets) if bars.bars > 1)


def _all_of(digest: Digest, sheets: dict[str, Painted]) -> Iterable[Bars]:
    yield _standing(digest, sheets["提交情况"])
    if digest.whole:
        one_grade = len({unit["verified_grade"] for unit in digest.whole}) == 1
        yield (_spread if one_grade else _grades)(digest, sheets["得分排名"])
    if digest.compared:
        changed = [place for place, unit in enumerate(digest.compared) if unit["difference"]]
        few = len(changed) <= MOST_BARS
        where = sheets["自评与复核差异"]
        yield _changes(digest, where, changed) if few else _differences(digest, where)
    if any(unit["rate"] is not None for unit in digest.units):
        yield _execution(digest, sheets["资金执行"])
    if digest.kinds:
        yield _problems(digest, sheets["问题分类"])
    if BY_TYPE in sheets:
        yield _rates(digest, sheets[BY_TYPE])


def _standing(digest: Digest, painted: Painted) -> Bars:
    counts: dict[str, int] = dict.fromkeys(STATUS_WORDS.values(), 0)
    for unit in digest.units:
        counts[digest.status(unit)] = counts.get(digest.status(unit), 0) + 1
    shown = dict(sorted(((word, count) for word, count in counts.items() if count), key=lambda item: -item[1]))
    where = painted.reference("报送状态")
    values = tuple(Formula(f'=COUNTIF({where[1:]},"{word}")', count) for word, count in shown.items())
    complete = STATUS_WORDS["complete"]
    title = f"{len(digest.owing)}个应报单位中，{counts[complete]}个已报齐，{counts[STATUS_WORDS['missing']]}个未报送"
    strong = tuple(word == complete for word in shown)
    return Bars("报送", title, "单位数（个）", tuple(shown), (("单位数", values),), strong)


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
    return Bars("得分", title, "单位数（个）", tuple(names), tuple(series), (), lying=False)


def _lowered(digest: Digest) -> str:
    lower = [-unit["difference"] for unit in digest.compared if unit["difference"] < 0]
    average = mean(lower)
    if average is None:
        return f"{len(digest.compared)}个单位的复核得分都不低于自评得分"
    return f"{len(lower)}个单位复核得分低于自评，平均低{two_decimals(average)}分"


def _changes(digest: Digest, painted: Painted, changed: Sequence[int]) -> Bars:
    """Each unit's verified less self score: on a scale from 0 to 100 nobody would see it."""
    names = tuple(digest.compared[place]["unit_name"] for place in changed)
    header = "差异（复核－自评）"
    values = tuple(_at(painted, header, place, digest.compared[place]["difference"]) for place in changed)
    strong = tuple(digest.compared[place]["difference"] < 0 for place in changed)
    return Bars(
        "得分差异", _lowered(digest), "复核得分减自评得分（分）", names, ((header, values),), strong, kind="points"
    )


_WIDTHS = (Decimal("0.1"), Decimal("0.2"), Decimal("0.5"), Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20))
_MOST_STEPS = 10


def _spread(digest: Digest, painted: Painted) -> Bars:
    """How many units have how many points, in steps as narrow as ten of them allow."""
    scores = sorted(unit["verified_score"] for unit in digest.whole)
    own = [unit["self_score"] for unit in digest.whole if unit["self_score"] is not None]
    low, high = min(*own, scores[0]), max(*own, scores[-1])
    width = next((w for w in _WIDTHS if high // w - low // w < _MOST_STEPS), _WIDTHS[-1])
    start = low // width * width
    steps = [(start, start + width)]
    while steps[-1][1] < high:
        steps.append((steps[-1][1], steps[-1][1] + width))
    names = tuple(f"{least:f}～{most:f}" for least, most in steps)
    last = len(steps) - 1
    series = []
    for header, key in (("自评得分", "self_score"), ("复核得分", "verified_score")):
        where = painted.reference(header)[1:]
        own = [unit[key] for unit in digest.whole if unit[key] is not None]
        counts = []
        for place, (least, most) in enumerate(steps):  # a step holds its lower end, the last one its upper end too
            until = "<=" if place == last else "<"
            number = sum(least <= score < most or (place == last and score == most) for score in own)
            counts.append(Formula(f'=COUNTIFS({where},">={least:f}",{where},"{until}{most:f}")', number))
        series.append((header, tuple(counts)))
    middle = (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2
    title = f"复核得分{two_decimals(scores[0])}至{two_decimals(scores[-1])}分，中位数{two_decimals(middle)}分"
    return Bars("得分", title, "单位数（个）", names, tuple(series), (), lying=False)


def _differences(digest: Digest, painted: Painted) -> Bars:
    where = painted.reference("差异（复核－自评）")[1:]
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
    kept = [place for place, value in enumerate(values) if value.value]
    shown, counts = tuple(names[place] for place in kept), tuple(values[place] for place in kept)
    dark = tuple(strong[place] for place in kept)
    return Bars("得分差异", _lowered(digest), "单位数（个）", shown, (("单位数", counts),), dark, lying=False)


def _execution(digest: Digest, painted: Painted) -> Bars:
    """What the units with the lowest rates have not spent yet: rates themselves would all look alike."""
    lowest = [unit for unit in digest.with_money if unit["rate"] is not None][:MOST_BARS]
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    limit = f"{digest.district.low_execution:f}%"
    values = tuple(_unspent(painted, place, unit["rate"]) for place, unit in enumerate(lowest))
    most = f"（图为执行率最低的{len(lowest)}个）" if len(lowest) == MOST_BARS else ""
    title = f"执行率低于{limit}的单位{low}个{most}" if low else f"没有单位执行率低于{limit}{most}"
    names = tuple(unit["unit_name"] for unit in lowest)
    strong = tuple(digest.is_low(unit["rate"]) for unit in lowest)
    axis = f"未执行比例＝100%－执行率{'，深色为执行率偏低' if low else ''}"
    return Bars("资金", title, axis, names, (("未执行比例", values),), strong, kind="percent")


def _unspent(painted: Painted, place: int, rate: Decimal) -> Formula:
    where = f"{quoted(painted.table.name)}!{painted.cell(place, '执行率')}"
    return Formula(f"=ROUND(1-{where},6)", round(1 - rate / 100, 6))


def _problems(digest: Digest, painted: Painted) -> Bars:
    """What must be corrected or looked at again; notes are no problems to speak of."""
    places = [place for place, row in enumerate(digest.kinds) if row["units"] and row["severity"] != "note"]
    shown = [(place, digest.kinds[place]) for place in places[:_MOST_KINDS]]
    values = tuple(_at(painted, "涉及单位数", place, row["units"]) for place, row in shown)
    first = shown[0][1] if shown else None
    title = f"涉及单位最多的问题是“{first['title']}”，{first['units']}个单位" if first else ""
    names = tuple(f"{row['title']} {row['code']}" for _, row in shown)
    strong = tuple(row["severity"] == "must-fix" for _, row in shown)
    return Bars("问题", title, "涉及单位数（个），深色为必须更正", names, (("涉及单位数", values),), strong)


def _rates(digest: Digest, painted: Painted) -> Bars:
    """How the indicators of each type are spread over the bands of points over weight."""
    places = [place for place, row in enumerate(digest.types) if any(row[band] for band in _SPREAD)][:MOST_BARS]
    rows = [digest.types[place] for place in places]
    series = tuple(
        (band, tuple(_at(painted, band, place, digest.types[place][band]) for place in places)) for band in _SPREAD
    )
    whole, best = sum(row[band] for row in rows for band in _SPREAD), sum(row[_SPREAD[0]] for row in rows)
    more = f"（图为其中{len(rows)}类）" if len(digest.types) > len(rows) else ""
    title = f"各类指标的得分率{more}：{whole}项中得满分的{best}项，待定{sum(row[PENDING] for row in rows)}项"
    names = tuple(row["level2"] for row in rows)
    return Bars("指标", title, "占该类指标的比例", names, series, (), parts=True, under=BY_TYPE)


def _at(painted: Painted, title: str, place: int, value: Decimal | int | None) -> Formula:
    """A formula that repeats a cell of another sheet."""
    return Formula(f"={quoted(painted.table.name)}!{painted.cell(place, title)}", "" if value is None else value)


def _write(book: Book, sheet: Worksheet, bars: Bars, row: int) -> int:
    book.write(sheet, row, 0, bars.title, "screen", "note", text_wrap=False, bold=True)
    book.write(sheet, row + 1, 0, "类别", "screen", "header")
    sheet.set_row(row + 1, look.row_height(2 if bars.parts else 1))
    for place, (name, values) in enumerate(bars.series, start=1):
        book.write(sheet, row + 1, place, name, "screen", "header", align="right")
        for offset, value in enumerate(values):
            book.write(sheet, row + 2 + offset, place, value, "screen", "body", bars.kind)
    for offset, category in enumerate(bars.names):
        book.write(sheet, row + 2 + offset, 0, category, "screen")
    return row + 1 + len(bars.names)


def _chart(book: Book, bars: Bars, header_row: int) -> Chart:
    kind = {"type": "bar" if bars.lying else "column"}
    chart = book.workbook.add_chart(kind | ({"subtype": "percent_stacked"} if bars.parts else {}))
    first, last = header_row + 1, header_row + len(bars.names)
    names = f"={quoted(SHEET)}!{xl_range_abs(first, 0, last, 0)}"
    colours = look.SCALE if bars.parts else [look.ACCENT] if len(bars.series) == 1 else [look.SOFT, look.ACCENT]
    for place, ((name, _), colour) in enumerate(zip(bars.series, colours, strict=True), start=1):
        chart.add_series(
            {
                "name": name,
                "categories": names,
                "values": f"={quoted(SHEET)}!{xl_range_abs(first, place, last, place)}",
                "fill": {"color": colour},
                "points": [{"fill": {"color": look.ACCENT if strong else look.SOFT}} for strong in bars.strong] or None,
                "gap": 45,
                "overlap": 100 if bars.parts else -5 if len(bars.series) > 1 else 0,
                "data_labels": _labels(bars),
            }
        )
    _dress(chart, bars)
    return chart


def _labels(bars: Bars) -> dict[str, Any]:
    """Put its number at each bar, as long as the numbers of two series do not run into each other."""
    crowded = bars.parts or (bars.lying and len(bars.series) * len(bars.names) > MOST_BARS)
    return {} if crowded else {"value": True, "font": _font(8), "num_format": _NUMBERS[bars.kind]}


_NUMBERS: dict[Kind, str] = {"int": "#,##0", "points": "0.00", "percent": "0.0%"}


def _dress(chart: Chart, bars: Bars) -> None:
    chart.set_title({"name": bars.title, "name_font": _font(10, look.INK, bold=True), "overlay": False})
    quiet: dict[str, Any] = {"num_font": _font(8), "line": {"color": look.RULE}}
    quiet |= {"major_tick_mark": "none", "minor_tick_mark": "none"}
    # The longest bar on top; then the values' axis must be told to stay at the foot.
    categories = quiet | {"interval_unit": 1} | ({"reverse": True, "crossing": "max"} if bars.lying else {})
    values = quiet | {
        "name": bars.axis,
        "name_font": _font(8),
        "num_format": "0%" if bars.parts else _NUMBERS[bars.kind],
        "major_gridlines": {"visible": True, "line": {"color": look.BAND}},
    }
    lengths = [Decimal(v.value) for _, vs in bars.series for v in vs if v.value != ""]
    if min(lengths, default=Decimal(0)) >= 0:
        values |= {"min": 0}
    else:  # bars to both sides: names stay at the edge
        categories |= {"label_position": "low"}
    if bars.kind == "int" and not bars.parts and max(lengths, default=Decimal(0)) < 5:
        values |= {"major_unit": 1}
    chart.set_x_axis(values if bars.lying else categories)
    chart.set_y_axis(categories if bars.lying else values)
    chart.set_legend({"position": "bottom", "font": _font(8)} if len(bars.series) > 1 else {"none": True})
    chart.set_chartarea({"border": {"color": look.RULE}})


def _font(size: int, color: str = look.GREY, *, bold: bool = False) -> dict[str, Any]:
    return {"name": look.FONTS["screen"], "size": size, "color": color, "bold": bold}
