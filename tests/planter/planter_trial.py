"""One trial: a form in order, a slip in it, both drawn in one dress, and what was found against what must be."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from planter import planter_execution_slips, planter_indicator_slips, planter_money_slips, planter_score_slips
from planter.planter_checking import check
from planter.planter_content import Unsuitable, form_in_order
from planter.planter_drawing import Place, draw
from planter.planter_dresses import DRESSES, random_dress
from planter.planter_slips import WAYS, Slip, Way

from evalbatch.model import Finding

FAMILIES = (planter_money_slips, planter_execution_slips, planter_indicator_slips, planter_score_slips)
FOLLOWS = "改正以后的结果"
"""In a finding that tells what follows from the corrections, so that one round is enough."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")


@dataclass(frozen=True)
class Trial:
    """What became of a slip: whether it was found at its cell, and what else was said."""

    way: Way
    seed: int
    dress: str
    path: Path
    found: bool
    false: tuple[Finding, ...]
    said: tuple[Finding, ...]

    @property
    def told(self) -> str:
        lines = [f"{self.way.code} {self.way.name} seed={self.seed} {self.dress} {self.path.name} found={self.found}"]
        lines += [f"    {f.code} {f.cell} {f.message}" for f in (self.false if self.found else self.said)]
        return "\n".join(lines)


def attempt(way: Way, seed: int, folder: Path) -> Trial:
    """Plant a slip: forms are drawn until one suits it."""
    for more in range(400):
        rng = random.Random(f"{way.code}{way.name}{seed}{more}")
        named = [name for name, dress in DRESSES.items() if way.fits(dress)]
        name = rng.choice([*named, "random"])
        dress = DRESSES[name] if name != "random" else random_dress(rng)
        form = form_in_order(rng, rng.choice(("project", "project", "whole-unit")), changed=not dress.old)
        try:
            slip = way.plant(rng, form) if way.fits(dress) else None
        except Unsuitable:
            continue
        if slip is None:
            continue
        before, after = (
            folder / f"{way.code}_{way.name}_{seed}_order.xlsx",
            folder / f"{way.code}_{way.name}_{seed}.xlsx",
        )
        draw(before, [(form, dress)], random.Random(seed))
        [places] = draw(after, [(slip.form, dress)], random.Random(seed))
        if slip.then:
            slip.then(after, places)
        return _judged(way, seed, name, after, slip, places, check(before), check(after))
    raise AssertionError(f"no form suits {way.code} {way.name}")


def _judged(
    way: Way,
    seed: int,
    dress: str,
    path: Path,
    slip: Slip,
    places: dict[str, Place],
    before: tuple[Finding, ...],
    after: tuple[Finding, ...],
) -> Trial:
    own = [f for f in after if f.code == way.code and (not slip.cells or _is_at(f, slip, places))]
    known = {(f.code, place) for f in before for place in (f.cell, _unplaced(f))}
    false = tuple(
        f
        for f in after
        if f not in own
        and f.code not in slip.also
        and FOLLOWS not in f.message
        and not {(f.code, f.cell), (f.code, _unplaced(f))} & known
    )
    return Trial(way, seed, dress, path, bool(own), false, after)


def _unplaced(finding: Finding) -> str:
    """What a finding says, wherever its row has moved."""
    return finding.message.split("：", 1)[-1]


def _is_at(finding: Finding, slip: Slip, places: dict[str, Place]) -> bool:
    return any(key in places and _covers(finding.cell, places[key][1]) for key in slip.cells)


def _covers(cell: str | None, address: str) -> bool:
    span, one = _ADDRESS.fullmatch(cell or ""), _ADDRESS.fullmatch(address)
    if not span or not one:
        return False
    return span[1] == one[1] and int(span[2]) <= int(one[2]) <= int(span[4] or span[2])


__all__ = ["FAMILIES", "WAYS", "Trial", "attempt"]
