"""The way of a folder: collect, read, attribute, score, check, write, publish.

Read `_run` aloud: one statement a stage.
"""

import gc
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalbatch.batch.cached import ResultCache
from evalbatch.batch.fingerprint import fingerprint
from evalbatch.batch.judging import Judged, judge_inbox, read_settled, refuse_if_emptied, refuse_if_gone
from evalbatch.batch.standing import LOCK, standing_record
from evalbatch.batch.tasks import Progress, part
from evalbatch.batch.unchanged import State, note_record
from evalbatch.batch.writing import name_sheets, write_copies, write_drafts, write_public, write_sheets
from evalbatch.campaign.folder import Campaign
from evalbatch.campaign.seal_marker import refuse_if_sealed
from evalbatch.history.history import History
from evalbatch.intake.disk import shown_name
from evalbatch.model import FileResult, Refused, UnitResult, YearOfUnit
from evalbatch.pool.local import Pool, Workers, usable_cores
from evalbatch.review.entries import entries
from evalbatch.review.load import Review, load_review
from evalbatch.review.write import ReviewDraft, ReviewOutcome, draft_review, write_review
from evalbatch.storage.disk import cannot_write, disk_error, words_of
from evalbatch.storage.hashes import document_hash
from evalbatch.storage.journal import open_journal
from evalbatch.storage.lock import held
from evalbatch.storage.staging import Staging, settle
from evalbatch.tables.manifest import NAME, manifest, read_manifest, write_manifest
from evalbatch.unit import examine
from evalbatch.unit.attribution import version_mark
from evalbatch.unit.examine import Setup, scheme_of
from evalbatch.unit.judged import JudgedUnit
from evalbatch.unit.preparation import setup_of, weights_not_adding_up

if TYPE_CHECKING:
    from evalbatch.batch.joining import Joined
    from evalbatch.summary.district import EarlierYear

    Before = tuple[Sequence[EarlierYear], Mapping[str, tuple[YearOfUnit, ...]], list[str]]


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
    without: Collection[str] = (),
    emptied: bool = False,
) -> Outcome:
    """Do the main job: the inbox in, score sheets, returned copies, summary, data and run.json out.

    What earlier runs made is not made again, unless `fresh`. Files of the inbox named in `without` are listed and not
    read: they are still being copied. `emptied` says that an inbox without files is meant.
    Refused when settings are broken, the campaign is being
    run elsewhere, or the output folder can't be written; the last set of outputs then stays.
    """
    busy = Refused(
        f"批次“{campaign.name}”正在另一个窗口中运行。", remedy="请等它结束后再试；一个批次同时只能有一处运行。"
    )
    campaign.refuse_overlap(output)
    _refuse_anothers(campaign, output)
    with held(campaign.folder / LOCK, f"批次文件夹“{campaign.folder}”", busy), _gc_paused():
        try:
            return _run(campaign, output, workers, progress, fresh, scheduler, without, emptied)
        except Exception as error:  # libraries wrap the system's errors in kinds of their own; any other goes on
            if isinstance(error, Refused) or (disk := disk_error(error)) is None:
                raise
            raise _failed_at(disk, output) from None


def _refuse_anothers(campaign: Campaign, output: Path) -> None:
    """Refuse an output folder outside the campaign's that holds the set of another district or year."""
    if not (output / NAME).is_file() or output.resolve().is_relative_to(campaign.folder.resolve()):
        return
    try:
        there = read_manifest(output)
    except Refused:
        return  # nothing whole is lost with it
    settings = campaign.settings
    if (there["district"], there["year"]) != (settings.district, settings.year):
        raise Refused(
            f"输出文件夹“{output}”中是另一个批次的结果（{there['district']}{there['year']}年度，{there['campaign']}），没有改动。",
            remedy="请用 --output 指定另一个文件夹；那些结果不再需要的，先删除它们。",
        )


