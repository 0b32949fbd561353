"""What a run made, kept for the next: tasks whose outcome is known already are not done again.

A key names all that an outcome depends on: the file's content, the forms, the scheme, the season, the limits, the
program itself. So nothing in the cache is ever out of date; what no longer counts is merely not asked for.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

import evalbatch
from evalbatch import examine
from evalbatch.batch.tasks import Progress, each
from evalbatch.cache import Cache, key_of
from evalbatch.campaign import Campaign
from evalbatch.examine import Dossier, Setup
from evalbatch.model import Evaluated, Finding, Reading, SourceFile, UnitResult
from evalbatch.pool import Lost, Workers
from evalbatch.worker import AsKept

_LIBRARIES = ("openpyxl", "python-calamine", "xlrd", "XlsxWriter", "cn2an", "rapidfuzz")
"""Libraries whose version may show in what is read or written."""

_TOGETHER = 100
"""So many outcomes are put into the cache at a time."""


@dataclass
class Memory:
    """One run's use of the cache. `fresh` asks for nothing that is there, and keeps what is made.

    `unfinished` says that something came out which another try might do better, and which therefore isn't kept.
    """

    cache: Cache
    common: bytes
    fresh: bool = False
    unfinished: bool = False

    def __post_init__(self) -> None:
        self._origins: dict[int, tuple[bytes, int]] = {}

    @classmethod
    def of(cls, campaign: Campaign, setup: Setup, fresh: bool) -> "Memory":
        """Return the memory of a campaign, in its own folder or where its settings say."""
        return cls(Cache(cache_path(campaign)), key_of(_program(), _settings_of(setup)), fresh)

    def __enter__(self) -> "Memory":
        return self

    def __exit__(self, *_: object) -> None:
        self.cache.close()

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is kept under each key that has anything."""
        return {} if self.fresh else self.cache.get_all(keys)

    def reading_key(self, source: SourceFile) -> bytes:
        """Name the reading of a file."""
        return key_of("reading", self.common, source.sha256, source.path)

    def note_reading(self, source: SourceFile, reading: Reading) -> None:
        """Remember which reading each submission is of, so that a dossier can be named without its cells."""
        key = self.reading_key(source)
        self._origins.update((id(one), (key, number)) for number, one in enumerate(reading.submissions))

    def note_judged(self, key: bytes | None, forms: Sequence[Evaluated]) -> None:
        """Remember which judgement each card is of, likewise."""
        if key is not None:
            self._origins.update((id(form.card), (key, number)) for number, form in enumerate(forms))

    def dossier_key(self, dossier: Dossier) -> bytes | None:
        """Name what judging a dossier comes to; None for submissions that no reading gave."""
        forms = [(source, self._origins.get(id(submission))) for source, submission in dossier.forms]
        if any(origin is None for _, origin in forms):
            return None
        # Rows that wait for a person decide nothing: only once one is filled in do they count.
        slips = dossier.share.slips if dossier.share else ()
        decided = slips if any(slip.filled for slip in slips) else ()
        rest = replace(dossier, forms=(), share=None)
        return key_of("judgement", self.common, forms, decided, rest)

    def sheet_key(self, unit: UnitResult) -> bytes | None:
        """Name a unit's score sheet: its forms by their judgements, the rest as it stands."""
        forms = [self._origins.get(id(form.card)) for form in unit.forms]
        if None in forms:
            return None
        return key_of("sheet", self.common, forms, replace(unit, forms=()))

    def copy_key(self, source: SourceFile, findings: Sequence[Finding], unit: str) -> bytes:
        """Name a file's returned copy."""
        return key_of("copy", self.common, source.sha256, source.path, source.kind, findings, unit)


def cache_path(campaign: Campaign) -> Path:
    """Return where a campaign's cache lies; in a folder of many campaigns each has its own."""
    if not campaign.settings.cache:
        return campaign.folder / ".evalbatch" / "cache.sqlite"
    whose = hashlib.sha256(str(campaign.folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return campaign.folder / campaign.settings.cache / f"cache-{whose}.sqlite"


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
    memory: Memory | None,
    stage: str,
    function: Callable[..., tuple[Any, bytes | None]],
    known: Callable[[tuple[Any, ...], bytes], Any],
    tasks: Sequence[tuple[tuple[Any, ...], bytes | None]],
    progress: Progress,
) -> list[Any]:
    """Run the tasks whose outcome isn't kept under their keys, and keep it; return all in order.

    `function` gives the outcome, or AsKept, and the bytes to keep, None for what must be done again; `known` makes the
    outcome of a task from its bytes.
    """
    results: list[Any] = [None] * len(tasks)
    new = []
    for first in range(0, len(tasks), _TOGETHER):
        some = tasks[first : first + _TOGETHER]
        kept = memory.get_all([key for _, key in some if key]) if memory else {}
        for position, (task, key) in enumerate(some, start=first):
            if key in kept:
                with suppress(ValueError):  # nothing that we packed, or an output that is not there any more
                    results[position] = known(task, kept[key])
                    continue
            new.append(position)
    made: list[tuple[bytes, bytes]] = []

    def take(number: int, result: Any) -> None:
        """Put the bytes away in batches, so that neither memory nor a broken run loses much."""
        outcome, packed = (result, None) if isinstance(result, Lost) else result
        task, key = tasks[new[number]]
        if outcome is AsKept.YES and packed is not None:
            try:
                outcome = known(task, packed)
            except ValueError as error:  # it costs this task, not the run
                outcome, packed = Lost("error", str(error)), None
        if memory and packed is None:
            memory.unfinished = True
        if memory and packed is not None and key is not None:
            made.append((key, packed))
            if len(made) == _TOGETHER:
                memory.cache.put(made)
                made.clear()
        results[new[number]] = outcome

    each(pool, stage, function, [tasks[position][0] for position in new], progress, take)
    if memory:
        memory.cache.put(made)
    return results
