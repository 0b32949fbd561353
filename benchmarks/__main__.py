"""The benchmark: floor, plain script and evalbatch over the same inbox in turns, ratios in one table.

python -m benchmarks --sizes 50,300 --kinds one-form,whole-unit --rounds 2
"""

import argparse
import csv
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.campaigns import KINDS, Writer, make_campaign
from benchmarks.floor import take_cells
from benchmarks.measure import Measured, measure

HEAD = "| contender | seconds | ms a workbook | × floor | before | × plain script | CPU s | MB together | MB largest |"
KEPT = Path(__file__).with_name("results.csv")
"""Ratios of earlier runs, one row a contender: a change shows beside the last of them."""
COLUMNS = ("date", "version", "kind", "units", "contender", "seconds", "times_floor", "megabytes")
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    """Measure every size of every kind and print one table each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="50,300", help="units, for instance 50,300,1000,5000")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--rounds", type=int, default=2, help="turns; the median counts")
    parser.add_argument("--without-plain", action="store_true", help="leave the slow plain script out")
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--json", type=Path, help="write all figures there too")
    parser.add_argument("--keep", action="store_true", help=f"add the figures to {KEPT.name}")
    given = parser.parse_args()
    figures = {}
    for kind in given.kinds.split(","):
        for size in map(int, given.sizes.split(",")):
            folder = given.folder / f"{kind}-{size}"
            figures[f"{kind} {size}"] = report(folder, kind, size, given.rounds, plain=not given.without_plain)
            if given.keep:
                _keep(kind, size, figures[f"{kind} {size}"])
            if given.json:
                given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


def report(folder: Path, kind: str, size: int, rounds: int, *, plain: bool) -> dict[str, Any]:
    """Measure one campaign, print its table and return its figures."""
    campaign = folder / "campaign"
    make_campaign(campaign, kind, size)
    books = sum(1 for _ in (campaign / "inbox").rglob("*.xlsx"))
    print(f"\n{kind}: {size} units, {books} workbooks, {CORES} cores, {rounds} rounds\n\n{HEAD}\n|---|{'---:|' * 8}")
    _clear(campaign)
    measure(run_command(campaign, CORES), folder)
    if not (folder / "cells").exists():
        take_cells(campaign / "output", folder / "cells")
    turns: dict[str, list[Measured]] = {}
    for turn in range(rounds):
        for name, measured in _turn(folder, campaign, kind, turn, plain):
            turns.setdefault(name, []).append(measured)
    middle = {name: statistics.median(one.seconds for one in some) for name, some in turns.items()}
    before = _kept(kind, size)
    for name, some in turns.items():
        seconds = middle[name]
        ratio = f"{middle['plain script'] / seconds:.1f} faster" if plain else "–"
        print(
            f"| {name} | {seconds:.2f} | {seconds / books * 1000:.1f} | {seconds / middle['floor']:.2f} "
            f"| {before.get(name, '–')} | {ratio} "
            f"| {max(one.cpu for one in some):.1f} | {max(one.together for one in some):.0f} "
            f"| {max(one.largest for one in some):.0f} |"
        )
    _clear(campaign)
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.stages", str(campaign), str(CORES)], capture_output=True, text=True
    )
    print(f"\nby stage, seconds: {told.stdout.strip() or told.stderr.strip()[-400:]}", flush=True)
    largest = {name: max(one.largest for one in some) for name, some in turns.items()}
    return {"workbooks": books, "median": middle, "largest": largest, "stages": json.loads(told.stdout or "{}")}


def _kept(kind: str, size: int) -> dict[str, str]:
    """Return each contender's last kept time as a multiple of the floor's."""
    if not KEPT.exists():
        return {}
    with KEPT.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind and row["units"] == str(size)]
    return {row["contender"]: row["times_floor"] for row in rows}


def _keep(kind: str, size: int, figures: dict[str, Any]) -> None:
    """Add a run's ratios to those of earlier runs."""
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    new = not KEPT.exists()
    with KEPT.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for name, seconds in figures["median"].items():
            ratio, largest = seconds / figures["median"]["floor"], figures["largest"][name]
            found = (f"{seconds:.2f}", f"{ratio:.2f}", f"{largest:.0f}")
            writer.writerow((datetime.date.today(), revision.stdout.strip(), kind, size, name, *found))


def _turn(folder: Path, campaign: Path, kind: str, turn: int, plain: bool) -> list[tuple[str, Measured]]:
    """Let every contender run once."""
    inbox, python = str(campaign / "inbox"), sys.executable
    measured = []
    for place in ("floor", "plain"):
        shutil.rmtree(folder / place, ignore_errors=True)
    floor = [python, "-m", "benchmarks.floor", inbox, str(folder / "cells"), str(folder / "floor"), str(CORES)]
    measured.append(("floor", measure(floor, folder)))
    if plain:
        script = [python, "-m", "benchmarks.plain_script", inbox, str(folder / "plain")]
        measured.append(("plain script", measure(script, folder)))
    for workers in dict.fromkeys((1, CORES)):
        _clear(campaign)
        name = f"evalbatch, {workers} {'core' if workers == 1 else 'cores'}"
        measured.append((name, measure(run_command(campaign, workers), folder)))
    measured.append(("evalbatch, nothing changed", measure(run_command(campaign, CORES), folder)))
    Writer(kind).write(*_place(campaign), version=turn + 1)
    measured.append(("evalbatch, one file changed", measure(run_command(campaign, CORES), folder)))
    return measured


def _place(campaign: Path) -> tuple[Path, int]:
    return campaign / "inbox", 0


def run_command(campaign: Path, workers: int) -> list[str]:
    """Give the command that runs a campaign."""
    return [sys.executable, "-m", "evalbatch", "run", str(campaign), "--workers", str(workers)]


def _clear(campaign: Path) -> None:
    """Forget all that runs left: outputs, cache, record, the review workbook."""
    for name in ("output", ".evalbatch", "record"):
        shutil.rmtree(campaign / name, ignore_errors=True)
    (campaign / "review.xlsx").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
