"""A unit's forms and what is wrong in them in; what is asked of the unit, so that one round is enough, out.

A unit that types every expected value into its cell must be in order afterwards. So what is asked for is worked out
step by step: amounts and all else that stands for itself, then what follows from it (rates and reasons, scores, the
total, the grade), each judged as it will be once the steps before it are done. What a step asks for too that nobody
saw in the form as it is, follows from the other corrections, and its finding says so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evalbatch.model import BudgetLine, Cell, Entry, Finding, Indicator, SourceFile, Submission
from evalbatch.model.words import AMOUNT

Forms = tuple[tuple[SourceFile, Submission], ...]
Place = tuple[str, str, str]
"""A cell: file, sheet and address."""
Judge = Callable[[Forms], tuple[Finding, ...]]

_STEPS = range(5)
_STEP_OF: Mapping[str, int] = {"rate": 1, "reason": 1, "score": 2, "total_score": 3, "grade": 4}
"""At which step a column or place of a form is corrected; all others stand for themselves, and come first."""
_NUMBERS = {*AMOUNT, "rate", "weight", "score", "total_score", "total_weight", "year"}
_ATTRIBUTE = {"unit.name": "unit_name", "unit.code": "unit_code", "project.name": "project"}
_MOST_TRIES = 3
"""So often an expected value is set right by what others come to; after that no value can be named."""
_MOST_ROUNDS = 12
"""So often what is asked for at one step is judged anew; values that still change then are not named."""
_NUMBER = re.compile(r"[-−]?\d+(?:[,，]\d{3})*(?:\.\d+)?[%％]?")
_YEAR = "U03"
_FOLLOWS = "这是其他各处按“应为”改正以后的结果。"
_DO_SO = "其他各处改正以后，请把这里改为“{}”。"


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a cell's value is kept: which form, which list of it (or its head), which line, which column."""

    form: int
    part: str
    line: int
    column: str
    cell: Cell
    value: object

    @property
    def step(self) -> int:
        return _STEP_OF.get(self.column, 0)


def asked_of(
    forms: Forms, found: tuple[Finding, ...], judge: Judge, waive: Callable[[Sequence[Finding]], tuple[Finding, ...]]
) -> tuple[Finding, ...]:
    """Return what is asked of a unit: `found` in its forms as they are, and what follows once that is corrected.

    `judge` finds what is wrong in given forms, `waive` makes notes of what a person waived; nothing follows from these.
    An expected value that nobody can name is taken back.
    """
    if not any(finding.expected is not None and finding.cell for finding in found):
        return waive(found)
    return _Round(forms, found, judge, waive).told()


