"""Target and actual in, Judgement out: part by part, met or not or not to be told, and why."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from evalbatch.expression.direction import less_is_better as less_by_name
from evalbatch.expression.pairing import Pair, in_measure_of, pair, turned
from evalbatch.expression.stretches import ordinal, stretch
from evalbatch.expression.wholes import number, taken_as
from evalbatch.expression.writing import is_date, write
from evalbatch.model import Expression, Judgement, Part, PartJudgement, Verdict

_SCALED = re.compile(r"\d\s*[,，.\d\s]*\s*(?P<scale>[万亿千百]+)")
_SCALES = {"万": 10_000, "亿": 100_000_000, "百万": 1_000_000, "千万": 10_000_000}
_DONE = re.compile(
    r"(?:已|全部|均|按期|按时|顺利)[^,;，；。未]{0,4}(?:完成|落实|办结|实施)|(?:完成|落实|办结)(?:了|完毕)?$"
)
_UNDONE = re.compile(r"未|没有|正在|部分|尚|仍")
_RATE_OF_DONE = re.compile(r"完成率|办结率|落实率|完成比例|完成任务率|实施率")
_SHORT = 16
_FAR = 100  # so many times a ceiling is no overrun but another measure
_WORDS = {"met": "达到", "exceeded": "超过", "not-met": "未达到"}


class Asked(NamedTuple):
    """What is known about the indicator beside its target."""

    name: str
    level2: str | None
    less_is_better: bool | None


def judge(
    target: Expression,
    actual: Expression,
    *,
    name: str = "",
    level1: str | None = None,  # noqa: ARG001 - part of the door; level 2 is what tells direction today
    level2: str | None = None,
    less_is_better: bool | None = None,
) -> Judgement:
    """Judge an actual against its target, part by part, each part's reason in Chinese.

    An operator fixes the direction; a bare number takes it from `less_is_better`, else from the indicator's
    name and kind; where that is unsure the verdict is cannot-tell (product.md, Understand).

    >>> from evalbatch.expression import parse_actual, parse_target
    >>> judgement = judge(parse_target("≥8场，6000人"), parse_actual("10多场，覆盖8000多名职工"))
    >>> judgement.verdict, [each.verdict for each in judgement.parts]
    ('exceeded', ['exceeded', 'exceeded'])
    """
    asked = Asked(re.sub(r"\s", "", name), level2, less_is_better)
    note = ""
    parts = target.parts
    if not parts and target.kind == "qualitative" and actual.parts and (taken := taken_as(target.text)):
        measure = "%" if taken == "whole" else actual.parts[0].measure
        if len(actual.parts) == 1 and actual.parts[0].measure == measure:
            parts, note = (
                (Part("=", number(taken), measure=measure, text=target.text),),
                _taken_note(target.text, measure, number(taken)),
            )
    if not parts:
        return _without_parts(target, actual)
    results, notes = _judge_parts(parts, actual, asked)
    return _whole(results, _direction_used(parts, asked), "；".join(filter(None, [note, *notes])))


def _without_parts(target: Expression, actual: Expression) -> Judgement:
    if actual.kind == "blank":
        return Judgement("unanswered", "没有填写完成值。")
    reason = {"blank": "没有填写目标值", "unclear": f"目标值“{target.text}”无法准确识别"}.get(
        target.kind, f"目标“{target.text}”为定性描述"
    )
    return Judgement("cannot-tell", f"{reason}，需人工判断。")


def _judge_parts(
    parts: tuple[Part, ...], actual: Expression, asked: Asked
) -> tuple[tuple[PartJudgement, ...], list[str]]:
    if actual.kind == "blank":
        return tuple(PartJudgement(part, "unanswered", "没有填写完成值。") for part in parts), []
    if actual.kind == "unclear":
        because = f"完成值“{actual.text}”无法准确识别，需人工判断。"
        return tuple(PartJudgement(part, "cannot-tell", because) for part in parts), []
    results, notes = [], []
    pairs = pair(parts, actual.parts)
    for each in pairs:
        answer, note = (each.answer, "") if each.answer else _from_words(each.part, actual, pairs, asked)
        if note:
            notes.append(note)
        if answer is None:
            results.append(_unanswered(each.part, actual, lone=len(parts) == 1))
        else:
            results.append(_compare(each.part, answer, asked))
    return tuple(results), list(dict.fromkeys(notes))


def _from_words(part: Part, actual: Expression, pairs: tuple[Pair, ...], asked: Asked) -> tuple[Part | None, str]:
    """What words of the actual may be taken as where it gives no number for a part: 均 as 100%, 未发生 as 0."""
    if is_date(part):
        return None, ""
    words = actual.text
    taken = taken_as(words)
    if part.measure == "%" and taken == "whole":
        return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    if taken == "none" and not actual.parts and (part.value == 0 or part.op == "<=" or _less(part, asked)):
        return Part("=", Decimal(0), measure=part.measure, text=words), _taken_note(words, part.measure, Decimal(0))
    if part.measure == "%" and _RATE_OF_DONE.search(part.text) and _DONE.search(words) and not _UNDONE.search(words):
        counted = [each for each in pairs if each.answer and each.part is not part]
        if counted and all(stretch(each.answer).low >= stretch(each.part).low for each in counted if each.answer):
            return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    return None, ""


def _taken_note(words: str, measure: str, value: Decimal) -> str:
    return f"“{words if len(words) <= 24 else words[:23] + '…'}”按{value}{measure}计"


def _unanswered(part: Part, actual: Expression, *, lone: bool) -> PartJudgement:
    wanted = f"目标“{part.text}”"
    if lone and actual.parts:
        return PartJudgement(part, "cannot-tell", f"{wanted}与完成值“{actual.text}”的计量单位不同，无法比较。")
    if lone or (not actual.parts and not taken_as(actual.text)):
        return PartJudgement(part, "cannot-tell", f"完成值“{actual.text}”没有数字，无法与{wanted}比较。")
    return PartJudgement(part, "unanswered", f"{wanted}没有对应的完成情况。")


# ---------------------------------------------------------------- one part against its answer


def _compare(part: Part, answer: Part, asked: Asked) -> PartJudgement:
    if is_date(part) != is_date(answer):
        return PartJudgement(
            part, "cannot-tell", f"目标“{part.text}”与完成值“{answer.text}”不是同一类数据，无法比较。", answer=answer
        )
    if is_date(part):
        return _compare_dates(part, answer)
    if part.measure == "%" and "满意" in asked.name and stretch(part).low > 100:
        doubt = f"满意度目标“{part.text}”超过100%，疑为笔误，无法比较。"
        return PartJudgement(part, "cannot-tell", doubt, answer=answer)
    measured = in_measure_of(part, answer)
    if measured is None:
        return PartJudgement(
            part, "cannot-tell", f"目标按“{part.measure}”计，完成值按“{answer.measure}”计，无法比较。", answer=answer
        )
    doubt = ""
    if not answer.measure:
        measured, doubt = _bare(part, measured, asked)
    if doubt:
        return PartJudgement(part, "cannot-tell", doubt, answer=answer)
    return _verdict(part, answer, measured, asked)


def _bare(part: Part, answer: Part, asked: Asked) -> tuple[Part, str]:
    """A number without measure, read in the target's: 90 against ≤90万元 is 90万元. Doubts are said."""
    value, wanted = stretch(answer).low, stretch(part)
    if (
        part.measure in ("%", "‰")
        and 0 < value <= 1
        and max(wanted.low, wanted.high if wanted.high.is_finite() else wanted.low) > 1
    ):
        return answer, f"完成值“{answer.text}”疑为比率写法（应写为百分数），无法比较。"
    written = _SCALED.search(part.text)
    if not written or not isinstance(part.value, Decimal) or abs(part.value) < 100:
        return answer, ""
    by = _SCALES.get(written["scale"], 1)
    lifted = turned(answer, lambda side: side * by)
    ceiling = part.op in ("<=", "<") or (part.op in ("=", "about") and _less(part, asked) is not False)
    if ceiling and stretch(lifted).low > _FAR * part.value and value <= part.value:
        return answer, f"完成值“{answer.text}”没有写计量单位，按目标的单位计相差过大，无法比较。"
    return lifted, ""


