"""What a rule is asked about one row, and what it answers: a score with certainty, or a band for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.model import Cell, Expression, Indicator, Judgement
from evalbatch.scoring.fields import Fields
from evalbatch.scoring.words import rounded

_NOISE = 12
"""Decimals kept of a score before rounding: three times a third is one again, not 0.999…"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of one row: `exact` points, or the `band` for a person; `applies` False leaves it out."""

    because: str
    exact: Decimal | None = None
    band: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    inputs: tuple[Cell, ...] = ()
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a rule may look at for one indicator."""

    row: Indicator
    weight: Decimal
    target: Expression
    actual: Expression
    judgements: tuple[Judgement, ...]
    fields: Fields

    @property
    def inputs(self) -> tuple[Cell, ...]:
        """The cells of target and actual."""
        return tuple(self.row.cells[key] for key in ("target", "actual") if key in self.row.cells)


def certain(points: Decimal, because: str, inputs: Sequence[Cell] = ()) -> Ruling:
    """Rule one score."""
    return Ruling(because, rounded(points, _NOISE), inputs=tuple(inputs))


def open_to(weight: Decimal, because: str, inputs: Sequence[Cell] = ()) -> Ruling:
    """Leave the whole weight to a person."""
    return Ruling(because, band=(Decimal(0), weight), inputs=tuple(inputs))
