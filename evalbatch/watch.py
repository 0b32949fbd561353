"""A folder that changes in; a run whenever it has come to rest, and one line about each run, out.

The folder is asked again and again: network shares send no events, and a list of 5,000 files is had in some 40 ms,
so that a library for events would save nothing that anyone notices.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.batch import run_batch
from evalbatch.campaign import load_campaign
from evalbatch.manifest import read_manifest
from evalbatch.model import Refused
from evalbatch.season import REVIEW, Seen, fingerprint, inbox_files, input_files, refuse_if_sealed

Snapshot = Mapping[str, Seen]
Say = Callable[[str], None]

POLLS = 2
"""For how many looks in a row nothing may have moved before it counts."""
STILL_MOVING_SECONDS = 60.0
RETRY_SECONDS = (30.0, 60.0, 120.0, 300.0, 600.0)
"""How long after each failure in a row the same files are tried again, should nothing change meanwhile."""
NAMES_SHOWN = 5
STATUS = {"complete": "齐全", "returned": "须更正", "incomplete": "缺表", "late": "逾期", "missing": "未报送"}


def look(folder: Path) -> Snapshot | None:
    """List all that a run of this campaign depends on; None while the folder, or its inbox, is away."""
    try:
        inbox = inbox_files(folder / "inbox")
        return {**input_files(folder), **{f"inbox/{name}": seen for name, seen in inbox.items()}}
    except OSError:
        return None


@dataclass
class Rest:
    """Tells whether a folder has come to rest: the same for the look before and for POLLS looks since."""

    last: Snapshot | None = None
    still: int = 0
    moving: tuple[str, ...] = ()

    def after(self, now: Snapshot | None) -> bool:
        """Take one more look into account; a folder that is away never rests."""
        if now is None or now != self.last:
            self.moving = _moved(self.last, now)
            self.last, self.still = now, 0
            return False
        self.still += 1
        return self.still >= POLLS


def _moved(before: Snapshot | None, now: Snapshot | None) -> tuple[str, ...]:
    if before is None or now is None:
        return ()
    return tuple(sorted(name for name in {*before, *now} if before.get(name) != now.get(name)))


@dataclass
class Watch:
    """One campaign being watched; `step` looks once and runs if it is time, `say` is told what people should know."""

    folder: Path
    output: Path | None
    workers: int | None
    say: Say

    def __post_init__(self) -> None:
        refuse_if_sealed(self.folder)
        load_campaign(self.folder)
        self.rest = Rest()
        self.handled: Snapshot | None = None
        self.away = False
        self.failures = 0
        self.retry_at = 0.0
        self.restless_since: float | None = None
        self.last_said = ""

    def step(self) -> None:
        """Look once; run when all has rested and something is new, or a failed run is due again."""
        now = look(self.folder)
        self._presence(now)
        if self.rest.after(now) and now is not None:
            self.restless_since = None
            due = self.failures > 0 and time.monotonic() >= self.retry_at
            if now != self.handled or due:
                self._run(now)
        elif now is not None:
            self._restlessness()

    def _presence(self, now: Snapshot | None) -> None:
        if now is None and not self.away:
            self.say("收件文件夹暂时找不到（网络断开，或被移走）；恢复后自动继续，原有输出不变。")
        elif now is not None and self.away:
            self.say("收件文件夹已恢复，继续监视。")
            if self.failures:
                self.handled = None
        self.away = now is None

    def _restlessness(self) -> None:
        self.restless_since = self.restless_since or time.monotonic()
        if self.rest.moving and time.monotonic() - self.restless_since > STILL_MOVING_SECONDS:
            self.say(f"“{self.rest.moving[0]}”一直在变化，可能还在复制；等它静止后再处理。")
            self.restless_since = time.monotonic()

    def _run(self, now: Snapshot) -> None:
        try:
            campaign = load_campaign(self.folder)
            refuse_if_sealed(self.folder)
            output = self.output or campaign.output
            before = _last_record(output)
            outcome = run_batch(campaign, output, self.workers)
        except (KeyboardInterrupt, SystemExit):
            raise
        except Refused as refused:
            self._failed(now, f"{refused.message}{refused.remedy}")
        except BaseException as error:  # whatever one run dies of, the next file deserves its run
            self._failed(now, f"{type(error).__name__}: {error}")
        else:
            self.failures, self.last_said = 0, ""
            self.handled = self._with_own_review(now, outcome.record)
            self.say(difference(before, outcome.record))

    def _failed(self, now: Snapshot, why: str) -> None:
        self.handled = now
        self.retry_at = time.monotonic() + RETRY_SECONDS[min(self.failures, len(RETRY_SECONDS) - 1)]
        self.failures += 1
        if why != self.last_said:
            self.say("这次没有运行成，继续监视：" + " ".join(why.split()))
            self.last_said = why

    def _with_own_review(self, now: Snapshot, record: Mapping[str, Any]) -> Snapshot:
        """Return what has been handled: review.xlsx as the run left it, unless someone has decided more since."""
        after = input_files(self.folder).get(REVIEW) if self.folder.is_dir() else None
        if after is None or after == now.get(REVIEW):
            return now
        try:
            decided = fingerprint(self.folder).get(REVIEW)
        except OSError:
            return now
        own = decided == record.get("inputs", {REVIEW: decided}).get(REVIEW)
        return {**now, REVIEW: after} if own else now


def watch(folder: Path, output: Path | None, workers: int | None, interval: float, say: Say) -> None:
    """Watch a campaign until interrupted. Refused when the campaign can't be used to begin with, or is sealed."""
    watched = Watch(folder, output, workers, say)
    say(f"正在监视“{folder.resolve().name}”，每{interval:g}秒看一次；按 Ctrl-C 或关闭窗口即停止。")
    while True:
        watched.step()
        time.sleep(interval)


