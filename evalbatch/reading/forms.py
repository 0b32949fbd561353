"""One table of a sheet in, one Submission out: the parts read and put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evalbatch.model import BudgetLine, Cell, Entry, Finding, Indicator, Submission
from evalbatch.reading import flaws
from evalbatch.reading.adopted import BUILT_IN
from evalbatch.reading.continuing import above, goes_on, is_open, is_rest
from evalbatch.reading.data_form import DataReader
from evalbatch.reading.goals import Goals, read_goals
from evalbatch.reading.header import Header
from evalbatch.reading.indicators import IndicatorReader, with_heads, without_groups
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.management import Management, read_management
from evalbatch.reading.money import money_measure, read_money, with_total
from evalbatch.reading.money_across import read_across, read_tasks
from evalbatch.reading.numbers import points_of
from evalbatch.reading.outline import Table
from evalbatch.reading.own_fields import read_columns, read_fields
from evalbatch.reading.pairs import pairs_in
from evalbatch.reading.particulars import Particulars
from evalbatch.reading.settling import settle_doubles, split_name, take_from_above
from evalbatch.reading.texts import common_reason
from evalbatch.reading.totals import Total
from evalbatch.text.ticks import chosen

HEAD_CELLS = (
    "unit.name",
    "unit.code",
    "project.name",
    "project.department",
    "prepared_by",
    "phone",
    "filled_on",
    "grade",
    "version",
    "total_score",
)


LONGEST_SECTION = 20
"""What heads a section of a data form, 一、人员情况, is short."""
RIVALRY = ("unit.name", "unit.code", "project.name", "grade")
"""Fields of which two different contents are said, and neither is taken."""


GRADE_ASIDE = re.compile(r"(?<!\s)\s*+[（(][^（）()]*+[）)]\s*+$")
"""What a grade means, printed behind it: 优（90分以上）."""


@dataclass
class FormReader:
    """Reads one table; `findings` holds what was doubtful on the way.

    A table that names no form is read as the rest of `before`, the last form on the sheet before, if that is open.
    """

    table: Table
    lexicon: Lexicon
    before: Submission | None = None
    budget: list[BudgetLine] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    total: Total = field(default_factory=Total)
    taken: set[int] = field(default_factory=set)
    fields: list[Entry] = field(default_factory=list)
    management: Management = field(default_factory=Management)
    findings: list[Finding] = field(default_factory=list)
    reason: Cell | None = None

    def read(self) -> Submission | None:
        """Read everything; None where the table is no known form."""
        form = self.form()
        if form is not None:
            return self._read(form)
        if self.before is None or not is_open(self.before) or not is_rest(self.table, self.lexicon):
            return None
        known = set(self.table.sheet.known)
        rest = self._read(self.before.form)
        if goes_on(self.before, rest):
            self.table.sheet.know(*above(self.table))
            return rest
        self.table.sheet.known = known
        return None

    def _read(self, form: str) -> Submission:
        sheet = self.table.sheet
        self.table.titles = self.table.titles or self._other_titles()
        sheet.know(*self.table.titles)
        self.particulars = Particulars(sheet, self.lexicon)
        self._read_measure()
        if not self._is_data(form):
            if own := self.lexicon.adopted.get(form):
                self.fields = read_fields(sheet, self._rows(), own)
            for header in self.table.money:
                self._read_money(header)
            self._read_management()
            self._read_indicators(form)
            self._read_money_across()
        free = [row for row in self._rows() if row not in self.taken]
        self.goals = Goals() if self._is_data(form) else read_goals(sheet, free, self.lexicon)
        end = max((header.bottom for header in (*self.table.indicators, *self.table.money)), default=self.table.last)
        free = [row for row in free if row not in self.goals.rows]
        if self._is_data(form):
            self._read_data(free)
        else:
            self.reason = common_reason(sheet, [row for row in free if row > end], self.lexicon)
            for row in free:
                self.particulars.read_row(row, tail=row > end)
        submission = self._submission(form)
        self._doubt(submission)
        return submission

    def _is_data(self, form: str) -> bool:
        own = form not in BUILT_IN
        return self._kind(form) == "data" or (own and not self.table.money and not self.table.indicators)

    def _kind(self, form: str) -> str:
        """Return what a form counts as."""
        own = self.lexicon.adopted.get(form)
        return own.kind if own else form

    def _read_data(self, rows: list[int]) -> None:
        """Read a data form: lines with names, dates and signatures apart, figures as entries."""
        figures: list[int] = []
        tail = False
        for row in rows:
            cells = self.table.sheet.row(row)
            note = self.lexicon.decoys["note"].match(plain(cells[0].text)) and len(cells) == 1
            if note or any(self._is_particular(cell) for cell in cells) or (len(cells) == 1 and not figures):
                tail = tail or bool(note and figures)
                if note and len(cells[0].text) <= LONGEST_SECTION:
                    self.table.sheet.know(cells[0])
                self.particulars.read_row(row, tail=tail)
            else:
                figures.append(row)
        reader = DataReader(self.table.sheet, self.lexicon, self.particulars.measure)
        self.fields = reader.read(figures)

    def _is_particular(self, cell: Cell) -> bool:
        """Whether a cell of a data form names who or when, and no figure."""
        if (label_of(cell.text).core, "") in self.lexicon.names:
            return False
        alone = {self.lexicon.find("field", cell.text)} - {None, "total_score", "project.name", "money"}
        return bool(alone) or bool(pairs_in(cell.text, self.lexicon))

    def form(self) -> str | None:
        """Return which form it is: what the title says, else what the labels say."""
        named = next((form for title in self.table.titles if (form := self.lexicon.title_form(title.text))), None)
        if named == "data" or named not in (None, *BUILT_IN):
            return named
        header = next(iter(self.table.indicators), None)
        if header is not None and not header.columns.keys() & {"actual", "score"}:
            return None
        if self._is_other():
            return None
        if header is not None and named is None and not self.table.projects and not self.table.money:
            return "score" if "actual" not in header.columns and "target" not in header.columns else self._unit_form()
        if not self.table.started:
            return None
        if header is None and not self.table.money:
            return None
        return named or self._unit_form()

    def _is_other(self) -> bool:
        """Whether the table, by its title, is none of the forms, and nothing in it is given a score."""
        if self.table.titles or any("score" in header.columns for header in self.table.indicators):
            return False
        return bool(self._other_titles())

    def _other_titles(self) -> list[Cell]:
        """Return the titles above the headers that by their words are of another table: 绩效自评汇总表."""
        tops = [header.top for header in (*self.table.money, *self.table.indicators)]
        heads = [self.table.sheet.row(row) for row in range(self.table.first, min(tops, default=self.table.last))]
        return [cells[0] for cells in heads if 0 < len(cells) < 3 and self.lexicon.titles_other(cells[0].text)]

    def _unit_form(self) -> str | None:
        if self.table.projects:
            return "project"
        return "whole-unit" if self.table.units else None

    def _rows(self) -> list[int]:
        return [row for row in sorted(self.table.sheet.rows) if self.table.first <= row <= self.table.last]

    def _read_measure(self) -> None:
        """Look for 单位：元 first, as the money beneath depends on it."""
        probe = Particulars(self.table.sheet, self.lexicon)
        known = set(self.table.sheet.known)
        for row in self._rows():
            if self.table.money and row < self.table.money[0].top:
                probe.read_row(row)
        self.table.sheet.known = known
        self.particulars.measure = probe.measure

    def _read_money(self, header: Header) -> None:
        self.taken.update(range(header.top, header.bottom + 1))
        last = self._until_goal(header.bottom, self._until_header(header))
        self._settle(header, last)
        found = dict(read_money(self.table.sheet, header, last, self.particulars.measure, self.lexicon))
        self.budget += with_total(list(found.values()))
        self.taken.update(found)

    def _read_management(self) -> None:
        """Read what stands between the money and the next block, the goal or the indicators."""
        if not self.table.money:
            return
        header = self.table.money[-1]
        last = self._until_goal(header.bottom, self._until_header(header))
        rows = [row for row in self._rows() if header.bottom < row <= last and row not in self.taken]
        self.management = read_management(self.table.sheet, rows, header, self.lexicon)
        self.taken |= self.management.rows
        self.fields += self.management.fields

    def _read_money_across(self) -> None:
        """Read money that stands under no header row, where the form has none that does."""
        if not self.table.money:
            rows = [row for row in self._rows() if row not in self.taken]
            measure = self.particulars.measure or "万元"
            taken, lines, self.particulars.measure = read_across(self.table.sheet, rows, measure, self.lexicon)
            if not lines:
                taken, lines, _ = read_tasks(self.table.sheet, rows, measure, self.lexicon)
            self.budget += lines
            self.taken |= taken

    def _settle(self, header: Header, last: int) -> None:
        for one, other in settle_doubles(self.table.sheet, header, last):
            self.findings.append(flaws.double(one, other))

    def _until_goal(self, first: int, last: int) -> int:
        for row in range(first + 1, last + 1):
            cells = self.table.sheet.row(row)
            if {"weight", "score"} <= {self.lexicon.find("indicator", cell.text) for cell in cells}:
                continue  # 完成情况 between labels of points heads no goal
            if cells and any(
                self.lexicon.find(place, cell.text) for cell in cells[:2] for place in ("side", "goal", "goal_actual")
            ):
                return row - 1
        return last

    def _read_indicators(self, form: str) -> None:
        headers = self.table.indicators
        rows: list[tuple[int, Indicator]] = []
        levels: dict[str, Cell] = {}
        for order, header in enumerate(headers):
            last = self._until_header(header)
            split_name(self.table.sheet, header, last)
            for money in (one for one in self.table.money if one.bottom < header.top):
                take_from_above(self.table.sheet, header, money, last)
            self._settle(header, last)
            reader = IndicatorReader(self.table.sheet, header, self.lexicon, found=rows, levels=levels)
            before = len(rows)
            self.taken |= reader.read(last, more=order + 1 < len(headers))
            if own := self.lexicon.adopted.get(form):
                self.fields += read_columns(self.table.sheet, header, rows[before:], own)
            self.findings += [flaws.nameless(cell) for cell in reader.doubtful]
            if reader.total is not None:
                self.total = reader.total
        self.indicators = with_heads(without_groups([indicator for _, indicator in rows]))
        self.indicators = [*self.management.indicators, *self.indicators]

    def _until_header(self, header: Header) -> int:
        """Return the last row before the next block's header."""
        tops = [other.top for other in (*self.table.money, *self.table.indicators) if other.top > header.top]
        return min(tops, default=self.table.last + 1) - 1

    def _submission(self, form: str) -> Submission:
        about, total, sheet = self.particulars, self.total, self.table.sheet
        about.read_titles(self.table.titles)
        year, year_cell = about.year(self.table.titles)
        kind = self._kind(form)
        if kind == "whole-unit":
            about.take_department_for_unit()
        names = {key: None if about.rivals(key) else about.text(key) for key in RIVALRY}
        headers = self.table.money if self.budget else []
        measure = next((money_measure(sheet, header, about.measure) for header in headers), about.measure)
        cells = self._cells(year_cell)
        grade = self._grade()
        score, said = total.score, self._total_said()
        if said is not None and (score is None or not total.named):
            score = said
            total.cells.pop("total_score", None)
        return Submission(
            form=form,
            sheet=sheet.name,
            title=" ".join(title.text for title in self.table.titles[:1]),
            version=about.text("version"),
            year=year,
            unit_name=names["unit.name"],
            unit_code=names["unit.code"],
            project=names["project.name"],
            department=about.text("project.department"),
            prepared_by=about.text("prepared_by"),
            phone=about.text("phone"),
            filled_on=about.day("filled_on"),
            goal=self.goals.text("goal"),
            goal_actual=self.goals.text("goal_actual"),
            budget=tuple(self.budget),
            indicators=tuple(self.indicators),
            fields=tuple(self.fields),
            total_weight=total.weight,
            total_score=score,
            grade=grade,
            notes=tuple(about.notes_said),
            money_measure="元" if measure == "元" else "万元",
            cells=cells,
            counts_as="" if kind == form else kind,
        )

    def _total_said(self) -> Decimal | None:
        """Return the total that stands beside its label above or below the tables: 自评总分 | 99.64."""
        cell, text = self.particulars.cell("total_score"), self.particulars.text("total_score")
        return None if cell is None else points_of(Cell(cell.sheet, cell.row, cell.column, text or ""))

    def _doubt(self, submission: Submission) -> None:
        """Say what could be two things, and a name that is nobody's."""
        about, table = self.particulars, self.table
        for concept in (*RIVALRY, "year"):
            if candidates := about.rivals(concept):
                self.findings.append(flaws.rivals(concept, candidates))
        if (unread := about.unread_day("filled_on")) is not None:
            self.findings.append(flaws.unread("filled_on", unread[1], unread[0]))
        if submission.kind == "project" and submission.indicators and submission.project is None:
            cell = about.cell("project.name")
            if cell is not None and not about.rivals("project.name"):
                self.findings.append(flaws.without_value("project.name", cell))
        if submission.form == "whole-unit" and submission.project and table.titles:
            self.findings.append(flaws.two_forms(table.titles[0], "项目名称"))
        self.findings += flaws.cell_flaws(submission, self.lexicon)
        self.findings += flaws.words_for_points(submission, self.lexicon)

    def _grade(self) -> str | None:
        said = None if self.particulars.rivals("grade") else self.particulars.text("grade")
        said = said and (chosen(said) or said)
        if said is not None and label_of(said).core in self.lexicon.grades:
            said = GRADE_ASIDE.sub("", said)
        return self.total.grade or (None if said is None or self.lexicon.is_blank(said) else said)

    def _cells(self, year_cell: Cell | None) -> Mapping[str, Cell]:
        cells = {concept: cell for concept in HEAD_CELLS if (cell := self.particulars.cell(concept)) is not None}
        if year_cell is not None:
            cells["year"] = year_cell
        if self.reason is not None:
            cells["reason"] = self.reason
        if self.table.indicators and not self.indicators:
            header = self.table.indicators[0]
            if (first := header.value(self.table.sheet, header.bottom + 1, "name")) is not None:
                cells["indicators"] = first
        return {**cells, **self.goals.cells, **self.total.cells}
