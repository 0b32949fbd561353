"""Words that stand for a whole or for none: 全覆盖 may be taken as 100%, 零事故 as 0."""

import re
from decimal import Decimal
from typing import Literal

_WHOLE = re.compile(
    r"全部|全覆盖|全面(?:完成|覆盖)|均(?!衡|等|匀|价|值)|全员|全额|全体|悉数|无一遗漏|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|(?:所有|各|每)(?:(?!所有)[^,;。，；各每])*都"
)
_NONE = re.compile(
    r"零(?![星售散工食件部花碎钱点乱头])|[未不](?:发生|出现|产生|接到|收到)|没有(?:发生|出现)|不存在|杜绝"
    r"|无(?!法|偿|害|障碍|人机|线|烟|纸|一(?!例(?!外)|[起件人次名宗处])|遗漏|例外|误|缝"
    r"|统计|数据|资料|材料|记录|相关|此|该|进展|进度|成效|效果|变|明显|需|须|计划|安排|任务|项目|业务|目标|指标)[\u4e00-\u9fff]"
)
_HEDGED = re.compile(
    r"基本|部分|尚未|未(?:能|全|完|达|开|实)|没有(?:完成|全)|不完全|大部|主要|平均|人均|户均|除|将|拟|计划|正在|仍|待"
)
_DENIED = re.compile(r"[未没](?!有?发[生现]|出现|接到|收到|有?遗漏)|不(?!断|仅|漏|落|留|发生|出现|存在|少)|并非")
_EVENT = re.compile(r"发生|出现|造成|引发")
_NEGATION = re.compile(r"[未无没不零]|杜绝|避免|防止")
_CLAUSES = re.compile(r"[,;。，；、]")

Taken = Literal["whole", "none", ""]


def taken_as(words: str) -> Taken:
    """What words alone may be taken for.

    >>> taken_as("所有的领导班子成员均参加会议"), taken_as("未发生安全事故"), taken_as("基本全部完成")
    ('whole', 'none', '')
    >>> taken_as("均未发放"), taken_as("发生一般事故，无人员伤亡"), taken_as("无统计数据")
    ('', '', '')
    """
    if _HEDGED.search(words):
        return ""
    if _NONE.search(words):
        happened = any(_EVENT.search(each) and not _NEGATION.search(each) for each in _CLAUSES.split(words))
        return "" if happened else "none"
    return "whole" if _WHOLE.search(words) and not _DENIED.search(words) else ""


def number(taken: Taken) -> Decimal:
    """The number that such words are taken as: 100 (percent) or 0."""
    return Decimal(100) if taken == "whole" else Decimal(0)
