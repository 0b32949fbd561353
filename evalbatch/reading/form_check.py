"""A tagged form in, what a bureau should know before it hands the form out: whether each field will be found."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalbatch.model.words import KIND
from evalbatch.reading.adopted import FIELD, KINDS
from evalbatch.reading.layout import OF_THE_SCHEME, PARTS, SINGLE, TAG, WORD, Layout, Tag, adopted, read_layout
from evalbatch.reading.lexicon import Lexicon, label_of, load_words
from evalbatch.reading.rehearsal import rehearse

AMOUNTS = ("initial", "adjusted", "executed", "weight", "rate", "score")
LONGEST_SHOWN = 20
UNKNOWN = "填上样例后认不出这张表：请在表的上方写明标题，并检查栏目名称是否在标签的左边或上边。"
NEEDED = {
    "project": ("unit.name", "project.name", "indicators.name", "indicators.target", "indicators.actual"),
    "whole-unit": ("unit.name", "indicators.name", "indicators.target", "indicators.actual"),
    "score": ("unit.name", "indicators.name", "indicators.weight", "indicators.score"),
    "data": ("unit.name",),
}
NEEDED_OF_OWN = {
    "project": ("unit.name", "project.name"),
    "whole-unit": ("unit.name",),
    "score": ("unit.name", "indicators.name", "indicators.score"),
    "data": ("unit.name",),
    "other": ("unit.name",),
}
"""What a form of a bureau's own must have, by what it counts as."""
_COUNTS_AS = {
    "project": "金额和得分按项目计",
    "whole-unit": "金额和得分是单位自己的",
    "data": "只提供数据",
    "score": "得分是单位自己的，金额不计",
    "other": "金额和得分都不计入单位",
}


