"""Text in, Expression out: normalise, paint names and dates over, read amounts, give each its operator."""

import re
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from evalbatch.expression.amounts import Amount, find_amounts
from evalbatch.expression.conditions import is_description, parts_of
from evalbatch.expression.dates import Period, find_periods
from evalbatch.expression.names import paint, paint_names
from evalbatch.expression.normalise import Line, is_blank, is_unreadable, normalise
from evalbatch.expression.numerals import HAN, read_han
from evalbatch.expression.operators import Unclear
from evalbatch.expression.writing import is_date
from evalbatch.model import Expression, Part
from evalbatch.text.ticks import chosen

Role = Literal["target", "actual"]

_LONGEST = 3000  # a longer text is no value of an indicator, and reading it could take seconds
_MOST = 60  # nor has an indicator so many conditions
_MEASURABLE = re.compile(r"[\d一二两三四五六七八九十百千万亿零年半末底若几数≥≤<>=±]")
_ABSENT = re.compile(
    r"^(?:确保|做到|全年|年内)?(?:不出现|不发生|未出现|未发生|没有发生|没有出现|无|杜绝|避免|零)"
    r"(?:[^\d,;。]*[^\d,;。不])?(?P<measure>[天次起件例人])数(?:为零)?$"
)
_BRACKET = re.compile(r"\([^()]*\)")
_ASIDE = re.compile(r"^\((?:其中|含|包括|去年|上年|同比|较|比|原|注|标准|满分|占|共|如|约|备注|计算|\d{4}年)")
_NO_NUMBER = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿]{100}")
"""So many digits are no number, and each place of them would be tried as the beginning of one."""
_FRACTION = re.compile(r"(?<![\d/])\d+/\d+(?![\d/])(?![\u4e00-\u9fff%])")
_OPERATOR = re.compile(r"[≥≤<>=±%‰]")
_RANKED = re.compile(r"(?:[全市省国县区]|名列|排名|位列|居|入围|进入|跻身|保持)前$")
_PLANNED = re.compile(
    r"(?:^|[,;。:(])[^\d,;。:(完已实处办]*(?:计划|目标|任务|应|预计|原定|预期|指标值|年初|预算)(?!完成率|执行|支出)[^\d,;。完已实的]{0,8}$"
    r"|(?:^|[,;。:(])(?:应|应当|原?计划|预计|原定)(?:完成|开展|举办|实施|发放)$"
)
_EARLIER = re.compile(r"(?:上年|去年|同期|往年|基期|前年)[^\d,;。增减升降提高下转]{0,6}$")
_DATE_CLAUSE = re.compile(r"完成|完工|竣工|验收|建成|交付|投入|开工|启动|发放|拨付|支付|上线|印发|出台|下达|办结|到位")


def parse_target(text: str | None, year: int | None = None) -> Expression:
    """Read a target: what is wanted, as conditions in order.

    `year` is given to dates that lack one. Words alone are "qualitative"; what can't be read for
    certain is "unclear", never a guess.

    >>> [(part.op, str(part.value), part.measure) for part in parse_target("至少开3次会议，参加会议率至少达95%").parts]
    [('>=', '3', '次'), ('>=', '95', '%')]
    >>> parse_target("≥**人").kind, parse_target("有效提升").kind, parse_target("——").kind
    ('unclear', 'qualitative', 'blank')
    """
    return _parse(text or "", "target", year)


def parse_actual(text: str | None, year: int | None = None) -> Expression:
    """Read an actual: what was reached. An operator that was copied into it stays as written.

    >>> part = parse_actual("10多场").parts[0]
    >>> part.op, str(part.value), part.measure, part.vague
    ('>', '10', '场', True)
    """
    return _parse(text or "", "actual", year)


@lru_cache(maxsize=8192)
def _parse(written: str, role: Role, year: int | None) -> Expression:
    written = chosen(written) or written
    if len(written) > _LONGEST or _NO_NUMBER.search(written):
        return Expression(written, "unclear")
    line = normalise(written)
    if is_blank(line.text):
        return Expression(written, "blank")
    if is_unreadable(line.text):
        return Expression(written, "unclear")
    if not _MEASURABLE.search(line.text):
        return _words(line)
    try:
        parts = _conditions(line, role, year)
    except Unclear:
        return Expression(written, "unclear")
    if not parts:
        return _words(line)
    return Expression(written, "date" if all(map(is_date, parts)) else "quantity", tuple(parts))


