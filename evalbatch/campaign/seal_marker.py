"""Whether a season is sealed, and by which archives: a small file beside them that says so, to people too."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evalbatch.model import Refused
from evalbatch.storage.state_json import Each, read_json

FOLDER = "sealed"
NAME = "sealed.json"
MARKER = f"{FOLDER}/{NAME}"
_SAYS = "evalbatch close 写的封存标记。sealed 为 true 时本批次不再运行；要重新打开，运行 evalbatch close --reopen。"


@dataclass(frozen=True, slots=True)
class Marker:
    """Whether the season is sealed now, and the SHA-256 of each archive it ever had, by name, the oldest first."""

    sealed: bool = False
    archives: Mapping[str, str] = field(default_factory=dict)


def read_marker(folder: Path) -> Marker:
    """Read a campaign's marker; none means never sealed. Refused when it is damaged: it might have said sealed."""
    path = folder / FOLDER / NAME
    try:
        document = read_json(path, {"sealed": bool, "archives": Each(str)})
        return Marker(document["sealed"], document["archives"])
    except FileNotFoundError:
        return Marker()
    except (OSError, ValueError):
        raise Refused(
            f"封存标记“{path}”读不出来或已被改动，不能确定本批次是否已封存。",
            remedy=f"请从备份恢复该文件；确认没有封存过的，删去 {FOLDER}/{NAME} 后重试。",
        ) from None


def write_marker(folder: Path, marker: Marker) -> None:
    """Write the marker whole or not at all; raises OSError."""
    path = folder / FOLDER / NAME
    document = {"说明": _SAYS, "sealed": marker.sealed, "archives": dict(marker.archives)}
    part = path.with_name(NAME + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def is_sealed(folder: Path) -> bool:
    """Tell whether this campaign is sealed."""
    return read_marker(folder).sealed


def refuse_if_sealed(folder: Path, no_more: str = "不再运行") -> None:
    """Raise Refused when this campaign is sealed: nothing is done in it unless someone opens it again."""
    if is_sealed(folder):
        raise Refused(
            f"批次“{folder.resolve().name}”已封存，{no_more}。",
            remedy="确需重新打开的，先运行 evalbatch close --reopen；封存件会原样保留。",
        )
