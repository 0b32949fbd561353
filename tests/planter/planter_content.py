"""Forms in order: what a careful unit would fill in, drawn by a seeded generator, before any dress.

Nothing here knows how a form is read or checked: amounts add up, rates follow from them, scores follow from the
national rule (weight × rate; met: the weight; not met: its share, rounded once to two decimals), and what is due a
reason has one.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from planter.planter_indicators import BENEFITS, COSTS, COUNTS, QUALITIES, REASONS, SATISFIED, TIMES, Wanted, wanted

CENT = Decimal("0.01")


class Unsuitable(Exception):
    """This can't be done with this form; another will do."""


@dataclass(frozen=True)
class Percent:
    """A percentage: text in most dresses, a cell with a percent format in others. `exact` is the unrounded number."""

    shown: Decimal
    exact: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.shown}%"


@dataclass(frozen=True)
class Raw:
    """Typed exactly so, whatever the dress: text, a number in a cell of a format, or a formula with its result."""

    value: Any
    format: str = ""
    formula: str = ""


@dataclass
class Money:
    """One row of money in 万元."""

    item: str
    kind: str
    initial: Any = None
    adjusted: Any = None
    executed: Any = None
    weight: Any = None
    rate: Any = None
    score: Any = None


@dataclass
class Row:
    """One indicator; `fate` is met, missed (with a reason) or over (30% or more above the target, with a reason)."""

    level1: str
    level2: str
    wanted: Wanted
    fate: str
    name: str
    target: Any
    actual: Any
    weight: Any
    score: Any
    reason: Any = None
    split: tuple[Any, Any, Any] | None = None

    def target_text(self) -> str:
        """What a person reads as the target, sign and measure included."""
        return str(self.target)


@dataclass
class Form:
    """One form as it would be filled in."""

    form: str
    year: int
    unit: str
    code: str
    project: str
    department: str
    money: list[Money]
    goal: str
    goal_actual: str
    rows: list[Row]
    total_weight: Any
    total_score: Any
    grade: Any
    prepared_by: Any
    phone: Any
    filled_on: Any
    version: Any = None
    aside: dict[str, Any] = field(default_factory=dict)


def half_up(number: Decimal, step: Decimal = CENT) -> Decimal:
    return number.quantize(step, rounding=ROUND_HALF_UP)


def rate_of(executed: Decimal, base: Decimal) -> Percent:
    exact = executed / base * 100
    return Percent(half_up(exact), exact)


PROJECTS = (
    "农村公路养护补助",
    "教师培训专项经费",
    "乡村振兴产业帮扶项目",
    "老旧小区改造工程",
    "环境空气监测能力建设",
    "文化惠民演出活动经费",
    "社会救助补助资金",
    "智慧政务平台运维费",
    "森林防火专项经费",
    "职工服务中心运转经费",
    "2023年疾控体系建设项目",
    "“三支一扶”人员补助",
    "委托业务费（法律顾问）",
    "小型水库除险加固工程",
)
UNITS = (
    "教育局",
    "水务局",
    "交通运输局",
    "卫生健康局",
    "民政局",
    "农业农村局",
    "文化广电旅游体育局",
    "应急管理局",
    "林业局",
    "总工会",
    "司法局",
    "信访局",
    "残疾人联合会",
    "融媒体中心",
    "政务服务数据管理局",
)
PEOPLE = ("陈明", "李小红", "欧阳文", "王芳", "林志强", "黄丽")


def form_in_order(
    rng: random.Random, form: str = "project", unit: str | None = None, year: int = 2023, changed: bool = True
) -> Form:
    """Draw one form in order; `changed` lets the budget be adjusted in the year, which old forms have no place for."""
    money = _money(rng, changed)
    groups = rng.choice(((10, 50, 30, 10), (10, 40, 30, 20), (20, 40, 30, 10), (10, 60, 20, 10), (10, 50, 20, 20)))
    rows = _rows(rng, groups[1:], year)
    money[0].weight, money[0].score = _execution(money[0], Decimal(groups[0]))
    low = money[0].executed / money[0].adjusted < Decimal("0.8")
    total = money[0].score + sum(row.score for row in rows)
    short = unit or rng.choice(UNITS)
    why = "受施工进度影响，部分尾款结转下年支付。" if low else ""
    return Form(
        form=form,
        year=year,
        unit=f"示例市示例区{short}",
        code=f"{rng.randrange(100, 999)}001",
        project=rng.choice(PROJECTS),
        department=f"示例市示例区{short}",
        money=money,
        goal=f"保障{short}各项工作正常开展，按期完成年度任务{rng.randrange(3, 20)}项，提升服务水平。",
        goal_actual=f"{why}已完成年度任务，{rng.choice(('各项工作有序推进', '服务水平得到提升', '群众反映良好'))}。",
        rows=rows,
        total_weight=Decimal(100),
        total_score=total,
        grade=grade_of(total),
        prepared_by=rng.choice(PEOPLE),
        phone=rng.choice(("0759-3301234", "13800138000", "3301234", "0759－3309876")),
        filled_on=date(year + 1, rng.randrange(1, 6), rng.randrange(1, 29)),
    )


