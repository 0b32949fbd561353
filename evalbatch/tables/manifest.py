"""Results in, run.json out: it names everything else, and ties the outputs to the inputs they were made from."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from evalbatch import __version__
from evalbatch.model import FileResult, FileStatus, Finding, Refused, Season, Severity, Unit, UnitResult
from evalbatch.storage.staging import settle
from evalbatch.storage.state_json import MAYBE_NUMBER, MAYBE_TEXT, Each, read_json
from evalbatch.tables.places import each_once

if TYPE_CHECKING:
    from evalbatch.scoring.scheme import Scheme

FORMAT = 1
NAME = "run.json"
_FINDING = {
    "code": str, "severity": frozenset({"must-fix", "query", "note"}), "title": str, "message": str,
    "file": MAYBE_TEXT, "sheet": MAYBE_TEXT, "cell": MAYBE_TEXT, "value": MAYBE_TEXT, "expected": MAYBE_TEXT,
    "remedy": MAYBE_TEXT,
}  # fmt: skip
_UNIT = {
    "code": MAYBE_TEXT, "name": str, "status": frozenset({"missing", "returned", "incomplete", "late", "complete"}),
    "self_score": MAYBE_NUMBER, "verified_score": MAYBE_NUMBER, "self_grade": MAYBE_TEXT, "verified_grade": MAYBE_TEXT,
    "pending": int, "score_sheet": MAYBE_TEXT, "returned": [str], "missing_forms": [str],
    "missing_projects?": [str], "findings": [_FINDING],
}  # fmt: skip
_FILE = {
    "path": str, "sha256": str, "status": str, "unit": MAYBE_TEXT, "forms": [str], "returned": MAYBE_TEXT,
    "copies?": Each(str),
    "findings": [_FINDING],
}  # fmt: skip
_PROBLEM = {"code": str, "severity": str, "title": str, "count": int, "units": int}
RUN = {
    "format": int, "version": str, "campaign": str, "district": str, "year": int,
    "scheme?": {"name": str, "version?": MAYBE_TEXT},
    "problems?": [_PROBLEM], "files": [_FILE], "units": [_UNIT], "inputs?": Each(str), "sha256?": str,
    "outputs": {"summary?": str, "data?": [str], "all?": [str], "sha256?": Each(str)},
    "counts": {"files": int, "returned": int, "rejected": int, "accepted": int},
}  # fmt: skip
"""The shape of run.json, as far as anybody here reads it again."""
_scalar = json.JSONEncoder(ensure_ascii=False).encode


def manifest(
    campaign: str,
    season: Season,
    scheme: "Scheme",
    files: Sequence[FileResult],
    units: Sequence[UnitResult],
    outputs: Mapping[str, Any],
    findings: Sequence[Finding] = (),
) -> dict[str, Any]:
    """Return run.json's document; `findings` are those of the district as a whole.

    Paths of outputs are relative to the output folder, of files to the inbox.
    """
    standings = Counter[str](file.status for file in files)
    told = list(each_once(files, units, findings))
    severities = Counter(finding.severity for finding, _ in told)
    return {
        "format": FORMAT,
        "version": __version__,
        "campaign": campaign,
        "district": season.district,
        "year": season.year,
        "scheme": {"name": scheme.name, "version": scheme.version, "sha256": scheme.sha256},
        "files": [_file(file) for file in files],
        "units": [unit_json(unit) for unit in units],
        "findings": [finding_json(finding) for finding in findings],
        "outputs": dict(outputs),
        "counts": {
            "files": len(files),
            **{status: standings[status] for status in _FILE_STATUSES},
            "units": len(units),
            **{severity.replace("-", "_"): severities[severity] for severity in get_args(Severity)},
            "findings": dict(sorted(Counter(finding.code for finding, _ in told).items())),
        },
        "problems": _problems(told),
    }


def _problems(told: Iterable[tuple[Finding, Unit | None]]) -> list[dict[str, Any]]:
    """Return each kind of finding with its number and that of its units, the most widespread first."""
    kinds: dict[tuple[str, str], list[tuple[Finding, Unit | None]]] = {}
    for finding, unit in told:
        kinds.setdefault((finding.code, finding.severity), []).append((finding, unit))
    listed = [
        {
            "code": code,
            "severity": severity,
            "title": found[0][0].title,
            "count": len(found),
            "units": len({(unit.code, unit.name) for _, unit in found if unit}),
        }
        for (code, severity), found in kinds.items()
    ]
    return sorted(listed, key=lambda kind: (-kind["units"], -kind["count"], kind["code"], kind["severity"]))


_FILE_STATUSES = get_args(FileStatus)


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "path": file.source.path,
        "sha256": file.source.sha256,
        "status": file.status,
        "unit": file.unit,
        "forms": list(file.forms),
        "returned": file.returned,
        **({"copies": dict(file.copies)} if file.copies else {}),
        "findings": [finding_json(finding) for finding in file.findings],
    }


def unit_json(unit: UnitResult) -> dict[str, Any]:
    """Return one unit's entry, as in run.json and in `status --json`; scores in points."""
    return {
        "code": unit.unit.code or None,
        "name": unit.unit.name,
        "status": unit.status,
        "self_score": number(unit.self_score),
        "verified_score": number(unit.verified_score),
        "self_grade": unit.self_grade,
        "verified_grade": unit.verified_grade,
        "pending": unit.pending,
        "lowest": number(unit.lowest),
        "highest": number(unit.highest),
        "checked_score": number(unit.checked_score),
        "reviewed": unit.reviewed,
        "scored_by": unit.scored_by,
        "score_sheet": unit.score_sheet,
        "returned": list(unit.returned),
        "missing_forms": list(unit.missing_forms),
        "due_projects": len(unit.due_projects),
        "missing_projects": [project.name for project in unit.missing_projects],
        "late": unit.late,
        "correct_by": unit.correct_by.isoformat() if unit.correct_by else None,
        "findings": [finding_json(finding) for finding in unit.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return the contract's Finding, with its title and, in a unit's list, its file added."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": finding.title,
        "message": finding.message,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "value": finding.value,
        "expected": finding.expected,
        "remedy": finding.remedy,
    }


def number(value: Decimal | None) -> float | int | None:
    """Return a Decimal as a JSON number, whole ones without a fraction.

    >>> number(Decimal("96.00")), number(Decimal("9.72")), number(None)
    (96, 9.72, None)
    """
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def write_manifest(target: Path, document: Mapping[str, Any]) -> None:
    """Write run.json: UTF-8, readable, the same bytes for the same document."""
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_pieces(document))


