"""Comments of one sheet in, the comments and drawing parts with ours added out; the unit's own stay as they are."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evalbatch.model import Cell
from evalbatch.reports.returned.marks import SIGN, Marks
from evalbatch.sheets import look
from evalbatch.xlsx.addresses import Place, cells_of
from evalbatch.xlsx.markup import (
    CannotSplice,
    Element,
    Path,
    Scan,
    Splice,
    append_children,
    spliced,
    whole_number,
    xml_text,
)
from evalbatch.xlsx.package import MAIN, PROLOG, Package
from evalbatch.xlsx.sheet import SheetPart

AUTHOR = "财政审核"
NOTHING_FOUND = f"{SIGN}本次审核未再发现问题。"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY_COMMENTS = f'{PROLOG}<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE_TYPE = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE_NUMBER = re.compile(rb"_x0000_s(\d{1,9})")
_BOX_WIDTH, _LINE_HEIGHT, _UNITS_A_LINE = 300, 18, 42


@dataclass(slots=True)
class _Comment:
    element: Element
    author: int
    text: Element | None = None
    ours: list[Element] = field(default_factory=list)
    others: int = 0


def add_comments(package: Package, part: str, sheet: SheetPart, marks: Marks) -> list[Splice]:
    """Put the marks' comments into a sheet's comments and drawing parts, making these where there are none.

    Return the splices the sheet itself needs.
    """
    relations = {relation.kind: relation.target for relation in package.relations(part)}
    name = relations.get("comments")
    if name is None and not marks.comments:
        return []
    if name is None:
        name = package.free_name("xl/comments{}.xml")
        package[name] = _EMPTY_COMMENTS
        package.declare(name, _COMMENTS_TYPE)
        package.relate(part, "comments", name)
    package[name], new = _with_comments(package[name], marks.comments)
    return _add_boxes(package, part, sheet, {place: marks.comments[place] for place in new})


def _with_comments(data: bytes, comments: Mapping[Place, str]) -> tuple[bytes, list[Place]]:
    """Give the comments part with ours in it, and the places that had no comment before."""
    authors, found, lists = _read(data)
    if len(lists) != 2:
        raise CannotSplice("comments")
    prefix = lists["commentList"].tag.prefix
    splices: list[Splice] = []
    for place, comment in found.items():
        splices += _into_existing(data, comment, prefix, comments.get(place), authors)
    new = [place for place in sorted(comments) if place not in found]
    number = authors.index(AUTHOR) if AUTHOR in authors else len(authors)
    if new:
        if AUTHOR not in authors:
            splices += append_children(data, lists["authors"], f"<{prefix}author>{AUTHOR}</{prefix}author>".encode())
        written = [
            f'<{prefix}comment ref="{_address(place)}" authorId="{number}"><{prefix}text>'
            f"{_run(prefix, comments[place])}</{prefix}text></{prefix}comment>"
            for place in new
        ]
        splices += append_children(data, lists["commentList"], "".join(written).encode())
    return spliced(data, splices), new


def _read(data: bytes) -> tuple[list[str], dict[Place, _Comment], dict[str, Element]]:
    """Find the authors, the comments by place, and the two lists."""
    authors: list[str] = []
    found: dict[Place, _Comment] = {}
    lists: dict[str, Element] = {}
    runs: list[Element] = []
    texts: list[Element] = []

    def keep(path: Path, element: Element) -> None:
        inner = data[element.tag.end : element.inner_end].decode("utf-8", "replace")
        match path[1:]:
            case ("authors", "author"):
                authors.append(inner)
            case ("commentList", "comment", "text", "r" | "t"):
                runs.append(element)
            case ("commentList", "comment", "text"):
                texts.append(element)
            case ("commentList", "comment"):
                place = cells_of(element.tag.attributes.get("ref"))
                author = whole_number(element.tag.attributes.get("authorId"))
                ours = [run for run in runs if SIGN in data[run.tag.start : run.end].decode("utf-8", "replace")]
                if place:
                    found[place[0]] = _Comment(
                        element, author, texts[0] if texts else None, ours, len(runs) - len(ours)
                    )
                runs.clear()
                texts.clear()
            case ("authors",) | ("commentList",):
                lists[path[1]] = element

    def wanted(path: list[str]) -> bool:
        return len(path) <= 4 or (path[1:4] == ["commentList", "comment", "text"] and len(path) == 5)

    Scan(data, wanted, on_end=keep, depth=5).run()
    return authors, found, lists


def _into_existing(data: bytes, comment: _Comment, prefix: str, text: str | None, authors: list[str]) -> list[Splice]:
    """Add our words behind a comment that is there, in place of our earlier ones; say so where none are left."""
    author = authors[comment.author] if comment.author < len(authors) else ""
    if comment.text is None or author.startswith("tc="):  # a threaded comment's shadow: Excel shows the thread
        return []
    if text is None and not comment.ours:
        return []
    splices = [Splice(run.tag.start, run.end, b"") for run in comment.ours]
    if text is None and comment.others:
        return splices
    words = text or NOTHING_FOUND
    run = _run(prefix, f"\n\n{words}" if comment.others else words).encode()
    if comment.text.tag.empty:
        return splices + append_children(data, comment.text, run)
    return [*splices, Splice(comment.text.inner_end, comment.text.inner_end, run)]


def _run(prefix: str, text: str) -> str:
    font = f'<{prefix}sz val="9"/><{prefix}rFont val="{look.FONTS["screen"]}"/>'
    words = f'<{prefix}t xml:space="preserve">{xml_text(text)}</{prefix}t>'
    return f"<{prefix}r><{prefix}rPr>{font}</{prefix}rPr>{words}</{prefix}r>"


def _address(place: Place) -> str:

    return Cell("", *place).address


# ---------------------------------------------------------------- boxes


def _add_boxes(package: Package, part: str, sheet: SheetPart, comments: Mapping[Place, str]) -> list[Splice]:
    """Draw a hidden box for each new comment; return the splice that ties a new drawing to the sheet."""
    if not comments:
        return []
    targets = {relation.id: relation.target for relation in package.relations(part)}
    tied = sheet.legacy.attributes if sheet.legacy is not None else {}
    own = next((targets[value] for key, value in tied.items() if key.endswith(":id") and value in targets), None)
    if sheet.legacy is not None and own is None:
        raise CannotSplice("legacyDrawing")
    if own is not None:
        package[own] = _with_boxes(package[own], sheet, comments)
        return []
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    number = 1 + sum(other.lower().endswith(".vml") for other in package.parts)
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
    package[name] = _with_boxes(f"<xml {_NAMESPACES}>{layout}</xml>".encode(), sheet, comments, number * 1024)
    package.declare_default("vml", _VML_TYPE)
    return sheet.with_legacy_drawing(package.relate(part, "vmlDrawing", name))


def _with_boxes(data: bytes, sheet: SheetPart, comments: Mapping[Place, str], first: int = 0) -> bytes:
    """Add boxes to a drawing. Office's own drawings are not always well-formed, so only the end is looked for."""
    end = data.rfind(b"</xml>")
    if end < 0:
        raise CannotSplice("vml")
    number = max([first, *(int(found) for found in _SHAPE_NUMBER.findall(data))])
    kind = "" if b"_x0000_t202" in data else _SHAPE_TYPE
    boxes = [_box(number + 1 + i, place, text, sheet) for i, (place, text) in enumerate(comments.items())]
    return data[:end] + (kind + "".join(boxes)).encode() + data[end:]


def _box(number: int, place: Place, text: str, sheet: SheetPart) -> str:
    row, column = place
    colour = look.TONES["note"][1]
    return (
        f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        f'fillcolor="{colour}" strokecolor="{look.GREY}" o:insetmode="auto"><v:fill color2="{colour}"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{_anchor(place, text, sheet)}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _anchor(place: Place, text: str, sheet: SheetPart) -> str:
    """Place a box to the right of its cell, large enough for its text: column, pixels, row, pixels, twice."""
    row, column = place
    lines = sum(1 + look.text_width(line) // _UNITS_A_LINE for line in text.split("\n"))
    right, over = _walk(column + 1, _BOX_WIDTH + 12, sheet.column_pixels)
    top = max(1, row - 1)
    bottom, below = _walk(top, min(lines, 24) * _LINE_HEIGHT + 20, sheet.row_pixels)
    return f"{column}, 12, {top - 1}, 4, {right - 1}, {over}, {bottom - 1}, {below}"


def _walk(start: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """Go so many pixels over columns or rows from one on; return where that ends and how far into it."""
    for _ in range(200):
        own = size(start)
        if pixels < own:
            break
        pixels -= own
        start += 1
    return start, pixels
