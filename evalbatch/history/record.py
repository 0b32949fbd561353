"""The record of submissions and findings: what is kept of every run in files of lines that are only added to.

`record/history.jsonl` holds three kinds of entries, `record/values.jsonl` what was filled in:

- submission: one form as submitted once, with its file and its dates;
- judgement: how a submission was judged, with the items found; a new one when scheme or figures change it;
- state: the standings of all units that changed in a run, in one line, so that a crash never leaves half of them.

Everything that is told from it is a function of the entries, not of how often or when the runs were made: submissions
of a form are ordered by fill date, version mark and file time, states by their numbers.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from evalbatch.history.places import Values
from evalbatch.history.sent import SentForm, SentUnit
from evalbatch.history.standing import STRANGERS, Standing, standing_of, strangers_of
from evalbatch.history.versions import Judged, Thread, Version, digest
from evalbatch.model import FileResult, FirstSent, FormResult, Refused
from evalbatch.model.files import day_filled
from evalbatch.storage.journal import Journal, open_journal
from evalbatch.text.folding import folded_project

Mark = Callable[[str], tuple[int, ...]]
"""Ranks the version mark in a file's name."""
Entry = tuple[str, Callable[[], Mapping[str, Any]]]
"""A new entry's key, and what makes the entry when it is written."""


