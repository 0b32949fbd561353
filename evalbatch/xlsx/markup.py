"""XML text in, the same text with a few places changed out: every other byte stays as the unit's program wrote it.

A parser that rebuilds the document would rename prefixes and drop what it does not know; here the parser (expat)
only tells where things stand, and the text itself is spliced.
"""

import html
import re
import sys
import xml.parsers.expat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")


LONGEST_SHARED = 65_536
"""What is found in a part no longer than this is kept: many units' workbooks have some parts in common."""


class CannotSplice(Exception):
    """The workbook is not built the way marks can be put into it; a list must do."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: its name as written, its attributes, and where it begins and ends in the text."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    empty: bool

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing.

        >>> Tag("x:row", {}, 0, 7, False).prefix
        'x:'
        """
        return self.name[: -len(self.local)]


@dataclass(frozen=True, slots=True)
class Splice:
    """Put `text` in place of what stands between two offsets."""

    start: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Element:
    """An element as it lies in the text; the inner end is where its end tag begins."""

    tag: Tag
    inner_end: int
    end: int


Path = tuple[str, ...]


@dataclass(slots=True)
class Scan:
    """One way through a document. Handlers get the path of local names, the tag or element; `root` is kept.

    `wanted` tells by path which elements are worth a Tag: making one costs more than passing by. None deeper than
    `depth` is wanted, and what stands within `closed` is only read over.
    """

    data: bytes
    wanted: Callable[[list[str]], bool]
    on_start: Callable[[Path, Tag], None] = lambda _path, _tag: None
    on_end: Callable[[Path, Element], None] = lambda _path, _element: None
    root: Tag | None = None
    depth: int = sys.maxsize
    closed: tuple[int, int] = (0, 0)

    def run(self) -> "Scan":
        """Go through the document.

        Raises CannotSplice for other encodings than UTF-8, for a DTD, and for what is not well-formed.
        """
        parser = _parser(self.data)
        path: list[str] = []
        tags: list[Tag | None] = []
        level, depth, wanted = 0, self.depth, self.wanted

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal level
            level += 1
            if level > depth:
                return
            path.append(name.rpartition(":")[2])
            tag = None
            if level == 1 or wanted(path):
                tag = self._tag(name, attributes, parser.CurrentByteIndex)
                self.root = self.root or tag
                self.on_start(tuple(path), tag)
            tags.append(tag)

        def end(_name: str) -> None:
            nonlocal level
            level -= 1
            if level >= depth:
                return
            tag = tags.pop()
            if tag is not None:
                at = parser.CurrentByteIndex
                close = at if tag.empty else self.data.index(b">", at) + 1
                self.on_end(tuple(path), Element(tag, at, close))
            path.pop()

        _parse(parser, self.data, self.closed, start, end)
        return self

    def _tag(self, name: str, attributes: dict[str, str], at: int) -> Tag:
        written = _TAG.match(self.data, at)
        if written is None:
            raise CannotSplice(name)
        return Tag(name, attributes, at, written.end(), written[0].endswith(b"/>"))


def _parser(data: bytes) -> xml.parsers.expat.XMLParserType:
    declared = _ENCODING.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    ):
        raise CannotSplice("encoding")
    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _parse(
    parser: xml.parsers.expat.XMLParserType,
    data: bytes,
    closed: tuple[int, int],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
) -> None:
    """Let the parser read it all, and tell of elements but for those in the closed stretch."""
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        if closed[1]:
            parser.Parse(data[: closed[0]], False)
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.Parse(data[closed[0] : closed[1]], False)
            parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.Parse(data[closed[1] :], True)
    except xml.parsers.expat.ExpatError as error:
        raise CannotSplice(str(error)) from None


def _refuse_doctype(*_declaration: object) -> None:
    raise CannotSplice("doctype")


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """Carry out splices, which must not overlap; of two at one place the first given comes first.

    >>> spliced(b"abc", [Splice(1, 2, b"-"), Splice(0, 0, b"<")])
    b'<a-c'
    """
    pieces, at = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        pieces += [data[at : splice.start], splice.text]
        at = max(at, splice.end)
    return b"".join([*pieces, data[at:]])


