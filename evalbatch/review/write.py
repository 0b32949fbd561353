"""This run's results in, review.xlsx on disk out, without ever losing what a person typed into it meanwhile."""

import contextlib
import hashlib
import os
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from evalbatch.campaign.roster import Roster
from evalbatch.model import FileResult, Refused, UnitResult
from evalbatch.review.columns import KEPT
from evalbatch.review.load import Review, load_review
from evalbatch.review.paint import paint_review
from evalbatch.review.rows import Plan, Questions, plan_rows, rejected, said_by_plan
from evalbatch.review.weigh import State
from evalbatch.storage.disk import read_regular, words_of

_LOCKS = ("~${}", ".~lock.{}#", ".~{}")
"""What Excel and WPS, LibreOffice, and WPS on Linux put beside a workbook that is open."""
_ATTEMPTS = 3
_NAMED = 10
"""So many rejected entries are named in the terminal."""
_OUR_DATE = b">2000-01-01T00:00:00Z</dcterms:modified>"


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What became of review.xlsx: whether it was written, and what to tell the clerk.

    `counts` are the rows of each sheet by how they stand: open, valid, stale, unsure, conflict, invalid. `sha256` is
    of the file that says what this run found, "" where there need be none. `overtaken` says that somebody saved the
    file since the run had read it: what is decided there counts in the next.
    """

    written: bool
    notes: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[State, int]] = field(default_factory=dict)
    sha256: str = ""
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What review.xlsx is to say: its bytes, None where nothing need be written, and how its rows stand.

    It brings `review` up to date, as it was read. `rejected` names each entry that was not taken, with its cell.
    """

    review: Review
    units: Sequence[UnitResult]
    questions: Sequence[Questions]
    files: Sequence[FileResult]
    roster: Roster
    content: bytes | None
    counts: Mapping[str, Mapping[State, int]]
    rejected: tuple[str, ...] = ()


def draft_review(
    review: Review,
    units: Sequence[UnitResult],
    questions: Sequence[Questions],
    files: Sequence[FileResult],
    roster: Roster,
    *,
    gone: bool = False,
) -> ReviewDraft:
    """Work out what review.xlsx is to say of a run; `review` is what load_review gave at its start,
    `questions` are those of each unit. As soon as a line is scored there is a file, in which a person may change it.

    `gone` says that the file was there then, and is no more.
    """
    plan = plan_rows(review, units, questions, files, roster)
    there = bool(review.sha256) and not gone
    idle = not any(plan.values()) and not any(of_form for of_unit in questions for of_form in of_unit)
    said = review.said == said_by_plan(plan, roster) if there else idle
    content = None if said else paint_review(plan, review.titles, review.sheets, roster)
    return ReviewDraft(review, units, questions, files, roster, content, _counts(plan), rejected(plan))


def write_review(path: Path, draft: ReviewDraft, record: Path | None = None) -> ReviewOutcome:
    """Bring review.xlsx up to date with what a run found, as drafted; drafted anew where somebody saved it meanwhile.

    Left alone when it says all this already, while it is open somewhere, and when it can't be written: then a
    note says so. A copy that a person saved is put into the folder review of `record` before it is replaced.
    """
    found, read = (draft.units, draft.questions, draft.files, draft.roster), draft.review
    for _ in range(_ATTEMPTS):
        try:
            data = _bytes(path)
            now = _sha(data) if data is not None else ""
            if now and now != draft.review.sha256:
                draft = draft_review(load_review(path, draft.review.year), *found)
            elif not now and draft.review.sha256 and draft.content is None:
                draft = draft_review(draft.review, *found, gone=True)
        except (Refused, OSError):
            return ReviewOutcome(False, (f"{path.name} 正在被改动，这次没有更新；请保存、关闭后再运行一次。",))
        if draft.content is None:
            return ReviewOutcome(False, _said(path, draft), draft.counts, now, draft.review is not read)
        if notes := _hindrance(path, draft.review, data):
            return ReviewOutcome(False, (*notes, *_said(path, draft)), draft.counts)
        try:
            if _put(path, draft.content, data, record):
                return ReviewOutcome(
                    True, _said(path, draft), draft.counts, _sha(draft.content), draft.review is not read
                )
        except OSError as error:
            return ReviewOutcome(False, (_cannot(path, error),), draft.counts)
    return ReviewOutcome(False, (f"{path.name} 正在被改动，这次没有更新；请保存、关闭后再运行一次。",), draft.counts)


def _said(path: Path, draft: ReviewDraft) -> tuple[str, ...]:
    """Name the entries that were not taken; of many the first."""
    told = tuple(f"{path.name} {said}" for said in draft.rejected[:_NAMED])
    rest = len(draft.rejected) - _NAMED
    return (*told, f"{path.name} 另有{rest}处填写没有采用，见各表“状态”栏。") if rest > 0 else told


def _bytes(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _counts(plan: Plan) -> dict[str, dict[State, int]]:
    return {name: dict(Counter(row.state for row in rows)) for name, rows in plan.items() if name != KEPT}


def _hindrance(path: Path, review: Review, data: bytes | None) -> tuple[str, ...]:
    """Say why an existing file had better be left alone, () when nothing speaks against it."""
    if data is None:
        return ()
    for pattern in _LOCKS:
        lock = path.with_name(pattern.format(path.name))
        if lock.exists():
            return (
                f"{path.name} 正在被打开（旁边有“{lock.name}”），这次没有更新；已保存的内容照常读取。"
                "请关闭后再运行一次；如果没有人打开它，请删去这个锁定文件。",
            )
    if review.unread:
        return (
            f"{path.name} {'、'.join(review.unread[:3])} 是公式而没有保存结果，这次没有更新。"
            "请用Excel或WPS打开并保存一次，或改填数值。",
        )
    return ()


def _put(path: Path, content: bytes, data: bytes | None, record: Path | None) -> bool:
    """Replace the file as a whole; False when somebody saved it in the meantime."""
    if data is not None and record is not None and not _is_ours(data):
        _save_copy(record / "review" / f"{path.stem}_{_sha(data)[:12]}{path.suffix}", data)
    part = path.with_name(f"{path.name}.part")
    try:
        _flushed(part, content)
        if _bytes(path) != data:
            return False
        part.replace(path)
        return True
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _save_copy(target: Path, data: bytes) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    _flushed(part, data)
    part.replace(target)


def _flushed(path: Path, data: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _is_ours(data: bytes) -> bool:
    """Whether nobody saved the file since we wrote it: every program that saves a workbook dates it anew."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _OUR_DATE in package.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, OSError):
        return False


def _cannot(path: Path, error: OSError) -> str:
    return (
        f"{path.name} 写不进去（{words_of(error)}），这次没有更新；已保存的内容照常读取。"
        "请关闭正在使用它的程序，检查写入权限后再运行一次。"
    )
