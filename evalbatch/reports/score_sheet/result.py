"""The first sheet of a score workbook, one page to print and sign: totals, what to correct, parts, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalbatch.model import Finding, Season, UnitResult, YearOfUnit
from evalbatch.reports.finding_sheet import SHEET as FINDING_SHEET
from evalbatch.reports.finding_sheet import cell_link, count_words, place
from evalbatch.reports.score_sheet.form import grade_formula
from evalbatch.reports.score_sheet.parts import (
    SELF,
    VERIFIED,
    Painted,
    column_sum,
    paint_chart,
    paint_dimensions,
    paint_forms,
    paint_years,
    weighted_mean,
)
from evalbatch.reports.score_sheet.places import FormPlaces, difference
from evalbatch.reports.score_sheet.rows import written_grade
from evalbatch.scoring.scheme import Scheme
from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import Align, Kind, Part, Tone
from evalbatch.sheets.table import CellValue, Formula, Link, Toned
from evalbatch.tables.places import money_of_unit, severities

SHEET = "结果"
_WIDTHS = (12,) * 8
_LAST = len(_WIDTHS) - 1
_TOTALS_ROW = 4
_PARTS_ROW = 8
_MOST_LISTED = 6
_FEW_LISTED, _MOST_LINES, _FEW_LINES = 3, 9, 5
"""Up to three corrections are told whole; of more, each gets five lines, so that all stand on the page."""
_MOST_ON_A_PAGE = 12
_MESSAGE_WIDTH = 64
_PLACE_WIDTH = 22
_STATUS_TONES: dict[str, Tone] = {"complete": "good", "returned": "must-fix", "missing": "must-fix"}
_PROJECTS = "各项目得分按全年预算数加权平均"
_SIGNATURES = (
    ("评审人（签字）：", "负责人（签字）："),
    ("单位（盖章）：", "日期：　　　　年　　月　　日"),
)


@dataclass(slots=True)
class ResultSheet:
    """The sheet 结果 in the making: `forms` tell where each form's totals lie, so that totals here are live."""

    book: Book
    sheet: Worksheet
    result: UnitResult
    scheme: Scheme
    season: Season
    forms: Sequence[FormPlaces]
    findings: Sequence[Finding]
    row: int = 0

    def paint(self) -> None:
        """Paint the whole sheet."""
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self._head()
        self.row = _PARTS_ROW
        parts = self._parts()
        self._corrections()
        self._signatures()
        self.sheet.print_area(0, 0, self.row, _LAST)
        # More than this would shrink to what nobody can read; then the sheet takes the pages it needs.
        crowded = len(self.forms) + min(len(self.findings), _MOST_LISTED) > _MOST_ON_A_PAGE
        self.sheet.fit_to_pages(1, 0 if crowded else 1)
        # Last, because totals may rest on the parts below them.
        self.row = _TOTALS_ROW
        self._totals(parts)
        self.sheet.activate()

    def _put(
        self, columns: tuple[int, int], value: CellValue, part: Part = "body", align: Align | None = "center"
    ) -> None:
        self.book.span(self.sheet, self.row, columns, value, "signed", part, align=align)

    def _next(self, lines: int = 1, extra: float = 4) -> None:
        self.sheet.set_row(self.row, look.row_height(lines) + extra)
        self.row += 1

    # ------------------------------------------------------------ who and how it stands

    def _head(self) -> None:
        self._put((0, _LAST), f"{self.season.year}年度预算绩效自评复核结果", "title")
        self._next(1, 16)
        self._put((0, 5), self.season.district, "subtitle", "left")
        self._put((6, _LAST), "单位：分、万元", "measure", "right")
        self._next()
        status = self._status()
        tone = _STATUS_TONES.get(self.result.status, "query")
        self._identity("单位名称", self.result.unit.name, "单位编码", self.result.unit.code)
        self._identity("评价年度", f"{self.season.year}年", "报送状态", Toned(status, tone), status)

    def _identity(self, left: str, first: str, right: str, second: CellValue, words: str = "") -> None:
        self._put((0, 0), left, "label")
        self._put((1, 3), first)
        self._put((4, 4), right, "label")
        self._put((5, _LAST), second)
        self._next(max(look.line_count(first, 36), look.line_count(words, 36)))

    def _status(self) -> str:
        words = look.STATUS_WORDS[self.result.status]
        late = "（逾期）" if self.result.late and self.result.status != "late" else ""
        projects = [f"项目“{project.name}”" for project in self.result.missing_projects]
        forms = [name for name in self.result.missing_forms if name != "project" or not projects]
        missing = "、".join([*(look.FORM_TITLES.get(name, name) for name in forms), *projects])
        return words + late + (f"；缺：{missing}" if missing else "")

    # ------------------------------------------------------------ totals

    def _totals(self, parts: Painted | None) -> None:
        own, verified = self._score("self", SELF, parts), self._score("verified", VERIFIED, parts)
        live = difference(f"D{self.row + 1}", f"B{self.row + 1}", (_number(verified), _number(own)))
        self._cells(
            ("自评得分", own, "points"), ("复核得分", verified, "points"),
            ("差异", live, "points"), ("待定项", self.result.pending, "int"),
        )  # fmt: skip
        total = f"D{self.row}"
        grade = Formula(grade_formula(self.scheme, total), self.scheme.grade_of(_number(verified)) or "")
        self._cells(
            ("自评等级", self._own_grade(), "text"), ("复核等级", grade, "text"),
            ("满分", self.scheme.full_mark, "points"), ("问题数", len(self.findings), "int"),
        )  # fmt: skip
        adjusted, executed = self._money("adjusted", 2, parts), self._money("executed", 3, parts)
        rate = f'=IF(OR(D{self.row + 1}="",D{self.row + 1}=0,F{self.row + 1}=""),"",F{self.row + 1}/D{self.row + 1})'
        self._cells(
            ("年初预算数", self._money("initial", None, parts), "money"), ("全年预算数", adjusted, "money"),
            ("全年执行数", executed, "money"), ("执行率", Formula(rate, _share(executed, adjusted)), "percent"),
        )  # fmt: skip
        source = _PROJECTS if self.result.scored_by == "projects" else look.FORM_TITLES.get(self.result.scored_by or "")
        version = f"（版本{self.scheme.version}）" if self.scheme.version else ""
        words = f"{source or '没有可计分的表格'}；评分方案：{self.scheme.name}{version}"
        self._put((0, 0), "得分来源", "label")
        self._put((1, _LAST), words)
        self._next(look.line_count(words, sum(_WIDTHS[1:])))
        if standing := self._standing():
            self._put((0, 0), "得分说明", "label")
            self._put((1, _LAST), standing)
            self._next(look.line_count(standing, sum(_WIDTHS[1:])))

    def _standing(self) -> str:
        """Say what the verified score rests on: what waits, what people decided, or why there is none."""
        result, said = self.result, []
        if result.scored_by and result.verified_score is None:
            said.append("必填内容空白，补齐以前没有复核得分，不参加排名")
        if result.lowest is not None and result.highest is not None:
            said.append(f"待定{result.pending}项，待定后{result.lowest:f}至{result.highest:f}")
        if result.reviewed and result.checked_score is not None:
            said.append(f"人工核定{result.reviewed}项，核定前复核得分{result.checked_score:f}")
        return "；".join(said)

    def _cells(self, *pairs: tuple[str, CellValue, Kind]) -> None:
        for index, (label, value, kind) in enumerate(pairs):
            self._put((index * 2, index * 2), label, "label")
            self.book.write(self.sheet, self.row, index * 2 + 1, value, "signed", "body", kind, "center", bold=True)
        self._next(1, 8)

    def _form(self) -> FormPlaces | None:
        """Find the form that the unit's scores come from; without scores, the only form where there is just one."""
        named = [form for form in self.forms if form.form.submission.kind == self.result.scored_by]
        if named:
            return next((form for form in named if form.value("verified") == self.result.verified_score), named[0])
        return self.forms[0] if len(self.forms) == 1 else None

    def _score(self, word: str, column: int, parts: Painted | None) -> CellValue:
        """Give a unit's score as a live formula where one gives exactly that score, else as a number."""
        score = self.result.self_score if word == "self" else self.result.verified_score
        form = self._form()
        if score is None or (form is not None and form.value(word) == score):
            return form.live(word) if form is not None and score is not None else None
        if parts is None or self.result.scored_by != "projects":
            return score
        pairs = [(form.value("adjusted"), form.value(word)) for form in self._projects()]
        return weighted_mean(parts, column, score, pairs)

    def _projects(self) -> list[FormPlaces]:
        return [form for form in self.forms if form.form.submission.kind == "project"]

    def _money(self, word: str, column: int | None, parts: Painted | None) -> CellValue:
        """Give the unit's amount: its own form's, else the sum of its projects'."""
        form = self._form()
        if form is not None:
            return form.live(word)
        values = [form.value(word) for form in self._projects()]
        if column is not None and parts is not None:
            return column_sum(parts, column, values)
        numbers = [value for value in values if isinstance(value, Decimal)]
        return sum(numbers, Decimal(0)) if numbers else None

    def _own_grade(self) -> str:
        form = self._form()
        return written_grade(form.form) if form is not None else self.result.self_grade or ""

    # ------------------------------------------------------------ below the totals

    def _parts(self) -> Painted | None:
        """Paint the dimensions of the form that counts, and the forms side by side where there are several.

        Return where the projects lie, when the unit's score is their mean.
        """
        form = self._form()
        chart: Painted | None = None
        if form is not None and form.dimensions:
            self._next()
            chart = paint_dimensions(self.book, self.sheet, self.row, form)
            self.row = chart.next_row
        projects = None
        counted = self._projects() if self.result.scored_by == "projects" else list(self.forms)
        if len(self.forms) > 1 and counted:
            self._next()
            projects = paint_forms(self.book, self.sheet, self.row, counted)
            self.row = projects.next_row
        if bars := chart or projects:
            self._next()
            title = "各分项自评得分与复核得分（分）" if chart else "各表自评得分与复核得分（分）"
            self.row = paint_chart(self.book, self.sheet, self.row, title, bars)
        self._years()
        return projects

    def _years(self) -> None:
        """Paint the unit's years, where there are earlier ones."""
        result, top = self.result, _TOTALS_ROW + 1
        if not result.earlier:
            return
        must_fix = severities(result.findings)["must-fix"]
        now = YearOfUnit(
            self.season.year, result.verified_score, result.verified_grade, money_of_unit(result).rate, must_fix
        )
        self._next()
        cells = {"score": f"D{top}", "grade": f"D{top + 1}"}
        self.row = paint_years(self.book, self.sheet, self.row, (*result.earlier, now), cells)

    def _corrections(self) -> None:
        self._next()
        words = f"发现的问题：{count_words(self.findings)}"
        self._put((0, 5), words, "closing", "left")
        self._put((6, _LAST), Link.to_sheet("查看问题清单", FINDING_SHEET), "closing", "right")
        self._next()
        corrections = [finding for finding in self.findings if finding.severity == "must-fix"]
        for number, finding in enumerate(corrections[:_MOST_LISTED], 1):
            self._put((0, 0), f"{number}. {finding.code}")
            where = place(finding)
            if look.text_width(where) > _PLACE_WIDTH and finding.cell:
                where = finding.cell
            self._put((1, 2), cell_link(finding, self.result, where))
            most = _MOST_LINES if len(corrections) <= _FEW_LISTED else _FEW_LINES
            text = look.fit_text(f"{finding.message}\n{finding.remedy}".strip(), _MESSAGE_WIDTH, most)
            self._put((3, _LAST), text, align="left")
            self._next(max(look.line_count(text, _MESSAGE_WIDTH), look.line_count(where, sum(_WIDTHS[1:3]))))
        if len(corrections) > _MOST_LISTED:
            self._put((0, _LAST), f"另有 {len(corrections) - _MOST_LISTED} 项必须更正，见问题清单。", "note", "left")
            self._next()

    def _signatures(self) -> None:
        for left, right in _SIGNATURES:
            self._next()
            self._put((0, 3), left, "closing", "left")
            self._put((4, _LAST), right, "closing", "left")
            self.sheet.set_row(self.row, 30)
            self.row += 1
        self.row -= 1


def _number(value: CellValue) -> Decimal | None:
    bare = value.value if isinstance(value, Formula) else value
    return bare if isinstance(bare, Decimal) else None


def _share(part: CellValue, whole: CellValue) -> Decimal | str:
    executed, adjusted = _number(part), _number(whole)
    return executed / adjusted if executed is not None and adjusted else ""
