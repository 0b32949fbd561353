"""Parts as intervals of a number line, and how one interval lies to another: inside, apart, or across."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from evalbatch.model import Part

_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; an open end does not include its number."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def inside(self, other: "Interval") -> bool:
        """Whether every number of this one is in the other.

        >>> Interval(Decimal(3), Decimal(4)).inside(Interval(Decimal(3), Decimal(9)))
        True
        """
        low = self.low > other.low or (self.low == other.low and (self.low_open or not other.low_open))
        high = self.high < other.high or (self.high == other.high and (self.high_open or not other.high_open))
        return low and high

    def apart(self, other: "Interval") -> bool:
        """Whether no number is in both."""
        return _before(self, other) or _before(other, self)

    def where(self, other: "Interval") -> Literal["inside", "apart", "across"]:
        """How this one lies to the other."""
        if self.inside(other):
            return "inside"
        return "apart" if self.apart(other) else "across"


def _before(one: Interval, other: Interval) -> bool:
    return one.high < other.low or (one.high == other.low and (one.high_open or other.low_open))


def interval_of(part: Part) -> Interval:
    """What a part says of its number: 10多 is over 10 and under 20, 约100 is 90 to 110.

    >>> interval_of(Part(">", Decimal(10), vague=True))
    Interval(low=Decimal('10'), high=Decimal('20'), low_open=True, high_open=True)
    """
    if part.op == "between":
        return Interval(ordinal(part.low), ordinal(part.high))
    value = ordinal(part.value)
    if part.op == ">" and part.vague:
        return Interval(value, value + _last_place(value), low_open=True, high_open=True)
    if part.op == "<" and part.vague:
        return Interval(value * Decimal("0.9"), value, high_open=True)
    if part.op == "about":
        spread = abs(value) / 10
        return Interval(value - spread, value + spread)
    if part.op in (">", ">="):
        return Interval(value, _INFINITE, low_open=part.op == ">")
    if part.op in ("<", "<="):
        return Interval(-_INFINITE, value, high_open=part.op == "<")
    return Interval(value, value)


def alike(wanted: Interval, given: Interval) -> bool:
    """Whether two numbers are of one size: neither is twice the other."""
    bound = wanted.high if wanted.high.is_finite() else wanted.low
    return 0 < bound < 2 * given.low and given.high < 2 * bound


def _last_place(value: Decimal) -> Decimal:
    """The worth of the last digit that is no zero: 10 of 10, 1000 of 8000."""
    if not value or value != value.to_integral_value():
        return Decimal(1)
    digits = f"{abs(value):f}".split(".")[0]
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))


def ordinal(value: Decimal | date | str | None) -> Decimal:
    """A number, or a date as the number of its day; a date without a year counts within year 0."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, date):
        return Decimal(value.toordinal())
    month, day = str(value).split("-")
    return Decimal(int(month) * 31 + int(day))
