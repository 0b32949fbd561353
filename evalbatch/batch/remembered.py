"""What a run made, kept for the next: tasks whose outcome is known already are not done again.

A key names all that an outcome depends on: the file's content, the forms, the scheme, the season, the limits, the
program itself. So nothing in the cache is ever out of date; what no longer counts is merely not asked for.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

import evalbatch
from evalbatch.batch.spool import Notes, Place, Spool
from evalbatch.batch.tasks import Progress, each
from evalbatch.campaign.folder import Campaign
from evalbatch.model import Evaluated, Finding, Scorecard, SourceFile, Submission, UnitResult
from evalbatch.pool.local import Lost, Workers
from evalbatch.storage.cache import Cache, key_of
from evalbatch.storage.packing import unbundle, unpack
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.worker import AsKept, Lines

_LIBRARIES = ("openpyxl", "python-calamine", "xlrd", "XlsxWriter", "cn2an", "rapidfuzz")
"""Libraries whose version may show in what is read or written."""

_TOGETHER = 100
"""So many outcomes are put into the cache at a time."""

Task = tuple[tuple[Any, ...], bytes]
"""What a worker is given, but for lines, and the key under which the outcome is kept."""


@dataclass
class Memory:
    """What one run knows of its tasks' outcomes: their bytes in the cache, for later runs; their lines in the spool.

    `fresh` asks the cache for nothing that is there, and keeps what is made; without a cache nothing outlives the run.
    """

    cache: Cache | None
    common: bytes
    fresh: bool = False
    unfinished: bool = False
    """Whether something came out that another try might do better, and that therefore isn't kept."""
    spool: Spool = field(default_factory=Spool)
    _origins: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    _places: dict[bytes, list[Place]] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign, setup: Setup, fresh: bool) -> "Memory":
        """Return the memory of a campaign, in its own folder or where its settings say."""
        return cls(Cache(cache_path(campaign)), _common(setup), fresh)

    @classmethod
    def passing(cls, setup: Setup) -> "Memory":
        """Return a memory of this run alone."""
        return cls(None, _common(setup))

    def under(self, setup: Setup) -> "Memory":
        """Return this memory for judging what was read under another scheme."""
        return replace(self, common=_common(setup))

    def __enter__(self) -> "Memory":
        return self

    def __exit__(self, *_: object) -> None:
        self.spool.close()
        if self.cache:
            self.cache.close()

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is kept under each key that has anything."""
        return {} if self.fresh or self.cache is None else self.cache.get_all(keys)

    def put(self, made: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep outcomes for later runs."""
        if self.cache:
            self.cache.put(made)

    def sweep(self) -> None:
        """Drop from the cache what the last runs had no use for."""
        if self.cache:
            self.cache.sweep()

    @property
    def troubles(self) -> tuple[str, ...]:
        """What was wrong with the cache, in Chinese."""
        return tuple(self.cache.notes) if self.cache else ()

    def heading(self, _: tuple[Any, ...], key: bytes, kept: bytes) -> Any:
        """Return the heading of an outcome that was packed apart; the rest of it goes to the spool.

        Raises ValueError for any other bytes.
        """
        parts = unbundle(kept)
        if not isinstance(parts, tuple) or not all(isinstance(part, bytes) for part in parts):
            raise ValueError("no outcome that was packed apart")
        value = unpack(parts[0])
        self._places[key] = [self.spool.put(part) for part in parts[1:]]
        return value

    def notes(self, key: bytes, number: int) -> Notes:
        """Return what was noted of one of the forms that were judged under this key."""
        return Notes(self.spool, self._places[key][0], number)

    def lines(self, headings: Iterable[Submission | Scorecard]) -> tuple[Lines, ...]:
        """Fetch the lines of each of these headings, packed as they are."""
        origins = [self._origins[id(one)] for one in headings]
        packed = {key: self.spool.get(self._places[key][-1]) for key in dict.fromkeys(key for key, _ in origins)}
        return tuple(Lines(packed[key], number) for key, number in origins)

    def lines_of(self, forms: Sequence[Evaluated]) -> tuple[tuple[Lines, ...], tuple[Lines, ...]]:
        """Fetch the lines of these forms' submissions and of their cards."""
        return self.lines(form.submission for form in forms), self.lines(form.card for form in forms)

    def reading_key(self, source: SourceFile) -> bytes:
        """Name the reading of a file."""
        return key_of("reading", self.common, source.sha256, source.path)

    def remember(self, key: bytes, headings: Sequence[Submission | Scorecard]) -> None:
        """Remember which outcome each of these headings is of: it is named, and its lines are found, by that."""
        self._origins.update((id(one), (key, number)) for number, one in enumerate(headings))

    def dossier_key(self, dossier: Dossier) -> bytes:
        """Name what judging a dossier comes to."""
        forms = [(source, self._origins[id(submission)]) for source, submission in dossier.forms]
        # Rows that wait for a person decide nothing: only once one is filled in do they count.
        slips = dossier.share.slips if dossier.share else ()
        decided = slips if any(slip.filled for slip in slips) else ()
        rest = replace(dossier, forms=(), share=None)
        return key_of("judgement", self.common, forms, decided, rest)

    def sheet_key(self, unit: UnitResult) -> bytes:
        """Name a unit's score sheet: its forms by their judgements, the rest as it stands."""
        forms = [self._origins[id(form.card)] for form in unit.forms]
        return key_of("sheet", self.common, forms, replace(unit, forms=()))

    def copy_key(self, source: SourceFile, findings: Sequence[Finding], unit: str, correct_by: date | None) -> bytes:
        """Name a file's returned copy."""
        return key_of("copy", self.common, source.sha256, source.path, source.kind, findings, unit, correct_by)


