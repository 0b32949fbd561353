"""A run with nothing to do: told before the house is imported, by every input's and every output's bytes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from many_units import many_units, unit_name
from runs import ENVIRONMENT, Here, bytes_of

from evalbatch.batch import run
from evalbatch.batch import standing as unchanged
from evalbatch.batch.run import run_batch
from evalbatch.batch.standing import left_standing
from evalbatch.campaign.folder import load_campaign
from evalbatch.model import Refused
from evalbatch.pool.local import Lost
from evalbatch.storage.lock import held
from evalbatch.unit import worker

UNITS = 2


class Losing(Here):
    """Workers of which one dies over a task of the function `over`."""

    over: Callable[..., Any] = worker.read_file

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        for position, result in super().run(function, tasks):
            yield position, Lost("died", "exit 1") if function is self.over and position == 0 else result


def ran(folder: Path, pool: type[Here] = Here, *, fresh: bool = False) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "Pool", pool)
        return run_batch(load_campaign(folder), folder / "output", fresh=fresh).record


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = many_units(tmp_path_factory.mktemp("unchanged") / "批次", UNITS)
    ran(folder)
    return folder


@pytest.fixture
def campaign(original: Path) -> Iterator[Path]:
    """The campaign that was run, in its place: a copy of it elsewhere would be another."""
    kept = original.with_name("kept")
    shutil.copytree(original, kept)
    yield original
    shutil.rmtree(original)
    kept.rename(original)


def test_left_standing__after_a_run__is_its_record(campaign: Path) -> None:
    """What is printed then is what the run itself printed."""
    assert left_standing(campaign, campaign / "output") == ran(campaign)


def test_left_standing__nothing_changed__the_command_imports_nothing_that_reads_or_writes(campaign: Path) -> None:
    """Neither pandas nor a worker is started for nothing."""
    watched = "import sys; from evalbatch.cli.main import main\ntry: main()\nfinally: print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", watched, "run", str(campaign)],
        env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    said, modules = done.stdout.rstrip().rsplit("\n", 1)
    assert f"名单上有单位{UNITS}个" in said
    assert {"evalbatch.batch.standing", "pandas", "evalbatch.batch.run", "evalbatch.intake.inbox", "rich"}.intersection(
        modules.split()
    ) == {"evalbatch.batch.standing"}


def flipped(path: Path) -> None:
    """Change one byte, neither size nor time."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file's byte": lambda at: flipped(at / "inbox" / f"{unit_name(0)}.xlsx"),
    "a file's time": lambda at: os.utime(at / "inbox" / f"{unit_name(0)}.xlsx", (1_700_000_000, 1_700_000_000)),
    "a file more": lambda at: (at / "inbox" / "说明.txt").write_text("说明", encoding="utf-8"),
    "a file less": lambda at: (at / "inbox" / f"{unit_name(0)}.xlsx").unlink(),
    "a folder more": lambda at: (at / "inbox" / "空").mkdir(),
    "no inbox": lambda at: (at / "inbox").rename(at / "away"),
    "settings": lambda at: flipped(at / "evalbatch.toml"),
    "the roster": lambda at: flipped(at / "units.xlsx"),
    "a scheme": lambda at: (at / "scheme.xlsx").write_bytes(b""),
    "approved targets": lambda at: (at / "approved_targets.xlsx").write_bytes(b""),
    "a form": lambda at: ((at / "input_templates").mkdir(), (at / "input_templates" / "甲.xlsx").write_bytes(b"")),
    "the record": lambda at: (at / "record" / "decisions.jsonl").write_text("", encoding="utf-8"),
    "the record less": lambda at: (at / "record" / "history.jsonl").unlink(),
    "an output's byte": lambda at: flipped(at / "output" / "汇总.xlsx"),
    "an output less": lambda at: next((at / "output" / "score_sheets").iterdir()).unlink(),
    "run.json": lambda at: flipped(at / "output" / "run.json"),
    "a run broken off": lambda at: (at / "output" / ".staging").mkdir(),
    "sealed": lambda at: ((at / "sealed").mkdir(), (at / "sealed" / "sealed.json").write_bytes(b"{}")),
    "the note": lambda at: (at / ".evalbatch" / "unchanged.json").write_bytes(b'{"shape": 1'),
    "the note's kind": lambda at: (at / ".evalbatch" / "unchanged.json").write_bytes(b"[]"),
    "another place": lambda at: shutil.copytree(at / "output", at / "output2"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_left_standing__anything_that_counts_changed__there_is_something_to_do(campaign: Path, change) -> None:
    """Contents count where they are the same in size and time; so does what wasn't there before."""
    change(campaign)
    output = campaign / "output2"
    assert left_standing(campaign, output if output.exists() else campaign / "output") is None


def test_left_standing__review_saved_or_gone__there_is_something_to_do(campaign: Path) -> None:
    """review.xlsx is noted as the run left it."""
    (campaign / "review.xlsx").write_bytes(b"anything")
    assert left_standing(campaign, campaign / "output") is None


def test_left_standing__another_program_or_library__there_is_something_to_do(campaign: Path, monkeypatch) -> None:
    """A newer version may read or write otherwise."""
    monkeypatch.setattr(unchanged, "_program", lambda: ["another"])
    assert left_standing(campaign, campaign / "output") is None


def test_left_standing__another_run_is_at_it__nothing_is_told(campaign: Path) -> None:
    """That run may be changing what would be told."""
    with held(campaign / unchanged.LOCK, "", Refused("")):
        assert left_standing(campaign, campaign / "output") is None


@pytest.mark.parametrize("over", [worker.read_file, worker.judge_unit, worker.write_unit])
def test_run__a_worker_died__the_next_run_tries_again(tmp_path: Path, over: Callable[..., Any]) -> None:
    """What another try may do better is not left standing, and comes out as if nothing had been."""
    folder = many_units(tmp_path / "批次", UNITS)
    ran(folder, type("LosingThis", (Losing,), {"over": staticmethod(over)}))
    without = bytes_of(folder / "output")
    assert left_standing(folder, folder / "output") is None
    again = ran(folder)
    assert left_standing(folder, folder / "output") == again
    made = bytes_of(folder / "output")
    ran(folder, fresh=True)
    assert bytes_of(folder / "output") == made != without
