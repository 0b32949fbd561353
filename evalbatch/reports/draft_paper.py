"""An official document on paper: page, fonts, headings and blanks after GB/T 9704-2012; nobody else says any of them.

Fonts that are not on every machine get their stand-in in the document's own table of fonts.
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from evalbatch.sheets import look
from evalbatch.xlsx.markup import without_children

TITLE, BODY, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
_STAND_INS = {TITLE: "华文中宋,宋体", BODY: "仿宋,华文仿宋", KAI: "楷体,华文楷体", HEI: "SimHei", SONG: "SimSun"}
_SIZE = {"title": 22, "body": 16, "foot": 14, "table": 12}  # 2号, 3号, 4号, 小4号
_LINE = 28
_INDENT = 2 * _SIZE["body"]
_BLANK = re.compile("(【请补充：[^【】]*】)")
_BLANK_INK = RGBColor(0x8A, 0x5A, 0x00)
_DAY = datetime(2000, 1, 1)
_HEADINGS = (HEI, KAI, BODY)
_TEXT_WIDTH = 156
"""Millimetres between the standard's margins."""
_BEHIND = b'<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
"""The end of a chart's part, with the workbook behind it, which is the first that the part is related to."""
_INLINE = (
    f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{number}" name="图{number}" descr={title}/>'
    '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{shown}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def to_fill(what: str) -> str:
    """Mark what a person must add, in words, so that it can't be taken for the draft's own.

    >>> to_fill("通知的文号")
    '【请补充：通知的文号】'
    """
    return f"【请补充：{what}】"


class Paper:
    """A document being written; paragraphs come one after another, from the title on."""

    def __init__(self, title: str) -> None:
        self.document = docx.Document()
        self._page()
        self._styles()
        about = self.document.core_properties
        about.title, about.author = look.safe_text(title)[:255], "evalbatch"
        about.last_modified_by, about.comments = "evalbatch", ""
        about.created = about.modified = _DAY
        self._line(title, TITLE, "title", WD_ALIGN_PARAGRAPH.CENTER)
        self._line("", BODY, "body")

    def heading(self, level: int, text: str) -> None:
        """Add a heading: level 1 一、, level 2 （一）, level 3 1.; the number is part of the text."""
        _dress(self.document.add_paragraph(style=f"Heading {level}"), text, _HEADINGS[level - 1])

    def text(self, *parts: str | None, blank: str = "") -> None:
        """Add a paragraph of the parts that say something, then a marked blank for what a person must add."""
        said = "".join(part for part in parts if part) + (to_fill(blank) if blank else "")
        for line in said.split("\n") if said else ():
            paragraph = self.document.add_paragraph()
            for piece in filter(None, _BLANK.split(line)):
                run = _dress(paragraph, piece, BODY)
                if _BLANK.fullmatch(piece):
                    run.font.color.rgb = _BLANK_INK

    def line(self, text: str, *, right: bool = False) -> None:
        """Add a line without an indent, for who and when; one on the right never begins a page of its own."""
        if right:
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._line(text, BODY, "body", WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table with a full grid and a header that repeats on each page; a page ends between its rows.

        The line before it stays with it.
        """
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=0, cols=len(headers), style="Table Grid")
        for number, values in enumerate([headers, *rows]):
            row = table.add_row()
            for cell, value in zip(row.cells, values, strict=True):
                paragraph = cell.paragraphs[0]
                shape = paragraph.paragraph_format
                shape.first_line_indent, shape.line_spacing = Pt(0), Pt(20)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _dress(paragraph, value, HEI if number == 0 else BODY, "table")
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            if number == 0:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self._line("", BODY, "table")

    def chart(self, title: str, drawing: bytes, figures: bytes, *, height: int) -> None:
        """Add a native chart as wide as the text, `height` mm high: its DrawingML part, and the workbook behind it.

        `title` is told to who can't see it.
        """
        package, number = self.document.part.package, len(self.document.inline_shapes) + 1
        book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, figures, package)
        drawing = without_children(drawing, lambda child: child.tag.local == "printSettings")
        linked = drawing.replace(b"</c:chartSpace>", _BEHIND)
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, linked, package)
        part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.first_line_indent, shape.line_spacing_rule = Pt(0), WD_LINE_SPACING.SINGLE
        shown = self.document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        paragraph.add_run()._r.append(
            parse_xml(
                _INLINE.format(
                    wide=Mm(_TEXT_WIDTH),
                    high=Mm(height),
                    number=number,
                    title=quoteattr(look.safe_text(title)),
                    shown=shown,
                )
            )
        )

    def save(self, target: Path) -> None:
        """Write the document: the same content gives the same bytes."""
        self._name_stand_ins()
        raw, settled = BytesIO(), BytesIO()
        self.document.save(raw)
        with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as out:
            for name in parts.namelist():
                out.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED)
        target.write_bytes(settled.getvalue())

    def _line(self, text: str, font: str, size: str, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(_LINE + 7 if size == "title" else _LINE)
        if text:
            _dress(paragraph, text, font, size)

    def _page(self) -> None:
        """A4 with the standard's margins; — 1 — at the outer foot, right on odd pages and left on even ones."""
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        self.document.settings.odd_and_even_pages_header_footer = True
        _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
        _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)

    def _styles(self) -> None:
        styles = self.document.styles
        for name, font in zip(("Normal", "Heading 1", "Heading 2", "Heading 3"), (BODY, *_HEADINGS), strict=True):
            style = styles[name]
            assert isinstance(style, ParagraphStyle), "these are paragraph styles in every document"
            style.font.name, style.font.size, style.font.bold = font, Pt(_SIZE["body"]), False
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for old in [key for key in fonts.attrib if "Theme" in str(key)]:
                del fonts.attrib[old]
            fonts.set(qn("w:eastAsia"), font)
            shape = style.paragraph_format
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_LINE)
            shape.space_before = shape.space_after = Pt(0)
            shape.first_line_indent = Pt(_INDENT)

    def _name_stand_ins(self) -> None:
        """Say in the table of fonts what stands in for a font that a machine lacks."""
        fonts = "".join(
            f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/></w:font>"
            for name, other in _STAND_INS.items()
        )
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        for part in self.document.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml":
                part._blob = f'{head}<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()


def _dress(paragraph: Paragraph, text: str, font: str, size: str = "body") -> Run:
    run = paragraph.add_run(look.safe_text(text))
    run.font.name, run.font.size = font, Pt(_SIZE[size])
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _number(footer: _Footer, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph: Paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Pt(0)
    _dress(paragraph, "— ", SONG, "foot")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _dress(paragraph, " —", SONG, "foot")
