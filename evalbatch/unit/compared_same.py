"""Two values in, whether they say the same out: blanks, width, spread letters, bounds and measures are dress."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from evalbatch.expression.understanding import parse_target
from evalbatch.model import Expression
from evalbatch.text.folding import one_width

CENT = Decimal("0.01")
_LIKE = str.maketrans({"≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "“": '"', "”": '"', "‘": "'", "’": "'", "、": ","})
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_BOUNDS = re.compile(
    r"大于等于|小于等于|大于或等于|小于或等于|不少于|不低于|不小于|不多于|不高于|不超过|不大于|大于|小于|等于|至少|至多|及?以上|及?以下|以内"
    r"|[≥≤><=\d.,%‰万亿]"
)
"""What a pure quantity is written with, beside the word for what is counted."""


@lru_cache(maxsize=16384)
def flat(text: str | None) -> str:
    """A text as it is compared: no blanks, one width, one way to write a number, no full stop at its end.

    >>> flat(" ９５．80 ％。"), flat("1,200人") == flat("1200 人"), flat("优  良")
    ('95.8%', True, '优良')
    """
    kept = (ch for ch in one_width(text or "") if unicodedata.category(ch) not in ("Cf", "Cc"))
    one = "".join(ch for ch in kept if not ch.isspace()).translate(_LIKE).casefold()
    return _NUMBER.sub(_shortest, one).rstrip("。.;,")


def _shortest(match: re.Match[str]) -> str:
    digits = match[0].replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", match[0]) else match[0]
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts say the same: alike when flat, both saying nothing, or one quantity written in two ways.

    >>> same_text("≥8场", "不少于 8 场"), same_text("≥8场", "8场"), same_text("至少开3次会议", "至少开3次活动")
    (True, False, False)
    >>> same_text("无", "—"), same_text("1000元", "0.1万元")
    (True, True)
    """
    if flat(one) == flat(other):
        return True
    first, second = parse_target(one), parse_target(other)
    if first.kind == second.kind == "blank":
        return True
    return bool(first.parts) and _counted(one) == _counted(other) and _conditions(first) == _conditions(second)


def _counted(text: str | None) -> str:
    return _BOUNDS.sub("", flat(text))


def _conditions(expression: Expression) -> list[tuple[object, ...]]:
    return [(part.op, part.value, part.low, part.high, part.measure, part.vague) for part in expression.parts]


def same_money(one: Decimal | None, other: Decimal | None, *, one_measure: bool, zero_is_blank: bool) -> bool:
    """Whether two amounts in 万元 are the same: exactly, but between a form in 元 and one in 万元 as 万元 are written.

    In the rows of sources a blank and 0 say the same.

    >>> same_money(Decimal("89.974"), Decimal("89.97"), one_measure=False, zero_is_blank=False)
    True
    >>> same_money(Decimal("89.974"), Decimal("89.97"), one_measure=True, zero_is_blank=False)
    False
    """
    if zero_is_blank:
        one, other = one or Decimal(0), other or Decimal(0)
    if one is None or other is None or one == other or one_measure:
        return one == other
    rounded = [amount.quantize(CENT, rounding=ROUND_HALF_UP) for amount in (one, other)]
    return rounded[0] == rounded[1] and any(amount in rounded for amount in (one, other))


def excerpts(one: str, other: str, longest: int = 18) -> tuple[str, str]:
    """Cut two texts down to the stretch where they begin to differ, for a sentence that people read.

    >>> excerpts("2023年，我单位认真履职，较好地完成了目标", "2023年，我单位认真履职，基本完成了目标")
    ('…年，我单位认真履职，较好地完成了目标', '…年，我单位认真履职，基本完成了目标')
    """
    if max(len(one), len(other)) <= longest:
        return one, other
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, min(shared - 5, max(len(one), len(other)) - longest))
    return tuple(_cut(text, start, longest) for text in (one, other))  # type: ignore[return-value]


def _cut(text: str, start: int, longest: int) -> str:
    end = start + longest
    return ("…" if start and text else "") + text[start:end] + ("…" if len(text) > end else "")
