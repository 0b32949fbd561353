"""Runs killed at random moments: nothing is torn, nobody is left behind, and the next run makes up for everything."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from many_units import many_units, unit_name, unit_workbook
from runs import ENVIRONMENT, EVALBATCH, bytes_of, left_of, start, watched

UNITS = 30
KILLS = int(os.environ.get("EVALBATCH_KILLS", "8"))
"""How many runs are killed; more on demand."""
OTHERS = "别人的文件夹"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc for processes"),
]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, float]:
    """A campaign after its first run with something sent in since; the same after an unbroken run; that run's time."""
    before = many_units(tmp_path_factory.mktemp("before") / "批次", UNITS)
    assert watched(before).code == 0
    for number in (0, 7):
        changed = unit_workbook(number, unit_name(number), f"无此单位{number}")
        (before / "inbox" / f"补报{number}.xlsx").write_bytes(changed)
    (before / "inbox" / f"{unit_name(3)}.xlsx").unlink()
    after = copied(before, tmp_path_factory.mktemp("after") / "批次")
    began = time.monotonic()
    assert watched(after).code == 0
    return before, after, time.monotonic() - began


def copied(campaign: Path, target: Path) -> Path:
    shutil.copytree(campaign, target)
    return target


def test_run__killed_at_random_moments__nothing_is_torn_and_the_next_run_makes_up(
    season: tuple[Path, Path, float], tmp_path: Path
) -> None:
    """The last complete set stands until the new one replaces it; then all bytes are the unbroken run's.

    Every fourth run is hit while its set goes in; half of these by renames, because something of somebody else's lies
    in the output folder. Then `evalbatch status` alone puts the rest in place.
    """
    before, after, seconds = season
    old, new = bytes_of(before / "output"), bytes_of(after / "output")
    assert old != new
    dice = random.Random(KILLS)
    moments: dict[str, int] = {}
    for number in range(KILLS):
        # A copy of its own keeps the campaign's name, which stands in the outputs.
        campaign = copied(before, tmp_path / str(number) / "批次")
        whole_group = number % 2 == 0
        if renamed := number % 8 == 7:
            (campaign / "output" / OTHERS).mkdir()
        run = start(campaign)
        if number % 4 == 3:
            until_outputs_go_in(run, campaign / "output", dice.uniform(0.0, 0.03 if renamed else 0.01))
        else:
            time.sleep(seconds * dice.uniform(0.0, 1.0))
        (os.killpg if whole_group else os.kill)(run.pid, signal.SIGKILL)
        run.wait()
        assert not left_of(run.pid), "processes were left behind"
        state = state_of(campaign / "output", old, new)
        moments[state] = moments.get(state, 0) + 1
        if state == "going in":
            assert subprocess.run([*EVALBATCH, "status", str(campaign)], env=ENVIRONMENT, check=False).returncode == 0
            assert state_of(campaign / "output", old, new) == "new"
        assert watched(campaign).code == 0
        assert differing(bytes_of(campaign / "output"), new) == []
        assert differing(bytes_of(campaign / "record"), bytes_of(after / "record")) == []
        assert not (campaign / "output" / ".staging").exists()
        assert not (campaign / ".output.part").exists()
        shutil.rmtree(campaign)
    print(moments)


def until_outputs_go_in(run: "subprocess.Popen[str]", output: Path, more: float) -> None:
    """Wait for the moment in which a set is put in place, which hardly any random moment meets, and a little more."""
    signs = (output / ".staging" / "plan.part", output.with_name(".output.part"))
    while not any(sign.exists() for sign in signs) and run.poll() is None:
        time.sleep(0.0005)
    time.sleep(more)


def state_of(output: Path, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Which set stands here: the old or the new one, or the new one going in with its plan beside it."""
    now = bytes_of(output)
    named = json.loads(now["run.json"])["outputs"]["all"]
    if all(now.get(name) == old[name] for name in named):
        return "old"
    if all(now.get(name) == new.get(name) for name in named):
        return "new"
    assert (output / ".staging" / "plan.part").exists(), "two sets are mixed, and no plan to finish"
    assert all(data in (old.get(name), new.get(name)) for name, data in now.items()), "a file is torn"
    return "going in"


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
