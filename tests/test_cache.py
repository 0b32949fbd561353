"""The cache: what was made once is not made again, and whatever happens to it, the outputs are the same."""

import contextlib
import os
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from campaign_folder import workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from many_units import SETTINGS, many_units, unit_name, unit_workbook
from runs import Here, bytes_of

from evalbatch.batch import judging, run
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.intake.inbox import list_inbox
from evalbatch.model import Cell, Part
from evalbatch.storage.cache import Cache, key_of
from evalbatch.storage.packing import pack, unpack
from evalbatch.unit import examine
from evalbatch.unit.preparation import setup_of

pytestmark = pytest.mark.command

UNITS = 3
A, B = key_of("a"), key_of("b")

# ---------------------------------------------------------------- packing

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.decimals(allow_nan=False), st.dates()
)  # fmt: skip
CELLS = st.builds(Cell, st.text(), st.integers(1), st.integers(1), st.text(), st.none() | st.decimals(allow_nan=False))
PARTS = st.builds(Part, st.just("="), st.none() | st.decimals(allow_nan=False) | st.dates() | st.text())
VALUES = st.recursive(
    SCALARS | CELLS | PARTS,
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_pack__any_value__comes_back_as_it_was(value: object) -> None:
    """Equal, of the same types, and written alike: 1.0 is not 1.00, and not True."""
    assert repr(unpack(pack(value))) == repr(value)


@given(st.binary())
def test_unpack__any_bytes__a_value_or_one_kind_of_error(data: bytes) -> None:
    """Bytes from a share can do nothing but be refused."""
    with contextlib.suppress(ValueError):
        unpack(data)


def test_pack__a_whole_campaign__comes_back_as_it_was(tmp_path: Path) -> None:
    """Readings and judgements of real workbooks, every value of them."""
    campaign = load_campaign(many_units(tmp_path / "批次", 1))
    setup = setup_of(campaign)
    [source] = list_inbox(campaign.inbox, setup.limits)
    reading = examine.read_file(campaign.inbox, source, setup)
    dossier = examine.Dossier(campaign.roster.units[0], tuple((source, one) for one in reading.submissions))
    forms, found = examine.judge_unit(dossier, setup)
    for value in (reading, tuple(form.card for form in forms), found):
        assert repr(unpack(pack(value))) == repr(value)


class Intruder:
    """What a hand-made pickle would have called."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.makedirs, ("made-by-a-pickle",)


@pytest.mark.parametrize("value", [{1}, Path("a"), os.getcwd, Intruder(), Cache(Path("a")), SETTINGS.encode()])
def test_unpack__anything_that_is_no_value__is_refused_and_nothing_called(value, tmp_path, monkeypatch) -> None:
    """Bytes from a share can make no other things, let alone do anything."""
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(ValueError):
        assert unpack(pack((value,))) == (value,)
    assert not list(tmp_path.iterdir())


def test_pack__what_has_no_bytes__is_not_kept() -> None:
    """It is made anew each time, and stops nothing."""
    with pytest.raises(TypeError):
        pack((lambda: None,))


# ---------------------------------------------------------------- the file


def test_cache__what_was_put__is_there_in_the_next_run_and_nothing_else(tmp_path: Path) -> None:
    """Values survive the process; an unknown key has none."""
    first = Cache(tmp_path / "c.sqlite")
    first.put([(A, b"1")])
    first.close()
    second = Cache(tmp_path / "c.sqlite")
    assert (second.get(A), second.get(B)) == (b"1", None)
    assert not second.notes


def test_cache__journal__is_a_rollback_journal(tmp_path: Path) -> None:
    """A write-ahead log would break on a network share."""
    cache = Cache(tmp_path / "c.sqlite")
    cache.put([(A, b"1")])
    cache.close()
    assert (tmp_path / "c.sqlite").read_bytes()[18:20] == b"\x01\x01"
    assert [path.name for path in tmp_path.iterdir()] == ["c.sqlite"]


def test_cache__not_used_by_three_runs__is_dropped(tmp_path: Path) -> None:
    """The file does not grow with every change; what is in use stays."""
    path = tmp_path / "c.sqlite"
    cache = Cache(path)
    cache.put([(A, b"1"), (B, b"2")])
    for _ in range(3):
        cache.sweep()
        cache.close()
        cache = Cache(path)
        assert cache.get(A) == b"1"
    cache.sweep()
    assert (cache.get(A), cache.get(B)) == (b"1", None)


@pytest.mark.parametrize("at", [0, 20, 100, 4096, 5000, 9000])
def test_cache__bytes_overwritten__wrong_values_are_never_given(tmp_path: Path, at: int) -> None:
    """Damage anywhere: a value is right or missing; a file that SQLite gives up is set aside and begun anew."""
    path = tmp_path / "c.sqlite"
    values = {key_of(number): bytes([number]) * 900 for number in range(20)}
    cache = Cache(path)
    cache.put(list(values.items()))
    cache.close()
    data = bytearray(path.read_bytes())
    data[at : at + 200] = os.urandom(200)
    path.write_bytes(data)
    cache = Cache(path)
    assert all(cache.get(key) in (value, None) for key, value in values.items())
    cache.put(list(values.items()))
    again = cache if cache.notes else Cache(path)
    assert all(again.get(key) in (value, None) for key, value in values.items())
    cache.close()


def test_cache__not_a_database__is_set_aside_and_begun_anew(tmp_path: Path) -> None:
    """Nothing is thrown away, and a second damage takes the next number."""
    path = tmp_path / "c.sqlite"
    for number in (1, 2):
        path.write_bytes(b"rubbish" * 1000)
        cache = Cache(path)
        assert cache.get(A) is None
        cache.put([(A, b"1")])
        assert cache.get(A) == b"1"
        assert f"c.damaged-{number}.sqlite" in cache.notes[0]
        cache.close()
        assert (tmp_path / f"c.damaged-{number}.sqlite").read_bytes() == b"rubbish" * 1000


def test_cache__held_by_another_program__is_done_without(tmp_path: Path) -> None:
    """A backup program holds the file: it is not damaged, the run goes on without it."""
    path = tmp_path / "c.sqlite"
    cache = Cache(path)
    cache.put([(A, b"1")])
    cache.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache = Cache(path)
    assert cache.get(A) is None
    assert "正被其他程序使用" in cache.notes[0]
    other.close()
    assert Cache(path).get(A) == b"1"


def test_cache__its_folder_can_not_be_made__is_done_without(tmp_path: Path) -> None:
    """The local disk of the settings is not there on this machine."""
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "c.sqlite")
    cache.put([(A, b"1")])
    assert cache.get(A) is None
    assert len(cache.notes) == 1


# ---------------------------------------------------------------- in a run


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign after two runs: the first writes review.xlsx, which the second reads."""
    folder = many_units(tmp_path_factory.mktemp("first") / "批次", UNITS)
    (folder / "inbox" / f"{unit_name(1)}.xlsx").write_bytes(unit_workbook(1, "≥", "大于"))
    done(folder)
    return folder


@pytest.fixture
def campaign(first: Path, tmp_path: Path) -> Path:
    target = tmp_path / "批次"
    shutil.copytree(first, target)
    return target


def done(folder: Path, fresh: bool = False) -> tuple[dict[str, int], tuple[str, ...]]:
    """Run; return how many tasks each stage had, and what the clerk was told."""
    counts: dict[str, int] = {}

    def note(stage: str, _: int, of: int) -> None:
        counts[stage] = of

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "Pool", Here)
        outcome = run_batch(load_campaign(folder), folder / "output", 1, note, fresh)
    return {stage: count for stage, count in counts.items() if count}, outcome.notes


