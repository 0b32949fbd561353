"""Amounts and periods with the words round them in, Parts out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from evalbatch.expression.amounts import Amount, Op
from evalbatch.expression.dates import Period, as_day
from evalbatch.expression.normalise import Line
from evalbatch.expression.operators import BOUND, CLAUSE_END, Unclear, operator_of
from evalbatch.model import Part

_JOIN = re.compile(r"[,、且并和与及但而同时又也;应须]*(?:其)?")
_DESCRIBES = re.compile(r"(?:周?岁|月龄|万?元|亩|公里|[年天日]|平方米|吨|㎡|米|小时|分钟?|秒钟?|工作日|瓦)$")
_TIME = re.compile(r"(?:[天日]|小时|分钟?|秒钟?|工作日)$")
_AGE = re.compile(r"(?:周?岁|月龄)$")
_PERSONS = re.compile(
    r"[的之及以上下内含()]{0,6}(?:老|儿|幼|婴|妇|女|男|人|居民|群众|学|劳动|职工|青少年|适龄|常住|户籍)"
)
_VOLTAGE = frozenset({"kV", "KV", "千伏"})
_NOUN = re.compile(r"(?:\(?(?:含|不含)?\)?)(?:的|及以上的)?[\u4e00-\u9fff]")
_FROM = re.compile(r"(?:由|从)[^\d,;。]{0,10}$")
_TO = re.compile(r"[^,;。]{0,8}?(?:到|至|为)")
_MONEY = re.compile(
    r"资金|经费|成本|支出|预算|投资|补助|金额|产值|收入|费用|贷款|税|财政|元|利润|销售额|营业额|增加值|交易额"
    r"|^(?:[不未]?[超高低多少]?[过于]|至少|控制在|约|近|达到?)?[^\u4e00-\u9fff]*(?:[万亿][^\u4e00-\u9fff]*)+(?:以[内上下]|左右|/?[年人月户])?$"
)
_PEOPLE = re.compile(
    r"人口|人数|群众|人群|居民|学生|职工|用户|户数|面积|数量|人员|游客|人次|次数|粉丝|阅读|浏览|点击|播放|关注"
)


def amount_part(amount: Amount, op: Op | None, words: str, text: str) -> Part:
    """One amount as a Part; a scaled number without measure is money where the text speaks of money, or of nothing."""
    measure = amount.measure
    if "(" in measure and "（" in words:
        measure = measure.replace("(", "（").replace(")", "）")
    if measure[:1] in ("", "/") and amount.scaled and _MONEY.search(text) and not _PEOPLE.search(text):
        measure = "元" + measure
    if not measure and all(1949 < each < 2100 for each in (amount.value, amount.high or 0)):
        raise Unclear  # 2021-2023: years, or a range
    if amount.high is not None:
        if op in (">", ">=", "<") or (text[amount.start - 1 : amount.start] == "≤" and not amount.plus_minus):
            raise Unclear
        return Part("between", low=amount.value, high=amount.high, measure=measure, text=words, vague=op == "about")
    if amount.vague and op in (None, "=", "about"):
        return Part(">", value=amount.value, measure=measure, text=words, vague=True)
    vague = amount.vague or op == "about" or (op == "<" and "近" in words)
    return Part(op or "=", value=amount.value, measure=measure, text=words, vague=vague)


def date_part(period: Period, role: str, words: str) -> Part:
    """One period as a Part: in a target its last day is the deadline, in an actual it is when it happened."""
    if period.doubtful:
        raise Unclear
    first, last = as_day(period.first), as_day(period.last)
    if period.ranged and not period.op:
        return Part("between", low=first, high=last, text=words)
    if period.op:
        return Part(period.op, value=last if period.op == "<=" else first, text=words)
    if role == "target":
        return Part("<=", value=last, text=words)
    return Part("=", value=last, text=words) if first == last else Part("between", low=first, high=last, text=words)


def is_description(text: str, amount: Amount, following: Amount | None) -> bool:
    """Whether an amount tells whom or what the next one counts: 65岁以上老年人健康管理率≥70%."""
    months = amount.measure == "个月" and (amount.high is not None or amount.suffix is not None)
    if (months or _AGE.search(amount.measure)) and _PERSONS.match(text, amount.end):
        return True
    if following is None or CLAUSE_END.search(text, amount.end, following.start):
        return False
    after = text[amount.end : following.start]
    if amount.measure in _VOLTAGE:
        return bool(after)
    if _AGE.search(amount.measure):
        return _NOUN.match(after) is not None or not after
    rate = following.measure in ("%", "‰")  # 30分钟内到达率≥95% is one condition, 3天内完成2次 are two
    if amount.suffix and _DESCRIBES.search(amount.measure) and (rate or not _TIME.search(amount.measure)):
        return _NOUN.match(after) is not None
    return _FROM.search(text[max(0, amount.start - 12) : amount.start]) is not None and _TO.match(after) is not None


def parts_of(line: Line, text: str, found: Sequence[Amount | Period], role: str) -> list[Part]:
    """All conditions in order, each with the words that belong to it."""
    parts: list[Part] = []
    gaps: list[str] = []
    gap = edge = 0
    for each, following in zip_longest(found, found[1:]):
        words = _words(line, text, gap, each.end, following.start if following else len(text))
        end = each.end
        if isinstance(each, Period):
            parts.append(date_part(each, role, words))
        else:
            op, end = operator_of(text, gap, each)
            parts.append(amount_part(each, op, words, text))
        gaps.append(text[edge : each.start])
        gap, edge = end, each.end
    return _bounds_joined(_shared(text, parts), gaps)


def _words(line: Line, text: str, gap: int, end: int, following: int) -> str:
    """The words of one condition: from where the one before ended, or its clause begins, to the clause's end."""
    stop = CLAUSE_END.search(text, end)
    until = stop.start() if stop else len(text)
    number = BOUND.search(text, gap, end)
    begin = max((sign.end() for sign in CLAUSE_END.finditer(text, gap, number.start() if number else end)), default=gap)
    return line.cut(begin, end if following < until else until)


def _shared(text: str, parts: list[Part]) -> list[Part]:
    """分别不低于95%、90%: the operator said once holds for each."""
    if "分别" not in text or not parts or parts[0].op in ("=", "between"):
        return parts
    first = parts[0]
    return [replace(part, op=first.op) if part.op == "=" and part.measure == first.measure else part for part in parts]


def _bounds_joined(parts: list[Part], gaps: list[str]) -> list[Part]:
    """A lower and an upper bound of one quantity become one `between`, where both are included."""
    joined: list[Part] = []
    for part, gap in zip(parts, gaps, strict=True):
        before = joined[-1] if joined else None
        between = _between(before, part) if before and _same_thing(gap) else None
        if between:
            joined[-1] = between
        else:
            joined.append(part)
    return joined


def _between(one: Part, other: Part) -> Part | None:
    if {one.op, other.op} != {">=", "<="} or (one.measure and other.measure and one.measure != other.measure):
        return None
    low, high = (one, other) if one.op == ">=" else (other, one)
    if not isinstance(low.value, Decimal) or not isinstance(high.value, Decimal) or low.value > high.value:
        return None
    text = one.text if one.text == other.text else f"{one.text}，{other.text}"
    return Part("between", low=low.value, high=high.value, measure=one.measure or other.measure, text=text)


def _same_thing(gap: str) -> bool:
    """Whether nothing but joining words and the operator stand between two bounds."""
    return gap[:1] in ("≤", "<") or not re.search(r"[\u4e00-\u9fff]", _JOIN.sub("", BOUND.sub("", gap)))
