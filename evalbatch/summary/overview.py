"""The first sheet, for the leader: what this is, the key figures, five charts, and the way to every sheet."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import SEVERITY_WORDS, STATUS_WORDS, Kind
from evalbatch.sheets.painter import Painted
from evalbatch.sheets.table import CellValue, Formula, Link
from evalbatch.summary import charts, compare
from evalbatch.summary.digest import Digest, Rows, mean, two_decimals, weighted_mean
from evalbatch.summary.grid import OVERVIEW
from evalbatch.summary.money import total_rate, total_rate_formula
from evalbatch.summary.ranking import weighted_formula

Sheets = dict[str, Painted]
Figure = tuple[str, CellValue, Kind]
COLUMNS, WIDTH = 12, 8.0
_YEARS = ((0, 4), (5, 6), (7, 8), (9, 11))
"""The columns of a figure's name, last year, this year, and the change."""
NOTHING = "—"
"""Shown for a figure that can't be told."""
_PIXELS = 61 * COLUMNS
_CHART_ROWS = (14, 19, 18)
"""Sheet rows that each row of two charts takes; the second has up to 15 bars with long names."""
_ROW_PIXELS = 20


def open_sheet(book: Book) -> Worksheet:
    """Add the overview as the first sheet; it is filled in last, when the others are known."""
    sheet = book.sheet(OVERVIEW, "screen")
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    sheet.fit_to_pages(1, 1)
    return sheet


