"""What a slip is: one thing wrong in a form in order, the cells it may be found at, and what truly follows from it."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from planter.planter_content import Form, Row, Unsuitable
from planter.planter_drawing import Place
from planter.planter_dresses import Dress

AfterDrawing = Callable[[Path, dict[str, Place]], None]


@dataclass
class Slip:
    """One planted slip. `cells` are keys of places, any of which is right; empty for a finding without a cell.

    `also` are the codes that truly follow, beyond what the contract silences. `then` changes the written workbook.
    """

    form: Form
    cells: tuple[str, ...]
    also: frozenset[str] = frozenset()
    then: AfterDrawing | None = None


@dataclass(frozen=True)
class Way:
    """One way to make a slip: which code it must be found as, and how it is made."""

    code: str
    name: str
    make: Callable[[random.Random, Form], Slip]
    needs: dict[str, bool] = field(default_factory=dict)

    def fits(self, dress: Dress) -> bool:
        return all(getattr(dress, flag) == value for flag, value in self.needs.items())

    def plant(self, rng: random.Random, form: Form) -> Slip:
        return self.make(rng, copy.deepcopy(form))


WAYS: list[Way] = []


def way(code: str, **needs: bool) -> Callable[[Callable[[random.Random, Form], Slip]], Callable[..., Slip]]:
    """Enter a way to make a slip; `needs` are flags that its dress must have."""

    def enter(make: Callable[[random.Random, Form], Slip]) -> Callable[..., Slip]:
        WAYS.append(Way(code, make.__name__, make, needs))
        return make

    return enter


def some(rng: random.Random, form: Form, test: Callable[[Row], bool]) -> tuple[int, Row]:
    """Pick one row that passes a test."""
    fitting = [(at, row) for at, row in enumerate(form.rows) if test(row)]
    if not fitting:
        raise Unsuitable
    return rng.choice(fitting)


def is_met(row: Row) -> bool:
    return row.fate == "met" and row.score == row.weight


def is_count(row: Row) -> bool:
    return row.wanted.kind == "count" and row.wanted.bound is not None


def swapped(number: Decimal, rng: random.Random) -> Decimal:
    """Two neighbouring digits in the wrong order, as typing hands do."""
    text = f"{number:f}"
    pairs = [
        at
        for at in range(len(text) - 1)
        if text[at].isdigit()
        and text[at + 1].isdigit()
        and text[at] != text[at + 1]
        and not (at == 0 and text[1] == "0")
    ]
    if not pairs:
        raise Unsuitable
    at = rng.choice(pairs)
    return Decimal(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
