"""Words that stand for a whole or for none: 全覆盖 may be taken as 100%, 零事故 as 0."""

import re
from decimal import Decimal
from typing import Literal

_WHOLE = re.compile(
    r"全部|全覆盖|全面(?:完成|覆盖)|均(?!衡|等|匀|价|值)|全员|全额|全体|悉数|无一遗漏|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|(?:所有|各|每)[^,;。，；]*都"
)
_NONE = re.compile(
    r"零|未(?:发生|出现|产生|接到|收到)|没有(?:发生|出现)|无(?!法|偿|害|障碍|人机|线|烟|纸)[\u4e00-\u9fff]|不存在|杜绝"
)
_HEDGED = re.compile(
    r"基本|部分|尚未|未(?:能|全|完|达|开|实)|没有(?:完成|全)|不完全|大部|主要|平均|人均|户均|除|将|拟|计划|正在|仍|待"
)

Taken = Literal["whole", "none", ""]


def taken_as(words: str) -> Taken:
    """What words alone may be taken for.

    >>> taken_as("所有的领导班子成员均参加会议"), taken_as("未发生安全事故"), taken_as("基本全部完成")
    ('whole', 'none', '')
    """
    if _HEDGED.search(words):
        return ""
    if _NONE.search(words):
        return "none"
    return "whole" if _WHOLE.search(words) else ""


def number(taken: Taken) -> Decimal:
    """The number that such words are taken as: 100 (percent) or 0."""
    return Decimal(100) if taken == "whole" else Decimal(0)
