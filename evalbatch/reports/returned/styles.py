"""The styles part in; out again with fills added, and copies of the unit's own cell formats that bear them."""

import re
from dataclasses import dataclass, field
from typing import Literal

from evalbatch.reports.returned.markup import CannotMark, Element, Scan, append_children, spliced, with_attributes
from evalbatch.sheets import Tone, look

Group = Literal["fonts", "fills", "borders", "cellXfs"]
_GROUPS: tuple[Group, ...] = ("fonts", "fills", "borders", "cellXfs")
_ELEMENT_NAME = re.compile(rb"<(/?)(?=[A-Za-z])")
_LAST_BUILT_IN_FORMAT = 163
_MARK_TONES: tuple[Tone, ...] = ("must-fix", "query")


@dataclass(slots=True)
class Styles:
    """A workbook's styles: what is there, and what is to be added to each group."""

    data: bytes
    groups: dict[str, Element] = field(default_factory=dict)
    items: dict[str, list[Element]] = field(default_factory=dict)
    _added: dict[str, list[bytes]] = field(default_factory=dict)
    _fills: dict[Tone, int] = field(default_factory=dict)
    _formats: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> "Styles":
        """Find the groups of a styles part; raises CannotMark where one is missing."""
        styles = cls(data, items={group: [] for group in _GROUPS}, _added={group: [] for group in _GROUPS})

        def keep(path: tuple[str, ...], element: Element) -> None:
            if len(path) == 2:
                styles.groups[path[1]] = element
            elif len(path) == 3:
                styles.items[path[1]].append(element)

        Scan(data, lambda path: len(path) in (2, 3) and path[1] in _GROUPS, on_end=keep).run()
        if set(styles.groups) != set(_GROUPS) or not styles.items["cellXfs"]:
            raise CannotMark("styles")
        return styles

    def text(self, group: Group, index: int) -> bytes:
        """Give one item of a group as written."""
        element = self.items[group][index]
        return self.data[element.tag.start : element.end]

    def add(self, group: Group, item: bytes) -> int:
        """Add an item (written without a prefix) to a group; return its number there."""
        prefix = self.groups[group].tag.prefix.encode()
        return self._add_own(group, _ELEMENT_NAME.sub(rb"<\g<1>" + prefix, item))

    def _add_own(self, group: Group, item: bytes) -> int:
        self._added[group].append(item)
        return len(self.items[group]) + len(self._added[group]) - 1

    def marked(self, style: int, tone: Tone) -> int:
        """Give the number of a copy of a cell format that has the mark's ground and is else the same."""
        if tone not in self._fills:
            colour = look.TONES[tone][1].replace("#", "FF")
            ground = f'<fgColor rgb="{colour}"/><bgColor indexed="64"/>'
            fill = f'<fill><patternFill patternType="solid">{ground}</patternFill></fill>'
            self._fills[tone] = self.add("fills", fill.encode())
        return self._with_fill(style, self._fills[tone])

    def marks_of_before(self) -> list[int]:
        """List the cell formats that bear a mark's ground: those of a copy that came back."""
        colours = [look.TONES[tone][1].replace("#", "FF").encode() for tone in _MARK_TONES]
        fills = range(len(self.items["fills"]))
        ours = {str(i) for i in fills if any(colour in self.text("fills", i).upper() for colour in colours)}
        return [i for i, item in enumerate(self.items["cellXfs"]) if item.tag.attributes.get("fillId") in ours]

    def unmarked(self, style: int) -> int:
        """Give the number of a copy of a cell format that has no ground and is else the same."""
        return self._with_fill(style, 0)

    def _with_fill(self, style: int, fill: int) -> int:
        known = self._formats.get((style, fill))
        if known is not None:
            return known
        element = self.items["cellXfs"][style if 0 <= style < len(self.items["cellXfs"]) else 0]
        written = self.data[element.tag.start : element.tag.end]
        rest = self.data[element.tag.end : element.end]
        # A format that follows its named style in all else must not follow it in the ground.
        number = self._add_own("cellXfs", with_attributes(written, fillId=str(fill), applyFill="1") + rest)
        self._formats[style, fill] = number
        return number

    def graft(self, other: "Styles") -> list[int]:
        """Add all cell formats of another styles part; return their numbers here.

        Number formats that are not built in become General.
        """
        first = {group: len(self.items[group]) + len(self._added[group]) for group in _GROUPS}
        for group in _GROUPS[:3]:
            for index in range(len(other.items[group])):
                self.add(group, other.text(group, index))
        numbers = []
        for index, element in enumerate(other.items["cellXfs"]):
            shifted = {
                f"{group[:-1]}Id": str(first[group] + int(element.tag.attributes[f"{group[:-1]}Id"]))
                for group in _GROUPS[:3]
            }
            # Numbers above 163 name formats that each workbook counts for itself.
            if int(element.tag.attributes.get("numFmtId", "0")) > _LAST_BUILT_IN_FORMAT:
                shifted["numFmtId"] = "0"
            own = other.text("cellXfs", index)
            length = element.tag.end - element.tag.start
            numbers.append(self.add("cellXfs", with_attributes(own[:length], xfId="0", **shifted) + own[length:]))
        return numbers

    def written(self) -> bytes:
        """Give the styles part with everything added."""
        splices = []
        for group, added in self._added.items():
            if added:
                count = str(len(self.items[group]) + len(added))
                splices += append_children(self.data, self.groups[group], b"".join(added), count=count)
        return spliced(self.data, splices)
