"""The styles part in; out again with looks added, and copies of the workbook's own cell formats that bear them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from evalbatch.xlsx.markup import (
    LONGEST_SHARED,
    CannotSplice,
    Element,
    Scan,
    Splice,
    append_children,
    reprefixed,
    spliced,
    whole_number,
    with_attributes,
)

Group = Literal["numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs"]
_GROUPS: tuple[Group, ...] = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")
_COMPULSORY = frozenset({"fonts", "fills", "borders", "cellXfs"})
_FOREIGN_NAME = re.compile(rb"</?\w+:")
_PROTECTION = re.compile(rb"<(?:\w+:)?protection\b[^<>]*?/?>")
_ALIGNMENT = re.compile(rb"<(?:\w+:)?alignment\b[^<>]*?(?:/>|>\s*</(?:\w+:)?alignment\s*>)")
_LAST_BUILT_IN_FORMAT = 163
_BEFORE_DXFS = ("cellStyles", "cellXfs")


@dataclass(slots=True)
class Styles:
    """A workbook's styles: what is there, and what is to be added to each group."""

    data: bytes
    groups: Mapping[str, Element]
    items: Mapping[str, Sequence[Element]]
    _added: dict[str, list[bytes]] = field(default_factory=dict)
    _fills: dict[str, int] = field(default_factory=dict)
    _formats: dict[tuple[int, int | None, bool | None], int] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> "Styles":
        """Find the groups of a styles part; raises CannotSplice where one that every workbook has is missing."""
        groups, items = (_found_once if len(data) <= LONGEST_SHARED else _found)(data)
        return cls(data, groups, items, _added={group: [] for group in _GROUPS})

    def text(self, group: Group, index: int) -> bytes:
        """Give one item of a group as written."""
        element = self.items[group][index]
        return self.data[element.tag.start : element.end]

    def add(self, group: Group, item: bytes) -> int:
        """Add an item (written without a prefix) to a group; return its number there."""
        return self._add_own(group, reprefixed(item, "", self.groups["cellXfs"].tag.prefix))

    def _add_own(self, group: Group, item: bytes) -> int:
        self._added[group].append(item)
        return len(self.items[group]) + len(self._added[group]) - 1

    def pieces(self, style: int) -> list[bytes]:
        """Give a cell format's font, fill and border as written."""
        if style >= len(self.items["cellXfs"]):
            return []
        own = self.items["cellXfs"][style].tag.attributes
        groups: tuple[Group, ...] = ("fonts", "fills", "borders")
        numbers = [(group, whole_number(own.get(f"{group[:-1]}Id"))) for group in groups]
        return [self.text(group, number) for group, number in numbers if number < len(self.items[group])]

    # ------------------------------------------------------------ copies of a format

    def filled(self, style: int, colour: str, hatched: str = "") -> int:
        """Give the number of a copy of a cell format with a ground (ARGB), and lines of the colour `hatched` on it."""
        return self.variant(style, fill=self._fill(colour, hatched))

    def unfilled(self, style: int) -> int:
        """Give the number of a copy of a cell format that has no ground and is else the same."""
        return self.variant(style, fill=0)

    def opened(self, style: int, colour: str) -> int:
        """Give the number of a copy of a cell format that can be typed into where a sheet is protected."""
        return self.variant(style, fill=self._fill(colour), locked=False)

    def is_locked(self, style: int) -> bool:
        """Tell whether a cell of this format is locked where a sheet is protected."""
        if not 0 <= style < len(self.items["cellXfs"]):
            return True
        protection = _PROTECTION.search(self.text("cellXfs", style))
        return not (protection and re.search(rb"""\slocked\s*=\s*["'](?:0|false)["']""", protection[0]))

    def with_ground(self, colours: Collection[str]) -> list[int]:
        """List the cell formats that bear one of some grounds (ARGB)."""
        sought = [colour.encode() for colour in colours]
        fills = range(len(self.items["fills"]))
        ours = {str(i) for i in fills if any(colour in self.text("fills", i).upper() for colour in sought)}
        return [i for i, item in enumerate(self.items["cellXfs"]) if item.tag.attributes.get("fillId") in ours]

    def variant(self, style: int, *, fill: int | None = None, locked: bool | None = None) -> int:
        """Give the number of a copy of a cell format with another fill or lock; None leaves either as it is."""
        known = self._formats.get((style, fill, locked))
        if known is not None:
            return known
        element = self.items["cellXfs"][style if 0 <= style < len(self.items["cellXfs"]) else 0]
        written = self.data[element.tag.start : element.tag.end]
        rest = self.data[element.tag.end : element.end]
        # A format that follows its named style in all else must not follow it in what is set here.
        if fill is not None:
            written = with_attributes(written, fillId=str(fill), applyFill="1")
        if locked is not None:
            written, rest = _locked(written, rest, element, locked)
        number = self._add_own("cellXfs", written + rest)
        self._formats[style, fill, locked] = number
        return number

    def _fill(self, colour: str, hatched: str = "") -> int:
        if colour not in self._fills:
            kind = "lightUp" if hatched else "solid"
            over, under = (f'rgb="{hatched}"', f'rgb="{colour}"') if hatched else (f'rgb="{colour}"', 'indexed="64"')
            fill = f'<fill><patternFill patternType="{kind}"><fgColor {over}/><bgColor {under}/></patternFill></fill>'
            self._fills[colour] = self.add("fills", fill.encode())
        return self._fills[colour]

    # ------------------------------------------------------------ the formats of another workbook

    def graft(self, other: "Styles") -> list[int]:
        """Add all cell formats of another styles part; return their numbers here."""
        first = {group: len(self.items[group]) + len(self._added[group]) for group in _GROUPS}
        formats = self._graft_number_formats(other)
        for group in ("fonts", "fills", "borders"):
            for index in range(len(other.items[group])):
                self.add(group, other.bare(group, index))
        numbers = []
        for index, element in enumerate(other.items["cellXfs"]):
            shifted = {
                f"{group[:-1]}Id": str(first[group] + whole_number(element.tag.attributes.get(f"{group[:-1]}Id")))
                for group in ("fonts", "fills", "borders")
            }
            # Numbers above 163 name formats that each workbook counts for itself.
            own = whole_number(element.tag.attributes.get("numFmtId"))
            shifted["numFmtId"] = str(formats.get(own, own if own <= _LAST_BUILT_IN_FORMAT else 0))
            text = other.bare("cellXfs", index)
            end = text.index(b">") + 1
            numbers.append(self.add("cellXfs", with_attributes(text[:end], xfId="0", **shifted) + text[end:]))
        return numbers

    def graft_differential(self, other: "Styles") -> list[int]:
        """Add the looks of another workbook's conditional formats; return their numbers here."""
        return [self.add("dxfs", other.bare("dxfs", index)) for index in range(len(other.items["dxfs"]))]

    def _graft_number_formats(self, other: "Styles") -> dict[int, int]:
        taken = [whole_number(item.tag.attributes.get("numFmtId")) for item in self.items["numFmts"]]
        free = max([_LAST_BUILT_IN_FORMAT, *taken]) + len(self._added["numFmts"]) + 1
        numbers = {}
        for index, item in enumerate(other.items["numFmts"]):
            own = whole_number(item.tag.attributes.get("numFmtId"))
            numbers[own] = free + index
            self.add("numFmts", with_attributes(other.bare("numFmts", index), numFmtId=str(free + index)))
        return numbers

    def bare(self, group: Group, index: int) -> bytes:
        """Give one item of a group without this part's own prefix; raises CannotSplice for what has another."""
        bare = reprefixed(self.text(group, index), self.groups["cellXfs"].tag.prefix, "")
        if _FOREIGN_NAME.search(bare):
            raise CannotSplice("styles")
        return bare

    def written(self) -> bytes:
        """Give the styles part with everything added."""
        splices: list[Splice] = []
        for group, added in self._added.items():
            if added and group in self.groups:
                count = str(len(self.items[group]) + len(added))
                splices += append_children(self.data, self.groups[group], b"".join(added), count=count)
            elif added:
                splices.append(self._new_group(group, added))
        return spliced(self.data, splices)

    def _new_group(self, group: str, added: list[bytes]) -> Splice:
        """Make a group that was not there: number formats come first, differential ones after the named styles."""
        name = self.groups["cellXfs"].tag.prefix + group
        text = f'<{name} count="{len(added)}">'.encode() + b"".join(added) + f"</{name}>".encode()
        if group == "numFmts":
            at = min(element.tag.start for element in self.groups.values())
        else:
            at = next(self.groups[before].end for before in _BEFORE_DXFS if before in self.groups)
        return Splice(at, at, text)


