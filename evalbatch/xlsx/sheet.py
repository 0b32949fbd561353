"""A sheet part and its marks in; out again with only the marked cells' formats changed."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from evalbatch.model import Cell
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.markup import (
    Element,
    Path,
    Scan,
    Splice,
    Tag,
    append_children,
    set_attributes,
    spliced,
    whole_number,
)
from evalbatch.xlsx.package import DOCUMENT

_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^<>/]*)?>")
_TAG = re.compile(rb"""\s*<([\w:]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<&\n\r\t]*"|'[^'<&\n\r\t]*'))*)\s*(/?)>""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_END = re.compile(rb"\s*>")
_BLANKS = re.compile(rb"\s*")


class NotPlain(Exception):
    """The text must be read by the parser."""


_BEFORE_LEGACY = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing"
)
"""What stands before legacyDrawing in a worksheet (ECMA-376 part 1, CT_Worksheet)."""
_IS_BEFORE_LEGACY = frozenset(_BEFORE_LEGACY.split())

_ROW_PATH = ("worksheet", "sheetData", "row")
_CELL_PATH = (*_ROW_PATH, "c")
_STYLED = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bs\s*=\s*["'](\d+)["'][^<>]*>)""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Z]+\d+)["']""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z0-9$]+):([A-Z0-9$]+)["']""")


