"""Published forms with labelled readings: what the command line makes of each, held against its label field by field.

A label is a JSON file beside its form. `lenient` holds other acceptable readings of a field, "*" any; `skip` the
fields of the head that the source did not show; `truncated` says that a part of the table is not there, so that its
sums can't agree; `optional_rows` and `optional_budget_rows` are rows that may be read or not; `defects` are what an
auditor would flag; `allowed` what may be flagged as well; `soft` says that a verdict over words alone may be "can't
tell" too.

`python tests/published.py FORM.xlsx…` prints what differs and the figures.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign_folder import workbook

ROOT = Path(__file__).parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
HEAD = ("year", "unit", "project", "department", "goal", "goal_actual", "total_score", "grade")
MAY_BE_LABELLED = ("filled_on", "prepared_by", "phone", "unit_code")
MONEY = ("initial", "adjusted", "executed", "weight", "rate", "score")
LINE = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
OF_PARTS = frozenset({"T03", "T04", "S03"})
"""What sums to the whole form, and can't where a part of it is missing."""
ALSO: Mapping[str, tuple[str, ...]] = {"S12": ("F15",), "A09": ("A11",)}
"""What says the same as a code that a label names."""
FOLLOWS = "改正以后的结果"
"""Marks what is asked for because other cells are to be corrected."""
VERDICTS = {"完成": "met", "超额完成": "met", "未完成": "not met"}
"""The data table's words; all others are can't tell."""
Json = dict[str, Any]


@dataclass
class Outcome:
    """What one form came to: fields, verdicts and expressions asked, and lines about each that went wrong.

    `lost` are defects that nothing was said about; `false` findings that call a right cell wrong, by severity.
    """

    fields: int = 0
    verdicts: int = 0
    expressions: int = 0
    wrong: list[str] = field(default_factory=list)
    misjudged: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    false: dict[str, list[str]] = field(default_factory=lambda: {"must-fix": [], "query": []})

    def lines(self) -> list[str]:
        """Return all that went wrong, what the reader did first."""
        said = [*self.wrong, *(f"expression: {one}" for one in self.misread)]
        said += [f"verdict: {one}" for one in self.misjudged] + [f"not found: {one}" for one in self.lost]
        return said + [f"false {severity}: {one}" for severity, them in self.false.items() for one in them]


def compare(form: Path, label: Path) -> list[str]:
    """Return every difference between what is made of a form and its label; none where all is right."""
    return compare_all([(form, label)])[0].lines()


def compare_all(pairs: Sequence[tuple[Path, Path]], *, judged: bool = True) -> list[Outcome]:
    """Hold forms against their labels, in order; each command runs once for all of them.

    Verdicts take a campaign for each year, and are left out unless `judged`.
    """
    forms = [form for form, _ in pairs]
    labels: list[Json] = [json.loads(label.read_text("utf-8")) for _, label in pairs]
    readings = _said("inspect", *map(str, forms), "--json")
    checks = _said("check", *map(str, forms), "--json")
    verdicts = _verdicts(forms, labels) if judged else [None for _ in forms]
    understood = _understood(labels)
    outcomes = []
    for label, reading, check, verdict in zip(labels, readings, checks, verdicts, strict=True):
        outcome = Outcome()
        _fields(label, reading, outcome)
        _findings(label, check["findings"], outcome)
        for row in label["indicators"]:
            if verdict is not None:
                _judged(row, verdict, outcome)
            _expressions(label, row, understood, outcome)
        outcomes.append(outcome)
    return outcomes


def _said(*words: str) -> list[Json]:
    """Run a command and return its lines of JSON."""
    return [json.loads(line) for line in _ran(*words).splitlines()]


def _ran(*words: str) -> str:
    command = [sys.executable, "-m", "evalbatch", *words]
    run = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


# ------------------------------------------------------------ fields


def _fields(label: Json, reading: Json, outcome: Outcome) -> None:
    if len(reading["forms"]) != 1:
        outcome.wrong.append(f"{len(reading['forms'])} forms were read")
    form = reading["forms"][0] if reading["forms"] else {}
    project, unit = form.get("project") or {}, form.get("unit") or {}
    got = {**form, "unit": unit.get("name"), "unit_code": unit.get("code")}
    got |= {"project": project.get("name"), "department": project.get("department")}
    _field("form", label["form"], got.get("form"), _lenient(label, "form"), outcome)
    for key in (*HEAD, *(key for key in MAY_BE_LABELLED if key in label)):
        if key not in label.get("skip", ()):
            _field(key, label[key], got.get(key), _lenient(label, key), outcome)
    _lines("budget", "item", MONEY, label, got, outcome)
    _lines("indicators", "name", LINE, label, got, outcome)