@dataclass(frozen=True, slots=True)
class FormCheck:
    """Which fields a tagged form has, which it lacks, which are unclear, and how a filled sample of it is read.

    Each is said in Chinese, with its cell. `kind` is what the form counts as, and `locked` the entry cells that a unit
    could not fill in; they keep nobody from using the form. `disagreeing` says where its rows are not the scheme's.
    """

    form: str
    found: tuple[str, ...]
    missing: tuple[str, ...]
    ambiguous: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    kind: str = ""
    locked: tuple[str, ...] = ()
    disagreeing: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether submissions on this form can be read."""
        wrong = (*self.missing, *self.ambiguous, *self.unknown, *self.unread, *self.disagreeing)
        return bool(self.found) and not wrong

    def text(self) -> str:
        """Return the check as lines for a person."""
        samples = self.samples or ("",) * len(self.found)
        kind = f"类别：{KIND[self.kind]}（{_COUNTS_AS[self.kind]}）"
        lines = [f"表名：{self.form}", kind, f"找到栏目{len(self.found)}个，右边是填上样例后读到的内容："]
        lines += [f"  {line}　{sample}".rstrip() for line, sample in zip(self.found, samples, strict=True)]
        for title, rows in (
            ("缺少的栏目", self.missing),
            ("有歧义的栏目", self.ambiguous),
            ("不认得的标记", self.unknown),
            ("填好后读不回来的栏目", self.unread),
            ("与评分方案不一致的地方", self.disagreeing),
            ("单位填不了的空格（没有标签或者锁着，预填表里不能改；不用单位填的不必管）", self.locked),
        ):
            if rows:
                lines += [f"{title}：", *(f"  {line}" for line in rows)]
        return "\n".join([*lines, "可以使用。" if self.usable else "还不能使用，请按上面所列补改。"])


def check_form(path: Path, lexicon: Lexicon | None = None) -> FormCheck:
    """Say which fields a tagged form has, which it lacks, which are ambiguous, and how a filled sample is read.

    Raises Refused as read_layout.
    """
    lexicon = lexicon or load_words()
    layout = read_layout(path)
    counts = Counter(tag.name for tag in layout.tags)
    found = tuple(f"{tag.cell.address}　{tag.name}　{_label_shown(tag)}" for tag in layout.tags)
    needed = NEEDED.get(layout.form) or NEEDED_OF_OWN[layout.kind]
    missing = tuple(f"{name}：表里没有这个标记" for name in needed if name not in counts)
    twice = [name for name, count in counts.items() if count > 1 and not name.startswith("indicators.")]
    ambiguous = [f"{name}：写在{_addresses(layout, name)}，只能写一处" for name in twice]
    ambiguous += [
        f"{tag.name}：{tag.cell.address}的左边和上边都没有栏目名称，报送的表里找不到它"
        for tag in layout.tags
        if not tag.beside and not tag.above and tag.name != "year"
    ]
    unknown = tuple(f"{tag.cell.address}　{tag.name}" for tag in layout.tags if not _known(tag.name))
    back = rehearse(path, layout)
    unread = [
        f"{line}　{one.said}{_remedy(tag)}"
        for tag, line, one in zip(layout.tags, found, back, strict=False)
        if not one.back
    ]
    samples = tuple(one.said for one in back)
    lost = tuple(unread) if back else (UNKNOWN,)
    if layout.said_kind and layout.said_kind not in KINDS:
        unknown = (*unknown, f"kind: {layout.said_kind}，可以写：{'、'.join(KINDS)}")
    ambiguous += _clashes(layout)
    return FormCheck(layout.form, found, missing, tuple(ambiguous), unknown, lost, samples, layout.kind)


def _remedy(tag: Tag) -> str:
    """Say what helps where an amount stands within a text: it has no row and no column to be found by.

    And where a field stands behind a text that is no label of it: 1、部门预算项目 □ 2、专项 □.
    """
    ahead = TAG.split(tag.cell.text)[0]
    if tag.name.startswith(FIELD) and WORD.search(ahead) and not ahead.rstrip().endswith((":", "：")):
        return "。标签前面的文字要以冒号结尾；印着选项由单位打勾的，标签写在这一格的最前面"
    if not tag.name.startswith("budget.") or not WORD.search(ahead):
        return ""
    named = label_of(re.split("[:：]", ahead.rstrip(":： "))[-1]).core
    return (
        f"。金额夹在文字里分不出行和栏：请单独占一格，或者改写成 {{{{ fields.{named} }}}}，作为自己的栏目，不计入资金"
    )


def _clashes(layout: Layout) -> Iterator[str]:
    """Yield labels that would mean two things at one place."""
    meanings: dict[tuple[str, str], dict[str, str]] = {}
    for tag in layout.tags:
        for place, label, concept in adopted(tag):
            if core := label_of(label).core:
                meanings.setdefault((place, core), {})[concept] = tag.cell.address
    for (_, core), concepts in meanings.items():
        if len(concepts) > 1:
            yield f"“{core}”：{'、'.join(f'{cell}是{concept}' for concept, cell in concepts.items())}，名称相同，分不清"


def _label_shown(tag: Tag) -> str:
    """Return the labels by which a tag's cell will be found."""
    found = [label for _, label, _ in adopted(tag)] or [tag.beside, tag.above][: 2 * tag.name.startswith("fields.")]
    labels = [_short(" ".join(label.split())) for label in found if label]
    return f"（{'／'.join(labels)}）" if labels else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _addresses(layout: Layout, name: str) -> str:
    return "、".join(tag.cell.address for tag in layout.tags if tag.name == name)


def _known(name: str) -> bool:
    head, _, rest = name.partition(".")
    if head == "fields":
        return bool(rest)
    if head == "indicators":
        return rest in PARTS | OF_THE_SCHEME or bool(WORD.search(rest) and not rest.isascii())
    kind, _, amount = rest.partition(".")
    return name in SINGLE or (head == "budget" and bool(kind) and amount in AMOUNTS)
