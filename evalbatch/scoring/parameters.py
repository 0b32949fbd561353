"""A cell of parameters in, keys and checked numbers out: 满分：≥95%；零分：60%."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from evalbatch.scoring.words import amount

Pairs = Sequence[tuple[str, str]]

_BOUND = re.compile(r"(>=|<=|≥|≤|>|<|不低于|不高于|不超过|高于|低于|超过)?(.+)")
_SIGN = {"不低于": "≥", "不高于": "≤", "不超过": "≤", ">=": "≥", "<=": "≤", "高于": ">", "超过": ">", "低于": "<"}
HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "≥": lambda value, limit: value >= limit,
    "≤": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
}
"""What each sign of a condition asks of a value and its limit."""


class ShapeError(ValueError):
    """The parameters don't fit the shape; the message says what should stand there, in Chinese."""


def read_pairs(text: str) -> Pairs:
    """Split a parameter cell: `满分：≥95%；零分：60%` has two pairs.

    >>> read_pairs("满分：≥95%；零分：60%")
    (('满分', '≥95%'), ('零分', '60%'))
    """
    pairs = []
    for piece in re.split(r"[;；\n]", text):
        if piece := piece.strip():
            key, _, value = piece.replace(":", "：").partition("：")
            pairs.append(("".join(key.split()), value.strip()))
    return tuple(pairs)


def bound(text: str) -> tuple[str, Decimal]:
    """Read ≥95% into its sign and its number."""
    match = _BOUND.fullmatch("".join(text.split()))
    read = amount(match[2]) if match else None
    if not match or read is None:
        raise ShapeError(f"“{text}”不是“≥95%”这样的条件")
    sign = match[1] or ""
    return _SIGN.get(sign, sign), read


def number_at(pairs: Pairs, key: str, otherwise: Decimal | None = None) -> Decimal:
    """Return the number under a key; `otherwise` where the key is not written."""
    text = dict(pairs).get(key)
    if text is None and otherwise is not None:
        return otherwise
    read = amount(text or "")
    if read is None:
        raise ShapeError(f"参数“{key}”应是数字，如“{key}：0.5”")
    return read


def only(pairs: Pairs, *known: str) -> None:
    """Refuse keys that a shape doesn't know, and keys written twice."""
    for key, _ in pairs:
        if key not in known:
            raise ShapeError(f"没有参数“{key}”，可用的有：{'、'.join(known) or '无'}")
    if len(dict(pairs)) != len(pairs):
        raise ShapeError("同一参数写了两次")


def directed(pairs: Pairs, key: str) -> tuple[bool, Decimal]:
    """Read a standard with its direction: whether less is better, and the number."""
    sign, limit = bound(dict(pairs).get(key, ""))
    if sign not in ("≥", "≤"):
        raise ShapeError(f"参数“{key}”要写明方向，如“{key}：≥95%”或“{key}：≤100%”")
    return sign == "≤", limit
