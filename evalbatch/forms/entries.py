"""A tagged sheet in; the same sheet protected, with its entry cells open and tinted, out."""

import re

from evalbatch.forms.tagged import TaggedSheet
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.markup import Splice, spliced, with_attributes
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.sheet import SheetPart
from evalbatch.xlsx.styles import Styles

ENTRY = "FFFFFBE6"
_NEVER_TYPED = ("year", "version", "form", "kind")
_LINKED = re.compile(rb"""(?:fmlaLink\s*=\s*["']|<(?:\w+:)?FmlaLink>)\s*(?:[^"'<!]*!)?([$A-Z0-9]+)""")


def opened(sheet: TaggedSheet, package: Package, styles: Styles) -> tuple[bytes, dict[int, int]]:
    """Open the entry cells of a sheet and protect it; give its part, and the locked twin of each open format.

    A form that has open cells says itself which they are, and those filled in lose its tint. In one without, they are
    the cells of its tags, those of the rows for indicators, and what its controls write to; those filled in look as the
    bureau drew them. The cell of the year is filled in and open: a unit may be asked to correct it, when it takes an
    old copy. The protection has no password, and rows may be inserted; a form's own stays as it is.
    """
    data = sheet.data
    prepared = any(not styles.is_locked(sheet.style(place)) for place in sheet.cells)
    entries = set() if prepared else entry_places(sheet)
    linked = (set() if prepared else _linked(package, sheet.part)) | _year(sheet)
    linked -= entries
    missing = {place for head in _indicator_places(sheet) for place in sheet.area(head)} - sheet.cells.keys()
    part = SheetPart.read(data, frozenset(row for row, _ in entries | linked | missing))
    looks = {place: part.style_of(place) for place in entries | linked | missing}
    new = looks | {place: styles.opened(looks[place], ENTRY) for place in entries}
    twins = {new[place]: looks[place] for place in entries}
    if prepared:
        twins = {style: styles.variant(style, fill=0, locked=True) for style in _open_styles(sheet, styles)}
    new |= {place: styles.variant(looks[place], locked=False) for place in linked}
    return spliced(data, [*part.restyled(new), *_protected(sheet)]), twins


def _open_styles(sheet: TaggedSheet, styles: Styles) -> list[int]:
    """The open formats of the cells that may be filled in."""
    heads = {*sheet.tagged, *_indicator_places(sheet)}
    found = {sheet.style(place) for head in heads for place in sheet.area(head)}
    return [style for style in sorted(found) if not styles.is_locked(style)]


def entry_places(sheet: TaggedSheet) -> set[Place]:
    """The cells that a unit fills in: those of the tags, and of the rows for indicators below theirs."""
    heads = {place for name, place in sheet.tags.items() if not name.startswith(_NEVER_TYPED)}
    return {place for head in heads | _indicator_places(sheet) for place in sheet.area(head)}


def _year(sheet: TaggedSheet) -> set[Place]:
    """The cells of the year."""
    return set(sheet.area(sheet.tags["year"])) if "year" in sheet.tags else set()


def _indicator_places(sheet: TaggedSheet) -> set[Place]:
    """The cells of the rows for indicators that take something; those that a merged range covers take nothing."""
    columns = [column for name, (_, column) in sheet.tags.items() if name.startswith("indicators.")]
    heads = {place for area in sheet.areas.values() for place in area[1:]}
    return {(row, column) for row in sheet.indicator_rows() for column in columns} - heads


def _linked(package: Package, part: str) -> set[Place]:
    """The cells that the controls on a sheet write to."""
    kinds = ("ctrlProp", "vmlDrawing")
    targets = [relation.target for relation in package.relations(part) if relation.kind in kinds]
    found = [match for target in targets if target in package for match in _LINKED.findall(package[target])]
    return {place for address in found for place in cells_of(address.decode())[:1]}


def _protected(sheet: TaggedSheet) -> list[Splice]:
    allowed = {"formatRows": "0", "formatColumns": "0", "insertRows": "0"}
    if sheet.protection is None:
        opened = f"<{sheet.prefix}sheetProtection/>".encode()
        at = sheet.before_protection
        return [Splice(at, at, with_attributes(opened, sheet="1", **allowed))]
    if sheet.protection.attributes.get("sheet") in ("1", "true"):
        return []
    tag = sheet.protection
    return [Splice(tag.start, tag.end, with_attributes(sheet.data[tag.start : tag.end], sheet="1", **allowed))]
