"""The hashes by which files and documents prove that they are as they were."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def file_hash(path: str | Path) -> str:
    """Return a file's SHA-256 in hex; raises OSError."""
    with open(path, "rb") as handle:  # noqa: PTH123 - names, some of which make no proper Path
        return hashlib.file_digest(handle, "sha256").hexdigest()


def document_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document, its own "sha256" left out, however it is indented or ordered.

    >>> document_hash({"a": 1, "b": 2}) == document_hash({"b": 2, "a": 1, "sha256": "any"})
    True
    """
    content = {key: value for key, value in document.items() if key != "sha256"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