def test_run__the_outputs_are_deleted__nothing_is_read_or_judged_again(campaign: Path) -> None:
    """They are written anew from what is known, and are the same bytes."""
    before = bytes_of(campaign / "output")
    shutil.rmtree(campaign / "output")
    counts, notes = done(campaign)
    assert counts == {"生成复核评分表": UNITS}
    assert notes == ()
    assert bytes_of(campaign / "output") == before


def test_run__nothing_changed__the_outputs_are_left_alone(campaign: Path) -> None:
    """Not one file is written anew, so that no share is kept busy and no sheet that somebody reads is replaced."""
    done(campaign)  # the copied campaign lies elsewhere, so that its first run is not one that changes nothing
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (campaign / "output").rglob("*")}
    assert done(campaign) == ({}, ())
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (campaign / "output").rglob("*")} == before


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["gone", "emptied"])
@pytest.mark.parametrize("pattern", ["汇总.xlsx", "run.json", "data/units.csv", "score_sheets/*1局*"])
def test_run__an_output_is_harmed_and_nothing_changed__it_is_made_good(campaign: Path, pattern: str, harm) -> None:
    """A run leaves the whole set, whatever became of the last one."""
    done(campaign)
    before = bytes_of(campaign / "output")
    for path in list((campaign / "output").glob(pattern)):
        harm(path)
    done(campaign)
    assert bytes_of(campaign / "output") == before


