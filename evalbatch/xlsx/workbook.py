"""The workbook part in: its sheets and names; out again with sheets set in, and all that counts sheets shifted."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

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
)
from evalbatch.xlsx.package import MAIN, Package

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_BEFORE_CALCULATION = (*_BEFORE_NAMES, "definedNames")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet as the workbook lists it: its name, its number, and its part when it is a worksheet."""

    name: str
    number: int
    part: str | None
    state: str = ""


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name for cells: its attributes, and the formula that it stands for."""

    attributes: dict[str, str]
    formula: str


@dataclass(slots=True)
class WorkbookPart:
    """The workbook part of a package: where it is and what it lists."""

    package: Package
    part: str
    sheets: list[SheetEntry] = field(default_factory=list)
    names: list[DefinedName] = field(default_factory=list)
    related: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    main: str = MAIN
    _tags: list[Tag] = field(default_factory=list)
    _views: list[Tag] = field(default_factory=list)
    _names: list[Element] = field(default_factory=list)
    _top: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def read(cls, package: Package, *, strict: bool = False) -> "WorkbookPart":
        """Find the workbook part and its sheets; `related` leads to the only part of each kind: styles, theme, …

        Raises CannotSplice for another format (xlsb, no styles; Strict too, unless `strict` says that it will do).
        """
        documents = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
        if not documents:
            raise CannotSplice("officeDocument")
        workbook = cls(package, package.name(documents[0]))
        workbook._read()
        if workbook.main != MAIN and not (strict and workbook.main == _STRICT_MAIN):
            raise CannotSplice("workbook")
        if not workbook._tags or workbook.styles not in package:
            raise CannotSplice("workbook")
        return workbook

    def _read(self) -> None:
        for found in (self.sheets, self.names, self._tags, self._views, self._names, self._top):
            found.clear()
        relations = {relation.id: relation for relation in self.package.relations(self.part)}
        self.related = {relation.kind: relation.target for relation in relations.values()}
        data = self.package[self.part]

        def start(path: Path, tag: Tag) -> None:
            match path[1:]:
                case ("sheets", "sheet"):
                    self._tags.append(tag)
                    identity = next((v for k, v in tag.attributes.items() if k.rpartition(":")[2] == "id"), "")
                    relation = relations.get(identity)
                    part = relation.target if relation and relation.kind == "worksheet" else None
                    number = whole_number(tag.attributes.get("sheetId"))
                    state = tag.attributes.get("state", "")
                    self.sheets.append(SheetEntry(tag.attributes.get("name", ""), number, part, state))
                case ("bookViews", "workbookView"):
                    self._views.append(tag)
                case ("workbookPr",):
                    self.properties = dict(tag.attributes)

        def end(path: Path, element: Element) -> None:
            if path[1:] == ("definedNames", "definedName"):
                self._names.append(element)
                inner = data[element.tag.end : element.inner_end].decode("utf-8", "replace")
                self.names.append(DefinedName(dict(element.tag.attributes), unescaped(inner)))
            elif len(path) == 2:
                self._top[path[1]] = element

        scan = Scan(data, lambda path: len(path) in (2, 3), on_start=start, on_end=end, depth=3).run()
        spaces = scan.root.attributes.values() if scan.root else ()
        self.main = next((space for space in (MAIN, _STRICT_MAIN) if space in spaces), "")

    @property
    def styles(self) -> str:
        """The name of the styles part, "" where there is none."""
        return self.related.get("styles", "")

    def set_front(self, name: str, sheet: bytes) -> None:
        """Set a sheet before all others and open the workbook on it; one of that name is replaced where it stands."""
        old = next((i for i, entry in enumerate(self.sheets) if entry.name == name and entry.part), None)
        if old is not None:
            self.package[self.sheets[old].part or ""] = sheet
            self.open_on(old)
        else:
            inserted = self._inserted(0, name, sheet, "")
            self._write(self.package[self.part], [*inserted, *self._opened_on(0)])

    def open_on(self, number: int) -> None:
        """Let the workbook open on a sheet, counted from 0."""
        self._write(self.package[self.part], self._opened_on(number))

    def _opened_on(self, number: int) -> list[Splice]:
        data = self.package[self.part]
        opened = str(number) if number else None
        return [set_attributes(data, view, activeTab=opened, firstSheet=None) for view in self._views]

    def insert(
        self, at: int, name: str, sheet: bytes, *, state: str = "", names: Sequence[DefinedName] = ()
    ) -> SheetEntry:
        """Put a sheet in at a place, counted from 0, with names of its own; return its entry.

        `localSheetId` counts sheets by their order, so that of every later sheet moves on by one.
        """
        self._write(self.package[self.part], self._inserted(at, name, sheet, state))
        self._name([DefinedName({**one.attributes, "localSheetId": str(at)}, one.formula) for one in names])
        return self.sheets[at]

    def _inserted(self, at: int, name: str, sheet: bytes, state: str) -> list[Splice]:
        """Put a sheet into the package; return the splices that list it in the workbook part."""
        folder = self.part.rpartition("/")[0]
        part = self.package.free_name(f"{folder}/worksheets/sheet{{}}.xml" if folder else "worksheets/sheet{}.xml")
        self.package[part] = sheet
        self.package.declare(part, _SHEET_TYPE)
        relation = self.package.relate(self.part, "worksheet", part)
        data = self.package[self.part]
        splices = [
            set_attributes(data, name.tag, localSheetId=str(local + 1))
            for name in self._names
            if "localSheetId" in name.tag.attributes
            and (local := whole_number(name.tag.attributes["localSheetId"])) >= at
        ]
        first = self._tags[0]
        number = 1 + max(entry.number for entry in self.sheets)
        hidden = f" state={quoteattr(state)}" if state else ""
        element = (
            f"<{first.name} xmlns:r={quoteattr(self.package.document)} name={quoteattr(name)} "
            f'sheetId="{number}"{hidden} r:id="{relation}"/>'
        ).encode()
        place = self._tags[at].start if at < len(self._tags) else self._top["sheets"].inner_end
        return [*splices, Splice(place, place, element)]

    def drop_names(self, gone: Container[str]) -> None:
        """Take names out, wherever they hold."""
        dropped = [
            Splice(element.tag.start, element.end, b"")
            for element in self._names
            if element.tag.attributes.get("name", "") in gone
        ]
        self._write(self.package[self.part], dropped)

    def remove(self, gone: Container[str]) -> None:
        """Take sheets out, with the names that are theirs alone; the workbook opens on the first that is left.

        Formulas and names that lead to them are the caller's to mend. What belonged to them is left in the package,
        where nothing leads to it. Raises CannotSplice where no sheet would be left.
        """
        left = [at for at, entry in enumerate(self.sheets) if entry.name not in gone]
        if not left:
            raise CannotSplice("sheets")
        data = self.package[self.part]
        splices = [
            Splice(tag.start, tag.end, b"")
            for tag, entry in zip(self._tags, self.sheets, strict=True)
            if entry.name in gone
        ]
        for element in self._names:
            own = element.tag.attributes.get("localSheetId")
            if own is not None and whole_number(own) in left:
                splices.append(set_attributes(data, element.tag, localSheetId=str(left.index(whole_number(own)))))
            elif own is not None:
                splices.append(Splice(element.tag.start, element.end, b""))
        parts = {entry.part for entry in self.sheets if entry.name in gone}
        self._write(data, [*splices, *self._opened_on(0)])
        for part in parts - {None}:
            self.package.remove(self.part, str(part))
        self._read()

    def add_names(self, names: Sequence[DefinedName]) -> None:
        """Add names that hold in the whole workbook."""
        self._name(names)

    def _name(self, names: Sequence[DefinedName]) -> None:
        if not names:
            return
        data, prefix = self.package[self.part], self._tags[0].prefix
        written = "".join(
            f"<{prefix}definedName"
            + "".join(f" {key}={quoteattr(value)}" for key, value in name.attributes.items())
            + f">{escape(name.formula)}</{prefix}definedName>"
            for name in names
        ).encode()
        if "definedNames" in self._top:
            self._write(data, append_children(data, self._top["definedNames"], written))
        else:
            at = max(self._top[before].end for before in _BEFORE_NAMES if before in self._top)
            group = f"<{prefix}definedNames>".encode() + written + f"</{prefix}definedNames>".encode()
            self._write(data, [Splice(at, at, group)])

    def rename(self, formulas: Sequence[str]) -> None:
        """Give the names other formulas, in their order."""
        data = self.package[self.part]
        splices = [
            Splice(element.tag.end, element.inner_end, escape(new).encode())
            for element, name, new in zip(self._names, self.names, formulas, strict=True)
            if new != name.formula
        ]
        self._write(data, splices)

    def recalculate(self) -> None:
        """Let programs calculate every formula when they open the workbook, where it has any."""
        if not any(_FORMULA.search(self.package[entry.part]) for entry in self.sheets if entry.part):
            return
        data = self.package[self.part]
        calculation = self._top.get("calcPr")
        if calculation is not None:
            self._write(data, [set_attributes(data, calculation.tag, fullCalcOnLoad="1")])
        else:
            at = max(self._top[before].end for before in _BEFORE_CALCULATION if before in self._top)
            element = f'<{self._tags[0].prefix}calcPr fullCalcOnLoad="1"/>'.encode()
            self._write(data, [Splice(at, at, element)])

    def forget_order(self) -> None:
        """Take out the record of the order in which formulas were calculated: programs make it anew."""
        if "calcChain" in self.related:
            self.package.remove(self.part, self.related.pop("calcChain"))

    def _write(self, data: bytes, splices: Sequence[Splice]) -> None:
        if splices:
            self.package[self.part] = spliced(data, splices)
            self._read()