def _found(data: bytes) -> tuple[Mapping[str, Element], Mapping[str, Sequence[Element]]]:
    """Find the groups of a styles part, and the items of those that are added to."""
    groups: dict[str, Element] = {}
    items: dict[str, list[Element]] = {group: [] for group in _GROUPS}

    def keep(path: tuple[str, ...], element: Element) -> None:
        if len(path) == 2:
            groups[path[1]] = element
        elif len(path) == 3:
            items[path[1]].append(element)

    def wanted(path: list[str]) -> bool:
        return len(path) == 2 or (len(path) == 3 and path[1] in items)

    Scan(data, wanted, on_end=keep, depth=3).run()
    if not set(groups) >= _COMPULSORY or not items["cellXfs"]:
        raise CannotSplice("styles")
    return groups, items


_found_once = lru_cache(maxsize=16)(_found)


def _locked(written: bytes, rest: bytes, element: Element, locked: bool) -> tuple[bytes, bytes]:
    """Set the lock in a cell format's start tag and children."""
    value = "1" if locked else "0"
    written = with_attributes(written, applyProtection="1")
    protection = f'<{element.tag.prefix}protection locked="{value}"/>'.encode()
    if element.tag.empty:
        return written[:-2].rstrip() + b">", protection + f"</{element.tag.name}>".encode()
    if found := _PROTECTION.search(rest):
        return written, rest[: found.start()] + with_attributes(found[0], locked=value) + rest[found.end() :]
    alignment = _ALIGNMENT.search(rest)
    at = alignment.end() if alignment else 0
    return written, rest[:at] + protection + rest[at:]
