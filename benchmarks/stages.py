"""One run of evalbatch in this process, told by stage: `python -m benchmarks.stages CAMPAIGN WORKERS` prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(folder: Path, workers: int) -> None:
    """Print the seconds that each stage took, in order."""
    began = time.perf_counter()
    spent: dict[str, float] = {}
    from evalbatch.batch import joining, run
    from evalbatch.batch.run import run_batch
    from evalbatch.campaign.folder import load_campaign

    spent["start"] = time.perf_counter() - began
    stage, since = ["load"], [time.perf_counter()]

    def enter(name: str) -> None:
        now = time.perf_counter()
        spent[stage[0]] = spent.get(stage[0], 0.0) + now - since[0]
        stage[0], since[0] = name, now

    def progress(name: str, done: int, total: int) -> None:
        if name != stage[0]:
            enter(name)
        if done == total:
            enter("between")

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            enter(name)
            try:
                return function(*args, **named)
            finally:
                enter("between")

        return call

    for name in ("write_manifest", "write_review"):
        setattr(run, name, timed(name, getattr(run, name)))
    # These run in a thread of their own while the workers write the score sheets.
    for module, names in ((joining, ("consolidate", "write_data", "write_summary")), (run, ("draft_review",))):
        for name in names:
            setattr(module, name, _beside(name, getattr(module, name), spent))
    loaded = load_campaign(folder)
    run_batch(loaded, loaded.output, workers, progress)
    enter("end")
    print(json.dumps({name: round(seconds, 3) for name, seconds in spent.items()}, ensure_ascii=False))


def _beside(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Note what a function takes that runs while another stage does."""

    def call(*args: Any, **named: Any) -> Any:
        since = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            spent[f"{name} (beside)"] = time.perf_counter() - since

    return call


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
