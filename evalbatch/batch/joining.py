"""A district's judged units in, what stands for all of them together out: long tables, summary, drafts of reports."""

from collections.abc import Sequence
from typing import Any

from evalbatch.batch.judging import Judged, Readings
from evalbatch.batch.last_year import last_year_of
from evalbatch.campaign import Campaign
from evalbatch.drafts import write_district_draft, write_unit_draft
from evalbatch.examine import Setup, scheme_of
from evalbatch.history import History
from evalbatch.model import FileResult, UnitResult
from evalbatch.naming import Namer, unit_stem
from evalbatch.publish import Staging
from evalbatch.summary import District, write_summary
from evalbatch.tables import consolidate, write_data

SUMMARY = "汇总.xlsx"


def join(
    campaign: Campaign,
    setup: Setup,
    staging: Staging,
    read: Readings,
    judged: Judged,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    history: History,
) -> dict[str, Any]:
    """Write long tables, summary and, where asked for, drafts into the staging folder; name them as run.json does.

    Raises OSError.
    """
    unused = {source.path: reading.unused for source, reading in read if reading}
    tables = consolidate(files, units, judged.of_district, unused)
    data = write_data(staging.path, tables)
    district = District.of(
        campaign.name, setup.campaign_season, scheme_of(setup.scheme), files, units, tables, judged.of_district,
        last_year_of(campaign), history.rectifications, history.resubmissions,
    )  # fmt: skip
    write_summary(staging.path(SUMMARY), district)
    if campaign.settings.drafts:
        _write_drafts(staging, district)
    return {"summary": SUMMARY, "data": list(data)}


def _write_drafts(staging: Staging, district: District) -> None:
    """Write drafts of the district's and of every scored unit's report, beside the workbooks."""
    namer = Namer()
    write_district_draft(staging.path(namer.path("drafts", "自评工作总结初稿", ".docx")), district)
    for unit in district.units:
        if unit.forms:
            path = namer.path("drafts", f"{unit_stem(unit.unit)}_自评报告初稿", ".docx")
            write_unit_draft(staging.path(path), unit, district.season)
