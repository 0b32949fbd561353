"""Frozen values in, bytes out, and back; only frozen values can come back, whatever the bytes say.

Python's own pickle, because it is quick: it is read by an unpickler that knows the project's frozen values (see
`model.value`), decimals and dates and nothing else, so that no byte can have anything else made or called.
"""

import datetime as dt
import io
import pickle
import sys
import zlib
from decimal import Decimal
from typing import Any

_PICKLE = b"\x80"
"""How a pickle begins, and nothing that is compressed."""
_SHORT = 512
"""So few bytes gain nothing by being compressed."""
_PLAIN: dict[tuple[str, str], object] = {
    (kind.__module__, kind.__qualname__): kind for kind in (Decimal, dt.date, dt.datetime, dt.timezone, dt.timedelta)
}


def pack(value: object) -> bytes:
    """Return the bytes of a value made of tuples, mappings, text, numbers, dates and frozen values.

    Raises TypeError for what has no bytes; any other value is refused by `unpack`.
    """
    try:
        data = pickle.dumps(value, protocol=5)
    except (pickle.PicklingError, AttributeError) as error:
        raise TypeError(str(error)) from error
    return zlib.compress(data, 1) if len(data) > _SHORT else data


def unpack(data: bytes) -> Any:
    """Return the value that `pack` turned into these bytes. Raises ValueError for any other bytes.

    >>> unpack(pack((Decimal("9.70"), dt.date(2024, 5, 30), {"a": None})))
    (Decimal('9.70'), datetime.date(2024, 5, 30), {'a': None})
    """
    try:
        whole = data if data[:1] == _PICKLE else zlib.decompress(data)
        return _Unpickler(io.BytesIO(whole)).load()
    except Exception as error:  # a pickle that isn't ours fails in any way there is
        raise ValueError(str(error)) from error


class _Unpickler(pickle.Unpickler):
    """An unpickler that makes the project's frozen values and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (known := _PLAIN.get((module, name))) is not None:
            return known
        kind = getattr(sys.modules.get(module), name, None) if module.startswith("evalbatch.") else None
        if not isinstance(kind, type) or "__frozen_value__" not in vars(kind):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return kind
