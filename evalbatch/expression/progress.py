"""What an answer tells of how far things are: planned, begun, under way, given up, done."""

import re

from evalbatch.model import Expression, Part

_TO_COME = re.compile(r"预计|(?<![按作度])计划(?!完成率)|拟|将[于在]|力争|争取|预期")
_UNDER_WAY = re.compile(r"正在|在建|进行中|实施中|建设中|推进中|部分(?:完成|完工|达|实现|竣工)")
_HAPPENED = re.compile(r"已|实际|完成了")
_BEGUN = re.compile(r"开工|启动|动工|开始|进场|招标|中标|签订|签约|立项|批复|设计|采购|勘察|筹备")
_ENDED = re.compile(r"完工|竣工|建成|验收|投产|投入使用|交付|通车|投用|结项")
_UNDONE = re.compile(r"未(?!超|延|逾|晚|迟|推)|没有|没能|不能|尚|无法")
_NOT_APPLICABLE = re.compile(r"不适用(?:本(?:指标|项|单位|部门))?(?:$|[,，;；。、:：（(）)])")
_NONE_SEEN = re.compile(
    r"(?:[未无没不]|没有)(?:有|发现|发生|出现|产生|存在|接到|收到)[^,，;；。、]*|(?:无|没有)(?:未|延|逾|不)[^,，;；。、]*"
)
_FAILURE = re.compile(
    r"(?:尚未|尚无|还没|还未|仍未|未能|没能)(?!有?(?:发现|发生|出现|产生|存在|接到|收到)|超|延|逾|晚|迟|推)"
    r"|(?:未|没有?|不能|无法)(?:按[时期]|全部?|全面|有效|明显|正式|如期|实际|真正)?"
    r"(?:完成|完工|开展|实施|达标|达到|达成|实现|举办|召开|验收|启动|开工|竣工|建成|投入|办理|办结|落实|发放|支付|提升|改善|提高|下降|降低"
    r"|见效|合格|通过|执行|组织|进行|到位|形成|编制|采购|招标|交付|推进|整改"
    r"|建立|健全|制定|出台|印发|成立|修订|批复|签订|使用|拨付|归档|移交|上线|投用|覆盖|配备|购置|安装|公开|公示|上报|报送)"
    r"|部分(?:完成|达成|达到|实现|完工)|正在|进行中|[在推实建][进施设]中|在建|延[期迟后]|推迟|滞后|逾期|搁置|取消|终止|暂停|中止|流标|废标"
    r"|不(?:合格|达标|及时|明显|理想|到位|满意|完善|显著|佳)|较差|欠佳"
)
_BEGUN_ONLY = re.compile(r"(?:开工|启动|动工)(?:建设|实施)?(?:项目)?约?\d")


def is_to_come(answer: Part) -> bool:
    """Whether the answer tells what is planned or under way rather than what was done: 预计12月完成, 正在实施10个."""
    text = answer.text
    return bool(_TO_COME.search(text) or _UNDER_WAY.search(text)) and not _HAPPENED.search(text)


def is_begun_only(part: Part, answer: Part, name: str) -> bool:
    """Whether the answer says when, or how many, were begun, where the end was asked: 3月开工 for 10月底前完工.

    >>> from evalbatch.expression.understanding import parse_actual, parse_target
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


def says_failure(text: str) -> bool:
    """Whether words say that something was not done, not in time, or not well enough.

    >>> [says_failure(text) for text in ("因疫情未举办", "正在推进", "不明显", "制度尚未建立", "未能按计划配齐")]
    [True, True, True, True, True]
    >>> [says_failure(text) for text in ("未发生延期", "没有未完成事项", "尚未发现问题", "未超预算", "效益无法估量")]
    [False, False, False, False, False]
    """
    return _FAILURE.search(_NONE_SEEN.sub("", text)) is not None


def is_failure(actual: Expression) -> bool:
    """Whether an answer is words alone, and they say that something failed."""
    return actual.kind in ("qualitative", "unclear") and says_failure(actual.text)


def says_not_applicable(text: str | None) -> bool:
    """Whether a text says of something that it does not apply here.

    >>> [says_not_applicable(text) for text in ("不适用", "无采购预算，不适用", "不适用范围扩大", "适用", None)]
    [True, True, False, False, False]
    """
    return _NOT_APPLICABLE.search("".join((text or "").split())) is not None
