"""What an answer's words say beside its number, so that the number alone would judge it wrongly."""

import re
from decimal import Decimal

from evalbatch.expression.direction import less_is_better
from evalbatch.expression.intervals import alike, interval_of
from evalbatch.expression.progress import is_to_come
from evalbatch.model import Part

_PLAIN = re.compile(r"[\d.,，]+\s*[%％‰]?[\u4e00-\u9fff]{0,2}")  # 12场: nothing beside the number
_TELLING = re.compile(
    r"[每均各/半日周月季增提升涨降减缩压削节下比较同环负]"
)  # without any of these, nothing more to ask
_PERIOD = re.compile(
    r"每个?(?P<one>月|季度?|周|星期|天|日|半年|学期|旬)|(?<![上下])(?P<two>半)年(?=[一\d])"
    r"|\d[\u4e00-\u9fff]{1,2}/(?P<rate>月|季度?|周|天|日)|(?P<mean>[日月周季])(?:均|处理|供水?|产|生产|接待|清运|更新|发布)"
)
_DENIED = re.compile(
    r"(?:未(?:完成|开展|实现|落实|举办|达标|发放)(?:的?有|数量?为?)?|没有(?:完成|开展|实现|落实|达到)?|待完成|尚缺|还[差缺]|尚[余欠]"
    r"|(?:^|[,，;；。、])(?:[缺差少无没](?:开展|举办|完成|实施|发放|培训|建)?|剩余?))\s*\d"
    r"|(?:[未不]|没有)(?:发生|出现|产生|接到|收到|发现)[^\d,，;；。]{0,6}?[\d一两]"
    r"|除[^\d,，;；。]{0,6}\d[^,，;；。]{0,4}外|\d[^\d,，;；。、（(]*?(?:未(?!超|发生|出现|突破)|没有|尚未|待)"
)
_REACHED = re.compile(r"[到至达为]\d")
_EACH = re.compile(r"各\s*[\d一二两三四五六七八九十]")
_SHIFT = re.compile(r"(?:提前|滞后|推迟|延[期迟后]|超期|逾期|晚|早)了?\d")
_UP = re.compile(r"增长|提高|增加|上升|提升|增幅|上涨|增收|涨幅|增产")
_DOWN = re.compile(r"负增长|下降|降低|减少|压减|降幅|减幅|下浮|削减|压缩|缩减|节约|缩短|减排")
_AGAINST = re.compile(
    r"(?:(?<![占百对])比(?!例|重|率)|较|同比|环比)[^\d,，;；。]{0,12}(?:增|提|升|降|减|上|下|多|少|涨|高(?!达)|低(?!至))"
)
_BALANCE = re.compile(
    r"(?P<how>结余|节余|结转|剩余|节约|节省|超支|超出|超额|超预算|核减|审减|取消|减少|追加|增加)(?:了|资金|经费|支出)?约?\d"
)
_FROM_AIM = re.compile(
    r"(?:超过|超出|高于|低于|多于|少于|优于|差于)(?:年初|年度|预期|预定|既定|上年|去年)?(?:目标|计划|指标|任务|水平)?值?(?:了|约)?(?<=[标划务平年值])\d"
    r"|偏[差离][度率]?(?:为|约)?-?\d"
)
_LEVEL = re.compile(r"收入|总量|总额|水平|达")
_RATED = re.compile(r"(?:率|度|比例|占比|比重|水平|指数)(?:[（(][^（）()]*[）)])?$")
_RATE = re.compile(r"([\u4e00-\u9fff]{1,10}[率度])[^\u4e00-\u9fff\d]?(?:为|达到?|约|仅|是)?[^\u4e00-\u9fff\d]{0,2}\d")
_CLASS = re.compile(
    r"[A-E](?=类)|[特一二三四](?=等奖)|[国省市县区乡镇村](?=家?级)|[一二三四甲乙丙](?=类)|核心期刊|普通期刊"
)
_NOT = tuple("不未非没")
_OR_ABOVE = re.compile(r"级(?:及|（含）)?以上")
_OF_EACH = re.compile(
    r"每个?(?!月|季|周|星期|天|日|半|旬|学期|学年|年|次|场|期|批|两|[二三四五六七八九十\d])[\u4e00-\u9fff]"
)
_MEAN = re.compile(r"[人户亩村校班]均")
_SPREAD = re.compile(r"[每均各/]")
_SUM = re.compile(r"共|总|合计|累计")
_MANY = 20  # so many times what one is to have is what all have together

