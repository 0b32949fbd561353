"""A sheet's text in, its row and cell tags out in their order, on the short way: only where all is written plainly.

Most of a sheet is cells that nothing is done with. Where row follows row and cell follows cell without comments,
CDATA or anything else in between, their tags are found by searching, and the parser need not tell of each.
"""

import re
from collections.abc import Iterator

from evalbatch.xlsx.markup import Element, Tag

_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^<>/]*)?>")
_TAG = re.compile(rb"""\s*<([\w:]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<&\n\r\t]*"|'[^'<&\n\r\t]*'))*)\s*(/?)>""")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_END = re.compile(rb"\s*>")
_BLANKS = re.compile(rb"\s*")


class NotPlain(Exception):
    """The text must be read by the parser."""


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
