"""Which part of an actual answers which part of a target: by measure, then by common words, then by order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from evalbatch.expression.comparing import exact, factor
from evalbatch.expression.doubts import is_opposed, standing
from evalbatch.expression.writing import is_date
from evalbatch.model import Part

_NO_WORDS = re.compile(
    r"(?<![上下])[上下]+半年|[一二三四]季度|(?<=\d)[百千万亿]+元?"
)  # when a thing was done, and how many, name no thing
_ADDED, _NEW = re.compile(r"新增|净增"), re.compile(r"[新增]")


@dataclass(frozen=True, slots=True)
class Pair:
    """One part of a target and its answer, None where there is none; `rivals` answer it just as well."""

    part: Part
    answer: Part | None
    rivals: tuple[Part, ...] = ()


def pair(wanted: tuple[Part, ...], given: tuple[Part, ...], name: str = "") -> tuple[Pair, ...]:
    """Give each part of a target at most one part of the actual, no part twice.

    The measure decides, then words in common with the target, then with the indicator's `name`, then whether
    the answer speaks for the whole, then order.

    >>> from evalbatch.expression.understanding import parse_target, parse_actual
    >>> pairs = pair(parse_target("8场，6000人").parts, parse_actual("覆盖8000名，开展10场").parts)
    >>> [each.answer.measure for each in pairs]
    ['场', '名']
    """
    if len(wanted) == len(given) == 1:
        return (Pair(wanted[0], given[0]),)
    ours, theirs = _turns(wanted), _turns(given)
    summed = any(standing(answer) == 0 for answer in given)
    ranked = sorted(
        (_fit(part, answer, name, summed=summed), abs(ours[here] - theirs[there]), here, there)
        for here, part in enumerate(wanted)
        for there, answer in enumerate(given)
        if closeness(part, answer)
    )
    chosen: dict[int, int] = {}
    for *_, here, there in ranked:
        if here not in chosen and there not in chosen.values():
            chosen[here] = there
    left = [answer for there, answer in enumerate(given) if there not in chosen.values()]
    return tuple(
        _with_rivals(part, given[chosen[here]], left, name, summed=summed) if here in chosen else Pair(part, None)
        for here, part in enumerate(wanted)
    )


def _turns(parts: tuple[Part, ...]) -> list[int]:
    """For each part, how many dates or, if it is none, how many counts go before it."""
    dates = [is_date(part) for part in parts]
    return [dates[:at].count(date) for at, date in enumerate(dates)]


def _fit(part: Part, answer: Part, name: str, *, summed: bool) -> tuple[int, bool, int, int, int]:
    """How well an answer fits a part, the least first.

    A rate of the reverse fits ill, and so does what was added where the sum is told too and was asked (`summed`).
    """
    words, named = common_words(part.text, answer.text), common_words(name, answer.text)
    added = summed and _ADDED.search(answer.text) is not None and not _NEW.search(part.text + name)
    return -closeness(part, answer), added or is_opposed(part, answer, name), -words, -named, standing(answer)


def _with_rivals(part: Part, answer: Part, left: list[Part], name: str, *, summed: bool) -> Pair:
    fit = _fit(part, answer, name, summed=summed)
    alike = (each for each in left if closeness(part, each) and _fit(part, each, name, summed=summed) <= fit)
    return Pair(part, answer, tuple(alike))


def closeness(part: Part, answer: Part) -> int:
    """2 for measures that are the same thing, 1 where the actual has none, 0 for different ones."""
    if is_date(part) or is_date(answer):
        return 2 * (is_date(part) and is_date(answer))
    if factor(part.measure, answer.measure) is not None:
        return 2
    mean = "均" in answer.text and part.measure.startswith(f"{answer.measure}/")  # 1500元/亩 and 亩均1500元
    return int(mean or not answer.measure or not part.measure or is_guessed_money(answer))


def is_guessed_money(part: Part) -> bool:
    """Whether 元 was read into a number with 万 or 亿 alone: 1.4万."""
    return part.measure[:1] == "元" and not any(sign in part.text for sign in "元块币¥￥")


def common_words(one: str, other: str) -> int:
    """How many pairs of neighbouring Chinese signs two texts have in common."""
    return len(_neighbours(one) & _neighbours(other))


@lru_cache(maxsize=4096)
def _neighbours(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese signs, or of a letter and one (A类)."""
    return frozenset(
        one + other
        for one, other in pairwise(_NO_WORDS.sub(" ", text))
        if "\u4e00" <= other <= "\u9fff" and ("\u4e00" <= one <= "\u9fff" or "A" <= one <= "Z")
    )


def turned(answer: Part, turn: Callable[[Decimal], Decimal]) -> Part:
    """The same answer with each of its numbers turned into another scale or measure."""
    value, low, high = (
        turn(side) if isinstance(side, Decimal) else side for side in (answer.value, answer.low, answer.high)
    )
    return replace(answer, value=value, low=low, high=high)


def in_measure_of(part: Part, answer: Part) -> Part | None:
    """The answer in the target's measure; None where the two can't be compared."""
    by = factor(part.measure, answer.measure)
    if by is None and (is_guessed_money(answer) or is_guessed_money(part)):
        by = Fraction(1)
    if by is None:
        return answer if not answer.measure or not part.measure else None
    alike = answer if answer.measure == part.measure else replace(answer, measure=part.measure)
    return alike if by == 1 else turned(alike, lambda side: exact(side, by))
