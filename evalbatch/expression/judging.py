"""Target and actual in, Judgement out: part by part, met or not or not to be told, and why."""

import re
from dataclasses import replace
from decimal import Decimal

from evalbatch.expression.pairing import Pair, pair
from evalbatch.expression.stretches import stretch
from evalbatch.expression.verdicts import Asked, compare, less
from evalbatch.expression.wholes import number, taken_as
from evalbatch.expression.writing import is_date
from evalbatch.model import Expression, Judgement, Part, PartJudgement, Verdict

_DONE = re.compile(
    r"(?:已|全部|均|按期|按时|顺利)[^,;，；。未]{0,4}(?:完成|落实|办结|实施)|(?:完成|落实|办结)(?:了|完毕)?$"
)
_FAILED = re.compile(
    r"(?:尚?未|没有|没)(?:能)?(?:按[时期])?(?:完成|开展|实施|达标|达到|达成|实现)(?:了|年度|预期)?(?:目标|指标|任务)?[。.]?"
)
_UNDONE = re.compile(r"未|没有|正在|部分|尚|仍")
_RATE_OF_DONE = re.compile(r"完成率|办结率|落实率|完成比例|完成任务率|实施率")


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
    asked = Asked("".join(name.split()), level2, less_is_better)
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
    if actual.kind == "qualitative" and _FAILED.fullmatch(actual.text.strip()):
        return tuple(_failed(part, actual, asked) for part in parts), []
    results, notes = [], []
    pairs = pair(parts, actual.parts, asked.name)
    for each in pairs:
        answer, note = (each.answer, "") if each.answer else _from_words(each.part, actual, pairs, asked)
        if note:
            notes.append(note)
        if answer is None:
            results.append(_unanswered(each.part, actual, lone=len(parts) == 1))
        else:
            results.append(_answered(each, answer, asked))
    return tuple(results), list(dict.fromkeys(notes))


def _failed(part: Part, actual: Expression, asked: Asked) -> PartJudgement:
    """未完成 says by itself that a floor or a deadline was missed; by how much it does not say."""
    floor = is_date(part) or part.op in (">=", ">") or (part.op == "=" and less(part, asked) is False)
    verdict: Verdict = "not-met" if floor else "cannot-tell"
    said = f"完成值写明“{actual.text.strip()}”"
    return PartJudgement(part, verdict, f"{said}，未达到目标“{part.text}”。" if floor else f"{said}，需人工判断。")


def _from_words(part: Part, actual: Expression, pairs: tuple[Pair, ...], asked: Asked) -> tuple[Part | None, str]:
    """What words of the actual may be taken as where it gives no number for a part: 均 as 100%, 未发生 as 0."""
    if is_date(part):
        return None, ""
    words = actual.text
    taken = taken_as(words)
    if part.measure == "%" and taken == "whole":
        return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    if taken == "none" and not actual.parts and (part.value == 0 or part.op == "<=" or less(part, asked)):
        return Part("=", Decimal(0), measure=part.measure, text=words), _taken_note(words, part.measure, Decimal(0))
    if part.measure == "%" and _RATE_OF_DONE.search(part.text) and _DONE.search(words) and not _UNDONE.search(words):
        counted = [each for each in pairs if each.answer and each.part is not part]
        if counted and all(stretch(each.answer).low >= stretch(each.part).low for each in counted if each.answer):
            return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    return None, ""


def _taken_note(words: str, measure: str, value: Decimal) -> str:
    return f"“{words if len(words) <= 24 else words[:23] + '…'}”按{value}{measure}计"


def _answered(each: Pair, answer: Part, asked: Asked) -> PartJudgement:
    """The judgement of a part that has an answer; where several answer it alike, the one they agree on.

    Numbers of which one meets a floor and another does not, or which only together reach it, tell nothing
    for certain: 上半年6次，下半年6次 against 12次.
    """
    part = each.part
    results = [compare(part, given, asked) for given in (answer, *each.rivals)]
    first = results[0]
    verdicts = {result.verdict for result in results}
    if not each.rivals or (is_date(part) and len(verdicts) == 1):
        return first
    if verdicts <= {"met", "exceeded"}:
        return min(results, key=lambda result: result.verdict == "exceeded")
    if verdicts == {"not-met"} and (together := _together(answer, each.rivals)):
        added = compare(part, together, asked)
        if part.measure in ("%", "‰") or added.verdict == "not-met":
            return first
    listed = "”“".join(result.answer.text for result in results if result.answer)
    because = f"完成值中“{listed}”都可对应目标“{part.text}”，无法判断以哪个为准。"
    return PartJudgement(part, "cannot-tell", because, answer=answer)


def _together(answer: Part, rivals: tuple[Part, ...]) -> Part | None:
    """All answers added up, None where one of them is no plain number."""
    values = [each.value for each in (answer, *rivals)]
    if any(not isinstance(value, Decimal) for value in values):
        return None
    return replace(answer, value=sum((value for value in values if isinstance(value, Decimal)), Decimal(0)))


def _unanswered(part: Part, actual: Expression, *, lone: bool) -> PartJudgement:
    wanted = f"目标“{part.text}”"
    if lone and actual.parts:
        return PartJudgement(part, "cannot-tell", f"{wanted}与完成值“{actual.text}”的计量单位不同，无法比较。")
    if lone or (not actual.parts and not taken_as(actual.text)):
        return PartJudgement(part, "cannot-tell", f"完成值“{actual.text}”没有数字，无法与{wanted}比较。")
    return PartJudgement(part, "unanswered", f"{wanted}没有对应的完成情况。")


def _direction_used(parts: tuple[Part, ...], asked: Asked) -> bool | None:
    """The direction that bare numbers took, None where operators fixed it or it is unsure."""
    return next((less(part, asked) for part in parts if part.op in ("=", "about") and not is_date(part)), None)


def _whole(results: tuple[PartJudgement, ...], less: bool | None, note: str) -> Judgement:
    verdicts = [each.verdict for each in results]
    order: tuple[Verdict, ...] = ("not-met", "unanswered", "cannot-tell")
    fallback: Verdict = "exceeded" if all(verdict == "exceeded" for verdict in verdicts) else "met"
    verdict = next((each for each in order if each in verdicts), fallback)
    because = "".join(each.because for each in results if each.verdict == verdict or len(results) == 1) or "".join(
        each.because for each in results
    )
    return Judgement(verdict, because, results, less, note)