@dataclass(slots=True)
class SheetPart:
    """A sheet's text and where things stand in it: rows, wanted cells, columns, views."""

    data: bytes
    wanted: frozenset[int]
    root: Tag | None = None
    sheet_data: Element | None = None
    rows: dict[int, Element] = field(default_factory=dict)
    row_starts: list[tuple[int, int]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    cells: dict[int, dict[int, Tag]] = field(default_factory=dict)
    columns: list[Mapping[str, str]] = field(default_factory=list)
    views: list[Tag] = field(default_factory=list)
    legacy: Tag | None = None
    _last_before: int = 0
    _row: int = 0
    _column: int = 0

    @classmethod
    def read(cls, data: bytes, wanted: frozenset[int]) -> "SheetPart":
        """Find everything needed to give cells of the wanted rows other formats."""
        part = cls(data, wanted)
        try:
            closed = part._read_plain()
        except NotPlain:
            return cls(data, wanted)._scanned((0, 0))
        part._scanned(closed)
        if part.sheet_data is None or (part.sheet_data.tag.end, part.sheet_data.inner_end) != closed:
            return cls(data, wanted)._scanned((0, 0))
        return part

    def _scanned(self, closed: tuple[int, int]) -> "SheetPart":
        self.root = (
            Scan(self.data, self._is_wanted, self._start, self._end, depth=len(_CELL_PATH), closed=closed).run().root
        )
        return self

    def _read_plain(self) -> tuple[int, int]:
        """Read the rows on the short way; return the stretch where they stand. Raises NotPlain."""
        prefix, start, end = sheet_data(self.data)
        for row in children(self.data, f"{prefix}row", start, end):
            self._start(_ROW_PATH, row.tag)
            if self._row in self.wanted:
                for cell in children(self.data, f"{prefix}c", row.tag.end, row.inner_end):
                    self._start(_CELL_PATH, cell.tag)
                self._end(_ROW_PATH, row)
        return start, end

    def _is_wanted(self, path: list[str]) -> bool:
        match path:
            case [_, _] | [_, "sheetData", "row"] | [_, "cols", "col"] | [_, "sheetViews", "sheetView"]:
                return True
            case [_, "sheetData", "row", "c"]:
                return self._row in self.wanted
        return False

    def _start(self, path: Path, tag: Tag) -> None:
        match path[1:]:
            case ("sheetData", "row"):
                self._row = whole_number(tag.attributes.get("r")) or self._row + 1
                self._column = 0
                self.row_starts.append((self._row, tag.start))
                if height := tag.attributes.get("ht"):
                    self.heights[self._row] = _size(height, 15.0)
            case ("sheetData", "row", "c"):
                place = cells_of(tag.attributes.get("r"))
                self._column = place[0][1] if place else self._column + 1
                self.cells.setdefault(self._row, {})[self._column] = tag
            case ("cols", "col"):
                self.columns.append(tag.attributes)
            case ("sheetViews", "sheetView"):
                self.views.append(tag)
            case ("legacyDrawing",):
                self.legacy = tag

    def _end(self, path: Path, element: Element) -> None:
        match path[1:]:
            case ("sheetData", "row") if self._row in self.wanted:
                self.rows[self._row] = element
            case ("sheetData",):
                self.sheet_data = element
        if len(path) == 2 and element.tag.local in _IS_BEFORE_LEGACY:
            self._last_before = element.end

    # ------------------------------------------------------------ what is there

    def style_of(self, place: Place) -> int:
        """Give the format's number of a cell; of a cell that is not there, that of its row or column."""
        row, column = place
        tag = self.cells.get(row, {}).get(column)
        if tag is not None:
            return whole_number(tag.attributes.get("s"))
        whole = self.rows.get(row)
        if whole is not None and whole.tag.attributes.get("customFormat") in ("1", "true"):
            return whole_number(whole.tag.attributes.get("s"))
        return next((whole_number(own.get("style")) for own in self.columns if _covers(own, column)), 0)

    def column_pixels(self, column: int) -> int:
        """Give about how wide a column is on screen."""
        for own in self.columns:
            if _covers(own, column):
                hidden = own.get("hidden") in ("1", "true")
                return 0 if hidden else int(_size(own.get("width"), 8.43) * 7 + 5)
        return 64

    def row_pixels(self, row: int) -> int:
        """Give about how high a row is on screen."""
        return int(self.heights.get(row, 15.0) * 4 / 3)

    # ------------------------------------------------------------ what is changed

    def restyled(self, styles: Mapping[Place, int]) -> list[Splice]:
        """Make the splices that give cells other formats; cells that are not there are put in, blank."""
        splices: list[Splice] = []
        missing: dict[Place, bytes] = {}
        for (row, column), style in sorted(styles.items()):
            tag = self.cells.get(row, {}).get(column)
            if tag is not None:
                splices.append(set_attributes(self.data, tag, s=str(style)))
            else:
                missing[row, column] = self._cell_text(row, column, style)
        return splices + self.put_in(missing)

    def put_in(self, cells: Mapping[Place, bytes]) -> list[Splice]:
        """Make the splices that put cells in, each written out, where there are none."""
        splices: list[Splice] = []
        missing: dict[int, dict[int, bytes]] = {}
        for (row, column), text in sorted(cells.items()):
            missing.setdefault(row, {})[column] = text
        new_rows = b""
        for row, columns in missing.items():
            if row in self.rows:
                splices += self._into_row(row, columns)
            else:
                start = bisect_left(self.row_starts, (row, 0))
                text = self._row_text(row, columns)
                if start == len(self.row_starts):
                    new_rows += text
                else:
                    splices.append(Splice(self.row_starts[start][1], self.row_starts[start][1], text))
        if new_rows and self.sheet_data is not None:
            splices += append_children(self.data, self.sheet_data, new_rows)
        return splices

    def _into_row(self, row: int, columns: Mapping[int, bytes]) -> list[Splice]:
        element, cells = self.rows[row], self.cells.get(row, {})
        later = {column: [other for other in sorted(cells) if other > column] for column in columns}
        splices = []
        behind = b""
        for column, text in columns.items():
            if later[column]:
                at = cells[later[column][0]].start
                splices.append(Splice(at, at, text))
            else:
                behind += text
        # The row's spans, a mere hint, would be wrong with a cell outside them.
        if behind:
            return splices + append_children(self.data, element, behind, spans=None)
        return [*splices, set_attributes(self.data, element.tag, spans=None)]

    def _row_text(self, row: int, columns: Mapping[int, bytes]) -> bytes:
        name = f"{self.root.prefix if self.root else ''}row"
        return f'<{name} r="{row}">'.encode() + b"".join(columns.values()) + f"</{name}>".encode()

    def _cell_text(self, row: int, column: int, style: int) -> bytes:
        name = f"{self.root.prefix if self.root else ''}c"
        return f'<{name} r="{Cell("", row, column).address}" s="{style}"/>'.encode()

    def unselected(self) -> list[Splice]:
        """Make the splices that take the sheet out of the selection, else typing would go to two sheets at once."""
        selected = [view for view in self.views if view.attributes.get("tabSelected") in ("1", "true")]
        return [set_attributes(self.data, view, tabSelected=None) for view in selected]

    def with_legacy_drawing(self, relation: str) -> list[Splice]:
        """Make the splice that ties the drawing of comment boxes to the sheet."""
        prefix = self.root.prefix if self.root else ""
        text = f'<{prefix}legacyDrawing xmlns:r="{DOCUMENT}" r:id="{relation}"/>'
        return [Splice(self._last_before, self._last_before, text.encode())]

    def written(self, splices: list[Splice]) -> bytes:
        """Give the sheet part with splices carried out."""
        return spliced(self.data, splices)


def anchors(data: bytes) -> Callable[[Place], Place]:
    """Give the way from a place to the cell that speaks for it: of a merged range of the sheet its first."""
    corners = [cells_of(first.decode()) + cells_of(last.decode()) for first, last in _MERGE.findall(data)]
    ranges = [pair for pair in corners if len(pair) == 2]

    def anchor(place: Place) -> Place:
        row, column = place
        for first, last in ranges:
            if first[0] <= row <= last[0] and first[1] <= column <= last[1]:
                return first
        return place

    return anchor


def places_of_styles(data: bytes, styles: Iterable[int]) -> dict[Place, int]:
    """Find the cells of a sheet that have one of the formats; cells written without an address are not found."""
    wanted = frozenset(str(style).encode() for style in styles)
    found = {}
    for tag, style in _STYLED.findall(data) if wanted else ():
        if style in wanted and (address := _ADDRESS.search(tag)):
            found.update(dict.fromkeys(cells_of(address[1].decode())[:1], int(style)))
    return found


def _size(text: str | None, otherwise: float) -> float:
    return float(text) if text and re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,20})?", text) else otherwise


