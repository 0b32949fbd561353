"""A form's rows for indicators and a unit's approved targets in; which target goes into which cells out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.forms.tagged import TaggedSheet
from evalbatch.forms.texts import Value
from evalbatch.model import ApprovedTarget
from evalbatch.xlsx.addresses import Place

_UNFILLED = re.compile(r"(指标\s*[\d一二三四五六七八九十]*\s*[:：、.．]?|[….。·]+|\d+[.、]?|[/／\\—－-]+)?")
_NUMBERED = re.compile(r"指标\s*[1一]\s*([:：])")
_IN_BRACKETS = re.compile(r"[(（].{0,200}?[)）]|\s")
_KINDS = (
    ("满意度", re.compile(r"满意")),
    ("成本", re.compile(r"成本|控制在(?:(?!控制在).)*元|^[≤<不].*元$")),
    ("时效", re.compile(r"及时率|按时|\d\s*月\s*\d*\s*日?\s*(?:底|前|以前|之前|末)|(?:时限|时间)$")),
    ("质量", re.compile(r"(?:合格|达标|优良|完好|准确|出席|参加|通过|优秀|规范|符合)[\u4e00-\u9fff]{0,40}率")),
)
"""What a target's name or value says of its second level, the surest first."""
_USUAL = {"产出": "数量", "效益": "社会效益"}
"""The second level of a target that only names its first."""
_COUNT = re.compile(r"(?:[≥>＞=＝]|不少于|不低于|至少|达到?)?\s*\d[\d.,]*\s*[\u4e00-\u9fff]{1,4}")
_SPLIT = re.compile(r"(≥|≤|＞|＜|>|<|=|＝)?\s*(\d+(?:\.\d+)?)\s*([^\d\s，,；;、]*)")


@dataclass(frozen=True, slots=True)
class Placement:
    """What goes where: rows to put in behind others first, the values by cell as rows are now, and what has no place.

    `waiting` are those targets that get a place by the rows put in, `left` those that get none.
    """

    inserts: tuple[tuple[int, int], ...]
    cells: dict[Place, Value]
    left: tuple[ApprovedTarget, ...]
    waiting: tuple[ApprovedTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    level1: str
    label: str
    rows: tuple[int, ...]


def placed(sheet: TaggedSheet, targets: Sequence[ApprovedTarget]) -> Placement:
    """Place targets into the free rows of their second-level group, in order; all rows are one where there is none.

    A target that names no second level goes into the group that its name or value tells: 满意度, 成本, 时效, 质量, or
    数量 for a bare count; else into the usual one of its first level: 数量 of 产出, 社会效益 of 效益. One whose group
    the form has not, or that tells nothing, is left: nobody guesses.
    """
    columns = {name.removeprefix("indicators."): column for name, (_, column) in sheet.tags.items() if "." in name}
    groups = _groups(sheet)
    if not targets or not groups or not {"name", "target"} <= columns.keys():
        return Placement((), {}, tuple(targets))
    inserts, cells, taken, waiting = [], dict[Place, Value](), set[int](), list[ApprovedTarget]()
    for group in groups:
        own = [target for target in targets if id(target) not in taken and _belongs(target, group, groups)]
        taken |= {id(target) for target in own}
        free = [row for row in group.rows if _UNFILLED.fullmatch(sheet.text((row, columns["name"])))]
        waiting += own[len(free) :]
        if len(own) > len(free):
            behind = group.rows[-2] if len(group.rows) > 1 else group.rows[-1]
            inserts.append((behind, len(own) - len(free)))
        for row, target in zip(free, own, strict=False):
            cells |= _row(sheet, columns, group, row, target)
    left = tuple(target for target in targets if id(target) not in taken)
    return Placement(tuple(sorted(inserts, reverse=True)), cells, left, tuple(waiting))


def _groups(sheet: TaggedSheet) -> tuple[_Group, ...]:
    """The groups of rows by what the columns of first and second level say beside them."""
    found: list[tuple[str, str, list[int]]] = []
    tags = sheet.tags
    places = [tags.get(f"indicators.{level}") for level in ("level1", "level2")]
    for row in sheet.indicator_rows():
        level1, label = (_bare(sheet.text((row, place[1]))) if place else "" for place in places)
        if level1 or label or not found:
            found.append((level1 or (found[-1][0] if found else ""), label, [row]))
        else:
            found[-1][2].append(row)
    return tuple(_Group(level1, label, tuple(own)) for level1, label, own in found)


def _belongs(target: ApprovedTarget, group: _Group, groups: Sequence[_Group]) -> bool:
    if not any(one.level1 or one.label for one in groups):
        return True
    level1, level2 = _bare(target.level1), _bare(target.level2)
    if level1 and any(one.level1 for one in groups) and level1 != group.level1:
        return False
    if level2 and any(one.label for one in groups):
        return level2 == group.label
    wanted = _kind_of(target)
    own = [one for one in groups if level1 and one.level1 == level1]
    if own and not any(wanted in _called(one) for one in own):
        wanted = _USUAL.get(level1, "?") if len(own) > 1 else own[0].label
    return wanted in _called(group)


def _called(group: _Group) -> tuple[str, str]:
    """A group's name, long and short: 服务对象满意度 is 满意度."""
    return group.label, group.label.removeprefix("服务对象")


def _kind_of(target: ApprovedTarget) -> str:
    """What a target without a second level is, by its own words; "?" where they don't tell."""
    texts = ("".join(target.name.split()), "".join(target.target.split()))
    told = next((kind for kind, like in _KINDS if any(map(like.search, texts))), None)
    if told is None and _COUNT.fullmatch(texts[1]) and not re.search(r"率|效益|受益|影响|元$", "".join(texts)):
        return "数量"
    return told or "?"


def _bare(label: str) -> str:
    """A level's name as it is compared: 数量 for 数量指标（20分）."""
    return _IN_BRACKETS.sub("", label).removesuffix("指标")


def _row(
    sheet: TaggedSheet, columns: dict[str, int], group: _Group, row: int, target: ApprovedTarget
) -> dict[Place, Value]:
    first = _NUMBERED.match(sheet.text((group.rows[0], columns["name"])))
    number = f"指标{group.rows.index(row) + 1}{first[1]}" if first else ""
    values: dict[str, Value] = {"name": f"{number}{target.name}", "target": target.target}
    split = _SPLIT.fullmatch(target.target.strip())
    if split and "measure" in columns and ("bound" in columns or not split[1]):
        values |= {"target": Decimal(split[2]), "measure": split[3] or None}
        values |= {"bound": split[1]} if split[1] else {}
    if target.weight is not None and not sheet.text((row, columns.get("weight", 0))):
        values["weight"] = target.weight
    for level, text in (("level1", target.level1), ("level2", target.level2)):
        if text and level in columns and not group.label and not sheet.text((row, columns[level])):
            values[level] = text
    return {(row, columns[key]): value for key, value in values.items() if key in columns and value is not None}
