"""XlsxWriter with its inner loops made short: the same bytes for what we write, in about half the time.

Three hundred score sheets have the same forty formats and few kinds of cells. XlsxWriter builds every format and its
keys anew for every workbook, and packs the same parts again for each. What is overridden here is named by a leading
underscore there, so `tests/sheets` holds it to XlsxWriter's own bytes.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from evalbatch.sheets.part import Part
from evalbatch.sheets.quick_sheet import QuickSheet, escaped
from evalbatch.xlsx.container import Deflated, write_container

_FORMATS: dict[tuple[tuple[str, Any], ...], "QuickFormat"] = {}
"""Every format that this process has made, by its properties, to be copied."""
_STYLES: dict[tuple[str, ...], str] = {}
"""Every styles part that this process has made, by the keys of its formats in order."""
_MOST_STYLES = 500
_MANY_STRINGS = 1_000
_UNIX = 3
"""What every container says it was made on, wherever it was: the same content gives the same bytes."""


class QuickFormat(Format):  # type: ignore[misc]
    """A format whose keys are made once and copied with it: nobody changes a format once it is made."""

    def __init__(self, properties: dict[str, Any]) -> None:
        super().__init__(properties)
        self._keys: tuple[str, str, str, str] = (
            super()._get_font_key(),
            super()._get_border_key(),
            super()._get_fill_key(),
            super()._get_alignment_key(),
        )
        self._get_format_key()

    def _get_font_key(self) -> str:
        return self._keys[0]

    def _get_border_key(self) -> str:
        return self._keys[1]

    def _get_fill_key(self) -> str:
        return self._keys[2]

    def _get_alignment_key(self) -> str:
        return self._keys[3]


class QuickStrings(SharedStrings):  # type: ignore[misc]
    """Shared strings, most of which hold nothing that is written otherwise."""

    def _write_sst_strings(self) -> None:
        part: Part = self.fh
        write = part.write
        for place, text in enumerate(self.string_table.string_array):
            if not place % _MANY_STRINGS:
                part.pack()
            if text.isprintable() and text.strip() == text and "_x" not in text and not text.startswith("<r>"):
                write(f"<si><t>{escaped(text)}</t></si>")
            else:
                self._write_si(text)


class QuickPackager(Packager):  # type: ignore[misc]
    """A packager that writes the styles of many like workbooks once, and strings on the shortest way.

    It keeps the parts for itself, and gives XlsxWriter none to pack.
    """

    def parts(self) -> dict[str, bytes | Deflated]:
        """Give every part's bytes by its name."""
        return {
            name: written.getvalue() if is_binary else written.whole() for written, name, is_binary in self.filenames
        }

    def _filename(self, xml_filename: str) -> Part:
        self._finish()
        part = Part()
        self.filenames.append((part, xml_filename, False))
        return part

    def _finish(self) -> None:
        """Finish the last part that was begun: they are written one after the other."""
        if self.filenames and isinstance(self.filenames[-1][0], Part):
            self.filenames[-1][0].finish()

    def _create_package(self) -> list[object]:
        super()._create_package()
        self._finish()
        return []

    def _write_shared_strings_file(self) -> None:
        if not self.workbook.str_table.count:
            return
        strings = QuickStrings()
        strings.string_table = self.workbook.str_table
        strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
        strings._assemble_xml_file()

    def _write_styles_file(self) -> None:
        book = self.workbook
        if book.dxf_formats or not self.in_memory:
            super()._write_styles_file()
            return
        key = (str(bool(book.has_comments)), *(style._get_format_key() for style in book.xf_formats))
        if key in _STYLES:
            self._filename("xl/styles.xml").write(_STYLES[key])
            return
        super()._write_styles_file()
        written: Part = self.filenames[-1][0]
        if len(_STYLES) < _MOST_STYLES:
            _STYLES[key] = written.getvalue()


class QuickWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of quick sheets and formats, packed on the shortest way."""

    def _get_packager(self) -> Packager:
        self._packager = QuickPackager()
        return self._packager

    def _store_workbook(self) -> None:
        """Let XlsxWriter assemble the parts, and pack them here."""
        target: str | BytesIO = self.filename
        self.filename: str | BytesIO = BytesIO()
        super()._store_workbook()
        self.filename = target
        where = target if isinstance(target, BytesIO) else Path(target)
        write_container(where, self._packager.parts(), _UNIX)

    def add_worksheet(self, name: str | None = None, worksheet_class: type[Worksheet] | None = None) -> Worksheet:
        """Add a sheet as XlsxWriter does, a quick one unless a class is given."""
        return super().add_worksheet(name, worksheet_class or QuickSheet)

    def add_format(self, properties: dict[str, Any] | None = None) -> Format:
        """Add a format as XlsxWriter does, copied from an equal one where this process has made one."""
        all_properties = self.default_format_properties | (properties or {})
        key = tuple(all_properties.items())
        known = _FORMATS.get(key)
        if known is None:
            known = _FORMATS[key] = QuickFormat(all_properties)
        made = QuickFormat.__new__(QuickFormat)
        made.__dict__.update(known.__dict__)
        made.xf_format_indices, made.dxf_format_indices = self.xf_format_indices, self.dxf_format_indices
        self.formats.append(made)
        return made
