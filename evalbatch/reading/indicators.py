"""The table of indicators: header rows and the rows beneath in, Indicators and the total row out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from evalbatch.model import Cell, Indicator
from evalbatch.reading.header import Header
from evalbatch.reading.lexicon import Lexicon, goal_stem, label_of, plain
from evalbatch.reading.numbers import number_of, points_of
from evalbatch.reading.outline import is_title
from evalbatch.reading.pairs import pairs_in
from evalbatch.reading.sheet import Sheet
from evalbatch.reading.texts import merged_across, merged_down, reasons
from evalbatch.reading.totals import Total, points_at, read_total

TAIL = frozenset({"prepared_by", "phone", "filled_on", "signature", "grade", "verdict", "total_score"})
OTHER_TARGETS = ("initial_target", "adjusted_target")
TEXTS = ("target", "actual", "reason", "basis")
VALUES = (*TEXTS, "weight", "score", "bound", "measure", *OTHER_TARGETS)
WRITTEN = frozenset({"remark", "review", "ratio"})
"""Columns that hold somebody's words or figures, though nothing is read from them."""
CELLS = ("level1", "level2", "name", "bound", "target", "measure", "actual", "weight", "score", "reason", "basis")
BOUND_WORDS = re.compile(r"^[≥≤＞＜>＝<=≧≦⩾⩽═]+$|^(大于|小于|等于|不少于|不低于|不高于|不超过|至少|定性)")
DIRECTION = re.compile("(正向|逆向|反向|定性|定量|越大越好|越小越好|其他|文字描述)(指标|描述)?")
GROUP = re.compile("(产出|效益|效果|满意度|成本|投入|过程|决策|管理|项目(决策|管理|产出|效益|绩效))(指标|情况)?")
"""The usual groups of indicators, level 1."""
POWERS = re.compile(r"-?\d+(?:\.\d+)?E[+-]\d+").fullmatch
POINTS = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)\s*分?")