class _Round:
    """One round of correction, thought through."""

    def __init__(
        self,
        forms: Forms,
        found: tuple[Finding, ...],
        judge: Judge,
        waive: Callable[[Sequence[Finding]], tuple[Finding, ...]],
    ) -> None:
        self._forms, self._as_is, self._judge, self._waive = forms, frozenset(found), judge, waive
        self._spots = _spots(forms)
        self._typed: dict[Place, str] = {}
        self._tries: dict[Place, int] = {}
        self._found = found

    def told(self) -> tuple[Finding, ...]:
        told = [finding for step in _STEPS for finding in self._at(step)]
        return tuple(self._in_place(finding) for finding in self._without_consequences(told))

    def _at(self, step: int) -> list[Finding]:
        """What is found in the cells of one step, the steps before done; its own values are typed when it returns."""
        told = self._here(step)
        for _ in range(_MOST_ROUNDS):
            new = {place: value for place, value in self._values(told).items() if self._typed.get(place) != value}
            if not new:
                return self._agreed(told)
            self._typed |= new
            self._found = self._judged(self._typed)
            more = [one for one in self._here(step) if one.severity == "must-fix" and not _among(one, told)]
            told = [*self._amended(told, {place: f for f in more if (place := _place(f)) in self._typed}), *(
                one for one in more if _place(one) not in self._typed
            )]  # fmt: skip
        endless = {place for place, value in self._values(told).items() if self._typed.get(place) != value}
        return self._agreed([replace(one, expected=None) if _place(one) in endless else one for one in told])

    def _agreed(self, told: list[Finding]) -> list[Finding]:
        """Let all that is asked of one cell name one value: the one that leaves it in order, none where none does."""
        named: dict[Place, dict[str, Finding]] = {}
        for finding in told:
            if self._is_asked(finding):
                named.setdefault(_place(finding), {})[finding.expected or ""] = finding
        for place, rivals in named.items():
            if len(rivals) > 1:
                best = next((value for value in rivals if not self._is_wrong(place, value)), None)
                told = [self._settled(one, rivals.get(best or ""), place) for one in told]
                self._typed.pop(place, None)
                self._typed |= {place: best} if best is not None else {}
                self._found = self._judged(self._typed)
        return told

    def _is_wrong(self, place: Place, value: str) -> bool:
        found = self._judged(self._typed | {place: value})
        return any(_place(one) == place and one.severity == "must-fix" for one in found)

    def _settled(self, finding: Finding, best: Finding | None, place: Place) -> Finding:
        if _place(finding) != place or not self._is_asked(finding):
            return finding
        if best is None:
            return replace(finding, expected=None)
        return finding if finding.expected == best.expected else _further(finding, best)

    def _here(self, step: int) -> list[Finding]:
        here = [self._marked(finding) for finding in self._found if self._step(finding) == step]
        return list(self._waive(here))

    def _amended(self, told: list[Finding], again: Mapping[Place, Finding]) -> list[Finding]:
        """Judge anew what is wrong even with the value that was expected; what never comes right gets no value.

        `again` is what is still wrong at each such place. Where the same value is expected as before, what is said of
        it then tells the value that the cell needs in the end.
        """
        if not again:
            return told
        for place in again:
            self._tries[place] = self._tries.get(place, 0) + 1
        before = self._judged({place: value for place, value in self._typed.items() if place not in again})
        kept = [finding for finding in told if _place(finding) not in again]
        for place in sorted(again):
            tried = self._typed[place]
            for finding in self._waive([self._marked(one) for one in before if _place(one) == place]):
                then = again[place] if finding.expected == tried else None
                if self._tries[place] >= _MOST_TRIES or (then and (then.expected is None or then.code == finding.code)):
                    kept.append(replace(finding, expected=None))
                    self._typed.pop(place, None)
                else:
                    kept.append(_further(finding, then) if then else finding)
        return kept

    def _values(self, told: Iterable[Finding]) -> dict[Place, str]:
        """The value that is asked for in each cell, the last where several are."""
        return {_place(finding): finding.expected or "" for finding in told if self._is_asked(finding)}

    def _is_asked(self, finding: Finding) -> bool:
        asked = finding.severity == "must-fix" and finding.code != _YEAR
        return asked and finding.expected is not None and _place(finding) in self._spots

    def _without_consequences(self, told: list[Finding]) -> list[Finding]:
        """Take back values that are the unit's to decide where they would bring something to correct.

        They are those of queries and the year: a form of another year may have been filed by mistake, and nothing else
        may be called wrong as if it were this year's.
        """
        asked = [f for f in told if f.expected is not None and _place(f) in self._spots]
        open_ones = [f for f in asked if f.severity == "query" or f.code == _YEAR]
        if not open_ones or not self._brings(open_ones):
            return told
        bad = {finding for finding in open_ones if self._brings([finding])}
        return [replace(finding, expected=None) if finding in bad else finding for finding in told]

    def _brings(self, decided: Iterable[Finding]) -> bool:
        values = {_place(finding): finding.expected or "" for finding in decided}
        known = {(finding.code, _place(finding)) for finding in self._judged(self._typed)}
        after = self._judged(self._typed | values)
        return any(f.severity == "must-fix" and (f.code, _place(f)) not in known for f in after)

    def _judged(self, typed: Mapping[Place, str]) -> tuple[Finding, ...]:
        return self._judge(_typed_in(self._forms, self._spots, typed))

    def _step(self, finding: Finding) -> int:
        spots = self._spots.get(_place(finding), ())
        return max((spot.step for spot in spots), default=0)

    def _marked(self, finding: Finding) -> Finding:
        """Say of what nobody saw in the form as it is that it follows from the other corrections."""
        if finding in self._as_is or not self._typed or finding.severity == "note":
            return finding
        remedy = _DO_SO.format(finding.expected) if finding.expected is not None else finding.remedy
        return replace(finding, message=f"{finding.message}{_FOLLOWS}", remedy=remedy)

    def _in_place(self, finding: Finding) -> Finding:
        """Give the expected value as it must stand in its cell, with whatever label stands there before it."""
        spots = self._spots.get(_place(finding))
        if finding.expected is None or not spots:
            return finding if finding.cell or finding.expected is None else replace(finding, expected=None)
        return replace(finding, expected=_as_it_stands(spots[0], finding.expected))


def _further(finding: Finding, then: Finding) -> Finding:
    """Ask for the value that a cell needs in the end, where the one first expected is wrong for another reason."""
    also = f"按“{finding.expected}”填仍有“{then.title}”的问题，应为“{then.expected}”。"
    remedy = f"请把这里改为“{then.expected}”，有疑问的请与财政部门核对。"
    return replace(finding, expected=then.expected, message=f"{finding.message}{also}", remedy=remedy)


def _among(finding: Finding, told: Iterable[Finding]) -> bool:
    """Whether the same is said of the same cell already, of a cell for which no value can be named."""
    return any(
        (one.code, _place(one)) == (finding.code, _place(finding)) and one.expected == finding.expected for one in told
    )


