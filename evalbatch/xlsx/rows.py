"""A workbook and a row of one of its sheets in; the workbook with rows like it put in behind it out.

Everything that points at cells moves along: the sheet's own ranges and formulas, other sheets' formulas, names, charts,
pictures, controls, comments and tables.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from evalbatch.model import Cell
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.markup import (
    CannotSplice,
    Element,
    Path,
    Scan,
    Splice,
    Tag,
    append_children,
    set_attributes,
    spliced,
    unescaped,
    whole_number,
    with_attributes,
)
from evalbatch.xlsx.references import Insertion, moved_formula
from evalbatch.xlsx.workbook import SheetEntry, WorkbookPart

_RANGES = {
    "mergeCell": "ref", "conditionalFormatting": "sqref", "dataValidation": "sqref", "hyperlink": "ref",
    "protectedRange": "sqref", "autoFilter": "ref", "sortState": "ref", "sortCondition": "ref",
    "ignoredError": "sqref", "dimension": "ref", "selection": "sqref", "cellWatch": "r", "inputCells": "r",
}  # fmt: skip
"""Where a sheet part keeps ranges: the attribute of each element (ECMA-376 part 1, 18.3)."""
_POINTS = {"selection": "activeCell", "pane": "topLeftCell", "sheetView": "topLeftCell"}
_FORMULAS = frozenset({"formula", "formula1", "formula2"})
_WANTED = frozenset({*_RANGES, *_POINTS, *_FORMULAS, "row", "c", "f", "v", "brk", "sqref", "mergeCells"})
_NEVER = frozenset({"pivotTable", "queryTable", "slicer", "timeline"})
_ANCHOR_ROW = re.compile(rb"(<(?:\w+:)?row>\s*)(\d{1,7})(\s*</)")
_FORMULA = re.compile(rb"(<(?:\w+:)?(?:f|formula|formula1|formula2|Fmla\w+)(?:\s[^<>]*)?(?<!/)>)([^<]+)(</)")
_CONTROL = re.compile(rb"""(\sfmla\w+\s*=\s*["'])([^"']+)""")
_REFERENCE = re.compile(
    rb"""(<(?:\w+:)?(comment|threadedComment|table|autoFilter|sortState)\s[^<>]*?\bref\s*=\s*["'])([^"']+)"""
)
_BOX_ROW = re.compile(rb"(<(?:\w+:)?Row>\s*)(\d{1,7})(\s*</)")
_BOX_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]+)(</)")


def insert_rows(workbook: WorkbookPart, entry: SheetEntry, after: int, count: int) -> None:
    """Put rows in behind one, each with that row's formats, formulas and merged cells, and without its values.

    Raises CannotSplice, with nothing changed that is kept, where something points at the sheet in a way not known.
    """
    package, part = workbook.package, entry.part or ""
    change = Insertion(entry.name, after, count)
    relations = package.relations(part)
    if any(relation.kind in _NEVER for relation in relations):
        raise CannotSplice("pivotTable")
    package[part] = _SheetRows(package[part], change).written()
    mentioned = escape(entry.name).encode()
    for name, data in list(package.parts.items()):
        if name != part and name.startswith(("xl/worksheets/", "xl/charts/", "xl/ctrlProps/")) and mentioned in data:
            package[name] = _with_formulas(data, change, here=False)
    workbook.rename([change.formula(name.formula, here=False) for name in workbook.names])
    for relation in relations:
        if relation.target in package and (edit := _EDITS.get(relation.kind)):
            package[relation.target] = edit(package[relation.target], change)
    workbook.forget_order()


