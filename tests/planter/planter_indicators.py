"""Indicators as units write them: names by kind, and for each a target with an actual of a wanted fate."""

import random
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

COUNTS = [
    ("count", "开展业务培训场次", "场"),
    ("count", "组织专项检查次数", "次"),
    ("count", "养护农村公路里程", "公里"),
    ("count", "改造老旧小区数量", "个"),
    ("count", "发放宣传资料份数", "份"),
    ("count", "补助困难群众人数", "人"),
    ("count", "维修校舍面积", "平方米"),
    ("count", "购置办公设备数量", "台"),
    ("count", "举办文艺演出场次", "场次"),
    ("count", "服务群众人次", "人次"),
    ("count", "完成项目评审数量", "项"),
    ("count", "种植苗木数量", "株"),
    ("count", "走访慰问户数", "户"),
    ("count", "资助学生人数", "名"),
    ("count", "检测样品批次", "批次"),
    ("count", "聘用护林员人数", "人"),
    ("count", "新建公共厕所", "座"),
    ("count", "巡查河道长度", "千米"),
    ("both", "组织业务培训", "期"),
    ("both", "召开工作推进会", "次"),
]
QUALITIES = [
    ("rate", "工程验收合格率"),
    ("rate", "培训合格率"),
    ("rate", "设备质量合格率"),
    ("rate", "资料归档完整率"),
    ("rate", "补助对象准确率"),
    ("rate", "政府采购率"),
    ("rate", "案件办结率"),
    ("rate", "系统正常运行率"),
]
TIMES = [
    ("rate", "资金发放及时率"),
    ("rate", "任务按期完成率"),
    ("date", "项目完成时间"),
    ("date", "资金拨付时间"),
    ("within", "平均办结时限", "个工作日"),
    ("within", "应急响应时间", "小时"),
    ("rate", "报送及时率"),
]
COSTS = [
    ("cost", "项目总成本", "万元"),
    ("cost", "培训人均成本", "元/人"),
    ("cost", "预算控制数", "万元"),
    ("cost", "每公里养护成本", "万元/公里"),
    ("cost", "设备购置成本", "万元"),
    ("ceiling", "成本控制率", "%"),
]
BENEFITS = {
    "经济效益指标": [
        ("growth", "农民人均可支配收入增长率"),
        ("count", "带动就业人数", "人"),
        ("money", "带动社会投资", "万元"),
        ("words", "促进当地经济发展"),
    ],
    "社会效益指标": [
        ("count", "受益群众人数", "人"),
        ("none", "重大安全责任事故发生数", "起"),
        ("words", "群众生活质量改善程度"),
        ("ceiling", "有效投诉件数", "件"),
        ("rate", "政策知晓率"),
        ("words", "社会治安水平"),
    ],
    "生态效益指标": [("rate", "空气质量优良天数比例"), ("words", "生态环境改善情况"), ("none", "环境污染事件数", "次")],
    "可持续影响指标": [
        ("words", "长效管理机制健全性"),
        ("words", "对行业发展的持续影响"),
        ("count", "设施使用年限", "年"),
    ],
}
SATISFIED = [("rate", "服务对象满意度"), ("rate", "受益群众满意度"), ("rate", "参训学员满意度")]
REASONS = {
    "missed": (
        "受台风天气影响，部分任务推迟到下年完成，已列入下年计划。",
        "因采购流程较长，年底前未能全部完成，下年加快进度。",
        "申报人数少于预期，今后加强宣传。",
        "部分群众外出务工未能参加，今后提前通知并调整时间。",
    ),
    "over": (
        "年中上级增加了任务。",
        "群众参与积极性高，超出年初预计；今后科学设置目标。",
        "结合主题教育增加了活动安排。",
    ),
}
_WORDS = (
    ("有效改善", "达成预期指标"),
    ("明显提升", "完成"),
    ("持续提升", "较上年持续提升"),
    ("效果明显", "达成预期指标"),
    ("逐步健全", "已建立健全相关制度，运行良好"),
    ("有所提高", "达成年度指标"),
    ("长期", "长期"),
    ("显著", "较显著"),
)
FLOORS = (
    "≥{n}{m}",
    "≥{n}{m}",
    ">={n}{m}",
    "不少于{n}{m}",
    "至少{n}{m}",
    "{n}{m}",
    "{n}{m}以上",
    "≥ {n} {m}",
    "≧{n}{m}",
    "不低于{n}{m}",
    "大于等于{n}{m}",
    "＞={n}{m}",
)
CEILINGS = (
    "≤{n}{m}",
    "≤{n}{m}",
    "<={n}{m}",
    "不超过{n}{m}",
    "控制在{n}{m}以内",
    "{n}{m}以内",
    "≦{n}{m}",
    "不高于{n}{m}",
)
ANSWERS = ("{n}{m}", "{n}{m}", "{n}{m}", "{n}", "完成{n}{m}", "实际{n}{m}", "已完成{n}{m}", "全年{n}{m}", "共{n}{m}")


