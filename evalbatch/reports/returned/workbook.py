"""The workbook part in: its sheets; out again with the list set in front and everything that counts sheets shifted."""

from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from evalbatch.reports.returned.markup import CannotMark, Path, Scan, Splice, Tag, set_attributes, spliced, whole_number
from evalbatch.reports.returned.package import DOCUMENT, MAIN, Package

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet as the workbook lists it: its name, its number, and its part when it is a worksheet."""

    name: str
    number: int
    part: str | None


@dataclass(slots=True)
class WorkbookPart:
    """The workbook part of a package: where it is and what it lists."""

    package: Package
    part: str
    sheets: list[SheetEntry] = field(default_factory=list)
    styles: str = ""
    _first: Tag | None = None
    _views: list[Tag] = field(default_factory=list)
    _names: list[Tag] = field(default_factory=list)

    @classmethod
    def read(cls, package: Package) -> "WorkbookPart":
        """Find the workbook part and its sheets; raises CannotMark for another format (xlsb, Strict, no styles)."""
        documents = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
        if not documents:
            raise CannotMark("officeDocument")
        workbook = cls(package, package.name(documents[0]))
        relations = {relation.id: relation for relation in package.relations(workbook.part)}
        workbook.styles = next((r.target for r in relations.values() if r.kind == "styles"), "")

        def keep(path: Path, tag: Tag) -> None:
            match path[1:]:
                case ("sheets", "sheet"):
                    workbook._first = workbook._first or tag
                    identity = next((v for k, v in tag.attributes.items() if k.rpartition(":")[2] == "id"), "")
                    relation = relations.get(identity)
                    part = relation.target if relation and relation.kind == "worksheet" else None
                    number = whole_number(tag.attributes.get("sheetId"))
                    workbook.sheets.append(SheetEntry(tag.attributes.get("name", ""), number, part))
                case ("bookViews", "workbookView"):
                    workbook._views.append(tag)
                case ("definedNames", "definedName"):
                    workbook._names.append(tag)

        scan = Scan(package[workbook.part], lambda path: len(path) == 3, on_start=keep).run()
        namespace = scan.root.attributes if scan.root else {}
        if MAIN not in namespace.values() or workbook._first is None or workbook.styles not in package:
            raise CannotMark("workbook")
        return workbook

    def set_front(self, name: str, sheet: bytes) -> None:
        """Set a sheet before all others and open the workbook on it; one of that name is replaced where it stands.

        `localSheetId` counts sheets by their order, so every one of them moves on by one.
        """
        old = next((i for i, entry in enumerate(self.sheets) if entry.name == name and entry.part), None)
        data = self.package[self.part]
        if old is not None:
            self.package[self.sheets[old].part or ""] = sheet
            splices = [set_attributes(data, view, activeTab=str(old), firstSheet=None) for view in self._views]
        else:
            splices = [set_attributes(data, view, activeTab=None, firstSheet=None) for view in self._views]
            splices += [
                set_attributes(data, tag, localSheetId=str(whole_number(tag.attributes["localSheetId"]) + 1))
                for tag in self._names
                if "localSheetId" in tag.attributes
            ]
            splices.append(self._entry(name, sheet))
        self.package[self.part] = spliced(data, splices)

    def _entry(self, name: str, sheet: bytes) -> Splice:
        assert self._first is not None
        folder = self.part.rpartition("/")[0]
        part = self.package.free_name(f"{folder}/worksheets/sheet{{}}.xml" if folder else "worksheets/sheet{}.xml")
        self.package[part] = sheet
        self.package.declare(part, _SHEET_TYPE)
        relation = self.package.relate(self.part, "worksheet", part)
        number = 1 + max(entry.number for entry in self.sheets)
        element = (
            f"<{self._first.name} xmlns:r={quoteattr(DOCUMENT)} name={quoteattr(name)} "
            f'sheetId="{number}" r:id="{relation}"/>'
        )
        return Splice(self._first.start, self._first.start, element.encode())
