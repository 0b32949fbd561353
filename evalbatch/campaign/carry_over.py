"""Last year's campaign in; what stays from year to year out into a new folder: never inbox, record or outputs."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from evalbatch.campaign import approved, roster, settings
from evalbatch.model import Cell, Refused
from evalbatch.reading.header_table import read_rows

Tell = Callable[[str], None]
LAST_YEARS_ONLY = ("截止日期", "年初预算数（万元）", "全年预算数（万元）", "全年执行数（万元）")
"""Columns of the roster that would be wrong next year."""
WHOLE = {
    "scheme.xlsx": "评分方案",
    approved.FILE_NAME: "批复目标（是上年的，请换成今年批复的，或删去）",
    "mail.txt": "邮件文字",
    "mail_remind.txt": "催报邮件文字",
}
FORMS = "input_templates"
_YEAR = re.compile(r"^([ \t]*(?:campaign\.)?year[ \t]*=[ \t]*)(\d{4})\b", re.M)
_YEAR_LINE = re.compile(r"^[ \t]*(?:campaign\.)?year[ \t]*=.*$", re.M)
_LAST_YEAR = re.compile(r"^[ \t]*(?:#[ \t]*)?(?:campaign\.)?last_year[ \t]*=.*$", re.M)
_CAMPAIGN = re.compile(r"^[ \t]*\[campaign\].*$", re.M)
_DEADLINE = re.compile(r"^([ \t]*)((?:campaign\.)?deadline[ \t]*=.*)$", re.M)


def carry_over(last_year: Path, folder: Path, tell: Tell) -> tuple[str, ...]:
    """Copy settings, roster, scheme, forms and approved targets; return the names made and tell what was done.

    Settings get the next year, and last year's deadline as a comment only. Refused when last year's folder is no
    campaign or its settings or roster can't be used; raises OSError.
    """
    made = [_settings(last_year, folder, tell), _roster(last_year, folder, tell)]
    for name, what in WHOLE.items():
        if (last_year / name).is_file():
            shutil.copyfile(last_year / name, folder / name)
            made.append(name)
            tell(f"  带来 {name}：{what}")
    if (last_year / FORMS).is_dir():
        shutil.copytree(last_year / FORMS, folder / FORMS, ignore=shutil.ignore_patterns("~$*", ".*"))
        made.append(FORMS)
        tell(f"  带来 {FORMS}：表样")
    tell("  没有带来：收件、人工复核、历史记录和输出；上年的文件夹没有改动。")
    return tuple(made)


def _settings(last_year: Path, folder: Path, tell: Tell) -> str:
    name = settings.FILE_NAME
    before = settings.load_settings(last_year / name)
    text = (last_year / name).read_text(encoding="utf-8-sig")
    text = _DEADLINE.sub(r"\1# \2   # 上年的，请改为今年的，并去掉行首的 #", text)
    text = _YEAR.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", text, count=1)
    text = _named_last_year(text, last_year, folder)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
    after = settings.load_settings(folder / name)
    if after.deadline or after.year != (before.year + 1 if before.year else 0):
        raise Refused(
            f"{last_year / name} 中的年度和截止日期写法特殊，改不成今年的。",
            remedy="请在该文件的 [campaign] 一节中每项单独写一行，例如：year = 2023。",
        )
    told = f"年度改为{after.year}" if after.year else "年度未写"
    told += "，已写明上年批次（汇总与上年比较）" if after.last_year else ""
    tell(f"  带来 {name}：{told}{'，截止日期已注释掉，请填今年的' if before.deadline else ''}")
    return name


def _named_last_year(text: str, last_year: Path, folder: Path) -> str:
    """Name last year's folder in the settings, so that the summary can compare; relative where both share a drive."""
    try:
        path = Path(os.path.relpath(last_year.resolve(), folder.resolve()))
    except ValueError:  # two drives
        path = last_year.resolve()
    line = f"last_year = {json.dumps(path.as_posix(), ensure_ascii=False)}"
    explained = r"\g<0>\n\n# 上年的批次文件夹，写了就在汇总中与上年比较\n"
    for place, kept in ((_LAST_YEAR, ""), (_YEAR_LINE, explained), (_CAMPAIGN, explained)):
        if found := place.search(text):
            prefix = "campaign." if found[0].lstrip().startswith("campaign.") else ""
            return text[: found.start()] + found.expand(kept) + prefix + line + text[found.end() :]
    return text


def _roster(last_year: Path, folder: Path, tell: Tell) -> str:
    name = roster.FILE_NAME
    path = last_year / name
    if not path.exists():
        raise Refused(f"上年批次“{last_year}”中没有单位名单 {name}。", remedy="请写明上年批次的文件夹。")
    listed = roster.load_roster(path)
    stale = [cell for row in read_rows(path, LAST_YEARS_ONLY, ()) for cell in row.cells.values()]
    if stale:
        _copy_without(stale, path, folder / name)
    else:
        shutil.copyfile(path, folder / name)
    cleared = "；上年的截止日期和预算、执行数已清空" if stale else ""
    projects = f"；项目名单{len(listed.projects)}个（是上年的，请换成今年的）" if listed.projects else ""
    tell(f"  带来 {name}：单位{len(listed.units)}个{cleared}{projects}")
    return name


def _copy_without(stale: Sequence[Cell], path: Path, target: Path) -> None:
    """Copy the roster with these cells cleared; all else, the clerk's own columns too, stays."""
    import openpyxl  # slow to import, and needed for this alone
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        raise Refused(
            f"上年的 {path.name} 不是.xlsx格式，清不掉上年的日期和金额。",
            remedy="请用Excel或WPS把它另存为.xlsx后重试。",
        ) from None
    for cell in stale:
        book[cell.sheet][cell.address].value = None
    book.save(target)
