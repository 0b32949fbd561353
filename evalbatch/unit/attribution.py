"""What was read out of each file in; whose it is, which version counts, and what to say about that out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import PurePosixPath

from evalbatch.campaign.roster import Match, Roster, fold
from evalbatch.checks.findings import make_finding
from evalbatch.intake.kinds import KIND_WORDS
from evalbatch.model import FileStatus, Finding, FormHead, ReadFile, SourceFile, Unit
from evalbatch.model.files import day_filled
from evalbatch.pool.local import Lost, attempt
from evalbatch.scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Claim:
    """One submission and the roster's unit that it is for; None when there is none."""

    submission: FormHead
    unit: Unit | None
    superseded_by: str | None = None


_SHARED = "U08"
MOVING = "moving"
"""The kind of a file that is left out because it still changes: what it holds can't be told yet."""
_STILL_MOVING = "运行时还在变化，可能还在复制，没有读取；静止后再运行一次。"


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of the inbox with what it holds. `status` is accepted here until checks have spoken."""

    source: SourceFile
    status: FileStatus
    unit: Unit | None = None
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    note: str = ""

    @property
    def current(self) -> tuple[Claim, ...]:
        """The claims that no newer submission replaces."""
        return tuple(claim for claim in self.claims if claim.superseded_by is None)

    @property
    def is_shared(self) -> bool:
        """Whether it holds forms of several units."""
        return len({claim.unit for claim in self.claims}) > 1

    def findings_of(self, unit: Unit | None) -> tuple[Finding, ...]:
        """Return what reading and attribution found that is this unit's, None for no unit's.

        Of a shared file that is what was found on its own sheets; what is on no unit's own sheet is the file's owner's.
        """
        if not self.is_shared:
            return self.findings if self.unit == unit else ()
        own = {claim.submission.sheet for claim in self.claims if claim.unit == unit}
        others = {claim.submission.sheet for claim in self.claims if claim.unit != unit}

        def is_own(finding: Finding) -> bool:
            if finding.code == _SHARED:
                return unit is not None and finding.subject == ("file", unit.name) and bool(own)
            return finding.sheet in own - others or (self.unit == unit and finding.sheet not in others - own)

        return tuple(filter(is_own, self.findings))


def attribute(
    files: Sequence[tuple[SourceFile, ReadFile | None]],
    roster: Roster,
    year: int,
    scheme: Scheme,
    assigned: Callable[[SourceFile], str | None] = lambda _: None,
) -> tuple[Filed, ...]:
    """Tell for each file its unit and its standing; `files` in path order, ReadFile None where nothing was read.

    `assigned` gives the unit to which a person assigned a file; that decides. Without it, a file whose form names one
    unit of the roster and whose folder another is for neither.

    Of files with the same bytes the first in path order counts whose folder is not another unit's. Of two submissions
    of the same form (same unit, form and project) one of the campaign's year counts, then the one with the later fill
    date, then with the later version mark in its file's name, then with the later file time.
    """
    first = _originals(files, roster)
    readings = {source.sha256: reading for source, reading in files if reading is not None}
    filed: list[Filed] = []
    for source, reading in files:
        original = first[source.sha256] if source.role == "workbook" else source.path
        if original != source.path:
            filed.append(_duplicate(source, original, roster, scheme))
        else:
            own = readings.get(source.sha256) if source.role == "workbook" else reading
            one = attempt(_file_one, source, own, roster, scheme, assigned(source))
            filed.append(_unfiled(source, one) if isinstance(one, Lost) else one)
    whose = {entry.source.path: entry.unit for entry in filed}
    filed = [replace(e, unit=whose[e.note]) if e.status == "duplicate" else e for e in filed]
    return _supersede(filed, year, scheme)


def _originals(files: Sequence[tuple[SourceFile, ReadFile | None]], roster: Roster) -> dict[str, str]:
    """Choose among workbooks with the same bytes the one that counts, by their hash."""
    alike: dict[str, list[SourceFile]] = {}
    for source, _ in files:
        if source.role == "workbook":
            alike.setdefault(source.sha256, []).append(source)
    readings = {source.sha256: reading for source, reading in files if reading is not None}
    chosen = {}
    for sha256, sources in alike.items():
        reading = readings.get(sha256)
        named = [(source.path, attempt(_named_otherwise, source, reading, roster)) for source in sources if reading]
        chosen[sha256] = next((path for path, other in named if other is None), sources[0].path)
    return chosen


def _named_otherwise(source: SourceFile, reading: ReadFile, roster: Roster) -> tuple[FormHead, Unit, Unit] | None:
    """Find a submission that names another unit than its folder: the submission, its unit, the folder's."""
    folder = roster.find_in_folder(source.path)
    if folder is None:
        return None
    for submission in reading.counted:
        unit = roster.find(submission.unit_code, submission.unit_name).unit
        if unit is not None and unit != folder:
            return submission, unit, folder
    return None


