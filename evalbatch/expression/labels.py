"""What an indicator's own name says its numbers are counted in: 总成本（万元）, 满意度（%）."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from evalbatch.expression.measures import read_measure, tidy
from evalbatch.expression.numerals import scale
from evalbatch.expression.pairing import turned
from evalbatch.expression.writing import is_date
from evalbatch.model import Part

_LABEL = re.compile(r"[（(](?:单位[:：])?([百千万亿]*)([^（）()\d]{1,8})[)）]$")


@lru_cache(maxsize=4096)
def named_measure(name: str) -> tuple[int, str]:
    """The scale and the measure that stand in brackets at the end of a name; "" where none does.

    >>> named_measure("总成本（万元）"), named_measure("满意度（％）"), named_measure("补助（每月）")
    ((10000, '元'), (1, '%'), (1, ''))
    """
    found = _LABEL.search(name)
    if not found:
        return 1, ""
    measure = found[2].replace("％", "%")
    if read_measure(measure, 0) != len(measure):
        return 1, ""
    return scale(found[1]), tidy(measure)


def in_named_measure(
    wanted: tuple[Part, ...], given: tuple[Part, ...], name: str
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both sides, where one has a measure and the other none: that one then has the one in the name.

    Two bare numbers stay as they are, but for a percentage: the one that was asked must know what it is.
    """
    by, measure = named_measure(name)
    if not measure:
        return wanted, given
    bare, other = (any(not each.measure and not is_date(each) for each in side) for side in (wanted, given))
    if bare and measure == "%":
        return tuple(_lifted(each, by, measure) for each in wanted), given
    if bare and not other:
        return tuple(_lifted(each, by, measure) for each in wanted), given
    if other and not bare and measure != "%":
        return wanted, tuple(_lifted(each, by, measure) for each in given)
    return wanted, given


def _lifted(part: Part, by: int, measure: str) -> Part:
    if part.measure or is_date(part):
        return part
    return replace(turned(part, lambda side: side * Decimal(by)), measure=measure)
