"""A form and its scheme in, the compulsory places that it leaves blank out."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import BudgetLine, Cell, Submission
from evalbatch.model.words import AMOUNT
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.words import plain

EXECUTED, INDICATORS, FIGURES = "全年执行数", "绩效指标", "数据"
PLACES = {
    "项目名称": "project.name",
    "预期目标": "goal",
    "实际完成情况": "goal_actual",
    "总分": "total_score",
    "等级": "grade",
}
"""The places of a form's head and foot that a scheme may ask for, by the names that its sheet 必填内容 gives them."""
NAMES = (*PLACES, EXECUTED, INDICATORS, FIGURES)
"""All that sheet may name besides the fields of a data form."""
_FIELD = "数据·"


@dataclass(frozen=True, slots=True)
class Blank:
    """One compulsory place without content: its name, what a check calls it, and its cell where the form shows one."""

    name: str
    thing: str
    cell: Cell | None = None


def blanks_of(submission: Submission, scheme: Scheme) -> tuple[Blank, ...]:
    """Name what a form must hold and does not, in the order of the scheme.

    A place that the form doesn't have is none; a cell that holds anything, be it a dash or words that nobody can
    read, is no blank.
    """
    found = tuple(blank for name in scheme.compulsory(submission) for blank in _blanks(name, submission))
    named = any(blank.thing.startswith(_FIELD) for blank in found)
    return tuple(blank for blank in found if not (named and blank.thing == FIGURES))


def _blanks(name: str, submission: Submission) -> Iterator[Blank]:
    if name == EXECUTED:
        yield from _money(submission)
    elif name == INDICATORS:
        if not submission.indicators and "indicators" in submission.cells:
            yield Blank(name, name, submission.cells["indicators"])
    elif name == FIGURES:
        figures = [entry for entry in submission.fields if entry.measure]
        if not any(entry.number is not None for entry in submission.fields):
            yield Blank("数据表的各项数字", FIGURES, figures[0].cell if figures else None)
    elif name in PLACES:
        cell = submission.cells.get(PLACES[name])
        attribute = {"project.name": "project"}.get(PLACES[name], PLACES[name])
        if cell is not None and _is_blank(cell) and getattr(submission, attribute) is None:
            yield Blank(name, name, cell)
    else:
        for entry in submission.fields:
            if plain(entry.name) == plain(name) and entry.number is None and not entry.text and _is_blank(entry.cell):
                yield Blank(entry.name, f"{_FIELD}{entry.name}", entry.cell)


def _money(submission: Submission) -> Iterator[Blank]:
    """The executed amount where a budget is given; and the budget too where the whole row of the total is blank."""
    row = submission.total_line
    if row is None:
        return
    others = [line for line in submission.budget if line is not row]
    if row.executed is not None or any(line.executed is not None for line in others):
        return
    if row.divisor is None and any(_given(line) for line in (row, *others)):
        return
    budget = row.divisor
    if budget == Decimal(0):
        return
    for column, name in AMOUNT.items():
        cell = row.cells.get(column)
        if cell is not None and _is_blank(cell) and (column == "executed" or budget is None):
            yield Blank(name, f"资金·{name}", cell)


def _given(line: BudgetLine) -> bool:
    return any(amount is not None for amount in (line.initial, line.adjusted, line.executed))


def _is_blank(cell: Cell) -> bool:
    return not cell.text.strip() and cell.number is None and cell.date is None and not cell.flaw
