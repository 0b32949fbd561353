"""Filled workbooks in every dress, and the JSON that reading each must give, field by field and cell by cell."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evalbatch.reading.as_json import to_json
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook

HERE = Path(__file__).parent / "forms"
SHARED = Path(__file__).parents[3] / "shared" / "forms"
LEXICON = load_lexicon(())


def differences(wanted: Any, got: Any, path: str = "") -> Iterator[str]:
    """Everything that differs; keys that only the reader has are allowed, cells that only it has are not."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        extra = got.keys() - wanted.keys() if path.endswith("cells") else ()
        yield from (f"{path}/{key} was read from {got[key]}" for key in extra)
        for key in wanted:
            yield from differences(wanted[key], got.get(key), f"{path}/{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for order, (one, other) in enumerate(zip(wanted, got, strict=True)):
            yield from differences(one, other, f"{path}[{order}]")
    elif wanted != got:
        yield f"{path}: {wanted!r} read as {got!r}"


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


@pytest.mark.parametrize("path", files(HERE) + files(SHARED), ids=lambda path: path.stem)
def test_read_workbook__filled_form__is_exact_and_accounts_for_every_cell(path: Path) -> None:
    """Every field and address as expected, nothing unused, nothing doubtful."""
    reading = read_workbook(path.read_bytes(), LEXICON)
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    got = {"forms": [to_json(submission) for submission in reading.submissions]}
    assert list(differences(wanted, got)) == []
    assert reading.unused == ()
    assert reading.findings == ()
