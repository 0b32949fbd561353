"""Frozen values: what they promise to every room."""

import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from decimal import Decimal

import pytest
from unit_results import project_result, seed_result

from evalbatch import model


@pytest.mark.parametrize("result", [seed_result(), project_result()], ids=["seed", "projects"])
def test_values__sent_to_another_process__arrive_equal(result):
    """Every value of a unit's result survives pickling, nested ones and blanks too."""
    assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize("name", [name for name in model.__all__ if is_dataclass(getattr(model, name))])
def test_values__of_every_class__are_frozen_and_have_no_dict(name):
    """Nobody changes a value that others hold, nor hangs anything on it."""
    kind = getattr(model, name)
    value = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(kind)[0].name, 1)
    assert not hasattr(value, "__dict__")


def test_values__replaced__leave_the_old_one_as_it_was():
    """A changed copy is another value."""
    cell = model.Cell("表", 1, 2, "5", Decimal(5))
    other = replace(cell, text="6")
    assert (cell.text, other.text, other.number) == ("5", "6", Decimal(5))
