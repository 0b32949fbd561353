"""Target and actual as judged in, a ruling out: met gives all, not met its share, words a band."""

from collections.abc import Sequence
from decimal import Decimal

from evalbatch.model import Judgement, Part, PartJudgement
from evalbatch.scoring.ruling import Asked, Ruling, certain, open_to
from evalbatch.scoring.scheme import Scheme, Tier
from evalbatch.scoring.shapes import AgainstTarget
from evalbatch.scoring.words import makes, percent, plain, product, rounded, show

_MET = ("met", "exceeded")
_ORDINALS = "①②③④⑤⑥⑦⑧⑨⑩"


def rule_by_target(shape: AgainstTarget, asked: Asked, scheme: Scheme) -> Ruling:
    """Give the weight, or the share reached; compound parts share the weight equally."""
    if asked.target.kind == "blank" and not asked.row.heads:
        return open_to(asked.weight, "没有填写目标值，无法比较", asked.inputs)
    doubtful = [judged for judged in asked.judgements if not _decided(judged, shape)]
    if asked.target.kind == "qualitative" and (doubtful or not any(j.parts for j in asked.judgements)):
        return rule_by_tiers(asked, scheme, shape.tiers)
    if doubtful or not asked.judgements:
        why = "；".join(dict.fromkeys(_bare(judged.because) for judged in doubtful))
        return open_to(asked.weight, why or "不能判断是否完成", asked.inputs)
    if shape.missed == "人工" and any(judged.verdict == "not-met" for judged in asked.judgements):
        why = "；".join(_bare(judged.because) for judged in asked.judgements)
        return open_to(asked.weight, f"{why}，未完成由人工核定", asked.inputs)
    if far := _far_over(shape, asked.judgements):
        return _over(shape, asked, far)
    return _by_shares(shape, asked)


def rule_by_tiers(asked: Asked, scheme: Scheme, tiers: str) -> Ruling:
    """Find the tier that the answer's words belong to; the score within its band is a person's."""
    if asked.actual.kind == "blank":
        return open_to(asked.weight, "没有填写完成情况", asked.inputs)
    chosen = scheme.tiers.get(tiers) or next(iter(scheme.tiers.values()), ())
    tier = tier_of(chosen, asked.target.text, asked.actual.text)
    if tier is None:
        return open_to(asked.weight, f"定性目标，完成情况“{asked.actual.text}”分不清属于哪一档", asked.inputs)
    low, high = tier.low * asked.weight, tier.high * asked.weight
    words = f"定性目标，完成情况属“{tier.name}”一档，得分应在 {show(low, 2)}～{show(high, 2)} 分之间"
    return Ruling(words, band=(low, high), inputs=asked.inputs)


def tier_of(tiers: Sequence[Tier], target: str, actual: str) -> Tier | None:
    """Find the one tier that an answer's words speak for; None for none, for several, or for a denial.

    An answer that repeats the target claims the highest tier. A short word must be the whole answer.

    >>> high, low = Decimal("0.8"), Decimal("0.6")
    >>> tiers = (Tier("达成", high, Decimal(1), ("达成预期指标",)), Tier("未达成", Decimal(0), low))
    >>> tier_of(tiers, "效果明显", "达成预期指标").name, tier_of(tiers, "效果明显", "未达成").name
    ('达成', '未达成')
    >>> tier_of(tiers, "效果明显", "尚未达成预期指标的一半")
    """
    answer = plain(actual).strip("。.,;!")
    if not answer:
        return None
    known = {plain(word): tier for tier in tiers for word in (tier.name, *tier.words)}
    if answer in known:
        return known[answer]
    if answer == plain(target):
        return max(tiers, key=lambda tier: tier.high, default=None)
    rest, found = answer, []
    for word in sorted(known, key=len, reverse=True):
        if len(word) > 2 and word in rest:
            if rest[: rest.index(word)].endswith(tuple("未没不无尚非")):
                return None
            found.append(known[word])
            rest = rest.replace(word, "，")
    return found[0] if len({tier.name for tier in found}) == 1 else None


def _decided(judged: Judgement, shape: AgainstTarget) -> bool:
    """Whether the judgement gives one score: each part met, or missed by a known share."""
    if judged.verdict in _MET:
        return True
    return (
        judged.verdict == "not-met" and bool(judged.parts) and all(_part_decided(part, shape) for part in judged.parts)
    )


def _part_decided(part: PartJudgement, shape: AgainstTarget) -> bool:
    """Whether the part is met, or missed by a share that an exact answer gives, which 近30家 does not give."""
    return _reached(part) is not None or (part.verdict == "not-met" and shape.missed != "按比例")


