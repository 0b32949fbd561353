"""A .docx in, its lines of text out: paragraphs, rows of tables, text boxes; nothing is fetched, run or believed.

The package is held to intake's limits. Its one XML part is streamed through defusedxml: python-docx would build a
tree with lxml for it, and leaves text boxes out, in which covers often have their figures.
"""

from dataclasses import replace
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, too_large
from evalbatch.xlsx.scanned_package import Package

MB = 1024 * 1024
LONGEST = 2_000_000
"""Characters of a report; a long one has 30,000."""
SKIPPED = frozenset({"Fallback", "moveFrom", "del", "instrText"})
"""Second copies of text boxes, text moved or taken away, and field codes."""
BREAKS = frozenset({"br", "cr"})


class Document(Package):
    """A word processor's document opened within limits; its main part is a document, not a workbook."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        super().__init__(data, replace(limits, part_bytes=min(limits.part_bytes, 40 * MB)))

    def main_part(self) -> str:
        """Name the document's main part."""
        for kind, target in self.relations("").values():
            if kind.endswith("/officeDocument") and target in self:
                return target
        if "word/document.xml" in self:
            return "word/document.xml"
        raise damaged("其中没有正文")


def lines_of(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Return a document's lines in order, a row of a table as one line with | between its cells.

    Raises Refused F01, F02 or F04 for what is damaged, encrypted or beyond a limit.
    """
    from defusedxml.sax import parseString  # it brings a web client along, and few runs have reports

    document = Document(data, limits)
    scan = _Lines()
    try:
        parseString(document.part(document.workbook) or b"", scan, forbid_dtd=True)
    except (SAXException, DefusedXmlException, ValueError) as error:
        raise damaged("正文不是有效的XML，文件可能已损坏") from error
    return tuple(line for line in scan.lines if line.strip(" |"))


class _Lines(ContentHandler):
    """Gathers text by paragraph; inside a table by row. A text box stands in a paragraph of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.open: list[list[str]] = []
        self.rows: list[list[str]] = []
        self.skipping = 0
        self.in_text = False
        self.length = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002, N802 - SAX's own names
        """Open a paragraph, a row or a piece of text."""
        local = name.rpartition(":")[2]
        if local in SKIPPED or self.skipping:
            self.skipping += 1
        elif local == "p":
            self.open.append([])
        elif local == "tr":
            self.rows.append([])
        elif local == "tc" and self.rows:
            self.rows[-1].append("")
        elif local == "t":
            self.in_text = True
        elif self.open and local in BREAKS:
            self.open[-1].append("\n")
        elif self.open and local == "tab":
            self.open[-1].append(" ")

    def endElement(self, name: str) -> None:  # noqa: N802
        """Close it again: a paragraph's text goes to its cell, or is a line."""
        local = name.rpartition(":")[2]
        if self.skipping:
            self.skipping -= 1
        elif local == "t":
            self.in_text = False
        elif local == "p" and self.open:
            self._write("".join(self.open.pop()))
        elif local == "tr" and self.rows:
            row = "|".join(self.rows.pop())
            self._write(row)

    def characters(self, content: str) -> None:
        """Take text that is shown."""
        if self.in_text and self.open and not self.skipping:
            self.length += len(content)
            if self.length > LONGEST:
                raise too_large(f"正文超过{LONGEST}字")
            self.open[-1].append(content)

    def _write(self, text: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += text.replace("\n", " ")
        elif not self.rows:
            self.lines += text.split("\n")
