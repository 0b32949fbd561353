"""Rows that nobody writes in any more, as packed text: a tenth of what their cells take, until a workbook is closed."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format

PLACE = "\0"
"""Stands in XML where a number comes that is not known before the workbook is closed."""


@dataclass(frozen=True, slots=True)
class Links:
    """The links of some rows: their XML, and what they lead to outside the workbook."""

    packed: bytes
    packed_targets: bytes

    @classmethod
    def of(cls, text: str, targets: Iterable[str]) -> "Links":
        """Pack links; their XML has a PLACE for the number of each target."""
        return cls(_pack(text), _pack("\0".join(targets)))

    @property
    def targets(self) -> list[str]:
        """Give the targets outside the workbook, in order."""
        joined = _unpack(self.packed_targets)
        return joined.split("\0") if joined else []

    def xml(self, first: int) -> str:
        """Give the links' XML, with their targets numbered from `first`."""
        return _filled(_unpack(self.packed), map(str, range(first, first + len(self.targets))))


@dataclass(frozen=True, slots=True)
class Settled:
    """Consecutive rows of a sheet; `places` gives each cell's style by its place in `styles`."""

    rows: range
    packed: bytes
    places: tuple[int, ...] | bytes
    styles: tuple[Format, ...]
    links: Links

    @classmethod
    def of(cls, rows: range, text: str, styles: Sequence[Format], links: Links) -> "Settled":
        """Pack rows; their XML has a PLACE for the number of each cell's style."""
        known = {style: place for place, style in enumerate(dict.fromkeys(styles))}
        places = tuple(map(known.__getitem__, styles))
        return cls(rows, _pack(text), bytes(places) if len(known) <= 256 else places, tuple(known), links)

    def xml(self) -> str:
        """Give the rows' XML; a style that has no number yet gets one, in the order of the cells."""
        numbers = [str(style._get_xf_index()) for style in self.styles]
        return _filled(_unpack(self.packed), map(numbers.__getitem__, self.places))


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode(), 1) if text else b""


def _unpack(packed: bytes) -> str:
    return zlib.decompress(packed).decode() if packed else ""


def _filled(text: str, numbers: Iterable[str]) -> str:
    """Put the numbers in their places."""
    return text.replace("%", "%%").replace(PLACE, "%s") % tuple(numbers)
