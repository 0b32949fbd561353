"""A folder that changes in; a run whenever it has come to rest, and one line about each run, out.

The folder is asked again and again: network shares send no events, and a list of 5,000 files is had in some 40 ms,
so that a library for events would save nothing that anyone notices.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalbatch.batch.fingerprint import fingerprint
from evalbatch.batch.run import run_batch
from evalbatch.batch.season_files import REVIEW, Seen, inbox_files, input_files
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.seal_marker import refuse_if_sealed
from evalbatch.model import Refused
from evalbatch.sheets.look import STATUS_WORDS
from evalbatch.tables.manifest import read_manifest

Snapshot = Mapping[str, Seen]
Say = Callable[[str], None]
INBOX = "inbox/"

POLLS = 2
"""For how many looks in a row nothing may have moved before it counts."""
PATIENCE_SECONDS = 60.0
"""How long the others wait for a file that never rests."""
RETRY_SECONDS = (30.0, 60.0, 120.0, 300.0, 600.0)
"""How long after each failure in a row the same files are tried again, should nothing change meanwhile."""
NAMES_SHOWN = 5
STATUS = dict(reversed(STATUS_WORDS.items()))
"""A unit's standings, the best first."""


def look(folder: Path) -> Snapshot | None:
    """List all that a run of this campaign depends on; None while the folder, or its inbox, is away."""
    try:
        inbox = inbox_files(folder / "inbox")
        return {**input_files(folder), **{f"{INBOX}{name}": seen for name, seen in inbox.items()}}
    except OSError:
        return None


@dataclass
class Rest:
    """Tells which files have come to rest: the same for the look before and for POLLS looks since.

    `still` counts, for each file, the looks since it last changed; one that has gone is counted too, until it is sure.
    """

    last: Snapshot | None = None
    still: dict[str, int] = field(default_factory=dict)

    def after(self, now: Snapshot | None) -> bool:
        """Take one more look into account and tell whether all rests; a folder that is away never does."""
        before, self.last = self.last, now
        if now is None or before is None:
            self.still = dict.fromkeys(now or (), 0)
            return False
        going = (name for name, looks in self.still.items() if name not in now and (looks < POLLS or name in before))
        self.still = {
            name: self.still.get(name, 0) + 1 if before.get(name) == now.get(name) else 0 for name in (*now, *going)
        }
        return not self.moving

    @property
    def moving(self) -> tuple[str, ...]:
        """The files that do not rest yet."""
        return tuple(sorted(name for name, looks in self.still.items() if looks < POLLS))


@dataclass
class Watch:
    """One campaign being watched; `step` looks once and runs if it is time, `say` is told what people should know.

    A file that never rests, a copy over a slow line say, is waited for no longer than `patience` seconds: then the
    others are run without it, and again at most every so many seconds as long as it moves.
    """

    folder: Path
    output: Path | None
    workers: int | None
    say: Say
    patience: float = PATIENCE_SECONDS

    def __post_init__(self) -> None:
        refuse_if_sealed(self.folder)
        load_campaign(self.folder)
        self.rest = Rest()
        self.handled: Snapshot | None = None
        self.away = False
        self.failures = 0
        self.retry_at = 0.0
        self.restless_since: float | None = None
        self.waiting_for: tuple[str, ...] = ()
        self.last_said = ""

    def step(self) -> None:
        """Look once; run when all has rested and something is new, or a failed run is due again."""
        now = look(self.folder)
        self._presence(now)
        if self.rest.after(now) and now is not None:
            self.restless_since, self.waiting_for = None, ()
            self._run_if_new(now)
        elif now is not None:
            self._restlessness(now)

    def _run_if_new(self, now: Snapshot, without: Collection[str] = ()) -> None:
        due = self.failures > 0 and time.monotonic() >= self.retry_at
        if now != self.handled or due:
            self._run(now, without)

    def _presence(self, now: Snapshot | None) -> None:
        if now is None and not self.away:
            self.say("收件文件夹暂时找不到（网络断开，或被移走）；恢复后自动继续，原有输出不变。")
        elif now is not None and self.away:
            self.say("收件文件夹已恢复，继续监视。")
            if self.failures:
                self.handled = None
        self.away = now is None

    def _restlessness(self, now: Snapshot) -> None:
        """Run what rests once patience is over. Settings, roster and decisions can't be done without."""
        if self.restless_since is None:
            self.restless_since = time.monotonic()
        moving = self.rest.moving
        if not moving or time.monotonic() - self.restless_since < self.patience:
            return
        left_out = [name.removeprefix(INBOX) for name in moving if name.startswith(INBOX)]
        can_do_without = len(left_out) == len(moving)
        if moving != self.waiting_for:
            then = "先处理其余文件，" if can_do_without else ""
            shown = _names([f"“{name.removeprefix(INBOX)}”" for name in moving])
            self.say(f"{shown}一直在变化，可能还在复制或编辑：{then}等它静止后再处理。")
            self.waiting_for = moving
        if can_do_without:
            self._run_if_new({name: seen for name, seen in now.items() if name not in moving}, left_out)
        self.restless_since = time.monotonic()

    def _run(self, now: Snapshot, without: Collection[str]) -> None:
        try:
            campaign = load_campaign(self.folder)
            refuse_if_sealed(self.folder)
            output = self.output or campaign.output
            before = _last_record(output)
            outcome = run_batch(campaign, output, self.workers, without=without)
        except (KeyboardInterrupt, SystemExit):
            raise
        except Refused as refused:
            self._failed(now, f"{refused.message}{refused.remedy}")
        except BaseException as error:  # whatever one run dies of, the next file deserves its run
            self._failed(now, f"{type(error).__name__}: {error}")
        else:
            self.failures, self.last_said = 0, ""
            self.handled = self._with_own_review(now, outcome.record)
            self.say(difference(before, outcome.record, campaign.exempt))

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


