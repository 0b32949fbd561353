"""Forms in order, in every dress, are left in peace: a correct cell called wrong is the worst defect.

PLANTER=20 in the environment draws twenty times as many.
"""

import os
import random
from pathlib import Path

import pytest
from planter.planter_checking import check
from planter.planter_content import Unsuitable, form_in_order
from planter.planter_drawing import draw
from planter.planter_dresses import DRESSES, Dress, random_dress
from planter.planter_filling import fill_one, fill_unit

from evalbatch.model import Finding

TIMES = int(os.environ.get("PLANTER", "1"))
DUE = ("A10", "A05")
"""Notes that a form in order may bear: a target missed with its reason, a number that is not exact."""


def called_wrong(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.code} {f.cell} {f.message}" for f in findings if f.code not in DUE]


def drawn(path: Path, dress: Dress, rng: random.Random) -> list[str]:
    kind = rng.choice(("project", "project", "whole-unit"))
    form = form_in_order(rng, kind, year=rng.choice((2022, 2023, 2024)), changed=not dress.old)
    draw(path, [(form, dress)], rng)
    return called_wrong(check(path))


@pytest.mark.parametrize("name", DRESSES)
def test_a_form_in_order__in_each_dress__is_left_in_peace(tmp_path: Path, name: str) -> None:
    """Amounts, rates, scores and reasons in order, whatever labels and layout."""
    for seed in range(3 * TIMES):
        rng = random.Random(f"{name}{seed}")
        assert drawn(tmp_path / f"{seed}.xlsx", DRESSES[name], rng) == [], f"{name}, seed {seed}"


@pytest.mark.parametrize("seed", range(12 * TIMES))
def test_a_form_in_order__in_mixed_dresses__is_left_in_peace(tmp_path: Path, seed: int) -> None:
    """What dresses have, mixed at random."""
    rng = random.Random(f"mixed{seed}")
    assert drawn(tmp_path / "自评表.xlsx", random_dress(rng), rng) == []


@pytest.mark.parametrize("seed", range(3 * TIMES))
def test_two_forms_on_one_sheet__are_left_in_peace(tmp_path: Path, seed: int) -> None:
    """Two projects below each other."""
    rng = random.Random(f"two{seed}")
    dress = random_dress(rng)
    forms = [(form_in_order(rng, changed=not dress.old), dress) for _ in range(2)]
    forms[1][0].project += "（二期）"
    draw(tmp_path / "两张.xlsx", forms, rng)
    assert called_wrong(check(tmp_path / "两张.xlsx")) == []


@pytest.mark.parametrize("kind", ["project", "whole-unit", "workbook"])
@pytest.mark.parametrize("seed", range(2 * TIMES))
def test_the_built_in_forms_filled_in__are_left_in_peace(tmp_path: Path, kind: str, seed: int) -> None:
    """The bureau's own forms, alone and as a unit's workbook of three."""
    path = tmp_path / "填好.xlsx"
    for more in range(20):
        rng = random.Random(f"{kind}{seed}{more}")
        try:
            if kind == "workbook":
                fill_unit(path, form_in_order(rng, "whole-unit"), rng)
            else:
                fill_one(path, form_in_order(rng, kind), rng)
        except Unsuitable:
            continue
        break
    assert called_wrong(check(path)) == []
