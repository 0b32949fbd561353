"""Dates and periods in a painted text: first and last day of each, and whether a deadline word stands by."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from evalbatch.expression.names import PAINT

Bound = Literal[">=", "<=", "<", ">", "="]

_Y = r"(?:19|20)\d{2}"
_BARE = "(?<![\\d一二两三四五六七八九十百半几数多每近去来往前后学])"
_THIS = "本年度?|当年度?|今年"
_FIGURE = r"[~-]\d+\.\d+[万亿元个人名次场项件家户处台亩米吨公里平立微%‰]"  # 1955.01~1956.01个 counts
_POINT = re.compile(
    rf"(?<![\d.])(?P<y1>{_Y})(?P<sep> ?[-./] ?)(?P<m1>0?[1-9]|1[0-2])(?P=sep)"
    r"(?P<d1>3[01]|[12]\d|0?[1-9])(?![\d.]\d|\d)日?"
    rf"|(?<!\d)(?P<y2>{_Y})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?!\d|\.\d|[\u4e00-\u9fff%])"
    rf"|(?:(?<![\d.])(?P<y3>{_Y}|\d{{2}}(?=年\d{{1,2}}月))[年./-]|(?P<next>次年|翌年)|(?:本|当|今|每|同)年)?"
    r"(?<![\d.])(?P<m3>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月(?!龄)份?"
    r"(?:(?P<d3>3[01]|[12]\d|0?[1-9])(?:[日号](?:(?:[01]?\d|2[0-4])[时点](?:[0-5]?\d分)?)?|(?=$|前|[,;。)~-]))|(?P<tail>底|末|初|上旬|中旬|下旬))?"
    rf"|(?<![\d.])(?P<y4>{_Y})[./-](?P<m4>0?[1-9]|1[0-2])(?!{_FIGURE})(?=$|[底末前至到完之以竣建后起止,;。)~-])(?P<tail4>底|末)?"
    rf"|(?:(?P<y5>{_Y})年?度?|{_THIS}|每年)?(?:第?(?P<q>[一二三四1-4])季度|Q(?P<qq>[1-4])|(?P<half>[上下])半年)(?P<tail5>末|底)?"
    rf"|(?:(?:(?P<y6>{_Y})(?:年度?)?|{_THIS}|每年)年?(?:底|末|终)|{_BARE}年度?(?:底|末|终))(?P<end>)"
    rf"|(?:(?:(?P<y7>{_Y})年度?|{_THIS})|{_BARE}年度?)(?P<within>内)(?![容部外设涵审])"
    rf"|(?<![\d.])(?P<y8>{_Y})年度?"
)
_SPAN = re.compile(r"年?(?:-+|~|至|到)")
_DAYS = re.compile(r"(?:-+|~|至|到)(3[01]|[12]\d|[1-9])[日号]")
_MONTHS = re.compile(
    rf"(?:(?<![\d.])(?P<y>{_Y})[年./-])?(?<![\d.第])(?P<a>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月?(?:-+|~|至|到)"
    r"(?P<b>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月(?!龄)份?(?P<tail>底|末)?(?!\d)"
)
_QUARTERS = re.compile(
    rf"(?:(?P<y>{_Y})年)?第?(?P<a>[一二三四1-4])(?:季度)?[-~至到]第?(?P<b>[一二三四1-4])季度(?:末|底)?"
)
_YEARS = re.compile(rf"(?<!\d)(?P<a>{_Y})年?(?:-+|~|至|到)(?P<b>{_Y})学?年度?")
_PERHAPS, _YEAR = re.compile(rf"[年月季旬/-]|{_Y}\d{{4}}|Q[1-4]"), re.compile(_Y)
"""What a text with a date has, or else a point and a year; most texts have none of it."""
_SPELLINGS = (_YEARS, _QUARTERS, _MONTHS, _POINT)  # the first wins where two begin at one place
_BEFORE = re.compile(
    r"(?:之|以)?前(?![期往端列沿景后三十]|提(?![交供出前请升高报醒取]))|为?止|(?:之|以)?内(?![容部外设涵审])"
)
_AFTER = re.compile(r"(?:之|以)?后|起(?!止)|开始")
_LEAD = re.compile(r"(不迟于|不晚于|不得晚于|不得迟于|早于|截[止至]到?|≤|<=|<|≥|>=|>|=)$")
_LEADS: dict[str, Bound] = {"<": "<", "早于": "<", "≥": ">=", ">=": ">=", ">": ">", "=": "="}
_DONE = re.compile(
    r"[,;]?(?:前|以前|之前|底)?(?:全部|全面|按时|按期|均)?(?:完成|完工|竣工|建成|交付|验收|投入使用|投产|通车)$"
)
_COUNTED = re.compile(r"[≥≤<>=]=?\d{1,2}月")  # "≤12月" counts months, it names none
_EVERY = re.compile(r"每(?:个)?(?:月|季度?|周|半年)(?:底|末|初)?(?:前)?$")


@dataclass(frozen=True, slots=True)
class Period:
    """An interval of days in a text. Years may be unknown (0). `op` is set by a word: 前 is <=, 后 is >=.

    `loose` marks a year alone, which is a date only when nothing else is said; `cutoff` 截止….
    """

    start: int
    end: int
    first: tuple[int, int, int]
    last: tuple[int, int, int]
    op: Bound | None = None
    ranged: bool = False
    loose: bool = False
    cutoff: bool = False
    doubtful: bool = False


def find_periods(text: str, year: int | None) -> tuple[list[Period], str]:
    """All dates of a text in order, and the text with them painted over.

    >>> found, rest = find_periods("2023年12月底前完成", None)
    >>> found[0].last, found[0].op, rest.replace(PAINT, "")
    ((2023, 12, 31), '<=', '完成')
    """
    if not _PERHAPS.search(text) and not ("." in text and _YEAR.search(text)):
        return [], text
    periods: list[Period] = []
    place = 0
    founds: list[re.Match[str] | None] = [pattern.search(text) for pattern in _SPELLINGS]
    while any(founds):
        found = min((each for each in founds if each), key=lambda each: each.start())
        period = _with_words(text, _read(text, found, year))
        place = max(period.end, place + 1)
        if not _COUNTED.fullmatch(text, period.start, period.end):
            periods.append(period)
            text = text[: period.start] + PAINT * (period.end - period.start) + text[period.end :]
        for order, each in enumerate(founds):
            if each and each.start() < place:
                founds[order] = _SPELLINGS[order].search(text, place)
    return periods, text


def _read(text: str, found: re.Match[str], year: int | None) -> Period:
    """The period that was found, in whatever spelling."""
    if found.re is _YEARS:
        return _years(found)
    if found.re is _QUARTERS:
        return _months(found, _ORDER[found["a"]] * 3 - 2, _ORDER[found["b"]] * 3, int(found["y"] or year or 0))
    if found.re is _MONTHS:
        return _months(found, _month(found["a"]), _month(found["b"]), int(found["y"] or year or 0))
    return _ranged(text, _point(found, year), year)


def _ranged(text: str, period: Period, year: int | None) -> Period:
    """The point with the one it runs to, where 至, ~ or a dash and another date follow."""
    if (days := _DAYS.match(text, period.end)) and period.first == period.last:
        last = (*period.first[:2], int(days[1]))
        return replace(period, end=days.end(), last=last, ranged=True, doubtful=period.first > last)
    join = _SPAN.match(text, period.end)
    other = _POINT.match(text, join.end()) if join else None
    if other is None or other["y8"]:
        return period
    until = _point(other, period.first[0] or year)
    first, last = period.first, until.last
    if not first[0]:
        first = (until.first[0], *first[1:])
    doubtful = first > last or until.doubtful
    return replace(period, end=until.end, first=first, last=last, ranged=True, doubtful=doubtful)


_ORDER = {sign: number for number, sign in enumerate("一二三四", 1)} | {str(number): number for number in range(1, 5)}


def _month(sign: str) -> int:
    if sign.isdigit():
        return int(sign)
    return 10 + "一二".find(sign[1:]) + 1 if sign[0] == "十" and sign[1:] else "一二三四五六七八九十".index(sign) + 1


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year or 2023, month)[1]


def _months(found: re.Match[str], start: int, end: int, year: int) -> Period:
    last = (year, end, _last_day(year, end))
    return Period(found.start(), found.end(), (year, start, 1), last, ranged=True, doubtful=start > end)


def _years(found: re.Match[str]) -> Period:
    first, last = int(found["a"]), int(found["b"])
    return Period(
        found.start(), found.end(), (first, 1, 1), (last, 12, 31), ranged=True, loose=True, doubtful=first > last
    )


def _point(found: re.Match[str], default: int | None) -> Period:
    """One date of any spelling as a period."""
    part = found.groupdict()
    year = int(next((part[key] for key in ("y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8") if part[key]), default or 0))
    year += 2000 if 0 < year < 100 else 0  # 23年12月
    start, end = found.span()
    if part["next"]:
        year += bool(year)
    day = part["d1"] or part["d2"] or part["d3"]
    month = part["m1"] or part["m2"] or part["m3"] or part["m4"]
    if day:
        exact = (year, _month(month), int(day))
        doubtful = exact[2] > _last_day(*exact[:2]) or (bool(part["next"]) and not year)
        return Period(start, end, exact, exact, doubtful=doubtful)
    if month:
        first, last, doubtful = _part_of_month(year, _month(month), part["tail"] or part["tail4"] or "")
        return Period(start, end, first, last, doubtful=doubtful or (bool(part["next"]) and not year))
    if part["q"] or part["qq"] or part["half"]:
        size = 6 if part["half"] else 3
        order = {"上": 1, "下": 2}[part["half"]] if part["half"] else _ORDER[part["q"] or part["qq"]]
        last = (year, order * size, _last_day(year, order * size))
        return Period(start, end, last if part["tail5"] else (year, order * size - size + 1, 1), last)
    last = (year, 12, 31)
    if part["end"] is not None:
        return Period(start, end, last, last)
    return Period(start, end, (year, 1, 1), last, op="<=" if part["within"] else None, loose=bool(part["y8"]))


def _part_of_month(year: int, month: int, tail: str) -> tuple[tuple[int, int, int], tuple[int, int, int], bool]:
    end = _last_day(year, month)
    if tail in ("底", "末"):
        return (year, month, end), (year, month, end), False
    days = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, end), "初": (1, 10)}.get(tail, (1, end))
    return (year, month, days[0]), (year, month, days[1]), tail == "初"


def _with_words(text: str, period: Period) -> Period:
    """Take in the words round a date: 前, 后, 截止, ≤."""
    start, end = period.start, period.end
    lead = _LEAD.search(text[max(0, start - 5) : start])
    if text[start - 1 : start] == "前" and "季度" in text[start:end]:
        period = replace(period, first=(period.first[0], 1, 1))
    if _EVERY.search(text[max(0, start - 5) : start]):
        period = replace(period, doubtful=True)
    if lead:
        op = _LEADS.get(lead[1], "<=")
        doubtful = period.doubtful or (period.loose and lead[1] in _LEADS)  # ≥2022年: as much as in 2022?
        cutoff = lead[1].startswith("截")
        period = replace(period, start=start - len(lead[1]), op=op, cutoff=cutoff, doubtful=doubtful)
    if found := _BEFORE.match(text, end):
        doubtful = period.doubtful or (period.loose and not period.ranged)  # 2025年前: is 2025 in it?
        return replace(period, end=found.end(), op="<" if period.op == "<" else "<=", loose=False, doubtful=doubtful)
    if found := _AFTER.match(text, end):
        return replace(period, end=found.end(), op=">=", loose=False)
    if period.loose and not period.doubtful and not _DONE.match(text, end) and (period.start > 0 or end < len(text)):
        return period
    return replace(period, loose=False)


def as_day(day: tuple[int, int, int]) -> date | str:
    """A day as a date, or as "12-31" where its year is unknown."""
    return date(*day) if day[0] else f"{day[1]:02d}-{day[2]:02d}"
