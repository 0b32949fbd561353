"""One part of a target against its answer: the verdict, the reason in Chinese, the share reached."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from evalbatch.expression.comparing import as_long, factor
from evalbatch.expression.direction import less_is_better as less_by_name
from evalbatch.expression.doubts import doubt, is_of_each, is_plain
from evalbatch.expression.intervals import Interval, alike, interval_of, ordinal
from evalbatch.expression.pairing import in_measure_of, turned
from evalbatch.expression.progress import is_begun_only, is_count_begun, is_to_come, is_undone
from evalbatch.expression.writing import is_date, write
from evalbatch.model import Part, PartJudgement, Verdict

_SCALED = re.compile(r"\d[,，.\s]*(?P<scale>[万亿千百]+)")
_SCALES = {"万": 10_000, "亿": 100_000_000, "百万": 1_000_000, "千万": 10_000_000}
_SHORT = 16
_FAR = 100  # so many times a ceiling is no overrun but another measure
_BOUNDS = re.compile(r"[≥≤<>≧≦]|不[低高少多超]|以[内下上]|至[少多]|最[多少高低]|控制|之间|区间|范围")
_RATED = re.compile(r"(?:率|满意度|知晓度|占比|比例|比重|%)[）)]?$")
_WORDS = {"met": "达到", "exceeded": "超过", "not-met": "未达到"}


class Asked(NamedTuple):
    """What is known about the indicator beside its target."""

    name: str
    level2: str | None
    less_is_better: bool | None


def compare(part: Part, answer: Part, asked: Asked) -> PartJudgement:
    """Judge one part of a target by the answer that was chosen for it."""
    if is_date(part) != is_date(answer):
        return _cannot_tell(part, answer, f"目标“{part.text}”与完成值“{answer.text}”不是同一类数据，无法比较。")
    result = _compare_dates(part, answer) if is_date(part) else _compare_numbers(part, answer, asked)
    if is_plain(answer):
        return result
    if result.verdict in ("met", "exceeded") and (is_to_come(answer) or _is_begun(part, answer, asked.name)):
        return _cannot_tell(part, answer, f"完成值“{answer.text}”说的不是已经完成的情况，无法判断。")
    if result.verdict == "not-met" and is_of_each(answer) and not is_of_each(part):
        return _cannot_tell(part, answer, f"完成值“{answer.text}”是各自的数，无法判断合计是否达到目标“{part.text}”。")
    return result


def _is_begun(part: Part, answer: Part, name: str) -> bool:
    return (is_begun_only if is_date(part) else is_count_begun)(part, answer, name)


def _cannot_tell(part: Part, answer: Part, because: str) -> PartJudgement:
    return PartJudgement(part, "cannot-tell", because, answer=answer)


def _compare_numbers(part: Part, answer: Part, asked: Asked) -> PartJudgement:
    if because := doubt(part, answer, asked.name):
        return _cannot_tell(part, answer, because)
    if part.measure == "%" and "满意" in asked.name and interval_of(part).low > 100:
        return _cannot_tell(part, answer, f"满意度目标“{part.text}”超过100%，疑为笔误，无法比较。")
    measured = in_measure_of(part, answer)
    if measured is None and _said_of_each(part, answer) and alike(interval_of(part), interval_of(answer)):
        measured = answer
    if measured is None and (roughly := as_long(part, answer, ceiling=_is_ceiling(part, asked))):
        result = _verdict(part, answer, roughly, asked)
        return result if roughly.low == roughly.high else replace(result, ratio=None)  # months don't tell how much
    if measured is None:
        return _cannot_tell(part, answer, f"目标按“{part.measure}”计，完成值按“{answer.measure}”计，无法比较。")
    if answer.measure == "%" and not part.measure and 0 < interval_of(part).low <= 1:
        return _cannot_tell(part, answer, f"目标“{part.text}”没有写百分号，完成值“{answer.text}”是百分数，无法比较。")
    if answer.measure:
        return _verdict(part, answer, measured, asked)
    return _bare(part, answer, asked)


def _said_of_each(part: Part, answer: Part) -> bool:
    """Whether one side says shorter what the other's measure says: 500元 for 500元/人·月, 每户2万元 for 2万元/户."""
    if factor(part.measure.split("/")[0], answer.measure) == 1:
        return True
    counted, *each = answer.measure.replace("·", "/").split("/")
    return "每" in part.text and counted == part.measure and all(word in part.text for word in each)


