"""Names and numbers as people write them in, one form of them for comparing and for showing out."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from evalbatch.model import LONGEST_WRITTEN, bounded
from evalbatch.text.folding import one_width

_NUMBERING = re.compile(r"(?:指标\d+[:.、]|[(（]?[一二三四五六七八九十]+[)）、]|[(（]\d+[)）]|\d+[、:]|\d+\.(?!\d))+")
_POINTS = re.compile(r"[(（]?(?<!\d)\d++(?:\.\d++)?分[)）]?$")
_DECORATION = str.maketrans("", "", "“”\"'‘’「」『』《》★☆*")
_WIDE = Context(prec=400)
"""Room for any number that a cell can hold: an absurd weight is a finding, not a crash."""
_AMOUNT = re.compile(r"[-+]?\d+(?:\.\d+)?")
_PERCENT_ENDINGS = ("%", "个百分点", "百分点")


@lru_cache(maxsize=8192)
def plain(name: str | None) -> str:
    """Return a name as it is compared: no blanks, quotes, stars, numbering, or points written behind it.

    >>> plain("★ 产出指标（50 分）"), plain("“三公”经费控制率"), plain("3、活动场次")
    ('产出指标', '三公经费控制率', '活动场次')
    """
    text = "".join(one_width(name or "").split()).translate(_DECORATION)
    numbering = _NUMBERING.match(text)
    bare = _POINTS.sub("", text[numbering.end() :] if numbering else text)
    return (bare or text).casefold()


@lru_cache(maxsize=8192)
def plain_group(name: str | None) -> str:
    """Return a first-level name as it is compared: 产出 and 产出指标 are one.

    >>> plain_group("产出指标(50分)") == plain_group("产出"), plain_group("效果指标")
    (True, '效益')
    """
    group = plain(name).removesuffix("指标") or plain(name)
    return "效益" if group == "效果" else group  # 效果指标 until 2019


def amount(text: str) -> Decimal | None:
    """Read a plain number; a percentage is a share, 1 个百分点 is 0.01; None for anything else.

    >>> amount("95%"), amount("1个百分点"), amount("0.5分"), amount("很多")
    (Decimal('0.95'), Decimal('0.01'), Decimal('0.5'), None)
    """
    bare = "".join(one_width(text[:LONGEST_WRITTEN]).split()).replace(",", "")
    for ending in _PERCENT_ENDINGS:
        if bare.endswith(ending):
            share = amount(bare.removesuffix(ending))
            return None if share is None else share / 100
    bare = bare.removesuffix("分")
    written = len(text) <= LONGEST_WRITTEN and _AMOUNT.fullmatch(bare)
    return bounded(Decimal(bare)) if written else None


def show(number: Decimal, digits: int | None = None) -> str:
    """Write a number without needless zeros, rounded to `digits` where given.

    >>> show(Decimal("10.00")), show(Decimal("0.97212"), 2), show(Decimal("1E+2"))
    ('10', '0.97', '100')
    """
    text = f"{number if digits is None else rounded(number, digits):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def percent(share: Decimal) -> str:
    """Write a share as a percentage with two decimals at most.

    >>> percent(Decimal("134.92") / Decimal("138.79"))
    '97.21%'
    """
    return f"{show(share * 100, 2)}%"


def makes(share: Decimal) -> str:
    """Write what a division comes to: = or, where that is rounded, ≈, and the percentage.

    >>> makes(Decimal("0.95")), makes(Decimal("134.92") / Decimal("138.79"))
    ('=95%', '≈97.21%')
    """
    return f"{'=' if rounded(share * 100, 2) == share * 100 else '≈'}{percent(share)}"


def product(weight: Decimal, share: Decimal) -> str:
    """Write weight × share with its result, so that what is written gives what is written; ≈ says it is rounded.

    >>> product(Decimal(10), Decimal("0.85")), product(Decimal(8), Decimal("134.92") / Decimal("138.79"))
    ('10×85%=8.5', '8×97.21%≈7.78')
    >>> product(Decimal(10), Decimal("0.966149"))  # 96.61% would give 9.66, as it should
    '10×96.61%≈9.66'
    """
    got, base = rounded(weight * share, 2), rounded(weight, 4)
    for digits in range(2, 9):
        factor = rounded(share * 100, digits)
        if rounded(base * factor / 100, 2) == got:
            break
    sign = "=" if base * factor / 100 == got else "≈"
    return f"{show(base)}×{show(factor)}%{sign}{show(got)}"


def rounded(number: Decimal, digits: int) -> Decimal:
    """Round half-up to a number of decimals.

    >>> rounded(Decimal("8.125"), 2), rounded(Decimal("2.5"), 0)
    (Decimal('8.13'), Decimal('3'))
    """
    return number.quantize(_step(digits), rounding=ROUND_HALF_UP, context=_WIDE)


@lru_cache(maxsize=64)
def _step(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)