def _words(line: Line) -> Expression:
    """Words alone, or words that name the number 0: 不出现重度及以上污染天数."""
    if re.fullmatch(HAN, line.text) and (value := read_han(line.text)) is not None:
        return Expression(line.written, "quantity", (Part("=", value=value, text=line.written.strip()),))
    if absent := _ABSENT.match(line.text):
        return Expression(
            line.written,
            "quantity",
            (Part("=", value=Decimal(0), measure=absent["measure"], text=line.written.strip()),),
        )
    return Expression(line.written, "qualitative")


def _conditions(line: Line, role: Role, year: int | None) -> list[Part]:
    periods, text = find_periods(line.text, year)
    text, fractions = _FRACTION.subn(paint, paint_names(text))
    amounts = find_amounts(text)
    if len(amounts) + len(periods) > _MOST:
        raise Unclear
    amounts = _relevant(text, amounts, role)
    if any(each.flaw for each in amounts):
        raise Unclear
    dated = _dated(text, periods, amounts, role)
    if not amounts and not dated:
        if fractions or _OPERATOR.search(text):
            raise Unclear
        return []
    found: list[Amount | Period] = sorted([*amounts, *dated], key=lambda each: each.start)
    return parts_of(line, text, found, role)


def _relevant(text: str, amounts: list[Amount], role: Role) -> list[Amount]:
    """The amounts that are conditions: not asides in brackets, not whom others count, not last year's."""
    brackets = [(found.start(), found.end(), found[0]) for found in _BRACKET.finditer(text)]

    def inside(amount: Amount) -> str:
        return next((words for start, end, words in brackets if start < amount.start < end), "")

    amounts = [each for each in amounts if not _RANKED.search(text[max(0, each.start - 4) : each.start])] or amounts
    outer = [each for each in amounts if not inside(each)]
    if outer and len(outer) < len(amounts):
        amounts = [
            each
            for each in amounts
            if not inside(each)
            or (role == "target" and re.match(r"\((?:≥|≤|>|<|不少于|不低于|至少|不超过)", inside(each)))
        ]
    elif not outer:
        amounts = [each for each in amounts if not _ASIDE.match(inside(each))] or amounts
    amounts = [each for each, following in zip_longest(amounts, amounts[1:]) if not _said_twice(text, each, following)]
    kept = [each for each, following in zip_longest(amounts, amounts[1:]) if not is_description(text, each, following)]
    if role == "actual" and len(kept) > 1:
        kept = [each for each in kept if not _PLANNED.search(_before(text, each.start))] or kept
    if len(kept) > 1:
        kept = [each for each in kept if not _EARLIER.search(_before(text, each.start))] or kept
    return kept


def _before(text: str, place: int) -> str:
    """The words right before a place, as far back as they can bear on it."""
    return text[max(0, place - 20) : place]


def _said_twice(text: str, amount: Amount, following: Amount | None) -> bool:
    """2个及2个以上: the number said first is said again with its operator."""
    return (
        following is not None
        and (amount.value, amount.measure) == (following.value, following.measure)
        and following.suffix is not None
        and text[amount.end : following.start] in ("及", "或", "和", "(含", "(", "含")
    )


def _dated(text: str, periods: list[Period], amounts: list[Amount], role: Role) -> list[Period]:
    """The periods that are conditions: all of them where nothing is counted, else deadlines only."""
    periods = [each for each in periods if not each.loose]
    if role == "actual" and len(periods) > 1:
        periods = [each for each in periods if not _PLANNED.search(_before(text, each.start))] or periods
    if not amounts:
        return periods
    if role == "target":
        return [each for each in periods if each.op in ("<=", "<")]
    kept = []
    for each in periods:
        clause = re.split(r"[,;。]", text[: each.start])[-1] + re.split(r"[,;。]", text[each.end :])[0]
        if not each.cutoff and not re.search(r"\d", clause) and _DATE_CLAUSE.search(clause):
            kept.append(each)
    return kept
