"""One sentence of a report in, the whole unit's money and execution rate in it out.

A figure counts when the words right before it are a label for the whole: 整体支出预算, 决算, 完成预算. Words for a part
(基本支出, 项目, 三公, 其中 …) or for income take it out, and the rate that follows it too.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from evalbatch.checks.report_facts import Mention, flat, step_of

_FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)(?P<measure>亿元|百万元|万元|元|%)(?P<after>以上|以下|以内|左右)?"
)
_SCALE = {"亿元": Decimal(10_000), "百万元": Decimal(100), "万元": Decimal(1), "元": Decimal("0.0001")}
_LINK = re.compile(r"(?:[为是:|]|达到?|合计|总计|共|计|约|安排|批复|下达|人民币|[(](?:万元|元)[)]){1,12}$")
_WHOLE = (
    r"(?P<whole>(?:部门|单位|整体|总|全年|年初|年度|当年|本年度?|调整后?|追加后|收支|支出|财政|全部|合计|实际|累计)"
    r"{0,8})"
)
_NOUN = r"(?:数|数额|总额|总数|总计|合计|金额|资金|收支|支出|安排){0,6}"
_LABELS = (
    ("budget", re.compile(rf"{_WHOLE}预算{_NOUN}$")),
    ("executed", re.compile(rf"{_WHOLE}决算{_NOUN}$")),
    ("executed", re.compile(rf"{_WHOLE}(?:预算)?执行(?:数|金额|总额)$")),
    (
        "executed",
        re.compile(r"(?P<whole>整体|总|全年|本年度?|年度|实际|累计|全年实际|年度实际)支出(?:数|总额|金额|合计)?$"),
    ),
    (
        "rate",
        re.compile(
            rf"{_WHOLE}(?:完成(?:了)?(?:年初|全年|调整后?)?预算的?|预算完成率|预算执行率|执行率|预算执行进度|支出进度)$"
        ),
    ),
)
_PART = re.compile(
    r"(?:收入|基本|项目|三公|公用|人员|经费|采购|专项|追加|结转|结余|上级|基金|公共|拨款|工作|活动|任务|工程|补助|资产|培训|会议|[^会]费|款"
    r"|设备|建设|维护|运行|工资|福利|购置|服务|税|债券|绩效|目标|指标|要求|不低于|不少于|大于|超过|[≥>≤<])$"
)
"""Words right before a label that make it a part's, income's or a target's."""
_OTHER_YEAR = re.compile(r"上年|去年|上一年|同比|比上|下一年|明年")
_ADJUSTED = re.compile(r"全年|调整|追加后")
_AMONG = re.compile(r"其中")
_UNIT_BEFORE = re.compile(r"(?:^|年|年度|单位|部门|本级|机关|局|委|会|办|院|所|站|校|馆|中心|镇|乡|街道|队|[,:)])$")
"""What may stand before a bare 预算: nothing, the year, or the unit's name."""


def figures_in(sentences: Sequence[str], heading: str = "") -> Iterator[tuple[str, Mention]]:
    """Yield each fact (initial, adjusted, budget, executed, rate) and its mention in the sentences of one paragraph.

    A bare 决算 or 执行率 goes on about what the figure before it was about, at first what the heading says.

    >>> [(fact, found.text) for fact, found in figures_in(["整体收支预算138.79万元，决算134.92万元，完成预算97.21%"])]
    [('budget', '138.79万元'), ('executed', '134.92万元'), ('rate', '97.21%')]
    >>> list(figures_in(["禁毒创文工作预算5万元，决算0.58万元，完成预算11.6%"]))
    []
    """
    of_whole = not _PART.search(heading)
    for sentence in sentences:
        text = flat(sentence)
        if _OTHER_YEAR.search(text) or (_FIGURE.search(text) is None and _PART.search(text)):
            of_whole = False
            continue
        among = _AMONG.search(text)
        last = 0
        for match in _FIGURE.finditer(text[: among.start()] if among else text):
            lead = re.split(r"[,;:(]", _LINK.sub("", text[last : match.start()]))[-1]
            last = match.end()
            is_rate = match["measure"] == "%"
            fact, about = _fact(lead, is_rate=is_rate)
            of_whole = about if about is not None else of_whole and (bool(fact) or is_rate)
            if fact and of_whole and not match["after"]:
                yield fact, _mention(match, sentence)


def _fact(lead: str, *, is_rate: bool) -> tuple[str, bool | None]:
    """Name the fact that a figure states by the words right before it, "" for none.

    Also tell whether these words are about the whole unit, None where they leave that to what was said before.
    """
    for name, pattern in _LABELS:
        match = pattern.search(lead)
        if match is None or (name == "rate") != is_rate:
            continue
        before, whole = lead[: match.start()], match["whole"]
        if _PART.search(before):
            return name, False
        if name == "budget":
            name = "initial" if "年初" in whole else "adjusted" if _ADJUSTED.search(whole) else "budget"
        bare = not whole and not before
        return name, None if bare else bool(whole or _UNIT_BEFORE.search(before))
    return "", None


def _mention(match: re.Match[str], sentence: str) -> Mention:
    written = match["number"].replace(",", "")
    scale = _SCALE.get(match["measure"], Decimal(1))
    return Mention(Decimal(written) * scale, match["number"] + match["measure"], sentence, step_of(written) * scale)
