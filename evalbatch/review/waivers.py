"""Findings in, those that people waived turned into notes that say by whom and why."""

import re
from collections.abc import Sequence
from dataclasses import replace

from evalbatch.model import Finding, Severity
from evalbatch.review.lines import file_link
from evalbatch.review.slip import Slip, content_of, escaped, plain
from evalbatch.review.weigh import Matter, day, match, name, no_reviewer, weigh, words
from evalbatch.sheets.look import SEVERITY_WORDS
from evalbatch.sheets.table import CellValue, Link

MARK = "【已豁免】"
AGREED, DECLINED = "同意豁免", "不同意"
_YES = ("同意豁免", "同意", "豁免")
_NO = ("不同意", "不同意豁免", "不豁免")
_NOT_WAIVABLE = re.compile(r"F0[1-5]|U01")
"""What could not be read can't be waived; whose a file is has a sheet of its own."""


def waivable(finding: Finding) -> bool:
    """Whether a finding may be waived: something to correct or to ask, in a file that could be read."""
    pressing: tuple[Severity, ...] = ("must-fix", "query")
    asked = finding.severity in pressing or MARK in finding.message
    return asked and finding.file is not None and not _NOT_WAIVABLE.fullmatch(finding.code)


def finding_matters(unit: str, findings: Sequence[Finding]) -> list[Matter]:
    """Make a matter of each of a unit's findings, waived ones included; all of them waivable.

    Findings that can't be told apart are numbered by their places, whatever order they come in.
    """
    seen: dict[str, int] = {}
    keys = [""] * len(findings)
    for place in sorted(range(len(findings)), key=lambda place: _order(findings[place])):
        key = "|".join(escaped(part) for part in (unit, findings[place].code, *_thing(unit, findings[place])))
        seen[key] = seen.get(key, 0) + 1
        keys[place] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return [_matter(unit, key, finding) for key, finding in zip(keys, findings, strict=True)]


def _matter(unit: str, key: str, finding: Finding) -> Matter:
    shown = _shown(unit, finding)
    return Matter("waiver", key, unit, shown, content_of("waiver", shown))


def _order(finding: Finding) -> tuple[str, str, str, str]:
    return (finding.file or "", finding.sheet or "", finding.cell or "", finding.message.partition(MARK)[0])


def _thing(unit: str, finding: Finding) -> tuple[str, ...]:
    """What a finding is about; it stays the same when a unit sends the file again under another name."""
    whose = () if unit else (finding.file or "",)
    if finding.subject:
        return (*whose, *finding.subject)
    return (*whose, finding.sheet or finding.file or "", finding.cell or "")


def _shown(unit: str, finding: Finding) -> dict[str, CellValue]:
    place = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
    file = finding.file or ""
    return {
        "单位": unit,
        "文件": file,
        "单元格": _cell_link(file, finding, place),
        "代码": finding.code,
        "级别": SEVERITY_WORDS[finding.severity],
        "问题": finding.message.partition(MARK)[0],
        "现填": finding.value,
        "应为": finding.expected,
    }


def _cell_link(file: str, finding: Finding, place: str | None) -> CellValue:
    led = file_link(file, finding.sheet, finding.cell)
    return Link(place, led.target) if place and isinstance(led, Link) else place


def problem(slip: Slip) -> str:
    """Say why an entry can't be taken, with the remedy; "" when it can."""
    what, _, _, why = slip.entry
    if plain(what) in _NO:
        return ""
    if plain(what) not in _YES:
        told = f"处理填的是“{words(what)}”" if what is not None else "没有填处理"
        return f"{told}，请填“{AGREED}”或“{DECLINED}”"
    return no_reviewer(slip) or ("" if plain(why) else "同意豁免的，请填写理由")


def waive(slips: Sequence[Slip], unit: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Turn each finding whose waiver counts into a note that says who agreed, when and why."""
    places = [place for place, finding in enumerate(findings) if waivable(finding) and MARK not in finding.message]
    matters = finding_matters(unit, [findings[place] for place in places])
    own, _ = match(slips, matters)
    told = list(findings)
    for place, matter, mine in zip(places, matters, own, strict=True):
        slip = weigh(matter, mine, problem).slip
        if slip is not None and plain(slip.entry[0]) in _YES:
            told[place] = _waived(findings[place], slip)
    return tuple(told)


def _waived(finding: Finding, slip: Slip) -> Finding:
    _, who, when, why = slip.entry
    on = f"于{words(day(when))}" if day(when) else ""
    said = f"{name(who)}{on}同意，理由：{words(why).rstrip('。')}。"
    return replace(finding, severity="note", message=f"{finding.message}{MARK}{said}")
