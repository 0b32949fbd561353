"""units.xlsx in, Roster out; and which unit a name, a code or a path stands for."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from rapidfuzz import fuzz, process

from evalbatch.campaign.form_names import form_name
from evalbatch.model import DueProject, Refused, Unit
from evalbatch.reading.header_table import Row, number_in, read_rows
from evalbatch.text.folding import bare_project, one_width

FILE_NAME = "units.xlsx"
TITLES = (
    "单位编码",
    "单位名称",
    "其他名称",
    "联系人",
    "电子邮箱",
    "应报表格",
    "截止日期",
    "年初预算数（万元）",
    "全年预算数（万元）",
    "全年执行数（万元）",
)
EXEMPT = "免报"
PROJECT_SHEET = "项目名单"
PROJECT_TITLES = ("单位编码", "单位名称", "项目名称", "其他名称")
_CODE = re.compile(r"[0-9a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Match:
    """Which unit was found and how: by "code", "name", "other-name" or "path"; or the nearest names."""

    unit: Unit | None
    how: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """The units of a district in the roster's order, found by code, name or other name; and its list of projects."""

    units: tuple[Unit, ...] = ()
    projects: tuple[DueProject, ...] = ()
    by_code: Mapping[str, Unit] = field(default_factory=dict)
    by_name: Mapping[str, Unit] = field(default_factory=dict)
    by_other_name: Mapping[str, Unit] = field(default_factory=dict)

    def find(self, code: str | None, name: str | None) -> Match:
        """Find the unit that a form names, by its code, its name, then its other names; never by a near miss."""
        if code and (unit := self.by_code.get(fold(code))):
            return Match(unit, "code")
        if name:
            key = fold(name)
            if unit := self.by_name.get(key):
                return Match(unit, "name")
            if unit := self.by_other_name.get(key):
                return Match(unit, "other-name")
            if unit := self.by_code.get(key):
                return Match(unit, "code")
            if len(split := re.split(r"[-－—_ ]", name.strip(), maxsplit=1)) == 2:
                return self._code_and_name(split[0], split[1], name)
            return Match(None, nearest=self.nearest(name))
        return Match(None, nearest=self.nearest(code) if code else ())

    def _code_and_name(self, code: str, name: str, whole: str) -> Match:
        """Understand "219001-示例局": the code decides when it is on the roster, else the name behind it."""
        if unit := self.by_code.get(fold(code)):
            return Match(unit, "name" if fold(name) == fold(unit.name) else "code")
        unit = self.by_name.get(fold(name)) or self.by_other_name.get(fold(name))
        return Match(unit, "other-name") if unit else Match(None, nearest=self.nearest(whole))

    def find_in_path(self, path: str) -> Match:
        """Find the one unit that a folder's or a file's name holds; the innermost name decides.

        The longest name wins, so that 示例区教育局 is not taken for 示例区教育局幼儿园. Two units equally named in one
        part of a path give none.
        """
        for part in reversed(PurePosixPath(path).parts):
            key = fold(part)
            found: dict[int, set[str]] = {}
            for name, unit in self._names_in(key):
                found.setdefault(len(name), set()).add(unit.name)
            if found:
                longest = found[max(found)]
                if len(longest) == 1:
                    return Match(self.by_name[fold(next(iter(longest)))], "path")
                return Match(None, nearest=tuple(sorted(longest)))
        return Match(None)

    def find_in_folder(self, path: str) -> Unit | None:
        """Find the one unit that the innermost folder which names any is named after; a ZIP is a folder."""
        return self.find_in_path(PurePosixPath(path).parent.as_posix()).unit

    def _names_in(self, part: str) -> Iterator[tuple[str, Unit]]:
        # Every stretch of the part is looked up, so that it costs the same however long the roster is.
        for length in self._lengths:
            for start in range(len(part) - length + 1):
                name = part[start : start + length]
                for names in (self.by_name, self.by_other_name):
                    if unit := names.get(name):
                        yield name, unit
        # A code counts only by itself: 001 is not in 20010.
        for code in _CODE.findall(part):
            if unit := self.by_code.get(code):
                yield code, unit

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        """The lengths of all names that are long enough to be found within another text."""
        return tuple(sorted({len(name) for name in (*self.by_name, *self.by_other_name) if len(name) >= 3}))

    def nearest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """Offer the roster names most like this one, best first; none when nothing is like it."""
        names = {unit.name: fold(unit.name) for unit in self.units}
        hits = process.extract(fold(name), names, scorer=fuzz.WRatio, limit=count, score_cutoff=60)
        return tuple(key for _, _, key in hits)


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Bring a name to the form in which names are compared: width, blanks, brackets and case do not count.

    >>> fold(" 示例区 教育局（本级） ") == fold("示例区教育局(本级)")
    True
    """
    text = one_width(name).casefold()
    return "".join(ch for ch in text if not ch.isspace() and unicodedata.category(ch) not in ("Cf", "Cc"))


def load_roster(path: Path) -> Roster:
    """Read the roster; Refused names sheet row and remedy when a name is missing or stands twice."""
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for row in read_rows(path, TITLES, ("单位名称",)):
        if not row.text("单位名称"):
            if any(row.text(title) for title in TITLES):
                raise Refused(f"{path.name} 第{row.number}行没有单位名称。", remedy="请补上“单位名称”，或清空这一行。")
            continue
        unit = _unit(row, path.name)
        for key, what in ((fold(unit.name), "单位名称"), (fold(unit.code), "单位编码")):
            if key and key in seen:
                raise Refused(
                    f"{path.name} 第{row.number}行的{what}与第{seen[key]}行相同。",
                    remedy="请删去重复的一行，或改正名称、编码。",
                )
            seen[key] = row.number
        units.append(unit)
    roster = _roster(tuple(units), path.name)
    return replace(roster, projects=tuple(_projects(path, roster)))


def named_unit(row: Row, name: str, roster: Roster, place: str = "") -> Unit:
    """Return the unit that a row of another list names by code or name. Refused when it is not on the roster."""
    code, title = row.text("单位编码") or None, row.text("单位名称") or None
    match = roster.find(code, title)
    if match.unit is not None:
        return match.unit
    near = f"例如{'、'.join(match.nearest)}，" if match.nearest else ""
    if not code and not title:
        raise Refused(f"{name} {place}第{row.number}行没有写明单位。", remedy="请填单位编码或单位名称，或清空这一行。")
    raise Refused(
        f"{name} {place}第{row.number}行的单位“{title or code}”不在名单中。",
        remedy=f"请改成名单上的单位名称或编码，{near}或者把这个单位加入 units.xlsx，或者删去这一行。",
    )


def _projects(path: Path, roster: Roster) -> Iterator[DueProject]:
    """Read the sheet of projects that are due, where there is one. Refused when two rows of a unit have one name."""
    place = f"工作表“{PROJECT_SHEET}”"
    rows: dict[tuple[str, str], int] = {}
    for row in read_rows(path, PROJECT_TITLES, ("项目名称",), PROJECT_SHEET):
        if not (name := row.text("项目名称")):
            if any(row.text(title) for title in PROJECT_TITLES):
                raise Refused(
                    f"{path.name} {place}第{row.number}行没有项目名称。", remedy="请补上“项目名称”，或清空这一行。"
                )
            continue
        unit = named_unit(row, path.name, roster, place)
        keys = tuple(dict.fromkeys(map(bare_project, (name, *_split(row.text("其他名称"), "、;；")))))
        for key in keys:
            if (before := rows.setdefault((unit.name, key), row.number)) != row.number:
                raise Refused(
                    f"{path.name} {place}第{row.number}行的项目“{name}”与第{before}行的同名。",
                    remedy="请删去重复的一行，或改正名称。",
                )
        yield DueProject(unit.name, name, keys, row.number)


def _roster(units: tuple[Unit, ...], name: str) -> Roster:
    by_name = {fold(unit.name): unit for unit in units}
    by_other: dict[str, Unit] = {}
    for unit in units:
        for other in unit.other_names:
            owner = by_name.get(fold(other)) or by_other.get(fold(other))
            if owner and owner != unit:
                raise Refused(
                    f"{name} 第{unit.row}行的其他名称“{other}”也是第{owner.row}行单位的名称。",
                    remedy="请从其中一行删去这个名称；一个名称只能指一个单位。",
                )
            by_other[fold(other)] = unit
    return Roster(units, (), {fold(unit.code): unit for unit in units if unit.code}, by_name, by_other)


def _unit(row: Row, name: str) -> Unit:
    owes = row.text("应报表格")
    return Unit(
        code=row.text("单位编码"),
        name=row.text("单位名称"),
        other_names=_split(row.text("其他名称"), "、;；"),
        contact=row.text("联系人"),
        emails=_split(row.text("电子邮箱"), ";；,，、"),
        owes=None if not owes else () if owes == EXEMPT else tuple(map(form_name, _split(owes, "、;；,，"))),
        deadline=_date(row, "截止日期", name),
        initial=_amount(row, "年初预算数（万元）", name),
        adjusted=_amount(row, "全年预算数（万元）", name),
        executed=_amount(row, "全年执行数（万元）", name),
        row=row.number,
    )


def _split(text: str, separators: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(f"[{re.escape(separators)}\n]", text) if part.strip())


def _amount(row: Row, title: str, name: str) -> Decimal | None:
    cell = row.cells.get(title)
    if cell is None or not cell.text:
        return None
    if (number := number_in(cell)) is None:
        raise Refused(
            f"{name} 单元格 {cell.address}（{title}）写的是“{cell.text[:40]}”，不是数字。",
            remedy="请只填数字，单位为万元，例如 138.79；没有就留空。",
        )
    return number


def _date(row: Row, title: str, name: str) -> date | None:
    cell = row.cells.get(title)
    if cell is None or not cell.text:
        return None
    if cell.date is not None:
        return cell.date
    if parts := re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", cell.text):
        try:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        except ValueError:
            pass
    raise Refused(
        f"{name} 单元格 {cell.address}（{title}）写的是“{cell.text}”，不是日期。",
        remedy="请写成 2024-05-31 这样的日期。",
    )
