"""XML of strangers in, plain elements out: no document type, no entities, nothing fetched, a bounded number of tags."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, too_large

DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
Element = tuple[str, Mapping[str, str]]
LONGEST = 1 << 16
"""Longer parts are parsed anew each time."""


def new_parser() -> Any:
    """An expat parser that refuses every document type declaration, and so every entity.

    defusedxml does the same for ElementTree; here the handlers are our own, so that a sheet never becomes a tree.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _on_doctype
    return parser


def _on_doctype(*_: object) -> None:
    raise damaged("内容中含有不允许的XML文档类型声明（DOCTYPE）")


def refuse_doctype(xml: bytes) -> None:
    """The same ban for a part that nobody here parses: a plain search, in each encoding that XML readers know."""
    if any(mark in xml for mark in DOCTYPES):
        _on_doctype()


def parse(parser: Any, xml: bytes, limits: Limits) -> None:
    """Run a parser over one part; raises Refused F01 where it is no proper XML, F04 where it is too much."""
    if xml.count(b"<") > limits.tags:
        raise too_large(f"其中一个部件的标记超过{limits.tags}个")
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged("内容不是有效的XML，文件可能已损坏") from error


def elements(xml: bytes, wanted: Iterable[str], limits: Limits) -> tuple[Element, ...]:
    """The wanted elements in order of their start tags, names and attribute names without prefixes.

    >>> elements(b'<x:a xmlns:x="u"><x:b x:k="1"/></x:a>', {"b"}, Limits())
    (('b', {'k': '1'}),)
    """
    return (_known_elements if len(xml) <= LONGEST else _elements)(xml, frozenset(wanted), limits)


def _elements(xml: bytes, wanted: frozenset[str], limits: Limits) -> tuple[Element, ...]:
    found: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in wanted:
            if len(found) >= limits.listed:
                raise too_large(f"其中一个部件的条目超过{limits.listed}个")
            found.append((local, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    parser = new_parser()
    parser.StartElementHandler = start
    parse(parser, xml, limits)
    return tuple(found)


_known_elements = lru_cache(maxsize=64)(_elements)
"""Many units fill in copies of one form: what lists the parts of a workbook stays the same to the byte."""
