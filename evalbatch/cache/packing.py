"""The house's frozen values in, bytes out, and back; only these values can come back, whatever the bytes say.

Python's own pickle, because it is quick: it is read by an unpickler that knows the house's values, decimals and dates
and nothing else, so that no byte can have anything else made or called.
"""

import datetime as dt
import io
import pickle
import zlib
from decimal import Decimal
from typing import Any

from evalbatch import model

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
)
_KNOWN = {(kind.__module__, kind.__qualname__): kind for kind in (*_CLASSES, Decimal, dt.date)}


def pack(value: object) -> bytes:
    """Return the bytes of a value made of tuples, mappings, text, numbers, dates and the house's readings and cards.

    Raises TypeError for what has no bytes; any other value is refused by `unpack`.
    """
    try:
        return zlib.compress(pickle.dumps(value, protocol=5), 1)
    except (pickle.PicklingError, AttributeError) as error:
        raise TypeError(str(error)) from error


def unpack(data: bytes) -> Any:
    """Return the value that `pack` turned into these bytes. Raises ValueError for any other bytes.

    >>> unpack(pack((Decimal("9.70"), dt.date(2024, 5, 30), {"a": None})))
    (Decimal('9.70'), datetime.date(2024, 5, 30), {'a': None})
    """
    try:
        return _Unpickler(io.BytesIO(zlib.decompress(data))).load()
    except Exception as error:  # a pickle that isn't ours fails in any way there is
        raise ValueError(str(error)) from error


class _Unpickler(pickle.Unpickler):
    """An unpickler that makes the house's values and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None
