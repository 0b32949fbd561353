"""A finished season in, its sealed archive out; and a sealed season opened again."""

import contextlib
from dataclasses import replace
from pathlib import Path

from evalbatch.batch.archive import season_files, verify_archive, write_archive
from evalbatch.batch.verify import Difference, compared, verify
from evalbatch.campaign.seal_marker import FOLDER, Marker, read_marker, refuse_if_sealed, write_marker
from evalbatch.model import Refused
from evalbatch.storage.disk import words_of
from evalbatch.storage.hashes import file_hash
from evalbatch.tables.manifest import read_manifest
from evalbatch.text.names import safe_name

_SHOWN = 5


def close(folder: Path, output: Path | None = None) -> Path:
    """Seal a season: write its archive, prove it, and mark the campaign as sealed; return the archive's path.

    Refused when it is sealed already, when outputs are missing or no longer belong to the inputs, or when the
    archive can't be written. The campaign's own files stay as they are.
    """
    output = output or folder / "output"
    refuse_if_sealed(folder)
    if differences := verify(folder, output):
        raise _not_in_order(folder, differences)
    record = read_manifest(output)
    about = {key: record[key] for key in ("campaign", "district", "year", "version")}
    marker = read_marker(folder)
    part = folder / FOLDER / "archive.part"
    try:
        part.parent.mkdir(exist_ok=True)
        write_archive(part, season_files(folder, output), about)
        if differences := verify_archive(part):
            raise _not_in_order(folder, differences)
        sha256 = file_hash(part)
        name = _name(marker, f"{safe_name(record['campaign'])}_{record['year']}", sha256)
        archive = part.replace(part.with_name(name))
        write_marker(folder, Marker(True, {**marker.archives, name: sha256}))
    except OSError as error:
        raise Refused(
            f"封存件写不成：{words_of(error)}。", remedy="请检查磁盘空间和写入权限后重试；批次没有改动。"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return archive


def reopen(folder: Path) -> tuple[str, ...]:
    """Open a sealed season again; return the names of its archives, which stay. Refused when it is not sealed."""
    marker = read_marker(folder)
    if not marker.sealed:
        raise Refused(f"批次“{folder.resolve().name}”没有封存，不用重新打开。", remedy="可直接运行 evalbatch run。")
    write_marker(folder, replace(marker, sealed=False))
    return tuple(marker.archives)


def verify_archives(folder: Path) -> tuple[Difference, ...]:
    """Prove every archive that this campaign ever had."""
    found: list[Difference] = []
    for name, sha256 in read_marker(folder).archives.items():
        if (says := compared(folder / FOLDER / name, sha256)) is not None:
            found.append(Difference("archive", f"{FOLDER}/{name}", says))
    return tuple(found)


def _name(marker: Marker, stem: str, sha256: str) -> str:
    """Name an archive: as before when its bytes are the same, else by a name that was never given."""
    for name, known in marker.archives.items():
        if known == sha256:
            return name
    names = (f"{stem}.zip" if number == 1 else f"{stem}（{number}）.zip" for number in range(1, 1_000_000))
    return next(name for name in names if name not in marker.archives)


def _not_in_order(folder: Path, differences: tuple[Difference, ...]) -> Refused:
    shown = "".join(f"\n  {difference}" for difference in differences[:_SHOWN])
    more = f"\n  等，共{len(differences)}项" if len(differences) > _SHOWN else ""
    return Refused(
        f"批次“{folder.resolve().name}”还不能封存，输出与当前的文件不符：{shown}{more}",
        remedy="请先运行 evalbatch run 重新生成输出，核对无误后再封存。",
    )
