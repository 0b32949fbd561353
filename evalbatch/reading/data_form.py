"""The 数据表: labels beside values, and rows by columns of figures, as named Entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from evalbatch.model import Cell, Entry
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.numbers import IN_TEN_THOUSAND, measure_in, number_of
from evalbatch.reading.sheet import Sheet

COLUMN_WORDS = frozenset(
    [
        "金额",
        "数量",
        "数值",
        "人数",
        "本年数",
        "上年数",
        "本年",
        "上年",
        "年初数",
        "年末数",
        "年初",
        "年末",
        "预算",
        "决算",
        "预算数",
        "决算数",
        "增减",
        "增减额",
        "增减率",
        "完成率",
        "备注",
        "本年预算",
        "本年决算",
        "上年决算",
        "上年预算",
        "内容",
        "填报数",
        "数据",
        "填报内容",
        "填报数据",
        "实际数",
        "合计",
    ]
)
GENERIC = frozenset(["金额", "数量", "数值", "人数", "内容", "填报数", "数据", "填报内容", "填报数据", "实际数"])
MEASURE_WORDS = frozenset(["计量单位", "单位", "度量单位"])
COUNTED = re.compile(r"人数|数量|个数|辆|面积|率$|编制|名称|次数")
NUMBERING = frozenset(["序号", "编号", "行次", "栏次"])
LABELLED = re.compile(r"^是否|(?:数|额|率|费|用|支出|收入|结余|资产|编制|人员|面积|预算|决算|采购|情况)$")
ORDINAL = re.compile(r"^\d+[.、]?$")
YEAR = re.compile(r"^(?:19|20)\d\d年度?")


@dataclass
class DataReader:
    """Reads the rows of a data form; `measure` is what 单位：元 says, "" where the form says nothing."""

    sheet: Sheet
    lexicon: Lexicon
    measure: str = ""
    found: list[Entry] = field(default_factory=list)
    columns: dict[int, Cell] = field(default_factory=dict)

    def read(self, rows: list[int]) -> list[Entry]:
        """Return the entries of these rows, in order; a label without any value is an entry with None."""
        for row in rows:
            cells = self.sheet.row(row)
            if self._heads_columns(cells):
                self.sheet.know(*cells)
                self.columns = {cell.column: cell for cell in cells if label_of(cell.text).core not in NUMBERING}
            elif self.columns and self._is_across(cells):
                self._pairs(cells)
            elif self.columns and self._in_matrix(cells):
                self._matrix_row(cells)
            elif self.columns and self._is_bare(cells):
                self._bare_row(cells)
            else:
                self.columns = {}
                self._pairs(cells)
        return self.found

    # ------------------------------------------------------------ rows by columns

    def _heads_columns(self, cells: list[Cell]) -> bool:
        cores = [label_of(cell.text).core for cell in cells]
        if len(cells) < 2 or any(number_of(cell) is not None for cell in cells):
            return False
        if self._stands_over_numbers(cells) or self._stands_over_blanks(cells):
            return True
        named = any((core, "") in self.lexicon.names for core in cores)
        return not named and any(map(self._names_column, cores))

    def _names_column(self, core: str) -> bool:
        """Whether a label is one of those over columns of figures, of whatever year: 2018年预算数, 上年决算数."""
        core = YEAR.sub("", core)
        known = core in COLUMN_WORDS or core.removesuffix("数") in COLUMN_WORDS
        return known or self.lexicon.find("money", core) is not None

    def _stands_over_numbers(self, cells: list[Cell]) -> bool:
        """Whether two of a row's labels have numbers right below them."""
        return sum(number_of(self.sheet.below(cell)) is not None for cell in cells) >= 2

    def _stands_over_blanks(self, cells: list[Cell]) -> bool:
        """Whether a label merged down heads a block of its own, whose figures below the other labels are blank."""
        top, _, bottom, _ = self.sheet.span(cells[0])
        words = all(label_of(cell.text).core and not self.lexicon.is_blank(cell.text) for cell in cells)
        return bottom > top and len(cells) > 2 and words and not self.sheet.row(top + 1)

    def _in_matrix(self, cells: list[Cell]) -> bool:
        label = self._row_label(cells)
        if label is None:
            return False
        if any((label_of(cell.text).core, "") in self.lexicon.names for cell in cells if cell is not label):
            return False
        under = [cell for cell in cells if self._column_of(cell) is not None]
        if any(self._begins_pair(before, cell) for before, cell in pairwise(cells)):
            return False
        return bool(under) or len(cells) <= 2

    def _begins_pair(self, before: Cell, cell: Cell) -> bool:
        """Whether a cell behind a figure is the label of what follows it: 在职人数 | 32 | 编制数 | 35."""
        if number_of(before) is None or self._column_of(before) is None or number_of(cell) is not None:
            return False
        return self.sheet.right_of(cell).filled and bool(LABELLED.search(label_of(cell.text).core))

    def _is_across(self, cells: list[Cell]) -> bool:
        """Whether a row has words merged over several columns of figures: no column is theirs."""
        if len(cells) != 2 or number_of(cells[1]) is not None:
            return False
        _, first, _, last = self.sheet.span(cells[1])
        return sum(first <= column <= last for column in self.columns) > 1

    def _is_bare(self, cells: list[Cell]) -> bool:
        """Whether a row has only figures, each under a column: the columns alone name them."""
        return all(number_of(cell) is not None and self._column_of(cell) is not None for cell in cells)

    def _bare_row(self, cells: list[Cell]) -> None:
        for cell in cells:
            if head := self._column_of(cell):
                core = label_of(head.text).core
                self._add(self.lexicon.names.get((core, ""), core), cell, self._measure(head))

    def _row_label(self, cells: list[Cell]) -> Cell | None:
        """Return the row's label: left of the columns, else under the first of them."""
        first = min(self.columns)
        labels = [cell for cell in cells if cell.column < first and not ORDINAL.match(cell.text)]
        under = [cell for cell in cells if self._column_of(cell) is self.columns[first] and number_of(cell) is None]
        found = labels or under
        return found[-1] if found else None

    def _column_of(self, cell: Cell) -> Cell | None:
        if cell.column in self.columns:
            return self.columns[cell.column]
        return next(
            (head for head in self.columns.values() if head.column <= cell.column <= self.sheet.span(head)[3]), None
        )

    def _matrix_row(self, cells: list[Cell]) -> None:
        label = self._row_label(cells)
        if label is None:
            return
        self.sheet.know(*(cell for cell in cells if cell.column < min(self.columns)))
        measure = next(
            (cell.text for head, cell in self._under(label.row) if label_of(head.text).core in MEASURE_WORDS), ""
        )
        for head, cell in self._under(label.row):
            if cell is label:
                self.sheet.know(label)
                continue
            core = label_of(head.text).core
            if core in MEASURE_WORDS or core == "备注":
                if core != "备注" or self.lexicon.is_blank(cell.text):
                    self.sheet.know(cell)
                continue
            self._add(self._matrix_name(label, head), cell, self._measure(head, label, said=measure))

    def _under(self, row: int) -> Iterator[tuple[Cell, Cell]]:
        for column, head in sorted(self.columns.items()):
            last = self.sheet.span(head)[3]
            filled = (self.sheet.at(row, place) for place in range(column, last + 1))
            yield head, next((cell for cell in filled if cell.filled), self.sheet.at(row, column))

    def _matrix_name(self, label: Cell, head: Cell) -> str:
        row, column = label_of(label.text).core, label_of(head.text).core
        if name := self.lexicon.names.get((row, column)):
            return name
        row = re.sub(r"^(其中|其)", "", row)
        row = self.lexicon.names.get((row, ""), row)
        return row if column in GENERIC else row + re.sub(r"(?<=预算|决算)(数|金额)$", "", column)

    # ------------------------------------------------------------ labels beside values

    def _pairs(self, cells: list[Cell]) -> None:
        order, passed = 0, False
        while order < len(cells):
            label = cells[order]
            order += 1
            if number_of(label) is not None:
                continue
            place = self.sheet.right_of(label)
            value = cells[order] if order < len(cells) else place
            if not passed and self._is_said(label, cells[order:]):
                self.sheet.know(label)
                self._add(label_of(label.text).core, value, "")
                return
            if not self._is_pair(label, value, cells[order:]):
                passed = True
                if self._is_heading(label):
                    self.sheet.know(label)
                continue
            order += value is not place or place.filled
            value = value if value is not label else place
            if self._is_label(value):
                blank = Cell(label.sheet, label.row, label.column) if place.filled else place
                value, order = blank, order - 1
            self.sheet.know(label)
            name = self.lexicon.names.get((label_of(label.text).core, ""), label_of(label.text).core)
            self._add(name, value, self._measure(label))

    def _is_said(self, label: Cell, rest: list[Cell]) -> bool:
        """Whether a label has words beside it that end the row: 是否按时公开 | 是."""
        if len(rest) != 1 or number_of(rest[0]) is not None or self.lexicon.is_blank(rest[0].text):
            return False
        core, asides = label_of(label.text).core, label_of(label.text).asides
        named = (core, "") in self.lexicon.names or bool(measure_in(*asides)) or self._is_label(rest[0])
        return bool(core) and not named and not rest[0].flaw and rest[0].column > label.column

    def _is_pair(self, label: Cell, value: Cell, rest: list[Cell]) -> bool:
        if (label_of(label.text).core, "") in self.lexicon.names:
            return True
        if not label_of(label.text).core or len(label.text) > 30 or self._is_heading(label):
            return False
        if self._is_label(value):
            return bool(measure_in(*label_of(label.text).asides)) or not rest
        return (
            number_of(value) is not None
            or not value.filled
            or self.lexicon.is_blank(value.text)
            or bool(label_of(label.text).asides)
        )

    def _is_heading(self, cell: Cell) -> bool:
        """Whether a label at the side is merged down over the rows that it heads."""
        return self.sheet.span(cell)[2] > cell.row or bool(re.match(r"^[一二三四五六七八九十]+、", cell.text))

    def _is_label(self, cell: Cell) -> bool:
        if not cell.filled or number_of(cell) is not None or self.lexicon.is_blank(cell.text):
            return False
        label = label_of(cell.text)
        return (label.core, "") in self.lexicon.names or bool(measure_in(*label.asides)) or self._before_number(cell)

    def _before_number(self, cell: Cell) -> bool:
        right = self.sheet.right_of(cell)
        return right.filled and number_of(right) is not None

    # ------------------------------------------------------------ entries

    def _measure(self, *labels: Cell, said: str = "") -> str:
        for label in labels:
            for aside in label_of(label.text).asides:
                if aside and len(aside) <= 6 and not re.search(r"\d|含|不", aside):
                    return aside
        if said:
            return said
        core = "".join(label_of(label.text).core for label in labels)
        return "" if COUNTED.search(core) else self.measure

    def _add(self, name: str, cell: Cell, measure: str) -> None:
        read = number_of(cell)
        number: Decimal | None = read[0] if read else None
        own = read[1] if read and read[1] else measure
        factor = IN_TEN_THOUSAND.get(plain(own))
        if number is not None and factor is not None:
            number, own = _as_ten_thousand(number, factor), "万元"
        blank = self.lexicon.is_blank(cell.text)
        self.sheet.know(cell)
        if name:
            self.found.append(Entry(name, None if blank or cell.flaw else cell.text, number, own, cell))


def _as_ten_thousand(number: Decimal, factor: Decimal) -> Decimal:
    return number if factor == 1 else (number * factor).normalize() + Decimal(0)