def _failed_at(error: OSError, output: Path) -> Refused:
    """Say what can't be read or written, and where: in the output folder unless the system names another place."""
    place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename or output)
    if Path(place).absolute().is_relative_to(output.absolute()):
        return cannot_write(f"输出文件夹“{output}”", error, "原有的输出没有改动。")
    return Refused(
        f"“{shown_name(place)}”读写不了：{words_of(error)}。",
        remedy="请检查它的权限、磁盘和网络连接后重试；原有的输出没有改动。",
    )


@contextmanager
def _gc_paused() -> Iterator[None]:
    """Put off Python's search for circles of values: a district has none, and is walked over and over for them."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _run(
    campaign: Campaign,
    output: Path,
    workers: int | None,
    progress: Progress,
    fresh: bool,
    scheduler: str | None,
    without: Collection[str],
    emptied: bool,
) -> Outcome:
    refuse_if_sealed(campaign.folder)
    settle(output)
    if not (fresh or without) and (record := standing_record(campaign.folder, output)):
        return Outcome(record, {})
    state = State.of(campaign, output)
    setup = setup_of(campaign)
    with (
        ResultCache.of(campaign, setup, fresh) as cache,
        _workers(campaign, output, setup, workers, scheduler) as pool,
        ThreadPoolExecutor(max_workers=1) as aside,
    ):
        decided, hashed, before = _beside(aside, campaign, setup)
        read = read_settled(pool, campaign, setup, without, progress, cache)
        review, inputs, known = decided.result(), hashed.result(), History.load(campaign.record)
        refuse_if_emptied(campaign, output, read, known, meant=emptied or bool(without))
        judged = judge_inbox(pool, campaign, read, setup, review, progress, cache, known)
        notes = [*known.damaged, *weights_not_adding_up(campaign, scheme_of(setup.scheme))]
        history = part(notes, "本次收件的记录", _remember, campaign, known, judged, instead=known)
        staging = Staging(output)
        try:
            files = write_copies(pool, campaign, staging, judged.files, setup, progress, cache)
            units, years = _named(judged.units, files, before.result(), notes)
            joining = aside.submit(_join, campaign, setup, staging, read, judged, units, files, history, years)
            drafting = aside.submit(_draft, notes, campaign, review, judged, units, files)
            write_sheets(pool, staging, units, judged.judged, setup, progress, cache)
            notes += _write_asked(pool, campaign, staging, units, judged.judged, files, setup, progress)
            record = _record(campaign, setup, staging, judged, units, files, joining.result().outputs, inputs)
            refuse_if_gone(campaign, read)
            _keep(notes, campaign, history, review)
            second_names = staging.publish()
            cache.sweep()
        except BaseException:
            aside.shutdown()  # nothing may be written into the folder any more
            staging.abandon()
            raise
        reviewed = _review_again(campaign, drafting.result())
        notes += (*reviewed.notes, *cache.troubles, *joining.result().notes)
        if not (second_names or notes or without or cache.unfinished or reviewed.overtaken):
            note_record(state, setup, [source for source, _ in read], reviewed.sha256, record)
    return Outcome(record, second_names, tuple(notes))


def _beside(
    aside: Executor, campaign: Campaign, setup: Setup
) -> "tuple[Future[Review], Future[dict[str, str]], Future[Before]]":
    """Begin what can be done while workers wake and read: people's decisions, the inputs' hashes, the years before."""
    decided = aside.submit(load_review, campaign.review, setup.campaign_season.year)
    hashed = aside.submit(fingerprint, campaign.folder)
    aside.submit(_joiner)
    return decided, hashed, aside.submit(_before, campaign)


def _before(campaign: Campaign) -> "Before":
    """Read the years before, what each unit came to in them by its name, and in words what could not be read.

    Nothing where settings name none.
    """
    lost: list[str] = []
    if not campaign.settings.last_year:
        return (), {}, lost
    from evalbatch.batch import earlier_years

    years: Sequence[EarlierYear] = part(lost, "与上年的比较", earlier_years.earlier_years, campaign, instead=())
    of_units = part(lost, "历年情况", earlier_years.by_unit, years, campaign.roster.units, instead={})
    return years, of_units, lost


def _named(
    units: Sequence[UnitResult], files: Sequence[FileResult], before: "Before", notes: list[str]
) -> "tuple[list[UnitResult], Sequence[EarlierYear]]":
    """Name each unit's workbooks and give it its earlier years; what of these could not be read goes to the notes."""
    years, of_units, lost = before
    notes += lost
    return name_sheets(units, files, of_units), years


