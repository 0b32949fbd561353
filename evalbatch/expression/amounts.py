"""Numbers of a painted text with their measures: where each stands, its value, its bounds, its suffix words."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from evalbatch.expression.measures import read_measure, tidy
from evalbatch.expression.names import PAINT
from evalbatch.expression.numerals import DIGITS, HAN, HAN_SIGN, read_digits, read_han, read_han_decimal, scale
from evalbatch.model import LARGEST, bounded

Op = Literal[">=", ">", "<=", "<", "=", "between", "about"]

_HAN_MEASURE = (  # what Chinese numerals must be followed by, to count
    "个百分点|个工作日|个月|个小时|个学时|个课时|人次|场次|批次|轮次|课时|学时|工作日|小时|分钟|公里|平方米|立方米|万元|公顷|周岁"
    "|[元吨亩岁次场期名人位项个家所座处台套辆份篇件起例宗部本册条支只头批轮天日年周户倍门节间栋幢张幅集村种株棵盏口根%]"
)
_ROUND = tuple("百千万亿")
_ONE_TO_NINE = "[一二三四五六七八九]"
_SEVERAL = r"次|个|名|场|人|家|项"
_SPELLINGS = (
    rf"(?P<share>百|千)分之(?P<parts>{HAN}(?:点{HAN})?|\d+(?:\.\d+)?)|(?P<all>百分之?百|百分百)"
    rf"|(?<!{_ONE_TO_NINE})(?P<tenths>{_ONE_TO_NINE}|\d+(?:\.\d+)?)成"
    rf"(?P<half>半|{_ONE_TO_NINE}(?=以|左|$|[,;。、的]))?(?![果效本立员功熟就交为人长绩都])"
    rf"|(?P<many>(?:数|几|好几|上)[十百千万亿]+(?={_HAN_MEASURE}|[万亿余多])"
    rf"|[十百千万\d]几(?={_HAN_MEASURE}|[二三四五六七八九]十)|(?:几|若干|数)(?={_SEVERAL}))"
    rf"|(?P<digits>{DIGITS})"
    r"|{ahead}"
    rf"(?P<han>{HAN}+)(?=[多余来]?(?:{_HAN_MEASURE})|[至到~-]{HAN}+(?:{_HAN_MEASURE}))"
)
_NUMBER = re.compile(_SPELLINGS.replace("{ahead}", ""))
_BEHIND = re.compile(_SPELLINGS.replace("{ahead}", f"(?<!{HAN_SIGN})"))
"""A number somewhere behind: where a run of Chinese numerals counts nothing from its first, no later one is tried."""
_PORTION = re.compile(
    r"(?<![一二三四五六七八九十万])[一二三四五六七八九十万]+分之[一二三四五六七八九十\d]+|一半|半数|过半|大半|[一二三四五六七八九]{2}成"
    r"|半(?:年|个月)(?:之|以)?内|[年月时天]半|[百千万]把|成百上千|成千上万|半(?:个(?![月年])|[天日]|小时)"
)
_SCALE = re.compile(
    r"(?P<vague>[多余])?(?P<scale>[十百千]?[万亿]+|百(?!分|度)|千(?![米克瓦伏卡焦赫帕字]))?"
    r"(?P<more>[多余](?!媒|元化|功能|种形|维))?"
)
_ROUNDED = re.compile(r"[多余]|[\u4e00-\u9fff]{1,2}以上")
_SKIPPED = re.compile(r"/\d+(?=[个项次场人名家户件份处座])|\.(?=[人个次场家户项件元万]+$)")  # 3/4项 is 3 of 4; 50.人
_CHAINED = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)(千万|百万|十万|万|千|百)")  # 1亿2千万
_TOGETHER = re.compile(r"(?:\(不?含\))?(?:-+|~+|至|到(?=\d))")
_LONGER = {"年": (12, "个月"), "小时": (60, "分钟"), "个小时": (60, "分钟"), "分钟": (60, "秒"), "分": (60, "秒")}
_SHORTER = {  # 1小时30分 is 90分钟
    "个月": re.compile(r"(\d{1,2})个月"),
    "分钟": re.compile(r"(\d{1,2})分钟?"),
    "秒": re.compile(r"(\d{1,2})秒钟?"),
}
_THIRD = re.compile(r"(?:-+|~|至|到)\d")  # 3-5-7
_MORE = re.compile(r"[多余](?!媒|元化|功能|种形|维)")
_SUFFIX = re.compile(
    r"(?:\((?:不?含|包含)[^()]{0,8}\))?"
    r"(?:(?P<atleast>(?:\(含\)|含|及其?|或|和|\()?(?:以上|之上)|及?更多)\)?"
    r"|(?P<atmost>(?:\(含\)|含|及其?|或|和)?(?:以下|以内|之内|之下)|封顶|内(?![容部外设涵审控]))|(?P<about>左右|上下))"
    r"(?P<without>\(?不含(?:本数)?[^()]{0,8}\)?)?(?:\((?:含)[^()]{0,8}\))?"
)
_IN_BRACKETS = re.compile(r"\(([^()]{1,6})\)")
_LONE_NOUN = re.compile(
    r"(?!完成|达标|投诉|事故|差错|违|发生|以[上下内]|左右|合格|优秀|良好|全部|及|已|上下|之[内上间]|多|余|不|按|覆盖|满意|通过|增长"
    r"|下降|提高|[零一二三四五六七八九十百千万几数]|月|到|至|发放|支付|含|和|或|超|均|的|开展|建成|起)[\u4e00-\u9fff]{2,3}$"
)
_NOUN = re.compile(r"[\u4e00-\u9fff]{1,4}?(?=(?:及|或)?以[上下内])")
_USUAL = rf"\u4e00-\u9fffA-Za-z0-9;,。、:!()\[\]{{}}<>≥≤=≈±~/.\-\"“”‘’「」《》【】…· ①-⑳√✓✔☑★☆▲↑↓{PAINT}"
_STRANGE = re.compile(rf"[^{_USUAL}]|半|[\]}}](?![\u4e00-\u9fff])|[,.-][^{_USUAL}]")  # 9■5%, 95,%, 1个半
_DAMAGED = re.compile(rf"\d[^{_USUAL}+]$")  # what stands before the 5 of 9■5%
_STRANGERS = tuple("?_'`#&^*×%‰零〇一二三四五六七八九十百千万亿")
_HAN_DIGITS = tuple("零一二三四五六七八九十")
_BROKEN = re.compile(r"[\dA-Za-z零〇一二三四五六七八九]|-(?![\d-])")  # what can't follow a bare number or a percentage
_AFTER_DATE = re.compile(rf"{PAINT}\d+[月日号]?|.?\d+月(?=[底末初前])|.?\d{{3,}}年")  # 2023年13月, 20223年
_NUMBERED = re.compile(r"[\u4e00-\u9fff]{2}[^;,。]*\d")  # 1培训3期: the first item, or one of something?
_OPENERS = ("", *"≥≤<>=~-,;:(", PAINT)  # a point behind one of these began a number: .95
_NEGATIVE = re.compile(r"(?:^|[≥≤<>=(~为于至达到,;。]|[增降幅]速?|增长|下降|增幅|降幅|变动率|增长率|温度)$")


@dataclass(frozen=True, slots=True)
class Amount:
    """One number, or two with a range between them, where it stands in the painted text.

    `high` is set for a range. `suffix` is the operator that words behind it give: >=, <=, <, >, about.
    `vague` says 多 or 余. `flaw` marks what is there but can't be read for certain.
    """

    start: int
    end: int
    value: Decimal
    measure: str
    high: Decimal | None = None
    suffix: Op | None = None
    vague: bool = False
    scaled: bool = False
    plus_minus: bool = False
    flaw: bool = False


def find_amounts(text: str) -> list[Amount]:
    """All numbers of a text, in order, ranges joined.

    >>> [(str(each.value), each.measure) for each in find_amounts("3359.62万元，三次")]
    [('33596200.00', '元'), ('3', '次')]
    """
    amounts: list[Amount] = []
    place = 0
    while found := _NUMBER.match(text, place) or _BEHIND.search(text, place):
        amount = _read(text, found)
        place = found.end()
        if amount is None:
            continue
        amount = _joined(text, amount)
        amounts.append(_with_suffix(text, amount))
        place = max(place, amounts[-1].end)
    for found in _PORTION.finditer(text):
        if not any(each.start <= found.start() < each.end for each in amounts):
            amounts.append(Amount(found.start(), found.end(), Decimal(0), "", flaw=True))
    return sorted(amounts, key=lambda each: each.start)


def _read(text: str, found: re.Match[str]) -> Amount | None:
    """The number that was found, with its scale and measure; None for Chinese signs that count nothing."""
    start, end = found.span()
    if found["all"]:
        return Amount(start, end, Decimal(100), "%")
    if found["share"]:
        value = _any(found["parts"])
        flaw = value is None or _crooked(text, start, end)
        return Amount(start, end, value or Decimal(0), "%" if found["share"] == "百" else "‰", flaw=flaw)
    if found["tenths"]:
        tenths = _any(found["tenths"]) or Decimal(0)
        flaw = text[end : end + 1].isdigit()
        return Amount(start, end, tenths * 10 + _half(found["half"]), "%", flaw=flaw)
    if found["many"]:
        if found["many"][0] == "数" and start and text[start - 1] in "人次件户个例天起总参量指系分倍岁小":
            return None
        return Amount(start, read_measure(text, end), Decimal(0), "", flaw=True)
    if found["han"]:
        return _counted(text, start, end, read_han(found["han"]), found["han"])
    return _counted(text, start, end, read_digits(found["digits"]))


def _half(sign: str | None) -> int:
    """The points behind 成: 九成五 is 95, 九成半 is 95."""
    return 0 if not sign else 5 if sign == "半" else "一二三四五六七八九".index(sign) + 1


def _any(run: str) -> Decimal | None:
    return read_digits(run) if run[0].isdigit() else read_han_decimal(run)


def _counted(text: str, start: int, end: int, value: Decimal | None, han: str = "") -> Amount | None:
    """The amount of a number just read: with its sign, its 万 and 亿, its measure."""
    if value is None:
        return Amount(start, end, Decimal(0), "", flaw=True)
    if han[:1] in _ROUND and not _ROUNDED.match(text, end) and text[start - 1 : start] not in tuple("近约逾超达满过足"):
        return None  # 百 alone is no number; 百余, 近百 and 百人以上 are
    value, end, scaled, vague = _scaled(text, end, value)
    if skipped := _SKIPPED.match(text, end):
        end = skipped.end()
    some = text[end : end + 1] == "来" and not scaled and read_measure(text, end + 1) > end + 1  # 十来次
    stop, measure = _measure(text, start, end + some)
    if han and not measure and not _TOGETHER.match(text, stop):
        return None
    if measure[:1] in ("万", "亿"):  # 90（万元）
        value, scaled, measure = value * scale(measure[0]), True, measure[1:]
    if bounded(value) is None:
        return Amount(start, stop, Decimal(0), "", flaw=True)
    if not measure and text[start - 1 : start] in ("¥", "￥"):
        measure = "元"
    flaw = _crooked(text, start, stop)
    if not vague and stop > end and measure != "%" and (more := _MORE.match(text, stop)):
        vague, stop = True, more.end()
    if text[start - 1 : start] == "-" and _NEGATIVE.search(text[max(0, start - 6) : start - 1]):
        start, value = start - 1, -value
    suffix: Op | None = "about" if some else None
    return Amount(start, stop, value, measure, suffix=suffix, vague=vague, scaled=scaled, flaw=flaw)


def _scaled(text: str, end: int, value: Decimal) -> tuple[Decimal, int, bool, bool]:
    """The number with 万 and its kin multiplied out, its end, whether it was scaled and is vague (多, 余)."""
    words = _SCALE.match(text, end)
    if words is None or not words[0]:
        return value, end, False, False
    scaled, vague = words["scale"], bool(words["vague"] or words["more"])
    value, end = value * scale(scaled or ""), words.end()
    while scaled and not vague and value < LARGEST and (rest := _CHAINED.match(text, end)):
        value, end = value + Decimal(rest[1]) * scale(rest[2]), rest.end()
    return value, end, bool(scaled), vague


def _measure(text: str, start: int, end: int) -> tuple[int, str]:
    """Where the measure behind a number ends, and the measure: 90（%） too, and the one noun of "≥50教师"."""
    found = _IN_BRACKETS.match(text, end)
    if found and found.end(1) in (read_measure(text, found.start(1)), read_measure(text, found.start(1) + 1)):
        return found.end(), tidy(found[1])
    stop = read_measure(text, end)
    noun = _LONE_NOUN.match(text, end) if stop == end else None
    if noun and (start == 0 or text[start - 1] in "≥≤<>="):
        return noun.end(), noun[0]
    return stop, tidy(text[end:stop])


def _crooked(text: str, start: int, stop: int) -> bool:
    """Whether something round the number forbids reading it: 1/3, 1:20, 3*5米, 10000+, 前10名, 15日前 of no month."""
    before, after = text[max(0, start - 2) : start], text[stop : stop + 2]
    bare = text[stop - 1].isdigit()
    if (
        _STRANGE.match(after)
        or _DAMAGED.match(before)
        or before[-1:] in _STRANGERS
        or _AFTER_DATE.fullmatch(text, max(0, start - 1), stop)
    ):
        return True
    if (bare or text[stop - 1] in "%‰万亿") and _BROKEN.match(after):
        return True
    return (
        (bare and ((after[:1] in tuple("/:、。xX比") and after[1:].isdigit()) or after[:1] == "月"))
        or (after[:1] == "/" and after[1:].isdigit())
        or (bare and after[:1] == "、" and read_measure(text, stop + 1) == len(text))  # 8、场
        or (bare and stop - start < 3 and before[-1:] in ("", ";") and _NUMBERED.match(text, stop) is not None)
        or (before[-1:] == "." and before[:-1] in _OPENERS)
        or after[:1] in ("*", "×", "^", "+")
        or (before[1:] in ("/", ":", "*", "×") and before[:1].isdigit())
        or (before[-1:] == "前" and before != "提前" and (bare or text[stop - 1] in "名位强日天"))
        or (before[-1:] == "点" and before[:1] in _HAN_DIGITS)
        or (text[stop - 1] == "日" and after[:1] == "前")
    )


def _joined(text: str, low: Amount) -> Amount:
    """The amount, or the range it begins: 18-54周岁, 80%-90%, 3至5次, 15-20万元; or 5±1."""
    if text[low.end : low.end + 1] == "±":
        return _tolerance(text, low)
    if low.measure in _LONGER and (rest := _SHORTER[_LONGER[low.measure][1]].match(text, low.end)):
        times, measure = _LONGER[low.measure]
        return replace(low, end=rest.end(), value=low.value * times + Decimal(rest[1]), measure=measure)
    join = _TOGETHER.match(text, low.end)
    if not join or low.flaw:
        return low
    found = _NUMBER.match(text, join.end())
    high = _read(text, found) if found else None
    if found is None or high is None:
        return replace(low, flaw=low.flaw or join[0][-1] == "~")
    if low.measure and high.measure and low.measure != high.measure:
        return low
    value = low.value
    if high.scaled and high.value and not low.scaled and not low.measure:
        value *= high.value / (_read_bare(found) or high.value)
    flaw = high.flaw or value > high.value or low.vague or bool(_THIRD.match(text, high.end))
    flaw = flaw or (value < 0 and join[0] == "-")  # -3-5: a dash, or less than nothing?
    return replace(
        high, start=low.start, value=value, high=high.value, measure=high.measure or low.measure, flaw=flaw, vague=False
    )


def _read_bare(found: re.Match[str]) -> Decimal | None:
    run = found["digits"] or found["han"]
    return _any(run) if run else None


def _tolerance(text: str, middle: Amount) -> Amount:
    found = _NUMBER.match(text, middle.end + 1)
    spread = _read(text, found) if found else None
    if spread is None or (middle.measure and middle.measure != spread.measure):
        return replace(middle, flaw=True)
    if spread.measure == "%" and middle.measure != "%":
        return replace(middle, end=spread.end, flaw=True)
    return replace(spread, start=middle.start, value=middle.value - spread.value, high=middle.value + spread.value)


def _with_suffix(text: str, amount: Amount) -> Amount:
    """The amount with the operator that stands behind it: 以上, 以内, 左右."""
    end = amount.end
    if text[amount.start - 1 : amount.start] == "±" and amount.high is None:
        amount = replace(amount, start=amount.start - 1, value=-amount.value, high=amount.value, plus_minus=True)
    found = _SUFFIX.match(text, end)
    if not found and amount.measure and amount.high is None and (noun := _NOUN.match(text, end)):
        found = _SUFFIX.match(text, noun.end())
    if not found:
        return amount
    if found["about"]:
        return replace(amount, end=found.end(), suffix="about")
    if found["atleast"]:
        return replace(amount, end=found.end(), suffix=">" if found["without"] else ">=")
    if found[0] == "内" and not amount.measure:
        return amount
    return replace(amount, end=found.end(), suffix="<" if found["without"] else "<=")
