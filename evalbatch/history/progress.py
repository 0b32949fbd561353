"""A record in; what changed at each unit since the state before out.

A state is a run that found something other than the run before it. Runs that found the same are one state.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.history.places import plain_number
from evalbatch.history.record import Record
from evalbatch.history.standing import STRANGERS, Standing
from evalbatch.history.versions import Thread, Version
from evalbatch.model import FormName


@dataclass(frozen=True, slots=True)
class Progress:
    """What changed at one unit from one state to the next.

    `submitted` are forms sent for the first time, `resubmitted` forms sent again, `gone` forms whose files left
    the inbox. Of the things to correct, `fixed` are gone from what was sent since, `dropped` are gone without: with
    their files, or because a person or the scheme takes them no longer for wrong. `status_before` and
    `status_after` are the contract's, "" where the unit was not on the roster.
    """

    unit: str
    unit_code: str
    submitted: tuple[FormName, ...]
    resubmitted: tuple[FormName, ...]
    gone: tuple[FormName, ...]
    fixed: int
    dropped: int
    added: int
    left: int
    became_late: bool
    status_before: str
    status_after: str
    verified_before: Decimal | None
    verified_after: Decimal | None

    def line(self, statuses: Mapping[str, str], forms: Mapping[str, str]) -> str:
        """Say it in one line, with the caller's words for statuses and forms."""

        def titles(names: Iterable[FormName]) -> str:
            return "、".join(forms.get(name, name) for name in dict.fromkeys(names))

        parts = []
        if self.submitted:
            parts.append(f"新报送{titles(self.submitted)}")
        if self.resubmitted:
            parts.append(f"重新报送{titles(self.resubmitted)}")
        if self.gone:
            parts.append(f"{titles(self.gone)}已不在收件文件夹")
        if self.fixed:
            parts.append(f"改正{self.fixed}项")
        if self.dropped:
            parts.append(f"{self.dropped}项不再列入")
        if self.added:
            parts.append(f"新增问题{self.added}项")
        if (self.fixed or self.dropped or self.added) and self.left:
            parts.append(f"还有{self.left}项")
        if self.became_late:
            parts.append("已逾期")
        if self.status_before != self.status_after:
            parts.append(_moved("状态", self.status_before, self.status_after, statuses))
        if self.verified_before != self.verified_after and not self.submitted:
            parts.append(f"复核得分由{_points(self.verified_before)}变为{_points(self.verified_after)}")
        return f"{self.unit or '未能确定单位的文件'}：{'，'.join(parts)}"


def _moved(what: str, before: str, after: str, words: Mapping[str, str]) -> str:
    if not after:
        return "已不在单位名单"
    now = words.get(after, after)
    return f"{what}由{words.get(before, before)}变为{now}" if before else f"{what}为{now}"


def _points(score: Decimal | None) -> str:
    return "无" if score is None else plain_number(score)


def progress(record: Record) -> tuple[Progress, ...]:
    """Return what changed from the state before the last one to the last, by unit code and name.

    In the first state that is everything that has come; units that sent nothing are left out.
    """
    last = max(record.states, default=0)
    before: dict[str, Standing | None] = {}
    for number in sorted(record.states):
        if number < last:
            before |= record.states[number]
    found = (_between(record, before.get(name), now) for name, now in record.states.get(last, {}).items())
    moved = [one for one in found if one is not None]
    return tuple(sorted(moved, key=lambda one: (one.unit == STRANGERS, one.unit_code, one.unit)))


def _between(record: Record, before: Standing | None, after: Standing | None) -> Progress | None:
    named = after or before
    if named is None:
        return None
    old, new = _forms(record, before), _forms(record, after)
    had, has = _items(record, before), _items(record, after)
    sent = any(thread not in old or old[thread].key != version.key for thread, version in new.items())
    fixed = {key for key in had - has if sent and (key[0] == "" or key[0] in new)}
    found = Progress(
        unit=named.name,
        unit_code=named.code,
        submitted=tuple(thread[1] for thread in new if thread not in old),
        resubmitted=tuple(thread[1] for thread in new if thread in old and old[thread].key != new[thread].key),
        gone=tuple(thread[1] for thread in old if thread not in new),
        fixed=len(fixed),
        dropped=len(had - has - fixed),
        added=len(has - had),
        left=len(has & had),
        became_late=bool(after and after.late and not (before and before.late)),
        status_before=before.status if before else "",
        status_after=after.status if after else "",
        verified_before=before.verified_score if before else None,
        verified_after=after.verified_score if after else None,
    )
    return found if _says_something(found, before) else None


def _says_something(found: Progress, before: Standing | None) -> bool:
    if before is None and found.status_after == "missing":
        return False
    return bool(
        found.submitted
        or found.resubmitted
        or found.gone
        or found.fixed
        or found.dropped
        or found.added
        or found.became_late
        or found.status_before != found.status_after
        or (None not in (found.verified_before, found.verified_after) and found.verified_before != found.verified_after)
    )


def _forms(record: Record, standing: Standing | None) -> dict[Thread, Version]:
    known = (record.versions.get(key) for key, _ in (standing.forms if standing else ()))
    return {version.thread: version for version in sorted(filter(None, known), key=lambda one: one.thread)}


def _items(record: Record, standing: Standing | None) -> set[tuple[object, ...]]:
    return set(_item_keys(record, standing)) if standing else set()


def _item_keys(record: Record, standing: Standing) -> Iterator[tuple[object, ...]]:
    for item in standing.items:
        yield ("", *item.key)
    for version, judged in standing.forms:
        if version in record.versions and judged in record.judgements:
            for item in record.judgements[judged].items:
                yield (record.versions[version].thread, *item.key)