def _duplicate(source: SourceFile, original: str, roster: Roster, scheme: Scheme) -> Filed:
    finding = make_finding("F08", scheme=scheme, file=source.path, original=original)
    return Filed(source, "duplicate", roster.find_in_path(source.path).unit, findings=(finding,), note=original)


def _file_one(
    source: SourceFile, reading: ReadFile | None, roster: Roster, scheme: Scheme, assigned: str | None
) -> Filed:
    by_path = Match(roster.by_name[fold(assigned)], "person") if assigned else roster.find_in_path(source.path)
    if source.role == "ignored":
        return Filed(source, "ignored", note=_why_ignored(source))
    if source.role == "attachment":
        what = KIND_WORDS.get(source.kind, KIND_WORDS["unknown"])
        return Filed(source, "attachment", by_path.unit, note=f"{what}，作为附件登记，不当作表格。")
    if reading is None or reading.rejected:
        found = reading.findings if reading else ((source.refusal,) if source.refusal else ())
        return Filed(source, "rejected", by_path.unit, findings=tuple(replace(f, file=source.path) for f in found))
    return _file_read(source, reading, roster, by_path, scheme)


def _unfiled(source: SourceFile, lost: Lost) -> Filed:
    """Say of a file that whose it is could not be worked out: it costs this file alone."""
    said = "文件读得出来，但没有判断出属于哪个单位，没有计入任何单位。"
    finding = replace(make_finding("F01", file=source.path), message=said)
    return Filed(source, "rejected", findings=(finding,), note=lost.why)


def _why_ignored(source: SourceFile) -> str:
    if source.kind == MOVING:
        return _STILL_MOVING
    if source.kind == "zip":
        return "压缩包本身不是表格，其中的文件各列一行。"
    name = PurePosixPath(source.path).name
    if name.startswith(("~$", ".~")):
        return "打开文件时留下的锁定文件，不是报送的材料。"
    return "系统或程序自动产生的文件，不是报送的材料。"


def _file_read(source: SourceFile, reading: ReadFile, roster: Roster, by_path: Match, scheme: Scheme) -> Filed:
    found = [replace(finding, file=source.path) for finding in reading.findings]
    submissions = reading.counted
    if by_path.how != "person" and (two := _named_otherwise(source, reading, roster)):
        finding = _two_units(source, *two, scheme)
        unclaimed = tuple(Claim(one, None) for one in submissions)
        note = finding.message.split("：", 1)[-1]
        return Filed(source, "unassigned", claims=unclaimed, findings=(*found, finding), note=note)
    matches = [roster.find(s.unit_code, s.unit_name) for s in submissions]
    several = len({match.unit.name for match in matches if match.unit}) > 1
    named = next((match for match in matches if match.unit), None)
    claims: list[Claim] = []
    said: set[tuple[str, str]] = set()
    for submission, match in zip(submissions, matches, strict=True):
        says_unit = bool(submission.unit_name or submission.unit_code)
        unit = match.unit if says_unit else (named or by_path).unit
        if by_path.how == "person" and not (several and match.unit):
            unit = by_path.unit
        claims.append(Claim(submission, unit))
        written = (submission.unit_name or submission.unit_code or "", match.how)
        if written in said:
            continue
        said.add(written)
        found += _name_findings(source, submission, unit, match, by_path, scheme)
    owner = next((claim.unit for claim in claims if claim.unit), None)
    if several:
        first = {claim.unit.name: claim.submission for claim in reversed(claims) if claim.unit}
        found += [
            make_finding(_SHARED, scheme=scheme, file=source.path, sheet=form.sheet, subject=("file", name), own=name)
            for name, form in first.items()
        ]
    return Filed(source, "accepted", owner, tuple(claims), tuple(found))


def _two_units(source: SourceFile, submission: FormHead, named: Unit, folder: Unit, scheme: Scheme) -> Finding:
    say = _saying(source, submission, scheme)
    then = "两个单位都没有计入，由财政部门在review.xlsx中指定归属，或把文件移到正确的文件夹"
    return say("U02", how="folder", form_unit=named.name, path_unit=folder.name, meanwhile=then)