_TOTAL = re.compile(r"共|合计|总计|累计|总数|达到|全年")
_SHARE = re.compile(r"^[（(]?(?:其中|含|包括|另)|超额|超出|剩余|结余|提前|节约")


def doubt(part: Part, answer: Part, name: str) -> str:
    """Why the answer's number can't be held against the target's as it stands; "" where nothing is in the way.

    >>> from evalbatch.expression.understanding import parse_actual, parse_target
    >>> target = parse_target("≥12次").parts[0]
    >>> doubt(target, parse_actual("每月1次").parts[0], "检查次数")
    '目标“≥12次”与完成值“每月1次”的时间口径不同，无法比较。'
    >>> doubt(target, parse_actual("12次").parts[0], "检查次数")
    ''
    """
    wanted, given = part.text, answer.text
    plain = is_plain(answer)
    if not plain and (because := _said_beside(part, answer, name)):
        return because
    if not _TELLING.search(f"{wanted}{name}" if plain else f"{wanted}{name}{given}"):
        return ""
    asked = wanted if _period(wanted) else name
    if not _same_period(asked, given, same_number=part.value == answer.value):
        return f"目标“{wanted}”与完成值“{given}”的时间口径不同，无法比较。"
    if _is_of_all(part, answer, name):
        return f"目标“{wanted}”说的是每一个或平均，完成值“{given}”不是，无法比较。"
    return _turned_otherwise(part, answer, name)


def is_plain(answer: Part) -> bool:
    """Whether an answer is a number and its measure and nothing beside."""
    return _PLAIN.fullmatch(answer.text) is not None


def _said_beside(part: Part, answer: Part, name: str) -> str:
    """What the words round an answer's number forbid: it is what is missing, left over, or of another kind."""
    wanted, given = part.text, answer.text
    if _DENIED.search(given) and answer.op not in ("<", "<="):
        return f"完成值“{given}”说的是没有完成的部分，无法判断。"
    if _SHIFT.search(given) and not _SHIFT.search(wanted + name):
        return f"完成值“{given}”说的是提前或推迟了多久，无法与目标“{wanted}”比较。"
    away = _FROM_AIM.search(given) is not None and "偏" not in wanted + name
    if away or ((found := _BALANCE.search(given)) and not _asks_balance(found["how"], wanted + name)):
        return f"完成值“{given}”说的是相差多少，无法与目标“{wanted}”比较。"
    if is_opposed(part, answer, name) or _of_other_class(wanted + name, given):
        return f"目标“{wanted}”与完成值“{given}”说的不是同一项内容，无法比较。"
    return ""


def _asks_balance(how: str, asked: str) -> bool:
    """Whether what an answer says is left, saved or added is what was asked for."""
    if how in ("减少", "节约", "节省"):
        return _turn(asked) == "down" or how in asked
    return how in asked or ("增" in how and ("增" in asked or _turn(asked) == "up"))


def is_opposed(part: Part, answer: Part, name: str) -> bool:
    """Whether the answer gives a rate of which less is better where more is asked, or the reverse: 不合格率2%."""
    said = _RATE.search(answer.text)
    if not said or part.measure not in ("%", "‰", ""):
        return False
    asked = _RATE.search(part.text)
    wanted = asked[1] if asked else name
    at = wanted.rfind(said[1])
    if ("率" not in wanted and "度" not in wanted) or (at >= 0 and wanted[at - 1 : at] not in _NOT):
        return False  # 控制率 says 三公经费控制率 shorter, 合格率 is not 不合格率
    rate = Part("=", value=Decimal(50), measure="%")
    one, other = less_is_better(rate, wanted, None), less_is_better(rate, said[1], None)
    return None not in (one, other) and one != other


