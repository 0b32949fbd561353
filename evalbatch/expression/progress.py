"""What an answer tells of how far things are: planned, begun, under way, given up, done."""

import re

from evalbatch.model import Part

_TO_COME = re.compile(r"预计|(?<![按作度])计划(?!完成率)|拟|将[于在]|力争|争取|预期")
_UNDER_WAY = re.compile(r"正在|在建|进行中|实施中|建设中|推进中|部分(?:完成|完工|达|实现|竣工)")
_HAPPENED = re.compile(r"已|实际|完成了")
_BEGUN = re.compile(r"开工|启动|动工|开始|进场|招标|中标|签订|签约|立项|批复|设计|采购|勘察|筹备")
_ENDED = re.compile(r"完工|竣工|建成|验收|投产|投入使用|交付|通车|投用|结项")
_UNDONE = re.compile(r"未(?!超|延|逾|晚|迟|推)|没有|没能|不能|尚|无法")
_BEGUN_ONLY = re.compile(r"(?:开工|启动|动工)(?:建设|实施)?(?:项目)?约?\d")


def is_to_come(answer: Part) -> bool:
    """Whether the answer tells what is planned or under way rather than what was done: 预计12月完成, 正在实施10个."""
    text = answer.text
    return bool(_TO_COME.search(text) or _UNDER_WAY.search(text)) and not _HAPPENED.search(text)


def is_begun_only(part: Part, answer: Part, name: str) -> bool:
    """Whether the answer says when, or how many, were begun, where the end was asked: 3月开工 for 10月底前完工.

    >>> from evalbatch.expression import parse_actual, parse_target
    >>> deadline = parse_target("2023年10月底前").parts[0]
    >>> is_begun_only(deadline, parse_actual("2023年3月开工").parts[0], "完成时间")
    True
    """
    found = _BEGUN.search(answer.text)
    if not found or _ENDED.search(answer.text):
        return False
    return not any(word in part.text + name for word in _BEGUN.findall(answer.text))


def is_count_begun(part: Part, answer: Part, name: str) -> bool:
    """Whether the answer counts what was begun where the target counts what is to be finished: 启动10个."""
    asked = part.text + name
    return _BEGUN_ONLY.search(answer.text) is not None and _ENDED.search(asked) is not None


def is_undone(answer: Part) -> bool:
    """Whether the answer says that by its date a thing was not done: 截至10月底未完成."""
    return _UNDONE.search(answer.text) is not None
