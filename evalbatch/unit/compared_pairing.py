"""Two lists in, what belongs together out: in rounds, from the closest likeness to the loosest."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
Key = Callable[[T], Hashable | None]


@dataclass
class Paired(Generic[T]):
    """Pairs in the order of the second list, and what is left of each."""

    pairs: list[tuple[T, T]] = field(default_factory=list)
    only_first: list[T] = field(default_factory=list)
    only_second: list[T] = field(default_factory=list)


def pair(first: Sequence[T], second: Sequence[T], keys: Sequence[Key[T]]) -> Paired[T]:
    """Pair by each key in turn; those of one key by their order, and None pairs with nothing.

    >>> pair(["b1", "a1", "c1"], ["a2", "b2", "d2"], [lambda text: text[0]]).pairs
    [('a1', 'a2'), ('b1', 'b2')]
    """
    found: dict[int, int] = {}
    left = list(range(len(first)))
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for at in left:
            if (likeness := key(first[at])) is not None:
                waiting.setdefault(likeness, []).append(at)
        for at, item in enumerate(second):
            if at not in found and waiting.get(key(item)):
                found[at] = waiting[key(item)].pop(0)
        taken = set(found.values())
        left = [at for at in left if at not in taken]
    return Paired(
        [(first[found[at]], item) for at, item in enumerate(second) if at in found],
        [first[at] for at in left],
        [item for at, item in enumerate(second) if at not in found],
    )
