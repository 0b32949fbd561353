"""What the sheets of review.xlsx are called, and which columns each has: the one place that says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from evalbatch.sheets.table import Column

Kind = Literal["score", "waiver", "file"]
"""What is decided: a line's score, whether a finding is waived, whose a file is."""

GUIDE, KEPT, ROSTER = "填写说明", "留存", "单位名单"
STATUS = "状态"
ORIGIN, ABOUT, WHY = "来自", "对象", "为何留存"
BASIS, CONTENT, CHECK, DECIDED, DIGEST, KEY = "决定时内容", "内容指纹", "行校验", "决定时指纹", "决定摘要", "键"
KEYS = (BASIS, CONTENT, CHECK, DECIDED, DIGEST, KEY)
"""Written by evalbatch for itself: which line the row is, what it showed, and under what content it was decided."""


@dataclass(frozen=True)
class Spec:
    """One sheet: what its rows show, what a person types, and by which shown columns a row is known again.

    `entry` are the four columns of an entry: what was decided, by whom, when, and why; `behind` follow it. A change
    of a `content` column makes a decision stale. `frozen` columns stay in sight while scrolling to the entry.
    """

    name: str
    title: str
    shown: tuple[Column, ...]
    entry: tuple[Column, ...]
    identity: tuple[str, ...]
    content: tuple[str, ...]
    behind: tuple[Column, ...] = ()
    frozen: int = 1

    @cached_property
    def entry_titles(self) -> tuple[str, ...]:
        """The titles of the four columns that a person fills in."""
        return tuple(column.title for column in self.entry)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in order, the clerk's own excepted."""
        return (*self.shown, *self.entry, Column(STATUS, "text"), *self.behind, *_KEY_COLUMNS)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The titles of all columns in order."""
        return tuple(column.title for column in self.columns)


def _points(title: str) -> Column:
    """A column of points as they are: rounding what is shown would change what the row is known by."""
    return Column(title, "mark", align="right")


# No text kind: keys neither wrap nor make a row taller.
_KEY_COLUMNS = tuple(Column(title, "mark", "int", "left", paper=False) for title in KEYS)


def _entry(what: str, width: str, note: str, why: str) -> tuple[Column, ...]:
    return (
        Column(what, width, align="center", note=note),
        Column("复核人", "short"),
        Column("复核日期", "date", "date"),
        Column(why, "text"),
    )


SPECS: Mapping[Kind, Spec] = {
    "score": Spec(
        name="待定评分",
        title="待定评分：规则不能确定得分的指标，请填复核得分；抽查复核其他指标的，在表末另加一行",
        shown=(
            Column("单位", "name"),
            Column("表", "short"),
            Column("项目", "short"),
            Column("指标", "path"),
            Column("目标", "path"),
            Column("完成值", "name"),
            Column("单位说明", "name"),
            _points("分值"),
            _points("自评得分"),
            _points("核定前得分"),
            Column("待定原因", "text"),
            _points("最低分"),
            _points("最高分"),
        ),
        entry=_entry("复核得分", "short", "填数字，在最低分与最高分之间，例如 9.5。", "意见"),
        identity=("单位", "表", "项目", "指标"),
        content=("目标", "完成值", "分值", "自评得分", "单位说明"),
        behind=(Column("位置", "text", paper=False),),
        frozen=4,
    ),
    "waiver": Spec(
        name="问题豁免",
        title="问题豁免：经核实可以不更正的问题，填同意豁免并说明理由",
        shown=(
            Column("单位", "name"),
            Column("文件", "path"),
            Column("单元格", "name"),
            Column("代码", "mark"),
            Column("级别", "short"),
            Column("问题", "long"),
            Column("现填", "path"),
            Column("应为", "path"),
        ),
        entry=_entry("处理", "short", "选“同意豁免”或“不同意”。", "理由"),
        identity=("单位", "文件", "单元格", "代码"),
        content=("问题", "现填", "应为"),
    ),
    "file": Spec(
        name="文件归属",
        title="文件归属：认不出单位，或表中与文件夹是两个单位的文件，请指定单位",
        shown=(
            Column("文件", "long"),
            Column("表上的单位", "text"),
            Column("相近单位", "text"),
            Column("说明", "long"),
        ),
        entry=_entry("归属单位", "name", "从下拉列表中选，或填单位编码。", "备注"),
        identity=("文件",),
        content=("内容标识",),
        behind=(Column("内容标识", "mark", "int", "left", paper=False),),
    ),
}

KEPT_SPEC = Spec(
    name=KEPT,
    title="留存：填写过、而现在已没有对应行的内容，只保存，不起作用",
    shown=(Column(ORIGIN, "short"), Column("单位", "name"), Column(ABOUT, "long"), Column(WHY, "text")),
    entry=_entry("填写", "name", "原来填的复核得分、处理或归属单位。", "意见"),
    identity=(ORIGIN, "单位", ABOUT),
    content=(),
)
