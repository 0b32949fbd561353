"""The hashes by which files and documents prove that they are as they were."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evalbatch.storage.disk import require_regular

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def file_hash(path: str | Path) -> str:
    """Return a file's SHA-256 in hex; raises OSError, for what is no regular file too."""
    require_regular(Path(path))
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def document_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document, its own "sha256" left out, however it is indented or ordered.

    >>> document_hash({"a": 1, "b": 2}) == document_hash({"b": 2, "a": 1, "sha256": "any"})
    True
    """
    told = hashlib.sha256()
    for piece in _pieces({key: value for key, value in sorted(document.items()) if key != "sha256"}):
        told.update(piece.encode("utf-8"))
    return told.hexdigest()


def _pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a document's text, a piece for each entry of its lists: as one text a district's takes many megabytes."""
    encode = _CANONICAL.encode
    for place, (key, value) in enumerate(document.items()):
        yield f"{',' if place else '{'}{encode(key)}:"
        if isinstance(value, list) and value:
            for number, entry in enumerate(value):
                yield ("," if number else "[") + encode(entry)
            yield "]"
        else:
            yield encode(value)
    yield "}" if document else "{}"
