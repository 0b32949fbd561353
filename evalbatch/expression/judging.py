"""Target and actual in, Judgement out: part by part, met or not or not to be told, and why."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from evalbatch.expression.deadlines import settle, taken_to_its_end
from evalbatch.expression.intervals import interval_of
from evalbatch.expression.measures import read_measure, tidy
from evalbatch.expression.numerals import scale
from evalbatch.expression.pairing import Pair, closeness, common_words, pair, turned
from evalbatch.expression.verdicts import Asked, compare, less
from evalbatch.expression.wholes import number, taken_as
from evalbatch.expression.writing import is_date
from evalbatch.model import Expression, Judgement, Part, PartJudgement, Verdict

_LABEL = re.compile(r"[（(](?:单位[:：])?([百千万亿]*)([^（）()\d]{1,8})[)）]$")

_DONE = re.compile(
    r"(?:已|全部|均|按期|按时|顺利)[^,;，；。未]{0,4}(?:完成|落实|办结|实施)|(?:完成|落实|办结)(?:了|完毕)?$"
)
_FAILED = re.compile(
    r"(?:尚?未|没有|没)(?:能)?(?:按[时期])?(?:完成|开展|实施|达标|达到|达成|实现)(?:了|年度|预期)?(?:目标|指标|任务)?[。.]?"
)
_GRAVE = re.compile(r"重大|较大|特大|死亡")  # no grave accident is not the same as none
_UNDONE = re.compile(r"未|没有|正在|部分|尚|仍")
_CLAUSES = re.compile(r"[,;，；。]")
_DIGIT = re.compile(r"\d")
_SHARE_OF_DONE = re.compile(r"完成|进度")
_RATE_OF_DONE = re.compile(r"完成率|办结率|落实率|完成比例|完成任务率|实施率")


def judge(
    target: Expression,
    actual: Expression,
    *,
    name: str = "",
    level1: str | None = None,  # noqa: ARG001 - part of the public signature; level 2 is what tells direction today
    level2: str | None = None,
    less_is_better: bool | None = None,
) -> Judgement:
    """Judge an actual against its target, part by part, each part's reason in Chinese.

    An operator fixes the direction; a bare number takes it from `less_is_better`, else from the indicator's
    name and kind; where that is unsure the verdict is cannot-tell (product.md, Understand).

    >>> from evalbatch.expression.understanding import parse_actual, parse_target
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
    if asked.name.endswith((")", "）")):
        parts, answers = in_named_measure(parts, actual.parts, asked.name)
        actual = actual if answers is actual.parts else replace(actual, parts=answers)
    results, notes = _judge_parts(parts, actual, asked)
    if len(results) > 1:
        results = settle(target.text, results, asked)
    notes += dict.fromkeys(map(taken_to_its_end, results))
    return _whole(results, _direction_used(parts, asked), "；".join(filter(None, [note, *notes])))


def _without_parts(target: Expression, actual: Expression) -> Judgement:
    if actual.kind == "blank":
        return Judgement("unanswered", "没有填写完成值。")
    if target.kind == "qualitative" and actual.kind == "qualitative" and _FAILED.fullmatch(actual.text.strip()):
        return Judgement("not-met", f"完成值写明“{actual.text.strip()}”，未达到目标“{target.text}”。")
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
    if len(parts) == len(actual.parts) == 1:
        return _judge_one(parts[0], actual, asked)
    pairs = pair(parts, actual.parts, asked.name)
    told = [_answer(each, actual, pairs, asked) for each in pairs]
    undone = _undone_share(parts, actual)
    open_end = len(parts) > 1 and (bool(actual.parts) or any(answer for answer, _ in told))
    results = tuple(
        _answered(each, answer, asked, undone) if answer else _unanswered(each.part, actual, open_end=open_end)
        for each, (answer, _) in zip(pairs, told, strict=True)
    )
    return results, list(dict.fromkeys(note for _, note in told if note))


def _judge_one(part: Part, actual: Expression, asked: Asked) -> tuple[tuple[PartJudgement, ...], list[str]]:
    """One condition and one number, the usual case: the number answers it, unless it counts something else."""
    answer, note = actual.parts[0], ""
    if not closeness(part, answer):
        taken, note = _from_words(part, actual, (), asked)
        answer = taken or answer
    elif none := _none_said(part, answer, actual.text, asked):
        answer, note = none, _taken_note(none.text, part.measure, Decimal(0))
    return (compare(part, answer, asked),), [note]