@dataclass
class IndicatorReader:
    """Reads one table of indicators row by row; levels carry down until the next one."""

    sheet: Sheet
    header: Header
    lexicon: Lexicon
    found: list[tuple[int, Indicator]] = field(default_factory=list)
    total: Total | None = None
    doubtful: list[Cell] = field(default_factory=list)
    levels: dict[str, Cell] = field(default_factory=dict)

    def read(self, last: int, *, more: bool = False) -> set[int]:
        """Read the rows down to `last`; return the rows that belong to the table.

        `more` says that another header follows: then a goal may stand right above it.
        """
        self._know_sides()
        if (group := self._group()) is not None:
            self.levels.clear()
            self.levels["level1"] = group
        self.roles_at = self.header.roles_at()
        taken = set(range(self.header.top, self.header.bottom + 1))
        rows = [row for row in range(self.header.bottom + 1, last + 1) if self.sheet.row(row)]
        totals = [row for row in rows if self.lexicon.find("row", self.sheet.row(row)[0].text) == "total"]
        for row in rows:
            if more and row == rows[-1] and self.lexicon.find("side", goal_stem(self.sheet.row(row)[0].text)):
                continue
            if self._is_tail(row) or (self.total is not None and self._is_stray(row)):
                if not totals or row > totals[-1]:
                    break
                continue
            self._row(row)
            taken.add(row)
        return taken

    def _is_tail(self, row: int) -> bool:
        """Whether the table is over: a line of signatures, a note, 等级, another block."""
        cells = self.sheet.row(row)
        first = cells[0]
        if self.lexicon.find("row", first.text):
            return False
        if any(concept in TAIL for cell in cells for concept, _ in pairs_in(cell.text, self.lexicon)):
            return True
        if self._is_goal(cells) or self._is_labelled(first):
            return True
        if self.lexicon.find("block", first.text) == "other" and not self._value(row, "weight").filled:
            return True
        note = self.lexicon.decoys["note"].match(plain(first.text))
        return (
            bool(note)
            and len(cells) == 1
            and (self.total is not None or len(first.text) > 20 or first.text[0] in "注※")
        )

    def _is_goal(self, cells: list[Cell]) -> bool:
        """Whether the goal of the year begins here: its labels, or its label and a text across the columns."""
        if not self.lexicon.names_goal(cells[0].text):
            return False
        if len(cells) > 1 and self.lexicon.heads_goal([cell.text for cell in cells]):
            return True
        across = len(cells) == 2 and self.sheet.span(cells[1])[3] - cells[1].column >= 2
        return across and self.sheet.span(cells[0])[2] == cells[0].row

    def _is_labelled(self, first: Cell) -> bool:
        """Whether a row is 自评等级 or 填表人 with its value, wherever in the table's columns it lies."""
        if self.lexicon.find("field", first.text) not in TAIL:
            return False
        values = [cell for cell in self.sheet.after(first) if not self.lexicon.find("field", cell.text)]
        return len(values) < 2 or len(values) < len(self.sheet.after(first))

    def _is_stray(self, row: int) -> bool:
        """Whether a row behind the total has nothing under the name and the values."""
        roles = ("name", "target", "actual", "weight", "score")
        return not any(self._value(row, role).filled for role in roles if role in self.header.columns)

    def _row(self, row: int) -> None:
        cells = self.sheet.row(row)
        named = next((kind for cell in cells[:3] if (kind := self.lexicon.sum_of(cell.text))), None)
        if named is None:
            named = next((kind for cell in cells[:1] if (kind := self._inline_total(cell))), None)
        if named == "total" and self._left_of_values(cells):
            self._know_extras(row)
            self.total = read_total(self.sheet, self.header, row, self.lexicon)
        elif named == "subtotal":
            self.sheet.know(*(cell for cell in cells if cell.number is not None or number_of(cell) or cell is cells[0]))
            self.sheet.know(*(cell for cell in cells if self.lexicon.sum_of(cell.text) == "subtotal"))
        elif self._is_repeated_header(cells) or (len(cells) == 1 and is_title(cells[0].text, self.lexicon)):
            self.sheet.know_row(row)
        else:
            self._indicator(row)

    def _inline_total(self, cell: Cell) -> str | None:
        """Recognise 总分：96分 and 合计（100分）in one cell."""
        head, colon, _ = cell.text.replace("：", ":").partition(":")
        return "total" if colon and self.lexicon.find("row", head) == "total" else None

    def _left_of_values(self, cells: list[Cell]) -> bool:
        name = self.header.columns.get("name")
        left = name is None or cells[0].column <= name.last
        return left or all(points_of(cell) is not None or self.lexicon.is_blank(cell.text) for cell in cells[1:])

    def _is_repeated_header(self, cells: list[Cell]) -> bool:
        return len(cells) >= 3 and all(self.lexicon.find("indicator", cell.text) is not None for cell in cells)

    def _value(self, row: int, role: str) -> Cell:
        return self.header.value(self.sheet, row, role) or Cell(self.sheet.name, row, 1)

    def _know_sides(self) -> None:
        """The labels of the header, and those left of its first column, as 绩效指标 merged down, are understood."""
        for row in range(self.header.top, self.header.bottom + 1):
            for cell in self.sheet.row(row):
                if cell.column < self.header.left or self.lexicon.guess("indicator", cell.text):
                    self.sheet.know(cell)

    def _group(self) -> Cell | None:
        """Return the group that a header names at its side where no column does: 产出指标 | 指标内容 | 指标值."""
        if self.header.columns.keys() & {"level1"}:
            return None
        beside = (cell for row in range(self.header.top, self.header.bottom + 1) for cell in self.sheet.row(row)[:1])
        groups = (cell for cell in beside if cell.column < self.header.left)
        return next((cell for cell in groups if GROUP.fullmatch(label_of(cell.text).core)), None)

    # ------------------------------------------------------------ one indicator

    def _indicator(self, row: int) -> None:
        cells = self.header.filled(self.sheet, row, self.roles_at)
        self._carry_levels(cells)
        self._know_extras(row)
        name, is_level = self._name(row, cells.get("name"))
        values = [cells[role] for role in VALUES if role in cells]
        written = [cell for cell in values if not self.lexicon.is_blank(cell.text) or cell.flaw]
        nothing = all(cell.number == 0 and cell in (cells.get("weight"), cells.get("score")) for cell in written)
        bare = name is None or self.lexicon.is_unfilled(name.text) or self.lexicon.is_blank(self._called(name))
        if (bare or is_level) and nothing:
            self.sheet.know(*values, *([name] if name else []))
            if name is not None and "level1" not in self.header.columns and name is cells.get("name"):
                self.levels = self._opened(name)
            return
        if name is None and not self._own_text(written, cells):
            self.sheet.know(*(cell for cell in written if points_of(cell) is not None))
            return
        roles = (role for role in CELLS if role in self.header.columns)
        self._add(row, name, {role: cells.get(role) or self._value(row, role) for role in roles})

    def _called(self, name: Cell) -> str:
        """Return an indicator's name without the blank form's numbering."""
        return self.lexicon.template["number"].sub("", name.text).strip()

    def _own_text(self, written: list[Cell], cells: Mapping[str, Cell]) -> bool:
        """Whether a row without a name has more than a group's weight and score."""
        return any(cell not in (cells.get("weight"), cells.get("score")) for cell in written)

    def _name(self, row: int, cell: Cell | None) -> tuple[Cell | None, bool]:
        """Return the cell of the row's name; where it is blank, the deepest level that begins in this row, and True."""
        column = self.header.columns.get("name")
        if cell is not None and cell.filled:
            return cell, column is not None and self._is_section(cell, column.last)
        if column is not None:
            owner = self.sheet.owner(row, column.first)
            if owner.filled and owner.row <= row:
                return owner, self._is_section(owner, column.last)
        return next((level for role in ("level2", "level1") if (level := self._own_level(row, role))), None), True

    def _is_section(self, owner: Cell, last: int) -> bool:
        """Whether a cell is merged over names and values alike: a heading of the rows below."""
        values = self.header.columns.get("target") or self.header.columns.get("weight")
        return values is not None and last < values.first and self.sheet.span(owner)[3] >= values.first

    def _opened(self, name: Cell) -> dict[str, Cell]:
        """Return the levels under a section's heading; a placeholder opens none."""
        return self.levels if self.lexicon.is_unfilled(name.text) else {"level1": name}

    def _own_level(self, row: int, role: str) -> Cell | None:
        """A level's cell that begins in this row and heads no rows below: there the level is the indicator."""
        cell = self.levels.get(role)
        if cell is None or cell.row != row or self.sheet.span(cell)[2] > row:
            return None
        following = next((other for other in range(row + 1, row + 4) if self.sheet.row(other)), row + 1)
        below = self.header.value(self.sheet, following, role)
        heads = below is not None and not below.filled and self._names_something(following)
        return None if heads else cell

    def _names_something(self, row: int) -> bool:
        cells = [self.header.value(self.sheet, row, role) for role in ("level2", "name")]
        return any(cell is not None and cell.filled and not self.lexicon.sum_of(cell.text) for cell in cells)

    def _carry_levels(self, cells: Mapping[str, Cell]) -> None:
        """Take up the levels that begin in a row; a new level 1 ends the level 2 above it."""
        for role in ("level1", "level2"):
            cell = cells.get(role)
            if cell is None or not cell.filled:
                continue
            self.sheet.know(cell)
            if self.lexicon.is_blank(cell.text) or self.lexicon.is_unfilled(cell.text):
                continue
            if role == "level1" and cell.text != getattr(self.levels.get("level1"), "text", ""):
                self.levels.pop("level2", None)
            self.levels[role] = cell

    def _know_extras(self, row: int) -> None:
        self.sheet.know(*(cell for cell in self.sheet.row(row) if cell.column < self.header.left))
        for column in self.header.extras:
            for place in range(column.first, column.last + 1):
                cell = self.sheet.grid.cells.get((row, place))
                if cell is not None and (column.role not in WRITTEN or self.lexicon.is_blank(cell.text)):
                    self.sheet.know(cell)

    def _add(self, row: int, name: Cell | None, cells: dict[str, Cell]) -> None:
        if name is not None:
            cells["name"] = name
            self.sheet.know(name)
        for role in TEXTS:
            if role in cells and not cells[role].filled and (owner := merged_down(self.sheet, self.header, row, role)):
                cells[role] = owner
        target = self._target(row, cells)
        if both := merged_across(self.sheet, self.header, row, cells.get("target")):
            cells["actual"] = both
        self.sheet.know(*(cells[role] for role in TEXTS if role in cells))
        reason, why = reasons(self.sheet, self.header, row, cells.get("reason"), self.lexicon)
        if reason is not None:
            cells["reason"] = reason
        called = "" if name is None else self._called(name)
        if name is not None and self.lexicon.is_unfilled(name.text):
            called = ""
        if not called:
            self.doubtful.append(cells.get("name") or cells.get("target") or Cell(self.sheet.name, row, 1))
        cells |= {role: self.levels[role] for role in ("level1", "level2") if role in self.levels}
        indicator = Indicator(
            level1=_text(self.levels, "level1"),
            level2=_text(self.levels, "level2"),
            name=called,
            target=target,
            actual=_text(cells, "actual"),
            weight=self._points(cells.get("weight")) if "weight" in cells else self._weight_said(name, cells),
            score=self._points(cells.get("score")),
            reason=why or None,
            basis=_text(cells, "basis"),
            cells=cells,
        )
        self.found.append((row, indicator))

    def _weight_said(self, name: Cell | None, cells: dict[str, Cell]) -> Decimal | None:
        """Return the weight that the name bears, 相关性（5分）, in a form without a column of weights."""
        for aside in label_of(name.text).asides if name is not None else ():
            if said := POINTS.fullmatch(aside):
                cells["weight"] = name or cells["name"]
                return Decimal(said[1])
        return None

    def _points(self, cell: Cell | None) -> Decimal | None:
        return None if cell is None else points_at(self.sheet, cell, self.lexicon)

    def _target(self, row: int, cells: dict[str, Cell]) -> str | None:
        """Return the target: joined where it is split over cells, the adjusted one where both are there."""
        first, later = (self.header.value(self.sheet, row, role) for role in OTHER_TARGETS)
        self.sheet.know(*(cell for cell in (first, later) if cell is not None))
        for cell in (later, cells.get("target"), first):
            if cell is not None:
                cells.setdefault("target", cell)
                if not self.lexicon.is_blank(cell.text):
                    cells["target"] = cell
                    break
        parts = [(role, _said(cells[role])) for role in ("bound", "target", "measure") if role in cells]
        value = cells["target"].text if "target" in cells else ""
        beside = [(role, cells[role]) for role in ("bound", "measure") if role in cells]
        self.sheet.know(*(cell for role, cell in beside if _is_understood(role, _said(cell), value, self.lexicon)))
        texts = [text for role, text in parts if _counts(role, text, value, self.lexicon)]
        return "".join(texts) or None


