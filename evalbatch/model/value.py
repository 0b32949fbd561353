"""The decorator of every frozen value: a dataclass with slots that is quick to send to another process."""

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)
_Part = TypeVar("_Part")


@dataclass_transform(frozen_default=True)
def value(kind: _Class) -> _Class:
    """Make a class a frozen dataclass with slots.

    A run pickles some hundred values a workbook, several times; the standard library asks for a class's fields
    anew for each value, which took a third of the parent's time. `storage.packing` unpacks these classes and no others.

    >>> @value
    ... class Pair:
    ...     left: int
    ...     right: int = 2
    >>> Pair(1)
    Pair(left=1, right=2)
    """
    made: Any = dataclass(frozen=True, slots=True)(kind)
    names = [field.name for field in fields(made)]
    puts = [getattr(made, name).__set__ for name in names]
    take = attrgetter(*names, names[0])  # one name twice, so that the answer is a tuple for a class of one field too

    def put(self: object, state: tuple[Any, ...]) -> None:
        for put_one, one in zip(puts, state, strict=False):
            put_one(self, one)

    made.__frozen_value__ = True
    made.__getstate__ = lambda self: take(self)
    made.__setstate__ = put
    return made  # type: ignore[no-any-return]


def part_of(kind: type[_Part], whole: _Part) -> _Part:
    """Return of a value the part that its base class `kind` has, as a value of that class."""
    return kind(**{field.name: getattr(whole, field.name) for field in fields(kind)})  # type: ignore[arg-type]