@dataclass(slots=True)
class _SheetRows:
    """A sheet part, what is to be changed in it, and what of the row is to be copied."""

    data: bytes
    change: Insertion
    splices: list[Splice] = field(default_factory=list)
    formulas: list[tuple[Place, Element]] = field(default_factory=list)
    model: dict[int, Tag] = field(default_factory=dict)
    results: dict[int, bytes] = field(default_factory=dict)
    model_row: Tag | None = None
    merged: list[str] = field(default_factory=list)
    merges: Element | None = None
    prefix: str = ""
    _behind: int | None = None
    _row: int = 0
    _column: int = 0

    def written(self) -> bytes:
        """Give the sheet part with the rows in it."""
        scan = Scan(self.data, lambda path: path[-1] in _WANTED or path[-1] == "sheetData", self._start, self._end)
        root = scan.run().root
        self.prefix = root.prefix if root else ""
        texts = self._formula_texts()
        if self._behind is None:
            raise CannotSplice("sheetData")
        rows = b"".join(self._new_row(self.change.after + number, texts) for number in range(1, self.change.count + 1))
        self.splices.append(Splice(self._behind, self._behind, rows))
        if self.merges is not None:
            self._repeat_merges(self.merges)
        return spliced(self.data, self.splices)

    def _start(self, path: Path, tag: Tag) -> None:
        match path[1:]:
            case ("sheetData",):
                self._behind = None if tag.empty else tag.end
            case ("sheetData", "row"):
                self._row = whole_number(tag.attributes.get("r")) or self._row + 1
                self._column = 0
                if self._row == self.change.after:
                    self.model_row = tag
                if "r" in tag.attributes and self._row > self.change.after:
                    self.splices.append(set_attributes(self.data, tag, r=str(self.change.row(self._row))))
            case ("sheetData", "row", "c"):
                self._start_cell(tag)
            case ("rowBreaks", "brk"):
                number = self.change.row(whole_number(tag.attributes.get("id")))
                self.splices.append(set_attributes(self.data, tag, id=str(number)))
            case _:
                self._move_ranges(tag)

    def _start_cell(self, tag: Tag) -> None:
        place = cells_of(tag.attributes.get("r"))
        self._column = place[0][1] if place else self._column + 1
        if self._row == self.change.after:
            self.model[self._column] = tag
        if place and self._row > self.change.after:
            self.splices.append(set_attributes(self.data, tag, r=_address(self.change.row(self._row), self._column)))

    def _move_ranges(self, tag: Tag) -> None:
        changed = {}
        if (name := _RANGES.get(tag.local)) and (text := tag.attributes.get(name)):
            grows = tag.local not in ("mergeCell", "selection")
            changed[name] = self.change.ranges(text, grows=grows)
            if tag.local == "mergeCell" and self._lies_in_the_row(text):
                self.merged.append(text)
        if (name := _POINTS.get(tag.local)) and (text := tag.attributes.get(name)):
            changed[name] = self.change.ranges(text, grows=False)
        if any(tag.attributes[name] != value for name, value in changed.items()):
            self.splices.append(set_attributes(self.data, tag, **changed))

    def _lies_in_the_row(self, text: str) -> bool:
        rows = {int(number) for number in re.findall(r"\d+", text)}
        return rows == {self.change.after}

    def _end(self, path: Path, element: Element) -> None:
        inner = self.data[element.tag.end : element.inner_end]
        match path[1:]:
            case ("sheetData", "row"):
                if self._row <= self.change.after:
                    self._behind = element.end
            case ("sheetData", "row", "c", "v") if self._row == self.change.after:
                self.results[self._column] = self.data[element.tag.start : element.end]
            case ("sheetData", "row", "c", "f"):
                self.formulas.append(((self._row, self._column), element))
            case ("mergeCells",):
                self.merges = element
            case (*_, "row") if inner.strip().isdigit():
                new = self.change.row(int(inner) + 1) - 1
                self._put(element, str(new))
            case (*_, name) if name in ("f", "sqref", *_FORMULAS) and inner and b"<" not in inner:
                text = unescaped(inner.decode("utf-8"))
                self._put(element, self.change.ranges(text) if name == "sqref" else self._shifted(text))

    def _put(self, element: Element, text: str) -> None:
        self.splices.append(Splice(element.tag.end, element.inner_end, escape(text).encode()))

    def _shifted(self, text: str) -> str:
        return self.change.formula(text, here=True)

    # ------------------------------------------------------------ formulas of cells

    def _formula_texts(self) -> dict[Place, str]:
        """Shift all formulas, shared ones written out for each cell; give those of the row that is copied."""
        shared: dict[str, tuple[Place, str]] = {}
        found: dict[Place, str] = {}
        for place, element in self.formulas:
            text = unescaped(self.data[element.tag.end : element.inner_end].decode("utf-8"))
            group = element.tag.attributes.get("si") if element.tag.attributes.get("t") == "shared" else None
            if group is not None and text:
                shared[group] = place, text
            elif group is not None and group in shared:
                origin, first = shared[group]
                text = moved_formula(first, _address(*origin), _address(*place))
            if not text:
                continue
            new = self._shifted(text)
            if place[0] == self.change.after:
                found[place] = new
            if group is not None:
                written = f"<{element.tag.name}>{escape(new)}</{element.tag.name}>".encode()
                self.splices.append(Splice(element.tag.start, element.end, written))
                continue
            if reference := element.tag.attributes.get("ref"):
                moved = self.change.ranges(reference, grows=False)
                self.splices.append(set_attributes(self.data, element.tag, ref=moved))
            self._put(element, new)
        return found

    # ------------------------------------------------------------ the new rows

    def _new_row(self, row: int, formulas: dict[Place, str]) -> bytes:
        name = f"{self.prefix}row"
        if self.model_row is None:
            return f'<{name} r="{row}"/>'.encode()
        cells = b"".join(self._new_cell(row, column, tag, formulas) for column, tag in sorted(self.model.items()))
        opened = self.data[self.model_row.start : self.model_row.end]
        opened = with_attributes(opened, r=str(row)).rstrip(b"/>").rstrip() + b">"
        return opened + cells + f"</{name}>".encode()

    def _new_cell(self, row: int, column: int, tag: Tag, formulas: dict[Place, str]) -> bytes:
        style = f' s="{tag.attributes["s"]}"' if "s" in tag.attributes else ""
        opened = f'<{tag.name} r="{_address(row, column)}"{style}'
        formula = formulas.get((self.change.after, column))
        if formula is None:
            return f"{opened}/>".encode()
        moved = moved_formula(formula, _address(self.change.after, column), _address(row, column))
        kind = f' t="{tag.attributes["t"]}"' if "t" in tag.attributes else ""
        result = self.results.get(column, b"").decode("utf-8")
        return f"{opened}{kind}><{self.prefix}f>{escape(moved)}</{self.prefix}f>{result}</{tag.name}>".encode()

    def _repeat_merges(self, merges: Element) -> None:
        """Merge the new rows' cells as those of the row that they were copied from."""
        new = [
            re.sub(r"\d+", str(self.change.after + number), text)
            for text in self.merged
            for number in range(1, self.change.count + 1)
        ]
        if new:
            written = "".join(f'<{self.prefix}mergeCell ref="{text}"/>' for text in new).encode()
            count = whole_number(merges.tag.attributes.get("count"))
            values = {"count": str(count + len(new))} if count else {}
            self.splices += append_children(self.data, merges, written, **values)


