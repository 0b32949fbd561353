"""One campaign's results in; what the level above needs of them out. One district is in memory at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evalbatch.model import Refused
from evalbatch.storage.state_json import parsed
from evalbatch.tables.frames import as_written
from evalbatch.tables.manifest import FORMAT, NAME, RUN

WHOLE = ("whole-unit", "score")
UNITS, FINDINGS = "data/units.parquet", "data/findings.parquet"
RANKED = (
    "unit_code", "unit_name", "scored_by", "self_score", "verified_score", "difference", "self_grade",
    "verified_grade", "pending", "adjusted", "executed", "rate", "must_fix",
)  # fmt: skip
"""What is kept of every unit."""
_MONEY = ("initial", "adjusted", "executed")
_NEEDED = (*RANKED, "initial", "status", "query", "note")
_AGAIN = "请在该区县重新运行 evalbatch run，再汇总。"


@dataclass(frozen=True, slots=True)
class Results:
    """Where one campaign's results lie, and what its run.json says of the whole."""

    output: Path
    district: str
    year: int
    scheme: str
    version: str
    files: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one sort of units: how many, their sums, and the sums weighted by adjusted budget."""

    count: int = 0
    own_count: int = 0
    own: Decimal = Decimal(0)
    verified: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(*(getattr(self, name) + getattr(other, name) for name in Scores.__slots__))

    @property
    def own_mean(self) -> Decimal | None:
        """The mean of the self scores; None of nothing."""
        return self.own / self.own_count if self.own_count else None

    @property
    def mean(self) -> Decimal | None:
        """The simple mean of the verified scores; None of nothing."""
        return self.verified / self.count if self.count else None

    @property
    def weighted_mean(self) -> Decimal | None:
        """The mean of the verified scores weighted by adjusted budget; None without money."""
        return self.weighted / self.weight if self.weight else None


@dataclass(frozen=True, slots=True)
class Kind:
    """One code's findings in a district."""

    code: str
    title: str
    severity: str
    count: int
    units: int


@dataclass(frozen=True, slots=True)
class DistrictDigest:
    """One district's figures: counts, points, 万元; `rate` is of the units that have both amounts."""

    results: Results
    units: int
    statuses: Counter[str]
    grades: Counter[str]
    whole: Scores
    projects: Scores
    money: tuple[Decimal, Decimal, Decimal]
    both: tuple[Decimal, Decimal]
    pending: int
    severities: Counter[str]
    kinds: tuple[Kind, ...]

    @property
    def submitted(self) -> int:
        """How many units sent anything."""
        return self.units - self.statuses["missing"]

    @property
    def rate(self) -> Decimal | None:
        """Executed over adjusted, in percent."""
        return self.both[1] / self.both[0] * 100 if self.both[0] else None


def find_results(folder: Path) -> Results:
    """Read what a campaign's last run says of itself; `folder` is the campaign's, or its output folder.

    Refused when there are no results, they are of another format, or a data file was changed since.
    """
    output = next((place for place in (folder, folder / "output") if (place / NAME).is_file()), None)
    if output is None:
        raise Refused(f"“{folder}”中没有运行结果（{NAME}）。", remedy="请先在该区县运行 evalbatch run，再汇总。")
    try:
        raw = (output / NAME).read_bytes()
        document = parsed(raw, {**RUN, "files": list, "units": list})
        found = document["format"]
        scheme = document.get("scheme") or {}
        results = Results(
            output, str(document["district"] or folder.resolve().name), int(document["year"]),
            str(scheme.get("name", "")), str(scheme.get("version") or ""), int(document["counts"]["files"]),
            sha256(raw).hexdigest(),
        )  # fmt: skip
        expected = document["outputs"].get("sha256", {})
    except (OSError, ValueError):
        raise Refused(f"“{output / NAME}”读不出来或已被改动。", remedy=_AGAIN) from None
    if found != FORMAT:
        raise Refused(f"“{output / NAME}”的格式是{found}，本程序只认格式{FORMAT}。", remedy=_AGAIN)
    for name in (UNITS, FINDINGS):
        _same(output / name, expected.get(name))
    return results


