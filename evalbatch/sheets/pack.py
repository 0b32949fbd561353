"""Parts in, a zip container out, whose bytes are the same on every system; what many workbooks share is packed once."""

import zlib
from collections.abc import Iterable
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
_UNIX, _VERSION, _RIGHTS = 3, 20, 0o600 << 16
_LOCAL = Struct("<4s2B4HL2L2H")
_CENTRAL = Struct("<4s4B4HL2L5H2L")
_END = Struct("<4s4H2LH")


def write_parts(target: str | BytesIO, parts: Iterable[tuple[str, bytes]]) -> None:
    """Write parts, each a name in ASCII and its bytes, to a file's path or a buffer. Raises OSError."""
    named = list(parts)
    if len(named) > _MOST_PARTS or sum(len(data) for _, data in named) > _MOST_BYTES:
        _write_large(target, named)
        return
    packed = _container(named)
    if isinstance(target, BytesIO):
        target.write(packed)
    else:
        Path(target).write_bytes(packed)


def _container(named: list[tuple[str, bytes]]) -> bytes:
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, data in named:
        written = name.encode("ascii")
        crc, deflated = _deflated_once(data) if len(data) <= _LONGEST_SHARED else _deflated(data)
        about = (0, ZIP_DEFLATED, 0, _DOS_DATE, crc, len(deflated), len(data), len(written), 0)
        pieces += _LOCAL.pack(b"PK\3\4", _VERSION, 0, *about), written, deflated
        directory += (
            _CENTRAL.pack(b"PK\1\2", _VERSION, _UNIX, _VERSION, 0, *about, 0, 0, 0, _RIGHTS, offset),
            written,
        )
        offset += _LOCAL.size + len(written) + len(deflated)
    size = sum(len(piece) for piece in directory)
    end = _END.pack(b"PK\5\6", 0, 0, len(named), len(named), size, offset, 0)
    return b"".join((*pieces, *directory, end))


def _deflated(data: bytes) -> tuple[int, bytes]:
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return zlib.crc32(data), packer.compress(data) + packer.flush()


_deflated_once = lru_cache(maxsize=128)(_deflated)


def _write_large(target: str | BytesIO, named: list[tuple[str, bytes]]) -> None:
    """Leave to zipfile what may need its format for large files."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in named:
            about = ZipInfo(name, _TIME)
            about.compress_type, about.create_system = ZIP_DEFLATED, _UNIX
            archive.writestr(about, data)