def _answer(each: Pair, actual: Expression, pairs: tuple[Pair, ...], asked: Asked) -> tuple[Part | None, str]:
    """The answer of one part, and what was assumed for it."""
    if not each.answer:
        return _from_words(each.part, actual, pairs, asked)
    if none := _none_said(each.part, each.answer, actual.text, asked):
        return none, _taken_note(none.text, each.part.measure, Decimal(0))
    return each.answer, ""


def _failed(part: Part, actual: Expression, asked: Asked) -> PartJudgement:
    """未完成 says by itself that a floor or a deadline was missed; by how much it does not say."""
    floor = is_date(part) or part.op in (">=", ">") or (part.op == "=" and less(part, asked) is False)
    verdict: Verdict = "not-met" if floor else "cannot-tell"
    said = f"完成值写明“{actual.text.strip()}”"
    return PartJudgement(part, verdict, f"{said}，未达到目标“{part.text}”。" if floor else f"{said}，需人工判断。")


def _from_words(part: Part, actual: Expression, pairs: tuple[Pair, ...], asked: Asked) -> tuple[Part | None, str]:
    """What words of the actual may be taken as where it gives no number for a part: 均 as 100%, 未发生 as 0."""
    words = actual.text
    if is_date(part) or (_GRAVE.search(words) and not _GRAVE.search(part.text + asked.name)):
        return None, ""
    taken = taken_as(words)
    if part.measure == "%" and taken == "whole" and not _differ(actual.parts):
        return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    if taken == "none" and not actual.parts and (part.value == 0 or part.op == "<=" or less(part, asked)):
        return Part("=", Decimal(0), measure=part.measure, text=words), _taken_note(words, part.measure, Decimal(0))
    if part.measure == "%" and _RATE_OF_DONE.search(part.text) and _DONE.search(words) and not _UNDONE.search(words):
        counted = [each for each in pairs if each.answer and each.part is not part]
        if counted and all(
            interval_of(each.answer).low >= interval_of(each.part).low for each in counted if each.answer
        ):
            return Part("=", Decimal(100), measure="%", text=words), _taken_note(words, "%", Decimal(100))
    return None, ""


def _none_said(part: Part, answer: Part, words: str, asked: Asked) -> Part | None:
    """None of what was asked, where a clause without a number says so and the number is of something else.

    0起: 未发生安全事故，开展检查126次.
    """
    clauses = _CLAUSES.split(words) if part.value == 0 or part.op == "<=" else []
    if len(clauses) < 2:
        return None
    wanted = part.text + asked.name
    for clause in clauses:
        if _DIGIT.search(clause) or taken_as(clause) != "none" or (_GRAVE.search(clause) and not _GRAVE.search(wanted)):
            continue
        if common_words(clause, wanted) > common_words(answer.text, wanted):
            return Part("=", Decimal(0), measure=part.measure, text=clause)
    return None


def _differ(answers: tuple[Part, ...]) -> bool:
    """Whether two numbers of one measure are told, of which the lesser may be all that was done: 35处, 30处."""
    return any(one.measure == other.measure and one.value != other.value for one, other in pairwise(answers))


def _taken_note(words: str, measure: str, value: Decimal) -> str:
    return f"“{words if len(words) <= 24 else words[:23] + '…'}”按{value}{measure}计"


def _undone_share(parts: tuple[Part, ...], actual: Expression) -> str:
    """What an answer says of having done less than all, where no percentage was asked: 总里程5公里，完成80%."""
    if len(actual.parts) < 2 or any(part.measure == "%" for part in parts):
        return ""
    shares = (each for each in actual.parts if each.measure == "%" and isinstance(each.value, Decimal))
    return next((each.text for each in shares if _SHARE_OF_DONE.search(each.text) and interval_of(each).high < 100), "")


