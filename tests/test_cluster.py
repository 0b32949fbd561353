"""The same work over a Dask cluster as in this machine's own pool: a real scheduler, real worker processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from many_units import many_units
from runs import bytes_of

from evalbatch.model import Refused
from evalbatch.pool.cluster import Cluster
from evalbatch.pool.local import Lost, Pool

pytestmark = pytest.mark.slow

pytest.importorskip("distributed", reason="the extra evalbatch[cluster] is not installed")
MEMORY = 1 << 30


def square(number: int) -> int:
    return number * number


def slowly(number: int, seconds: float) -> int:
    time.sleep(seconds)
    return number


def die() -> None:
    os._exit(7)


class House:
    """A scheduler and its worker processes on this machine."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.address_file = folder / "scheduler.json"
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                   "--no-dashboard", "--scheduler-file", str(self.address_file)]  # fmt: skip
        env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
        self.env, self.folder = env, folder
        self.processes = [subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, cwd=folder)]
        until = time.monotonic() + 30
        while not self.address_file.exists():
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.1)
        for _ in range(workers):
            self.start_worker()

    @property
    def address(self) -> str:
        import json

        return str(json.loads(self.address_file.read_text())["address"])

    def start_worker(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny",
                   "--no-dashboard", "--local-directory", str(self.folder)]  # fmt: skip
        worker = subprocess.Popen(command, env=self.env, stderr=subprocess.DEVNULL, cwd=self.folder)
        self.processes.append(worker)
        return worker

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("cluster"), 2)
    try:
        yield made
    finally:
        made.close()


def test_cluster__same_tasks__same_results_as_the_pool(house: House) -> None:
    """Positions and results are those of the pool at home."""
    tasks = [(number,) for number in range(40)]
    with Cluster(house.address, 20, MEMORY) as cluster, Pool(1, 20, MEMORY) as pool:
        assert dict(cluster.run(square, tasks)) == dict(pool.run(square, tasks))


def test_cluster__task_that_hangs_or_dies__costs_itself_only(house: House) -> None:
    """Limits hold on the worker's machine, and the worker lives on."""
    with Cluster(house.address, 1, MEMORY) as cluster:
        assert dict(cluster.run(slowly, [(1, 0.0), (2, 30.0)])) == {0: 1, 1: Lost("time", "1")}
        ((_, lost),) = cluster.run(die, [()])
        assert isinstance(lost, Lost)
        assert lost.cause == "died"
        assert dict(cluster.run(square, [(3,)])) == {0: 9}


def test_cluster__worker_killed_in_the_middle__costs_only_time(house: House) -> None:
    """What the dead worker held is done by the other."""
    worker = house.processes[-1]
    with Cluster(house.address, 20, MEMORY) as cluster:
        results = {}
        for done, (position, result) in enumerate(cluster.run(slowly, [(n, 0.05) for n in range(40)])):
            results[position] = result
            if done == 4:
                worker.kill()
        assert results == {number: number for number in range(40)}
        assert worker.wait() != 0
    house.start_worker()


def test_cluster__place_that_a_worker_cannot_see__is_refused(house: House, tmp_path: Path) -> None:
    """Said before anything runs, with its name."""
    with pytest.raises(Refused, match="nowhere"):
        Cluster(house.address, 20, MEMORY, [tmp_path / "nowhere"])


@pytest.mark.slow
def test_cluster__what_answers_is_no_scheduler__is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never says what a scheduler says would be waited for without end."""
    import socket

    monkeypatch.setattr("evalbatch.pool.cluster._LONGEST", 3.0)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Refused, match="没有调度器的回答"):
        Cluster(f"tcp://127.0.0.1:{mute.getsockname()[1]}", 20, MEMORY)


def _kill_midway(house: House) -> None:
    with Cluster(house.address, 20, MEMORY) as cluster:
        for done, _ in enumerate(cluster.run(slowly, [(n, 0.05) for n in range(200)])):
            if done == 4:
                house.processes[0].kill()


@pytest.mark.slow
def test_cluster__the_scheduler_dies_midway__is_said_in_a_sentence(tmp_path: Path) -> None:
    """Whatever was going on there is lost; the outputs are as they were."""
    alone = House(tmp_path, 1)
    try:
        with pytest.raises(Refused, match="调度器"):
            _kill_midway(alone)
    finally:
        alone.close()


def test_cluster__no_scheduler_there__is_refused() -> None:
    """An address that is none ends with one message."""
    with pytest.raises(Refused, match="连不上"):
        Cluster("nonsense://x", 20, MEMORY)


def test_run__on_a_cluster_that_loses_a_worker__writes_the_bytes_of_home(house: House, tmp_path: Path) -> None:
    """The whole command with --scheduler, one of two workers killed on the way: every output as from a run at home."""
    campaign = many_units(tmp_path / "campaign", 40)
    command = [sys.executable, "-m", "evalbatch", "run", str(campaign), "--fresh", "--output"]
    subprocess.run([*command, str(tmp_path / "home")], check=True, stdout=subprocess.DEVNULL)
    worker = house.processes[-1]
    away = subprocess.Popen(
        [*command, str(tmp_path / "away"), "--scheduler", house.address], stdout=subprocess.DEVNULL, env=house.env
    )
    staged = tmp_path / "away"
    until = time.monotonic() + 120
    while not any(staged.rglob("*评分表*")) and away.poll() is None:
        assert time.monotonic() < until, "no score sheet was begun"
        time.sleep(0.02)
    assert away.poll() is None, "the run was over before a worker could be killed"
    worker.kill()
    assert (away.wait(120), worker.wait()) == (0, -9)
    house.start_worker()
    assert bytes_of(staged) == bytes_of(tmp_path / "home")