# ---------------------------------------------------------------- the parts around a sheet


def _with_formulas(data: bytes, change: Insertion, *, here: bool) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        text = unescaped(found[2].decode("utf-8"))
        new = escape(change.formula(text, here=here), {'"': "&quot;"})
        return found[1] + new.encode() + found[0][found.end(2) - found.start() :]

    return _CONTROL.sub(moved, _FORMULA.sub(moved, data))


def _with_controls(data: bytes, change: Insertion) -> bytes:
    return _with_formulas(data, change, here=True)


def _with_anchors(data: bytes, change: Insertion) -> bytes:
    return _with_row_numbers(_ANCHOR_ROW, data, change)


def _with_references(data: bytes, change: Insertion) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        grows = found[2] not in (b"comment", b"threadedComment")
        return found[1] + change.ranges(found[3].decode(), grows=grows).encode()

    return _REFERENCE.sub(moved, data)


def _with_boxes(data: bytes, change: Insertion) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        numbers = [number.strip() for number in found[2].split(b",")]
        if len(numbers) == 8 and all(number.isdigit() for number in numbers):
            for at in (2, 6):
                numbers[at] = str(change.row(int(numbers[at]) + 1) - 1).encode()
        return found[1] + b", ".join(numbers) + found[3]

    return _with_formulas(_BOX_ANCHOR.sub(moved, _with_row_numbers(_BOX_ROW, data, change)), change, here=True)


def _with_row_numbers(pattern: re.Pattern[bytes], data: bytes, change: Insertion) -> bytes:
    """Move row numbers that are counted from 0."""
    return pattern.sub(lambda found: b"%s%d%s" % (found[1], change.row(int(found[2]) + 1) - 1, found[3]), data)


def _address(row: int, column: int) -> str:
    return Cell("", row, column).address


_EDITS: dict[str, Callable[[bytes, Insertion], bytes]] = {
    "drawing": _with_anchors,
    "vmlDrawing": _with_boxes,
    "comments": _with_references,
    "threadedComment": _with_references,
    "table": _with_references,
    "ctrlProp": _with_controls,
}