def _less(part: Part, asked: Asked) -> bool | None:
    return (
        asked.less_is_better
        if asked.less_is_better is not None
        else less_by_name(part, asked.name or part.text, asked.level2)
    )


def _verdict(part: Part, answer: Part, measured: Part, asked: Asked) -> PartJudgement:
    less: bool | None = None
    wanted, given = part, stretch(measured)
    if part.op in ("=", "about"):
        less = _less(part, asked)
        if less is None:
            same = given == stretch(part) if part.op == "=" else given.inside(stretch(part))
            verdict: Verdict = "met" if same else "cannot-tell"
            because = (
                _because(part, answer, verdict)
                if same
                else f"目标“{part.text}”没有写明以上还是以下，无法判断“{answer.text}”是否达到。"
            )
            return PartJudgement(part, verdict, because, Decimal(1) if same else None, answer)
        bound = stretch(part)
        wanted = Part("<=", bound.high, measure=part.measure) if less else Part(">=", bound.low, measure=part.measure)
    where = given.where(stretch(wanted))
    if where == "across":
        return PartJudgement(
            part, "cannot-tell", f"完成值“{answer.text}”不够准确，无法判断是否达到目标“{part.text}”。", answer=answer
        )
    verdict = "not-met" if where == "apart" else "met"
    if where == "inside" and wanted.op in (">=", ">") and (given.low > ordinal(part.value) or given.low_open):
        verdict = "exceeded"
    return PartJudgement(
        part, verdict, _because(part, answer, verdict), _ratio(wanted, measured, met=verdict != "not-met"), answer
    )


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
    wanted, given = stretch(wanted_part), stretch(given_part)
    if part.op == "between":
        inside, apart = given.inside(wanted), given.low > wanted.high
    else:
        inside, apart = given.inside(wanted), given.apart(wanted)
    if not inside and not apart:
        return PartJudgement(
            part, "cannot-tell", f"完成时间“{answer.text}”与目标“{part.text}”对不上，无法判断。", answer=answer
        )
    verdict: Verdict = "met" if inside else "not-met"
    words = "未晚于" if inside else "晚于"
    return PartJudgement(
        part, verdict, f"完成时间“{_short(answer)}”，{words}目标时间“{_short(part)}”。", Decimal(int(inside)), answer
    )


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


# ---------------------------------------------------------------- all parts together


def _direction_used(parts: tuple[Part, ...], asked: Asked) -> bool | None:
    """The direction that bare numbers took, None where operators fixed it or it is unsure."""
    return next((_less(part, asked) for part in parts if part.op in ("=", "about") and not is_date(part)), None)


def _whole(results: tuple[PartJudgement, ...], less: bool | None, note: str) -> Judgement:
    verdicts = [each.verdict for each in results]
    order: tuple[Verdict, ...] = ("not-met", "unanswered", "cannot-tell")
    fallback: Verdict = "exceeded" if all(verdict == "exceeded" for verdict in verdicts) else "met"
    verdict = next((each for each in order if each in verdicts), fallback)
    because = "".join(each.because for each in results if each.verdict == verdict or len(results) == 1) or "".join(
        each.because for each in results
    )
    return Judgement(verdict, because, results, less, note)