def _lines(part: str, name: str, keys: Iterable[str], label: Json, got: Json, outcome: Outcome) -> None:
    """Hold the lines of a table against each other, by their cells, else by their names; blank ones may be there."""
    left = list(got.get(part) or ())
    for row in label[part]:
        other = _same(row, left, name)
        if other is None:
            outcome.fields += 1
            outcome.wrong.append(f"{part}: {row[name]!r} was not read")
            continue
        left.remove(other)
        what = f"{part} {row[name]!r} "
        for key in (name, *(key for key in keys if key != name)):
            _field(what + key, row.get(key), other.get(key), _lenient(row, key), outcome)
        for key, cell in row["cells"].items():
            lenient = _lenient(row, key)
            if cell != other["cells"].get(key) and not (lenient and other.get(key) is None):
                outcome.wrong.append(f"{what}{key}: at {cell}, read from {other['cells'].get(key)}")
    free = label.get("optional_budget_rows" if part == "budget" else "optional_rows", ())
    for other in left:
        if any(int(re.sub(r"\D", "", cell)) not in free for cell in other["cells"].values()):
            outcome.fields += 1
            outcome.wrong.append(f"{part}: {other[name]!r} {other['cells']} was read, and is none")


def _same(row: Json, left: list[Json], name: str) -> Json | None:
    places = set(row["cells"].values())
    shared = max(left, key=lambda one: len(places & set(one["cells"].values())), default=None)
    if shared is not None and places & set(shared["cells"].values()):
        return shared
    return next((one for one in left if _plain(one[name]) == _plain(row[name])), None)


def _lenient(row: Json, key: str) -> Sequence[Any]:
    found = (row.get("lenient") or {}).get(key, ())
    return [found] if isinstance(found, str) else found


def _field(what: str, wanted: Any, got: Any, lenient: Sequence[Any], outcome: Outcome) -> None:
    outcome.fields += 1
    if "*" not in lenient and not any(_equal(got, one) for one in (wanted, *lenient)):
        outcome.wrong.append(f"{what}: {wanted!r} read as {got!r}")


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    return bool(one == other or (one in (None, "") and other in (None, "")))


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


# ------------------------------------------------------------ findings


def _findings(label: Json, findings: Sequence[Json], outcome: Outcome) -> None:
    expected = [(set(one["codes"]), one["cell"]) for one in label["defects"]]
    expected += [({also}, cell) for codes, cell in expected for code in codes for also in ALSO.get(code, ())]
    expected += [({code}, None if cell == "*" else cell) for code, cell in label["allowed"]]
    if label["unit"] is None:
        expected.append(({"F13"}, None))
    if label["truncated"]:
        expected.append((set(OF_PARTS), None))
    for row in label["indicators"]:
        if (row.get("parse_target") or "").startswith("w"):
            expected += [({"T01"}, row["cells"].get("target")), ({"A04"}, row["cells"].get("actual"))]
    for one in findings:
        fits = any(one["code"] in codes and _covers(one["cell"], cell) for codes, cell in expected)
        if one["severity"] in outcome.false and not fits and FOLLOWS not in one["message"]:
            place = f"{one['code']} {one['cell']}={one['value']!r}: "
            outcome.false[one["severity"]].append(place + one["message"])
    for defect in label["defects"]:
        codes = set(defect["codes"]).union(*(ALSO.get(code, ()) for code in defect["codes"]))
        if not any(one["code"] in codes and _covers(one["cell"], defect["cell"]) for one in findings):
            outcome.lost.append(f"{'/'.join(defect['codes'])} {defect['cell']}: {defect['what']}")


def _covers(place: str | None, cell: str | None) -> bool:
    """Whether a finding's place is on a cell's line: a missing reason is said at its own cell, not at the actual's."""
    if place is None or cell is None:
        return True
    rows = [int(re.sub(r"\D", "", corner)) for corner in place.split(":")]
    return rows[0] <= int(re.sub(r"\D", "", cell)) <= rows[-1]


# ------------------------------------------------------------ verdicts


def _verdicts(forms: Sequence[Path], labels: Sequence[Json]) -> list[dict[str, str]]:
    """Return each form's verdicts by the cell of the target or actual, out of one run of a campaign for each year."""
    found: list[dict[str, str]] = [{} for _ in forms]
    years = [label.get("year") or 2023 for label in labels]
    for year in sorted(set(years)):
        those = [at for at, own in enumerate(years) if own == year]
        with tempfile.TemporaryDirectory() as folder:
            campaign = _campaign(Path(folder), year, {at: (forms[at], _unit(labels[at], at)) for at in those})
            _ran("run", str(campaign), "--workers", "1")
            for row in _rows(campaign / "output"):
                cells = (row["年度指标值单元格"], row["实际完成值单元格"])
                verdict = VERDICTS.get(row["完成情况"], "can't tell")
                found[int(row["文件"].split("/")[1])] |= dict.fromkeys(cells, verdict)
    return found


def _unit(label: Json, at: int) -> str:
    return label["unit"] or f"单位{at}号"


def _rows(output: Path) -> Iterator[dict[str, str]]:
    for table in output.rglob("indicators.csv"):
        with table.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines)


