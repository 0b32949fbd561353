"""Slips planted one at a time in forms in order: each is found with its code at its cell, and nothing else is said.

PLANTER=20 in the environment plants twenty times as many.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from planter.planter_slips import Way
from planter.planter_trial import WAYS, attempt

pytestmark = pytest.mark.command

TIMES = int(os.environ.get("PLANTER", "1"))
_WAYS_OF = Counter(way.code for way in WAYS)
TRIALS = [(way, seed) for way in WAYS for seed in range(-(-3 // _WAYS_OF[way.code]) * TIMES)]
"""At least three of each code, and at least one of each way to make it."""


@pytest.mark.parametrize(
    ("way", "seed"), TRIALS, ids=lambda value: f"{value.code}-{value.name}" if isinstance(value, Way) else str(value)
)
def test_a_slip__is_found_at_its_cell_and_nothing_else_is(tmp_path: Path, way: Way, seed: int) -> None:
    """One cause, one finding; what truly follows stands with the way it is made."""
    trial = attempt(way, seed, tmp_path)
    assert trial.found, trial.told
    assert not trial.false, trial.told


def test_every_check_of_one_form__is_planted() -> None:
    """No check of a single form goes without a slip."""
    wanted = {f"M0{n}" for n in (1, 2, 3, 4, 5, 6, 9)} | {"M11", "T01", "T03", "T04", "T06", "F07", "F11", "F12"}
    wanted |= {f"A{n:02d}" for n in range(1, 11)} | {"U06", "U07"}
    wanted |= {f"S{n:02d}" for n in range(1, 13)} - {"S06"}
    assert wanted <= set(_WAYS_OF)
