"""Below the totals of the sheet 结果: the unit's score by dimension, its forms side by side, and the chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from evalbatch.model import YearOfUnit
from evalbatch.reports.score_sheet.places import FormPlaces, difference
from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import Kind
from evalbatch.sheets.table import CellValue, Formula, quoted

LABEL, WEIGHT, SELF, VERIFIED, DIFFERENCE = (0, 3), 4, 5, 6, 7
_FORM_LABEL, _ADJUSTED, _EXECUTED = (0, 1), 2, 3
_LABEL_WIDTH, _FORM_LABEL_WIDTH = 48, 24
_MOST_BARS = 15
_MOST_YEARS, _LAST = 6, 7
"""Years that the sheet's columns have room for beside a line, and the sheet's last column."""
_OF_A_YEAR: tuple[tuple[str, str, Kind], ...] = (
    ("score", "复核得分", "points"), ("grade", "复核等级", "text"), ("rate", "执行率", "percent"),
    ("must_fix", "必须更正", "int"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Painted:
    """Rows (from 0) that a table of parts came to fill, and the row after it."""

    first: int
    last: int
    next_row: int


def paint_dimensions(book: Book, sheet: Worksheet, row: int, form: FormPlaces) -> Painted:
    """Paint a form's dimensions from `row` on, each summed live from its sheet."""
    headers = ((LABEL, "分项"), (_one(WEIGHT), "分值"), *_SCORE_HEADERS)
    first = _paint_headers(book, sheet, row, headers)
    for offset, dimension in enumerate(form.dimensions):
        number = first + offset
        book.span(sheet, number, LABEL, dimension.title, "signed")
        verified = dimension.verified_sum(form.sheet) if form.reviewed else dimension.sum(form.sheet, "I")
        sums = (
            (WEIGHT, dimension.sum(form.sheet, "G"), dimension.weight),
            (SELF, dimension.sum(form.sheet, "H"), dimension.self_score),
            (VERIFIED, verified, dimension.verified),
        )
        for column, formula, value in sums:
            _put(book, sheet, number, column, Formula(formula, value), "points")
        _put_difference(book, sheet, number, (dimension.verified, dimension.self_score))
        sheet.set_row(number, look.row_height(look.line_count(dimension.title, _LABEL_WIDTH)))
    last = first + len(form.dimensions) - 1
    return Painted(first, last, last + 1)


def paint_forms(book: Book, sheet: Worksheet, row: int, forms: Sequence[FormPlaces]) -> Painted:
    """Paint one line for each form from `row` on: its money and its scores, live from its sheet."""
    headers = (
        (_FORM_LABEL, "表格"), (_one(_ADJUSTED), "全年预算数"), (_one(_EXECUTED), "全年执行数"),
        (_one(WEIGHT), "执行率"), *_SCORE_HEADERS,
    )  # fmt: skip
    first = _paint_headers(book, sheet, row, headers)
    kinds: tuple[tuple[int, str, Kind], ...] = (
        (_ADJUSTED, "adjusted", "money"), (_EXECUTED, "executed", "money"), (WEIGHT, "rate", "percent"),
        (SELF, "self", "points"), (VERIFIED, "verified", "points"),
    )  # fmt: skip
    for offset, form in enumerate(forms):
        number = first + offset
        label = form_label(form)
        book.span(sheet, number, _FORM_LABEL, label, "signed")
        for column, word, kind in kinds:
            _put(book, sheet, number, column, form.live(word), kind)
        _put_difference(book, sheet, number, (_decimal(form.value("verified")), _decimal(form.value("self"))))
        sheet.set_row(number, look.row_height(look.line_count(label, _FORM_LABEL_WIDTH)))
    last = first + len(forms) - 1
    return Painted(first, last, last + 1)


def form_label(form: FormPlaces) -> str:
    """Name a form as a line of a table: its sheet, and its project where it has one."""
    project = form.form.submission.project
    return look.fit_text(f"{form.sheet} {project}" if project else form.sheet, _FORM_LABEL_WIDTH, 3)


def paint_years(book: Book, sheet: Worksheet, row: int, years: Sequence[YearOfUnit], now: Mapping[str, str]) -> int:
    """Paint a unit's years from `row` on, the last of them this one, each figure with its line; return the row after.

    `now` are the cells of this year's figures further up, by the field's name. Only the last years have room.
    """
    shown = years[-_MOST_YEARS:]
    book.write(sheet, row, 0, "年度", "signed", "header", align="center")
    for column, year in enumerate(shown, 1):
        book.write(sheet, row, column, f"{year.year}年", "signed", "header", align="center")
    book.span(sheet, row, (len(shown) + 1, _LAST), "走势", "signed", "header", align="center")
    sheet.set_row(row, look.row_height(1))
    for name, title, kind in _OF_A_YEAR:
        row += 1
        sheet.set_row(row, look.row_height(1) + 4)
        book.write(sheet, row, 0, title, "signed", "label")
        for column, year in enumerate(shown, 1):
            value = getattr(year, name)
            if value is not None and name in now and column == len(shown):
                value = Formula(f"={now[name]}", value)
            book.write(sheet, row, column, value, "signed", "body", kind, "center")
        book.span(sheet, row, (len(shown) + 1, _LAST), None, "signed")
        if kind != "text":
            cells = f"{quoted(sheet.name)}!{xl_range(row, 1, row, len(shown))}"
            sheet.add_sparkline(row, len(shown) + 1, {"range": cells, **look.SPARKLINE})
    return row + 1


