"""A record in, the rectification ledger out: what became of everything that a unit was ever asked to correct.

A thing is new as long as the submission that brought it is the current one, open once the unit has submitted again
and it is still there, fixed by the submission that no longer has it. What goes without the unit submitting anything,
because a person accepted it or scheme or figures changed, is waived; what goes with its file is withdrawn.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from evalbatch.history.items import Item
from evalbatch.history.record import Record
from evalbatch.history.standing import STRANGERS, Standing
from evalbatch.history.versions import Judged, Thread, Version
from evalbatch.model import FormName, Severity
from evalbatch.text.folding import bare_project

Status = Literal["new", "open", "fixed", "waived", "withdrawn"]
STATUS_WORDS: Mapping[Status, str] = {
    "new": "新发现",
    "open": "仍未整改",
    "fixed": "已整改",
    "waived": "已豁免",
    "withdrawn": "已撤回",
}
"""What people call each status, what must still be done first."""
_WAIVED = "单位没有重新报送；因人工认定、评分标准或核对依据变化，不再列为问题。"
_WITHDRAWN = "原材料已不在收件文件夹中，没有见到改正后的材料。"
_UNREAD = "单位送来的文件未能受理，改由该文件的问题说明。"
_ASSIGNED = "文件的归属单位已经确定，问题列在该单位名下。"
_OWED = "U05"
_ACROSS_FORMS = frozenset(("M01", "M06", "M07", "S03", "S04", "S05", "S06", "X01", "X02", "X05"))
"""What may go from a form because another form of the unit, or of another unit, was sent again."""
_RANK = {status: number for number, status in enumerate(("open", "new", "withdrawn", "waived", "fixed"))}


@dataclass(frozen=True, slots=True)
class Rectification:
    """One thing that a unit was asked to correct, from when on, and what became of it.

    `form` is "" and `project` None for what concerns no form that was read. `first_submission` counts the form's
    submissions from 1, as does `submissions` (how many there are). Days are those of the inputs,
    None for a unit that sent nothing. `unit` is "" for a file of no unit. `sheet` and `cell` are where it was last.
    """

    unit: str
    unit_code: str
    form: FormName
    project: str | None
    code: str
    severity: Severity
    title: str
    place: str
    sheet: str | None
    cell: str | None
    message: str
    status: Status
    first_seen: dt.date | None
    first_submission: int
    submissions: int
    last_file: str | None
    cleared_on: dt.date | None = None
    cleared_by: str | None = None
    remark: str = ""

    @property
    def status_words(self) -> str:
        """The status in Chinese."""
        return STATUS_WORDS[self.status]

    @property
    def since(self) -> str:
        """Since when, in words: 第2次报送（2024年6月5日）.

        A unit that sent nothing has no day.
        """
        day = f"（{self.first_seen.year}年{self.first_seen.month}月{self.first_seen.day}日）" if self.first_seen else ""
        return f"第{self.first_submission}次报送{day}" if self.first_submission else "尚未报送"


@dataclass(frozen=True)
class Past:
    """One unit's standings, oldest first; None where the unit was not on the roster."""

    record: Record
    steps: tuple[Standing | None, ...]

    @property
    def last(self) -> Standing | None:
        """Where it stands now."""
        return self.steps[-1]

    @property
    def named(self) -> Standing:
        """The last standing that there is, for the unit's name and code."""
        return next(step for step in reversed(self.steps) if step is not None)

    @cached_property
    def judgements(self) -> dict[str, list[str]]:
        """How each submission was judged, in the order in which that counted."""
        found: dict[str, list[str]] = {}
        for step in self.steps:
            for version, judged in step.forms if step else ():
                if found.setdefault(version, [])[-1:] != [judged]:
                    found[version].append(judged)
        return found

    def judged(self, version: Version) -> list[Judged]:
        """How a submission was judged, the judgement that counts last; a superseded one as it was when first read."""
        keys = self.judgements.get(version.key) or self.record.judged.get(version.key, [])[:1]
        return [self.record.judgements[key] for key in keys if key in self.record.judgements] or [Judged()]

    def chain(self, thread: Thread) -> tuple[list[Version], bool]:
        """The submissions of a form up to the current one, and whether there is a current one.

        Later ones than the current one have been taken out of the inbox: they count no more.
        """
        chain = self.record.chains[thread]
        keys = {key for key, _ in self.last.forms} if self.last else set()
        at = next((n for n in range(len(chain) - 1, -1, -1) if chain[n].key in keys), None)
        return (chain, False) if at is None else (chain[: at + 1], True)

    def sent_when_gone(self, key: tuple[str, str], version: str | None) -> Version | None:
        """What the unit sent when an item went: the latest new submission, None when it had sent nothing.

        `version` is the submission that had it, None for an item of no form.
        """
        had = [self._has(step, key, version) for step in self.steps]
        if True not in had:
            return None
        at = len(had) - 1 - had[::-1].index(True)
        if at + 1 == len(had):
            return None
        before, after = self.steps[at], self.steps[at + 1]
        old = {one for one, _ in before.forms} if before else set()
        sent = [self.record.versions[one] for one, _ in after.forms if one not in old] if after else []
        code, about = key
        if version is None:  # an owed form that came, a file that was read at last
            sent = [one for one in sent if one.thread[1] in about or code != _OWED]
            sent = [one for one in sent if bare_project(one.project) in about.split("·")] or sent
        elif code not in _ACROSS_FORMS:
            return None
        return max(sent, key=lambda one: one.rank, default=None)

    def _has(self, step: Standing | None, key: tuple[str, str], version: str | None) -> bool:
        if step is None:
            return False
        if version is None:
            return any(item.key == key for item in step.items)
        judged = self.record.judgements.get(dict(step.forms).get(version, ""))
        return judged is not None and any(item.key == key for item in judged.items)