def _covers(column: Mapping[str, str], number: int) -> bool:
    return whole_number(column.get("min")) <= number <= whole_number(column.get("max"))


def sheet_data(data: bytes) -> tuple[str, int, int]:
    """Find what stands within the sheet's data: its elements' prefix, where it begins and ends; raises NotPlain."""
    opened = _SHEET_DATA.search(data)
    if opened is None or b"<!" in data or data.find(b"<?", opened.start()) >= 0:
        raise NotPlain
    end = data.find(b"</" + opened[1] + b"sheetData", opened.end())
    if end < 0:
        raise NotPlain
    return opened[1].decode(), opened.end(), end


def children(data: bytes, name: str, start: int, end: int) -> Iterator[Element]:
    """Give the elements of one name that fill a stretch; raises NotPlain where anything else stands in it.

    An element's first end tag is its own: were it that of another within, then the element's own would stand
    between elements.
    """
    closing = f"</{name}".encode()
    at = start
    while (opened := _TAG.match(data, at, end)) is not None:
        if opened[1] != closing[2:]:
            raise NotPlain
        tag = Tag(name, _attributes(opened[2]), opened.start(1) - 1, opened.end(), bool(opened[3]))
        if tag.empty:
            element = Element(tag, tag.end, tag.end)
        else:
            inner_end = data.find(closing, tag.end, end)
            closed = _END.match(data, inner_end + len(closing), end) if inner_end >= 0 else None
            if closed is None:
                raise NotPlain
            element = Element(tag, inner_end, closed.end())
        yield element
        at = element.end
    if not _BLANKS.fullmatch(data, at, end):
        raise NotPlain


def _attributes(written: bytes) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(written.decode())}
