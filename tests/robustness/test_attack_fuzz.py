"""Workbooks and settings changed at random: a sentence at most, and the clean units' results are untouched."""

import contextlib
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from campaign_folder import workbook
from many_units import many_units, unit_name, unit_workbook
from robustness.attacked import evalbatch, results
from runs import bytes_of

from evalbatch.campaign.folder import load_campaign
from evalbatch.model import Refused
from evalbatch.review.load import load_review
from evalbatch.unit.examine import scheme_of
from evalbatch.unit.preparation import setup_of

TIMES = int(os.environ.get("EVALBATCH_FUZZ_TIMES", "200"))
SCHEME = Path(__file__).parents[2] / "examples" / "own-rules-2024" / "scheme.xlsx"
VALUES = (
    None, "", "=1/0", "nan", 1e308, -1, "9" * 400, "\u202e", "a\nb", True, 0.5, "x" * 32_000, "'", "<", "2024-13-45",
    "；", "1e999", "∞", "全部", 10**30,
)  # fmt: skip
PIECES = (b"9" * 400, b"\0", b"[[", b'"', b"nan", b"\xff", b"<a>", b"-1", b"1979-05-27")


def changed_bytes(data: bytes, chance: random.Random) -> bytes:
    """A few bytes dropped, put in or put in place of others."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(made) + 1)
        how = chance.randrange(3)
        until = at + (chance.randint(1, 20) if how == 0 else how % 2)
        made[at:until] = b"" if how == 0 else bytes([chance.randrange(256)]) if how == 1 else chance.choice(PIECES)
    return bytes(made)


def changed_part(data: bytes, chance: random.Random) -> bytes:
    """One part of a workbook changed, or left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            if name != chosen:
                new.writestr(name, old.read(name))
            elif chance.random() > 0.1:
                new.writestr(name, changed_bytes(old.read(name), chance))
    return made.getvalue()


def changed_cells(data: bytes, chance: random.Random) -> bytes:
    """A few cells that hold what nobody writes there."""
    book, made = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    for _ in range(chance.randint(1, 4)):
        sheet = chance.choice(book.worksheets)
        cell = sheet.cell(chance.randint(1, max(sheet.max_row, 2)), chance.randint(1, max(sheet.max_column, 2)))
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = chance.choice(VALUES)
    book.save(made)
    return made.getvalue()


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (changed_bytes, changed_part, changed_cells)


@pytest.mark.slow
def test_run__workbooks_changed_at_random__cost_themselves(tmp_path: Path) -> None:
    """Each changed workbook is of a unit of its own; the clean units have the same results as without them."""
    chance, clean, count = random.Random(1), 3, 3 + TIMES
    campaign = many_units(tmp_path / "批次", clean)
    workbook(campaign / "units.xlsx", [["单位编码", "单位名称"], *([f"{n:05d}", unit_name(n)] for n in range(count))])
    evalbatch("run", campaign).assert_in_words(0)
    alone = results(campaign)["units"][:clean]
    own = [unit["score_sheet"] for unit in alone]
    before = bytes_of(campaign / "output")
    for number in range(clean, count):
        changed = chance.choice(WAYS)(unit_workbook(number), chance)
        (campaign / "inbox" / f"{unit_name(number)}.xlsx").write_bytes(changed)
    evalbatch("run", campaign, "--workers", "2", seconds=60 + 3 * TIMES).assert_in_words(0)
    after = bytes_of(campaign / "output")
    assert [before[name] for name in own] == [after[name] for name in own]
    said = [(unit["status"], unit["verified_score"]) for unit in results(campaign)["units"][:clean]]
    assert said == [(unit["status"], unit["verified_score"]) for unit in alone]


@pytest.mark.slow
def test_settings__changed_at_random__are_taken_or_refused_in_words(tmp_path: Path) -> None:
    """Settings, roster, scheme and decisions, one of them changed at a time."""
    chance, campaign = random.Random(2), many_units(tmp_path / "批次", 2)
    (campaign / "scheme.xlsx").write_bytes(SCHEME.read_bytes())
    evalbatch("run", campaign).assert_in_words(0)
    names = ("evalbatch.toml", "units.xlsx", "scheme.xlsx", "review.xlsx")
    kept = {name: (campaign / name).read_bytes() for name in names if (campaign / name).exists()}
    for _ in range(TIMES):
        name = chance.choice(list(kept))
        way = changed_bytes if name.endswith(".toml") else chance.choice(WAYS)
        (campaign / name).write_bytes(way(kept[name], chance))
        scheme_of.cache_clear()
        with contextlib.suppress(Refused):
            scheme_of(setup_of(load_campaign(campaign)).scheme)
            load_review(campaign / "review.xlsx", 2023)
        (campaign / name).write_bytes(kept[name])
