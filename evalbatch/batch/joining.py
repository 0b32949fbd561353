"""A district's judged units in, what stands for all of them together out: long tables, summary, draft of the report."""

from collections.abc import Sequence
from typing import Any

from evalbatch.batch.judging import Judged, Readings
from evalbatch.batch.last_year import last_year_of
from evalbatch.campaign.folder import Campaign
from evalbatch.history.history import History
from evalbatch.model import FileResult, UnitResult
from evalbatch.storage.staging import Staging
from evalbatch.summary.district import District
from evalbatch.summary.district_draft_file import write_district_draft
from evalbatch.summary.workbook import write_summary
from evalbatch.tables.frames import consolidate
from evalbatch.tables.write import write_data
from evalbatch.unit.examine import Setup, scheme_of

SUMMARY = "汇总.xlsx"
DRAFT = "drafts/自评工作总结初稿.docx"


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
    """Write long tables, summary and, where asked for, a draft into the staging folder; name them as run.json does.

    Raises OSError.
    """
    unused = {source.path: reading.unused for source, reading in read if reading}
    tables = consolidate(files, units, [of_unit.rows for of_unit in judged.judged], judged.of_district, unused)
    data = write_data(staging.path, tables)
    district = District.of(
        campaign.name, setup.campaign_season, scheme_of(setup.scheme), files, units, tables, judged.of_district,
        last_year_of(campaign), history.rectifications, history.resubmissions,
    )  # fmt: skip
    write_summary(staging.path(SUMMARY), district)
    if campaign.settings.drafts:
        write_district_draft(staging.path(DRAFT), district)
    return {"summary": SUMMARY, "data": list(data)}
