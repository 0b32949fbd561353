"""A folder in; where its campaign stands and what to do next out. What `evalbatch` alone says."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from evalbatch.batch.fingerprint import fingerprint
from evalbatch.batch.season_files import REVIEW, inbox_files
from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.campaign.seal_marker import is_sealed
from evalbatch.model import Refused
from evalbatch.sheets.look import STATUS_WORDS
from evalbatch.storage.journal import open_journal
from evalbatch.tables.manifest import NAME, read_manifest

SETTINGS = "evalbatch.toml"
SENT = Path("record") / "mail.jsonl"


def next_steps(folder: Path) -> tuple[str, ...]:
    """Return a few lines: where things stand in this folder, and last what to do next."""
    try:
        return tuple(_lines(folder))
    except Refused as refused:  # settings, roster or the seal's marker: where and how to mend it is all there is to say
        return (f"批次“{folder.resolve().name}”还不能运行：{refused.message}", f"下一步：{refused.remedy}")


def _lines(folder: Path) -> Iterator[str]:
    if not (folder / SETTINGS).is_file():
        yield from _no_campaign(folder)
        return
    campaign = load_campaign(folder)
    settings, units = campaign.settings, campaign.roster.units
    yield f"批次“{campaign.name}”：{settings.district or '区县未写'} {settings.year}年度，名单上有单位{len(units)}个。"
    if is_sealed(folder):
        yield "本批次已封存，不再运行。"
        yield "下一步：evalbatch verify 核对封存的内容；确需重新打开的，evalbatch close --reopen。"
    elif not units:
        yield "下一步：在 units.xlsx 第一张工作表填写单位名单；怎样填，见工作表“填写示例”。"
    else:
        yield from _progress(campaign)


def _no_campaign(folder: Path) -> Iterator[str]:
    inside = sorted(path.parent.name for path in folder.glob(f"*/{SETTINGS}"))
    yield f"当前文件夹“{folder.resolve().name}”不是批次文件夹。"
    if inside:
        yield f"其中有批次：{'、'.join(inside)}。"
        yield f'下一步：进入批次文件夹，或写明批次，例如：evalbatch run "{inside[-1]}"'
    else:
        yield "下一步：evalbatch demo 示例　看示例是什么样；evalbatch init 2024年自评　新建批次。"
    yield "全部命令：evalbatch --help"


def _progress(campaign: Campaign) -> Iterator[str]:
    try:
        inbox = inbox_files(campaign.inbox)
    except OSError:
        yield "找不到收件文件夹 inbox。"
        yield "下一步：检查网络，或新建 inbox 文件夹，再放入各单位报来的工作簿。"
        return
    if not inbox:
        yield "收件文件夹 inbox 还是空的。"
        forms = campaign.output / "templates"
        if forms.is_dir():
            yield f"下一步：把 {forms} 中的预填表发给单位；收到的工作簿放进 inbox，再运行 evalbatch run。"
        else:
            yield "下一步：evalbatch templates 生成空白表和预填表发给单位；收到的工作簿放进 inbox。"
        return
    if not (campaign.output / NAME).exists():
        yield f"收件文件夹有{len(inbox)}个文件，还没有运行过。"
        yield "下一步：evalbatch run"
        return
    record = read_manifest(campaign.output)
    yield from _last_run(campaign, record)
    changed = _changed_since(campaign, record)
    if changed:
        yield f"上次运行之后有变化：{'、'.join(changed[:5])}{f'等{len(changed)}个' if len(changed) > 5 else ''}。"
        yield "下一步：evalbatch run"
    else:
        yield from _what_is_left(campaign, record)


def _last_run(campaign: Campaign, record: Mapping[str, Any]) -> Iterator[str]:
    units = Counter(unit["status"] for unit in record["units"] if not _is_exempt(campaign, unit))
    counted = [f"{word}{units[status]}" for status, word in STATUS_WORDS.items() if units[status]]
    yield f"上次运行：文件{record['counts']['files']}个；单位{'，'.join(reversed(counted)) or '（名单上还没有）'}。"


def _is_exempt(campaign: Campaign, unit: Mapping[str, Any]) -> bool:
    return unit["status"] == "missing" and unit["name"] in campaign.exempt


def _changed_since(campaign: Campaign, record: Mapping[str, Any]) -> list[str]:
    """List what is new, changed or gone since; the inbox by names and times only, for this must be quick."""
    run_at = (campaign.output / NAME).stat().st_mtime_ns
    inbox = inbox_files(campaign.inbox)
    listed = {file["path"] for file in record["files"]}
    new = [name for name, seen in inbox.items() if name not in listed or seen.modified_ns > run_at]
    gone = [
        name
        for name in sorted(file["path"] for file in record["files"] if file["status"] != "ignored")
        if name not in inbox and not any(parent.as_posix() in inbox for parent in PurePosixPath(name).parents)
    ]
    then, now = record.get("inputs", {}), fingerprint(campaign.folder)
    own = sorted(name for name in {*then, *now} if then.get(name) != now.get(name)) if then else []
    return own + new + gone


def _what_is_left(campaign: Campaign, record: Mapping[str, Any]) -> Iterator[str]:
    pending = sum(unit.get("pending") or 0 for unit in record["units"])
    if pending and (campaign.folder / REVIEW).exists():
        yield f"有{pending}项得分待人工核定：填在 {campaign.review} 中，保存、关闭后再运行 evalbatch run。"
    owing = sum(
        unit["status"] not in ("complete", "late") and not _is_exempt(campaign, unit) for unit in record["units"]
    )
    reachable = sum(bool(unit.emails) for unit in campaign.roster.units)
    written = _units_written_to(campaign.folder)
    if reachable:
        yield f"邮件：名单上有邮箱的单位{reachable}个，已发过信的{len(written)}个。"
    summary = campaign.output / record["outputs"]["summary"]
    if reachable and not written:
        letters = campaign.output / "mail" / "发信清单.xlsx"
        if _is_newer(letters, campaign.output / NAME):
            after = f"看 {letters}，没有问题的，evalbatch mail send 发送"
        else:
            after = "evalbatch mail preview 预览给各单位的邮件"
    elif owing:
        returned = any(unit.get("returned") for unit in record["units"])
        by_hand = "把退回件发给单位，催报没有报齐的" if returned else "催报没有报齐的单位"
        remind = "evalbatch mail remind 催报" if reachable else by_hand
        after = f"{remind}；收到后放进 inbox，再运行 evalbatch run"
    else:
        after = "evalbatch verify 核对后上报；全部办结后 evalbatch close 封存"
    yield f"下一步：打开 {summary}；{after}。"


def _is_newer(path: Path, than: Path) -> bool:
    return path.is_file() and path.stat().st_mtime_ns >= than.stat().st_mtime_ns


def _units_written_to(folder: Path) -> set[str]:
    """Return the units that the record of messages names as sent to."""
    entries = (entry for _, entry in open_journal(folder / SENT).entries())
    return {str(entry["unit"]) for entry in entries if entry.get("state") == "sent" and "unit" in entry}