def _last_record(output: Path) -> Mapping[str, Any]:
    try:
        return read_manifest(output)
    except Refused:
        return {}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Say in one line what a run changed, from run.json before and after.

    >>> unit = {"name": "示例局", "findings": []}
    >>> difference({}, {"files": [], "units": [{**unit, "status": "missing"}]})
    '已运行：文件0个。单位状态没有变化。现在齐全0/1个。'
    >>> print(difference({"files": [], "units": [{**unit, "status": "returned"}]},
    ...     {"files": [{"path": "甲.xlsx", "sha256": "1", "status": "accepted"}],
    ...      "units": [{**unit, "status": "complete"}]}))
    已运行：文件1个（新1）。齐全：示例局。现在齐全1/1个。
    """
    return f"已运行：{_files(before, after)}。{_units(before, after)}。{_standing(after)}。"


def _files(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    old, new = _hashes(before), _hashes(after)
    counts = {
        "新": len(new.keys() - old.keys()),
        "改": sum(old[path] != new[path] for path in new.keys() & old.keys()),
        "少": len(old.keys() - new.keys()),
    }
    changed = "，".join(f"{word}{count}" for word, count in counts.items() if count)
    return f"文件{len(new)}个" + (f"（{changed}）" if changed else "")


def _hashes(record: Mapping[str, Any]) -> dict[str, str]:
    return {file["path"]: file["sha256"] for file in record.get("files", ()) if file["status"] != "ignored"}


def _units(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    old = {unit["name"]: unit for unit in before.get("units", ())}
    groups: dict[str, list[str]] = {status: [] for status in STATUS}
    fixed: list[str] = []
    for unit in after["units"]:
        was = old.get(unit["name"], {"status": "missing", "findings": []})
        if unit["status"] != was["status"]:
            groups[unit["status"]].append(unit["name"])
        elif unit["status"] == "returned" and (now := _must_fix(unit)) != (then := _must_fix(was)):
            fixed.append(f"{unit['name']}（{then}处变{now}处）")
    parts = [f"{STATUS[status]}：{_names(names)}" for status, names in groups.items() if names]
    parts += [f"须更正处数有变：{_names(fixed)}"] if fixed else []
    return "；".join(parts) or "单位状态没有变化"


def _must_fix(unit: Mapping[str, Any]) -> int:
    return sum(finding["severity"] == "must-fix" for finding in unit["findings"])


def _names(names: list[str]) -> str:
    shown = "、".join(names[:NAMES_SHOWN])
    return f"{shown}等{len(names)}个" if len(names) > NAMES_SHOWN else shown


def _standing(after: Mapping[str, Any]) -> str:
    counts = Counter(unit["status"] for unit in after["units"])
    rest = "，".join(f"{STATUS[s]}{counts[s]}" for s in STATUS if s != "complete" and counts[s] and s != "missing")
    missing = f"，未报送{counts['missing']}个" if counts["missing"] and counts["missing"] < len(after["units"]) else ""
    return f"现在齐全{counts['complete']}/{len(after['units'])}个" + (f"，{rest}" if rest else "") + missing
