"""Drawings of forms in, what is read out of them out, as objects and as lines of text."""

from reading.drawn import drawn

from evalbatch.model import BudgetLine, Indicator, Reading, Submission
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())


def read(*drawings: str) -> Reading:
    return read_sheets([drawn(text, f"表{order}") for order, text in enumerate(drawings, 1)], LEXICON)


def only(drawing: str) -> Submission:
    """Read a drawing that holds exactly one form without anything doubtful."""
    reading = read(drawing)
    assert reading.findings == ()
    [submission] = reading.submissions
    return submission


def money(line: BudgetLine) -> str:
    """One row of money as a line of text."""
    values = (line.initial, line.adjusted, line.executed, line.weight, line.rate, line.score)
    return " ".join([line.item, line.kind, *("-" if value is None else f"{value.normalize():f}" for value in values)])


def row(one: Indicator) -> str:
    """One indicator as a line of text."""
    values = (one.level1, one.level2, one.name, one.target, one.actual, one.weight, one.score, one.reason)
    return " ".join("-" if value is None else str(value) for value in values)