def _is_ceiling(part: Part, asked: Asked) -> bool:
    return part.op in ("<=", "<") or (part.op == "=" and less(part, asked) is True)


def _bare(part: Part, answer: Part, asked: Asked) -> PartJudgement:
    """A number without measure, read in the target's: 90 against ≤90万元 is 90万元. Doubts are said."""
    value, wanted = interval_of(answer).low, interval_of(part)
    most = wanted.high if wanted.high.is_finite() else wanted.low
    if part.measure in ("%", "‰") and 0 < value <= 1 and max(wanted.low, most) > 1:
        return _cannot_tell(part, answer, f"完成值“{answer.text}”疑为比率写法（应写为百分数），无法比较。")
    if not part.measure and _RATED.search(asked.name) and _is_ratio(value) != _is_ratio(most) and value and most:
        return _cannot_tell(part, answer, f"“{part.text}”与“{answer.text}”一个像百分数、一个像比率，无法比较。")
    written = _SCALED.search(part.text)
    if not written or not isinstance(part.value, Decimal) or abs(part.value) < 100:
        return _verdict(part, answer, answer, asked)
    by = _SCALES.get(written["scale"], 1)
    lifted = _verdict(part, answer, turned(answer, lambda side: side * by), asked)
    if value * by <= _FAR * abs(part.value):
        return lifted
    plain = _verdict(part, answer, answer, asked)
    if {lifted.verdict, plain.verdict} <= {"met", "exceeded"}:
        return replace(plain, ratio=None)  # met in either measure, by how much can't be told
    return _cannot_tell(part, answer, f"完成值“{answer.text}”没有写计量单位，按目标的单位计相差过大，无法比较。")


def _is_ratio(value: Decimal) -> bool:
    """Whether a number of a rate is written as a share of 1 rather than of 100."""
    return value <= Decimal("1.5")


def less(part: Part, asked: Asked) -> bool | None:
    """Whether a bare number of the target is a ceiling: as the scheme says, else as the name tells."""
    if asked.less_is_better is not None:
        return asked.less_is_better
    return less_by_name(part, asked.name or part.text, asked.level2)


def _verdict(part: Part, answer: Part, measured: Part, asked: Asked) -> PartJudgement:
    wanted, given = part, interval_of(measured)
    if part.op in ("=", "about"):
        bound, lower = interval_of(part), less(part, asked)
        if lower is None:
            return _same_or_unsure(part, answer, same=given == bound if part.op == "=" else given.inside(bound))
        wanted = Part("<=", bound.high, measure=part.measure) if lower else Part(">=", bound.low, measure=part.measure)
    where = given.where(interval_of(wanted))
    if where == "across":
        return _cannot_tell(part, answer, f"完成值“{answer.text}”不够准确，无法判断是否达到目标“{part.text}”。")
    if where == "apart" and _is_beyond(part, given, asked):
        because = f"完成值“{answer.text}”超出了目标区间“{part.text}”好的一端，无法判断是否算完成。"
        return _cannot_tell(part, answer, because)
    verdict: Verdict = "not-met" if where == "apart" else "met"
    if where == "inside" and wanted.op in (">=", ">") and (given.low > ordinal(part.value) or given.low_open):
        verdict = "exceeded"
    ratio = _ratio(wanted, measured, met=verdict != "not-met")
    return PartJudgement(part, verdict, _because(part, answer, verdict), ratio, answer)


