"""What a run made, kept for the next: tasks whose outcome is known already are not done again.

A key names all that an outcome depends on: the file's content, the forms, the scheme, the season, the limits, the
program itself. So nothing in the cache is ever out of date; what no longer counts is merely not asked for.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

import evalbatch
from evalbatch.batch.tasks import Progress, each
from evalbatch.campaign.folder import Campaign
from evalbatch.model import Finding, FormHead, SourceFile, UnitResult
from evalbatch.pool.local import Lost, Workers
from evalbatch.storage.cache import Cache, key_of
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.unit.worker import Packed

_LIBRARIES = ("openpyxl", "python-calamine", "xlrd", "XlsxWriter", "cn2an", "rapidfuzz")
"""Libraries whose version may show in what is read or written."""

_TOGETHER = 100
"""So many outcomes are put into the cache at a time."""

Task = tuple[tuple[Any, ...], bytes]
"""What a worker is given, and the key under which the outcome is kept."""


@dataclass
class ResultCache:
    """Outcomes of earlier runs, by keys that name all they depend on.

    `fresh` asks the cache for nothing that is there, and keeps what is made; without a cache nothing outlives the run.
    """

    cache: Cache | None
    common: bytes
    fresh: bool = False
    unfinished: bool = False
    """Whether something came out that another try might do better, and that therefore isn't kept."""

    @classmethod
    def of(cls, campaign: Campaign, setup: Setup, fresh: bool) -> "ResultCache":
        """Return the cache of a campaign, in its own folder or where its settings say."""
        return cls(Cache(cache_path(campaign)), _common(setup), fresh)

    @classmethod
    def in_memory(cls, setup: Setup) -> "ResultCache":
        """Return a cache that keeps nothing."""
        return cls(None, _common(setup))

    def with_scheme(self, setup: Setup) -> "ResultCache":
        """Return this cache for judging what was read under another scheme."""
        return replace(self, common=_common(setup))

    def __enter__(self) -> "ResultCache":
        return self

    def __exit__(self, *_: object) -> None:
        if self.cache:
            self.cache.close()

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

    def reading_key(self, source: SourceFile) -> bytes:
        """Name the reading of a file."""
        return key_of("reading", self.common, source.sha256, source.path)

    def dossier_key(self, dossier: Dossier[FormHead]) -> bytes:
        """Name what judging a dossier comes to: its forms by their files, the rest as it stands."""
        forms = [(source, head.number) for source, head in dossier.forms]
        # Rows that wait for a person decide nothing: only once one is filled in do they count.
        slips = dossier.share.slips if dossier.share else ()
        decided = slips if any(slip.filled for slip in slips) else ()
        rest = replace(dossier, forms=(), share=None)
        return key_of("judgement", self.common, forms, decided, rest)

    def sheet_key(self, unit: UnitResult, packed: bytes) -> bytes:
        """Name a unit's score sheet: its forms as they are packed, the rest as it stands."""
        return key_of("sheet", self.common, hashlib.sha256(packed).digest(), replace(unit, forms=()))

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
    return [forms, examine.scheme_of(setup.scheme).sha256, setup.limits, setup.season, setup.keep_active]


def run_cached(
    pool: Workers,
    cache: ResultCache,
    stage: str,
    function: Callable[..., Any],
    known: Callable[[tuple[Any, ...], bytes], Any],
    tasks: Sequence[Task],
    progress: Progress,
    *,
    made_now: Callable[[tuple[Any, ...], bytes], Any] | None = None,
) -> list[Any]:
    """Run the tasks whose outcome isn't kept under their keys, and keep it; return all in order.

    `function` gives a Packed outcome to be kept, of which `known` makes the outcome of a task, or `made_now` where the
    task was done in this run; anything else is the outcome itself, and must be had again by the next run.
    """
    results, new = _looked_up(cache, known, tasks)
    made: list[tuple[bytes, bytes]] = []

    def take(number: int, result: Any) -> Any:
        """Put the bytes away in batches, so that neither memory nor a broken run loses much."""
        if not isinstance(result, Packed):
            cache.unfinished = True
            return result
        task, key = tasks[new[number]]
        try:
            outcome = (made_now or known)(task, result.data)
        except ValueError as error:  # it costs this task, not the run
            cache.unfinished = True
            return Lost("error", str(error))
        made.append((key, result.data))
        if len(made) == _TOGETHER:
            cache.put(made)
            made.clear()
        return outcome

    done = each(pool, stage, function, [tasks[position][0] for position in new], progress, take)
    for position, outcome in zip(new, done, strict=True):
        results[position] = outcome
    cache.put(made)
    return results


def _looked_up(
    cache: ResultCache, known: Callable[[tuple[Any, ...], bytes], Any], tasks: Sequence[Task]
) -> tuple[list[Any], list[int]]:
    """Return the outcomes that are kept, None for the others, and the positions of those."""
    results: list[Any] = [None] * len(tasks)
    new = []
    for first in range(0, len(tasks), _TOGETHER):
        some = tasks[first : first + _TOGETHER]
        kept = cache.get_all([key for _, key in some])
        for position, (task, key) in enumerate(some, start=first):
            if key in kept:
                with suppress(ValueError):  # nothing that we packed, or an output that is not there any more
                    results[position] = known(task, kept[key])
                    continue
            new.append(position)
    return results, new
