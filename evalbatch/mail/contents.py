"""A unit's entry of run.json in, what each placeholder of the wording says of it out."""

from collections.abc import Mapping, Sequence
from datetime import date
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import Any

from evalbatch.campaign.folder import Campaign
from evalbatch.checks.catalogue import REFUSED_FILE
from evalbatch.mail.attachments import Attachment
from evalbatch.mail.wording import Kind
from evalbatch.mail.words import count, day, one_line, owed_titles, score, status_word
from evalbatch.model import Unit

MOST_LISTED = 10


def values_of(
    campaign: Campaign,
    unit: Unit,
    entry: Mapping[str, Any],
    attachments: Sequence[Attachment],
    kind: Kind,
) -> dict[str, str]:
    """Return the value of every placeholder for one unit; "" where there is nothing to say."""
    settings = campaign.settings
    must_fix = _to_correct(entry)
    deadline = unit.deadline or settings.deadline
    correct_by = date.fromisoformat(entry["correct_by"]) if entry.get("correct_by") else None
    return {
        "区县": one_line(settings.district),
        "年度": str(settings.year),
        "单位名称": one_line(unit.name),
        "单位编码": one_line(unit.code),
        "联系人": one_line(unit.contact),
        "状态": status_word(entry["status"]),
        "自评得分": score(entry["self_score"], entry["self_grade"]),
        "复核得分": score(entry["verified_score"], entry["verified_grade"]),
        "待定项数": count(entry["pending"]),
        "缺报表格": owed_titles(entry),
        "必须更正项数": count(len(must_fix)),
        "必须更正问题": _listed(must_fix),
        "截止日期": day(deadline),
        "更正期限": day(correct_by),
        "办理事项": _numbered(_to_do(entry, must_fix, attachments, _until(deadline), correct_by, kind)),
        "附件": _numbered([f"{each.name}：{each.about}。" for each in attachments]),
        "附件数": count(len(attachments)),
        "落款": one_line(parseaddr(settings.mail.sender)[0]),
    }


def _to_correct(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what must be corrected in what was sent; forms not sent (U05) are told apart."""
    return [found for found in entry["findings"] if found["severity"] == "must-fix" and found["code"] != "U05"]


def _listed(findings: Sequence[Mapping[str, Any]]) -> str:
    files = {found["file"] for found in findings}
    lines = []
    for found in findings[:MOST_LISTED]:
        shown = found["file"] and (len(files) > 1 or not found["sheet"])
        file = f"（{PurePosixPath(found['file']).name}）" if shown else ""
        message = found["message"].removeprefix(f"{found['title']}：")
        lines.append(one_line(f"{found['title']}{file}：{message}{found['remedy'] or ''}"))
    text = _numbered(lines)
    more = len(findings) - MOST_LISTED
    return f"{text}\n另有{more}项，见附件。" if more > 0 else text


def _to_do(
    entry: Mapping[str, Any],
    must_fix: Sequence[Mapping[str, Any]],
    attachments: Sequence[Attachment],
    by_deadline: str,
    correct_by: date | None,
    kind: Kind,
) -> list[str]:
    """Say what is to be done, by what is attached: a marked copy, a list only, queries only, or nothing."""
    items, missing = [], owed_titles(entry)
    until = f"于{day(correct_by)}前" if correct_by else "尽快"
    copies = {attached.marked for attached in attachments if attached.marked is not None}
    if copies:
        items.append(f"{_HOW_TO_CORRECT[frozenset(copies)]}，{until}重新报送。")
    elif must_fix:
        items.append(f"请按上面的说明改正文件，{until}重新报送。")
    if missing:
        if any(found["code"] in REFUSED_FILE for found in must_fix):
            items.append(f"重新报送的文件应包括{missing}。")
        else:
            items.append(f"尚缺的{missing}，请一并报送。" if must_fix else f"请{by_deadline}报送{missing}。")
    queries = sum(found["severity"] == "query" for found in entry["findings"])
    if queries and kind == "result" and entry["score_sheet"]:
        also = "另有" if items else "没有必须更正的问题，有"
        answer = "填错的，改正后重新报送；填写无误的，回复说明原因即可，不用重新报送。"
        items.append(f"{also}{queries}项请核实，见复核评分表的“问题清单”：{answer}")
    if not items:
        items.append("没有必须更正的问题，不用重新报送。对复核得分有异议的，请与我们联系。")
    return items


_HOW_TO_CORRECT = {
    frozenset((True,)): "请在附件退回件中按标注逐项更正",
    frozenset((False,)): "请对照附件退回件中的清单，在原文件中逐项更正",
    frozenset((True, False)): "请在有标注的退回件中按标注更正；只有清单的，对照清单在原文件中更正",
}
"""How to correct, by whether the copies attached are marked."""


def _until(deadline: date | None) -> str:
    """Say by when; whether the day is past nobody here knows, for a letter shows no clock."""
    return f"于{day(deadline)}前（期限已过的请立即）" if deadline else "尽快"


def _numbered(lines: Sequence[str]) -> str:
    if len(lines) <= 1:
        return "".join(lines)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
