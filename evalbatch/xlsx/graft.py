"""Two workbooks in; the sheets of one put into the other, with all that belongs to them, out."""

import re
from posixpath import basename, dirname, relpath, splitext

from evalbatch.xlsx.markup import (
    CannotSplice,
    Element,
    Path,
    Scan,
    Splice,
    Tag,
    reprefixed,
    set_attributes,
    spliced,
    whole_number,
    with_attributes,
)
from evalbatch.xlsx.package import Package, relations_name
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import DefinedName, WorkbookPart

_NEVER = frozenset(
    {"pivotTable", "pivotCacheDefinition", "queryTable", "slicer", "slicerCache", "timeline", "threadedComment"}
    | {"worksheet", "sharedStrings", "styles", "externalLink", "externalLinkPath", "customProperty", "control"}
)
"""What a sheet may lead to that the workbook as a whole knows too, or that can't lie in two workbooks."""
_THEMED = re.compile(rb"""\stheme\s*=\s*["'](?![01]["'])|schemeClr|<(?:\w+:)?scheme\s""")
"""Colours and fonts that a theme decides; the first two of its colours are the black and white of all themes."""
_USED = re.compile(rb"""<(?:\w+:)?(?:c|row|col)\s[^<>]*?\b(?:s|style)\s*=\s*["'](\d+)["']""")
_OUTSIDE = re.compile(r"\[\d+\]")
ITEM = re.compile(rb"<((?:\w+:)?)si(?:\s[^<>]*)?(?:/>|>((?:[^<]++|<(?!/?(?:\w+:)?si[\s/>]))*+)</(?:\w+:)?si\s*>)")
"""A shared text: its prefix with the colon, and what it holds."""
_INDEX = re.compile(rb"<(?:\w+:)?v>\s*(\d+)\s*</")
_STYLE_ATTRIBUTES = {"c": "s", "row": "s", "col": "style", "cfRule": "dxfId"}


def graft_sheets(book: WorkbookPart, styles: Styles, source: Package, at: int) -> int:
    """Put all sheets of another workbook in at a place, with formats, names, pictures, controls; return how many.

    Raises CannotSplice where something would be lost: then the two can't be one workbook, and `book` is of no more use.
    """
    other = WorkbookPart.read(source, strict=True)
    _assure_alike(book, other)
    theirs = Styles.read(source[other.styles])
    looks = {"dxfId": styles.graft_differential(theirs)}
    looks["s"] = looks["style"] = styles.graft(theirs)
    strings = _strings(source, other)
    book.add_names([name for name in other.names if "localSheetId" not in name.attributes])
    for number, entry in enumerate(other.sheets):
        assert entry.part is not None
        sheet = _restyled(source[entry.part], looks, strings)
        if book.main != other.main:
            if relations_name(entry.part) in source:
                raise CannotSplice("strict")
            sheet = sheet.replace(other.main.encode(), book.main.encode())
        own = [name for name in other.names if whole_number(name.attributes.get("localSheetId"), -1) == number]
        put = book.insert(at + number, entry.name, sheet, state=entry.state, names=own)
        _bring(book.package, source, entry.part, {entry.part: put.part or ""})
    return len(other.sheets)


def _assure_alike(book: WorkbookPart, other: WorkbookPart) -> None:
    """Make sure that nothing of the other workbook means something else here."""
    taken = {entry.name.casefold() for entry in book.sheets}
    names = {_key(name) for name in book.names}
    dates = [part.properties.get("date1904", "0") in ("1", "true") for part in (book, other)]
    if (
        any(entry.name.casefold() in taken or entry.part is None for entry in other.sheets)
        or any(_key(name) in names for name in other.names if "localSheetId" not in name.attributes)
        or any(_OUTSIDE.search(name.formula) for name in other.names)
        or other.related.keys() & {"externalLink", "sheetMetadata", "person", "vbaProject"}
        or dates[0] != dates[1]
    ):
        raise CannotSplice("workbook")
    if _theme(book) != _theme(other) and _is_themed(other):
        raise CannotSplice("theme")


def _is_themed(other: WorkbookPart) -> bool:
    """Tell whether anything on the sheets takes its colour or font from the workbook's theme."""
    package = other.package
    styles = Styles.read(package[other.styles])
    sheets = [package[entry.part] for entry in other.sheets if entry.part]
    used = {int(number) for sheet in sheets for number in _USED.findall(sheet)}
    looks = [text for number in sorted(used) for text in styles.pieces(number)]
    looks += [styles.text("dxfs", number) for number in range(len(styles.items["dxfs"]))]
    apart = {other.styles, other.related.get("theme", "")}
    drawn = [data for name, data in package.parts.items() if name not in apart]
    return any(_THEMED.search(data) for data in (*looks, *drawn))


def _key(name: DefinedName) -> tuple[str, str]:
    return name.attributes.get("name", "").casefold(), name.attributes.get("localSheetId", "")


