"""Nothing that is written into a form vanishes: it is a value, unused, or quoted by a finding."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evalbatch.model import Cell, Grid, Reading
from evalbatch.reading.as_json import to_json
from evalbatch.reading.flaws import places_of
from evalbatch.reading.grid import read_grids
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.numbers import number_of
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())
HERE = Path(__file__).parent
FORMS = sorted([*(HERE / "forms").glob("*.xlsx"), *(HERE / "published").glob("*.xlsx")])
WRITTEN = ("戊己（固定）", "7.7戊己", "约戊己", "戊己：见附件", "√戊己", "2024年5月32日戊己", "戊己%")
"""What people write where a number, a date or a word belongs; the two letters stand in no form."""
EACH = 12
"""Places tried of each form."""


def all_said(reading: Reading) -> str:
    """Everything that `inspect` prints of a workbook."""
    parts = (
        [to_json(form) for form in reading.submissions],
        [cell.text for cell in reading.unused],
        [(finding.message, finding.value) for finding in reading.findings],
    )
    return json.dumps(parts, ensure_ascii=False, default=str)


def places(grids: tuple[Grid, ...]) -> Iterator[Cell]:
    """Every place of a field, blank ones too."""
    for form in read_sheets(grids, LEXICON).submissions:
        for key, cell in places_of(form):
            in_a_label = key == "weight" and bool(cell.text) and number_of(cell) is None  # 预算执行情况（20分）
            if key not in ("level1", "level2") and not in_a_label:
                yield cell


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_what_is_written_into_a_field__is_never_lost(path: Path) -> None:
    """Words in any field of any form, number fields and dates too, show up somewhere."""
    rng = random.Random(path.stem)
    grids = read_grids(path.read_bytes())
    every = list(places(grids))
    lost = []
    for place in rng.sample(every, min(EACH, len(every))):
        text = rng.choice(WRITTEN)
        changed = [
            replace(
                grid,
                cells={
                    **grid.cells,
                    (place.row, place.column): replace(place, text=text, number=None, percent=False, date=None),
                },
            )
            if grid.sheet == place.sheet
            else grid
            for grid in grids
        ]
        if "戊己" not in all_said(read_sheets(changed, LEXICON)):
            lost.append((place.address, place.text, text))
    assert lost == []
