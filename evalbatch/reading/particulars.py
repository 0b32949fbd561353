"""Who, what, when: the labelled values above and below a form's tables, every candidate with its cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from evalbatch.model import Cell
from evalbatch.reading.days import day_of, is_left_blank
from evalbatch.reading.lexicon import Lexicon, label_of, plain, titled
from evalbatch.reading.numbers import measure_in, number_of, year_alone, year_within
from evalbatch.reading.outline import is_title
from evalbatch.reading.pairs import pairs_in, value_beside
from evalbatch.reading.sheet import Sheet

GENERAL_TITLE = re.compile(
    "(部门|单位|项目|预算|整体|总体|支出|财政|专项|资金|绩效|目标|自评|评价|评分|数据|情况|材料|资料|报告|工作|省级|市级|县级|区级|市|县|区|表)+"
)
SEAL = re.compile(
    r"^[（(【\[](?:加?盖|签|公)章[^）)】\]]{0,4}[）)】\]]|[（(【\[](?:加?盖|签|公)章[^）)】\]]{0,4}[）)】\]]$"
)
"""Where a form asks for the seal: （盖章） before or behind the unit's name."""
SAID_TOTAL = re.compile(r"(?:自评)?总分:(\d+(?:\.\d+)?)分?")
"""A total in the head of a form: 总分：96."""
OWN_NAME = frozenset({"本单位", "我单位", "本部门", "本级", "同上", "本局", "我局", "单位本级", "部门本级"})
"""What stands for a name that is said elsewhere."""
SHORTEST_NAME = 3
JOINED = re.compile(r"[/、]|及|和|或")
LONGEST_JOINED = 16
PHONE = re.compile(r"\d[\d\-—－ ]{5,}\d")
Candidate = tuple[str, Cell]
"""A value's text, "" where the place is blank, and its cell."""