def _same(path: Path, expected: str | None) -> None:
    """Refuse a data file that is missing or not the one that the run wrote."""
    try:
        with path.open("rb") as file:
            digest = sha256()
            while some := file.read(1 << 20):
                digest.update(some)
    except OSError:
        raise Refused(f"“{path}”不在或打不开。", remedy=_AGAIN) from None
    if expected and digest.hexdigest() != expected:
        raise Refused(f"“{path}”在运行之后被改动过。", remedy=_AGAIN)


def digest(results: Results) -> tuple[DistrictDigest, pa.Table]:
    """Work out one district's figures; return them with what is kept of each unit (RANKED)."""
    units = _table(results.output / UNITS)
    rows = units.to_pylist()
    sums = [sum((row[name] for row in rows if row[name] is not None), Decimal(0)) for name in _MONEY]
    both = [(r["adjusted"], r["executed"]) for r in rows if r["adjusted"] is not None and r["executed"] is not None]
    kinds, severities = _kinds(results.output / FINDINGS)
    figures = DistrictDigest(
        results=results,
        units=len(rows),
        statuses=Counter(row["status"] for row in rows),
        grades=Counter(row["verified_grade"] for row in rows if row["scored_by"] in WHOLE and row["verified_grade"]),
        whole=_scores([row for row in rows if row["scored_by"] in WHOLE]),
        projects=_scores([row for row in rows if row["scored_by"] == "projects"]),
        money=(sums[0], sums[1], sums[2]),
        both=(sum((whole for whole, _ in both), Decimal(0)), sum((part for _, part in both), Decimal(0))),
        pending=sum(row["pending"] or 0 for row in rows),
        severities=severities,
        kinds=kinds,
    )
    return figures, units.select(list(RANKED))


def _table(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path, columns=list(_NEEDED))
        return as_written(table, "units")
    except (OSError, ValueError, pa.ArrowException):
        raise Refused(f"“{path}”读不出来，或不是本版本写的数据。", remedy=_AGAIN) from None


def _scores(rows: list[dict[str, Any]]) -> Scores:
    known = [row for row in rows if row["verified_score"] is not None]
    own = [row["self_score"] for row in known if row["self_score"] is not None]
    weighed = [(row["verified_score"], row["adjusted"]) for row in known if row["adjusted"] is not None]
    return Scores(
        len(known),
        len(own),
        sum(own, Decimal(0)),
        sum((row["verified_score"] for row in known), Decimal(0)),
        sum((score * weight for score, weight in weighed), Decimal(0)),
        sum((weight for _, weight in weighed), Decimal(0)),
    )


def _kinds(path: Path) -> tuple[tuple[Kind, ...], Counter[str]]:
    """Count findings by code, in how many units, and by severity; the file is read in batches."""
    counts: Counter[tuple[str, str, str]] = Counter()
    owners: dict[tuple[str, str, str], set[tuple[object, object]]] = {}
    for code, title, severity, unit, name in _findings(path):
        kind = (code, title, severity)
        counts[kind] += 1
        if name:
            owners.setdefault(kind, set()).add((unit, name))
    kinds = tuple(Kind(*kind, count, len(owners.get(kind, ()))) for kind, count in sorted(counts.items()))
    severities: Counter[str] = Counter()
    for one in kinds:
        severities[one.severity] += one.count
    return kinds, severities


def _findings(path: Path) -> Iterator[tuple[Any, ...]]:
    columns = ["code", "title", "severity", "unit_code", "unit_name"]
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=20_000, columns=columns):
                table = as_written(pa.Table.from_batches([batch]), "findings")
                yield from zip(*(table.column(name).to_pylist() for name in columns), strict=True)
    except (OSError, ValueError, LookupError, pa.ArrowException):
        raise Refused(f"“{path}”读不出来，或不是本版本写的数据。", remedy=_AGAIN) from None