def column_sum(parts: Painted, column: int, values: Sequence[CellValue]) -> Formula | None:
    """Add a column of the parts live; None where it holds nothing."""
    numbers = [value for value in values if isinstance(value, Decimal)]
    letter = chr(65 + column)
    text = f"=SUM({letter}{parts.first + 1}:{letter}{parts.last + 1})"
    return Formula(text, sum(numbers, Decimal(0))) if numbers else None


def weighted_mean(
    parts: Painted, column: int, score: Decimal, pairs: Sequence[tuple[CellValue, CellValue]]
) -> CellValue:
    """Write a score as the parts' mean weighted by budget; the bare score where that is not how it came about.

    `pairs` are each part's budget and score as they stand.
    """
    complete = [(b, s) for b, s in pairs if isinstance(b, Decimal) and isinstance(s, Decimal)]
    whole = sum((budget for budget, _ in complete), Decimal(0))
    if len(complete) < len(pairs) or not whole:
        return score
    exponent = score.normalize().as_tuple().exponent
    digits = max(2, -exponent if isinstance(exponent, int) else 2)
    mean = sum((budget * points for budget, points in complete), Decimal(0)) / whole
    if mean.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) != score:
        return score
    top, bottom, letter = parts.first + 1, parts.last + 1, chr(65 + column)
    budgets, points = f"C{top}:C{bottom}", f"{letter}{top}:{letter}{bottom}"
    return Formula(f"=ROUND(SUMPRODUCT({budgets},{points})/SUM({budgets}),{digits})", score)


def paint_chart(book: Book, sheet: Worksheet, row: int, title: str, parts: Painted) -> int:
    """Paint a bar chart of self against verified scores from `row` on; return the row after it."""
    last = min(parts.last, parts.first + _MOST_BARS - 1)
    rows = 4 + 2 * (last - parts.first + 1)
    chart = book.workbook.add_chart({"type": "bar"})
    _draw_scores(chart, sheet.name, (parts.first, last), title)
    chart.set_size({"width": 8 * 89, "height": rows * 20})
    sheet.insert_chart(row, 0, chart, {"object_position": 1, "description": title})
    for offset in range(rows):
        sheet.set_row(row + offset, 15.5)
    return row + rows


def _draw_scores(chart: Chart, sheet: str, rows: tuple[int, int], title: str) -> None:
    """Draw a self and a verified bar for each of the rows (first, last) of a sheet."""
    first, last = rows
    font = {"name": look.FONTS["signed"], "size": 9, "color": look.INK}
    for name, column, colour in (("自评得分", SELF, look.SOFT), ("复核得分", VERIFIED, look.ACCENT)):
        chart.add_series(
            {
                "name": name,
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "border": {"none": True},
                "gap": 60,
                "overlap": 0,
                "data_labels": {"value": True, "font": font, "num_format": "0.##"},
            }
        )
    chart.set_title({"name": title, "name_font": font | {"size": 10, "bold": True}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": look.RULE}, "major_tick_mark": "none"})
    # Every bar bears its number, so the axis of points need not be drawn.
    chart.set_x_axis(
        {"min": 0, "major_gridlines": {"visible": False}, "line": {"none": True}, "label_position": "none"}
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": look.RULE}})


_SCORE_HEADERS = (((SELF, SELF), "自评得分"), ((VERIFIED, VERIFIED), "复核得分"), ((DIFFERENCE, DIFFERENCE), "差异"))


def _one(column: int) -> tuple[int, int]:
    return (column, column)


def _paint_headers(book: Book, sheet: Worksheet, row: int, headers: Sequence[tuple[tuple[int, int], str]]) -> int:
    for columns, title in headers:
        book.span(sheet, row, columns, title, "signed", "header", align="center")
    sheet.set_row(row, look.row_height(1))
    return row + 1


def _put(book: Book, sheet: Worksheet, row: int, column: int, value: CellValue, kind: Kind) -> None:
    book.write(sheet, row, column, value, "signed", kind=kind)


def _put_difference(book: Book, sheet: Worksheet, row: int, values: tuple[Decimal | None, Decimal | None]) -> None:
    _put(book, sheet, row, DIFFERENCE, difference(f"G{row + 1}", f"F{row + 1}", values), "points")


def _decimal(value: CellValue) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
