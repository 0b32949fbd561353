"""XlsxWriter with its inner loops made short: the same bytes for what we write, in about half the time.

Three hundred score sheets have the same forty formats and few kinds of cells. XlsxWriter builds every format and its
keys anew for every workbook, looks for 29 new functions in every formula, and escapes every cell's attributes. What
is overridden here is named by a leading underscore there, so `tests/sheets` holds it to XlsxWriter's own bytes.
"""

import re
from io import StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

_YOUNG = re.compile(
    "ANCHORARRAY|BYCOL|BYROW|CHOOSECOLS|CHOOSEROWS|DROP|EXPAND|FILTER|HSTACK|LAMBDA|MAKEARRAY|MAP|RANDARRAY|REDUCE"
    "|SCAN|SINGLE|SEQUENCE|SORT|SWITCH|TAKE|TEXTSPLIT|TOCOL|TOROW|UNIQUE|VSTACK|WRAPCOLS|WRAPROWS|XLOOKUP"
).search
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_FORMATS: dict[tuple[tuple[str, Any], ...], "QuickFormat"] = {}
"""Every format that this process has made, by its properties, to be copied."""
_STYLES: dict[tuple[str, ...], str] = {}
"""Every styles part that this process has made, by the keys of its formats in order."""
_MOST_STYLES = 500


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


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes strings, numbers, formulas and blanks on the shortest way."""

    def write_string(self, row: int, column: int, text: str, style: Format) -> int:
        """Write text; rows and columns are numbers from 0, as in all methods here."""
        return int(self._write_string(row, column, text, style))

    def write_number(self, row: int, column: int, number: float, style: Format) -> int:
        """Write a number."""
        return int(self._write_number(row, column, number, style))

    def write_blank(self, row: int, column: int, blank: None, style: Format) -> int:
        """Write a blank cell in its style."""
        return int(self._write_blank(row, column, blank, style))

    def write_formula(self, row: int, column: int, formula: str, style: Format, value: object = 0) -> int:
        """Write a formula with its result."""
        return int(self._write_formula(row, column, formula, style, value))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        style = cell.format
        if style is None or kind not in _WRITERS:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{style._get_xf_index()}"'
        self.fh.write(start + _WRITERS[kind](self, cell))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Take the equals sign off; whatever may hold a function younger than Excel 2010 is XlsxWriter's to prepare."""
        if expand_future_functions or not formula.startswith("=") or formula.endswith("}") or _YOUNG(formula):
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula[1:]


def _number(_: QuickSheet, cell: Any) -> str:
    return f"><v>{cell.number:.16G}</v></c>"


def _string(_: QuickSheet, cell: Any) -> str:
    return f' t="s"><v>{cell.string}</v></c>'


def _blank(_: QuickSheet, __: Any) -> str:
    return "/>"


def _formula(sheet: QuickSheet, cell: Any) -> str:
    value, kind = cell.value, ""
    if isinstance(value, bool):
        kind, value = ' t="b"', int(value)
    elif isinstance(value, str) and value:
        kind = ' t="e"' if value in _ERRORS else ' t="str"'
    return f"{kind}><f>{sheet._escape_data(cell.formula)}</f><v>{sheet._escape_data(value)}</v></c>"


_WRITERS = {"Number": _number, "Datetime": _number, "String": _string, "Blank": _blank, "Formula": _formula}


class QuickStrings(SharedStrings):  # type: ignore[misc]
    """Shared strings, most of which hold nothing that is written otherwise."""

    def _write_si(self, string: str) -> None:
        if string.isprintable() and string.strip() == string and "_x" not in string and not string.startswith("<r>"):
            self.fh.write(f"<si><t>{self._escape_data(string)}</t></si>")
        else:
            super()._write_si(string)


class QuickPackager(Packager):  # type: ignore[misc]
    """A packager that writes the styles of many like workbooks once, and strings on the shortest way."""

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
        written: StringIO = self.filenames[-1][0]
        if len(_STYLES) < _MOST_STYLES:
            _STYLES[key] = written.getvalue()


class QuickWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of quick sheets and formats."""

    def _get_packager(self) -> Packager:
        return QuickPackager()

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