@dataclass(frozen=True)
class Wanted:
    """An indicator's name, target and actual; `bound` and `done` are the numbers in them, `share` what was reached."""

    kind: str
    name: str
    target: Any
    actual: Any
    fate: str
    bound: Decimal | None = None
    done: Decimal | None = None
    measure: str = ""
    share: Decimal | None = None
    split: tuple[Any, Any, Any] | None = None


def wanted(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    """Draw target and actual for an indicator; a kind that can't have the fate is met."""
    return _DRAWN[kind[0]](rng, kind, fate, year)


def _typed(rng: random.Random, templates: tuple[str, ...], number: Decimal, measure: str) -> Any:
    template = rng.choice(templates)
    if template == "{n}" and rng.random() < 0.7:
        return number
    return template.format(n=f"{number:f}", m=measure)


def _number(rng: random.Random, *, whole: bool = True) -> Decimal:
    if not whole:
        return Decimal(rng.randrange(100, 90000)) / 100
    return Decimal(rng.choice((rng.randrange(4, 60), rng.randrange(4, 60), rng.randrange(100, 9000))))


def _count(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    _, name, measure = kind
    bound = _number(rng, whole=measure not in ("公里", "千米", "平方米") or rng.random() < 0.5)
    if name.endswith("年限"):
        bound, fate = Decimal(rng.randrange(5, 30)), "met"
    if fate == "met":
        done = bound if rng.random() < 0.5 else bound + bound * rng.randrange(1, 28) // 100
    elif fate == "over":
        done = bound + (bound * Decimal(rng.randrange(35, 150)) / 100).to_integral_value() + 1
    else:
        done = max((bound * Decimal(rng.randrange(50, 97)) / 100).to_integral_value(), Decimal(1))
        done = done if done < bound else bound - 1
    share = done / bound if fate == "missed" else None
    return Wanted(
        "count",
        name,
        _typed(rng, FLOORS, bound, measure),
        _typed(rng, ANSWERS, done, measure),
        fate,
        bound,
        done,
        measure,
        share,
        (rng.choice(("≥", "≥", "=")), bound, measure),
    )


def _rate(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    from planter.planter_content import Percent  # the two modules describe one form

    bound = Decimal(rng.choice((80, 85, 90, 95, 95, 98, 100)))
    fate = "missed" if fate == "missed" else "met"
    if fate == "missed":
        done = bound - Decimal(rng.randrange(50, 2500)) / 100
    else:
        done = min(bound + Decimal(rng.randrange(0, 500)) / rng.choice((100, 50)), Decimal(100))
    floors = ("≥{n}%", "≥{n}%", "{n}%", "不低于{n}%", "达到{n}%以上", "{n}%以上", "≥{n}％", ">={n}%", "≥ {n} %")
    target = rng.choice(floors if bound < 100 else ("100%", "=100%", "达到100%", "≥100%")).format(n=bound)
    actual: Any = Percent(done)
    if rng.random() < 0.2:
        actual = rng.choice(("达到{n}%", "{n}％", "实际{n}%")).format(n=done)
    split = ("≥" if bound < 100 else "=", bound, "%")
    share = done / bound if fate == "missed" else None
    return Wanted("rate", kind[1], target, actual, fate, bound, done, "%", share, split)


def _date(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    month = rng.randrange(9, 13)
    last = {9: 30, 10: 31, 11: 30, 12: 31}[month]
    target = rng.choice(
        (
            "{y}年{m}月{d}日前",
            "{y}年{m}月底前",
            "{m}月底前",
            "{m}月{d}日前",
            "{y}年{m}月{d}日前完成",
            "{y}年{m}月底前完成",
        )
    )
    actual = rng.choice(
        (
            "{y}年{a}月{d}日",
            "{y}年{a}月",
            "{a}月底",
            "{a}月{d}日",
            "{y}年{a}月{d}日完成",
            "{y}.{a}.{d}",
            "{y}-{a:02d}-{d}",
        )
    )
    early = rng.randrange(6, month)
    return Wanted("date", kind[1], target.format(y=year, m=month, d=last), actual.format(y=year, a=early, d=28), "met")


def _ceiling(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    _, name, measure = kind
    fate = "missed" if fate == "missed" else "met"
    whole = measure in ("个工作日", "小时", "件", "元/人")
    bound = Decimal(100) if measure == "%" else Decimal(rng.randrange(2, 20)) if whole else _number(rng, whole=False)
    bound = bound * 100 if measure == "元/人" else bound
    if fate == "missed":
        done = bound + max(
            (bound * Decimal(rng.randrange(5, 40)) / 100).quantize(Decimal(1) if whole else Decimal("0.01")), Decimal(1)
        )
    else:
        done = (bound * Decimal(rng.randrange(60, 101)) / 100).quantize(
            Decimal(1) if whole else Decimal("0.01"), rounding=ROUND_HALF_UP
        )
    share = bound / done if fate == "missed" else None
    return Wanted(
        "ceiling",
        name,
        _typed(rng, CEILINGS, bound, measure),
        _typed(rng, ANSWERS[:5], done, measure) if measure != "%" else f"{done}%",
        fate,
        bound,
        done,
        measure,
        share,
        ("≤", bound, measure),
    )


def _growth(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    bound = Decimal(rng.randrange(3, 9))
    done = bound + Decimal(rng.randrange(0, 30)) / 10
    target = rng.choice(("≥{n}%", "增长{n}%以上", "不低于{n}%")).format(n=bound)
    return Wanted(
        "growth",
        kind[1],
        target,
        rng.choice(("{n}%", "增长{n}%")).format(n=done),
        "met",
        bound,
        done,
        "%",
        None,
        ("≥", bound, "%"),
    )


def _none(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    target = rng.choice(("0{m}", "0", "≤0{m}", "零发生", "={n}{m}")).format(m=kind[2], n=0)
    actual: Any = rng.choice(("0{m}", "0", "未发生", "0{m}")).format(m=kind[2])
    return Wanted(
        "none",
        kind[1],
        target,
        Decimal(0) if actual == "0" and rng.random() < 0.5 else actual,
        "met",
        Decimal(0),
        Decimal(0),
        kind[2],
        None,
        ("=", Decimal(0), kind[2]),
    )


def _words(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    target, actual = rng.choice(_WORDS)
    return Wanted("words", kind[1], target, actual, "met")


def _both(rng: random.Random, kind: tuple[str, ...], fate: str, year: int) -> Wanted:
    count, rate = rng.randrange(4, 12), rng.choice((90, 95))
    more, share = count + rng.randrange(0, 2 if count < 8 else 3), rate + rng.randrange(0, 5)
    measure = kind[2]
    targets = (
        "≥{n}{m}，参会率≥{r}%",
        "至少{n}{m}，参会率达{r}%以上",
        "{n}{m}以上；参会率不低于{r}%",
        "≥{n}{m}、参会率≥{r}%",
    )
    actuals = ("{n}{m}，参会率{r}%", "已开展{n}{m}，参会率达{r}%", "{n}{m}；参会率{r}%")
    return Wanted(
        "both",
        kind[1],
        rng.choice(targets).format(n=count, m=measure, r=rate),
        rng.choice(actuals).format(n=more, m=measure, r=share),
        "met",
        Decimal(count),
        Decimal(more),
        measure,
    )


_DRAWN = {
    "count": _count,
    "money": _count,
    "rate": _rate,
    "date": _date,
    "within": _ceiling,
    "cost": _ceiling,
    "ceiling": _ceiling,
    "growth": _growth,
    "none": _none,
    "words": _words,
    "both": _both,
}
