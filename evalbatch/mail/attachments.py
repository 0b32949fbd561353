"""A unit's entry of run.json in, the workbooks that are provably this unit's out."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from evalbatch.campaign.roster import fold
from evalbatch.mail.words import one_line
from evalbatch.model import Refused, Unit
from evalbatch.reading.grid import read_grids
from evalbatch.storage.disk import words_of
from evalbatch.text.names import safe_name

_ONE_ENCODED_WORD = 45
"""Bytes of a name that fit into one RFC 2047 word; longer names are split, which some mail programs mend badly."""
_AGAIN = "请重新运行 evalbatch run，再预览、发送。"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One workbook to attach: the name its reader sees, where it lies, its content's hash, what it is in words.

    `marked` tells of a returned copy whether its cells are marked, or it is a list alone; None of other workbooks.
    """

    name: str
    path: Path
    sha256: str
    size: int
    about: str
    marked: bool | None = None

    def load(self) -> bytes:
        """Return its bytes; Refused when they are no longer those that were checked."""
        data = _read(self.path)
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise Refused(f"附件“{self.path.name}”在核对之后被改动。", remedy=_AGAIN)
        return data


def attachments_of(
    unit: Unit, entry: Mapping[str, Any], record: Mapping[str, Any], output: Path, *, with_score_sheet: bool
) -> tuple[Attachment, ...]:
    """Gather a unit's score sheet and returned copies.

    Refused unless each lies in the output folder, is named by this unit's entry of run.json and by no other unit's,
    names the unit on its first sheet, and has the content that run.json has the hash of.
    """
    who = _who(unit)
    found = []
    if with_score_sheet and entry["score_sheet"]:
        about = "复核评分表，内有得分、计算说明和问题清单"
        found.append(_attachment(unit, entry["score_sheet"], f"{who}_复核评分表", about, record, output))
    for number, path in enumerate(entry["returned"], start=1):
        name = f"{who}_退回{number if len(entry['returned']) > 1 else ''}"
        original = _original(path, unit, record)
        made = _attachment(unit, path, name, "", record, output)
        marked = len(read_grids(made.load())) > 1
        said = "更正处已标出" if marked else "更正事项的清单，原文件的格式不能标注"
        about = f"贵单位报送的“{one_line(PurePosixPath(original['path']).name)}”，{said}"
        if original["returned"] is None:
            about = "本单位各表更正事项的清单；报来的文件里还有别的单位的表，没有附上"
        found.append(replace(made, about=about, marked=marked))
    return tuple(found)


def _who(unit: Unit) -> str:
    """Name the unit briefly: by its code where its name is too long for a file name that every program shows."""
    name = safe_name(unit.name)
    short = len(f"{name}_退回10.xlsx".encode()) <= _ONE_ENCODED_WORD
    return name if short or not unit.code else safe_name(unit.code)


def _attachment(unit: Unit, path: str, stem: str, about: str, record: Mapping[str, Any], output: Path) -> Attachment:
    claimed = [other["name"] for other in record["units"] if path in _paths(other)]
    if claimed != [unit.name]:
        raise Refused(f"附件“{one_line(path)}”也列在别的单位名下：{'、'.join(map(one_line, claimed))}。", remedy=_AGAIN)
    place = _inside(output, path)
    data = _read(place)
    if not _names(unit, data, path):
        raise Refused(f"附件“{one_line(path)}”里没有写本单位的名称，可能被替换或改动。", remedy=_AGAIN)
    sha256 = hashlib.sha256(data).hexdigest()
    said = record["outputs"].get("sha256")
    if said is not None and said.get(path) != sha256:
        raise Refused(f"附件“{one_line(path)}”不是最近一次运行生成的内容，可能被改动过。", remedy=_AGAIN)
    return Attachment(stem + PurePosixPath(path).suffix.lower(), place, sha256, len(data), about)


def _paths(entry: Mapping[str, Any]) -> Iterator[str]:
    if entry["score_sheet"]:
        yield entry["score_sheet"]
    yield from entry["returned"]


def _original(path: str, unit: Unit, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry of the file that a unit's returned copy was made of: its own, or one that it shares."""
    for file in record["files"]:
        own = file["returned"] == path and file["unit"] == unit.name
        if own or file.get("copies", {}).get(unit.name) == path:
            return dict(file)
    raise Refused(f"退回件“{one_line(path)}”不是由本单位报送的文件做成的。", remedy=_AGAIN)


def _inside(output: Path, path: str) -> Path:
    parts = PurePosixPath(path)
    place = (output / parts).resolve()
    if parts.is_absolute() or ".." in parts.parts or not place.is_relative_to(output.resolve()):
        raise Refused(f"附件“{one_line(path)}”不在输出文件夹中。", remedy=_AGAIN)
    return place


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"附件“{path.name}”读不出来：{words_of(error)}。", remedy=_AGAIN) from None


def _names(unit: Unit, data: bytes, path: str) -> bool:
    """Tell whether the first sheet names the unit: in a cell by itself, or at a cell's beginning before a blank."""
    try:
        front = next((grid for grid in read_grids(data) if grid.visible and grid.cells), None)
    except Refused as refused:
        raise Refused(f"附件“{one_line(path)}”打不开：{refused.message}", remedy=_AGAIN) from None
    name = fold(unit.name)
    return front is not None and any(
        name in (fold(cell.text), fold(cell.text.partition("\u3000")[0])) for cell in front.cells.values()
    )
