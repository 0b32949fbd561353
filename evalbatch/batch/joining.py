"""A district's judged units in, what stands for all of them together out: long tables, summary, draft of the report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evalbatch.batch.judging import Judged, Readings
from evalbatch.batch.tasks import part
from evalbatch.campaign.folder import Campaign
from evalbatch.history.history import History
from evalbatch.model import FileResult, UnitResult
from evalbatch.storage.staging import Staging
from evalbatch.summary.charts import Bars
from evalbatch.summary.district import District, EarlierYear
from evalbatch.summary.workbook import Written, write_circular, write_district_draft, write_summary, write_unmade
from evalbatch.tables.frames import Tables, consolidate
from evalbatch.tables.rows import TABLES
from evalbatch.tables.write import write_data
from evalbatch.unit.examine import Setup, scheme_of

SUMMARY = "汇总.xlsx"


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
    earlier: Sequence[EarlierYear],
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
        earlier, past[0], past[1], notes,
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