def _saying(source: SourceFile, submission: FormHead, scheme: Scheme) -> Callable[..., Finding]:
    cell = submission.cells.get("unit.name") or submission.cells.get("unit.code")
    return partial(
        make_finding,
        scheme=scheme,
        file=source.path,
        sheet=submission.sheet,
        cell=cell.address if cell else None,
        value=submission.unit_name or submission.unit_code,
    )


def _name_findings(
    source: SourceFile, submission: FormHead, unit: Unit | None, match: Match, by_path: Match, scheme: Scheme
) -> list[Finding]:
    say = _saying(source, submission, scheme)
    if unit is None:
        return [say("U01", nearest=match.nearest or ((by_path.unit.name,) if by_path.unit else by_path.nearest))]
    then = f"归到“{unit.name}”"
    of_another = match.unit is not None and (match.unit != unit or match.how in ("code", "other-name"))
    if bool(submission.unit_name) and of_another and fold(submission.unit_name or "") != fold(unit.name):
        return [say("U02", expected=unit.name, how=match.how, meanwhile=then)]
    if match.unit and by_path.unit and by_path.unit != unit:
        return [say("U02", how="path", form_unit=unit.name, meanwhile=then)]
    return []


# ---------------------------------------------------------------- versions


def _supersede(filed: Sequence[Filed], year: int, scheme: Scheme) -> tuple[Filed, ...]:
    newest: dict[_Form, tuple[_Rank, str]] = {}
    for entry in filed:
        for claim in entry.claims if entry.status != "unassigned" else ():
            form, rank = _form_of(claim), _rank(entry.source, claim.submission, year)
            if form not in newest or rank > newest[form][0]:
                newest[form] = (rank, entry.source.path)
    return tuple(_mark_superseded(entry, newest, year, scheme) for entry in filed)


def _mark_superseded(entry: Filed, newest: Mapping["_Form", tuple["_Rank", str]], year: int, scheme: Scheme) -> Filed:
    if not entry.claims or entry.status == "unassigned":
        return entry
    claims = tuple(
        replace(claim, superseded_by=newer if newer != entry.source.path or (rank[0] and not own[0]) else None)
        for claim in entry.claims
        for (rank, newer), own in [(newest[_form_of(claim)], _rank(entry.source, claim.submission, year))]
    )
    replaced = [claim for claim in claims if claim.superseded_by]
    notes = tuple(
        make_finding(
            "F09",
            scheme=scheme,
            file=entry.source.path,
            sheet=claim.submission.sheet,
            newer=claim.superseded_by,
            year=claim.submission.year if claim.submission.year not in (None, year) else None,
        )
        for claim in replaced
    )
    if len(replaced) == len(claims):
        return replace(entry, status="superseded", claims=claims, findings=notes[:1])
    return replace(entry, claims=claims, findings=entry.findings + notes)


_Form = tuple[str, str, str]
"""Whose form it is, which form, and of which project: what stays the same when it is sent again."""
_Rank = tuple[bool, date, tuple[int, int], datetime, str]


def _form_of(claim: Claim) -> _Form:
    submission = claim.submission
    whose = claim.unit.name if claim.unit else fold(submission.unit_name or "")
    return (whose, submission.form, fold(submission.project or ""))


def _rank(source: SourceFile, submission: FormHead, year: int) -> _Rank:
    of_the_year = submission.year in (None, year)
    return (
        of_the_year,
        day_filled(submission.filled_on, source.modified) or date.min,
        version_mark(source.path),
        source.modified,
        source.path,
    )


_ORDINALS = {ch: number for number, ch in enumerate("零一二三四五六七八九十")}
_MARK = re.compile(r"(?:第|[vV]|[（(])\s*(\d{1,3}|[一二三四五六七八九十])\s*(?:[稿版次）)]|(?![\d年月.]))")
_WORDS = (
    ("最终", 3),
    ("终稿", 3),
    ("定稿", 3),
    ("更正", 2),
    ("重报", 2),
    ("修改", 2),
    ("修订", 2),
    ("补正", 2),
    ("新", 1),
)


def version_mark(path: str) -> tuple[int, int]:
    """Rank the version mark in a file's name: a word such as 修改 or 终稿, then a number; (0, 0) without any.

    >>> version_mark("示例局自评表（2）.xlsx") > version_mark("示例局自评表.xlsx")
    True
    >>> version_mark("自评表-终稿.xlsx") > version_mark("自评表-修改.xlsx") > version_mark("自评表V3.xlsx")
    True
    """
    stem = PurePosixPath(path).stem
    word = max((rank for text, rank in _WORDS if text in stem), default=0)
    numbers = [_ORDINALS.get(mark) or int(mark) for mark in _MARK.findall(stem)]
    return (word, max(numbers, default=0))
