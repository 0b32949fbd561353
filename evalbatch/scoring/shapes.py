"""The shapes of a rule: a cell of parameters in, points and their arithmetic out.

Adding a shape is one class here, in one of the two unions below, and its name in SHAPES. ValueShapes turn one number
into points; what the others need besides (a judgement, conditions, a person) is put to them in rulings.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from evalbatch.scoring.parameters import HOLDS, Pairs, ShapeError, bound, directed, number_at, only
from evalbatch.scoring.words import amount, makes, percent, product, show

Points = tuple[Decimal, str]
"""Points, not rounded, and the arithmetic that gave them, in Chinese."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """Proportional and capped, either direction: 满分：≥95%, and 零分：60% where points start above zero."""

    less_is_better: bool
    full: Decimal
    zero: Decimal | None

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 满分 and, where given, 零分."""
        only(pairs, "满分", "零分")
        less, full = directed(pairs, "满分")
        zero = number_at(pairs, "零分") if "零分" in dict(pairs) else None
        if zero is not None and (zero <= full if less else zero >= full):
            raise ShapeError("零分值应在满分值不好的一侧")
        if zero is None and not less and full <= 0:
            raise ShapeError("满分值为0时请另写零分值")
        return cls(less, full, zero)

    def points(self, value: Decimal, weight: Decimal) -> Points:
        """Give weight × value ÷ standard, or standard ÷ value where less is better."""
        if (value <= self.full) if self.less_is_better else (value >= self.full):
            return weight, f"达到满分标准{_limit(self)}，得满分 {show(weight)} 分"
        if self.zero is not None:
            share = (self.zero - value) / (self.zero - self.full)
            zero, is_now, full = (_same(number, self.full) for number in (self.zero, value, self.full))
            words = f"({zero}-{is_now})÷({zero}-{full}){makes(max(share, Decimal(0)))}"
        else:
            share = self.full / value if self.less_is_better else value / self.full
            full, is_now = _same(self.full, self.full), _same(value, self.full)
            over, under = (f"满分标准 {full}", is_now) if self.less_is_better else (is_now, f"满分标准 {full}")
            words = f"{over} ÷ {under} {makes(max(share, Decimal(0)))}"
        got = weight * min(max(share, Decimal(0)), Decimal(1))
        return got, f"{words}，{product(weight, min(max(share, Decimal(0)), Decimal(1)))}"


def _limit(rule: Proportion) -> str:
    return f"{'≤' if rule.less_is_better else '≥'}{_same(rule.full, rule.full)}"


def _same(number: Decimal, like: Decimal) -> str:
    """Write a standard as a percentage where the standard is a share."""
    return percent(number) if (abs(like) <= 2 and like != like.to_integral_value()) or like == 1 else show(number)


@dataclass(frozen=True, slots=True)
class Steps:
    """Banded steps, the first that holds counts: ≥95%：100%；≥80%：3分；其他：0."""

    steps: tuple[tuple[str, Decimal, Decimal, bool], ...]
    otherwise: tuple[Decimal, bool]

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take the steps in order; 其他 is what is left, 0 where it is not written."""
        steps, otherwise = [], (Decimal(0), False)
        for condition, result in pairs:
            given = amount(result)
            if given is None or given < 0:
                raise ShapeError(f"“{condition}：{result}”后面应是分数或比例，如“≥95%：5分”或“≥95%：100%”")
            share = "%" in result or "％" in result
            if condition in ("其他", "其余", "否则"):
                otherwise = (given, share)
                continue
            sign, limit = bound(condition)
            if not sign:
                raise ShapeError(f"档次“{condition}”缺少≥、≤、>或<")
            steps.append((sign, limit, given, share))
        if not steps:
            raise ShapeError("分档至少写一档，如“≥95%：100%；≥80%：60%；其他：0”")
        return cls(tuple(steps), otherwise)

    def points(self, value: Decimal, weight: Decimal) -> Points:
        """Give the points of the first step that holds, never more than the weight."""
        for sign, limit, given, share in self.steps:
            if HOLDS[sign](value, limit):
                got = min(weight * given if share else given, weight)
                return got, f"落在“{sign}{_same(limit, limit)}”一档，得 {show(got, 4)} 分"
        given, share = self.otherwise
        got = min(weight * given if share else given, weight)
        return got, f"不在前面各档，得 {show(got, 4)} 分"


@dataclass(frozen=True, slots=True)
class Deduction:
    """So many points off for each step past the standard, down to zero: 标准：≤100%；每：1%；扣：0.5.

    A part of a step counts in proportion; 不足：计 counts it whole, 不足：不计 not at all.
    """

    less_is_better: bool
    standard: Decimal
    step: Decimal
    off: Decimal
    off_is_share: bool
    part: Literal["", "计", "不计"]

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 标准, 每, 扣 and, where given, 不足."""
        only(pairs, "标准", "每", "扣", "不足")
        less, standard = directed(pairs, "标准")
        step, off = number_at(pairs, "每", Decimal(1)), number_at(pairs, "扣")
        part = dict(pairs).get("不足", "")
        if step <= 0 or off < 0:
            raise ShapeError("参数“每”应大于0，“扣”不应为负数")
        if part not in ("", "计", "不计"):
            raise ShapeError("参数“不足”只能写“计”或“不计”")
        return cls(less, standard, step, off, "%" in dict(pairs)["扣"], part)  # type: ignore[arg-type]

    def points(self, value: Decimal, weight: Decimal) -> Points:
        """Give the weight less the deductions, never below zero."""
        past = max(value - self.standard if self.less_is_better else self.standard - value, Decimal(0))
        times = past / self.step
        if self.part:
            whole = times.to_integral_value(rounding="ROUND_CEILING" if self.part == "计" else "ROUND_FLOOR")
            times = whole
        each = weight * self.off if self.off_is_share else self.off
        got = max(weight - times * each, Decimal(0))
        mark = _same(self.standard, self.standard if self.standard else self.step)
        if not past:
            return weight, f"未{'超过' if self.less_is_better else '低于'} {mark}，得满分 {show(weight)} 分"
        return got, (
            f"{'超过' if self.less_is_better else '低于'} {mark} 计 {show(times, 4)} 次，每次扣 {show(each, 4)} 分，"
            f"{show(weight)}-{show(times, 4)}×{show(each, 4)}，扣完为止，得 {show(got, 2)} 分"
        )


