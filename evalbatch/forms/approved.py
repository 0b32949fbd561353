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
_IN_BRACKETS = re.compile(r"[(（].*?[)）]|\s")
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
    label: str
    rows: tuple[int, ...]


def placed(sheet: TaggedSheet, targets: Sequence[ApprovedTarget]) -> Placement:
    """Place targets into the free rows of their second-level group, in order; all rows are one where there is none.

    A target whose group the form has not, or that names none where the form has groups, is left: nobody guesses.
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
    """The groups of rows by what the second-level column says beside them."""
    rows = sheet.indicator_rows()
    place = sheet.tags.get("indicators.level2")
    found: list[tuple[str, list[int]]] = []
    for row in rows:
        label = _bare(sheet.text((row, place[1]))) if place else ""
        if label or not found:
            found.append((label, [row]))
        else:
            found[-1][1].append(row)
    return tuple(_Group(label, tuple(own)) for label, own in found)


def _belongs(target: ApprovedTarget, group: _Group, groups: Sequence[_Group]) -> bool:
    if not any(one.label for one in groups):
        return True
    return bool(target.level2) and _bare(target.level2) == group.label


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