def grade_of(total: Decimal) -> str:
    return next(name for name, low in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if total >= low)


def settle_total(form: Form) -> None:
    """Add the scores up again, and grade them."""
    form.total_score = sum((row.score for row in form.rows), Decimal(0)) + (form.money[0].score or 0)
    form.grade = grade_of(form.total_score)


def _money(rng: random.Random, changed: bool) -> list[Money]:
    initial = half_up(Decimal(rng.randrange(500, 300000)) / rng.choice((1, 7, 10, 100)) + 1)
    adjusted = (
        initial if not changed or rng.random() < 0.6 else half_up(initial * Decimal(rng.randrange(85, 130)) / 100)
    )
    share = Decimal(rng.choice((rng.randrange(8000, 9999), rng.randrange(4000, 7990), 9950))) / 10000
    same = adjusted == initial and rng.random() < 0.3
    executed = adjusted if same else half_up(adjusted * share)
    total = Money("年度资金总额", "total", initial, adjusted, executed, rate=rate_of(executed, adjusted))
    fiscal = rng.choice(("其中：当年财政拨款", "其中：本年财政拨款", "其中：财政拨款"))
    items = (fiscal, "上年结转资金", "其他资金")
    kinds = ("appropriation", "carried_over", "other_funds")
    split = rng.choice(((1, 0, 0), (Decimal("0.7"), Decimal("0.3"), 0), (Decimal("0.6"), Decimal("0.3"), 1)))
    rows = [total]
    left = {column: getattr(total, column) for column in ("initial", "adjusted", "executed")}
    for at, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        last = all(not share for share in split[at + 1 :])
        row = Money(item, kind)
        for column, rest in left.items():
            part = rest if last else half_up(getattr(total, column) * Decimal(split[at]))
            part = part if split[at] else Decimal(0)
            setattr(row, column, part if part or rng.random() < 0.5 else None)
            left[column] = rest - part
        rows.append(row)
    return rows


def _execution(total: Money, weight: Decimal) -> tuple[Decimal, Decimal]:
    return weight, half_up(weight * min(total.executed / total.adjusted, Decimal(1)))


LEVELS = {
    "产出指标": (("数量指标", COUNTS, 3), ("质量指标", QUALITIES, 2), ("时效指标", TIMES, 2), ("成本指标", COSTS, 2)),
    "效益指标": tuple((level2, pool, 2) for level2, pool in BENEFITS.items()),
    "满意度指标": (("服务对象满意度指标", SATISFIED, 2),),
}


def _rows(rng: random.Random, groups: tuple[int, ...], year: int) -> list[Row]:
    rows = []
    for (level1, kinds), mark in zip(LEVELS.items(), groups, strict=True):
        chosen = [
            (level2, one)
            for level2, pool, most in kinds
            for one in rng.sample(pool, rng.randrange(0 if level1 == "效益指标" else 1, min(most, len(pool)) + 1))
        ] or [(kinds[0][0], kinds[0][1][0])]
        for (level2, one), weight in zip(chosen, _weights(rng, mark, len(chosen)), strict=True):
            rows.append(_row(rng, level1, level2, one, weight, year))
    return rows


def _weights(rng: random.Random, mark: int, count: int) -> list[Decimal]:
    """Weights that add up to the group's mark: even, uneven, or with halves."""
    each = Decimal(mark) / count
    step = rng.choice((Decimal(1), Decimal("0.5"), CENT)) if count > 1 else CENT
    weights = [max(each.quantize(step, rounding=ROUND_HALF_UP), step)] * (count - 1)
    if count > 2 and weights[0] > 2:
        weights[0], weights[1] = weights[0] + 1, weights[1] - 1
    last = mark - sum(weights, Decimal(0))
    return [*weights, last] if last > 0 else _weights(rng, mark, count)


def _row(rng: random.Random, level1: str, level2: str, kind: tuple[str, ...], weight: Decimal, year: int) -> Row:
    fate = rng.choices(("met", "missed", "over"), (8, 2, 1))[0]
    drawn = wanted(rng, kind, fate, year)
    share = Decimal(1) if drawn.share is None else drawn.share
    score = half_up(weight * share)
    reason = None
    if drawn.fate != "met":
        reason = rng.choice(REASONS[drawn.fate])
    elif rng.random() < 0.2:
        reason = rng.choice(("无", "—", "无偏差", "/"))
    return Row(
        level1, level2, drawn, drawn.fate, drawn.name, drawn.target, drawn.actual, weight, score, reason, drawn.split
    )