@dataclass(frozen=True, slots=True)
class Count:
    """So many points for each condition that holds: 每项：1; without it the conditions share the weight."""

    each: Decimal | None

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 每项 where given."""
        only(pairs, "每项")
        each = number_at(pairs, "每项") if pairs else None
        if each is not None and each <= 0:
            raise ShapeError("参数“每项”应大于0")
        return cls(each)

    def points(self, yes: int, conditions: int, weight: Decimal) -> Points:
        """Give the points for `yes` of the conditions."""
        each = self.each if self.each is not None else weight / conditions
        got = min(each * yes, weight)
        return got, f"{conditions} 项条件符合 {yes} 项，每项 {show(each, 2)} 分，得 {show(got, 4)} 分"


@dataclass(frozen=True, slots=True)
class ExecutionRate:
    """Weight × rate, capped; 满分：≥95% gives all from there on."""

    full: Decimal

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 满分 where given, else the whole at 100%."""
        only(pairs, "满分")
        less, full = directed(pairs, "满分") if pairs else (False, Decimal(1))
        if less or full <= 0:
            raise ShapeError("执行率的满分标准应写成“满分：≥100%”")
        return cls(full)

    def points(self, value: Decimal, weight: Decimal) -> Points:
        """Give weight × min(rate, 100%)."""
        if value >= self.full:
            over = "超过100%，按100%计，" if value > 1 else ""
            return weight, f"{over}得满分 {show(weight)} 分"
        got = weight * max(value, Decimal(0))
        return got, product(weight, max(value, Decimal(0)))


@dataclass(frozen=True, slots=True)
class AgainstTarget:
    """Met gives all, not met its share (财预〔2020〕10号): the national rule.

    未完成：不得分 gives nothing, 未完成：人工 leaves it to a person; 下限：60% gives nothing below that share.
    超额：50%；超额处理：人工 sends over-fulfilment to a person, 超额处理：90% gives that share. 定性 names the tiers.
    """

    missed: Literal["按比例", "不得分", "人工"]
    floor: Decimal
    over: Decimal | None
    over_share: Decimal | None
    tiers: str

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 未完成, 下限, 超额, 超额处理 and 定性."""
        only(pairs, "未完成", "下限", "超额", "超额处理", "定性")
        given = dict(pairs)
        missed = given.get("未完成", "按比例")
        if missed not in ("按比例", "不得分", "人工"):
            raise ShapeError("参数“未完成”只能写“按比例”“不得分”或“人工”")
        over = number_at(pairs, "超额") if "超额" in given else None
        handling = given.get("超额处理", "人工")
        share = None if handling == "人工" else amount(handling)
        if handling != "人工" and (share is None or not 0 <= share <= 1):
            raise ShapeError("参数“超额处理”应写“人工”或“90%”这样的比例")
        return cls(missed, number_at(pairs, "下限", Decimal(0)), over, share, given.get("定性", ""))  # type: ignore[arg-type]

    def points(self, value: Decimal, weight: Decimal) -> Points:
        """Give the points for a share reached."""
        if value >= 1:
            return weight, f"得满分 {show(weight, 4)} 分"
        if self.missed == "不得分" or value < self.floor:
            return Decimal(
                0
            ), "未完成，得 0 分" if self.missed == "不得分" else f"低于下限 {percent(self.floor)}，得 0 分"
        return weight * value, product(weight, value)


@dataclass(frozen=True, slots=True)
class Qualitative:
    """Tiers of words give a band, a person the score in it; 档次 names the scheme's tiers."""

    tiers: str

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take 档次 where given, else the scheme's first."""
        only(pairs, "档次")
        return cls(dict(pairs).get("档次", ""))


@dataclass(frozen=True, slots=True)
class Manual:
    """A person decides; until then the self score stands, held between 0 and the weight."""

    @classmethod
    def read(cls, pairs: Pairs) -> Self:
        """Take nothing."""
        only(pairs)
        return cls()


ValueShape = Proportion | Steps | Deduction | ExecutionRate
Shape = ValueShape | Count | AgainstTarget | Qualitative | Manual
SHAPES: dict[str, type[Shape]] = {
    "按目标值": AgainstTarget,
    "执行率": ExecutionRate,
    "按比例": Proportion,
    "分档": Steps,
    "扣分": Deduction,
    "计数": Count,
    "定性": Qualitative,
    "人工": Manual,
}
"""Every shape by the name that a scheme workbook calls it."""