def _of_other_class(asked: str, given: str) -> bool:
    """Whether both name classes, and none in common: 一等奖 and 二等奖, A类 and B类; 省级以上 may be 国家级."""
    theirs = set(_CLASS.findall(given))
    ours = set(_CLASS.findall(asked)) if theirs else theirs
    return bool(ours) and not ours & theirs and not _OR_ABOVE.search(asked)


def _is_of_all(part: Part, answer: Part, name: str) -> bool:
    """Whether the target is for each one, and the answer for all of them together: 每村1名 and 120名."""
    wanted, given = part.text, answer.text
    if is_of_each(part) and not is_of_each(answer) and part.value != answer.value:
        return True
    each = _OF_EACH.search(wanted)
    if not each and not _MEAN.search(wanted) and not _MEAN.search(name):
        return False
    if _SPREAD.search(given) or "/" in answer.measure:
        return False
    few, many = interval_of(part), interval_of(answer)
    if each and not _OF_EACH.search(name):
        return not alike(few, many)
    return _SUM.search(given) is not None or 0 < few.low * _MANY <= many.low


def _turned_otherwise(part: Part, answer: Part, name: str) -> str:
    """Why a change can't be held against a level, or a fall against a rise; "" where it can."""
    wanted, given = part.text, answer.text
    sought, turn = _turn(wanted), _turn(given)
    asked = sought or _turn(name)
    if not asked and _AGAINST.search(given) and not _AGAINST.search(wanted) and not _REACHED.search(given):
        return f"完成值“{given}”说的是相差多少，无法与目标“{wanted}”比较。"
    if not turn:
        if sought and not _REACHED.search(wanted) and _is_level(part, answer, name, sought):
            return f"目标“{wanted}”说的是变化幅度，完成值“{given}”看来不是，无法比较。"
        return ""
    if asked == "" and _REACHED.search(given):
        return ""  # 降至2.1% is a level
    if asked and turn != asked:
        return f"目标“{wanted}”与完成值“{given}”一个说增、一个说减，无法比较。"
    level = sought and _REACHED.search(wanted) and not _REACHED.search(given)
    if level or (not asked and part.measure in ("%", "‰", "个百分点") and _is_change(part, answer, name, turn)):
        return f"完成值“{given}”是变化幅度，目标“{wanted}”不是，无法比较。"
    return ""


def _is_change(part: Part, answer: Part, name: str, turn: str) -> bool:
    """Whether an answer that says up or down can't be what a percentage asks for: 覆盖率 95% and 提高3个百分点."""
    return turn == "down" or (_RATED.search(name) is not None and not alike(interval_of(part), interval_of(answer)))


def _is_level(part: Part, answer: Part, name: str, sought: str) -> bool:
    """Whether an answer without a word of change is a level, where a change was asked: 提高2个百分点 and 85.6%."""
    few, many = interval_of(part), interval_of(answer)
    if sought == "down" and many.high < 0 < few.low:
        return True  # a fall of less than nothing?
    if alike(few, many) or many.low < few.high:
        return False
    if part.measure in ("%", "‰", "个百分点", "百分点"):
        rated = _RATED.search(name) is not None and not _turn(name)
        return "百分点" in part.measure or rated or (sought == "down" and many.low > 60)
    return _LEVEL.search(answer.text) is not None


def is_of_each(answer: Part) -> bool:
    """Whether the answer counts each of several: 3月、9月各1次."""
    return _EACH.search(answer.text) is not None


def standing(answer: Part) -> int:
    """How far an answer speaks for the whole: 0 for a total, 1 for a plain number, 2 for a share or a difference.

    3 is for what is yet to be done: 完成8个，2个正在实施.

    >>> from evalbatch.expression.understanding import parse_actual
    >>> [standing(part) for part in parse_actual("15家，其中新增3家").parts]
    [1, 2]
    """
    if is_to_come(answer):
        return 3
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
