"""What is refused, and what is read in spite of its odd dress."""

from decimal import Decimal

import pytest
from hostile import HOSTILE, ODD

from evalbatch.intake.preflight import preflight
from evalbatch.model import Refused
from evalbatch.reading.grid import read_grids
from evalbatch.xlsx.limits import Limits

pytestmark = pytest.mark.command

LIMITS = Limits()


@pytest.mark.parametrize(("make", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_workbook__is_refused_by_both_doors(make, code):
    """A workbook that would hurt is refused with its code, a sentence and a remedy, before any reader sees it."""
    data = make()
    for door in (lambda: preflight(data, LIMITS), lambda: read_grids(data)):
        with pytest.raises(Refused) as refused:
            door()
        assert refused.value.code == code
        assert refused.value.message.endswith("。")
        assert refused.value.remedy.endswith("。")


@pytest.mark.parametrize("make", [case[1] for case in ODD], ids=[case[0] for case in ODD])
def test_sound_workbook_in_odd_dress__is_read(make):
    """What Excel would open is read, however it was written."""
    data = make()
    preflight(data, LIMITS)
    (grid,) = read_grids(data)
    assert {cell.address: (cell.text, cell.number) for cell in grid.cells.values()} == {
        "A1": ("得分", None),
        "B1": ("96.5", Decimal("96.5")),
    }
