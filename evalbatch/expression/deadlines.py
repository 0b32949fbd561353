"""Parts of a compound target that its other parts answer: a deadline of what was counted, an aim beyond a floor."""

import re
from dataclasses import replace
from datetime import date

from evalbatch.expression.conditions import date_part
from evalbatch.expression.dates import find_periods
from evalbatch.expression.normalise import normalise
from evalbatch.expression.operators import Unclear
from evalbatch.expression.verdicts import Asked, compare
from evalbatch.expression.writing import is_date
from evalbatch.model import Part, PartJudgement

_APART = re.compile(r"[\s；;。]|$")  # what parts a deadline from the count behind it; a comma need not
_BEFORE = re.compile(r"(?<![底末初中上下旬])(月份?|季度|半年)(?:之|以)?前")
PERIODS = {1: "月", 3: "季度", 6: "半年"}
_AIM = re.compile(r"力争|争取|冲刺")


def settle(written: str, results: tuple[PartJudgement, ...], asked: Asked) -> tuple[PartJudgement, ...]:
    """The parts again, with those that were left open answered by their neighbours where they can be.

    12月底前支付率100% is one condition with a deadline: what was reached by the end of the year is what the
    form of a year asks. 90%以上，力争95% asks the same number twice.
    """
    if all(result.verdict != "unanswered" for result in results):
        return results
    settled = list(results)
    for at, result in enumerate(results):
        if result.verdict != "unanswered":
            continue
        behind = result.part.text[:1] in ("（", "(")  # 100%（12月31日前）
        beside = at - 1 if behind else at + 1
        if is_date(result.part) and 0 <= beside < len(results) and not is_date(results[beside].part):
            settled[at] = _deadline("" if behind else written, result, results[beside])
        elif at and _AIM.search(result.part.text) and result.part.measure == results[at - 1].part.measure:
            settled[at] = _aim(result, results[at - 1], asked)
    return tuple(settled)


def taken_to_its_end(result: PartJudgement) -> str:
    """What was assumed where a deadline before a month was met within that month; "" where nothing was.

    8月前 is before August for some and by its end for others; the latter is taken, and said.
    """
    found, answer = _BEFORE.search(result.part.text), result.answer
    if result.verdict != "met" or answer is None or found is None or not is_date(result.part):
        return ""
    months = {"月": 1, "季": 3, "半": 6}[found[1][0]]
    bound, last = _month(result.part.value), _month(answer.high if answer.op == "between" else answer.value)
    if bound is None or last is None or not bound - months < last <= bound:
        return ""
    return f"“{result.part.text}”按这一{PERIODS[months]}最后一天理解；如指开始之前，则没有按期完成"


def _month(day: object) -> int | None:
    """The month of a day, which may have no year."""
    text = day.isoformat() if isinstance(day, date) else day
    return int(text[-5:-3]) if isinstance(text, str) else None


def _deadline(written: str, left: PartJudgement, counted: PartJudgement) -> PartJudgement:
    """The deadline of a count: met where the answer names such a day, or where it is the year's last."""
    part, answer = left.part, counted.answer
    if answer is None or (written and _APART.match(written, written.find(part.text) + len(part.text))):
        return left
    for when in reversed(_days(answer.text, part)):
        return compare(part, when, Asked("", None, None))
    last = part.value.isoformat()[5:] if isinstance(part.value, date) else part.value
    if last != "12-31":
        return left
    return replace(
        left, verdict="met", because=f"目标“{part.text}”即年度终了，年度完成值就是截至这一天的数。", answer=answer
    )


def _days(text: str, part: Part) -> list[Part]:
    """The dates that an answer's own words name: 6月底达到52%."""
    year = part.value.year if isinstance(part.value, date) else None
    try:
        found, _ = find_periods(normalise(text).text, year)
        return [date_part(each, "actual", text) for each in found if not each.loose]
    except Unclear:
        return []


def _aim(left: PartJudgement, reached: PartJudgement, asked: Asked) -> PartJudgement:
    """An aim beyond the floor before it: met by the same answer, else it is not a condition to fail."""
    if reached.answer is None:
        return left
    result = compare(left.part, reached.answer, asked)
    if result.verdict in ("met", "exceeded"):
        return result
    because = f"目标“{left.part.text}”是争取达到的，完成值“{reached.answer.text}”没有达到，需人工判断。"
    return replace(left, verdict="cannot-tell", because=because, answer=reached.answer)