def _text(cells: Mapping[str, Cell], role: str) -> str | None:
    return _said(cells[role]) or None if role in cells else None


def _said(cell: Cell) -> str:
    """Return a cell's text, a number in powers of ten as people write it: 3.20E+04 is 32000."""
    return f"{cell.number:f}" if cell.number is not None and POWERS(cell.text) else cell.text


def _is_understood(role: str, text: str, value: str, lexicon: Lexicon) -> bool:
    """Whether a cell beside a target's value is a part of it, says it again, or says which way it counts."""
    return (
        _counts(role, text, value, lexicon)
        or lexicon.is_blank(text)
        or plain(text) in plain(value)
        or DIRECTION.fullmatch(plain(text)) is not None
    )


def _counts(role: str, text: str, value: str, lexicon: Lexicon) -> bool:
    """Whether a cell is a part of a split target: an operator, a value, a measure; not twice the same."""
    if role == "target":
        return True
    if lexicon.is_blank(value) or lexicon.is_blank(text):
        return False
    if role == "bound":
        return bool(BOUND_WORDS.match(plain(text))) and not plain(value).startswith(plain(text))
    return not plain(value).endswith(plain(text))


def without_groups(rows: list[Indicator]) -> list[Indicator]:
    """Turn rows that only add up the rows below them, in a table without levels, into those rows' level 1."""
    done: list[Indicator] = []
    left = list(rows)
    while left:
        row = left.pop(0)
        members = _members(row, left)
        if len(members) > (0 if GROUP.fullmatch(label_of(row.name).core) else 1):
            group = row.cells.get("name")
            done += [
                replace(one, level1=row.name, cells={**one.cells, "level1": group} if group else one.cells)
                for one in members
            ]
            left = left[len(members) :]
        else:
            done.append(row)
    return done


def _members(row: Indicator, below: list[Indicator]) -> list[Indicator]:
    """Return the rows right below whose weights add up to this row's, none where it is no such row."""
    if row.weight is None or row.target or row.actual or row.level1:
        return []
    total = Decimal(0)
    for count, one in enumerate(below, 1):
        total += one.weight or 0
        if one.weight is None or total > row.weight:
            return []
        if total == row.weight:
            members = below[:count]
            scores = [member.score for member in members]
            fits = row.score is None or (None not in scores and sum(s for s in scores if s is not None) == row.score)
            return members if fits else []
    return []


def with_heads(rows: list[Indicator]) -> list[Indicator]:
    """Count for each weight without a target the targets without weights below it: the rows it is the heading of."""
    done = []
    for order, row in enumerate(rows):
        heads = 0
        if row.weight is not None and row.target is None and row.actual is None:
            for below in rows[order + 1 :]:
                if below.weight is not None or below.target is None or below.level1 != row.level1:
                    break
                heads += 1
        done.append(replace(row, heads=heads) if heads else row)
    return done
