"""A run on a Dask cluster of this machine, with one and more worker processes, beside the same run at home.

python -m benchmarks.cluster --units 300 --workers 1,2,4
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.__main__ import CORES, run_command
from benchmarks.campaigns import make_campaign
from benchmarks.measure import measure

_PATIENCE = 60.0


def main() -> None:
    """Time the campaign at home and on each number of workers, every one warmed by a run before; print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--workers", default="1,2,4", help="worker processes, for instance 1,2,4")
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    given = parser.parse_args()
    folder = given.folder.resolve()
    campaign = folder / f"one-form-{given.units}" / "campaign"
    make_campaign(campaign, "one-form", given.units)
    print(f"{given.units} units, {CORES} cores\n\n| where | seconds | outputs |\n|---|---:|---|")
    home = _timed(campaign, folder, CORES)
    expected = _content(campaign)
    print(f"| at home, {CORES} workers | {home:.1f} | – |", flush=True)
    for workers in map(int, given.workers.split(",")):
        with _cluster(folder, workers) as address:
            _timed(campaign, folder, 1, "--scheduler", address)
            seconds = _timed(campaign, folder, 1, "--scheduler", address)
        same = "the same bytes" if _content(campaign) == expected else "OTHER BYTES"
        print(f"| cluster, {workers} workers | {seconds:.1f} | {same} |", flush=True)


def _timed(campaign: Path, folder: Path, workers: int, *more: str) -> float:
    return measure([*run_command(campaign, workers), "--fresh", *more], folder).seconds


def _content(campaign: Path) -> dict[str, bytes]:
    output = campaign / "output"
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and its workers, give its address, end them all."""
    told = folder / "scheduler.json"
    told.unlink(missing_ok=True)
    started = []
    try:
        started.append(_start(folder, "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", told))
        until = time.monotonic() + _PATIENCE
        while not told.exists():
            if time.monotonic() > until:
                raise RuntimeError("no scheduler")
            time.sleep(0.1)
        address = str(json.loads(told.read_text())["address"])
        started += [_start(folder, "dask_worker", address, "--nthreads", "1", "--no-nanny") for _ in range(workers)]
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _start(folder: Path, program: str, *words: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"distributed.cli.{program}", *map(str, words), "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
