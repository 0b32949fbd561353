"""A District in; what several sheets need of it out, each worked out once, from the long tables."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from evalbatch.model import FormName
from evalbatch.scoring.words import plain_group
from evalbatch.sheets.look import FORM_WORDS, STATUS_WORDS, VERDICT_WORDS
from evalbatch.sheets.table import Link
from evalbatch.summary.district import District
from evalbatch.summary.figures import BANDS, PENDING, PROJECTS, WHOLE, kinds_of, ranked, rates_of_types
from evalbatch.summary.grid import columns, records
from evalbatch.text.folding import bare_project

EXEMPT = "免报"
"""The standing of a unit that owes nothing and sent nothing."""
_FILE = (
    "path", "sha256", "size", "modified", "kind", "status", "unit_name", "returned", "unused_cells", "remark",
)  # fmt: skip
_FINDING = (
    "unit_code", "unit_name", "code", "severity", "title", "message", "remedy", "file", "sheet", "cell",
)  # fmt: skip
_PROJECT = (
    "unit_code", "unit_name", "project", "file", "initial", "adjusted", "executed", "rate", "self_score",
    "verified_score", "difference", "verified_grade", "pending", "lowest", "highest",
)  # fmt: skip
_TYPE = ["level1", "level2", "verdict"]
_NONE = dict.fromkeys((*VERDICT_WORDS, "all"), 0)
_UNSCORED = dict.fromkeys((*BANDS, PENDING), 0) | {"mean": None}
_WEIGHT = re.compile(r"(?<!\s)\s*+[（(]\s*+[\d.]++\s*+分?\s*+[）)]\s*+$")
Rows = list[dict[str, Any]]
SENT, UNLISTED, MISSING, OTHER_YEAR = "已报送", "已报送（名单外）", "未报送", "年度不符"
"""How a project stands: against the list of those that are due, where there is one."""


class Digest:
    """A district with its tables as records, and what is derived from them."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.subtitle = f"{district.season.district}　{district.season.year}年度　截至{self.day}收到的材料"

    @property
    def day(self) -> str:
        """The day the summary stands as of, in words."""
        day = self.district.as_of
        return f"{day.year}年{day.month}月{day.day}日" if day else "目前"

    @cached_property
    def units(self) -> Rows:
        """The roster's units, each with its number of files and, as `result`, the result it came from."""
        files = columns(self.district.tables["files"], "unit_code", "unit_name")
        count = Counter(zip(files["unit_code"], files["unit_name"], strict=True))
        units = records(self.district.tables["units"])
        for unit, result in zip(units, self.district.units, strict=True):
            unit["files"], unit["result"] = count[_key(unit)], result
        return units

    @property
    def files(self) -> Rows:
        """Every file of the inbox, each with the forms found in it."""
        forms = {result.source.path: result.forms for result in self.district.files}
        files = records(self.district.tables["files"], *_FILE)
        for file in files:
            file["forms"] = forms.get(file["path"], ())
        return files

    @cached_property
    def returned(self) -> dict[str, str]:
        """The returned copy of each file that has one."""
        frame = self.district.tables["files"]
        files = columns(frame[frame["returned"].notna()], "path", "returned")
        return dict(zip(files["path"], files["returned"], strict=True))

    @cached_property
    def findings(self) -> Rows:
        """Every finding."""
        return records(self.district.tables["findings"], *_FINDING)

    @property
    def projects(self) -> Rows:
        """Every project's current form."""
        frame = self.district.tables["submissions"]
        return records(frame[[*_PROJECT]][frame["kind"] == "project"])

    @property
    def project_count(self) -> int:
        """How many projects came."""
        return int((self.district.tables["submissions"]["kind"] == "project").sum())

    @cached_property
    def due_count(self) -> int:
        """How many projects are due; 0 where no list says which are."""
        return sum(len(unit.due_projects) for unit in self.district.units)

    @cached_property
    def projects_due(self) -> Rows:
        """Every project's current form with its `standing`, and after them the projects that are due and have none."""
        units = {unit["result"].unit.name: unit for unit in self.units}
        rows = self.projects
        sent: dict[str, set[str]] = {}
        for row in rows:
            key = bare_project(row["project"])
            sent.setdefault(row["unit_name"], set()).add(key)
            due = units[row["unit_name"]]["result"].due_projects
            listed = not self.due_count or any(key in project.keys for project in due)
            row["standing"] = SENT if listed else UNLISTED
        for name, unit in units.items():
            missing = unit["result"].missing_projects
            for project in unit["result"].due_projects:
                if sent.get(name, set()).isdisjoint(project.keys):
                    standing = MISSING if project in missing else OTHER_YEAR
                    blank = dict.fromkeys(_PROJECT) | {"unit_code": unit["unit_code"], "unit_name": name}
                    rows.append(blank | {"project": project.name, "standing": standing})
        return rows

    @cached_property
    def submitted(self) -> Rows:
        """The units that sent anything."""
        return [unit for unit in self.units if unit["status"] != "missing"]

    @cached_property
    def whole(self) -> Rows:
        """Units scored by a form of their own, best first."""
        return self._ranked(WHOLE)

    @cached_property
    def by_projects(self) -> Rows:
        """Units scored by their projects, best first; never mixed with the others."""
        return self._ranked(PROJECTS)

    def _ranked(self, sources: Sequence[str]) -> Rows:
        """Give each unit whose score comes from one of these its `rank`."""
        rows = []
        best = ranked(self.district.tables["units"], sources)
        for place, rank in zip(best.index.tolist(), columns(best, "rank")["rank"], strict=True):
            self.units[place]["rank"] = rank
            rows.append(self.units[place])
        return rows

    @cached_property
    def compared(self) -> Rows:
        """Units with a self and a verified score, the largest difference first."""
        scored = [unit for unit in (*self.whole, *self.by_projects) if unit["difference"] is not None]
        return sorted(scored, key=lambda unit: (-abs(unit["difference"]), unit["difference"]))

    @cached_property
    def owing(self) -> Rows:
        """The units that owe anything."""
        return [unit for unit in self.units if self.owes(unit)]

    @cached_property
    def kinds(self) -> Rows:
        """Each code with how often it was found and in how many units, the most widespread first.

        A code that is milder for some than for others has a row for each severity.
        """
        found = records(kinds_of(self.district.tables["findings"]))
        rows = []
        for kind in found:
            first = self.findings[kind["first"]]
            of = first["unit_name"] or first["file"] or "全区"
            rows.append(first | {k: kind[k] for k in ("count", "units")} | {"example": f"{of}：{first['message']}"})
        return sorted(rows, key=lambda row: (-row["units"], -row["count"], row["code"], row["severity"]))

    @cached_property
    def types(self) -> Rows:
        """Types of indicators by level 1 and 2, most missed first: verdicts of those with a target, and points.

        `all` and each verdict count the former; what `rates_of_types` tells counts all that are scored in their forms.
        """
        frame = self.district.tables["indicators"]
        judged = frame[["level1", "level2", "verdict", "file", "sheet"]][compared(frame)]
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for (*levels, verdict), count in Counter(zip(*columns(judged[_TYPE]).values(), strict=True)).items():
            key = tuple(plain_group(level) for level in levels)
            row = rows.setdefault(key, {name: _bare(level) for name, level in zip(_TYPE, levels, strict=False)} | _NONE)
            row[verdict] += count
            row["all"] += count
        rates = rates_of_types(self.district.tables["scores"], judged, plain_group)
        known = dict(zip(rates.index, rates.to_dict("records"), strict=True))
        for key, row in rows.items():
            row |= known.get(key, _UNSCORED)
        return sorted(rows.values(), key=lambda row: (-row["not-met"], -row["all"], row["level1"], row["level2"]))

    def of_no_unit(self, severity: str) -> int:
        """How many findings of a severity belong to no unit of the roster."""
        return sum(row["severity"] == severity and row["unit_name"] is None for row in self.findings)

    def owes(self, unit: dict[str, Any]) -> tuple[FormName, ...]:
        """The forms that a unit must submit; () for one that need not."""
        result = unit["result"]
        owes: tuple[FormName, ...] = self.district.season.owes if result.unit.owes is None else result.unit.owes
        return owes or (("project",) if result.due_projects else ())

    def status(self, unit: dict[str, Any]) -> str:
        """A unit's standing in words; one that sent nothing and owes nothing is 免报."""
        return EXEMPT if unit["status"] == "missing" and not self.owes(unit) else STATUS_WORDS[unit["status"]]

    @cached_property
    def with_money(self) -> Rows:
        """Units by execution rate, the lowest first; those without a rate last."""
        return sorted(self.units, key=lambda unit: (unit["rate"] is None, unit["rate"] or 0))

    def is_low(self, rate: Decimal | None) -> bool:
        """Whether an execution rate is below the scheme's threshold."""
        return rate is not None and rate < self.district.low_execution

    def form(self, name: str) -> str:
        """What a form is called on our sheets."""
        return self.district.form_titles.get(name) or FORM_WORDS.get(name, name)

    def forms(self, names: Iterable[FormName]) -> str | None:
        """What these forms are called, each once."""
        return "、".join(self.form(name) for name in dict.fromkeys(names)) or None


def compared(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which indicators can be met or missed: a score form's rows have points, but no target."""
    return frame["verdict"].notna() & frame["target"].notna()


def _bare(group: str | None) -> str:
    """A group's name without the weight that some forms write behind it.

    >>> _bare("产出指标（50分）"), _bare("时效(10)"), _bare(None)
    ('产出指标', '时效', '（未写明）')
    """
    return (_WEIGHT.sub("", group) or group) if group else "（未写明）"


def _key(row: dict[str, Any]) -> tuple[object, object]:
    return row["unit_code"], row["unit_name"]


def two_decimals(number: Decimal) -> str:
    """A number with two decimals, half-up as a workbook shows it.

    >>> two_decimals(Decimal("91.825"))
    '91.83'
    """
    return str(number.quantize(Decimal("0.01"), ROUND_HALF_UP))


def file_link(text: str, path: str | None, sheet: str | None = None, cell: str | None = None) -> Link | None:
    """A link to an output file beside this workbook, and to a cell of it; None without a path."""
    if not path:
        return None
    return Link.to_file(text, path, sheet, cell.split(":")[0].split("、")[0] if cell else "A1")
