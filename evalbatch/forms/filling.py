"""A tagged sheet and values in; the sheet's part with the values in their cells out, every other byte as it was."""

import re
from collections.abc import Mapping
from decimal import Decimal
from xml.sax.saxutils import escape

from evalbatch.forms.tagged import TaggedSheet
from evalbatch.forms.texts import TAG, RichText, Value, words
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.markup import Element, Splice, reprefixed, set_attributes, spliced, with_attributes

_ON_PAPER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*\{\{[^<]*)<")
_COLUMN = re.compile(rb'(<(?:\w+:)?tableColumn\s[^<>]*?\bname=")((?:[^"{]|\{(?!\{))*+\{\{[^"]*+)"')
Content = RichText | int | Decimal | None


def filled(
    sheet: TaggedSheet,
    values: Mapping[str, Value],
    locks: Mapping[int, int] | None = None,
    cells: Mapping[Place, Value] | None = None,
) -> bytes:
    """Put values in the place of tags, take the other tags out, and put `cells` where they belong.

    `locks` names the locked twin of each open cell format: cells whose tags all got a value take it, merged ranges too.
    """
    cells, splices = cells or {}, list[Splice]()
    for place, text in sheet.tagged.items():
        if place not in cells:
            known = all(values.get(name) is not None for name in TAG.findall(text.text))
            splices += written(sheet, place, text.filled(values), locks if known else None)
    for found in _ON_PAPER.finditer(sheet.data):
        splices.append(Splice(found.start(1), found.end(1), _worded(found[1], values)))
    for place, value in cells.items():
        content = value if isinstance(value, int | Decimal) else RichText.plain(words(value))
        splices += written(sheet, place, content, locks)
    return spliced(sheet.data, splices)


def with_columns(table: bytes, values: Mapping[str, Value]) -> bytes:
    """Give a table the column names that its header cells have once they are filled in: Excel wants them the same."""
    return _COLUMN.sub(lambda found: found[1] + _worded(found[2], values) + b'"', table)


def _worded(text: bytes, values: Mapping[str, Value]) -> bytes:
    """Fill in the tags of a text in an attribute or of the page's head or foot."""
    said = TAG.sub(lambda tag: escape(words(values.get(tag[1])), {'"': "&quot;"}), text.decode("utf-8"))
    return said.encode()


def written(sheet: TaggedSheet, place: Place, content: Content, locks: Mapping[int, int] | None) -> list[Splice]:
    """Make the splices that write one cell anew, and give its merged range the locked format where it has one."""
    splices = []
    for other in sheet.area(place):
        element = sheet.cells.get(other)
        if element is None:
            continue
        style = (locks or {}).get(sheet.style(other))
        if other == place:
            splices.append(Splice(element.tag.start, element.end, _cell(sheet, element, content, style)))
        elif style is not None:
            splices.append(set_attributes(sheet.data, element.tag, s=str(style)))
    return splices


def _cell(sheet: TaggedSheet, element: Element, content: Content, style: int | None) -> bytes:
    """Write a cell anew with its own attributes: blank, a number, or a text of its own."""
    tag = element.tag
    changed: dict[str, str | None] = {"t": "inlineStr" if isinstance(content, RichText) else None}
    if style is not None:
        changed["s"] = str(style)
    opened = with_attributes(sheet.data[tag.start : tag.end], **changed).rstrip(b"/>").rstrip()
    if content is None:
        return opened + b"/>"
    inner = f"<is>{content.inner}</is>" if isinstance(content, RichText) else f"<v>{content}</v>"
    return opened + b">" + reprefixed(inner.encode(), "", tag.prefix) + f"</{tag.name}>".encode()
