"""A workbook's parts: taken apart, changed in a few places, put together again; every other byte stays as it was."""

from evalbatch.parts.addresses import Place, cells_of, column_number
from evalbatch.parts.graft import graft_sheets
from evalbatch.parts.markup import (
    CannotSplice,
    Element,
    Path,
    Scan,
    Splice,
    Tag,
    append_children,
    reprefixed,
    set_attributes,
    spliced,
    unescaped,
    well_formed,
    whole_number,
    with_attributes,
    xml_text,
)
from evalbatch.parts.package import DOCUMENT, MAIN, PROLOG, Package
from evalbatch.parts.rows import insert_rows
from evalbatch.parts.sheet import SheetPart, anchors, places_of_styles
from evalbatch.parts.styles import Styles
from evalbatch.parts.workbook import DefinedName, SheetEntry, WorkbookPart

__all__ = [
    "DOCUMENT",
    "MAIN",
    "PROLOG",
    "CannotSplice",
    "DefinedName",
    "Element",
    "Package",
    "Path",
    "Place",
    "Scan",
    "SheetEntry",
    "SheetPart",
    "Splice",
    "Styles",
    "Tag",
    "WorkbookPart",
    "anchors",
    "append_children",
    "cells_of",
    "column_number",
    "graft_sheets",
    "insert_rows",
    "places_of_styles",
    "reprefixed",
    "set_attributes",
    "spliced",
    "unescaped",
    "well_formed",
    "whole_number",
    "with_attributes",
    "xml_text",
]