def without_children(data: bytes, leaves: Callable[[Element], bool]) -> bytes:
    """Take those children of a document's root out that leave."""
    splices: list[Splice] = []

    def drop(path: Path, element: Element) -> None:
        if len(path) == 2 and leaves(element):
            splices.append(Splice(element.tag.start, element.end, b""))

    Scan(data, lambda path: len(path) == 2, on_end=drop, depth=2).run()
    return spliced(data, splices)


def with_attributes(written: bytes, **values: str | None) -> bytes:
    """Set attributes in a start tag as written, or take them out where the value is None.

    >>> with_attributes(b'<c r="A1" s="3"/>', s="9", t=None, x="1")
    b'<c r="A1" s="9" x="1"/>'
    """
    for name, value in values.items():
        new = b"" if value is None else f" {name}={_quoted(value)}".encode()
        found = _attribute(name).search(written)
        if found:
            written = written[: found.start()] + new + written[found.end() :]
        elif new:
            close = len(written) - (2 if written.endswith(b"/>") else 1)
            written = written[:close].rstrip() + new + written[close:]
    return written


@lru_cache(maxsize=256)
def _attribute(name: str) -> re.Pattern[bytes]:
    """Give the pattern of an attribute as written."""
    return re.compile(rb"(\s)" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def _quoted(value: str) -> str:
    return f'"{value}"' if value.isalnum() else quoteattr(value)


def set_attributes(data: bytes, tag: Tag, **values: str | None) -> Splice:
    """Make the splice that sets attributes of a tag."""
    return Splice(tag.start, tag.end, with_attributes(data[tag.start : tag.end], **values))


def append_children(data: bytes, element: Element, children: bytes, **values: str | None) -> list[Splice]:
    """Make the splices that put children at an element's end and set attributes of its tag."""
    written = with_attributes(data[element.tag.start : element.tag.end], **values)
    if element.tag.empty:
        opened = written[:-2].rstrip() + b">" + children + f"</{element.tag.name}>".encode()
        return [Splice(element.tag.start, element.tag.end, opened)]
    return [Splice(element.tag.start, element.tag.end, written), Splice(element.inner_end, element.inner_end, children)]


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """Read an attribute that should be a whole number; a stranger's file may hold anything there.

    >>> whole_number("12"), whole_number("²"), whole_number(None, 1)
    (12, 0, 1)
    """
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else otherwise


def xml_text(text: str) -> str:
    """Escape text for XML, its line breaks kept."""
    return escape(text, {"\n": "&#10;"})


def reprefixed(text: bytes, old: str, new: str) -> bytes:
    """Give elements written with one prefix (with its colon, or none) another one.

    >>> reprefixed(b"<x:r><x:t>a</x:t></x:r>", "x:", "")
    b'<r><t>a</t></r>'
    """
    if old == new:
        return text
    return re.sub(rb"<(/?)" + re.escape(old.encode()) + rb"(?=[A-Za-z])(?!\w+:)", rb"<\g<1>" + new.encode(), text)


def well_formed(data: bytes) -> bool:
    """Tell whether XML can be read."""
    try:
        _parser(data).Parse(data, True)
    except (CannotSplice, xml.parsers.expat.ExpatError):
        return False
    return True


def unescaped(text: str) -> str:
    """Read XML text: named and numbered characters, and what a CDATA section holds.

    >>> unescaped("a &lt; b<![CDATA[ & c]]>&#10;")
    'a < b & c\\n'
    """
    pieces, at = [], 0
    while (opened := text.find(_CDATA, at)) >= 0:
        start = opened + len(_CDATA)
        closed = text.find(_CDATA_END, start)
        if closed < 0:
            break
        pieces += [html.unescape(text[at:opened]), text[start:closed]]
        at = closed + len(_CDATA_END)
    return "".join([*pieces, html.unescape(text[at:])])
