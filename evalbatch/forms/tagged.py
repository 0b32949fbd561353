"""A workbook's parts in; its sheets that bear tags out: where tags, cells and merged ranges lie, and what cells say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evalbatch.forms.texts import TAG, RichText
from evalbatch.reading.adopted import kind_of, told
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.graft import ITEM
from evalbatch.xlsx.markup import Element, Path, Scan, Tag, reprefixed, whole_number
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.workbook import WorkbookPart

_INDEX = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>\s*(\d+)\s*</")
_INLINE = re.compile(rb"<(?:\w+:)?is(?:\s[^<>]*)?>((?:[^<]++|<(?!/?(?:\w+:)?is[\s/>]))*+)</(?:\w+:)?is\s*>")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</")
_LARGEST_MERGE = 4_000
_END_OF_INDICATORS = ("总分", "合计", "总计", "注", "备注", "说明")


@dataclass(slots=True)
class TaggedSheet:
    """A sheet of a form: its text, its cells and the tags in them."""

    name: str
    part: str
    data: bytes
    form: str = ""
    kind: str = ""
    cells: dict[Place, Element] = field(default_factory=dict)
    tagged: dict[Place, RichText] = field(default_factory=dict)
    areas: dict[Place, tuple[Place, ...]] = field(default_factory=dict)
    protection: Tag | None = None
    before_protection: int = 0
    prefix: str = ""
    tables: tuple[str, ...] = ()
    _strings: list[RichText] = field(default_factory=list)

    @property
    def tags(self) -> dict[str, Place]:
        """Each tag's place, in reading order; of a tag typed twice, the first."""
        found: dict[str, Place] = {}
        for place, text in sorted(self.tagged.items()):
            for name in TAG.findall(text.text):
                found.setdefault(name, place)
        return found

    def area(self, place: Place) -> tuple[Place, ...]:
        """All places of the merged range that a cell heads, or the cell's own."""
        return self.areas.get(place, (place,))

    def text(self, place: Place) -> str:
        """What a cell says, without its tags; a number as it is kept."""
        element = self.cells.get(place)
        if element is None:
            return ""
        if (rich := _rich(self, element)) is not None:
            return TAG.sub("", rich.text).strip()
        value = _VALUE.search(self.data, element.tag.end, element.inner_end)
        return value[1].decode("utf-8", "replace").strip() if value else ""

    def style(self, place: Place) -> int:
        """The number of a cell's format."""
        element = self.cells.get(place)
        return whole_number(element.tag.attributes.get("s")) if element else 0

    def indicator_rows(self) -> range:
        """The rows for indicators: from that of their tags down to the next tags or the block's end."""
        heads = [place for name, place in self.tags.items() if name.startswith("indicators.")]
        if not heads:
            return range(0)
        first = end = heads[0][0]
        end += 1
        tagged = {row for row, _ in self.tagged}
        last = max(row for row, _ in self.cells)
        leading = self._leading_texts()
        while end <= last and end not in tagged and not leading.get(end, "").startswith(_END_OF_INDICATORS):
            if self._is_drawn(first, heads) and not self._is_drawn(end, heads):
                break
            end += 1
        return range(first, end)

    def _is_drawn(self, row: int, heads: list[Place]) -> bool:
        """Tell whether cells of a row have a look of their own: a blank line behind the block has none."""
        return any(self.style((row, column)) for _, column in heads)

    def _leading_texts(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for place in sorted(self.cells):
            if not found.get(place[0]):
                found[place[0]] = self.text(place)
        return found


def tagged_sheets(book: WorkbookPart, forms: Mapping[str, str]) -> tuple[TaggedSheet, ...]:
    """Read the sheets that bear tags; `forms` names the form of each sheet, unless a tag on the sheet does."""
    strings = shared_texts(book)
    marked = {number for number, text in enumerate(strings) if "{" in text.inner and TAG.search(text.text)}
    found = []
    for entry in book.sheets:
        if entry.part is None or not (marked or b"{" in book.package[entry.part]):
            continue
        sheet = _read(entry.name, entry.part, book.package, strings)
        if sheet.tagged:
            own = next(filter(None, (told(name, "form") for name in sheet.tags)), "")
            sheet.form = own or forms.get(entry.name, "")
            sheet.kind = kind_of(sheet.form, sheet.tags)
            related = (relation.target for relation in book.package.relations(entry.part) if relation.kind == "table")
            sheet.tables = tuple(part for part in related if part in book.package and b"{{" in book.package[part])
            found.append(sheet)
    return tuple(found)


def shared_texts(book: WorkbookPart) -> list[RichText]:
    """The texts that the sheets of a workbook share, in their order."""
    part = book.related.get("sharedStrings", "")
    if part not in book.package:
        return []
    return [RichText(inner) for _, inner in _items(book.package[part])]


def without_tagged_texts(data: bytes) -> bytes:
    """Blank the shared texts that bear tags: the cells that had them have texts of their own by now."""
    splices, end = [], 0
    for found, inner in _items(data):
        if "{" in inner and TAG.search(RichText(inner).text):
            name = found[1].decode()
            splices += [data[end : found.start()], f"<{name}si><{name}t/></{name}si>".encode()]
            end = found.end()
    return b"".join([*splices, data[end:]])


def _items(data: bytes) -> Iterator[tuple[re.Match[bytes], str]]:
    for found in ITEM.finditer(data):
        yield found, reprefixed(found[2] or b"", found[1].decode(), "").decode("utf-8", "replace")


def _read(name: str, part: str, package: Package, strings: list[RichText]) -> TaggedSheet:
    sheet = TaggedSheet(name, part, package[part], _strings=strings)
    row = column = 0

    def start(path: Path, tag: Tag) -> None:
        nonlocal row, column
        match path[1:]:
            case ("sheetData", "row"):
                row, column = whole_number(tag.attributes.get("r")) or row + 1, 0
            case ("sheetData", "row", "c"):
                place = cells_of(tag.attributes.get("r"))
                column = place[0][1] if place else column + 1
            case ("sheetProtection",):
                sheet.protection = tag
            case ("mergeCells", "mergeCell"):
                area = _corners(tag.attributes.get("ref", ""))
                if area:
                    sheet.areas[area[0]] = area

    def end(path: Path, element: Element) -> None:
        match path[1:]:
            case ("sheetData", "row", "c"):
                sheet.cells[row, column] = element
                rich = _rich(sheet, element)
                if rich is not None and "{" in rich.inner and TAG.search(rich.text):
                    sheet.tagged[row, column] = rich
            case ("sheetData" | "sheetCalcPr",):
                sheet.before_protection = element.end

    scan = Scan(sheet.data, _is_wanted, start, end).run()
    sheet.prefix = scan.root.prefix if scan.root else ""
    return sheet


def _is_wanted(path: list[str]) -> bool:
    match path:
        case [_, "sheetData", "row", "c"] | [_, "mergeCells", "mergeCell"]:
            return True
        case [_, "sheetData", "row"] | [_, "sheetData" | "sheetCalcPr" | "sheetProtection"]:
            return True
    return False


def _corners(reference: str) -> tuple[Place, ...]:
    first, _, last = reference.partition(":")
    ends = cells_of(first) + cells_of(last)
    if len(ends) != 2:
        return ()
    rows, columns = range(ends[0][0], ends[1][0] + 1), range(ends[0][1], ends[1][1] + 1)
    if len(rows) * len(columns) > _LARGEST_MERGE:
        return ()
    return tuple((row, column) for row in rows for column in columns)


def _rich(sheet: TaggedSheet, element: Element) -> RichText | None:
    """The text of a cell, None for a cell that holds none; a formula's result is no text of the form."""
    kind = element.tag.attributes.get("t")
    inner = sheet.data[element.tag.end : element.inner_end]
    if kind == "s" and (index := _INDEX.search(inner)) and int(index[1]) < len(sheet._strings):
        return sheet._strings[int(index[1])]
    if kind == "inlineStr" and (found := _INLINE.search(inner)):
        return RichText(reprefixed(found[1], element.tag.prefix, "").decode("utf-8", "replace"))
    return None
