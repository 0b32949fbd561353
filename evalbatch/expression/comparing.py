"""Which measures can be compared, and what turns a number in one into a number in the other."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from evalbatch.model import Part

_KINDS = {  # measures of one kind count alike
    "people": "人 名 位 员 农民",
    "events": "次 场 场次 回 期 期次 批 批次 轮 轮次 趟 班 班次 届",
    "cases": "起 件 例 宗 案 桩 次 单",
    "households": "户 家 农户",
    "things": "个 家 所 处 座 项 件 台 套 辆 份 篇 条 条次 部 本 册 种 类 宗 栋 幢 间 支 张 幅"
    " 块 口 盏 根 组 只 头 棵 株 台套 件套 项目 单位 企 村 镇 乡 社区 点位 站点 站 点"
    " 网格 道 孔 面 艘 架 枚 队 团 门 节 期 班 场 起 例",
}
_GENERIC = frozenset({"个", "项", "件", "家", "处", "所"})  # a thing may be counted in these, whatever it is
_COUNTS = frozenset({"events", "cases", "households", "things"})

_SIZES = {  # measures of one dimension differ by a factor
    "length": "公里 1000 千米 1000 km 1000 KM 1000 里 500 米 1 m 1 延米 1 延长米 1"
    " 厘米 1/100 cm 1/100 毫米 1/1000 mm 1/1000",
    "area": "平方米 1 平米 1 平方 1 ㎡ 1 m² 1 m2 1 公顷 10000 ha 10000 hm² 10000 hm2 10000 亩 2000/3"
    " 平方公里 1000000 平方千米 1000000 ㎢ 1000000 km² 1000000 km2 1000000",
    "volume": "立方米 1 立方 1 方 1 m³ 1 m3 1 ㎥ 1 升 1/1000 L 1/1000",
    "mass": "吨 1000 公吨 1000 t 1000 千克 1 公斤 1 kg 1 KG 1 斤 1/2 市斤 1/2 克 1/1000 g 1/1000",
    "months": "年 12 个月 1 月 1 季度 3 个季度 3",
    "days": "天 1 日 1 日历天 1 个日历天 1 自然日 1 个自然日 1 周 7 星期 7",
    "workdays": "工作日 1 个工作日 1",
    "minutes": "小时 60 个小时 60 h 60 时 60 分钟 1 分 1 min 1 秒 1/60 秒钟 1/60 s 1/60",
    "lessons": "课时 1 学时 1 个课时 1 个学时 1 节 1",
    "power": "千瓦 1 kW 1 KW 1 兆瓦 1000 MW 1000",
    "energy": "千瓦时 1 kWh 1 KWH 1 kwh 1 度 1 度电 1",
    "air": "微克/立方米 1 μg/m³ 1 μg/m3 1 µg/m³ 1 ug/m3 1 毫克/立方米 1000 mg/m³ 1000 mg/m3 1000",
    "water": "毫克/升 1 mg/L 1 mg/l 1",
    "share": "% 10 ‰ 1 个百分点 10 百分点 10",
    "age": "岁 1 周岁 1",
}


def _kinds() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for kind, members in _KINDS.items():
        for member in members.split():
            found[member] = found.get(member, frozenset()) | {kind}
    return found


def _sizes() -> dict[str, tuple[str, Fraction]]:
    found = {}
    for dimension, sizes in _SIZES.items():
        words = sizes.split()
        for name, size in zip(words[::2], words[1::2], strict=True):
            found[name] = (dimension, Fraction(size))
    return found


_MINUTES = 24 * 60  # of a day
_PER_HEAD = re.compile(r"/人(?=[天日月年])")
_ALTERNATIVE = re.compile(r"([^(（]+)[(（]([^)）]+)[)）]")
_KIND_OF, _SIZE_OF = _kinds(), _sizes()


@lru_cache(maxsize=4096)
def factor(measure: str, other: str) -> Fraction | None:
    """What turns a number in `other` into one in `measure`; None where the two can't be compared.

    >>> factor("人", "名"), factor("人", "人次"), factor("米", "公里")
    (Fraction(1, 1), None, Fraction(1000, 1))
    """
    measure, other = _of_the_year(measure), _of_the_year(other)
    mine, theirs = _SIZE_OF.get(measure), _SIZE_OF.get(other)
    if mine and theirs and mine[0] == theirs[0]:
        return theirs[1] / mine[1]
    if "/" in measure and "/" in other and measure != other:
        (mine_of, mine_each), (their_of, their_each) = (each.rsplit("/", 1) for each in (measure, other))
        amount, each = factor(mine_of, their_of), factor(mine_each, their_each)
        return amount / each if amount and each else None
    if measure == other or any(_count_alike(one, two) for one in _either(measure) for two in _either(other)):
        return Fraction(1)
    return None


def _of_the_year(measure: str) -> str:
    """次/年 counts as 次, for an indicator is of a year; 元/人·月 as 元/人/月, 元/人天 as 元/人/天."""
    return _PER_HEAD.sub("/人/", measure.replace("·", "/")).removesuffix("/年") or measure


def _either(measure: str) -> tuple[str, ...]:
    """What a measure may be called: 台(套) is 台, 套 or 台套."""
    found = _ALTERNATIVE.fullmatch(measure)
    return (found[1], found[2], found[1] + found[2]) if found else (measure,)


def _count_alike(one: str, other: str) -> bool:
    kinds, other_kinds = _KIND_OF.get(one, frozenset()), _KIND_OF.get(other, frozenset())
    both = kinds & other_kinds
    if one == other or both - {"things"}:
        return True
    if both:
        return one in _GENERIC or other in _GENERIC
    return "个" in (one, other) and bool(kinds and other_kinds) and kinds | other_kinds <= _COUNTS


def exact(value: Decimal, by: Fraction) -> Decimal:
    """A value times a factor, in Decimals.

    >>> exact(Decimal("2.5"), Fraction(1000))
    Decimal('2500.0')
    """
    return value if by == 1 else value * Decimal(by.numerator) / Decimal(by.denominator)


def as_long(part: Part, answer: Part, *, ceiling: bool) -> Part | None:
    """The answer's time in the target's measure where calendars or clocks must say: 2天 as 48小时, 1个月 as 28 to 31天.

    A day is 24 hours only under a limit: a day of lessons is shorter. None for whatever is no time.
    """
    if not isinstance(answer.value, Decimal) or answer.op != "=":
        return None
    asked, given = (_SIZE_OF.get(each.measure, ("", Fraction(1))) for each in (part, answer))
    value = exact(answer.value, given[1])
    match (given[0], asked[0]):
        case ("days", "minutes") if ceiling:
            low = high = value * _MINUTES
        case ("minutes", "days") if ceiling:
            low = high = value / _MINUTES
        case ("months", "days"):
            low, high = value * 30 - 2, value * 31
        case ("days", "months"):
            low, high = value / 31, (value + 2) / 30
        case _:
            return None
    low, high = (exact(each, 1 / asked[1]) for each in (low, high))
    return replace(answer, op="between", value=None, low=low, high=high, measure=part.measure)
