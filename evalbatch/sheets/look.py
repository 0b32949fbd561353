"""How our workbooks look: colours, fonts, number formats, widths and heights. Nobody else says any of them.

Two looks: "screen" for what is read and filtered, "signed" for what is printed, signed and filed.
"""

import math
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Literal

Look = Literal["screen", "signed"]
Kind = Literal["text", "int", "money", "points", "percent", "date"]
Tone = Literal["plain", "must-fix", "query", "note", "good", "muted", "input", "strong"]
Align = Literal["left", "center", "right"]
Part = Literal["title", "subtitle", "measure", "note", "header", "body", "total", "label", "closing"]

INK, GREY, RULE, BAND, PAPER = "#1F2933", "#6B7785", "#D5DAE0", "#F4F6F8", "#FFFFFF"
ACCENT = "#1F5FA8"
SOFT = "#B8C2CC"
"""Grey of a chart's second series."""
SCALE = ("#1F5FA8", "#6F9CC9", "#B9D0E6", "#F2B8A0", "#B3261E", "#D5DAE0")
"""Parts of a whole from the best to the worst, and last what is not yet known."""
SPARKLINE = {"markers": True, "series_color": ACCENT, "markers_color": ACCENT, "empty_cells": "gaps"}
"""A small line in a cell, in XlsxWriter's words: each value has its mark, and a year without one leaves a gap."""
INPUT = "#FFFBE6"
TONES: Mapping[Tone, tuple[str, str]] = {
    "must-fix": ("#B3261E", "#FDECEA"),
    "query": ("#1F4E79", "#E3EEF8"),
    "note": ("#4A5561", "#EEF0F2"),
    "good": ("#1E7B4F", "#E6F4EC"),
    "input": (INK, INPUT),
    "muted": (GREY, ""),
    "strong": (INK, BAND),
    "plain": (INK, ""),
}
"""Ink and ground of each tone; an empty ground is the paper's. A query is blue in lists, as its cell is in MARKS."""

MARKS: Mapping[Tone, tuple[str, str]] = {"must-fix": ("#F9C6C0", ""), "query": ("#E3EEF8", "#6F9CC9")}
"""Ground of a cell marked in a unit's own workbook, and colour of the lines across it: entry cells are yellow, so that
neither is; red and plain against blue and hatched is told apart on paper and by the colour-blind too."""

FONTS: Mapping[Look, str] = {"screen": "微软雅黑", "signed": "宋体"}
SIZES: Mapping[Part, float] = {
    "title": 16, "subtitle": 10, "measure": 10, "note": 10, "header": 10, "body": 10, "total": 10, "label": 10,
    "closing": 11,
}  # fmt: skip
NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "General",
    "int": "#,##0",
    "money": "#,##0.00",
    "points": "0.00",
    "percent": "0.00%",
    "date": 'yyyy"年"m"月"d"日"',
}
NUMBER_PAD = "_0"
"""Leaves a digit's room after a number; LibreOffice does not indent all formulas of one style alike."""
WIDTHS: Mapping[str, tuple[int, int]] = {
    "mark": (6, 8),
    "short": (8, 14),
    "number": (11, 18),
    "date": (15, 15),
    "name": (12, 30),
    "text": (14, 40),
    "path": (14, 24),
    "long": (26, 48),
    "wide": (40, 96),
}
"""Narrowest and widest column of each width kind, in Excel's units: a Latin letter is 1, a hanzi 2."""
WIDEST_PRINTED = 195.0
"""What a lying A4 page holds at about seven tenths of full size; more would be too small to read."""
ALIGNS: Mapping[Kind, Align] = {
    "text": "left", "date": "center", "int": "right", "money": "right", "points": "right", "percent": "right",
}  # fmt: skip

LONGEST_TEXT = 32_767
"""What one cell of a workbook can hold (Excel's specification)."""
TALLEST_ROW = 409.0
CUT_MARK = "……（文字过长，此处截断）"
FIT_MARK = "……（全文见原表）"
SEVERITY_WORDS = {"must-fix": "必须更正", "query": "请核实", "note": "提示"}
STATUS_WORDS = {
    "missing": "未报送",
    "returned": "退回更正",
    "incomplete": "报送不全",
    "late": "逾期报送",
    "complete": "已报齐",
}
VERDICT_WORDS = {
    "met": "✓ 完成",
    "exceeded": "▲ 超额完成",
    "not-met": "✗ 未完成",
    "unanswered": "？ 缺完成情况",
    "cannot-tell": "？ 需人工判断",
}
FORM_TITLES = {
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
    "project": "项目支出绩效自评表",
}
FORM_WORDS = {"whole-unit": "整体支出", "data": "数据表", "score": "评分表", "project": "项目支出"}

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_text(text: str) -> str:
    r"""Make text fit for a cell: no control characters, line breaks as \n, no more than a cell can hold.

    >>> safe_text("a\x00b\r\nc")
    'a�b\nc'
    """
    if text.isprintable() and len(text) <= LONGEST_TEXT // 2:
        return text
    text = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT:
        return text
    # Excel counts UTF-16 units, in which a rare hanzi takes two.
    room = (LONGEST_TEXT - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT_MARK


def sheet_name(wish: str, taken: Collection[str] = ()) -> str:
    """Turn a wish into a legal sheet name that none of `taken` is, whatever its case: at most 31 characters.

    >>> sheet_name("收入/支出[2023]"), sheet_name("项目", {"项目"}), sheet_name("'")
    ('收入 支出 2023', '项目 (2)', '表')
    """
    name = " ".join(_ILLEGAL_IN_NAME.sub(" ", wish).split()).strip("' ")
    name = _shorten(name, 31) or "表"
    if name.casefold() == "history":  # reserved by Excel
        name = "History 表"
    used = {other.casefold() for other in taken}
    number, unique = 1, name
    while unique.casefold() in used:
        number += 1
        tail = f" ({number})"
        unique = _shorten(name, 31 - len(tail)) + tail
    return unique


def _shorten(text: str, room: int) -> str:
    """Cut to `room` UTF-16 units."""
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore").rstrip("' ")


def text_width(text: str) -> int:
    """Count the units that the widest line takes: a Latin letter is 1, a hanzi 2.

    >>> text_width("执行率≥95%"), text_width("a\\n资金")
    (11, 4)
    """
    # GBK has two bytes for whatever a Chinese font draws full width, and encodes at C speed.
    if "\n" in text:
        return max(map(text_width, text.split("\n")))
    return len(text) if text.isascii() else len(text.encode("gbk", "replace"))


def line_length(width: float) -> int:
    """Give the length of text that surely fits one line of a wrapped cell `width` units wide, whatever its letters."""
    return int((width - 3) / 2.2) - 1


@lru_cache(maxsize=4096)
def line_count(text: str, width: float) -> int:
    """Count the lines that `text` takes in a wrapped cell `width` units wide, on the generous side."""
    room = max(2.0, width - 3)
    if "\n" not in text:  # most are far from filling their line, and need not be measured
        return 1 if len(text) * 2.2 <= room else max(1, math.ceil(text_width(text) * 1.1 / room))
    return sum(max(1, math.ceil(text_width(line) * 1.1 / room)) for line in text.split("\n"))


def fit_text(text: str, width: float, most_lines: int = 20) -> str:
    """Cut a text that would make a row taller than a page bears, and say so; shorter ones stay as they are."""
    if line_count(text, width) <= most_lines:
        return text
    kept = text[: max(1, int((width - 3) * most_lines / 2))]
    while kept and line_count(kept + FIT_MARK, width) > most_lines:
        kept = kept[: len(kept) * 9 // 10]
    return kept + FIT_MARK


def row_height(lines: int, part: Part = "body") -> float:
    """Give the height in points of a row with so many lines."""
    return min(TALLEST_ROW, lines * SIZES[part] * 1.5 + 5)


def title_height(title: str, width: float) -> float:
    """Give the height in points of a title's row over a table `width` units wide; a long project's name wraps."""
    return row_height(line_count(title, width * SIZES["body"] / SIZES["title"]), "title") + 4


@lru_cache(maxsize=1024)
def cell_format(
    look: Look, part: Part = "body", kind: Kind = "text", tone: Tone = "plain", align: Align | None = None
) -> Mapping[str, Any]:
    """Describe a cell's format in XlsxWriter's words."""
    ink, ground = TONES[tone]
    described: dict[str, Any] = {
        "font_name": FONTS[look],
        "font_size": SIZES[part],
        "font_color": ink,
        "align": align or ALIGNS[kind],
        "valign": "vcenter",
        "text_wrap": kind == "text",
        "num_format": NUMBER_FORMATS[kind],
    }
    if ground:
        described |= {"bg_color": ground, "pattern": 1}
    described |= _PARTS[part](look)
    if part == "title":
        described["align"] = align or ("center" if look == "signed" else "left")
    if described["align"] != "center" and part in ("header", "body", "total"):
        if kind == "text":
            described["indent"] = 1  # text must not touch its neighbour's
        else:
            described["num_format"] += NUMBER_PAD
    return described


def _title(look: Look) -> dict[str, Any]:
    return {"bold": True, "text_wrap": look == "signed"}


def _aside(_look: Look) -> dict[str, Any]:
    return {"font_color": GREY, "text_wrap": False}


def _header(look: Look) -> dict[str, Any]:
    ruled = _grid(look) | ({} if look == "signed" else {"bottom": 1, "bottom_color": GREY})
    return {"bold": True, "bg_color": BAND, "pattern": 1, "text_wrap": True} | ruled


def _total(look: Look) -> dict[str, Any]:
    return {"bold": True, "bg_color": BAND, "pattern": 1} | _grid(look)


def _label(look: Look) -> dict[str, Any]:
    return {"bg_color": BAND, "pattern": 1, "align": "center", "text_wrap": True} | _grid(look)


def _grid(look: Look) -> dict[str, Any]:
    """Thin lines all round what is signed; only a rule under the rows of what is read."""
    return {"border": 1, "border_color": GREY} if look == "signed" else {"bottom": 1, "bottom_color": RULE}


_PARTS: Mapping[Part, Any] = {
    "title": _title,
    "subtitle": _aside,
    "measure": lambda look: _aside(look) | {"align": "right"},
    "note": lambda _look: {"text_wrap": True, "valign": "top"},
    "header": _header,
    "body": _grid,
    "total": _total,
    "label": _label,
    "closing": lambda _look: {"text_wrap": False},
}
