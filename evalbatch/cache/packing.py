"""The house's frozen values in, bytes out, and back; only these values can come back, whatever the bytes say.

JSON: a list of entries, each [number of its class, field, field, …]; a field in brackets points at an earlier
entry. A value that several others share is there once and shared again when it comes back.
"""

import datetime as dt
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields
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
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _CLASSES}
_MAKERS: tuple[Callable[..., Any], ...] = (
    lambda *items: items,
    lambda *items: dict(zip(items[::2], items[1::2], strict=True)),
    Decimal,
    dt.date.fromisoformat,
    *_CLASSES,
)
_TUPLE, _MAPPING, _DECIMAL, _DATE = range(4)
_NUMBERS: dict[type, int] = {kind: number for number, kind in enumerate(_CLASSES, start=4)}
_PLAIN = (str, int, bool, type(None))


def pack(value: object) -> bytes:
    """Return the bytes of a value made of tuples, mappings, text, numbers, dates and the house's readings and cards.

    Raises TypeError for anything else.
    """
    packer = _Packer()
    packer.entries.append([_TUPLE, packer.field(value)])
    return zlib.compress(json.dumps(packer.entries, separators=(",", ":")).encode("ascii"), 1)


def unpack(data: bytes) -> Any:
    """Return the value that `pack` turned into these bytes. Raises ValueError for any other bytes.

    >>> unpack(pack((Decimal("9.70"), dt.date(2024, 5, 30), {"a": None})))
    (Decimal('9.70'), datetime.date(2024, 5, 30), {'a': None})
    """
    made: list[Any] = []
    try:
        for number, *parts in json.loads(zlib.decompress(data)):
            made.append(_MAKERS[number](*[made[part[0]] if part.__class__ is list else part for part in parts]))
        return made[-1][0]
    except (zlib.error, LookupError, TypeError, ArithmeticError) as error:
        raise ValueError(str(error)) from error


class _Packer:
    """Entries so far, and where each value lies: dataclasses by identity, the rest by what they say."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self._places: dict[object, list[int]] = {}

    def field(self, value: Any) -> Any:
        """Return what stands for a value in a field."""
        kind = value.__class__
        if kind in _PLAIN:
            return value
        key = (kind, str(value)) if kind in (Decimal, dt.date) else id(value)
        place = self._places.get(key)
        if place is None:
            self.entries.append(self._entry(kind, value))
            place = self._places[key] = [len(self.entries) - 1]
        return place

    def _entry(self, kind: type, value: Any) -> list[Any]:
        if kind in _NUMBERS:
            return [_NUMBERS[kind], *[self.field(getattr(value, name)) for name in _NAMES[kind]]]
        if kind is tuple:
            return [_TUPLE, *[self.field(item) for item in value]]
        if kind is Decimal:
            return [_DECIMAL, str(value)]
        if kind is dt.date:
            return [_DATE, value.isoformat()]
        if isinstance(value, Mapping):
            return [_MAPPING, *[self.field(one) for pair in value.items() for one in pair]]
        raise TypeError(f"{kind.__name__} is not kept")
