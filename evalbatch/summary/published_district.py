"""One campaign's results in; what the level above needs of them out. One district is in memory at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evalbatch.model import Refused
from evalbatch.storage.state_json import parsed
from evalbatch.summary.figures import Figures, kinds_of
from evalbatch.tables.frames import as_written
from evalbatch.tables.manifest import FORMAT, NAME, RUN

UNITS, FINDINGS = "data/units.parquet", "data/findings.parquet"
_NEEDED = (
    "unit_code", "unit_name", "status", "scored_by", "self_score", "verified_score", "difference", "self_grade",
    "verified_grade", "pending", "initial", "adjusted", "executed", "rate", "must_fix",
)  # fmt: skip
_COUNTED = ("code", "title", "severity", "unit_code", "unit_name")
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
class Published:
    """One district's results: its figures, the units as the ranking needs them, its findings by kind."""

    results: Results
    figures: Figures
    units: pd.DataFrame
    kinds: pd.DataFrame
    severities: Mapping[str, int]


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


def published(results: Results) -> Published:
    """Read one district's tables and work its figures out. Refused where they can't be read."""
    units = _table(results.output / UNITS, "units", _NEEDED)
    kinds = kinds_of(_table(results.output / FINDINGS, "findings", _COUNTED)).drop(columns="first")
    severities = {str(name): int(count) for name, count in kinds.groupby("severity")["count"].sum().items()}
    return Published(results, Figures.of(units), units.assign(district=results.district), kinds, severities)


def _table(path: Path, name: str, needed: Sequence[str]) -> pd.DataFrame:
    try:
        table = as_written(pq.read_table(path, columns=list(needed)), name)
    except (OSError, ValueError, LookupError, pa.ArrowException):
        raise Refused(f"“{path}”读不出来，或不是本版本写的数据。", remedy=_AGAIN) from None
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame
