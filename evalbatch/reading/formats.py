"""A number format's code in, what a person sees of a stored number out.

The code is cut into sections and tokens once and remembered; a sheet has a handful of formats and hundreds of cells.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["general", "number", "date", "words"]

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"¥-"',
    43: '#,##0.00;-#,##0.00;"-"', 44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 30: "m/d/yy", 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"',
}  # fmt: skip
"""Formats that files name by number only (ECMA-376 part 1, 18.8.30, with the meanings for zh-CN)."""

SECTIONS = re.compile(r'((?:"[^"]*"?|\[[^\]]*\]?|[\\!_*].|[^;])*);?', re.S)
TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | [_*](?P<space>.) | \[(?P<bracket>[^\]]{0,255})\]
    | (?P<general>General|G/通用格式) | (?P<half>AM/PM|A/P|上午/下午) | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|aaaa?|e+) | (?P<digit>[0\#?]) | (?P<mark>[.,%/@]) | (?P<other>.)
    """,
    re.X | re.I | re.S,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)").fullmatch
ELAPSED = re.compile(r"h+|m+|s+", re.I).fullmatch
LONG_DATE = [("date", "yyyy"), ("text", "年"), ("date", "m"), ("text", "月"), ("date", "d"), ("text", "日")]

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format: its tokens as (what, text), and the condition under which it applies."""

    kind: Kind
    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How a number shows itself: text, the number in that text, and whether it is a percentage."""

    text: str
    number: Decimal | None = None
    percent: bool = False


@lru_cache(maxsize=1024)
def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format code, at most four.

    >>> [section.kind for section in sections_of('0.00%;-0.00%;"-"')]
    ['number', 'number', 'words']
    """
    texts = [match[1] for match in SECTIONS.finditer(code[:1024])][:-1] or [code]
    return tuple(_section(text) for text in texts[:4])


def _section(text: str) -> Section:
    tokens: list[Token] = []
    condition = None
    for match in TOKEN.finditer(text):
        what, value = match.lastgroup or "other", match[match.lastgroup or 0]
        if what == "bracket":
            found = CONDITION(value)
            if found:
                condition = found[1], Decimal(found[2])
            elif value.upper() in ("$-F800", "$-F400"):
                tokens = (
                    list(LONG_DATE) if value.upper() == "$-F800" else [("date", "h"), ("date", "mm"), ("date", "ss")]
                )
                return Section("date", tuple(tokens), condition)
            elif value.startswith("$"):
                tokens.append(("text", value[1:].partition("-")[0]))
            elif ELAPSED(value):
                tokens.append(("elapsed", value.lower()[0]))
        elif what == "space":
            continue
        elif what in ("quoted", "escaped", "other"):
            tokens.append(("text", value))
        else:
            tokens.append((what, value.lower() if what in ("date", "half") else value))
    return Section(_kind({what for what, _ in tokens}), tuple(tokens), condition)


def _kind(whats: set[str]) -> Kind:
    if "general" in whats:
        return "general"
    if whats & {"date", "elapsed", "half"}:
        return "date"
    return "number" if "digit" in whats else "words"


def choose(sections: tuple[Section, ...], number: Decimal) -> tuple[Section, bool]:
    """The section that shows a number, and whether it shows the sign itself.

    >>> choose(sections_of("0;(0)"), Decimal(-3))[1]
    True
    """
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _holds(section.condition, number):
                return section, False
        return sections[-1], False
    count = len(sections)
    if number < 0 and count > 1:
        return sections[1], True
    if number == 0 and count > 2:
        return sections[2], False
    return sections[0], False


def _holds(condition: tuple[str, Decimal], number: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def is_date(code: str) -> bool:
    """Whether a format shows dates or times."""
    return sections_of(code)[0].kind == "date"