def _campaign(folder: Path, year: int, forms: Mapping[int, tuple[Path, str]]) -> Path:
    """Make a campaign in which each form lies in a folder of its unit, beneath it one of its number."""
    settings = f'[campaign]\ndistrict = "测试区"\nyear = {year}\n'
    (folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    names = sorted({unit for _, unit in forms.values()})
    workbook(folder / "units.xlsx", [["单位名称", "应报表格"], *([name, "免报"] for name in names)])
    for at, (form, unit) in forms.items():
        place = folder / "inbox" / unit / str(at)
        place.mkdir(parents=True)
        shutil.copy(form, place / f"{at}{form.suffix}")
    return folder


def _judged(row: Json, judged: Mapping[str, str], outcome: Outcome) -> None:
    if not row.get("verdict"):
        return
    outcome.verdicts += 1
    cells = row["cells"]
    got = next((judged[cells[key]] for key in ("actual", "target") if cells.get(key) in judged), "not judged")
    right = {row["verdict"], "can't tell"} if row.get("soft") else {row["verdict"]}
    if row.get("soft") and not {"actual", "target"} & cells.keys():
        right.add("not judged")
    if got not in right:
        outcome.misjudged.append(f"{row['name']!r} {row['target']!r} | {row['actual']!r}: {row['verdict']}, was {got}")


# ------------------------------------------------------------ expressions


def _understood(labels: Sequence[Json]) -> dict[tuple[str, int | None, str], Json]:
    """Return how each target and actual is understood, by what it is read as, the year, and the text."""
    asked: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for label in labels:
        for row in label["indicators"]:
            for role in ("target", "actual"):
                if row.get(f"parse_{role}") and row[role]:
                    asked[role, _year(label, row, role)].append(row[role])
    found = {}
    for (role, year), texts in asked.items():
        words = ["--year", str(year)] if year else []
        parsed = _said("parse", "--as", role, *words, "--json", "--", *texts)
        found |= {(role, year, text): one for text, one in zip(texts, parsed, strict=True)}
    return found


def _year(label: Json, row: Json, role: str) -> int | None:
    """Return the year that an expression is understood in; only dates ask for it."""
    return label.get("year") if "d:" in row[f"parse_{role}"] else None


def _expressions(label: Json, row: Json, understood: Mapping[Any, Json], outcome: Outcome) -> None:
    for role in ("target", "actual"):
        wanted = row.get(f"parse_{role}")
        if not wanted or not row[role]:
            continue
        outcome.expressions += 1
        got = understood[role, _year(label, row, role), row[role]]
        if not any(_means(got, one.strip()) for one in wanted.split("||")):
            outcome.misread.append(f"{row[role]!r}: {wanted}, was {got['kind']} {got['parts']}")


KINDS = {"q": "quantity", "d": "date", "w": "qualitative", "b": "blank", "u": "unclear"}


def _means(got: Json, wanted: str) -> bool:
    kind, _, parts = wanted.partition(":")
    if got["kind"] != KINDS[kind]:
        return False
    each = [part.split() for part in parts.split(";") if part.strip()]
    return not each or (
        len(each) == len(got["parts"])
        and all(_is_part(part, one) for part, one in zip(got["parts"], each, strict=True))
    )


def _is_part(part: Json, wanted: Sequence[str]) -> bool:
    """Whether a part is `op value unit`, where a unit * is any; bounds are `between low high unit`."""
    op, *rest = wanted
    values = [part.get("low"), part.get("high")] if part["op"] == "between" else [part.get("value", part.get("date"))]
    if op != part["op"] or len(rest) < len(values):
        return False
    unit = rest[len(values)] if len(rest) > len(values) else "*"
    same = all(_same_value(value, said) for value, said in zip(values, rest, strict=False))
    return same and unit in ("*", part.get("unit") or "")


def _same_value(value: Any, said: str) -> bool:
    return str(value) == said if isinstance(value, str) else value is not None and float(value) == float(said)


# ------------------------------------------------------------ figures


def figures(outcomes: Sequence[Outcome]) -> str:
    """Return one line of figures over all forms."""
    wrong, misjudged = (sum(len(getattr(one, part)) for one in outcomes) for part in ("wrong", "misjudged"))
    misread, lost = (sum(len(getattr(one, part)) for one in outcomes) for part in ("misread", "lost"))
    must, query = (sum(len(one.false[severity]) for one in outcomes) for severity in ("must-fix", "query"))
    fields, verdicts = sum(one.fields for one in outcomes), sum(one.verdicts for one in outcomes)
    expressions = sum(one.expressions for one in outcomes)
    return (
        f"{len(outcomes)} forms: fields {fields - wrong}/{fields}, expressions {expressions - misread}/{expressions}, "
        f"verdicts {verdicts - misjudged}/{verdicts}, false must-fix {must}, false query {query}, defects lost {lost}"
    )


def report(paths: Sequence[Path]) -> Iterator[str]:
    """Yield what differs, form by form, and the figures."""
    outcomes = compare_all([(path, path.with_suffix(".json")) for path in paths])
    for path, outcome in zip(paths, outcomes, strict=True):
        yield from (f"{path.stem} {line}" for line in outcome.lines())
    yield figures(outcomes)


if __name__ == "__main__":
    print("\n".join(report([Path(path) for path in sys.argv[1:]])))
