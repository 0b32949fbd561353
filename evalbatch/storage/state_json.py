"""The one reader of the JSON that this program keeps: bounded, of the types it writes, one kind of error.

A file of the program's own may have been edited, cut off, or replaced by a folder or a pipe. Whoever reads one gets a
document of the shape that it asked for, or ValueError (OSError where there is no file to read).
"""

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 512 << 20
"""A province's run.json has some 60 MB."""
Shape = Any
"""A type, a tuple of types, a frozenset of the values allowed, [shape of each], Each(shape of each value), or a dict of
shapes by key; a key that ends in "?" may be missing."""
TEXT, MAYBE_TEXT = str, (str, type(None))
NUMBER, MAYBE_NUMBER = (int, float), (int, float, type(None))


@dataclass(frozen=True, slots=True)
class Each:
    """The shape of a mapping whose keys are any texts and whose values are all alike."""

    value: Shape


def read_json(path: Path, shape: Shape = dict) -> dict[str, Any]:
    """Read a document of this shape; raises OSError where it can't be read, ValueError where it is another."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise IsADirectoryError(f"{path} is no regular file")
    if found.st_size > MOST_BYTES:
        raise ValueError("too large")
    return parsed(path.read_bytes(), shape)


def parsed(data: bytes | str, shape: Shape = dict) -> dict[str, Any]:
    """Parse a document of this shape; raises ValueError for anything else.

    >>> parsed('{"sealed": true}', {"sealed": bool, "archives?": Each(str)})
    {'sealed': True}
    """
    try:
        document = json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(document, dict) or not fits(document, shape):
        raise ValueError("another shape")
    return document


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def fits(value: Any, shape: Shape) -> bool:
    """Whether a value is of a shape; True and False are no numbers.

    >>> fits({"a": [1, 2]}, {"a": [int], "b?": str}), fits({"a": [True]}, {"a": [int]})
    (True, False)
    """
    if isinstance(shape, dict):
        return isinstance(value, Mapping) and all(
            fits(value[name], inner) if (name := key.removesuffix("?")) in value else key[-1] == "?"
            for key, inner in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, Each):
        return isinstance(value, Mapping) and all(fits(one, shape.value) for one in value.values())
    if isinstance(shape, frozenset):
        return isinstance(value, str) and value in shape
    if isinstance(value, bool):
        return shape is bool or (isinstance(shape, tuple) and bool in shape)
    return isinstance(value, shape)
