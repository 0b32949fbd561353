"""Workbook bytes in, what an OOXML package stores out: checked before anything else may open it.

Values are taken here, in the pass that the limits and number formats need anyway: calamine builds a dense table of
a sheet's whole range, and ends the process on a lying count or a cell far out, so it is left to the other formats.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, not_a_workbook, too_large
from evalbatch.xlsx.sheet_xml import Budget, Range, RawSheet, range_of, scan_sheet, scan_strings
from evalbatch.xlsx.usual_parts import usual_sheet, usual_strings
from evalbatch.xlsx.xml_parts import Element, elements, refuse_doctype
from evalbatch.xlsx.zipped import Zip, normal_name

ROW, BLANK, LAST_CELL = 0, 1, 11
"""Records that begin a row, hold a blank cell, and the last of those that hold a value."""
LAST_ROW = 1_048_576

DEFAULT_WORKBOOK = "xl/workbook.xml"
NO_CELLS = ("/chartsheet", "/dialogsheet", "/xlMacrosheet", "/xlIntlMacrosheet")
"""Relationship types of sheets that hold no cells of a form."""
XML_ENDINGS = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One worksheet as the workbook part lists it."""

    name: str
    visible: bool
    part: str


class Package:
    """An OOXML workbook opened within limits.

    Raises Refused: F01 damaged, F02 a password, F03 no spreadsheet, F04 beyond a limit.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self._zip = Zip(io.BytesIO(data), limits.parts)
        self._zip.check_sizes(limits)
        self._unread: dict[str, zipfile.ZipInfo] = {}
        self._read: dict[str, bytes] = {}
        for member in self._zip.members:
            name = normal_name(member.filename)
            if name in self._unread:
                raise damaged(f"压缩包内有重名部件“{name[:60]}”")
            if not member.is_dir():
                self._unread[name] = member
        self.workbook = self.main_part()

    def part(self, name: str) -> bytes | None:
        """A part's bytes by its normal name, None where the package has no such part."""
        if name in self._unread:
            self._read[name] = self._zip.read(self._unread.pop(name))
        return self._read.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self._unread or name in self._read

    def elements(self, xml: bytes, wanted: Iterable[str]) -> tuple[Element, ...]:
        """The wanted elements of a part."""
        return elements(xml, wanted, self.limits)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id to (type, target part) of one part; targets outside the package are left out."""
        folder, _, name = part.rpartition("/")
        xml = self.part(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found: dict[str, tuple[str, str]] = {}
        for _, attributes in self.elements(xml, ("Relationship",)) if xml else ():
            target = _resolve(folder, attributes.get("Target", ""))
            if target and attributes.get("TargetMode") != "External":
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), target)
        return found

    def main_part(self) -> str:
        """Name the part that the package is about. Refused when it is no workbook or has none."""
        for kind, target in self.relations("").values():
            if kind.endswith("/officeDocument") and target in self and not self._two_faced(target):
                if target.startswith(("word/", "ppt/")):
                    raise not_a_workbook("Word文档" if target.startswith("word/") else "演示文稿")
                return target
        if DEFAULT_WORKBOOK in self:
            return DEFAULT_WORKBOOK
        raise damaged("其中没有工作簿内容")

    def _two_faced(self, target: str) -> bool:
        """Whether a binary workbook has a second one in XML beside it: another reader might take that one."""
        return target.endswith(".bin") and DEFAULT_WORKBOOK in self

    @property
    def binary(self) -> bool:
        """Whether the workbook is stored in binary parts (.xlsb)."""
        return self.workbook.endswith(".bin")

    @cached_property
    def _listing(self) -> tuple[Element, ...]:
        return self.elements(self.part(self.workbook) or b"", ("sheet", "workbookPr"))

    @cached_property
    def _relations(self) -> dict[str, tuple[str, str]]:
        return self.relations(self.workbook)

    @cached_property
    def dates_from_1904(self) -> bool:
        """Whether day numbers count from 1904."""
        return any(name == "workbookPr" and a.get("date1904") in ("1", "true") for name, a in self._listing)

    def sheets(self) -> list[SheetEntry]:
        """The worksheets in order; raises Refused F01 where a sheet's content is missing."""
        found = []
        for element, attributes in self._listing:
            name = attributes.get("name", "")
            kind, target = self._relations.get(attributes.get("id", ""), ("", ""))
            if element != "sheet" or kind.endswith(NO_CELLS):
                continue
            if target not in self:
                raise damaged(f"工作表“{name[:31]}”的内容缺失")
            found.append(SheetEntry(name, attributes.get("state", "visible") == "visible", target))
        if len(found) > self.limits.sheets:
            raise too_large(f"工作表超过{self.limits.sheets}个")
        return found

    def _related(self, ending: str) -> bytes | None:
        targets = [target for kind, target in self._relations.values() if kind.endswith(ending)]
        return self.part(targets[0]) if targets else None

    def styles(self) -> bytes | None:
        """The styles part, not yet parsed."""
        return self._related("/styles")

    def raw_sheets(self) -> Iterator[tuple[SheetEntry, RawSheet]]:
        """Every worksheet with its stored cells, in order; what nobody reads is verified at the end."""
        xml = self._related("/sharedStrings")
        strings = (usual_strings(xml, self.limits) or scan_strings(xml, self.limits)) if xml else []
        budget = Budget(self.limits)
        any_sheet = False
        for entry in self.sheets():
            part = self.part(entry.part) or b""
            sheet = usual_sheet(part, strings, budget) or scan_sheet(part, strings, budget)
            if sheet is not None:
                any_sheet = True
                if sheet.hidden_rows:
                    sheet.filters += self._table_filters(entry.part)
                yield entry, sheet
        if not any_sheet:
            raise damaged("其中没有任何工作表")
        self.verify_rest()

    def _table_filters(self, part: str) -> Iterator[Range]:
        """The ranges of filters that are set in the tables of a sheet, whose parts are their own."""
        for kind, target in self.relations(part).values():
            if kind.endswith("/table"):
                found = self.elements(self.part(target) or b"", ("autoFilter", "filterColumn"))
                if [name for name, _ in found[:2]] == ["autoFilter", "filterColumn"]:
                    yield range_of(found[0][1].get("ref", ""))

    def rich_errors(self) -> frozenset[str]:
        """The numbers of rich values that are errors, as #SPILL!; all others in a failed cell are pictures."""
        kinds = [a.get("t") for _, a in self._of_workbook("/rdRichValueStructure", ("s",))]
        if "_error" not in kinds:
            return frozenset()
        failed = [a.get("s") == str(kinds.index("_error")) for _, a in self._of_workbook("/rdRichValue", ("rv",))]
        wanted = ("futureMetadata", "valueMetadata", "cellMetadata", "rvb", "rc")
        rich: list[str] = []
        found: list[str] = []
        inside = ""
        for name, attributes in self._of_workbook("/sheetMetadata", wanted):
            if name == "rvb" and inside == "futureMetadata":
                rich.append(attributes.get("i", ""))
            elif name == "rc" and inside == "valueMetadata":
                found.append(attributes.get("v", ""))
            else:
                inside = name
        values = {str(at): is_error for at, is_error in enumerate(failed)}
        known = {str(at): values.get(number, False) for at, number in enumerate(rich)}
        return frozenset(str(at) for at, number in enumerate(found, 1) if known.get(number))

    def _of_workbook(self, ending: str, wanted: Iterable[str]) -> tuple[Element, ...]:
        xml = self._related(ending)
        return self.elements(xml, wanted) if xml else ()

    def check_binary(self) -> None:
        """Hold a binary workbook to the limits, before a reader that trusts it; raises Refused."""
        for kind, target in self._relations.values():
            if kind.endswith("/worksheet") and (part := self.part(target)) is not None:
                check_sheet(part, self.limits)
        self.verify_rest()

    def verify_rest(self) -> None:
        """Hold the parts that nobody reads to their sizes, checksums and the ban on document types."""
        for name, member in self._unread.items():
            content = self._zip.read(member)
            if name.endswith(XML_ENDINGS):
                refuse_doctype(content)


