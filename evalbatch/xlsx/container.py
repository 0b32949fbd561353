"""Parts in, a zip container out, whose bytes are the same on every system; what many workbooks share is packed once."""

import zlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from struct import Struct
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_TIME = (1980, 1, 1, 0, 0, 0)
_DOS_DATE = 0x21
_LONGEST_SHARED = 16_384
"""Longer parts are no two workbooks' own."""
_MOST_BYTES = 1 << 31
_MOST_PARTS = 0xFFFE
_VERSION, _RIGHTS, _UTF_8 = 20, 0o600 << 16, 0x800
_LOCAL = Struct("<4s2B4HL2L2H")
_CENTRAL = Struct("<4s4B4HL2L5H2L")
_END = Struct("<4s4H2LH")


class Deflated:
    """A long part, deflated piece by piece as it is made; `data` is whole when it has come to an end."""

    data = b""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        self._pieces: list[bytes] = []
        self._size = self.crc = 0

    def __len__(self) -> int:
        return self._size

    def add(self, piece: bytes) -> None:
        """Add a piece."""
        self._size += len(piece)
        self.crc = zlib.crc32(piece, self.crc)
        self._pieces.append(self._packer.compress(piece))

    def end(self) -> None:
        """Add nothing more."""
        self.data = b"".join((*self._pieces, self._packer.flush()))
        del self._packer, self._pieces  # a packer takes a quarter of a megabyte


def write_container(target: Path | BytesIO, parts: Mapping[str, bytes | Deflated], system: int = 0) -> None:
    """Write parts to a file or a buffer as zipfile does, which is left what may need the format for large files.

    `system` is the number of the system that the container says it was made on. Raises OSError.
    """
    if len(parts) > _MOST_PARTS or sum(map(len, parts.values())) > _MOST_BYTES or any("\\" in name for name in parts):
        _write_large(target, parts, system)
        return
    packed = _packed(parts, system)
    if isinstance(target, BytesIO):
        target.writelines(packed)
    else:
        with target.open("wb") as file:
            file.writelines(packed)


def _packed(parts: Mapping[str, bytes | Deflated], system: int) -> list[bytes]:
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, data in parts.items():
        written = name.encode()
        if isinstance(data, Deflated):
            crc, deflated = data.crc, data.data
        else:
            crc, deflated = _deflated_once(data) if len(data) <= _LONGEST_SHARED else _deflated(data)
        flags = 0 if name.isascii() else _UTF_8
        about = (flags, ZIP_DEFLATED, 0, _DOS_DATE, crc, len(deflated), len(data), len(written), 0)
        pieces += _LOCAL.pack(b"PK\3\4", _VERSION, 0, *about), written, deflated
        directory += _CENTRAL.pack(b"PK\1\2", _VERSION, system, _VERSION, 0, *about, 0, 0, 0, _RIGHTS, offset), written
        offset += _LOCAL.size + len(written) + len(deflated)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), size, offset, 0)
    return [*pieces, *directory, end]


def _deflated(data: bytes) -> tuple[int, bytes]:
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return zlib.crc32(data), packer.compress(data) + packer.flush()


_deflated_once = lru_cache(maxsize=128)(_deflated)


def _write_large(target: Path | BytesIO, parts: Mapping[str, bytes | Deflated], system: int) -> None:
    with ZipFile(target, "w") as archive:
        for name, data in parts.items():
            about = ZipInfo(name, _TIME)
            about.compress_type, about.create_system = ZIP_DEFLATED, system
            archive.writestr(about, zlib.decompress(data.data, -15) if isinstance(data, Deflated) else data)
