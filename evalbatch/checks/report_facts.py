"""What a report states about the whole unit, each figure with the sentence it stands in."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.text.folding import one_width


@dataclass(frozen=True, slots=True)
class Mention:
    """One figure or grade of a report: its value (万元, percent, points, or the grade's word), as written, and where.

    `step` is the value's last written digit (0.01 for 138.79万元, 0.0001 for 1387900元), so that a figure rounded
    for reading is known for what it is.
    """

    value: Decimal | str
    text: str
    sentence: str
    step: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report's figures for the whole unit, in the order of its sentences; () where it says nothing.

    `budget` is a budget of which the report does not say whether it is the initial or the adjusted one.
    """

    score: tuple[Mention, ...] = ()
    grade: tuple[Mention, ...] = ()
    initial: tuple[Mention, ...] = ()
    adjusted: tuple[Mention, ...] = ()
    budget: tuple[Mention, ...] = ()
    executed: tuple[Mention, ...] = ()
    rate: tuple[Mention, ...] = ()


def step_of(written: str) -> Decimal:
    """The weight of a number's last written digit.

    >>> step_of("138.79"), step_of("96")
    (Decimal('0.01'), Decimal('1'))
    """
    _, _, decimals = written.partition(".")
    return Decimal(1).scaleb(-len(decimals))


def flat(text: str) -> str:
    """A sentence in one width and without blanks, as patterns look at it.

    >>> flat("预算 １３８.79 万元，决算")
    '预算138.79万元,决算'
    """
    kept = (ch for ch in one_width(text) if unicodedata.category(ch) not in ("Cf", "Cc"))
    return "".join(ch for ch in kept if not ch.isspace())
