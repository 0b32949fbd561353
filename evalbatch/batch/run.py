"""The way of a folder: collect, read, attribute, score, check, write, publish.

Read `run_batch` aloud: one statement a stage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch import examine
from evalbatch.attribution import version_mark
from evalbatch.batch.judging import Judged, Readings, judge_inbox, read_inbox
from evalbatch.batch.remembered import Memory
from evalbatch.batch.tasks import Progress
from evalbatch.batch.writing import write_units
from evalbatch.campaign import Campaign
from evalbatch.cluster import Cluster
from evalbatch.disk import cannot_write, disk_error
from evalbatch.drafts import write_district_draft, write_unit_draft
from evalbatch.examine import Setup
from evalbatch.history import History, open_journal
from evalbatch.lock import held
from evalbatch.manifest import NAME, manifest, write_manifest
from evalbatch.model import FileResult, Refused, UnitResult
from evalbatch.naming import Namer, safe_name
from evalbatch.pool import Pool, Workers, usable_cores
from evalbatch.publish import Staging
from evalbatch.review import Review, entries, load_review, write_review
from evalbatch.season import document_hash, file_hash, fingerprint, refuse_if_sealed
from evalbatch.summary import District, write_summary
from evalbatch.tables import consolidate, write_data

SUMMARY = "汇总.xlsx"
LOCK = Path(".evalbatch") / "run.lock"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run leaves: its record (run.json), outputs that had to take a second name, and words for the clerk."""

    record: dict[str, Any]
    second_names: dict[str, str]
    notes: tuple[str, ...] = ()


def run_batch(
    campaign: Campaign,
    output: Path,
    workers: int | None = None,
    progress: Progress = lambda *_: None,
    fresh: bool = False,
    scheduler: str | None = None,
) -> Outcome:
    """Do the main job: the inbox in, score sheets, returned copies, summary, data and run.json out.

    What earlier runs made is not made again, unless `fresh`. Refused when settings are broken, the campaign is being
    run elsewhere, or the output folder can't be written; the last set of outputs then stays.
    """
    busy = Refused(
        f"批次“{campaign.name}”正在另一个窗口中运行。", remedy="请等它结束后再试；一个批次同时只能有一处运行。"
    )
    with held(campaign.folder / LOCK, f"批次文件夹“{campaign.folder}”", busy):
        try:
            return _run(campaign, output, workers, progress, fresh, scheduler)
        except Exception as error:
            if isinstance(error, Refused) or (disk := disk_error(error)) is None:
                raise
            raise cannot_write(f"输出文件夹“{output}”", disk, "原有的输出没有改动。") from None


def _run(
    campaign: Campaign, output: Path, workers: int | None, progress: Progress, fresh: bool, scheduler: str | None
) -> Outcome:
    refuse_if_sealed(campaign.folder)
    setup = examine.setup_of(campaign)
    review = load_review(campaign.review, setup.campaign_season.year)
    with (
        Memory.of(campaign, setup, fresh) as memory,
        _workers(campaign, output, setup, workers, scheduler) as pool,
    ):
        read = read_inbox(pool, campaign, setup, progress, memory)
        judged = judge_inbox(pool, campaign, read, setup, review, progress, memory)
        history = _remember(campaign, judged)
        staging = Staging(output)
        try:
            units, files = write_units(pool, campaign, staging, judged.units, judged.files, setup, progress, memory)
            record = _join(campaign, setup, staging, read, judged, units, files, history)
            history.save()
            _record_decisions(campaign, review)
            second_names = staging.publish()
            memory.cache.sweep()
        except BaseException:
            staging.abandon()
            raise
    reviewed = write_review(campaign.review, review, units, files, campaign.roster, campaign.record)
    return Outcome(record, second_names, (*history.damaged, *reviewed.notes, *memory.cache.notes))


def _workers(campaign: Campaign, output: Path, setup: Setup, workers: int | None, scheduler: str | None) -> Workers:
    """Start the workers of this machine, or take those of a Dask cluster."""
    limits = setup.limits
    if scheduler is None:
        return Pool(workers or usable_cores(), limits.seconds, limits.memory_bytes)
    output.mkdir(parents=True, exist_ok=True)
    places = [place for place in (campaign.inbox, output, *setup.forms, setup.scheme) if place is not None]
    return Cluster(scheduler, limits.seconds, limits.memory_bytes, places)


def _remember(campaign: Campaign, judged: Judged) -> History:
    """Take this run into the campaign's history; it is saved together with the outputs."""
    return History.load(campaign.record).with_run(
        judged.units,
        year=campaign.settings.year,
        mark=version_mark,
        files=judged.files,
        earlier=judged.earlier,
    )


def _record_decisions(campaign: Campaign, review: Review) -> None:
    """Add what people typed to the record: a decision outlives the workbook that it was typed into."""
    decided = [("|".join(entry.values()), entry) for entry in entries(review)]
    if decided:
        open_journal(campaign.record / "decisions.jsonl").append(decided)


def _join(
    campaign: Campaign,
    setup: Setup,
    staging: Staging,
    read: Readings,
    judged: Judged,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    history: History,
) -> dict[str, Any]:
    """Join all units into long tables, summary and run.json, in the staging folder; return run.json's document."""
    scheme, season = examine.scheme_of(setup.scheme), setup.campaign_season
    unused = {source.path: reading.unused for source, reading in read if reading}
    tables = consolidate(files, units, judged.of_district, unused)
    data = write_data(staging.path, tables)
    district = District.of(
        campaign.name, season, scheme, files, units, tables, judged.of_district,
        rectifications=history.rectifications, resubmissions=history.resubmissions,
    )  # fmt: skip
    write_summary(staging.path(SUMMARY), district)
    if campaign.settings.drafts:
        _write_drafts(staging, district)
    hashes = {name: file_hash(staging.path(name)) for name in sorted(staging.names)}
    outputs = {"summary": SUMMARY, "data": list(data), "all": sorted({*staging.names, NAME}), "sha256": hashes}
    record = manifest(campaign.name, season, scheme, files, units, outputs, judged.of_district)
    record["inputs"] = fingerprint(campaign.folder)
    record["sha256"] = document_hash(record)
    write_manifest(staging.path(NAME), record)
    return record


def _write_drafts(staging: Staging, district: District) -> None:
    """Write drafts of the district's and of every scored unit's report, beside the workbooks."""
    namer = Namer()
    write_district_draft(staging.path(namer.path("drafts", "自评工作总结初稿", ".docx")), district)
    for unit in district.units:
        if unit.forms:
            name = safe_name(f"{unit.unit.code}_{unit.unit.name}" if unit.unit.code else unit.unit.name)
            path = namer.path("drafts", f"{name}_自评报告初稿", ".docx")
            write_unit_draft(staging.path(path), unit, district.season)
