"""A stored day number and its format in, the date and the text a person sees out."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from evalbatch.reading.formats import Section, choose, sections_of

WEEKDAYS = "一二三四五六日"
CHINESE_SIGNS = frozenset("年月日号时点分秒")
MOMENT = frozenset({"year", "month", "day", "hour", "minute", "second"})
LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""


def moment_of(serial: Decimal, from_1904: bool) -> datetime | None:
    """The moment of a day number, to the second; None where no calendar has it.

    >>> moment_of(Decimal("45260.5"), False)
    datetime.datetime(2023, 11, 30, 12, 0)
    """
    if not 0 <= serial < LAST_SERIAL:
        return None
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    if not from_1904 and serial < 60:
        start += timedelta(days=1)  # day 60 is 29 February 1900, which never was
    moment = start + timedelta(seconds=round(serial * 86400))
    return moment if moment.year < 10000 else None


def shown_date(serial: Decimal, code: str, from_1904: bool) -> tuple[str, date | None] | None:
    """The text and the date of a day number; the date is None for a mere time. None: it is no date at all.

    A format with Chinese signs is shown as it is written, any other as ISO 8601.

    >>> shown_date(Decimal(45260), 'yyyy"年"m"月"d"日"', False)
    ('2023年11月30日', datetime.date(2023, 11, 30))
    """
    section, _ = choose(sections_of(code), serial)
    moment = moment_of(serial, from_1904)
    if section.kind != "date" or moment is None:
        return None
    if any(what == "elapsed" for what, _ in section.tokens):
        return _elapsed(serial, section), None
    parts = _parts(section)
    written = _is_chinese(section) or parts.isdisjoint(MOMENT)
    text = _as_written(section, moment) if written else iso(moment, parts)
    return text.strip(), moment.date() if parts & {"year", "month", "day"} else None


def iso(moment: datetime, parts: frozenset[str]) -> str:
    """A moment in ISO 8601, as precisely as the format shows it; a month and a day bring their year along."""
    day = ""
    if "day" in parts:
        day = f"{moment:%Y-%m-%d}" if moment.year > 999 else moment.date().isoformat()
    elif parts & {"year", "month"}:
        day = moment.date().isoformat()[: 7 if "month" in parts else 4]
    time = f"{moment:%H:%M:%S}" if "second" in parts else f"{moment:%H:%M}"
    return f"{day} {time}".strip() if parts & {"hour", "minute", "second"} else day


def _is_chinese(section: Section) -> bool:
    return any(
        (what == "text" and not CHINESE_SIGNS.isdisjoint(text)) or text == "上午/下午" for what, text in section.tokens
    )


def _parts(section: Section) -> frozenset[str]:
    return frozenset(name for name, _ in _named(section))


def _named(section: Section) -> list[tuple[str, str]]:
    """The tokens by what they show; m is a minute behind an hour or before a second, else a month."""
    tokens = [(what, text) for what, text in section.tokens if what != "half"]
    letters = [(i, text[0]) for i, (what, text) in enumerate(tokens) if what == "date"]
    minutes = {
        i
        for at, (i, letter) in enumerate(letters)
        if letter == "m"
        and ((at and letters[at - 1][1] == "h") or (at + 1 < len(letters) and letters[at + 1][1] == "s"))
    }
    names = {"y": "year", "e": "year", "m": "month", "d": "day", "h": "hour", "s": "second", "a": "weekday"}
    found = []
    for i, (what, text) in enumerate(tokens):
        if what != "date":
            found.append((what, text))
        elif i in minutes:
            found.append(("minute", text))
        else:
            name = "weekday" if text in ("ddd", "dddd") else names[text[0]]
            found.append((name, text))
    return found


def _as_written(section: Section, moment: datetime) -> str:
    half = any(what == "half" for what, _ in section.tokens)
    hour = (moment.hour % 12 or 12) if half else moment.hour
    values = {"month": moment.month, "day": moment.day, "hour": hour, "minute": moment.minute, "second": moment.second}
    text = ("下午" if moment.hour >= 12 else "上午") if half else ""
    for what, sign in _named(section):
        if what == "year":
            text += f"{moment.year % 100:02d}" if sign == "yy" else str(moment.year)
        elif what == "weekday":
            text += ("" if sign == "aaa" else "星期") + WEEKDAYS[moment.weekday()]
        elif what in values:
            text += f"{values[what]:02d}" if len(sign) == 2 else str(values[what])
        elif what == "text" or sign in "./,":
            text += sign
    return text


def _elapsed(serial: Decimal, section: Section) -> str:
    """A duration in hours, minutes and, where the format has them, seconds."""
    seconds = round(serial * 86400)
    letters = {text[0] for what, text in section.tokens if what in ("date", "elapsed")}
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    if "h" not in letters:
        return f"{hours * 60 + minutes}:{second:02d}" if "m" in letters else str(seconds)
    return f"{hours}:{minutes:02d}:{second:02d}" if "s" in letters else f"{hours}:{minutes:02d}"