def _pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield run.json's text, as json.dumps indents it, a piece for each entry of its lists.

    json.dumps takes many megabytes for it, and leaves circles behind, which nobody looks for during a run.
    """
    line = "\n  "
    for place, (key, value) in enumerate(document.items()):
        yield f"{',' if place else '{'}\n {_scalar(key)}: "
        if isinstance(value, list) and value:
            for number, entry in enumerate(value):
                yield f"{',' if number else '['}{line}{_indented(entry, line)}"
            yield "\n ]"
        else:
            yield _indented(value, "\n ")
    yield "\n}\n" if document else "{}\n"


def _indented(value: Any, line: str) -> str:
    """Write a value whose lines begin with `line`."""
    if not value or not isinstance(value, (dict, list)):
        return _scalar(value)
    inner = f"{line} "
    if isinstance(value, list):
        return f"[{inner}{f',{inner}'.join([_indented(item, inner) for item in value])}{line}]"
    items = [f"{_scalar(key)}: {_indented(item, inner)}" for key, item in value.items()]
    return f"{{{inner}{f',{inner}'.join(items)}{line}}}"


def read_manifest(output: Path) -> dict[str, Any]:
    """Read what the last run left, all of it in place. Refused when there was none or it can't be read."""
    path = output / NAME
    settle(output)
    try:
        document = read_json(path, RUN)
        if document["format"] != FORMAT:
            raise ValueError(document["format"])
        return document
    except FileNotFoundError:
        raise Refused(f"“{output}”中还没有运行结果。", remedy="请先运行 evalbatch run。") from None
    except (OSError, ValueError):
        raise Refused(f"“{path}”读不出来或已被改动。", remedy="请重新运行 evalbatch run，结果会重新生成。") from None
