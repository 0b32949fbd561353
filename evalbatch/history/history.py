"""A campaign's history, with or without the run that is being made."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from evalbatch.history.changes import Resubmission, resubmissions
from evalbatch.history.ledger import Rectification, rectifications
from evalbatch.history.progress import Progress, progress
from evalbatch.history.record import Mark, Record
from evalbatch.history.sent import SentForm, SentUnit
from evalbatch.model import FileResult, FirstSent


class History:
    """What the record tells, together with the run taken into it."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @classmethod
    def load(cls, folder: Path) -> "History":
        """Read a campaign's record/; one that isn't there yet is empty. Nothing is written.

        Refused when it is there and can't be read.
        """
        return cls(Record.load(folder))

    def with_run(
        self,
        units: Sequence[SentUnit],
        *,
        year: int,
        mark: Mark,
        files: Sequence[FileResult] = (),
        earlier: Iterable[tuple[str, SentForm]] = (),
    ) -> "History":
        """Return the history with this run in it; a run that found what is known already changes nothing.

        `units` are the roster's with all their findings, `files` every file of the inbox, `earlier` superseded forms
        that still lie in the inbox, each with its unit's name, judged with their own findings. `year` counts for
        forms that name none; `mark` ranks the version mark in a file's name.
        """
        record = self._record.copy()
        record.take_run(units, files, earlier, year, mark)
        return History(record)

    def save(self) -> int:
        """Write what the run added, safely on disk on return; say how many entries.

        Refused when it can't be written.
        """
        return self._record.save()

    @property
    def damaged(self) -> tuple[str, ...]:
        """Lines of the record that can't be read and were left out, in words; the run's own facts replace them."""
        return tuple(
            f"record/{journal.path.name} 第{number}行读不出来，已略过。"
            for journal in (self._record.history, self._record.values)
            for number in journal.damaged
        )

    @property
    def first_sent(self) -> dict[str, tuple[FirstSent, ...]]:
        """When each unit's forms came first, as far as the record knows, by the unit's name."""
        return self._record.first_sent()

    @cached_property
    def rectifications(self) -> tuple[Rectification, ...]:
        """What became of everything that units were asked to correct."""
        return rectifications(self._record)

    @cached_property
    def resubmissions(self) -> tuple[Resubmission, ...]:
        """What each form submitted again changed against the submission before."""
        return resubmissions(self._record)

    @cached_property
    def progress(self) -> tuple[Progress, ...]:
        """What changed at each unit since the state before."""
        return progress(self._record)
