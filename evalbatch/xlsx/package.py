"""A workbook's zip container in: its parts, relationships and content types; out again with some of them changed."""

import io
import zipfile
from collections.abc import Container
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from posixpath import basename, dirname, join, normpath, relpath
from xml.sax.saxutils import quoteattr

from evalbatch.xlsx.markup import (
    LONGEST_SHARED,
    CannotSplice,
    Element,
    Scan,
    Splice,
    Tag,
    append_children,
    spliced,
    without_children,
)

TYPES = "[Content_Types].xml"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""Namespace and type prefix of relationships; the Strict variant of the format has another."""
STRICT_DOCUMENT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONS = f'{PROLOG}<Relationships xmlns="{_RELATIONS}"/>'.encode()


_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip container knows: every part bears it."""
_FAT = 0
"""The system that every container says it was made on, wherever it was."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part: its id, the last word of its type, and the part it leads to."""

    id: str
    kind: str
    target: str


@dataclass(slots=True)
class Package:
    """The parts of a workbook in their order; a name is found whatever its case, as Office finds it."""

    parts: dict[str, bytes]
    _names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> "Package":
        """Take a workbook apart; raises CannotSplice for what is no zip container with content types."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {name: archive.read(name) for name in dict.fromkeys(archive.namelist())}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
            raise CannotSplice(str(error)) from None
        package = cls(parts, {_folded(name): name for name in parts})
        package[TYPES]
        return package

    def __getitem__(self, name: str) -> bytes:
        return self.parts[self.name(name)]

    def __setitem__(self, name: str, data: bytes) -> None:
        key = self._names.setdefault(_folded(name), name)
        self.parts[key] = data

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._names

    def name(self, name: str) -> str:
        """Give a part's name as the container writes it; raises CannotSplice where there is no such part."""
        try:
            return self._names[_folded(name)]
        except KeyError:
            raise CannotSplice(name) from None

    @property
    def document(self) -> str:
        """The namespace and type prefix of this package's own relationships."""
        return STRICT_DOCUMENT if STRICT_DOCUMENT.encode() in self[relations_name("")] else DOCUMENT

    def free_name(self, pattern: str) -> str:
        """Give the first name of a pattern with {} for a number that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """List the relationships of a part ("" for the whole package) that lead to other parts."""
        name = relations_name(part)
        if name not in self:
            return []
        data = self[name]
        return list((_relations_once if len(data) <= LONGEST_SHARED else _relations)(part, data))

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship from one part to another; return its id."""
        name = relations_name(part)
        data = self.parts.get(self._names.get(_folded(name), ""), _NO_RELATIONS)
        taken: set[str] = set()
        root: list[Element] = []
        Scan(
            data,
            lambda path: len(path) == 2,
            on_start=lambda _path, tag: taken.add(tag.attributes.get("Id", "")),
            on_end=lambda path, element: root.append(element) if len(path) == 1 else None,
            depth=2,
        ).run()
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        where = quoteattr(relpath(target, dirname(part) or "."))
        child = f'<{root[0].tag.prefix}Relationship Id="rId{number}" Type="{self.document}/{kind}" Target={where}/>'
        self[name] = spliced(data, append_children(data, root[0], child.encode()))
        return f"rId{number}"

    def remove(self, part: str, target: str) -> None:
        """Take out a part that another one relates to, with its relationship and its content type."""
        name = relations_name(part)
        folded = _folded(target)
        self[name] = without_children(self[name], lambda child: folded == _folded(_absolute(part, child.tag)))
        self[TYPES] = without_children(
            self[TYPES], lambda child: _folded(child.tag.attributes.get("PartName", "")) == folded
        )
        for gone in (folded, _folded(relations_name(target))):
            if gone in self._names:
                del self.parts[self._names.pop(gone)]

    def unrelate(self, part: str, kinds: Container[str]) -> None:
        """Let a part ("" for the whole package) lead to none of some kinds; `drop_unreached` takes these out."""
        name = relations_name(part)
        if name in self:
            self[name] = without_children(
                self[name], lambda child: child.tag.attributes.get("Type", "").rpartition("/")[2] in kinds
            )

    def drop_unreached(self) -> None:
        """Take out every part that nothing leads to any more, with its content type."""
        reached, waiting = {""}, [""]
        while waiting:
            for relation in self.relations(waiting.pop()):
                if (target := _folded(relation.target)) not in reached and relation.target in self:
                    reached.add(target)
                    waiting.append(relation.target)
        kept = reached | {_folded(TYPES)} | {_folded(relations_name(part)) for part in reached}
        gone = {folded for folded in self._names if folded not in kept}
        for folded in gone:
            del self.parts[self._names.pop(folded)]
        self[TYPES] = without_children(
            self[TYPES], lambda child: _folded(child.tag.attributes.get("PartName", "")) in gone
        )

    def content_type(self, part: str) -> str:
        """Give the content type of a part, its own or that of its extension; "" where there is none."""
        found = {"": ""}

        def keep(_path: tuple[str, ...], tag: Tag) -> None:
            key = tag.attributes.get("PartName") or "." + tag.attributes.get("Extension", "")
            found[_folded(key)] = tag.attributes.get("ContentType", "")

        Scan(self[TYPES], lambda path: len(path) == 2, on_start=keep, depth=2).run()
        return found.get(_folded(part)) or found.get("." + part.rpartition(".")[2].casefold(), "")

    def declare(self, part: str, content_type: str) -> None:
        """Declare the content type of a new part."""
        self._declare(f'Override PartName={quoteattr("/" + part)} ContentType="{content_type}"')

    def declare_default(self, extension: str, content_type: str) -> None:
        """Declare the content type of all parts with an extension, unless that is done."""
        known: set[str] = set()
        Scan(
            self[TYPES],
            lambda path: path[-1] == "Default",
            on_start=lambda _path, tag: known.add(tag.attributes.get("Extension", "").lower()),
        ).run()
        if extension not in known:
            self._declare(f'Default Extension="{extension}" ContentType="{content_type}"')

    def _declare(self, child: str) -> None:
        data = self[TYPES]
        splices: list[Splice] = []

        def at_end(_path: tuple[str, ...], element: Element) -> None:
            splices.extend(append_children(data, element, f"<{element.tag.prefix}{child}/>".encode()))

        Scan(data, lambda _path: False, on_end=at_end, depth=1).run()
        self[TYPES] = spliced(data, splices)

    def copy(self) -> "Package":
        """Give a package of the same parts that can be changed by itself."""
        return Package(dict(self.parts), dict(self._names))

    def write(self, target: Path | io.BytesIO) -> None:
        """Put the parts into a container again: the same parts give the same bytes, on every system. Raises OSError."""
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in self.parts.items():
                about = zipfile.ZipInfo(name, _EARLIEST)
                about.compress_type, about.create_system = zipfile.ZIP_DEFLATED, _FAT
                archive.writestr(about, data)


def _relations(part: str, data: bytes) -> tuple[Relation, ...]:
    """List the relationships that a part's own part for them holds, but for those that lead out of the package."""
    found: list[Relation] = []

    def keep(_path: tuple[str, ...], tag: Tag) -> None:
        if tag.local == "Relationship" and tag.attributes.get("TargetMode") != "External":
            kind = tag.attributes.get("Type", "").rpartition("/")[2]
            found.append(Relation(tag.attributes.get("Id", ""), kind, _absolute(part, tag)))

    Scan(data, lambda path: len(path) == 2, on_start=keep, depth=2).run()
    return tuple(found)


_relations_once = lru_cache(maxsize=64)(_relations)


def _absolute(part: str, tag: Tag) -> str:
    """Give the part that a relationship of another part leads to."""
    target = tag.attributes.get("Target", "").replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def relations_name(part: str) -> str:
    """Give the name of the part that holds a part's relationships."""
    return join(dirname(part), "_rels", basename(part) + ".rels")


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
