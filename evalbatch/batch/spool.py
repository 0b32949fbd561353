"""Bytes put aside on disk for the time of a run: the process in the middle keeps places, not lines."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, NamedTuple

from evalbatch.storage.disk import cannot_write
from evalbatch.storage.packing import unbundle


class Place(NamedTuple):
    """Where bytes lie in the spool."""

    start: int
    length: int


class Spool:
    """A file without a name in the system's folder for such, gone with the run; threads may share it.

    Refused where that folder can't be written, or is full.
    """

    def __init__(self) -> None:
        with _said_where():
            self._file = TemporaryFile(buffering=0, prefix="evalbatch-")  # noqa: SIM115 - open until close()
        self._end = 0
        self._lock = Lock()

    def put(self, data: bytes) -> Place:
        """Put bytes aside; return where they lie."""
        with self._lock, _said_where():
            place = Place(self._end, len(data))
            self._file.seek(place.start)
            while data:
                data = data[self._file.write(data) :]  # a disk that fills up takes a part
            self._end += place.length
        return place

    def get(self, place: Place) -> bytes:
        """Return the bytes at a place."""
        with self._lock, _said_where():
            self._file.seek(place.start)
            return self._file.read(place.length)

    def close(self) -> None:
        """Let go of the file, and with it of all that lies in it."""
        self._file.close()


@contextmanager
def _said_where() -> Iterator[None]:
    """Say of what goes wrong with the file where it lies, for nobody has seen it."""
    try:
        yield
    except OSError as error:
        where = f"“{tempfile.tempdir}”" if tempfile.tempdir else ""
        raise cannot_write(f"系统临时文件夹{where}", error, "原有的输出没有改动。") from None


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
        noted: dict[str, bytes] = unbundle(self.spool.get(self.place))[self.number]
        return noted
