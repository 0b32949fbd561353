"""A cell or a text in, the single day that it names out: what names none, or a day that never was, is None."""

import re
from datetime import date, timedelta

from evalbatch.model import Cell
from evalbatch.reading.lexicon import INVISIBLE
from evalbatch.text.folding import one_width

FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050
"""Day numbers of 2000 and 2099: a number in a place for a date, whose cell shows it without a format of dates."""
TWO_DIGIT_YEARS = range(15, 50)
"""24.5.20 is 2024; an earlier number in front is no year."""
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
AROUND = re.compile(r"^(?:公元|西元|于)|(?:填报?|填表|报送|止|前后)$")
ASIDE = re.compile(r"\([^()]*\)$")
WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]$")
TIME = re.compile(
    r"(?:(?<=\d)T|(?<!\s)\s++|(?<=日)|(?<=号))(?:[上下]午)?\d{1,2}(?:[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[分秒]?|[时点])(?:Z|\+0?8:?00)?$"
)
GAP = r"[-./年月、,·‧•_~|]+"
YEAR_FIRST = re.compile(rf"(?P<y>(?:19|20)\d\d|\d\d){GAP}(?P<m>\d{{1,2}}){GAP}(?P<d>\d{{1,2}})[日号]?[.。]?")
YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}}){GAP}(?P<b>\d{{1,2}}){GAP}(?P<y>20\d\d)")
COMPACT = re.compile(r"(?P<y>(?:20)?\d\d)(?P<m>\d\d)(?P<d>\d\d)")
MONTHS = {
    name: at
    for at, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
MONTH_NAMED = re.compile(
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[-,./]*(?P<m>[a-z]{3})[a-z]*|(?P<n>[a-z]{3})[a-z]*[-,./]*(?P<e>\d{1,2})(?:st|nd|rd|th)?)"
    r"[-,./]*(?P<y>(?:20)?\d\d)"
)
LEFT_BLANK = re.compile(r"(?:(?:(?:19|20)\d\d|20|二[〇○零])?[_\-/.]*+年)?[_\-/.]*+月?[_\-/.]*+[日号]?|(?:19|20)\d\d")


def day_of(cell: Cell, text: str | None = None) -> date | None:
    """Return the day in a cell, or in `text` where the cell holds more than the date.

    A bare day number counts: it is what a date turns into when its cell has lost its format.
    """
    if cell.date is not None:
        return cell.date
    number = cell.number
    if number is not None and not cell.percent and FIRST_SERIAL <= number < LAST_SERIAL:
        return date(1899, 12, 30) + timedelta(days=int(number))
    return day_in(cell.text if text is None else text)


def day_in(text: str) -> date | None:
    """Read a day in any usual form; one without its year, or two of them, name no single day.

    >>> day_in("２０２４年5月30日（星期四）"), day_in("二〇二四年五月卅日"), day_in("24.5.30")
    (datetime.date(2024, 5, 30), datetime.date(2024, 5, 30), datetime.date(2024, 5, 30))
    >>> day_in("2024年5月32日") is day_in("5月30日") is None
    True
    """
    said = _bare(text)
    found = YEAR_FIRST.fullmatch(said) or COMPACT.fullmatch(said)
    if found:
        return _day(found["y"], int(found["m"]), int(found["d"]))
    if found := YEAR_LAST.fullmatch(said):
        first, second = int(found["a"]), int(found["b"])
        if first <= 12 < second or first == second:
            return _day(found["y"], first, second)
        return _day(found["y"], second, first) if second <= 12 < first else None
    if found := MONTH_NAMED.fullmatch(said.lower()):
        month = MONTHS.get(found["m"] or found["n"])
        return _day(found["y"], month, int(found["d"] or found["e"])) if month else None
    return None


def is_left_blank(text: str) -> bool:
    """Whether a place for a date holds only what the form prints there.

    >>> is_left_blank("　　年　　月　　日"), is_left_blank("2024年 月 日"), is_left_blank("5月30日")
    (True, True, False)
    """
    return LEFT_BLANK.fullmatch(INVISIBLE.sub("", one_width(text)).strip("()[]")) is not None


def _bare(text: str) -> str:
    """Return what is left of a date without its time, weekday, remark and the words around it, in half-width digits."""
    said = one_width(text).replace("。", ".").strip()
    said = re.sub(r"[—–−―]", "-", said)
    said = TIME.sub("", said)
    said = INVISIBLE.sub("", said)
    while len(said) > 2 and said[0] in "([【〔{" and said[-1] in ")]】〕}":
        said = said[1:-1]
    for extra in (ASIDE, WEEKDAY, AROUND, ASIDE):
        said = extra.sub("", said)
    return in_digits(said) if re.search(r"[年月]", said) else said


def in_digits(said: str) -> str:
    """Write a Chinese date in digits: 二O二四年元月廿五日."""
    said = re.sub(r"(?<=[二〇○零一三四五六七八九])[OoＯ〇○](?=[二〇○零一三四五六七八九OoＯ年])", "0", said)
    said = said.replace("元月", "1月").replace("廿", "二十").replace("卅", "三十")
    said = re.sub(r"(?<=[二三])十(?=[一二三四五六七八九])", "", said)
    said = re.sub(r"(?<=[二三])十", "0", said)
    said = re.sub(r"十(?=[一二三四五六七八九])", "1", said).replace("十", "10")
    return said.translate(DIGITS)


def _day(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if number < 100:
        if number not in TWO_DIGIT_YEARS:
            return None
        number += 2000
    try:
        return date(number, month, day)
    except ValueError:
        return None