@dataclass
class Record:
    """All entries, read or about to be written, with what hangs together put together."""

    history: Journal
    values: Journal
    versions: dict[str, Version] = field(default_factory=dict)
    chains: dict[Thread, list[Version]] = field(default_factory=dict)
    judgements: dict[str, Judged] = field(default_factory=dict)
    judged: dict[str, list[str]] = field(default_factory=dict)
    states: dict[int, dict[str, Standing | None]] = field(default_factory=dict)
    latest: dict[str, Standing] = field(default_factory=dict)
    new_entries: list[Entry] = field(default_factory=list)
    new_values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> "Record":
        """Read a campaign's record/; a folder that isn't there is an empty record. Nothing is written.

        Refused when a file is there and can't be read, or another version wrote what this one does not know.
        """
        record = cls(open_journal(folder / "history.jsonl"), open_journal(folder / "values.jsonl"))
        for key, entry in record.history.entries():
            try:
                record._take(key, entry)
            except (KeyError, TypeError, ValueError):
                raise _of_another_version(folder) from None
        record._count_up()
        return record

    def copy(self) -> "Record":
        """Return a record that a run can be added to without this one changing."""
        return replace(
            self,
            versions=dict(self.versions),
            chains={thread: list(chain) for thread, chain in self.chains.items()},
            judgements=dict(self.judgements),
            judged={version: list(keys) for version, keys in self.judged.items()},
            states=dict(self.states),
            latest=dict(self.latest),
            new_entries=list(self.new_entries),
            new_values=dict(self.new_values),
        )

    def save(self) -> int:
        """Add what `take_run` found new to the files, and say how many entries; what is there stays as it is.

        Values go first: a submission that is known has its values. Refused when a file can't be written.
        """
        values = ((content, json.loads(sent)) for content, sent in self.new_values.items())
        return self.values.append(values) + self.history.append((key, made()) for key, made in self.new_entries)

    def values_of(self, version: Version) -> Values | None:
        """Return what was filled in, None where the record's line of it can't be read."""
        if version.content in self.new_values:
            return Values.of_json(json.loads(self.new_values[version.content]))
        return Values.of_json(self.values.get(version.content)) if version.content in self.values else None

    def day_of(self, version: Version) -> date:
        """Return the day on which a form was submitted, as far as its inputs tell.

        It is the fill date; where the unit left the date of the submission before standing, the file's, if later.
        """
        chain = self.chains.get(version.thread, [])
        at = bisect_left(chain, version.rank, key=lambda v: v.rank)
        unchanged = 0 < at < len(chain) and version.filled_on and chain[at - 1].filled_on == version.filled_on
        return max(version.day, version.modified.date()) if unchanged else version.day

    def first_sent(self) -> dict[str, tuple[FirstSent, ...]]:
        """Return when each unit's forms came first: the submission that was recorded first, whatever it was dated."""
        found: dict[str, dict[tuple[str, str], FirstSent]] = {}
        for version in self.versions.values():
            unit, form, _, project, _ = version.thread
            first = FirstSent(form, project, version.day, version.day == version.filled_on)
            found.setdefault(unit, {}).setdefault((form, project), first)
        return {unit: tuple(firsts.values()) for unit, firsts in found.items()}

    # ------------------------------------------------------------ reading entries

    def _take(self, key: str, entry: Mapping[str, Any]) -> None:
        if entry["kind"] == "submission":
            self._know(key, Version.of_json(entry))
        elif entry["kind"] == "judgement":
            self.judgements[key] = Judged.of_json(entry)
            self.judged.setdefault(entry["of"], []).append(key)
        elif entry["kind"] == "state":
            self.states.setdefault(entry["number"], {}).update(
                {name: Standing.of_json(one) if one else None for name, one in entry["units"].items()}
            )

    def _know(self, key: str, version: Version) -> None:
        self.versions[key] = version
        chain = self.chains.setdefault(version.thread, [])
        chain.insert(bisect_left(chain, version.rank, key=lambda v: v.rank), version)

    def _count_up(self) -> None:
        """Work out each unit's latest standing."""
        self.latest = {}
        for number in sorted(self.states):
            for name, standing in self.states[number].items():
                if standing is None:
                    self.latest.pop(name, None)
                else:
                    self.latest[name] = standing

    # ------------------------------------------------------------ a run

    def take_run(
        self,
        units: Sequence[SentUnit],
        files: Sequence[FileResult],
        earlier: Iterable[tuple[str, SentForm]],
        year: int,
        mark: Mark,
    ) -> None:
        """Add what a run found: its current forms, the earlier ones that still lie in the inbox, the standings.

        Earlier forms come first, oldest first, so that each finds its place between its neighbours. One that was
        judged while it was current keeps that judgement.
        """
        oldest_first = sorted(earlier, key=lambda one: _rank(one[1].form, mark))
        for version, sent in self._versions(oldest_first, year, mark):
            if version.key not in self.judged:
                self._judge(version, sent.judged)
        by_unit: dict[str, list[FileResult]] = {}
        for file in files:
            by_unit.setdefault(file.unit or STRANGERS, []).append(file)
        now: dict[str, Standing | None] = {
            sent.unit.unit.name: self._standing(sent, by_unit.get(sent.unit.unit.name, ()), year, mark)
            for sent in units
        }
        now[STRANGERS] = strangers_of(files)
        self._take_state({name: now.get(name) for name in (*now, *(n for n in self.latest if n not in now))})

    def _take_state(self, now: Mapping[str, Standing | None]) -> None:
        changed = {name: one for name, one in now.items() if _facts(one) != _facts(self.latest.get(name))}
        if not changed:
            return
        number = max(self.states, default=0) + 1
        made = partial(_state_entry, number, changed)
        self.new_entries.append((digest("state", number, made()["units"]), made))
        self.states[number] = changed
        self._count_up()

    def _standing(self, unit: SentUnit, files: Iterable[FileResult], year: int, mark: Mark) -> Standing:
        versions = self._versions([(unit.unit.unit.name, form) for form in unit.forms], year, mark)
        forms = [(version.key, self._judge(version, sent.judged)) for version, sent in versions]
        return standing_of(unit.unit, forms, unit.loose, files, [version for version, _ in versions])

    def _versions(self, forms: Iterable[tuple[str, SentForm]], year: int, mark: Mark) -> list[tuple[Version, SentForm]]:
        """Find or add the submission of each form; of one form twice in one file, each is a form of its own."""
        found = []
        seen: dict[tuple[object, ...], int] = {}
        for unit, sent in forms:
            submission = sent.form.submission
            thread = (unit, submission.form, year, folded_project(submission.project))  # whatever year the form bears
            same = (*thread, sent.form.source.path)
            seen[same] = seen.get(same, 0) + 1
            found.append((self._version((*thread, seen[same]), sent, mark(sent.form.source.path)), sent))
        return found

    def _version(self, thread: Thread, sent: SentForm, mark: tuple[int, ...]) -> Version:
        """Find or add a submission: one whose neighbour in order has the same values is that neighbour, saved again."""
        submission, source, content = sent.form.submission, sent.form.source, sent.content
        version = Version(
            thread=thread,
            content=content,
            project=submission.project,
            file=source.path,
            sha256=source.sha256,
            filled_on=submission.filled_on,
            mark=mark,
            modified=source.modified,
            year=submission.year,
        )
        chain = self.chains.get(thread, [])
        at = bisect_left(chain, version.rank, key=lambda v: v.rank)
        for neighbour in chain[max(at - 1, 0) : at + 1]:
            if neighbour.content == content:
                return neighbour
        if content not in self.values:
            self.new_values[content] = sent.values
        self.new_entries.append((version.key, lambda: {"kind": "submission"} | version.to_json()))
        self._know(version.key, version)
        return version

    def _judge(self, version: Version, judged: Judged) -> str:
        of = version.key
        key = judged.key(of)
        if key not in self.judgements:
            self.new_entries.append((key, lambda: {"kind": "judgement", "of": of} | judged.to_json()))
            self.judgements[key] = judged
            self.judged.setdefault(of, []).append(key)
        return key


def _state_entry(number: int, units: Mapping[str, Standing | None]) -> dict[str, Any]:
    """Return the entry of the standings that changed in a run."""
    changed = {name: standing.to_json() if standing else None for name, standing in units.items()}
    return {"kind": "state", "number": number, "units": changed}


def _of_another_version(folder: Path) -> Refused:
    return Refused(
        f"批次的历史记录“{folder.name}/history.jsonl”是另一版本的 evalbatch 写的，这个版本读不懂。",
        remedy="请用写下它的版本或更新的版本运行；记录没有改动。",
    )


def _rank(form: FormResult, mark: Mark) -> tuple[Any, ...]:
    source = form.source
    return (
        day_filled(form.submission.filled_on, source.modified) or date.min,
        mark(source.path),
        source.modified,
        source.path,
    )


def _facts(standing: Standing | None) -> str:
    return standing.facts if standing else ""