def _place(finding: Finding) -> Place:
    """The first cell of a finding."""
    return finding.file or "", finding.sheet or "", (finding.cell or "").split(":")[0]


# ---------------------------------------------------------------- forms and their cells


def _spots(forms: Forms) -> dict[Place, tuple[_Spot, ...]]:
    """Find every cell of these forms that holds a value."""
    found: dict[Place, tuple[_Spot, ...]] = {}
    for number, (source, submission) in enumerate(forms):
        for spot in _spots_of(number, submission):
            place = (source.path, spot.cell.sheet, spot.cell.address)
            found[place] = (*found.get(place, ()), spot)
    return found


def _spots_of(form: int, submission: Submission) -> Iterator[_Spot]:
    for key, cell in submission.cells.items():
        yield _Spot(form, "head", 0, key, cell, getattr(submission, _ATTRIBUTE.get(key, key), None))
    groups: tuple[tuple[str, tuple[BudgetLine | Indicator, ...]], ...] = (
        ("budget", submission.budget),
        ("indicators", submission.indicators),
    )
    for part, lines in groups:
        for at, line in enumerate(lines):
            for column, cell in line.cells.items():
                yield _Spot(form, part, at, column, cell, getattr(line, column, None))
    for at, entry in enumerate(submission.fields):
        yield _Spot(form, "fields", at, "number", entry.cell, entry.number if entry.number is not None else entry.text)


def _typed_in(forms: Forms, spots: Mapping[Place, tuple[_Spot, ...]], typed: Mapping[Place, str]) -> Forms:
    """Return the forms as they are once these values stand in their cells."""
    changed: list[Submission] = [submission for _, submission in forms]
    for place, text in typed.items():
        for spot in spots[place]:
            changed[spot.form] = _with(changed[spot.form], spot, text)
    return tuple((source, submission) for (source, _), submission in zip(forms, changed, strict=True))


def _with(submission: Submission, spot: _Spot, text: str) -> Submission:
    cell = replace(spot.cell, text=text, number=None, percent=False, date=None, flaw="")
    if spot.part == "head":
        cells = {**submission.cells, spot.column: cell}
        attribute = _ATTRIBUTE.get(spot.column, spot.column)
        value = _value(spot.column, text, submission.money_measure)
        if spot.column == "year" and value is not None:
            value = int(str(value))
        known: dict[str, Any] = {attribute: value} if hasattr(submission, attribute) else {}
        return replace(submission, cells=cells, **known)
    lines: list[Any] = list(getattr(submission, spot.part))
    line = lines[spot.line]
    if isinstance(line, Entry):
        lines[spot.line] = replace(line, text=text, number=_number(text), cell=cell)
    else:
        lines[spot.line] = _line_with(line, spot.column, text, cell, submission.money_measure)
    changed: dict[str, Any] = {spot.part: tuple(lines)}
    return replace(submission, **changed)


def _line_with(
    line: BudgetLine | Indicator, column: str, text: str, cell: Cell, measure: str
) -> BudgetLine | Indicator:
    value: object = _value(column, text, measure)
    if column == "target":  # the sign and the measure may stand in columns of their own
        beside = [line.cells[name].text if name in line.cells else "" for name in ("bound", "measure")]
        value = f"{beside[0]}{text}{beside[1]}"
    known: dict[str, Any] = {column: value} if hasattr(line, column) else {}
    return replace(line, cells={**line.cells, column: cell}, **known)


def _value(column: str, text: str, measure: str) -> object:
    if column not in _NUMBERS:
        return text
    number = _number(text)
    if number is None or column not in AMOUNT:
        return number
    return number / {"元": Decimal(10_000), "亿元": Decimal("0.0001")}.get(measure, Decimal(1))


def _number(text: str) -> Decimal | None:
    found = _NUMBER.fullmatch(text)
    return Decimal(text.rstrip("%％").replace(",", "").replace("，", "").replace("−", "-")) if found else None


def _as_it_stands(spot: _Spot, expected: str) -> str | None:
    """The whole text of a cell with the expected value in it; None where its place in the text can't be told."""
    text = spot.cell.text
    if spot.cell.number is not None or not text:
        return expected
    if spot.column in _NUMBERS or spot.part == "fields":
        tokens = list(_NUMBER.finditer(text))
        if len(tokens) != 1:
            tokens = [token for token in tokens if _number(token[0]) == spot.value]
        if not tokens:
            return expected if not re.search(r"[:：]", text) else None
        return f"{text[: tokens[0].start()]}{expected}{text[tokens[0].end() :]}" if len(tokens) == 1 else None
    own = str(spot.value or "")
    if not own or own == text or text.count(own) != 1:
        return expected
    return text.replace(own, expected)
