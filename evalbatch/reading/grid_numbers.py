"""A stored number and its format in, the text and number a person sees out; Decimals, rounded half away from zero."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from evalbatch.reading.formats import Section, Shown, Token, choose, sections_of

FIXED = re.compile(r"[1-9][0-9]{0,4}").match
MOST_DECIMALS = 30
LONGEST_GENERAL = 20
"""Digits of a whole number that are still written out: those of an account are up to 19."""
EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Enough digits for every number that a file can hold."""


def stored_number(text: str) -> Decimal | None:
    """The number that a file stores, to the 15 digits that a sheet keeps; None where it is no finite number.

    >>> stored_number("0.95799999999999996")
    Decimal('0.958')
    """
    if len(text) < 16 and text.isascii() and text.isdecimal():
        return Decimal(int(text))
    try:
        number = float(text)
    except ValueError:
        return None
    return _plain(Decimal(f"{number:.15g}")) if abs(number) < 1e308 else None


def _plain(number: Decimal) -> Decimal:
    """Without an exponent or trailing zeros: 1E+2 is 100."""
    number = number.normalize(EXACT) + 0
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1), context=EXACT) if isinstance(exponent, int) and exponent > 0 else number


def general(number: Decimal) -> str:
    """A number without a format of its own, in powers of ten only where it is longer than any that people write."""
    return f"{number:f}" if abs(number.adjusted()) <= LONGEST_GENERAL else f"{number:.5E}"


def shown_number(number: Decimal, code: str) -> Shown:
    """What a person sees of a number.

    >>> shown_number(Decimal("0.958"), "0.0%")
    Shown(text='95.8%', number=Decimal('95.8'), percent=True)
    >>> shown_number(Decimal("12345"), '0!.0,"万"').text
    '1.2万'
    """
    section, signed = choose(sections_of(code), number)
    if section.kind == "date":  # a number that no calendar has
        return Shown(general(number), number)
    if section.kind == "words":
        return _words(section, number)
    shown = _general(section, number) if section.kind == "general" else _formatted(section, number)
    if number < 0 and not signed and shown.number:
        return Shown(f"-{shown.text}", -shown.number, shown.percent)
    return Shown(shown.text, -shown.number, shown.percent) if number < 0 and shown.number else shown


def _words(section: Section, number: Decimal) -> Shown:
    """A section without digits: "-" for zero still is zero, other words hide the number; "@" shows it as it is.

    Nothing at all hides a zero, as many forms want it; another number (;;;) its unit filled in: it is given as it is.
    """
    if ("mark", "@") in section.tokens:
        return Shown(general(number), number)
    words = _joined(section.tokens).strip()
    return Shown(words, None if number else number) if words or not number else Shown(general(number), number)


def _general(section: Section, number: Decimal) -> Shown:
    at = [what for what, _ in section.tokens].index("general")
    percent = _has_percent(section.tokens[at:])
    text = _joined(section.tokens[:at]) + general(abs(number)) + _joined(section.tokens[at + 1 :])
    return Shown(text.strip(), abs(number), percent)


class _Layout(NamedTuple):
    """A number section taken apart: what stands before and after the digits, and how the digits are laid out."""

    before: str
    after: str
    whole: tuple[Token, ...]
    decimals: str
    grouped: bool
    shift: int
    percent: bool
    exponent: bool
    fraction: tuple[int, bool] | None


@lru_cache(maxsize=1024)
def _layout(tokens: tuple[Token, ...]) -> _Layout:
    places = [i for i, (what, _) in enumerate(tokens) if what == "digit"]
    first, last = places[0], places[-1]
    while last + 1 < len(tokens) and tokens[last + 1] == ("mark", ","):
        last += 1
    core = tokens[first : last + 1]
    if first and tokens[first - 1] == ("mark", "."):
        core, first = tokens[first - 1 : last + 1], first - 1
    point = core.index(("mark", ".")) if ("mark", ".") in core else len(core)
    power = next((i for i, (what, _) in enumerate(core) if what == "exponent"), len(core))
    digits = [i for i, (what, _) in enumerate(core) if what == "digit"]
    commas = [i for i, token in enumerate(core) if token == ("mark", ",")]
    whole = [i for i in digits if i < point]
    scaling = sum(not any(i > comma for i in (whole if comma < point else digits)) for comma in commas)
    percents = sum(token == ("mark", "%") for token in tokens)
    return _Layout(
        before=_joined(tokens[:first]),
        after=_joined(tokens[last + 1 :]),
        whole=tuple(token for token in core[:point] if token != ("mark", ",")),
        decimals="".join(core[i][1] for i in digits if point < i < power)[:MOST_DECIMALS],
        grouped=len(commas) > scaling,
        shift=2 * min(percents, 9) - 3 * min(scaling, 9),
        percent=_has_percent(tokens),
        exponent=power < len(core),
        fraction=_denominator(tokens),
    )


