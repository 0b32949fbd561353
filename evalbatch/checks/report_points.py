"""One sentence of a report in, the whole unit's own score and grade in it out."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evalbatch.checks.report_facts import Mention, flat, step_of

_LINK = r"(?:[为是:|,]|达到?|合?计|共|评定?为|属于|确定为|等级为|[\"“”‘’「『《])*"
_NUMBER = r"(?P<number>\d{1,6}(?:\.\d{1,9})?)"
_OWN = r"(?:自评|自我评价|自我评分|绩效评价|综合评价|评价|综合|最终|总体|合计)(?:结果|情况|总体)?(?:的)?"
_POINTS = r"(?:总得分|得分|总分数|分数|总分值|总分|评分|分值|成绩|分)"
_END = r"(?:分(?!之|制|值)|[”\"]分?(?=$|[,|)])|(?=$|[,|)]))"
_SCORE = re.compile(rf"(?:{_OWN}(?:为|是|:)?{_POINTS}|总得分){_LINK}{_NUMBER}{_END}")
_ALONE = re.compile(
    rf"(?:^|[,:)])(?:我|本|该)?(?:单位|部门|局|委|办|院|中心|会|镇|街道)?(?:自评(?:为|是)?|得分){_LINK}{_NUMBER}分(?!之|制|值)"
)
"""得分96分 as a clause of its own; 自评96分."""
_PARTIAL = re.compile(
    r"产出|效益|满意度|过程|决策|投入|管理效率|履职效能|预算编制|预算执行|预算监督|预算使用|资金管理|项目|资产|采购|人员|制度"
    r"|质量|数量|时效|成本|指标(?!体系|评分|考核)|执行率"
)
"""What makes a score one of a part."""
_NOT_OWN = re.compile(r"平均|上年|去年|审核|复核|核定|抽查|财政局?评|第三方")
_WEIGHT_NEXT = re.compile(r"[,(（]?(?:分值|权重)(?:为|是|:)?\d")
"""自评5分（分值5分）: only a part has a weight; the whole has a full mark."""
_WITH_POINTS = re.compile(r"\d分")
_SHORT = 10
_GRADE_WORD = r"(?P<grade>优秀|优良|优|良好|良|中等|中|合格|及格|不合格|较差|差)"
_GRADE = re.compile(
    rf"(?:等级|等次|档次|级别|评级|(?:自评|评价)结果|评定){_LINK}{_GRADE_WORD}[”\"’」』》]?(?:级|等|等级|档|等次)?(?=$|[,|)）(])"
)
_AFTER_SCORE = re.compile(
    rf"\d分[,(|]?(?:为|属于|属|评为|评定为|达到)?[\"“‘「『]?{_GRADE_WORD}[”\"’」』]?(?:级|等|等级|档|等次)?(?=$|[,|)])"
)
_OF_EVALUATION = re.compile(r"自评|评价|绩效|得分|分数|评分|总分|自我评")
_OTHER_GRADE = re.compile(r"考核|信用|风险|安全|资质|审核|复核|核定|抽查|上年|去年|标准")


def scores_in(sentence: str, heading: str = "") -> Iterator[Mention]:
    """Yield the unit's own score of the whole, never that of a group, an indicator or another year.

    `heading` is the short line or sentence before, which may say that only a part is meant.

    >>> [found.text for found in scores_in("满分100分，自评得分96分")]
    ['96分']
    >>> list(scores_in("产出指标50分，自评得分48分")), list(scores_in("自评得分48分", "(一)产出指标"))
    ([], [])
    """
    text = flat(sentence)
    whole = list(_SCORE.finditer(text))
    for match in whole or _ALONE.finditer(text):
        if not _of_part(text[: match.start("number")], heading) and not _WEIGHT_NEXT.match(text, match.end()):
            yield Mention(Decimal(match["number"]), f"{match['number']}分", sentence, step_of(match["number"]))


def _of_part(before: str, heading: str) -> bool:
    """Whether a score is a part's by the words before it: its own clause, points or a few words before, a heading."""
    earlier, _, clause = before.rpartition(",")
    near = earlier.rpartition(",")[2]
    looked_at = (clause, near if len(near) <= _SHORT or _WITH_POINTS.search(near) else "", "" if earlier else heading)
    return any(_PARTIAL.search(text) for text in looked_at) or bool(_NOT_OWN.search(before))


def grades_in(sentence: str, heading: str = "") -> Iterator[Mention]:
    """Yield the grade that the unit gave itself, as written.

    >>> [found.value for found in grades_in("自评得分95.5分，评价等级为“优”")], list(grades_in("年度考核等级为优秀"))
    (['优'], [])
    """
    text = flat(sentence)
    if not _OF_EVALUATION.search(text) or _OTHER_GRADE.search(text):
        return
    seen: set[int] = set()
    for pattern in (_GRADE, _AFTER_SCORE):
        for match in pattern.finditer(text):
            at = match.start("grade")
            if at not in seen and not _of_part(text[:at], heading):
                seen.add(at)
                yield Mention(match["grade"], match["grade"], sentence)