def _resolve(folder: str, target: str) -> str:
    """The part that a relationship points to, "" where it leaves the package.

    >>> _resolve("xl", "../XL/worksheets/sheet1.xml")
    'xl/worksheets/sheet1.xml'
    """
    target = target.replace("\\", "/").lower()
    if ".." not in target and "./" not in target:
        return target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            if not steps:
                return ""
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def check_sheet(part: bytes, limits: Limits) -> None:
    """Raise Refused F04 where a table from A1 to the last filled cell would be too large, F01 for torn records.

    calamine builds that whole table: two filled cells in opposite corners would end the process.
    """
    at = records = row = rows = columns = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        length, at = _number(part, at, 4)
        records += 1
        if records > limits.tags:
            raise too_large(f"一张工作表的记录超过{limits.tags}条")
        if at + length > len(part):
            raise damaged("一张工作表的内容不完整")
        if kind == ROW:
            row = int.from_bytes(part[at : at + 4], "little") + 1
        elif BLANK < kind <= LAST_CELL:
            if row > LAST_ROW:
                raise damaged(f"行号{row}超出工作表范围")
            rows, columns = max(rows, row), max(columns, int.from_bytes(part[at : at + 4], "little") + 1)
        at += length
    if rows * columns > limits.area:
        raise too_large(f"一张工作表写到第{rows}行、第{columns}列，范围超过{limits.area}格")


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to `most` bytes, seven bits each, and where it ends; what is cut off counts as nothing."""
    number = 0
    for shift, byte in enumerate(part[at : at + most]):
        number |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return number, at + shift + 1
    return number, at + most
