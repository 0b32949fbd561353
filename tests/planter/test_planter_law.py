"""The law of the returned copy: a unit that types every expected value into its cell has nothing left to correct."""

from pathlib import Path

import pytest
from planter.planter_law import attempt, attempt_backed, round_of
from planter.planter_slips import WAYS, Way

pytestmark = pytest.mark.command

SHARED = Path(__file__).parents[3] / "shared"
TYPED = [way for way in WAYS if way.name != "formula_never_computed"]
"""Slips that are typed; that one is made in the written file."""
FOREIGN = [
    path
    for path in sorted([*SHARED.glob("forms/*.xlsx"), *SHARED.glob("trial/forms/*.xlsx")])
    if "formula" not in path.stem  # openpyxl drops the stored results of formulas
]


@pytest.mark.parametrize("at", range(0, len(TYPED), 5))
def test_one_slip__closes_in_one_round(tmp_path: Path, at: int) -> None:
    """Totals follow the lines, grades the totals; where a person must decide, no value is named."""
    done = attempt(at, tmp_path, 1, TYPED[at])
    assert not done.left, done.told


@pytest.mark.parametrize("at", range(2, len(TYPED), 8))
def test_two_slips__close_in_one_round(tmp_path: Path, at: int) -> None:
    """What follows from one correction is told with it, also where it meets another."""
    done = attempt(at, tmp_path, 2, TYPED[at])
    assert not done.left, done.told


BACKED = [
    *(("executed_in_yuan",), ("executed_typed_as_budget",), ("source_typed_lower",)),
    *(("adjusted_typed_as_executed", "executed_in_yuan"), ("executed_in_yuan", "executed_column_in_yuan")),
    ("ten_thousands_under_yuan", "ten_thousands_column_under_yuan"),
]


@pytest.mark.parametrize("names", BACKED, ids="+".join)
def test_slips_in_money__with_the_bureaus_figures__close_in_one_round(tmp_path: Path, names: tuple[str, ...]) -> None:
    """The bureau's figure is what a total must come to in the end, whatever else is wrong with it."""
    ways = tuple(way for name in names for way in WAYS if way.name == name)
    done = attempt_backed(0, tmp_path, ways)
    assert done is None or not done.left, done.told


@pytest.mark.slow
@pytest.mark.parametrize("way", TYPED, ids=lambda way: f"{way.code}-{way.name}")
def test_slips_of_each_kind__with_the_bureaus_figures__close_in_one_round(tmp_path: Path, way: Way) -> None:
    """Three whole-unit forms for each kind of slip, alone and with one in the money."""
    money = [other for other in TYPED if other.code.startswith("M")]
    for seed in range(3):
        for ways in ((way,), (way, money[(TYPED.index(way) + seed) % len(money)])):
            done = attempt_backed(seed, tmp_path, ways)
            assert done is None or not done.left, done.told


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("way", TYPED, ids=lambda way: f"{way.code}-{way.name}")
def test_slips_of_each_kind__close_in_one_round(tmp_path: Path, way: object, count: int) -> None:
    """Three forms for each kind of slip, alone and with another."""
    for seed in range(100, 103):
        done = attempt(seed, tmp_path, count, way)
        assert not done.left, done.told


@pytest.mark.slow
@pytest.mark.skipif(not FOREIGN, reason="the shared forms are not here")
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_foreign_forms__close_in_one_round(tmp_path: Path, path: Path) -> None:
    """Published forms, with the slips that their units made."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    done = round_of(copy, path.name)
    assert not done.left, done.told