def watch(
    folder: Path,
    output: Path | None,
    workers: int | None,
    interval: float,
    say: Say,
    patience: float = PATIENCE_SECONDS,
) -> None:
    """Watch a campaign until interrupted. Refused when the campaign can't be used to begin with, or is sealed."""
    watched = Watch(folder, output, workers, say, patience)
    say(f"正在监视“{folder.resolve().name}”，每{interval:g}秒看一次；按 Ctrl-C 或关闭窗口即停止。")
    while True:
        watched.step()
        time.sleep(interval)


def _last_record(output: Path) -> Mapping[str, Any]:
    try:
        return read_manifest(output)
    except Refused:
        return {}


def difference(before: Mapping[str, Any], after: Mapping[str, Any], exempt: Collection[str] = ()) -> str:
    """Say in one line what a run changed, from run.json before and after; `exempt` are units that owe nothing.

    >>> unit = {"name": "示例局", "findings": []}
    >>> difference({}, {"files": [], "units": [{**unit, "status": "missing"}]})
    '已运行：文件0个。单位状态没有变化。现在已报齐0/1个。'
    >>> print(difference({"files": [], "units": [{**unit, "status": "returned"}]},
    ...     {"files": [{"path": "甲.xlsx", "sha256": "1", "status": "accepted"}],
    ...      "units": [{**unit, "status": "complete"}]}))
    已运行：文件1个（新1）。已报齐：示例局。现在已报齐1/1个。
    """
    return f"已运行：{_files(before, after)}。{_units(before, after)}。{_standing(after, exempt)}。"


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
    parts += [f"更正处数有变：{_names(fixed)}"] if fixed else []
    return "；".join(parts) or "单位状态没有变化"


def _must_fix(unit: Mapping[str, Any]) -> int:
    return sum(finding["severity"] == "must-fix" for finding in unit["findings"])


def _names(names: list[str]) -> str:
    shown = "、".join(names[:NAMES_SHOWN])
    return f"{shown}等{len(names)}个" if len(names) > NAMES_SHOWN else shown


def _standing(after: Mapping[str, Any], exempt: Collection[str]) -> str:
    owing = [unit for unit in after["units"] if unit["status"] != "missing" or unit["name"] not in exempt]
    counts = Counter(unit["status"] for unit in owing)
    rest = "，".join(f"{STATUS[s]}{counts[s]}" for s in STATUS if s != "complete" and counts[s] and s != "missing")
    missing = f"，未报送{counts['missing']}个" if counts["missing"] and counts["missing"] < len(owing) else ""
    return f"现在已报齐{counts['complete']}/{len(owing)}个" + (f"，{rest}" if rest else "") + missing
