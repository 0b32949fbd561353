"""One campaign folder: can it be written to, is there room, can all that a run reads be read."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from evalbatch.batch.season_files import inbox_files
from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.campaign.seal_marker import is_sealed
from evalbatch.campaign.settings import Settings, load_settings
from evalbatch.cli.doctor_machine import FINE, NOTE, WRONG, Verdict, refused
from evalbatch.forms.grown import refuse_disagreements
from evalbatch.forms.places import form_paths
from evalbatch.model import Refused
from evalbatch.reading.form_check import check_form
from evalbatch.reading.layout import load_lexicon
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.workbook import load_scheme
from evalbatch.storage.disk import words_of
from evalbatch.unit.preparation import checked_scheme, weights_not_adding_up

ROOM_NEEDED = 200 << 20
CLOCKS_APART_SECONDS = 120.0


def examine_campaign(folder: Path) -> Generator[Verdict, None, Settings | None]:
    """Yield what can be said of a campaign folder; return its settings where they can be read."""
    try:
        settings = load_settings(folder / "evalbatch.toml")
    except Refused as error:
        yield refused("设置", error)
        return None
    about = f"区县：{settings.district or '没有写'}；评价年度：{settings.year or '没有写'}"
    if settings.district:
        yield Verdict(FINE, "设置", about)
    else:
        yield Verdict(NOTE, "设置", about, "请在 evalbatch.toml 的 [campaign] 中写上 district，各表的标题要用。")
    try:
        campaign = load_campaign(folder)
    except Refused as error:
        yield refused("批次", error)
        return settings
    yield from _inputs(campaign)
    yield from _inbox(campaign)
    yield from _places(campaign)
    return settings


def _inputs(campaign: Campaign) -> Iterator[Verdict]:
    units = campaign.roster.units
    yield (
        Verdict(FINE, "单位名单", f"{len(units)}个单位，其中{sum(bool(u.emails) for u in units)}个有邮箱")
        if units
        else Verdict(NOTE, "单位名单", "还没有单位", "请在 units.xlsx 第一张工作表逐行填写单位。")
    )
    yield _tried("评分方案", lambda: _scheme(campaign).name + _whose(campaign.scheme_path))
    yield _tried("表样", lambda: _forms(campaign))
    yield _tried("批复目标", lambda: f"{len(campaign.season.approved)}条")
    yield from _weights(campaign)
    yield _tried("应报项目", lambda: _projects(campaign))


def _weights(campaign: Campaign) -> Iterator[Verdict]:
    """Say which approved weights do not come to the full mark, where they can be read at all."""
    with contextlib.suppress(Refused):  # scheme or targets that can't be read are said by themselves
        for fault in weights_not_adding_up(campaign, _scheme(campaign)):
            yield Verdict(NOTE, "批复分值", fault)


def _tried(what: str, attempt: Callable[[], str]) -> Verdict:
    try:
        return Verdict(FINE, what, attempt())
    except Refused as error:
        return refused(what, error)


def _scheme(campaign: Campaign) -> Scheme:
    """Read the scheme as a run does; where forms are broken, which is said by itself, without what they know."""
    try:
        load_lexicon(form_paths(campaign.templates))
    except Refused:
        return load_scheme(campaign.scheme_path)
    return checked_scheme(campaign)


def _projects(campaign: Campaign) -> str:
    due = campaign.due_projects
    if not due:
        return "没有项目名单，不查项目缺报"
    source = "项目名单" if campaign.roster.projects else "批复目标"
    return f"{sum(map(len, due.values()))}个，涉及{len(due)}个单位（取自{source}）"


def _whose(own: Path | None) -> str:
    return "（本批次的）" if own else "（自带的）"


def _forms(campaign: Campaign) -> str:
    paths = form_paths(campaign.templates)
    load_lexicon(paths)
    scheme = load_scheme(campaign.scheme_path)
    for path in paths:
        if campaign.templates in path.parents and not check_form(path).usable:
            raise Refused(f"{path.name} 还不能用。", remedy=f"运行 evalbatch templates check {path} 看缺什么。")
        refuse_disagreements(path, scheme)
    return f"{len(paths)}种" + _whose(campaign.templates)


def _inbox(campaign: Campaign) -> Iterator[Verdict]:
    try:
        files = inbox_files(campaign.inbox)
    except OSError as error:
        yield Verdict(WRONG, "收件文件夹", f"读不了：{words_of(error)}", "请建立 inbox 文件夹，或检查网络和权限。")
        return
    closed = [name for name, seen in files.items() if not os.access(seen.path, os.R_OK)]
    if closed:
        found = f"{len(files)}个文件，其中{len(closed)}个读不了，例如 {closed[0]}"
        yield Verdict(NOTE, "收件文件夹", found, "请检查这些文件的权限；运行时会按未能受理列出。")
    else:
        yield Verdict(FINE, "收件文件夹", f"{len(files)}个文件")
    ahead = [name for name, seen in files.items() if seen.modified_ns / 1e9 > time.time() + CLOCKS_APART_SECONDS]
    if ahead:
        found = f"{len(ahead)}个文件的时间在将来，例如 {ahead[0]}"
        yield Verdict(NOTE, "文件时间", found, "请核对本机时间；没有填报日期的表按文件时间判断是否逾期。")


def _places(campaign: Campaign) -> Iterator[Verdict]:
    cache = campaign.folder / (campaign.settings.cache or ".evalbatch")
    if is_sealed(campaign.folder):
        yield Verdict(NOTE, "批次", "已封存，不再运行", "确需重新打开的，运行 evalbatch close --reopen。")
    for what, place in (("批次文件夹", campaign.folder), ("输出文件夹", campaign.output), ("缓存文件夹", cache)):
        yield _writable(what, _existing(place), f"{place}" if place.is_dir() else f"{place}（运行时新建）")
    free = shutil.disk_usage(_existing(campaign.output)).free
    if free < ROOM_NEEDED:
        found = f"只剩{free >> 20}MB"
        yield Verdict(WRONG, "磁盘空间", found, f"请清理出至少{ROOM_NEEDED >> 20}MB；空间不足时原有输出不会丢失。")
    else:
        yield Verdict(FINE, "磁盘空间", f"剩余{free / (1 << 30):.1f}GB")


def _writable(what: str, place: Path, shown: str) -> Verdict:
    """Write a small file and take it away again; its time also tells whether the share's clock agrees with ours."""
    try:
        handle, name = tempfile.mkstemp(prefix=".evalbatch-", suffix=".tmp", dir=place)
        os.close(handle)
        apart = abs(Path(name).stat().st_mtime - time.time())
        with contextlib.suppress(OSError):
            Path(name).unlink()
    except OSError as error:
        return Verdict(WRONG, what, f"{shown} 写不进去：{words_of(error)}", "请检查文件夹权限，或换一个位置。")
    if apart > CLOCKS_APART_SECONDS:
        found = f"{shown} 可写，但其时钟与本机相差{apart / 60:.0f}分钟"
        return Verdict(NOTE, what, found, "请校准时间；没有填报日期的表按文件时间判断是否逾期。")
    return Verdict(FINE, what, f"{shown} 可写")


def _existing(place: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(path for path in (place, *place.absolute().parents) if path.is_dir())
