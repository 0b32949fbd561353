"""A form in, a plain workbook in one of many dresses out, and where each of its values was put.

Drawn with XlsxWriter from the layouts in use (titles, labels, order of columns), independent of the built-in forms.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import xlsxwriter
from planter.planter_content import Form, Percent, Raw, Row
from planter.planter_dresses import LABELS, TITLES, Dress
from xlsxwriter.utility import xl_rowcol_to_cell

Place = tuple[str, str]
"""A sheet's name and a cell's address."""


def draw(path: Path, forms: list[tuple[Form, Dress]], rng: random.Random) -> list[dict[str, Place]]:
    """Write forms into one workbook, those of a list below each other on one sheet; give back every value's place."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        if any(dress.decoy for _, dress in forms):
            _decoy(book)
        name = rng.choice(("自评表", "Sheet1", "绩效自评"))
        page, row, places = book.add_worksheet(name), 0, []
        for form, dress in forms:
            drawing = _Drawing(book, page, name, form, dress, rng, row + dress.down)
            drawing.draw()
            places.append(drawing.places)
            row = drawing.row + 3
    return places


def _decoy(book: Any) -> None:
    page = book.add_worksheet("填表说明")
    lines = (
        "填表说明",
        "1.项目名称：按预算批复填写。",
        "2.年度指标值：按年初批复的绩效目标填写，如“≥8场”。",
        "3.实际完成值：如“≥95%”应填“96%”。",
        "4.得分：不超过分值。",
        "5.总分：各项得分之和，满分100分。",
    )
    for row, line in enumerate(lines):
        page.write(row, 0, line)