def _workers(campaign: Campaign, output: Path, setup: Setup, workers: int | None, scheduler: str | None) -> Workers:
    """Start the workers of this machine, or take those of a Dask cluster."""
    limits = setup.limits
    if scheduler is None:
        return Pool(workers or usable_cores(), limits.seconds, limits.memory_bytes)
    from evalbatch.pool.cluster import Cluster  # asyncio takes its time, and few have a cluster

    output.mkdir(parents=True, exist_ok=True)
    places = [place for place in (campaign.inbox, output, *setup.forms, setup.scheme) if place is not None]
    return Cluster(scheduler, limits.seconds, limits.memory_bytes, places)


def _write_asked(
    pool: Workers,
    campaign: Campaign,
    staging: Staging,
    units: Sequence[UnitResult],
    judged: Sequence[JudgedUnit],
    files: Sequence[FileResult],
    setup: Setup,
    progress: Progress,
) -> list[str]:
    """Write what only settings ask for, copies for the public and drafts; return, in words, what could not be made."""
    write_public(pool, campaign, staging, units, files, setup, progress)
    return write_drafts(pool, campaign, staging, units, judged, setup, progress)


def _remember(campaign: Campaign, known: History, judged: Judged) -> History:
    """Take this run into the campaign's history; it is saved together with the outputs."""
    return known.with_run(
        judged.sent,
        year=campaign.settings.year,
        mark=version_mark,
        files=judged.files,
        earlier=judged.earlier,
    )


def _draft(
    lost: list[str],
    campaign: Campaign,
    review: Review,
    judged: Judged,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
) -> ReviewDraft | None:
    """Work out what review.xlsx is to say; None where that can't be done, which is noted in `lost`."""
    given = (review, units, judged.questions, files, campaign.roster)
    draft: ReviewDraft | None = part(lost, "review.xlsx", draft_review, *given)
    return draft


def _review_again(campaign: Campaign, draft: ReviewDraft | None) -> ReviewOutcome:
    return write_review(campaign.review, draft, campaign.record) if draft else ReviewOutcome(False)


def _keep(lost: list[str], campaign: Campaign, history: History, review: Review) -> None:
    """Write down what is for ever: submissions, findings, decisions. What can't be is noted; the next run adds it."""
    part(lost, "本次收件的记录", history.save)
    part(lost, "人工填写的记录", _record_decisions, campaign, review)


def _record_decisions(campaign: Campaign, review: Review) -> None:
    """Add what people typed to the record: a decision outlives the workbook that it was typed into."""
    decided = [("|".join(entry.values()), entry) for entry in entries(review)]
    if decided:
        open_journal(campaign.record / "decisions.jsonl").append(decided)


def _joiner() -> "Callable[..., Joined]":
    """Give what makes summary and tables, beside the workers, who make each unit's workbooks; it loads pandas."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # Arrow's own keeps what it is given back
    from evalbatch.batch.joining import join

    return join


def _join(*given: Any) -> "Joined":
    return _joiner()(*given)


def _record(
    campaign: Campaign,
    setup: Setup,
    staging: Staging,
    judged: Judged,
    units: Sequence[UnitResult],
    files: Sequence[FileResult],
    joined: dict[str, Any],
    inputs: Mapping[str, str],
) -> dict[str, Any]:
    """Write run.json, which names every output with its hash, into the staging folder; return its document."""
    scheme, season = examine.scheme_of(setup.scheme), setup.campaign_season
    hashes = {name: staging.hash_of(name) for name in sorted(staging.names)}
    outputs = {**joined, "all": sorted({*staging.names, NAME}), "sha256": hashes}
    record = manifest(campaign.name, season, scheme, files, units, outputs, judged.of_district)
    record["inputs"] = dict(inputs)
    record["sha256"] = document_hash(record)
    write_manifest(staging.path(NAME), record)
    return record