def _formatted(section: Section, number: Decimal) -> Shown:
    layout = _layout(section.tokens)
    size = abs(number).scaleb(layout.shift, EXACT)
    if layout.exponent:
        mantissa, _, power = f"{size:.{len(layout.decimals)}E}".partition("E")
        text = f"{mantissa}E{int(power):+03d}"
        return Shown(f"{layout.before}{text}{layout.after}".strip(), _plain(Decimal(text)))
    if layout.fraction:
        return Shown(_as_fraction(size, *layout.fraction), abs(number))
    rounded = size.quantize(Decimal(1).scaleb(-len(layout.decimals)), context=EXACT)
    whole, _, decimals = f"{rounded:f}".partition(".")
    keep = len(layout.decimals.rstrip("#?"))
    decimals = decimals[:keep] + decimals[keep:].rstrip("0")
    text, point = _whole_part(layout, whole)
    seen = rounded.quantize(Decimal(1).scaleb(-len(decimals)), context=EXACT).scaleb(-point, EXACT)
    text = f"{text}.{decimals}" if decimals else text
    return Shown(f"{layout.before}{text}{layout.after}".strip(), seen, layout.percent)


def _whole_part(layout: _Layout, digits: str) -> tuple[str, int]:
    """The digits before the decimal point laid out, and how many of them follow a point written as a mere sign."""
    fewest = sum(token == ("digit", "0") for token in layout.whole)
    digits = digits.lstrip("0").rjust(fewest, "0")
    if all(what == "digit" for what, _ in layout.whole):
        return (f"{int(digits):,}" if layout.grouped and digits else digits), 0
    slots = sum(what == "digit" for what, _ in layout.whole)
    digits = digits.rjust(slots)
    head, rest = digits[: len(digits) - slots + 1], iter(digits[len(digits) - slots + 1 :])
    text, point, behind = "", 0, False
    for what, sign in layout.whole:
        if what == "digit":
            text += head or next(rest, "")
            head = ""
            point += behind
        else:
            behind = behind or sign == "."
            text += sign
    return text.strip(), point


def _denominator(tokens: tuple[Token, ...]) -> tuple[int, bool] | None:
    """The denominator of a fraction, or the largest, and whether it is fixed; None where there is no slash."""
    if ("mark", "/") not in tokens:
        return None
    behind = "".join(text for _, text in tokens[tokens.index(("mark", "/")) + 1 :]).strip()
    fixed = FIXED(behind)
    return (int(fixed[0]), True) if fixed else (10 ** max(1, min(behind.count("?") + behind.count("#"), 3)) - 1, False)


def _as_fraction(size: Decimal, most: int, fixed: bool) -> str:
    exact = Fraction(size)
    if fixed:
        whole, top = divmod(int(exact * most + Fraction(1, 2)), most)
        bottom = most
    else:
        near = exact.limit_denominator(most)
        whole, top = divmod(near.numerator, near.denominator)
        bottom = near.denominator
    if not top:
        return str(whole)
    return f"{whole} {top}/{bottom}" if whole else f"{top}/{bottom}"


def _has_percent(tokens: tuple[Token, ...]) -> bool:
    return any(text.strip().startswith(("%", "％")) for what, text in tokens if what in ("mark", "text"))


def _joined(tokens: tuple[Token, ...]) -> str:
    """What stands around the digits: literal text and the signs that show themselves."""
    return "".join(text for what, text in tokens if what == "text" or (what == "mark" and text in "%./"))