@dataclass
class _Drawing:
    """One form on its way into a sheet."""

    book: Any
    page: Any
    sheet: str
    form: Form
    dress: Dress
    rng: random.Random
    row: int
    places: dict[str, Place] = field(default_factory=dict)

    def draw(self) -> None:
        self.plan()
        self.head()
        self.money()
        self.goals()
        self.indicators()
        self.tail()

    # ------------------------------------------------------------ writing one cell

    def label(self, key: str) -> str:
        text = LABELS[key][self.dress.labels].format(m="元" if self.dress.yuan else "万元")
        return " ".join(text) if self.dress.spaced and "\n" not in text and len(text) < 6 else text

    def put(
        self, column: int, value: Any, key: str = "", to: int = 0, row: int | None = None, amount: bool = False
    ) -> str:
        """Write a value; `to` is the last column of a merged range."""
        row = self.row if row is None else row
        column += self.dress.right
        if to and to + self.dress.right > column:
            self.page.merge_range(row, column, row, to + self.dress.right, "")
        self._write(row, column, value, amount)
        address = xl_rowcol_to_cell(row, column)
        if key:
            self.places[key] = (self.sheet, address)
        return address

    def _write(self, row: int, column: int, value: Any, amount: bool) -> None:
        if value is None:
            return
        if isinstance(value, Raw):
            self._write_raw(row, column, value)
        elif isinstance(value, Percent):
            self._write_percent(row, column, value)
        elif isinstance(value, date):
            self._write_date(row, column, value)
        elif isinstance(value, Decimal):
            number = value * 10000 if amount and self.dress.yuan else value
            if self.dress.text_numbers:
                self.page.write_string(row, column, f"{number:,f}" if amount and number > 1000 else f"{number:f}")
            else:
                self.page.write_number(row, column, float(number), self.format("#,##0.00") if amount else None)
        else:
            self.page.write_string(row, column, str(value))

    def _write_raw(self, row: int, column: int, raw: Raw) -> None:
        style = self.format(raw.format) if raw.format else None
        if raw.formula:
            self.page.write_formula(row, column, raw.formula, style, raw.value)
        elif isinstance(raw.value, str):
            self.page.write_string(row, column, raw.value, style)
        else:
            self.page.write_number(row, column, float(raw.value), style)

    def _write_percent(self, row: int, column: int, value: Percent) -> None:
        if self.dress.percent_cells:
            exact = value.shown if value.exact is None else value.exact
            self.page.write_number(row, column, float(exact / 100), self.format("0.00%"))
        else:
            self.page.write_string(row, column, f"{value.shown}%")

    def _write_date(self, row: int, column: int, day: date) -> None:
        how = self.rng.randrange(3)
        if how == 0:
            self.page.write_datetime(row, column, day, self.format('yyyy"年"m"月"d"日"'))
        else:
            text = f"{day.year}年{day.month}月{day.day}日" if how == 1 else f"{day.year}-{day.month:02d}-{day.day:02d}"
            self.page.write_string(row, column, text)

    def one_line_footer(self) -> None:
        """填表人：陈明    联系电话：…    填报日期：… in one cell, or in three."""
        labels = {key: LABELS[key][self.dress.labels].rstrip("：") for key in ("prepared_by", "phone", "filled_on")}
        said = {key: getattr(self.form, key) or "" for key in labels}
        if isinstance(said["filled_on"], date):
            said["filled_on"] = f"{said['filled_on'].year}年{said['filled_on'].month}月{said['filled_on'].day}日"
        lines = [f"{label}：{said[key]}" for key, label in labels.items()]
        if self.rng.random() < 0.5:
            at = self.put(0, "        ".join(lines), to=self.last)
            self.places |= dict.fromkeys(labels, (self.sheet, at))
        else:
            for column, (key, line) in zip((0, 3, 5), zip(labels, lines, strict=True), strict=True):
                at = self.put(column, line)
                blank = xl_rowcol_to_cell(self.row, column + 1 + self.dress.right)
                self.places[key] = (self.sheet, at if said[key] else blank)
        self.row += 1

    def format(self, pattern: str) -> Any:
        return self.book.add_format({"num_format": pattern})

    # ------------------------------------------------------------ the parts

    def plan(self) -> None:
        middle = ["target", "actual", "weight", "score"]
        if self.dress.weight_first:
            middle = ["weight", "target", "actual", "score"]
        if self.dress.split:
            at = middle.index("target")
            middle[at : at + 1] = ["bound", "target", "measure"]
        side = ["side"] if self.dress.side else []
        self.columns = [*side, "level1", "level2", "name", *middle, "reason"]
        self.last = max(len(self.columns) - 1, 7)

    def head(self) -> None:
        if self.dress.down == 0 and self.rng.random() < 0.5:
            self.put(0, "附件2")
            self.row += 1
        self.put(0, TITLES[self.form.form], to=self.last)
        self.row += 1
        self.put(0, f"（{self.form.year}年度）", "year", to=self.last)
        self.row += 1
        if self.form.form == "project":
            self.put(0, self.label("project"))
            self.put(1, self.form.project, "project", to=self.last)
            self.row += 1
            self.put(0, self.label("department"))
            self.put(1, self.form.department, to=3)
            self.put(4, self.label("unit"))
        else:
            self.put(0, self.label("own"))
            self.put(1, self.form.unit, "unit", to=3)
            self.put(4, "单位编码")
        self.put(
            5,
            self.form.unit if self.form.form == "project" else self.form.code,
            "unit" if self.form.form == "project" else "code",
            to=self.last,
        )
        self.row += 1

    def money(self) -> None:
        columns = ["initial", "executed"] if self.dress.old else ["initial", "adjusted", "executed"]
        columns += ["weight", "rate", "score"]
        top = self.row
        text = self.label("money")
        self.put(0, text.replace("项目", "部门") if self.form.form != "project" else text)
        for at, key in enumerate(columns):
            self.put(2 + at, self.label(key))
        for number, line in enumerate(self.form.money):
            self.row += 1
            self.put(1, line.item)
            for at, key in enumerate(columns):
                value = getattr(line, key)
                dash = self.rng.choice(("—", "—", None))
                if number and value is None and key in ("weight", "rate", "score"):
                    value = dash
                if key == "rate" and self.dress.formulas and isinstance(value, Percent) and value.exact is not None:
                    ends = [xl_rowcol_to_cell(self.row, self.dress.right + 1 + at + back) for back in (-1, -2)]
                    value = Raw(float(value.exact / 100), "0.00%", f"={ends[0]}/{ends[1]}")
                self.put(2 + at, value, f"money.{number}.{key}", amount=key in ("initial", "adjusted", "executed"))
        if self.dress.merged:
            self.page.merge_range(
                top,
                self.dress.right,
                self.row,
                self.dress.right,
                text.replace("项目", "部门") if self.form.form != "project" else text,
            )
        self.row += 1

    def goals(self) -> None:
        self.put(0, self.label("overall"))
        self.put(1, self.label("goal"), to=3)
        self.put(4, self.label("goal_actual"), to=self.last)
        self.row += 1
        self.put(1, self.form.goal, "goal", to=3)
        self.put(4, self.form.goal_actual, "goal_actual", to=self.last)
        self.row += 1

    def indicators(self) -> None:
        top = self.row
        for at, key in enumerate(self.columns):
            self.put(at, "绩效指标" if key == "side" else self.label(key))
        self.row += 1
        spans: dict[str, list[int]] = {}
        for number, row in enumerate(self.form.rows):
            for level in ("level1", "level2"):
                text = getattr(row, level)
                before = self.form.rows[number - 1] if number else None
                same = before and before.level1 == row.level1 and (level == "level1" or before.level2 == row.level2)
                if not same:
                    spans.setdefault(level, []).append(self.row)
                    self.put(self.columns.index(level), text)
            self.one_row(number, row)
            self.row += 1
            if self.dress.blank_rows and self.rng.random() < 0.3:
                self.put(self.columns.index("name"), self.rng.choice(("指标2：", "……", "/", "指标2:")))
                self.row += 1
        self.merge_levels(top, spans)

    def one_row(self, number: int, row: Row) -> None:
        values = {key: getattr(row, key) for key in ("name", "target", "actual", "weight", "score", "reason")}
        if self.dress.blank_rows and isinstance(row.name, str):
            values["name"] = f"指标1：{row.name}"
        if self.dress.split:
            values["bound"], values["measure"] = "定性" if row.wanted.kind == "words" else None, None
            if row.split:
                values["bound"], values["target"], values["measure"] = row.split
        for key, value in values.items():
            if isinstance(value, Percent) and not self.dress.percent_cells:
                value = f"{value.shown}%"
            self.put(self.columns.index(key), value, f"rows.{number}.{key}")

    def merge_levels(self, top: int, spans: dict[str, list[int]]) -> None:
        if not self.dress.merged:
            return
        for level, starts in spans.items():
            column = self.columns.index(level) + self.dress.right
            edges = sorted({*starts, *(spans["level1"] if level == "level2" else ()), self.row})
            for first, last in pairwise(edges):
                if first in starts and last - first > 1:
                    text = self.page.table.get(first, {}).get(column)
                    words = self.book.str_table.string_table
                    name = next(word for word, at in words.items() if text and at == text.string)
                    self.page.merge_range(first, column, last - 1, column, name)
        if self.dress.side and self.row - top > 1:
            self.page.merge_range(top, self.dress.right, self.row - 1, self.dress.right, "绩效指标")

    def tail(self) -> None:
        at = {key: self.columns.index(key) for key in ("weight", "score")}
        self.put(0, self.label("total"), to=min(at["weight"], 4) - 1)
        self.put(at["weight"], self.form.total_weight, "total_weight")
        total = self.form.total_score
        if self.dress.formulas and isinstance(total, Decimal):
            own = [self.places[f"rows.{n}.score"][1] for n in range(len(self.form.rows))]
            total = Raw(float(total), "", f"={self.places['money.0.score'][1]}+SUM({own[0]}:{own[-1]})")
        self.put(at["score"], total, "total_score")
        self.row += 1
        if self.dress.grade:
            self.put(0, self.label("grade"), to=2)
            self.put(at["score"], self.form.grade, "grade")
            self.row += 1
        if self.dress.footer and self.dress.inline:
            self.one_line_footer()
        elif self.dress.footer:
            for column, key in ((0, "prepared_by"), (2, "phone"), (4, "filled_on")):
                self.put(column, self.label(key))
                self.put(column + 1, getattr(self.form, key), key)
            self.row += 1
        if self.dress.version and self.form.version:
            self.put(0, f"表样版本：{self.form.version}", "version")
            self.row += 1
