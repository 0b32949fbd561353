"""For notebooks and scripts: what a workbook holds, how a text is understood, a campaign's results, as pandas frames.

These are the only promised names of the package: `import evalbatch` gives them, and pandas is imported with the first
of them. Columns are those of the data dictionary (docs/zh/data.md): amounts in 万元, rates in percent, scores in
points, all of them exact decimals; what a form leaves blank is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.expression.writing import to_json
from evalbatch.forms.places import form_paths
from evalbatch.intake.inbox import source_of
from evalbatch.model import Evaluated, FileResult, Refused, Unit
from evalbatch.tables.frames import assemble
from evalbatch.tables.manifest import NAME
from evalbatch.tables.rows import TABLES, rows_of_file, rows_of_forms
from evalbatch.unit import examine
from evalbatch.unit.examine import Dossier, Setup
from evalbatch.xlsx.limits import Limits


@dataclass(frozen=True)
class Workbook:
    """One workbook as read and judged by itself, with the built-in forms and scheme.

    `status` is accepted, returned (something must be corrected) or rejected (it could not be read). Units are named as
    the forms name them.
    """

    path: Path
    status: Literal["accepted", "returned", "rejected"]
    tables: Mapping[str, pd.DataFrame]

    @property
    def budgets(self) -> pd.DataFrame:
        """One row a row of money."""
        return self.tables["budgets"]

    @property
    def indicators(self) -> pd.DataFrame:
        """One row an indicator: target and actual as written, how they are understood, whether the target was met."""
        return self.tables["indicators"]

    @property
    def fields(self) -> pd.DataFrame:
        """One row a named value of a data or score form."""
        return self.tables["fields"]

    @property
    def findings(self) -> pd.DataFrame:
        """One row a finding, with its cell, the expected value and the remedy."""
        return self.tables["findings"]

    @property
    def unused(self) -> pd.DataFrame:
        """One row a filled cell that was neither understood nor taken as a value."""
        return self.tables["unused"]


def read_workbook(path: str | Path) -> Workbook:
    """Read one workbook and judge it by itself, in this process: no time or memory limit holds as it does in a run.

    A file that can't be read is `rejected`, with the finding that says why. Raises FileNotFoundError.

    >>> from evalbatch.storage.shipped import example
    >>> book = read_workbook(example() / "inbox" / "湛江市麻章区总工会本级" / "2023年度整体绩效自评.xlsx")
    >>> book.indicators["target"].iloc[0]
    '完成3个重点工作任务，完成率至少达95%'
    >>> book.budgets[["adjusted", "executed"]].iloc[0].tolist()
    [Decimal('138.790000'), Decimal('134.920000')]
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(path)
    setup = Setup(form_paths(None), None, Limits())
    source = source_of(path, setup.limits)
    if source.role != "workbook":
        refused = source.refusal or examine.refusal(Refused("", code="F03"), source.path)
        return Workbook(path, "rejected", assemble([rows_of_file(FileResult(source, "rejected", findings=(refused,)))]))
    reading = examine.read_file(path.parent, source, setup)
    forms: tuple[Evaluated, ...] = ()
    found = reading.findings
    if not reading.rejected:
        dossier = Dossier(None, tuple((source, submission) for submission in reading.counted), reading.findings)
        forms, found = examine.judge_unit(dossier, setup)
    status: Literal["accepted", "returned", "rejected"] = "accepted"
    if reading.rejected or any(finding.severity == "must-fix" for finding in found):
        status = "rejected" if reading.rejected else "returned"
    whose = [Unit(form.submission.unit_code or "", form.submission.unit_name or "") for form in forms]
    rows = [rows_of_forms(unit, [form]) for unit, form in zip(whose, forms, strict=True)]
    of_file = rows_of_file(FileResult(source, status, findings=tuple(found)), None, reading.unused)
    return Workbook(path, status, assemble([*rows, of_file]))


def parse(text: str, as_: Literal["target", "actual"] = "target", year: int | None = None) -> dict[str, Any]:
    """Return how a target or an actual is understood: its kind, and its conditions in order.

    >>> parse("至少开3次会议，参加会议率至少达95%")["parts"][1]
    {'op': '>=', 'value': 95, 'unit': '%', 'text': '参加会议率至少达95%'}
    """
    understood = parse_target(text, year) if as_ == "target" else parse_actual(text, year)
    return to_json(understood, as_)


@dataclass(frozen=True)
class Results:
    """What a run of a campaign left: run.json's document, and the long tables by their names in the data dictionary."""

    output: Path
    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def run(campaign: str | Path, output: str | Path | None = None, workers: int | None = None) -> Results:
    """Run a campaign as `evalbatch run` does, and return its results; what has not changed is not done again.

    Worker processes are started: a script calls it under `if __name__ == "__main__":`. Raises Refused, whose text
    names the file, the place in it and the remedy, where a setting is broken.
    """
    folder = load_campaign(Path(campaign))
    target = Path(output) if output else folder.folder / "output"
    outcome = run_batch(folder, target, workers)
    return Results(target, outcome.record, read_tables(target))


def read_tables(output: str | Path) -> dict[str, pd.DataFrame]:
    """Read the long tables that a run left in its output folder. Raises FileNotFoundError where there are none."""
    folder = Path(output)
    if not (folder / NAME).is_file():
        raise FileNotFoundError(folder / NAME)
    return {name: pd.read_parquet(folder / "data" / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}