def pasts_of(record: Record) -> dict[str, Past]:
    """Return each unit's past, units in order of code and name, files of no unit last."""
    steps: dict[str, list[Standing | None]] = {}
    for number in sorted(record.states):
        for name, standing in record.states[number].items():
            steps.setdefault(name, []).append(standing)
    pasts = {name: Past(record, tuple(found)) for name, found in steps.items() if any(found)}
    return dict(sorted(pasts.items(), key=lambda one: (one[0] == STRANGERS, one[1].named.code, one[0])))


def rectifications(record: Record) -> tuple[Rectification, ...]:
    """Return the ledger: by unit, by form, what must still be done first."""
    rows: list[Rectification] = []
    threads: dict[str, list[Thread]] = {}
    for thread in sorted(record.chains):
        threads.setdefault(thread[0], []).append(thread)
    for name, past in pasts_of(record).items():
        rows += sorted(_loose(past), key=_order)
        for thread in threads.get(name, ()):
            rows += sorted(_of_thread(past, thread), key=_order)
    return tuple(rows)


def _order(row: Rectification) -> tuple[int, int]:
    return _RANK[row.status], 0 if row.severity == "must-fix" else 1


# ---------------------------------------------------------------- one form


def _of_thread(past: Past, thread: Thread) -> Iterator[Rectification]:
    chain, is_current = past.chain(thread)
    judged = [past.judged(version) for version in chain]
    final = [{item.key: item for item in each[-1].items} for each in judged]
    ever = [{item.key: item for one in each for item in one.items} for each in judged]
    for key in dict.fromkeys(key for items in reversed(ever) for key in items):
        seen = [number for number, items in enumerate(ever) if key in items]
        start = seen[-1]
        while start - 1 in seen:
            start -= 1
        yield _row(past, chain, is_current, ever[seen[-1]][key], seen, start, key in final[seen[-1]])


def _row(
    past: Past, chain: Sequence[Version], is_current: bool, item: Item, seen: list[int], start: int, stayed: bool
) -> Rectification:
    """One item: submissions `seen` had it, without a gap from `start`; `stayed` if its last one has it to the end."""
    last = seen[-1]
    status: Status
    remark, cleared = "", None
    if last + 1 < len(chain) and stayed:
        status, cleared = "fixed", chain[last + 1]
    elif not stayed:
        cleared = past.sent_when_gone(item.key, chain[last].key)
        status, remark = ("fixed", "随同单位其他材料的重新报送而改正。") if cleared else ("waived", _WAIVED)
    elif not is_current:
        status, remark = "withdrawn", _WITHDRAWN
    else:
        status = "new" if start == last else "open"
    if seen[0] < start:
        again = f"第{seen[0] + 1}次报送时曾有此问题，改正后又出现。"
        remark = f"{remark}{again}"
    unit, form, *_ = chain[0].thread
    return Rectification(
        unit=unit,
        unit_code=past.named.code,
        form=form,
        project=chain[-1].project,
        code=item.code,
        severity=item.severity,
        title=item.title,
        place=item.place,
        sheet=item.sheet,
        cell=item.cell,
        message=item.message,
        status=status,
        first_seen=past.record.day_of(chain[start]),
        first_submission=start + 1,
        submissions=len(chain),
        last_file=chain[-1].file,
        cleared_on=past.record.day_of(cleared) if cleared else None,
        cleared_by=cleared.file if cleared else None,
        remark=remark,
    )


# ---------------------------------------------------------------- what concerns no form


def _loose(past: Past) -> Iterator[Rectification]:
    had = [{item.key: item for item in step.items} if step else {} for step in past.steps]
    for key in dict.fromkeys(key for items in reversed(had) for key in items):
        last = max(number for number, items in enumerate(had) if key in items)
        start = last
        while start and key in had[start - 1]:
            start -= 1
        yield _loose_row(past, had[last][key], start, last)


def _loose_row(past: Past, item: Item, start: int, last: int) -> Rectification:
    first, before = past.steps[start], past.steps[last]
    assert first is not None
    assert before is not None
    status: Status
    cleared, remark = None, ""
    if last + 1 == len(past.steps):
        status = "new" if first.delivered == before.delivered else "open"
    elif not past.named.name and _was_assigned(past.record, before, item.file):
        status, remark = "waived", _ASSIGNED
    elif cleared := past.sent_when_gone(item.key, None):
        status = "fixed"
    elif item.code == _OWED and past.last is not None and past.last.unread:
        status, remark = "waived", _UNREAD
    elif item.file is not None or past.last is None:
        status, remark = "withdrawn", _WITHDRAWN
    else:
        status, remark = "waived", _WAIVED
    return Rectification(
        unit=past.named.name,
        unit_code=past.named.code,
        form="",
        project=None,
        code=item.code,
        severity=item.severity,
        title=item.title,
        place=item.place,
        sheet=item.sheet,
        cell=item.cell,
        message=item.message,
        status=status,
        first_seen=first.day,
        first_submission=_deliveries(past.steps[: start + 1]),
        submissions=_deliveries(past.steps),
        last_file=item.file,
        cleared_on=_day_cleared(past.record, cleared, before) if cleared else None,
        cleared_by=cleared.file if cleared else None,
        remark=remark,
    )


def _day_cleared(record: Record, cleared: Version, before: Standing) -> dt.date:
    """The day of the submission; the file's, where the form bears a day on which the item was still there."""
    day = record.day_of(cleared)
    return max(day, cleared.modified.date()) if before.day and day <= before.day else day


def _was_assigned(record: Record, before: Standing, file: str | None) -> bool:
    """Whether a file of no unit, wherever it lies now, is one of a unit's."""
    hashes = {sha256 for path, sha256 in before.unread if path == file}
    return any(
        version.sha256 in hashes
        for standing in record.latest.values()
        if standing.name
        for key, _ in standing.forms
        if (version := record.versions.get(key)) is not None
    )


def _deliveries(steps: Sequence[Standing | None]) -> int:
    """How many times a unit has sent something other than before."""
    sent: list[tuple[object, ...]] = []
    for step in steps:
        if step is not None and any(step.delivered) and sent[-1:] != [step.delivered]:
            sent.append(step.delivered)
    return len(sent)
