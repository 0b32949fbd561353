"""A folder in, SourceFiles out, and workbooks opened within limits: what is refused here is read by nobody."""

from evalbatch.intake.disk import shown_name
from evalbatch.intake.inbox import list_inbox, load, source_of, sources_of
from evalbatch.intake.limits import Limits
from evalbatch.intake.ods import OdsCell, OdsSheet, ods_sheets
from evalbatch.intake.ole import check_records
from evalbatch.intake.package import Package
from evalbatch.intake.preflight import preflight, workbook_kind
from evalbatch.intake.refusals import damaged, too_large
from evalbatch.intake.sheet_xml import RawCell, RawSheet
from evalbatch.intake.xml_parts import elements

__all__ = [
    "Limits",
    "OdsCell",
    "OdsSheet",
    "Package",
    "RawCell",
    "RawSheet",
    "check_records",
    "damaged",
    "elements",
    "list_inbox",
    "load",
    "ods_sheets",
    "preflight",
    "shown_name",
    "source_of",
    "sources_of",
    "too_large",
    "workbook_kind",
]