def share_reached(judgements: Sequence[Judgement]) -> Decimal | None:
    """Return the share of rows' targets that was reached, each row and each part counting alike; None where inexact."""
    shares = []
    for judged in judgements:
        reached = [_reached(part) for part in judged.parts]
        if not reached or any(share is None for share in reached):
            return None
        shares.append(sum((share for share in reached if share is not None), Decimal(0)) / len(reached))
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def _reached(part: PartJudgement) -> Decimal | None:
    if part.verdict in _MET:
        return Decimal(1)
    exact = part.verdict == "not-met" and (part.answer is None or (part.answer.op == "=" and not part.answer.vague))
    return max(min(part.ratio, Decimal(1)), Decimal(0)) if exact and part.ratio is not None else None


def _far_over(shape: AgainstTarget, judgements: Sequence[Judgement]) -> PartJudgement | None:
    """Return the part of a more-is-better target that was passed by more than the scheme lets go."""
    if shape.over is None or any(judged.less_is_better or judged.verdict == "not-met" for judged in judgements):
        return None
    for part in (part for judged in judgements for part in judged.parts):
        if part.ratio is not None and part.part.op in (">=", ">", "=") and part.ratio >= 1 + shape.over:
            return part
    return None


def _over(shape: AgainstTarget, asked: Asked, far: PartJudgement) -> Ruling:
    assert shape.over is not None
    told = f"{_told(far)}，超过目标 {percent(shape.over)} 以上"
    if shape.over_share is None:
        return open_to(asked.weight, told, asked.inputs)
    points = asked.weight * shape.over_share
    return certain(points, f"{told}，{product(asked.weight, shape.over_share)}", asked.inputs)


def _by_shares(shape: AgainstTarget, asked: Asked) -> Ruling:
    """Add up what each part of each judgement earns of its equal share."""
    total, shown, words = Decimal(0), Decimal(0), []
    for judged in asked.judgements:
        share = asked.weight / len(asked.judgements)
        if not judged.parts:
            total += share
            shown += rounded(share, 4)
            words.append(f"{_bare(judged.because)}，得满分 {show(share, 4)} 分")
        for part in judged.parts:
            each = share / len(judged.parts)
            reached = Decimal(1) if part.verdict in _MET else max(min(part.ratio or Decimal(0), Decimal(1)), Decimal(0))
            points, arithmetic = shape.points(reached, each)
            total += points
            shown += rounded(points, 2 if "×" in arithmetic else 4)
            words.append(f"{_told(part)}，{arithmetic}")
        if judged.note:
            words[-1] += f"（{judged.note}）"
    if len(words) == 1:
        return certain(total, words[0], asked.inputs)
    listed = "；".join(f"{_ORDINALS[at] if at < len(_ORDINALS) else at + 1}{text}" for at, text in enumerate(words))
    sign = "=" if shown == total else "≈"
    told = f"{len(words)} 项要求平分 {show(asked.weight)} 分：{listed}；合计{sign}{show(total, 2)}"
    return certain(total, told, asked.inputs)


def _bare(because: str) -> str:
    """A reason without its full stop, to go on from."""
    return because.rstrip("。")


def _vague(answer: Part) -> str:
    """The word for an inexact number: 10多场 is 超过 10场."""
    return {">": "超过 ", "<": "不到 ", "about": "约 "}.get(answer.op, "") if answer.vague else ""


def _told(part: PartJudgement) -> str:
    """Say a comparison as a division where it was one, else in the judgement's own words."""
    target, answer = part.part.value, part.answer.value if part.answer else None
    capped = part.verdict in _MET and part.ratio is not None and part.ratio < 1  # under a ceiling: no share to tell
    if capped or part.ratio is None or not isinstance(target, Decimal) or not isinstance(answer, Decimal):
        return _bare(part.because)
    done = f"完成值 {_vague(part.answer)}{show(answer)}{part.answer.measure}" if part.answer else ""
    wanted = f"目标值 {show(target)}{part.part.measure}"
    for over, under, text in ((answer, target, f"{done} ÷ {wanted}"), (target, answer, f"{wanted} ÷ {done}")):
        if under and abs(over / under - part.ratio) < Decimal("0.000001"):
            sign, ratio = makes(part.ratio)[0], percent(part.ratio)
            return f"{text} {sign} {ratio}，{'已完成' if part.verdict in _MET else '未完成'}"
    return _bare(part.because)
