"""The house's frozen values in, bytes out, and back; only these values can come back, whatever the bytes say.

Python's own pickle, because it is quick: it is read by an unpickler that knows the house's values, decimals and dates
and nothing else, so that no byte can have anything else made or called.
"""

import datetime as dt
import io
import pickle
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from evalbatch import model
from evalbatch.model import Evaluated

_Made = TypeVar("_Made")
_CLASSES: tuple[type, ...] = (
    model.BudgetLine,
    model.Cell,
    model.Entry,
    model.Expression,
    model.Finding,
    model.Indicator,
    model.Judgement,
    model.Part,
    model.PartJudgement,
    model.Reading,
    model.Scorecard,
    model.ScoredLine,
    model.Submission,
    model.Unit,
    model.UnitResult,
)
_PICKLE = b"\x80"
"""How a pickle begins, and nothing that is compressed."""
_SHORT = 512
"""So few bytes gain nothing by being compressed."""
_KNOWN: dict[tuple[str, str], object] = {
    **{(kind.__module__, kind.__qualname__): kind for kind in (*_CLASSES, Decimal, dt.date)},
    (model.AWAY.__module__, "AWAY"): model.AWAY,
}


def pack(value: object) -> bytes:
    """Return the bytes of a value made of tuples, mappings, text, numbers, dates and the house's readings and cards.

    Raises TypeError for what has no bytes; any other value is refused by `unpack`.
    """
    data = bundle(value)
    return zlib.compress(data, 1) if len(data) > _SHORT else data


def unpack(data: bytes) -> Any:
    """Return the value that `pack` turned into these bytes. Raises ValueError for any other bytes.

    >>> unpack(pack((Decimal("9.70"), dt.date(2024, 5, 30), {"a": None})))
    (Decimal('9.70'), datetime.date(2024, 5, 30), {'a': None})
    """
    if data[:1] == _PICKLE:
        return unbundle(data)
    try:
        whole = zlib.decompress(data)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return unbundle(whole)


def bundle(value: object) -> bytes:
    """Return the bytes of a value that consists of packed ones, so that each can be had without the others."""
    try:
        return pickle.dumps(value, protocol=5)
    except (pickle.PicklingError, AttributeError) as error:
        raise TypeError(str(error)) from error


def unbundle(data: bytes) -> Any:
    """Return the value that `bundle` turned into these bytes. Raises ValueError for any other bytes."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except Exception as error:  # a pickle that isn't ours fails in any way there is
        raise ValueError(str(error)) from error


def noted(form: Evaluated, make: Callable[[Evaluated], _Made]) -> _Made:
    """Give what `make` makes of a form: as it was noted when the form was judged, otherwise made now.

    Where all forms of a district lie side by side they are without their lines; `note` had said what is needed there.
    """
    kept = form.noted.get(_name(make))
    return make(form) if kept is None else unpack(kept)


def note(form: Evaluated, *makers: Callable[[Evaluated], object]) -> dict[str, bytes]:
    """Return what each of these makes of a form, packed, for `Evaluated.noted`."""
    return {_name(make): pack(make(form)) for make in makers}


def _name(make: Callable[[Evaluated], object]) -> str:
    return str(getattr(make, "func", make).__name__)  # a partial notes under the name of what it is part of


class _Unpickler(pickle.Unpickler):
    """An unpickler that makes the house's values and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None
