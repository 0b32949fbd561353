"""Bytes put aside on disk for the time of a run: the process in the middle keeps places, not lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any, NamedTuple

from evalbatch.packing import unpack


class Place(NamedTuple):
    """Where bytes lie in the spool."""

    start: int
    length: int


class Spool:
    """A file without a name, gone with the run; threads may share it. Raises OSError where the disk is full."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile(prefix="evalbatch-")  # noqa: SIM115 - open until close()
        self._end = 0
        self._lock = Lock()

    def put(self, data: bytes) -> Place:
        """Put bytes aside; return where they lie."""
        with self._lock:
            self._file.seek(self._end)
            self._file.write(data)
            place = Place(self._end, len(data))
            self._end += len(data)
        return place

    def get(self, place: Place) -> bytes:
        """Return the bytes at a place."""
        with self._lock:
            self._file.seek(place.start)
            return self._file.read(place.length)

    def close(self) -> None:
        """Let go of the file, and with it of all that lies in it."""
        self._file.close()


@dataclass(frozen=True, slots=True, repr=False)
class Notes(Mapping[str, bytes]):
    """What was noted of one form, by what it was made by; of all the forms judged together it is the `number`th."""

    spool: Spool
    place: Place
    number: int

    def __getitem__(self, name: str) -> bytes:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, ()  # where forms travel to, they get their lines again

    def _all(self) -> dict[str, bytes]:
        noted: dict[str, bytes] = unpack(self.spool.get(self.place))[self.number]
        return noted
