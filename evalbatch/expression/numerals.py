"""Digits and Chinese numerals in, Decimal out; what can't be read for certain is None, never a guess."""

import re
from decimal import Decimal
from functools import lru_cache

from evalbatch.model import LONGEST_WRITTEN, bounded

DIGITS = r"\d(?:[\d,. ]*\d)?"
HAN_SIGN = "[零〇一二两三四五六七八九十百千万亿]"
HAN = f"{HAN_SIGN}+"
SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}

_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?")
_LOOSE_POINT = re.compile(r"\d+ \. ?\d+|(?:0|\d{2,})\. \d+")  # "5. 95%" may be the fifth item's 95%
_TWO_DIGITS = re.compile(r"[一二两三四五六七八九]{2}")  # 两三次: two or three
_HAN_DECIMAL = re.compile(rf"({HAN})点([零〇一二三四五六七八九]+)")


def read_digits(run: str) -> Decimal | None:
    """The number of a run of digits, commas, points and blanks.

    >>> read_digits("1,234.5"), read_digits("1 234"), read_digits("3577. 95")
    (Decimal('1234.5'), Decimal('1234'), Decimal('3577.95'))
    >>> read_digits("7,00.0,77") is None
    True
    """
    if len(run) <= LONGEST_WRITTEN and (
        _PLAIN.fullmatch(run) or _GROUPED.fullmatch(run) or _LOOSE_POINT.fullmatch(run)
    ):
        return bounded(Decimal(run.replace(",", "").replace(" ", "")))
    return None


@lru_cache(maxsize=1024)
def read_han(run: str) -> Decimal | None:
    """The number of a run of Chinese numerals, 百 or 千 alone included.

    >>> read_han("一百零五"), read_han("两千"), read_han("百")
    (Decimal('105'), Decimal('2000'), Decimal('100'))
    """
    if len(run) > LONGEST_WRITTEN or _TWO_DIGITS.search(run):
        return None
    import cn2an  # reads Chinese numerals; as slow to import as this whole package, and few workbooks need it

    whole = "一" + run if run[0] in "百千万亿" else run
    try:
        return bounded(Decimal(cn2an.cn2an(whole, "normal")))
    except (ValueError, KeyError):  # it knows some runs neither way
        return None


def read_han_decimal(run: str) -> Decimal | None:
    """Chinese numerals with 点, as in 九十五点六."""
    parted = _HAN_DECIMAL.fullmatch(run)
    if not parted:
        return read_han(run)
    whole = read_han(parted[1])
    digits = "".join(str("零一二三四五六七八九".index(sign)) for sign in parted[2].replace("〇", "零"))
    return None if whole is None else whole + Decimal(f"0.{digits}")


def scale(signs: str) -> int:
    """What 万, 亿, 千, 百 after a number multiply it by.

    >>> scale("百万")
    1000000
    """
    product = 1
    for sign in signs[:LONGEST_WRITTEN]:
        product *= SCALES[sign]
    return product
