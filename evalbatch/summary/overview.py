"""The first sheet, for the leader: what this is, the key figures, five charts, and the way to every sheet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from evalbatch.summary import charts, compare, proposals
from evalbatch.summary.charts import Drawn
from evalbatch.summary.digest import EXEMPT, Digest, Rows, two_decimals
from evalbatch.summary.figures import mean, weighted_mean
from evalbatch.summary.grid import OVERVIEW
from evalbatch.summary.money import left_out, total_rate, total_rate_formula
from evalbatch.summary.problems import problem_order
from evalbatch.summary.ranking import weighted_formula
from evalbatch.summary.standing import NO_UNIT, is_stray, submission_order

Sheets = dict[str, Painted]
COLUMNS, WIDTH = 12, 8.0
_YEARS = ((0, 4), (5, 6), (7, 8), (9, 11))
"""The columns of a figure's name, last year, this year, and the change."""
MOST_NAMES = 10
"""All names are told up to so many; of more, the first half."""
TOP = -1
"""The row that stands for a sheet as a whole; the others count from 0."""
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


def fill_in(book: Book, sheet: Worksheet, digest: Digest, sheets: Sheets, charts_made: Sequence[Drawn]) -> None:
    """Write the overview."""
    season = digest.district.season
    book.write(sheet, 0, 0, f"{season.district}{season.year}年度预算绩效自评汇总", "screen", "title")
    sheet.set_row(0, 30)
    row = 1
    for line in _purpose(digest):
        book.span(sheet, row, (0, COLUMNS - 1), line, "screen", "subtitle")
        row += 1
    for said in conclusions(digest):
        topic = _link(said.topic, sheets.get(said.sheet), said.row)
        book.write(sheet, row, 0, topic, "screen", "note", bold=True, valign="vcenter", font_color=look.ACCENT)
        book.span(sheet, row, (1, COLUMNS - 1), said.text, "screen", "note", valign="vcenter")
        sheet.set_row(row, look.row_height(look.line_count(said.text, WIDTH * (COLUMNS - 1))))
        row += 1
    row = _write_figures(book, sheet, figures(digest, sheets), sheets, row + 1)
    row = _write_years(book, sheet, digest, row)
    drawn = [one.chart for one in charts_made if not one.bars.under]
    _place(sheet, drawn, row + 1)
    taken = sum(_CHART_ROWS[: min(2, (len(drawn) + 1) // 2)])
    _write_contents(book, sheet, sheets, row + 2 + taken, beside=len(drawn) > 4, charts_drawn=bool(charts_made))


def _link(text: str, painted: Painted | None, row: int) -> CellValue:
    """Text that leads to a row of a sheet, or to its top; plain where the sheet has no rows."""
    if painted is None or not painted.table.rows:
        return text
    first = painted.table.columns[0].title
    return Link.to_sheet(text, painted.table.name, painted.cell(row, first) if row >= 0 else "A1")


def _purpose(digest: Digest) -> Iterator[str]:
    files, scheme = len(digest.district.files), digest.district.scheme_name
    yield f"供财政局领导和经办人员阅用。根据截至{digest.day}收到的{files}个文件生成，按“{scheme}”复核。"
    yield "点各行前面的词和各数的名称，可到所说的清单。"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the page: its topic, what it says, and the sheet that lists it, from which row on."""

    topic: str
    text: str
    sheet: str = ""
    row: int = TOP


def conclusions(digest: Digest) -> Iterator[Said]:
    """What the figures say, one line each: who sent what and who did not, scores, money, projects, problems."""
    count = Counter(map(digest.status, digest.units))
    sent = len(digest.owing) - count[STATUS_WORDS["missing"]]
    freely = sum(count[word] for word in STATUS_WORDS.values()) - len(digest.owing)
    yield Said(
        "报送",
        f"应报{len(digest.owing)}个单位，已报送{sent}个，报送率{_share(sent, len(digest.owing))}；"
        + "，".join(f"{word}{count[word]}个" for word in STATUS_WORDS.values() if count[word])
        + (f"（含免报而报送了材料的{freely}个）" if freely else "")
        + "。",
        "提交情况",
    )
    yield from who(digest)
    yield from _on_scores(digest)
    yield from _on_money(digest)
    yield from _on_projects(digest)
    yield from _on_indicators(digest)
    for said in proposals.summed_up(digest):
        yield Said("结果应用", said, proposals.SHEET)
    yield _on_problems(digest)


def who(digest: Digest) -> Iterator[Said]:
    """Name the units that owe something, and the files that nobody could attribute; late ones also among the others."""
    rows = submission_order(digest)
    for status in ("missing", "returned", "incomplete"):
        word = STATUS_WORDS[status]
        units = [(row, unit) for row, unit in enumerate(rows) if digest.status(unit) == word]
        if units:
            named = _some([_named(digest, unit) for _, unit in units])
            yield Said(word, f"{len(units)}个：{named}。", "提交情况", units[0][0])
    late = [(row, unit) for row, unit in enumerate(rows) if unit["late"]]
    if late:
        also = sum(unit["status"] != "late" for _, unit in late)
        more = f"其中{also}个还有必须更正的问题或没有报齐，也列在上面；" if also else ""
        named = _some([unit["unit_name"] for _, unit in late])
        yield Said("逾期", f"{len(late)}个：{more}{named}。", "提交情况", late[0][0])
    strays = [(row, file) for row, file in enumerate(digest.files) if file["unit_name"] is None and is_stray(file)]
    if strays:
        named = _some([file["path"] for _, file in strays])
        yield Said("归属未定", f"{len(strays)}个文件：{named}。", "文件清单", strays[0][0])


def _named(digest: Digest, unit: dict[str, Any]) -> str:
    projects = unit["result"].missing_projects
    missing = "、".join(
        filter(None, (digest.forms(unit["result"].missing_forms), f"项目{len(projects)}个" if projects else ""))
    )
    return (
        f"{unit['unit_name']}（缺{missing}）" if unit["status"] == "incomplete" and missing else str(unit["unit_name"])
    )


def _some(names: Sequence[str]) -> str:
    """All names where they are few, the first where they are many."""
    if len(names) <= MOST_NAMES:
        return "、".join(names)
    return f"{'、'.join(names[: MOST_NAMES // 2])}等{len(names)}个"


def _share(part: int, whole: int) -> str:
    return f"{two_decimals(Decimal(100 * part) / whole)}%" if whole else NOTHING


def _on_scores(digest: Digest) -> Iterator[Said]:
    for rows, name, sheet in (
        (digest.whole, "部门整体得分", "得分排名"),
        (digest.by_projects, "只报项目的单位得分", "项目单位得分"),
    ):
        own = mean([unit["self_score"] for unit in rows if unit["self_score"] is not None])
        verified = mean([unit["verified_score"] for unit in rows])
        if verified is not None:
            before = f"自评平均{two_decimals(own)}分，" if own is not None else ""
            grades = [grade for grade, _ in digest.district.grades]
            counts = "，".join(f"{g}{sum(unit['verified_grade'] == g for unit in rows)}个" for g in grades)
            still_open = sum(proposals.settled(digest.district, unit) is None for unit in rows if unit["pending"])
            may_change = f"，其中{still_open}个在待定项核定后等级还可能变" if still_open else ""
            text = f"{name}{len(rows)}个：{before}复核平均{two_decimals(verified)}分；复核等级{counts}{may_change}。"
            yield Said("得分", text, sheet)
    lower = [unit for unit in digest.compared if unit["difference"] < 0]
    if lower:
        named = _some(
            [
                f"{unit['unit_name']}（{two_decimals(unit['self_score'])}→{two_decimals(unit['verified_score'])}）"
                for unit in lower
            ]
        )
        yield Said("得分差异", f"复核得分低于自评的{len(lower)}个：{named}。", "自评与复核差异")


def _on_money(digest: Digest) -> Iterator[Said]:
    """Say how much, of how many units it is the sum, and which are left out and why."""
    both = [unit for unit in digest.units if unit["adjusted"] is not None and unit["executed"] is not None]
    rate = total_rate(digest.units)
    if rate is not None:
        low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
        adjusted, executed = (sum((unit[key] for unit in both), Decimal(0)) for key in ("adjusted", "executed"))
        yield Said(
            "资金",
            f"{len(both)}个单位全年预算数合计{adjusted:,.2f}万元，全年执行数合计{executed:,.2f}万元，"
            f"执行率{two_decimals(rate)}%；执行率低于{digest.district.low_execution:f}%的单位{low}个。",
            "资金执行",
        )
    reasons = [(row, unit, left_out(digest, unit)) for row, unit in enumerate(digest.with_money)]
    left = [(row, unit, reason) for row, unit, reason in reasons if reason and reason != EXEMPT]
    if left:
        by_reason: dict[str, list[str]] = {}
        for _, unit, reason in left:
            by_reason.setdefault(reason, []).append(unit["unit_name"])
        named = "；".join(f"{reason}{len(names)}个：{_some(names)}" for reason, names in by_reason.items())
        yield Said("未计金额", f"{len(left)}个单位没有计入合计。{named}。", "资金执行", left[0][0])


def _on_projects(digest: Digest) -> Iterator[Said]:
    """How many projects came, of how many that are due, and the money they cover."""
    due, projects = digest.due_count, digest.projects
    if not due and not projects:
        return
    known = [row["adjusted"] for row in projects if row["adjusted"] is not None]
    said = f"收到{len(projects)}个项目，全年预算数合计{sum(known, Decimal(0)):,.2f}万元"
    if len(known) < len(projects):
        said += f"（{len(known)}个项目之和，{len(projects) - len(known)}个没有金额）"
    if due:
        covered = due - (len(digest.projects_due) - len(projects))
        said += f"；应报的{due}个项目中已自评{covered}个，自评覆盖率{_share(covered, due)}"
    yield Said("项目", said + "。", "项目汇总")


def _on_indicators(digest: Digest) -> Iterator[Said]:
    """How many indicators with a target were met, missed or can't be told, and which type was missed most."""
    rows = digest.types
    if not rows:
        return
    count = {word: sum(row[word] for row in rows) for word in ("all", "met", "exceeded", "not-met")}
    done = count["met"] + count["exceeded"]
    told = f"有年度指标值的{count['all']}项：完成{done}项，未完成{count['not-met']}项"
    if unsure := count["all"] - done - count["not-met"]:
        told += f"，缺完成情况或需人工判断的{unsure}项"
    if rows[0]["not-met"]:
        told += f"；未完成最多的是{rows[0]['level2']}，{rows[0]['not-met']}项"
    yield Said("指标", told + "。", "指标完成情况")


def _on_problems(digest: Digest) -> Said:
    if not digest.findings:
        return Said("问题", "没有发现问题。")
    said = "，".join(f"{word}{_count(digest.findings, key)}项" for key, word in SEVERITY_WORDS.items())
    most = next((kind for kind in digest.kinds if kind["severity"] == "must-fix" and kind["units"] > 1), None)
    spread = f"。必须更正的问题中涉及单位最多的是“{most['title']}”，{most['units']}个单位" if most else ""
    return Said("问题", f"{said}{spread}。", "问题清单")


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its name, its value, how that is written, and the sheet and row that list what it counts."""

    name: str
    value: CellValue
    kind: Kind
    sheet: str
    row: int = TOP


def figures(digest: Digest, sheets: Sheets) -> list[Figure]:
    """The key figures, four a row: each a live formula over one of the sheets."""
    return [*_standing(digest, sheets), *_scores(digest, sheets), *_money(digest, sheets), *_problems(digest, sheets)]


def _live(painted: Painted | None, formula: str, value: Decimal | int | None) -> CellValue:
    """A formula over a sheet, its columns named in braces; without the sheet or its rows there is nothing to count."""
    result: Decimal | int | str = NOTHING if value is None else value
    if painted is None or not painted.table.rows:
        return result
    titles = {column.title: painted.reference(column.title)[1:] for column in painted.table.columns}
    for title, where in titles.items():
        formula = formula.replace(f"{{{title}}}", where)
    return Formula(formula, result)


def _standing(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    sheet, painted, rows = "提交情况", sheets.get("提交情况"), submission_order(digest)
    owing = _live(painted, '=COUNTIF({应报表格},"<>免报")', len(digest.owing))
    yield Figure("应报单位（个）", owing, "int", sheet)
    for status in ("complete", "missing", "returned", "incomplete"):
        word = STATUS_WORDS[status]
        found = [row for row, unit in enumerate(rows) if digest.status(unit) == word]
        count = _live(painted, f'=COUNTIF({{报送状态}},"{word}")', len(found))
        yield Figure(f"{word}单位（个）", count, "int", sheet, found[0] if found else TOP)
    late = [row for row, unit in enumerate(rows) if unit["late"]]
    count = _live(painted, '=COUNTIF({是否逾期},"逾期")', len(late))
    yield Figure("逾期单位，含退回的（个）", count, "int", sheet, late[0] if late else TOP)
    strays = [row for row, file in enumerate(digest.files) if file["unit_name"] is None and is_stray(file)]
    listed = sheets.get("文件清单")
    count = _live(listed, f'=COUNTIF({{单位}},"{NO_UNIT}")', len(strays))
    yield Figure("归属未定的文件（个）", count, "int", "文件清单", strays[0] if strays else TOP)
    yield Figure("收到文件（个）", _live(listed, "=COUNTA({文件})", len(digest.district.files)), "int", "文件清单")


def _scores(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    sheet, painted = "得分排名", sheets.get("得分排名")
    for header, key in (("自评", "self_score"), ("复核", "verified_score")):
        value = mean([unit[key] for unit in digest.whole if unit[key] is not None])
        formula = f'=IFERROR(AVERAGE({{{header}得分}}),"{NOTHING}")'
        yield Figure(f"整体{header}平均（分）", _live(painted, formula, value), "points", sheet)
    formula = weighted_formula("{复核得分}", "{全年预算数（万元）}", f'"{NOTHING}"')
    weighted = weighted_mean((unit["verified_score"], unit["adjusted"]) for unit in digest.whole)
    yield Figure("预算加权复核平均（分）", _live(painted, formula, weighted), "points", sheet)
    waiting = [row for row, unit in enumerate(submission_order(digest)) if unit["pending"]]
    pending = _live(sheets.get("提交情况"), "=SUM({待定项})", sum(unit["pending"] for unit in digest.units))
    yield Figure("待定项（项）", pending, "int", "提交情况", waiting[0] if waiting else TOP)


def _money(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    sheet, painted = "资金执行", sheets.get("资金执行")
    for header, key in (("全年预算数", "adjusted"), ("全年执行数", "executed")):
        known = [unit[key] for unit in digest.units if unit[key] is not None]
        total = _live(painted, f"=SUM({{{header}}})", sum(known, Decimal(0)))
        yield Figure(f"{header}（万元，{len(known)}个单位）", total, "money", sheet)
    rate = total_rate(digest.units)
    formula = total_rate_formula("{全年预算数}", "{全年执行数}", f'"{NOTHING}"')
    yield Figure("执行率", _live(painted, formula, None if rate is None else rate / 100), "percent", sheet)
    limit = digest.district.low_execution
    low = sum(digest.is_low(unit["rate"]) for unit in digest.units)
    counted = _live(painted, f'=COUNTIF({{执行率}},"<{limit / 100:f}")', low)
    yield Figure(f"执行率低于{limit:f}%（个）", counted, "int", sheet)


_COUNT_OF_PROJECTS = ("=ROWS({项目名称})", '=COUNTIF({报送},"已报送*")')
"""Of the rows of 项目汇总, those of projects that came."""


def _problems(digest: Digest, sheets: Sheets) -> Iterator[Figure]:
    order = [row["severity"] for row in problem_order(digest)]
    for severity, word in SEVERITY_WORDS.items():
        count = _live(sheets.get("问题清单"), f'=COUNTIF({{级别}},"{word}")', order.count(severity))
        first = order.index(severity) if severity in order else TOP
        yield Figure(f"{word}的问题（项）", count, "int", "问题清单", first)
    counting = _COUNT_OF_PROJECTS[bool(digest.due_count)]
    yield Figure("项目（个）", _live(sheets.get("项目汇总"), counting, digest.project_count), "int", "项目汇总")


def _count(rows: Rows, severity: str) -> int:
    return sum(row["severity"] == severity for row in rows)


def _write_figures(book: Book, sheet: Worksheet, shown: Sequence[Figure], sheets: Sheets, row: int) -> int:
    for place, figure in enumerate(shown):
        top, left = row + 2 * (place // 4), 3 * (place % 4)
        edge: dict[str, Any] = {"border": 1, "border_color": look.PAPER, "bg_color": look.BAND, "pattern": 1}
        name = _link(figure.name, sheets.get(figure.sheet), figure.row)
        book.span(sheet, top, (left, left + 2), name, "screen", "note", align="center", font_color=look.GREY, **edge)
        style: dict[str, Any] = {"bold": True, "font_size": 15, "text_wrap": False} | edge
        book.span(sheet, top + 1, (left, left + 2), figure.value, "screen", "note", figure.kind, "center", **style)
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


def _write_contents(
    book: Book, sheet: Worksheet, sheets: Sheets, row: int, *, beside: bool, charts_drawn: bool
) -> None:
    """List the sheets with links: beside the fifth chart, else over the whole width, two a row."""
    titles = {name: painted.table.title for name, painted in sheets.items()}
    listed = list((titles | ({charts.SHEET: charts.TITLE} if charts_drawn else {})).items())
    half = COLUMNS // 2
    book.span(sheet, row - 1, (half if beside else 0, COLUMNS - 1), "各表目录（点击打开）", "screen", "header")
    deep = len(listed) if beside else (len(listed) + 1) // 2
    for place, (name, title) in enumerate(listed):
        first, at = half if beside else half * (place // deep), row + place % deep
        book.span(sheet, at, (first, first + 1), Link.to_sheet(name, name), "screen")
        book.span(sheet, at, (first + 2, first + half - 1), title, "screen", text_wrap=False, shrink=True)