@dataclass
class Particulars:
    """Candidates by field; `measure` is what a line such as 单位：元 says of the form's money, "" without one.

    `notes` is the column where notes stand, 0 before the first one; `notes_said` are those below the tables.
    """

    sheet: Sheet
    lexicon: Lexicon
    found: dict[str, list[Candidate]] = field(default_factory=dict)
    measure: str = ""
    notes: int = 0
    notes_said: list[Cell] = field(default_factory=list)

    def read_row(self, row: int, *, tail: bool = False) -> None:
        """Take the labelled values of a row; in the tail behind the tables, lines under a note are notes too."""
        cells = self.sheet.row(row)
        if self._is_note(cells) and (tail or cells[0].text[0] in "注说备填※附温"):
            self.notes = cells[0].column if tail else 0
            self._note(cells[0], tail=tail)
        elif self.notes == cells[0].column and len(cells) == 1 and not pairs_in(cells[0].text, self.lexicon):
            self._note(cells[0], tail=tail)
        for cell in cells:
            self._read(cell)

    def _note(self, cell: Cell, *, tail: bool) -> None:
        self.sheet.know(cell)
        if tail:
            self.notes_said.append(cell)

    def _is_note(self, cells: list[Cell]) -> bool:
        return number_of(cells[0]) is None and bool(self.lexicon.decoys["note"].match(plain(cells[0].text)))

    def _read(self, cell: Cell) -> None:
        if (cell.row, cell.column) in self.sheet.known:
            return
        text = plain(cell.text)
        if pairs := [pair for pair in pairs_in(cell.text, self.lexicon) if not self._is_prose(*pair)]:
            self.sheet.know(cell)
            for order, (concept, said) in enumerate(pairs):
                alone = not said and order == len(pairs) - 1
                self._add(concept, *(self._beside(cell, len(pairs) == 1) if alone else (said, cell)))
        elif total := SAID_TOTAL.fullmatch(text):
            self._add("total_score", total[1], cell)
        elif label := self.lexicon.find("field", cell.text):
            self._labelled(cell, label)
        elif several := self._several(text):
            self.sheet.know(cell)
            self._add_several(several, *self._beside(cell, True))
        elif year_alone(cell.text) or text in ("(年度)", "年度", "(年)"):
            self.sheet.know(cell)
            self._add("year", cell.text, cell)
        elif self._is_said(cell, text):
            self.sheet.know(cell)
        elif (measure := measure_in(cell.text)) and len(text) < 12:
            self.sheet.know(cell)
            self.measure = measure

    def _several(self, text: str) -> list[str]:
        """Return the concepts of a label that asks for two things at once: 实施单位/项目负责人, 联系人及电话."""
        parts = [part for part in JOINED.split(text) if part] if len(text) < LONGEST_JOINED else []
        found = [self.lexicon.find("field", part) for part in parts]
        return [concept for concept in found if concept] if len(parts) == 2 and all(found) else []

    def _add_several(self, concepts: Sequence[str], text: str, cell: Cell) -> None:
        """Part a value as its label is parted; what can't be parted is the first thing's, digits the telephone's."""
        said = [part.strip() for part in re.split(r"[/／、,，;；\n]|\s{1,}", text, maxsplit=1)]
        number = PHONE.search(text) if "phone" in concepts else None
        if number is not None:
            said = [number[0], (text[: number.start()] + text[number.end() :]).strip(" /／、,，;；\n")]
            concepts = sorted(concepts, key=lambda concept: concept != "phone")
        for concept, part in zip(concepts, [*said, ""], strict=False):
            self._add(concept, part, cell)

    def _is_prose(self, concept: str, said: str) -> bool:
        """Whether a conclusion is a text in words and no grade."""
        return concept == "verdict" and bool(said) and label_of(said).core not in self.lexicon.grades

    def _is_said(self, cell: Cell, text: str) -> bool:
        """Whether a cell is printed on the form, or says that there is nothing."""
        printed = is_title(cell.text, self.lexicon) or self.lexicon.find("block", cell.text) or text.startswith("注")
        return bool(printed or self.lexicon.decoys["attachment"].match(text) or self.lexicon.is_blank(cell.text))

    def _labelled(self, cell: Cell, concept: str) -> None:
        self.sheet.know(cell)
        self._add(concept, *self._beside(cell, True))

    def _beside(self, label: Cell, alone: bool) -> Candidate:
        if not alone:
            return "", Cell(label.sheet, label.row, label.column)
        place = value_beside(self.sheet, label, self.lexicon)
        return place.text, place

    def _add(self, concept: str, text: str, cell: Cell) -> None:
        if concept == "money":
            measure = measure_in(text)
            if measure:
                self.measure = measure
                self.sheet.know(cell)
                return
            concept = "unit.filling"
        if concept == "aside":
            return
        if concept == "verdict":
            if not text or self._is_prose(concept, text):
                return
            concept = "grade"
        if concept == "signature":
            self.sheet.know(cell)
            return
        self.sheet.know(cell)
        if concept in ("unit.name", "unit.filling", "unit.office"):
            text = SEAL.sub("", text).strip()
            text = "" if text in OWN_NAME else text
        self.found.setdefault(concept, []).append((text, cell))

    # ------------------------------------------------------------ results

    def candidates(self, concept: str) -> list[Candidate]:
        """Return the candidates of a field; who fills in the form counts as the unit unless that is the department.

        A 部门名称 beside a 单位名称 is the department, alone it is the unit. 中央主管部门 is the department where no
        nearer one is named.
        """
        found = self.found.get(concept, [])
        if concept not in ("unit.name", "project.department"):
            return found
        filling, offices = self.found.get("unit.filling", []), self.found.get("unit.office", [])
        units = [*self.found.get("unit.name", ()), *filling]
        apart = bool(offices) and any(text for text, _ in units)
        said = {plain(text) for text, _ in units}
        offices = [one for one in offices if not apart or plain(one[0]) not in said]
        departments = [*self.found.get("project.department", ()), *(offices if apart else ())]
        if not any(text for text, _ in departments):
            departments += self.found.get("project.ministry", ())
        if concept == "project.department":
            return departments
        above = {plain(text) for text, _ in departments if text} if any(text for text, _ in found) else set()
        return [*found, *(one for one in (*filling, *(() if apart else offices)) if plain(one[0]) not in above)]

    def take_department_for_unit(self) -> None:
        """In a form for a unit as a whole that has no place for its name, 主管部门 is the unit."""
        if not self.candidates("unit.name"):
            self.found["unit.name"] = list(self.candidates("project.department"))

    def cell(self, concept: str) -> Cell | None:
        """Return the place of a field: of its first filled candidate, else of its first."""
        candidates = self.candidates(concept)
        filled = next((cell for text, cell in candidates if not self._void(text, cell)), None)
        return filled or next((cell for _, cell in candidates), None)

    def text(self, concept: str) -> str | None:
        """Return a field's text, of the first candidate that is filled."""
        return next((text for text, cell in self.candidates(concept) if not self._void(text, cell)), None)

    def _void(self, text: str, cell: Cell) -> bool:
        return bool(not text or cell.flaw)

    def day(self, concept: str) -> date | None:
        """Return the day of a field, None where no single day is written."""
        days = (day_of(cell, text) for text, cell in self.candidates(concept))
        return next((day for day in days if day), None)

    def unread_day(self, concept: str) -> Candidate | None:
        """Return what is written in a place for a day and names none; None where there is a day, or nothing."""
        if self.day(concept):
            return None
        written = ((text, cell) for text, cell in self.candidates(concept) if not self._void(text, cell))
        return next((one for one in written if not self.lexicon.is_blank(one[0]) and not is_left_blank(one[0])), None)

    def year(self, titles: Sequence[Cell] = ()) -> tuple[int | None, Cell | None]:
        """Return the year evaluated: of its own line or label, else of a title; None where lines disagree."""
        if self.rivals("year"):
            return None, self.cell("year")
        for text, cell in self.candidates("year"):
            if year := _year_in(text):
                return year, cell
        return next(((year, title) for title in titles if (year := _year_in(title.text))), (None, self.cell("year")))

    def read_titles(self, titles: Sequence[Cell]) -> None:
        """Take the years of titles that name nothing but the form; a year in a project's name is not the form's."""
        for title in titles:
            if GENERAL_TITLE.fullmatch(titled(title.text)) and (year := _year_in(title.text)):
                self.found.setdefault("year", []).append((str(year), title))

    def rivals(self, concept: str) -> tuple[Candidate, ...]:
        """Return the candidates of a field that say different things; empty where they agree."""
        filled = [(text, cell) for text, cell in self.candidates(concept) if text and not self.lexicon.is_blank(text)]
        says = _year_said if concept == "year" else plain
        said = {says(text): (text, cell) for text, cell in reversed(filled)}
        if concept == "unit.name":
            said = {name: one for name, one in said.items() if not any(_is_short_for(name, other) for other in said)}
        return tuple(sorted(said.values(), key=lambda one: (one[1].row, one[1].column))) if len(said) > 1 else ()


def _is_short_for(name: str, other: str) -> bool:
    """Whether a unit's name is another one's without its place: 区林业局 for 蔡甸区林业局."""
    return name != other and len(name) > SHORTEST_NAME and other.endswith(name)


def _year_in(text: str) -> int | None:
    asides = (year_alone(aside) for aside in label_of(text).asides)
    return year_alone(text) or year_within(text) or next((year for year in asides if year), None)


def _year_said(text: str) -> str:
    return str(_year_in(text) or plain(text))
