"""A record in; what each submission of a form changed against the one before out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from evalbatch.history.compare import Comparison, compare
from evalbatch.history.ledger import Past, pasts_of
from evalbatch.history.places import Values, plain_number
from evalbatch.history.record import Record
from evalbatch.history.versions import Thread
from evalbatch.model import FormName

_NOTHING = Values({}, (), (), ())


@dataclass(frozen=True, slots=True)
class Resubmission:
    """One form submitted again: the `number`th submission of it, and what it changed.

    `before_sent` is the day on which the one before came, by its file and its date.

    `complete` is False where the record's line of what was filled in is damaged: then no values are compared.
    """

    unit: str
    unit_code: str
    form: FormName
    project: str | None
    number: int
    before_file: str
    file: str
    day: dt.date
    before_sent: dt.date
    comparison: Comparison
    complete: bool = True

    @property
    def summary(self) -> str:
        """What it did, in one sentence: 改动3处，改正2项，新增1项，复核得分由85变为90（+5）。"""
        found = self.comparison
        parts = [f"改动{len(found.changes)}处" if self.complete else "改动内容的记录已损坏"]
        counted = (("改正", found.cleared), ("新增", found.added), ("仍有", found.kept))
        parts += [f"{word}{len(items)}项" for word, items in counted if items]
        before, after = found.total.verified_before, found.total.verified_after
        if before is not None and after is not None:
            moved = f"复核得分由{plain_number(before)}变为{plain_number(after)}"
            parts.append("复核得分不变" if before == after else f"{moved}（{_signed(after - before)}）")
        return "，".join(parts) + "。"


def resubmissions(record: Record) -> tuple[Resubmission, ...]:
    """Return every form that was submitted again, by unit and form, each submission against the one before."""
    threads: dict[str, list[Thread]] = {}
    for thread, chain in sorted(record.chains.items(), key=lambda one: one[0]):
        if len(chain) > 1:
            threads.setdefault(thread[0], []).append(thread)
    return tuple(
        again
        for name, past in pasts_of(record).items()
        for thread in threads.get(name, ())
        for again in _of_thread(past, thread)
    )


def _of_thread(past: Past, thread: Thread) -> Iterator[Resubmission]:
    chain, _ = past.chain(thread)
    for number, (old, new) in enumerate(pairwise(chain), start=2):
        before, after = past.record.values_of(old), past.record.values_of(new)
        complete = before is not None and after is not None
        yield Resubmission(
            unit=thread[0],
            unit_code=past.named.code,
            form=thread[1],
            project=new.project,
            number=number,
            before_file=old.file,
            file=new.file,
            day=past.record.day_of(new),
            before_sent=max(old.day, old.modified.date()) if old.day.year <= old.modified.year else old.modified.date(),
            comparison=compare(
                before if before is not None and complete else _NOTHING,
                after if after is not None and complete else _NOTHING,
                past.judged(old)[-1],
                past.judged(new)[-1],
            ),
            complete=complete,
        )


def _signed(points: Decimal) -> str:
    return ("+" if points > 0 else "") + plain_number(points)
