"""A district's judged units in, what stands for all of them together out: long tables, summary, draft of the report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evalbatch.batch.judging import Judged, Readings
from evalbatch.batch.tasks import part
from evalbatch.campaign.folder import Campaign
from evalbatch.history.history import History
from evalbatch.model import FileResult, UnitResult
from evalbatch.storage.hashes import file_hash
from evalbatch.storage.staging import Staging
from evalbatch.storage.state_json import Each, read_json
from evalbatch.summary.charts import Bars
from evalbatch.summary.district import District, LastYear
from evalbatch.summary.workbook import Written, write_circular, write_district_draft, write_summary, write_unmade
from evalbatch.tables.frames import Tables, as_written, consolidate
from evalbatch.tables.manifest import FORMAT, NAME
from evalbatch.tables.rows import TABLES
from evalbatch.tables.write import write_data
from evalbatch.unit.examine import Setup, scheme_of

SUMMARY = "汇总.xlsx"
UNITS = "data/units.parquet"


@dataclass(frozen=True, slots=True)
class Joined:
    """What was written: the outputs as run.json names them, and in words what could not be made."""

    outputs: dict[str, Any]
    notes: tuple[str, ...]


def join(
    campaign: Campaign,
    setup: Setup,
    staging: Staging,
    read: Readings,
    judged: Judged,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    history: History,
) -> Joined:
    """Write long tables, summary and, where asked for, a draft into the staging folder.

    A table or a sheet that can't be made costs itself and what is made from it; that is said. Refused when the disk
    fails.
    """
    notes = [*judged.notes]
    unused = {source.path: reading.unused for source, reading in read if reading}
    tables = _tables(notes, files, units, [of_unit.rows for of_unit in judged.judged], judged.of_district, unused)
    data = list(_data(notes, staging, tables))
    past = part(notes, "整改台账", lambda: (history.rectifications, history.resubmissions), instead=((), ()))
    district = District.of(
        campaign.name, setup.campaign_season, scheme_of(setup.scheme), files, units, tables, judged.of_district,
        part(notes, "与上年的比较", last_year_of, campaign), past[0], past[1], notes,
    )  # fmt: skip
    target = staging.path(SUMMARY)
    written = part(notes, "汇总表", write_summary, target, district)
    if written is None:
        write_unmade(target, notes)
        written = Written((), ())
    outputs: dict[str, Any] = {"summary": SUMMARY, "data": data}
    if campaign.settings.drafts:
        outputs["drafts"] = list(_drafts(notes, staging, district, written.charts))
    return Joined(outputs, (*notes, *written.unmade))


def _tables(notes: list[str], *results: Any) -> Tables:
    """Consolidate all tables; where that fails, those that can be made by themselves."""
    tables: Tables | None = part([], "明细表", consolidate, *results)
    if tables is not None:
        return tables
    each = {name: part(notes, f"明细表 {name}", consolidate, *results, (name,)) for name in TABLES}
    return {name: made[name] for name, made in each.items() if made is not None}


def _drafts(notes: list[str], staging: Staging, district: District, charts: Sequence[Bars]) -> Iterator[str]:
    """Write the district's drafts; yield the names of those that could be made."""
    for title, write in (("自评工作总结初稿", write_district_draft), ("自评情况通报初稿", write_circular)):
        name = f"drafts/{title}.docx"
        if part(notes, title, _made, write, staging.path(name), district, charts, instead=False):
            yield name
        else:
            staging.forget(name)


def _made(write: Callable[..., None], *given: Any) -> bool:
    write(*given)
    return True


def _data(notes: list[str], staging: Staging, tables: Tables) -> Iterator[str]:
    for name, frame in tables.items():
        names = part(notes, f"明细数据 data/{name}", write_data, staging.path, {name: frame}, instead=())
        yield from names
        for left in [one for one in staging.names if one.startswith(f"data/{name}.") and one not in names]:
            staging.forget(left)


def last_year_of(campaign: Campaign) -> LastYear | None:
    """Read last year's units for the comparison; None where settings name no such campaign.

    Last year is an aside: what is missing or can't be used is said in the summary and stops nothing.
    """
    named = campaign.settings.last_year
    if not named:
        return None
    output = next((place for place in campaign.last_years_outputs if (place / NAME).is_file()), None)
    if output is None:
        return LastYear(said=f"设置中写的上年批次“{named}”没有找到运行结果，因此没有与上年比较。")
    try:
        year, units = _read(output)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as problem:
        why = str(problem) if isinstance(problem, _Unfit) else "读不出来"
        return LastYear(said=f"上年批次“{named}”的运行结果{why}，因此没有与上年比较。")
    if year >= campaign.settings.year:
        return LastYear(said=f"设置中写的上年批次“{named}”是{year}年度的，不早于本年度，因此没有与上年比较。")
    return LastYear(year, units, f"上年数取自批次“{named}”的运行结果（{year}年度），按单位编码对应，没有编码的按名称。")


class _Unfit(ValueError):
    """Last year's results are there, and can't be used; the words say why."""


def _read(output: Path) -> tuple[int, pd.DataFrame]:
    """Read the year and the table of units; _Unfit or another of the errors that the caller expects otherwise."""
    document = read_json(output / NAME, {"format": int, "year": int, "outputs": {"sha256?": Each(str)}})
    if document["format"] != FORMAT:
        raise _Unfit(f"是格式{document['format']}的，本程序只认格式{FORMAT}")
    expected = document["outputs"].get("sha256", {}).get(UNITS)
    if expected and file_hash(output / UNITS) != expected:
        raise _Unfit("在运行之后被改动过")
    table = pq.read_table(output / UNITS, columns=list(LastYear.COLUMNS))
    if set(table.column_names) != set(LastYear.COLUMNS):
        raise _Unfit("缺少需要的栏")
    as_written(table, "units")
    return document["year"], table.to_pandas(types_mapper=pd.ArrowDtype)