def _answered(each: Pair, answer: Part, asked: Asked, undone: str) -> PartJudgement:
    """The judgement of a part that has an answer; where several answer it alike, the one they agree on.

    Numbers of which one meets a floor and another does not, or which only together reach it, tell nothing
    for certain: 上半年6次，下半年6次 against 12次.
    """
    part = each.part
    results = [compare(part, given, asked) for given in (answer, *each.rivals)]
    first = results[0]
    if undone and first.verdict in ("met", "exceeded"):
        because = f"完成值同时写明“{undone}”，无法判断“{answer.text}”是否已经完成。"
        return PartJudgement(part, "cannot-tell", because, answer=answer)
    verdicts = {result.verdict for result in results}
    if not each.rivals or (is_date(part) and len(verdicts) == 1):
        return first
    if verdicts <= {"met", "exceeded"}:
        return min(results, key=lambda result: result.verdict == "exceeded")
    if verdicts == {"not-met"} and not _is_split(answer, each.rivals) and (together := _together(answer, each.rivals)):
        added = compare(part, together, asked)
        if part.measure in ("%", "‰") or added.verdict == "not-met":
            return replace(first, ratio=None)  # missed by each and by all together; by how much they don't say
    listed = "”“".join(result.answer.text for result in results if result.answer)
    because = f"完成值中“{listed}”都可对应目标“{part.text}”，无法判断以哪个为准。"
    return PartJudgement(part, "cannot-tell", because, answer=answer)


def _is_split(answer: Part, rivals: tuple[Part, ...]) -> bool:
    """Whether the answers are shares of one whole: 满意80%，比较满意16%，不满意4%."""
    together = _together(answer, rivals)
    return together is not None and answer.measure == "%" and together.value == 100


def _together(answer: Part, rivals: tuple[Part, ...]) -> Part | None:
    """All answers added up, None where one of them is no plain number."""
    values = [each.value for each in (answer, *rivals)]
    if any(not isinstance(value, Decimal) for value in values):
        return None
    return replace(answer, value=sum((value for value in values if isinstance(value, Decimal)), Decimal(0)))


def _unanswered(part: Part, actual: Expression, *, open_end: bool) -> PartJudgement:
    """A part without an answer: left open where others of its target have one, else nobody can tell."""
    wanted = f"目标“{part.text}”"
    if open_end:
        return PartJudgement(part, "unanswered", f"{wanted}没有对应的完成情况。")
    if actual.parts:
        return PartJudgement(part, "cannot-tell", f"{wanted}与完成值“{actual.text}”的计量单位不同，无法比较。")
    return PartJudgement(part, "cannot-tell", f"完成值“{actual.text}”没有数字，无法与{wanted}比较。")


def _direction_used(parts: tuple[Part, ...], asked: Asked) -> bool | None:
    """The direction that bare numbers took, None where operators fixed it or it is unsure."""
    return next((less(part, asked) for part in parts if part.op in ("=", "about") and not is_date(part)), None)


def _whole(results: tuple[PartJudgement, ...], less: bool | None, note: str) -> Judgement:
    if len(results) == 1:
        return Judgement(results[0].verdict, results[0].because, results, less, note)
    verdicts = [each.verdict for each in results]
    order: tuple[Verdict, ...] = ("not-met", "unanswered", "cannot-tell")
    fallback: Verdict = "exceeded" if all(verdict == "exceeded" for verdict in verdicts) else "met"
    verdict = next((each for each in order if each in verdicts), fallback)
    because = "".join(each.because for each in results if each.verdict == verdict) or "".join(
        each.because for each in results
    )
    return Judgement(verdict, because, results, less, note)


@lru_cache(maxsize=4096)
def named_measure(name: str) -> tuple[int, str]:
    """The scale and the measure that stand in brackets at the end of a name; "" where none does.

    >>> named_measure("总成本（万元）"), named_measure("满意度（％）"), named_measure("补助（每月）")
    ((10000, '元'), (1, '%'), (1, ''))
    """
    found = _LABEL.search(name)
    if not found:
        return 1, ""
    measure = found[2].replace("％", "%")
    if read_measure(measure, 0) != len(measure):
        return 1, ""
    return scale(found[1]), tidy(measure)


def in_named_measure(
    wanted: tuple[Part, ...], given: tuple[Part, ...], name: str
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both sides, where one has a measure and the other none: that one then has the one in the name.

    Two bare numbers stay as they are, but for a percentage: the one that was asked must know what it is.
    """
    by, measure = named_measure(name)
    if not measure:
        return wanted, given
    bare, other = (any(not each.measure and not is_date(each) for each in side) for side in (wanted, given))
    if bare and measure == "%":
        return tuple(_lifted(each, by, measure) for each in wanted), given
    if bare and not other:
        return tuple(_lifted(each, by, measure) for each in wanted), given
    if other and not bare and measure != "%":
        return wanted, tuple(_lifted(each, by, measure) for each in given)
    return wanted, given


def _lifted(part: Part, by: int, measure: str) -> Part:
    if part.measure or is_date(part):
        return part
    return replace(turned(part, lambda side: side * Decimal(by)), measure=measure)
