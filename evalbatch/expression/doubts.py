"""What an answer's words say beside its number, so that the number alone would judge it wrongly."""

import re

from evalbatch.model import Part

_PERIOD = re.compile(
    r"每个?(?P<one>月|季度?|周|星期|天|日|半年|学期|旬)|(?<![上下])(?P<two>半)年(?=[一\d])"
    r"|\d[\u4e00-\u9fff]{1,2}/(?P<rate>月|季度?|周|天|日)|(?P<mean>[日月周季])(?:均|处理|供水?|产|生产|接待|清运|更新|发布)"
)
_DENIED = re.compile(
    r"(?:未(?:完成|开展|实现|落实|举办|达标|发放)|没有(?:完成|开展|实现|落实|达到)?|待完成|尚缺|还[差缺]|尚[余欠]"
    r"|(?:^|[,，;；。、])(?:[缺差少无没]|剩余?))\s*\d"
    r"|\d[^\d,，;；。、（(]*?(?:未(?!超|发生|出现|突破)|没有|尚未|待)"
)
_TO_COME = re.compile(r"预计|计划|拟|将[于在]|力争|争取|预期")
_HAPPENED = re.compile(r"已|实际|完成了")
_REACHED = re.compile(r"[到至达为]\d")
_EACH = re.compile(r"各\s*[\d一二两三四五六七八九十]")
_SHIFT = re.compile(r"(?:提前|滞后|推迟|延[期迟后]|超期|晚|早)了?\d")
_UP = re.compile(r"增长|提高|增加|上升|提升|增幅|上涨|增收|涨幅")
_DOWN = re.compile(r"下降|降低|减少|压减|降幅|减幅|下浮|削减|压缩|缩减|节约|缩短|减排")
_AGAINST = re.compile(r"(?:比|较|同比|环比)[^\d,，;；。]{0,12}(?:增|提|升|降|减|上|下|多|少|涨)")

_TOTAL = re.compile(r"共|合计|总计|累计|总数|达到|全年")
_SHARE = re.compile(r"^[（(]?(?:其中|含|包括|另)|超额|超出|剩余|结余|提前|节约")


def doubt(part: Part, answer: Part, name: str) -> str:
    """Why the answer's number can't be held against the target's as it stands; "" where nothing is in the way.

    >>> from evalbatch.expression import parse_actual, parse_target
    >>> target = parse_target("≥12次").parts[0]
    >>> doubt(target, parse_actual("每月1次").parts[0], "检查次数")
    '目标“≥12次”与完成值“每月1次”的时间口径不同，无法比较。'
    >>> doubt(target, parse_actual("12次").parts[0], "检查次数")
    ''
    """
    wanted, given = part.text, answer.text
    if _DENIED.search(given) and answer.op not in ("<", "<="):
        return f"完成值“{given}”说的是没有完成的部分，无法判断。"
    asked = wanted if _period(wanted) else name
    if not _same_period(asked, given, same_number=part.value == answer.value):
        return f"目标“{wanted}”与完成值“{given}”的时间口径不同，无法比较。"
    if _SHIFT.search(given) and not _SHIFT.search(wanted + name):
        return f"完成值“{given}”说的是提前或推迟了多久，无法与目标“{wanted}”比较。"
    return _turned_otherwise(part, given, name)


def _turned_otherwise(part: Part, given: str, name: str) -> str:
    """Why a change can't be held against a level, or a fall against a rise; "" where it can."""
    wanted, turn, asked = part.text, _turn(given), _turn(part.text) or _turn(name)
    if asked == "" and _REACHED.search(given):
        return ""  # 降至2.1% is a level
    differs = _AGAINST.search(given) is not None and _AGAINST.search(wanted) is None
    if differs and not asked:
        return f"完成值“{given}”说的是相差多少，无法与目标“{wanted}”比较。"
    if turn and asked and turn != asked:
        return f"目标“{wanted}”与完成值“{given}”一个说增、一个说减，无法比较。"
    if turn == "down" and not asked and part.measure in ("%", "‰", "个百分点"):
        return f"完成值“{given}”是变化幅度，目标“{wanted}”不是，无法比较。"
    return ""


def is_of_each(answer: Part) -> bool:
    """Whether the answer counts each of several: 3月、9月各1次."""
    return _EACH.search(answer.text) is not None


def is_to_come(answer: Part) -> bool:
    """Whether the answer tells what is planned rather than what was done: 预计12月完成."""
    return bool(_TO_COME.search(answer.text)) and not _HAPPENED.search(answer.text)


def standing(answer: Part) -> int:
    """How far an answer speaks for the whole: 0 for a total, 1 for a plain number, 2 for a share or a difference.

    >>> from evalbatch.expression import parse_actual
    >>> [standing(part) for part in parse_actual("15家，其中新增3家").parts]
    [1, 2]
    """
    if _SHARE.search(answer.text) or _AGAINST.search(answer.text):
        return 2
    return 0 if _TOTAL.search(answer.text) else 1


def _period(words: str) -> str:
    """The period that a count is for, "" for the year as a whole."""
    found = _PERIOD.search(words)
    if not found:
        return ""
    said = found["one"] or found["rate"] or found["mean"] or "半年"
    return said.replace("季度", "季").replace("星期", "周").replace("日", "天")


def _same_period(asked: str, given: str, *, same_number: bool) -> bool:
    """Whether both count within one period; an answer that names none may repeat the target's number.

    日处理2万吨 is what something can do: an answer of 1.9万吨 says the same of it.
    """
    period, theirs = _period(asked), _period(given)
    return period == theirs or (not theirs and (same_number or "每" not in asked))


def _turn(words: str) -> str:
    if _DOWN.search(words):
        return "down"
    return "up" if _UP.search(words) else ""
