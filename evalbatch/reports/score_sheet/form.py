"""One evaluated form in, its sheet in the score workbook out: lines, live totals, money, and where they lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalbatch.model import Evaluated, Unit
from evalbatch.reports.score_sheet.money import paint_fields, paint_money
from evalbatch.reports.score_sheet.places import (
    ACTUAL,
    BECAUSE,
    BEFORE_REVIEW,
    DIFFERENCE,
    HEADERS,
    JUDGED,
    KINDS,
    LEVEL1,
    LEVEL2,
    NAME,
    PLACES,
    REVIEWED,
    REVIEWER,
    SELF,
    TARGET,
    VERIFIED,
    WEIGHT,
    WIDTHS,
    WITHOUT_TARGETS,
    Dimension,
    FormPlaces,
    counted,
    difference,
)
from evalbatch.reports.score_sheet.rows import Row, has_targets, range_words, rows_of, runs_of, written_grade
from evalbatch.scoring.scheme import Scheme
from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.look import Align, Kind, Part
from evalbatch.sheets.table import CellValue, Formula, Toned, shown_text
from evalbatch.text.names import path_for

_HEADER_ROW = 2


def grade_formula(scheme: Scheme, cell: str) -> str:
    """Write the scheme's grade bands as nested IFs over a cell that holds a total.

    The bands are half-open: 优 is from its lowest total on. The cell must hold a rounded number, or a sum of
    binary fractions just below 90 would be 良.
    """
    nested = '""'
    for grade in reversed(scheme.grades):
        nested = f'IF({cell}>={grade.lowest:f},"{grade.name.replace(chr(34), chr(34) * 2)}",{nested})'
    return f'=IF({cell}="","",{nested})'


def paint_form(book: Book, name: str, title: str, form: Evaluated, scheme: Scheme, unit: Unit) -> FormPlaces:
    """Put one form of a unit on a sheet of its own; return where its totals lie."""
    sheet = book.sheet(name, "signed", landscape=True)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    return _FormSheet(book, sheet, form, scheme, FormPlaces(name, form), unit).paint(title)


@dataclass(slots=True)
class _FormSheet:
    book: Book
    sheet: Worksheet
    form: Evaluated
    scheme: Scheme
    places: FormPlaces
    unit: Unit
    row: int = 0

    def paint(self, title: str) -> FormPlaces:
        self._head(title)
        rows = rows_of(self.form, self.scheme)
        if rows:
            self._lines(rows)
            if self.form.card.scored:
                self._totals(rows)
        for note in filter(None, (self.form.card.note, range_words(self.form.card))):
            self._note(note)
        row = self.row + (self.row > _HEADER_ROW)
        row = paint_money(self.book, self.sheet, row, self.places)
        paint_fields(self.book, self.sheet, row, self.form)
        return self.places

    def _put(self, column: int, value: CellValue) -> None:
        centred: Align | None = "center" if column in (LEVEL1, LEVEL2, JUDGED, PLACES) else None
        self.book.write(self.sheet, self.row, column, value, "signed", kind=KINDS[column], align=centred)

    def _span(self, columns: tuple[int, int], value: CellValue, part: Part = "body", kind: Kind = "text") -> None:
        self.book.span(self.sheet, self.row, columns, value, "signed", part, kind)

    def _next(self, lines: int = 1) -> None:
        self.sheet.set_row(self.row, look.row_height(lines))
        self.row += 1

    def _head(self, title: str) -> None:
        self._span((0, len(HEADERS) - 1), title, "title")
        self.sheet.set_row(0, look.title_height(title, sum(WIDTHS)))
        self.row = 1
        source = f"来源：{path_for(self.form.source.path, self.unit)}　工作表：{self.form.submission.sheet}"
        self.book.write(self.sheet, 1, 0, look.fit_text(source, 150, 1), "signed", "subtitle", align="left")
        self.book.write(self.sheet, 1, len(HEADERS) - 1, "单位：分、万元", "signed", "measure")
        self.row = _HEADER_ROW

    def _lines(self, rows: Sequence[Row]) -> None:
        headers = HEADERS if has_targets(self.form) else (*HEADERS[:TARGET], *WITHOUT_TARGETS, *HEADERS[JUDGED:])
        for column, header in enumerate(headers):
            if column == VERIFIED and self.places.reviewed:
                header = BEFORE_REVIEW
            self.book.write(self.sheet, self.row, column, header, "signed", "header", align="center")
        self._next(max(look.line_count(BEFORE_REVIEW, WIDTHS[VERIFIED]) if self.places.reviewed else 1, 1))
        self.sheet.freeze_panes(self.row, NAME + 1)
        self.sheet.repeat_rows(_HEADER_ROW)
        first = self.row
        for row, before in zip(rows, (None, *rows), strict=False):
            self._line(row, before)
        self._find_dimensions(rows, first)

    def _line(self, row: Row, before: Row | None) -> None:
        number = self.row + 1
        counts = "I" if row.reviewed is None else "J"
        live = difference(f"{counts}{number}", f"H{number}", (row.verified, row.self_score))
        because = look.fit_text(row.because, WIDTHS[BECAUSE])
        values: tuple[CellValue, ...] = (
            *_levels(row, before), row.name,
            look.fit_text(row.target, WIDTHS[TARGET]), look.fit_text(row.actual, WIDTHS[ACTUAL]),
            row.judged, row.weight, row.self_score, _input(row), row.reviewed, live,
            look.fit_text(row.reviewer, WIDTHS[REVIEWER]), because, row.places,
        )  # fmt: skip
        for column, value in enumerate(values):
            self._put(column, value)
        if row.weight is not None and row.weight > 0:
            self._guard_score(row.weight)
        lines = max(look.line_count(shown_text(value, KINDS[c]), WIDTHS[c]) for c, value in enumerate(values))
        self._next(lines)

    def _guard_score(self, weight: Decimal) -> None:
        """Warn a reviewer whose score is outside the weight; a warning only, because deductions exist."""
        rule = {
            "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(weight),
            "error_type": "warning", "error_title": "复核得分",
            "error_message": f"本项分值为 {weight} 分，复核得分一般在 0 至 {weight} 之间。",
        }  # fmt: skip
        self.sheet.data_validation(self.row, VERIFIED, self.row, VERIFIED, rule)

    def _find_dimensions(self, rows: Sequence[Row], first: int) -> None:
        runs: dict[str, list[tuple[int, int]]] = {}
        for top, bottom in runs_of([row.level1 for row in rows]):
            runs.setdefault(rows[top].level1, []).append((top, bottom))
        for title, places in runs.items():
            inside = [row for top, bottom in places for row in rows[top : bottom + 1]]
            if any(row.weight is not None or row.verified is not None for row in inside):
                self.places.dimensions.append(
                    Dimension(
                        title or "其他",
                        _sum(row.weight for row in inside),
                        _sum(row.self_score for row in inside),
                        _sum(row.verified for row in inside),
                        tuple((first + top + 1, first + bottom + 1) for top, bottom in places),
                    )
                )

    def _totals(self, rows: Sequence[Row]) -> None:
        """Add up; where the scheme caps or rescales, or the unit wrote another total, say so on rows of their own."""
        card, last = self.form.card, self.row
        weight, own, verified = (
            _sum(row.weight for row in rows),
            _sum(row.self_score for row in rows),
            _sum(row.verified for row in rows),
        )
        top = last - len(rows) + 1
        column, letter = self._counting
        sums: dict[int, CellValue] = {
            WEIGHT: Formula(f"=ROUND(SUM(G{top}:G{last}),4)", weight),
            SELF: Formula(f"=ROUND(SUM(H{top}:H{last}),4)", own),
            VERIFIED: Formula(f"=ROUND(SUM(I{top}:I{last}),4)", _sum(row.checked for row in rows)),
            DIFFERENCE: difference(f"{letter}{last + 1}", f"H{last + 1}", (verified, own)),
        }
        if self.places.reviewed:
            sums[REVIEWED] = Formula(f"=ROUND({counted(top, last)},4)", verified)
        self._total_row("合计", sums)
        total = card.verified_total
        if total is None:
            self._without_total()
            return
        if total != verified:
            adjustment = total - verified
            words = card.note or "总分按方案折算或封顶后的增减。"
            self._total_row("方案调整", {column: Toned(adjustment, "strong"), BECAUSE: words})
            self._final_row(card.self_total, Formula(f"=ROUND({letter}{last + 1}+{letter}{last + 2},4)", total))
        elif card.self_total is not None and card.self_total != own:
            self._final_row(
                card.self_total, Formula(f"={letter}{last + 1}", total), "自评栏为填报的总分，与各项之和不同。"
            )
        else:
            self.places.keep("self", f"H{self.row}", own if card.self_total is not None else None)
            self.places.keep("verified", f"{letter}{self.row}", total)
        self._grade_row(total)

    @property
    def _counting(self) -> tuple[int, str]:
        """The column whose total is the verified score that counts, and its letter: 人工核定 where people decided."""
        return (REVIEWED, "J") if self.places.reviewed else (VERIFIED, "I")

    def _without_total(self) -> None:
        """Give no verified total to a form that is not filled in: the sum of its lines is no score."""
        self._total_row("总分", {SELF: self.form.card.self_total, BECAUSE: self.form.card.note})
        self.places.keep("self", f"H{self.row}", self.form.card.self_total)
        self._total_row("等级", {SELF: written_grade(self.form)})

    def _final_row(self, own: Decimal | None, verified: Formula, words: str = "") -> None:
        number, (column, letter) = self.row + 1, self._counting
        assert isinstance(verified.value, Decimal)
        live = difference(f"{letter}{number}", f"H{number}", (verified.value, own))
        self._total_row("总分", {SELF: own, column: verified, DIFFERENCE: live, BECAUSE: words})
        self.places.keep("self", f"H{self.row}", own)
        self.places.keep("verified", f"{letter}{self.row}", verified.value)

    def _grade_row(self, total: Decimal) -> None:
        grade, (column, letter) = self.scheme.grade_of(total) or "", self._counting
        live = Formula(grade_formula(self.scheme, f"{letter}{self.row}"), grade)
        self._total_row("等级", {SELF: written_grade(self.form), column: live})
        self.places.keep("grade", f"{letter}{self.row}", grade)

    def _total_row(self, label: str, values: dict[int, CellValue]) -> None:
        self._span((LEVEL1, JUDGED), label, "total")
        for column in range(WEIGHT, len(HEADERS)):
            value = values.get(column)
            centred: Align | None = "center" if label == "等级" else None
            self.book.write(self.sheet, self.row, column, value, "signed", "total", KINDS[column], centred)
        self._next(look.line_count(shown_text(values.get(BECAUSE), "text"), WIDTHS[BECAUSE]))

    def _note(self, note: str) -> None:
        self._span((0, len(HEADERS) - 1), f"说明：{note}", "note")
        self._next(look.line_count(note, sum(WIDTHS)))


def _levels(row: Row, before: Row | None) -> tuple[CellValue, CellValue]:
    """Name a row's groups; those of the row before in grey: merged cells would be torn where a page ends."""
    if before is None or row.level1 != before.level1:
        return row.level1, row.level2
    same = row.level2 == before.level2
    return Toned(row.level1, "muted"), Toned(row.level2, "muted") if same else row.level2


def _input(row: Row) -> CellValue:
    """Tint the cell that a reviewer may type into; a line without points has none, nor one that people decided."""
    without = row.weight is None and row.checked is None
    return row.checked if without or row.reviewed is not None else Toned(row.checked, "input")


def _sum(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((number for number in numbers if number is not None), Decimal(0))