def _is_beyond(part: Part, given: Interval, asked: Asked) -> bool:
    """Whether an answer lies past the better end of a plain range, 6项 for 3—5项; ≥3且≤5 bounds both ends."""
    if part.op != "between" or part.measure in ("岁", "周岁", "月龄") or _BOUNDS.search(part.text):
        return False
    lower = less(part, asked)
    return (lower is False and given.low > interval_of(part).high) or (
        lower is True and given.high < interval_of(part).low
    )


def _same_or_unsure(part: Part, answer: Part, *, same: bool) -> PartJudgement:
    """A bare number of unsure direction: met by the same number, else nobody can tell."""
    if same:
        return PartJudgement(part, "met", _because(part, answer, "met"), Decimal(1), answer)
    because = f"目标“{part.text}”没有写明以上还是以下，无法判断“{answer.text}”是否达到。"
    return _cannot_tell(part, answer, because)


def _because(part: Part, answer: Part, verdict: Verdict) -> str:
    return f"完成值“{_short(answer)}”，目标“{_short(part)}”，{_WORDS[verdict]}目标。"


def _short(part: Part) -> str:
    """The part as its cell has it, where that is short; else its figures."""
    return part.text if part.text and len(part.text) <= _SHORT else write(part)


def _ratio(wanted: Part, measured: Part, *, met: bool) -> Decimal | None:
    """The share reached: actual ÷ target, or target ÷ actual for a broken ceiling; 0 to 1 when not met."""
    value = _figure(measured)
    if wanted.op == "between":
        low, high = ordinal(wanted.low), ordinal(wanted.high)
        if met:
            return Decimal(1)
        share = _share(value, low) if value < low else _share(high, value)
    else:
        bound = ordinal(wanted.value)
        ceiling = wanted.op in ("<=", "<")
        if met:
            return Decimal(1) if bound <= 0 else value / bound
        share = _share(bound, value) if ceiling else _share(value, bound)
    return min(max(share, Decimal(0)), Decimal(1))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole if whole > 0 and part > 0 else Decimal(0)


def _figure(part: Part) -> Decimal:
    return (ordinal(part.low) + ordinal(part.high)) / 2 if part.op == "between" else ordinal(part.value)


def _compare_dates(part: Part, answer: Part) -> PartJudgement:
    """Dates: the last day of the actual against the deadline; years only where both have one."""
    wanted_part, given_part = _same_years(part, answer)
    wanted, given = interval_of(wanted_part), interval_of(given_part)
    if part.op == "between":
        inside, apart = given.inside(wanted), given.low > wanted.high
    else:
        inside, apart = given.inside(wanted), given.apart(wanted)
    if not inside and not apart:
        return PartJudgement(
            part, "cannot-tell", f"完成时间“{answer.text}”与目标“{part.text}”对不上，无法判断。", answer=answer
        )
    if inside and is_undone(answer):
        if part.op in ("<", "<=") and given.high >= wanted.high:
            return PartJudgement(part, "not-met", f"完成值写明“{answer.text}”，未达到目标“{part.text}”。", None, answer)
        return _cannot_tell(part, answer, f"完成值“{answer.text}”说的是没有完成的情况，无法判断。")
    verdict: Verdict = "met" if inside else "not-met"
    words = "未晚于" if inside else "晚于"
    because = f"完成时间“{_short(answer)}”，{words}目标时间“{_short(part)}”。"
    return PartJudgement(part, verdict, because, Decimal(1) if inside else None, answer)  # a late day has no share


def _same_years(part: Part, answer: Part) -> tuple[Part, Part]:
    sides = [side for each in (part, answer) for side in (each.value, each.low, each.high) if side is not None]
    if all(isinstance(side, date) for side in sides):
        return part, answer
    return _yearless(part), _yearless(answer)


def _yearless(part: Part) -> Part:
    value, low, high = (
        f"{side.month:02d}-{side.day:02d}" if isinstance(side, date) else side
        for side in (part.value, part.low, part.high)
    )
    return replace(part, value=value, low=low, high=high)