def _common(setup: Setup) -> bytes:
    return key_of(_program(), _settings_of(setup))


def cache_path(campaign: Campaign) -> Path:
    """Return where a campaign's cache lies; in a folder of many campaigns each has its own."""
    if not campaign.settings.cache:
        return campaign.cache_folder / "cache.sqlite"
    whose = hashlib.sha256(str(campaign.folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return campaign.cache_folder / f"cache-{whose}.sqlite"


def _program() -> list[object]:
    """Tell this program from any other that might read or write otherwise."""
    home = Path(evalbatch.__file__).parent
    modules = [(path.relative_to(home).as_posix(), path.stat()) for path in sorted(home.rglob("*.py"))]
    files = [(name, found.st_size, found.st_mtime_ns) for name, found in modules]
    return [evalbatch.__version__, python_version(), [(name, metadata.version(name)) for name in _LIBRARIES], files]


def _settings_of(setup: Setup) -> list[object]:
    forms = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in setup.forms]
    return [forms, examine.scheme_of(setup.scheme).sha256, setup.limits, setup.season]


def each_remembered(
    pool: Workers,
    memory: Memory,
    stage: str,
    function: Callable[..., tuple[Any, bytes | None]],
    known: Callable[[tuple[Any, ...], bytes, bytes], Any],
    tasks: Sequence[Task],
    progress: Progress,
    fill: Callable[[tuple[Any, ...]], tuple[Any, ...]] = lambda task: task,
) -> list[Any]:
    """Run the tasks whose outcome isn't kept under their keys, and keep it; return all in order.

    `function` gives the outcome, or AsKept, and the bytes to keep, None for what must be done again; `known` makes the
    outcome of a task from its key and bytes. `fill` makes of a task what the worker is given.
    """
    results: list[Any] = [None] * len(tasks)
    new = []
    for first in range(0, len(tasks), _TOGETHER):
        some = tasks[first : first + _TOGETHER]
        kept = memory.get_all([key for _, key in some])
        for position, (task, key) in enumerate(some, start=first):
            if key in kept:
                with suppress(ValueError):  # nothing that we packed, or an output that is not there any more
                    results[position] = known(task, key, kept[key])
                    continue
            new.append(position)
    made: list[tuple[bytes, bytes]] = []

    def take(number: int, result: Any) -> Any:
        """Put the bytes away in batches, so that neither memory nor a broken run loses much."""
        outcome, packed = (result, None) if isinstance(result, Lost) else result
        task, key = tasks[new[number]]
        if outcome is AsKept.YES and packed is not None:
            try:
                outcome = known(task, key, packed)
            except ValueError as error:  # it costs this task, not the run
                outcome, packed = Lost("error", str(error)), None
        memory.unfinished |= packed is None
        if packed is not None:
            made.append((key, packed))
            if len(made) == _TOGETHER:
                memory.put(made)
                made.clear()
        return outcome

    done = each(pool, stage, function, [tasks[position][0] for position in new], progress, take, fill)
    for position, outcome in zip(new, done, strict=True):
        results[position] = outcome
    memory.put(made)
    return results