def _theme(book: WorkbookPart) -> bytes:
    part = book.related.get("theme", "")
    return book.package.parts.get(book.package.name(part), b"") if part in book.package else b""


def _strings(source: Package, other: WorkbookPart) -> list[bytes]:
    """Give what stands in each shared text, written without a prefix."""
    part = other.related.get("sharedStrings", "")
    if part not in source:
        return []
    return [reprefixed(item[2] or b"", item[1].decode(), "") for item in ITEM.finditer(source[part])]


def _restyled(data: bytes, looks: dict[str, list[int]], strings: list[bytes]) -> bytes:
    """Give a sheet part the numbers of its formats in the other workbook, its texts inline, and no selection."""
    splices: list[Splice] = []

    def start(_path: Path, tag: Tag) -> None:
        if tag.local == "sheetView" and "tabSelected" in tag.attributes:
            splices.append(set_attributes(data, tag, tabSelected=None))
        name = _STYLE_ATTRIBUTES.get(tag.local)
        if tag.local == "c":
            if tag.attributes.keys() & {"cm", "vm"}:
                raise CannotSplice("metadata")
        elif name and (number := tag.attributes.get(name)) is not None:
            splices.append(set_attributes(data, tag, **{name: _looked_up(looks[name], number)}))

    def end(_path: Path, element: Element) -> None:
        if element.tag.local == "c":
            splices.extend(_cell(data, element, looks["s"], strings))

    wanted = {*_STYLE_ATTRIBUTES, "sheetView"}
    Scan(data, lambda path: path[-1] in wanted, on_start=start, on_end=end).run()
    return spliced(data, splices)


def _looked_up(numbers: list[int], text: str) -> str:
    number = whole_number(text)
    if number >= len(numbers):
        raise CannotSplice("styles")
    return str(numbers[number])


def _cell(data: bytes, element: Element, looks: list[int], strings: list[bytes]) -> list[Splice]:
    tag = element.tag
    values: dict[str, str | None] = {"s": _looked_up(looks, tag.attributes.get("s", "0"))}
    if tag.attributes.get("t") != "s":
        return [set_attributes(data, tag, **values)]
    index = _INDEX.search(data[tag.end : element.inner_end])
    if index is None or int(index[1]) >= len(strings):
        raise CannotSplice("sharedStrings")
    opened = with_attributes(data[tag.start : tag.end], **values, t="inlineStr")
    name = f"{tag.prefix}is".encode()
    inner = b"<" + name + b">" + reprefixed(strings[int(index[1])], "", tag.prefix) + b"</" + name + b">"
    return [Splice(tag.start, tag.end, opened), Splice(tag.end, element.inner_end, inner)]


# ---------------------------------------------------------------- what a sheet leads to


def _bring(package: Package, source: Package, part: str, moved: dict[str, str]) -> None:
    """Copy the relationships of a part, and the parts that they lead to, under names that are free."""
    name = relations_name(part)
    if name not in source:
        return
    data = source[name]
    splices: list[Splice] = []
    for relation in source.relations(part):
        if relation.kind in _NEVER or relation.target not in source:
            raise CannotSplice(relation.kind)
        if relation.target not in moved:
            moved[relation.target] = _copied(package, source, relation.target)
            _bring(package, source, relation.target, moved)
    internal = {relation.id: moved[relation.target] for relation in source.relations(part)}

    def retarget(_path: Path, tag: Tag) -> None:
        if (target := internal.get(tag.attributes.get("Id", ""))) is not None:
            where = relpath(target, dirname(moved[part]) or ".")
            splices.append(set_attributes(data, tag, Target=where))

    Scan(data, lambda path: len(path) == 2, on_start=retarget, depth=2).run()
    package[relations_name(moved[part])] = spliced(data, splices)


def _copied(package: Package, source: Package, part: str) -> str:
    stem, ending = splitext(part)
    name = package.free_name(f"{dirname(part)}/{basename(stem).rstrip('0123456789')}{{}}{ending}")
    data = source[part]
    package[name] = _free_table(package, data) if "/tables/" in part else data
    kind = source.content_type(part)
    if kind and package.content_type(name) != kind:
        package.declare(name, kind)
    return name


def _free_table(package: Package, data: bytes) -> bytes:
    """Give a table a number that no other has; raises CannotSplice where its name is taken, as formulas may use it."""
    taken, names = set(), set()
    for name, other in package.parts.items():
        if (
            "/tables/" in name
            and name.endswith(".xml")
            and (root := Scan(other, lambda _path: False, depth=1).run().root)
        ):
            taken.add(whole_number(root.attributes.get("id")))
            names.add(root.attributes.get("displayName", "").casefold())
    root = Scan(data, lambda _path: False, depth=1).run().root
    assert root is not None
    if root.attributes.get("displayName", "").casefold() in names:
        raise CannotSplice("table")
    return spliced(data, [set_attributes(data, root, id=str(max(taken, default=0) + 1))])