def test_run__fresh__everything_is_made_again(campaign: Path) -> None:
    """--fresh asks the cache for nothing, and the outputs are the same."""
    before = bytes_of(campaign / "output")
    counts, _ = done(campaign, fresh=True)
    assert (counts["读取"], counts["评分"], counts["生成复核评分表"]) == (UNITS, UNITS, UNITS)
    assert bytes_of(campaign / "output") == before


def test_run__one_file_changed__only_it_is_made_again(campaign: Path) -> None:
    """The outputs are those of a run without the cache."""
    (campaign / "inbox" / f"{unit_name(2)}.xlsx").write_bytes(unit_workbook(2, "≥", "不少于"))
    counts, _ = done(campaign)
    assert (counts["读取"], counts["评分"], counts["生成复核评分表"]) == (1, 1, 1)
    cached = bytes_of(campaign / "output")
    shutil.rmtree(campaign / ".evalbatch")
    done(campaign)
    assert bytes_of(campaign / "output") == cached


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "evalbatch.toml").write_text(
            SETTINGS + "deadline = 2024-01-01\n[limits]\nfile_mb = 20\n", encoding="utf-8"
        ),
        lambda folder: workbook(folder / "units.xlsx", [["单位名称", "应报表格"], [unit_name(0), "project"]]),
        lambda folder: (folder / "inbox" / f"{unit_name(0)}.xlsx").rename(folder / "inbox" / "另一个名字.xlsx"),
        lambda folder: os.utime(folder / "inbox" / f"{unit_name(0)}.xlsx", (1_700_000_000, 1_700_000_000)),
        lambda folder: shutil.copy(folder / "inbox" / f"{unit_name(0)}.xlsx", folder / "inbox" / "重复.xlsx"),
    ],
    ids=["settings", "roster", "name", "time", "duplicate"],
)
def test_run__what_else_counts_changed__the_outputs_are_those_without_the_cache(campaign: Path, change) -> None:
    """Settings, roster, names and times count as contents do."""
    change(campaign)
    done(campaign)
    cached = bytes_of(campaign / "output")
    done(campaign, fresh=True)
    assert bytes_of(campaign / "output") == cached


def test_run__a_reading_can_not_be_unpacked__it_costs_its_file_only(campaign: Path, monkeypatch) -> None:
    """What a worker sends is packed; if one outcome is of no use, the others are."""
    real, refused = judging._unpacked, unit_name(1)

    def unpacked(task: tuple[object, ...], data: bytes) -> object:
        if getattr(task[1], "path", "").startswith(refused):
            raise ValueError("no value of ours")
        return real(task, data)

    shutil.rmtree(campaign / ".evalbatch")
    monkeypatch.setattr(judging, "_unpacked", unpacked)
    outcome = run_batch(load_campaign(campaign), campaign / "output", 1)
    rejected = [file["path"] for file in outcome.record["files"] if file["status"] == "rejected"]
    assert rejected == [f"{refused}.xlsx"]


def test_run__the_cache_is_damaged__the_clerk_is_told_and_the_outputs_are_the_same(campaign: Path) -> None:
    """It is set aside and rebuilt: the run after has nothing to do."""
    before = bytes_of(campaign / "output")
    (campaign / ".evalbatch" / "cache.sqlite").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 100)
    counts, notes = done(campaign)
    assert counts["读取"] == UNITS
    assert any("缓存已损坏" in note for note in notes)
    assert bytes_of(campaign / "output") == before
    assert done(campaign) == ({}, ())


def test_run__cache_in_another_folder__two_campaigns_do_not_share_one(tmp_path: Path) -> None:
    """The setting moves it to a local disk; each campaign has its own file there."""
    for name in ("甲", "乙"):
        folder = many_units(tmp_path / name, 1, f'[cache]\nfolder = "{(tmp_path / "local").as_posix()}"\n')
        assert done(folder)[0]["读取"] == 1
        assert not (folder / ".evalbatch" / "cache.sqlite").exists()
    assert len(list((tmp_path / "local").glob("cache-*.sqlite"))) == 2


def test_key__decimals__are_told_apart_by_how_they_are_written() -> None:
    """10 and 10.0 are shown differently, so they make different outputs."""
    assert key_of(Decimal("10")) != key_of(Decimal("10.0"))
