"""What a letter says in words: text made harmless, days and scores as people write them."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from evalbatch.sheets.look import STATUS_WORDS

FORM_TITLES = {
    "project": "项目支出绩效自评表",
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
}


def one_line(text: str) -> str:
    r"""Make any text one line of visible characters: no line break can reach a header, no sign can hide.

    >>> one_line("示例局\r\nBcc: x@example.org")
    '示例局 Bcc: x@example.org'
    """
    kept = (" " if ch.isspace() else ch for ch in text if ch.isspace() or _visible(ch))
    return " ".join("".join(kept).split())


def _visible(ch: str) -> bool:
    return unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def day(value: date | None) -> str:
    """Write a day, nothing for None.

    >>> day(date(2024, 5, 31)), day(None)
    ('2024年5月31日', '')
    """
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def score(points: Any, grade: str | None) -> str:
    """Write a score of run.json with its grade, nothing where there is none.

    >>> score(95.28, "优"), score(96, None), score(None, None)
    ('95.28分（优）', '96分', '')
    """
    if points is None:
        return ""
    return f"{points}分" + (f"（{one_line(grade)}）" if grade else "")


def status_word(status: str) -> str:
    """Write a unit's status in words."""
    return STATUS_WORDS.get(status, status)


def owed_titles(entry: Mapping[str, Any]) -> str:
    """Write what a unit of run.json still owes: titles of forms, and the projects that are due.

    >>> owed_titles({"missing_forms": ["data", "本局表"], "missing_projects": ["校舍维修"]})
    '部门整体支出数据表、本局表、“校舍维修”的项目支出绩效自评表'
    """
    projects = [f"“{one_line(name)}”" for name in entry.get("missing_projects", ())]
    forms = [name for name in entry["missing_forms"] if name != "project" or not projects]
    titles = [FORM_TITLES.get(name, name) for name in forms]
    if projects:
        titles.append(f"{''.join(projects)}的{FORM_TITLES['project']}")
    return "、".join(titles)


def count(number: int) -> str:
    """Write a count, nothing for none, so that the line that speaks of it is left out."""
    return str(number) if number else ""