def fill_in(book: Book, sheet: Worksheet, digest: Digest, sheets: Sheets, drawn: Sequence[Chart]) -> None:
    """Write the overview."""
    season = digest.district.season
    book.write(sheet, 0, 0, f"{season.district}{season.year}年度预算绩效自评汇总", "screen", "title")
    sheet.set_row(0, 30)
    row = 1
    for line in _purpose(digest):
        book.span(sheet, row, (0, COLUMNS - 1), line, "screen", "subtitle")
        row += 1
    for topic, said in conclusions(digest):
        book.write(sheet, row, 0, topic, "screen", "note", bold=True, valign="vcenter", font_color=look.ACCENT)
        book.span(sheet, row, (1, COLUMNS - 1), said, "screen", "note", valign="vcenter")
        sheet.set_row(row, look.row_height(look.line_count(said, WIDTH * (COLUMNS - 1))))
        row += 1
    row = _write_figures(book, sheet, figures(digest, sheets), row + 1)
    row = _write_years(book, sheet, digest, row)
    _place(sheet, drawn, row + 1)
    taken = sum(_CHART_ROWS[: min(2, (len(drawn) + 1) // 2)])
    _write_contents(book, sheet, sheets, row + 2 + taken, beside=len(drawn) > 4)


def _purpose(digest: Digest) -> Iterator[str]:
    files, scheme = len(digest.district.files), digest.district.scheme_name
    yield f"供财政局领导和经办人员阅用。根据截至{digest.day}收到的{files}个文件生成，按“{scheme}”复核。"


def conclusions(digest: Digest) -> Iterator[tuple[str, str]]:
    """What the figures say, one sentence each: submission, scores, money, problems."""
    count = {word: sum(digest.status(unit) == word for unit in digest.owing) for word in STATUS_WORDS.values()}
    sent = len(digest.owing) - count[STATUS_WORDS["missing"]]
    yield (
        "报送",
        f"应报{len(digest.owing)}个单位，已报送{sent}个，覆盖率{_share(sent, len(digest.owing))}；"
        + "，".join(f"{word}{number}个" for word, number in count.items() if number)
        + "。",
    )
    yield from _on_scores(digest)
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    rate = total_rate(digest.units)
    if rate is not None:
        yield "资金", f"合计执行率{two_decimals(rate)}%；执行率低于{digest.district.low_execution:f}%的单位{low}个。"
    yield from _on_projects(digest)
    yield "问题", "，".join(f"{word}{_count(digest.findings, key)}项" for key, word in SEVERITY_WORDS.items()) + "。"


def _share(part: int, whole: int) -> str:
    return f"{two_decimals(Decimal(100 * part) / whole)}%" if whole else NOTHING


def _on_scores(digest: Digest) -> Iterator[tuple[str, str]]:
    for rows, name in ((digest.whole, "部门整体得分"), (digest.by_projects, "只报项目的单位得分")):
        own = mean([unit["self_score"] for unit in rows if unit["self_score"] is not None])
        verified = mean([unit["verified_score"] for unit in rows])
        if verified is not None:
            before = f"自评平均{two_decimals(own)}分，" if own is not None else ""
            grades = [grade for grade, _ in digest.district.grades]
            counts = "，".join(f"{g}{sum(unit['verified_grade'] == g for unit in rows)}个" for g in grades)
            yield "得分", f"{name}{len(rows)}个：{before}复核平均{two_decimals(verified)}分；复核等级{counts}。"


def _on_projects(digest: Digest) -> Iterator[tuple[str, str]]:
    """How many projects came, of how many with approved targets, and the money they cover."""
    approved, projects = digest.approved_projects, digest.projects
    if not approved and not projects:
        return
    known = [row["adjusted"] for row in projects if row["adjusted"] is not None]
    said = f"收到{len(projects)}个项目，全年预算数合计{sum(known, Decimal(0)):,.2f}万元"
    if approved:
        received = {(unit, row["project"]) for row in projects for unit in (row["unit_code"], row["unit_name"])}
        covered = len(approved & received)
        said += f"；批复目标的{len(approved)}个项目中已自评{covered}个，覆盖率{_share(covered, len(approved))}"
    yield "项目", said + "。"


def figures(digest: Digest, sheets: Sheets) -> list[Figure]:
    """The key figures, four a row: each a live formula over one of the sheets."""
    return [*_standing(digest, sheets), *_scores(digest, sheets), *_money(digest, sheets), *_problems(digest, sheets)]


def _live(painted: Painted, formula: str, value: Decimal | int | None) -> CellValue:
    """A formula over a sheet, its columns named in braces; a sheet without rows has no cells to count."""
    result: Decimal | int | str = NOTHING if value is None else value
    if not painted.table.rows:
        return result
    titles = {column.title: painted.reference(column.title)[1:] for column in painted.table.columns}
    for title, where in titles.items():
        formula = formula.replace(f"{{{title}}}", where)
    return Formula(formula, result)


def _standing(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    painted = sheets["提交情况"]
    yield "应报单位（个）", _live(painted, '=COUNTIF({应报表格},"<>免报")', len(digest.owing)), "int"
    for status in ("missing", "complete", "returned"):
        word = STATUS_WORDS[status]
        count = sum(digest.status(unit) == word for unit in digest.units)
        yield f"{word}单位（个）", _live(painted, f'=COUNTIF({{报送状态}},"{word}")', count), "int"


def _scores(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    painted = sheets["得分排名"]
    for header, key in (("自评", "self_score"), ("复核", "verified_score")):
        value = mean([unit[key] for unit in digest.whole if unit[key] is not None])
        formula = f'=IFERROR(AVERAGE({{{header}得分}}),"{NOTHING}")'
        yield f"整体{header}平均（分）", _live(painted, formula, value), "points"
    formula = weighted_formula("{复核得分}", "{全年预算数（万元）}", f'"{NOTHING}"')
    weighted = weighted_mean(digest.whole, "verified_score")
    yield "预算加权复核平均（分）", _live(painted, formula, weighted), "points"
    pending = sum(unit["pending"] for unit in digest.units)
    yield "待定评分项（项）", _live(sheets["提交情况"], "=SUM({待定评分项})", pending), "int"


def _money(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    painted = sheets["资金执行"]
    for header, key in (("全年预算数", "adjusted"), ("全年执行数", "executed")):
        total = sum((unit[key] for unit in digest.units if unit[key] is not None), Decimal(0))
        yield f"{header}（万元）", _live(painted, f"=SUM({{{header}}})", total), "money"
    rate = total_rate(digest.units)
    formula = total_rate_formula("{全年预算数}", "{全年执行数}", f'"{NOTHING}"')
    yield "执行率", _live(painted, formula, None if rate is None else rate / 100), "percent"
    limit = digest.district.low_execution
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    yield f"执行率低于{limit:f}%（个）", _live(painted, f'=COUNTIF({{执行率}},"<{limit / 100:f}")', low), "int"


def _problems(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    files = len(digest.district.files)
    for severity in ("must-fix", "query"):
        word = SEVERITY_WORDS[severity]
        count = _count(digest.findings, severity)
        yield f"{word}问题（项）", _live(sheets["问题清单"], f'=COUNTIF({{程度}},"{word}")', count), "int"
    yield "项目（个）", _live(sheets["项目汇总"], "=ROWS({项目名称})", digest.project_count), "int"
    yield "收到文件（个）", _live(sheets["文件清单"], "=COUNTA({文件})", files), "int"


def _count(rows: Rows, severity: str) -> int:
    return sum(row["severity"] == severity for row in rows)


def _write_figures(book: Book, sheet: Worksheet, shown: Sequence[Figure], row: int) -> int:
    for place, (name, value, kind) in enumerate(shown):
        top, left = row + 2 * (place // 4), 3 * (place % 4)
        edge: dict[str, Any] = {"border": 1, "border_color": look.PAPER, "bg_color": look.BAND, "pattern": 1}
        book.span(sheet, top, (left, left + 2), name, "screen", "note", align="center", font_color=look.GREY, **edge)
        style: dict[str, Any] = {"bold": True, "font_size": 15, "text_wrap": False} | edge
        book.span(sheet, top + 1, (left, left + 2), value, "screen", "note", kind, "center", **style)
        sheet.set_row(top, 18)
        sheet.set_row(top + 1, 27)
    return row + 2 * ((len(shown) + 3) // 4)


def _write_years(book: Book, sheet: Worksheet, digest: Digest, row: int) -> int:
    """Write last year's totals beside this year's, where there is a last year; return the row after."""
    rows, last = compare.totals(digest), digest.district.last_year
    if not rows or last is None:
        return row
    row += 1
    heads = ("与上年比较", f"上年（{last.year}年度）", f"本年（{digest.district.season.year}年度）", "增减")
    for columns, head in zip(_YEARS, heads, strict=True):
        book.span(sheet, row, columns, head, "screen", "header", align="left" if columns[0] == 0 else "right")
        sheet.set_row(row, look.row_height(1))
    for name, before, now, kind in rows:
        row += 1
        sheet.set_row(row, look.row_height(1))
        book.span(sheet, row, _YEARS[0], name, "screen")
        for columns, value in zip(_YEARS[1:3], (before, now), strict=True):
            book.span(sheet, row, columns, NOTHING if value is None else value, "screen", "body", kind, "right")
        _write_change(book, sheet, row, before, now, kind)
    return row + 1


def _write_change(
    book: Book, sheet: Worksheet, row: int, before: Decimal | int | None, now: Decimal | int | None, kind: Kind
) -> None:
    """Write this year less last year, live; of shares in percentage points."""
    share = kind == "percent"
    shown = {"int": "+#,##0;-#,##0;0", "percent": '+0.00"个百分点";-0.00"个百分点";0.00"个百分点"'}
    change: CellValue = NOTHING
    if before is not None and now is not None:
        one, other = (f"{xl_rowcol_to_cell(row, columns[0])}" for columns in (_YEARS[2], _YEARS[1]))
        change = Formula(f"=ROUND(({one}-{other})*{100 if share else 1},6)", round(Decimal(now) - before, 6))
    style: dict[str, Any] = {"num_format": shown.get(kind, "+#,##0.00;-#,##0.00;0.00") + look.NUMBER_PAD}
    book.span(sheet, row, _YEARS[3], change, "screen", "body", "points", "right", **style)


def _place(sheet: Worksheet, drawn: Sequence[Chart], row: int) -> None:
    """Put the charts on the sheet, two a row; the fifth lies beside the list of sheets."""
    for place, chart in enumerate(drawn):
        across = place // 2
        chart.set_size({"width": _PIXELS // 2 - 6, "height": _CHART_ROWS[across] * _ROW_PIXELS - 10})
        top = row + sum(_CHART_ROWS[:across])
        sheet.insert_chart(top, COLUMNS // 2 * (place % 2), chart, {"x_offset": 2, "y_offset": 2})


def _write_contents(book: Book, sheet: Worksheet, sheets: Sheets, row: int, *, beside: bool) -> None:
    first = COLUMNS // 2 if beside else 0
    book.span(sheet, row - 1, (first, COLUMNS - 1), "各表目录（点击打开）", "screen", "header")
    titles = {name: painted.table.title for name, painted in sheets.items()} | {charts.SHEET: charts.TITLE}
    for name, title in titles.items():
        book.span(sheet, row, (first, first + 1), Link.to_sheet(name, name), "screen")
        book.span(sheet, row, (first + 2, COLUMNS - 1), title, "screen", text_wrap=False, shrink=True)
        row += 1
