"""The law of the returned copy, tried: every expected value typed into its cell as it stands, and judged again."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from planter import planter_trial
from planter.planter_checking import check, check_as
from planter.planter_content import Form, Unsuitable, form_in_order
from planter.planter_drawing import draw
from planter.planter_dresses import DRESSES, Dress, random_dress
from planter.planter_slips import WAYS, Way

from evalbatch.model import Finding, Unit

assert planter_trial  # importing it enters the ways to make a slip


Judge = Callable[[Path], tuple[Finding, ...]]


@dataclass(frozen=True)
class Round:
    """One form before and after: what was asked, and what must still be corrected that nobody had asked for."""

    name: str
    asked: tuple[Finding, ...]
    left: tuple[Finding, ...]

    @property
    def told(self) -> str:
        lines = [self.name, *(f"    asked {f.code} {f.cell} → {f.expected!r}: {f.message}" for f in self.asked)]
        return "\n".join([*lines, *(f"    LEFT {f.code} {f.cell} → {f.expected!r}: {f.message}" for f in self.left)])


def cells_of(reference: str) -> list[str]:
    left, top, right, bottom = range_boundaries(reference)
    return [f"{get_column_letter(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1)]


def type_in(path: Path, findings: Iterable[Finding], target: Path) -> None:
    """Write every expected value into its cell, as it stands in the list."""
    book = load_workbook(path)
    for finding in findings:
        if finding.expected is not None and finding.cell is not None and finding.sheet is not None:
            for cell in cells_of(finding.cell):
                book[finding.sheet][cell] = finding.expected
                book[finding.sheet][cell].data_type = "s"
    book.save(target)


def still_to_correct(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What must be corrected afterwards though nobody was asked to decide on it before."""
    decided = [f for f in before if f.expected is None and f.severity == "must-fix"]
    return tuple(f for f in after if f.severity == "must-fix" and not any(_same(f, one) for one in decided))


def _same(one: Finding, other: Finding) -> bool:
    failed = {"F11", "F12"}  # openpyxl drops a formula's stored result, be it an error
    if (one.code != other.code and {one.code, other.code} != failed) or one.sheet != other.sheet:
        return False
    return one.cell == other.cell or bool(set(cells_of(one.cell or "A1")) & set(cells_of(other.cell or "A1")))


def round_of(path: Path, name: str, judge: Judge = check) -> Round:
    """Check a workbook, type in what is expected, and check it again."""
    before = judge(path)
    target = path.with_name(f"{path.stem}_改正.xlsx")
    type_in(path, before, target)
    after = judge(target)
    return Round(name, tuple(f for f in before if f.severity == "must-fix"), still_to_correct(before, after))


def planted(form: Form, rng: random.Random, ways: tuple[Way, ...], dress: Dress) -> Form | None:
    """A form in order with these slips one after the other; None where they do not suit it."""
    for way in ways:
        try:
            slip = way.plant(rng, form) if way.fits(dress) else None
        except (Unsuitable, TypeError, AttributeError, ArithmeticError, IndexError):
            return None  # the second slip can't be made of what the first one left
        if slip is None or slip.then:
            return None
        form = slip.form
    return form


def attempt(seed: int, folder: Path, count: int, first: Way | None = None) -> Round:
    """Plant one or two slips, and close the round."""
    for more in range(400):
        rng = random.Random(f"law{seed}{more}{first.name if first else ''}{count}")
        named = [replace(dress, formulas=False) for dress in DRESSES.values()]
        dress = rng.choice([*named, replace(random_dress(rng), formulas=False)])
        ways = tuple(rng.sample(WAYS, count)) if first is None else (first, *rng.sample(WAYS, count - 1))
        in_order = form_in_order(rng, rng.choice(("project", "project", "whole-unit")), changed=not dress.old)
        form = planted(in_order, rng, ways, dress)
        if form is None:
            continue
        path = folder / f"law_{seed}_{'_'.join(way.name for way in ways)}.xlsx"
        draw(path, [(form, dress)], random.Random(seed))
        return round_of(path, f"{'+'.join(f'{w.code} {w.name}' for w in ways)} seed={seed} {path.name}")
    raise AssertionError(f"nothing suits {first}")


def bureaus_unit(form: Form) -> Unit:
    """The unit of a form in order with the bureau's own figures: those of the form's total."""
    total = form.money[0]
    return Unit(form.code, form.unit, initial=total.initial, adjusted=total.adjusted, executed=total.executed)


def attempt_backed(seed: int, folder: Path, ways: tuple[Way, ...]) -> Round | None:
    """Plant slips in a whole-unit form whose unit the roster has figures of, and close the round; None: unsuitable."""
    for more in range(60):
        rng = random.Random(f"backed{seed}{more}{ways}")
        named = [replace(dress, formulas=False) for dress in DRESSES.values() if not dress.old]
        dress = rng.choice(named)
        in_order = form_in_order(rng, "whole-unit")
        form = planted(in_order, rng, ways, dress)
        if form is None:
            continue
        path = folder / f"backed_{seed}_{'_'.join(way.name for way in ways)}.xlsx"
        draw(path, [(form, dress)], random.Random(seed))
        judge = partial(check_as, unit=bureaus_unit(in_order), year=in_order.year)
        return round_of(path, f"{[way.name for way in ways]} seed={seed}", judge)
    return None
