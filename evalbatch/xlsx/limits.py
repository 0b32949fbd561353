"""How much of a stranger's file is taken before it is refused as F04: one frozen value, Limits."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file of the inbox; what lies beyond is refused, never read in part.

    A filled form has a few hundred cells in a few dozen kilobytes, so the defaults leave room for photographs
    pasted into a workbook and for a detail list of many thousand rows, and stop what only an attack would hold.
    """

    file_bytes: int = 30 * MB
    """Size of a workbook, or of a member of a ZIP, on disk."""
    archive_bytes: int = 500 * MB
    """Size of a ZIP of workbooks on disk; each member has the workbook's own limit."""
    archive_members: int = 3_000
    """Files in one ZIP of workbooks."""
    archive_others: int = 300
    """Files in one ZIP that do not even claim to be workbooks: scans, pictures, reports."""
    archive_total_bytes: int = 2_000 * MB
    """All members of one ZIP, expanded."""
    part_bytes: int = 120 * MB
    """One part of a workbook, expanded."""
    total_bytes: int = 250 * MB
    """All parts of a workbook, expanded."""
    parts: int = 3_000
    """Parts of a workbook."""
    listing_bytes: int = 20 * MB
    """A part that lists formats, sheets or relationships, expanded; it is read whole, whatever it holds."""
    ratio: int = 500
    """Expanded to compressed size of a part above `ratio_from` bytes; a sheet of styled blanks reaches about 100."""
    ratio_from: int = 20 * MB
    """Below this size a high ratio does no harm."""
    tags: int = 12_000_000
    """Tags in one XML part."""
    listed: int = 200_000
    """Entries of one kind in one part: styles, relationships, sheets."""
    sheets: int = 300
    """Sheets of a workbook."""
    cells: int = 2_000_000
    """Cells written in a workbook, blank ones included."""
    area: int = 5_000_000
    """Cells from A1 to the last filled one, where a reader builds that whole table (.xlsb, damaged .xls)."""
    filled_cells: int = 600_000
    """Cells of a workbook that hold something; each costs about half a kilobyte of memory."""
    merges: int = 50_000
    """Merged ranges of a sheet."""
    merge_work: int = 20_000_000
    """Steps spent on dropping what lies beneath merged ranges."""
    lines: int = 5_000
    """Lines of indicators, money and fields in all forms of a workbook."""
    text_chars: int = 20_000_000
    """All text of a workbook, a shared string counted as often as it is shown."""
    inbox_entries: int = 200_000
    """Entries of an inbox, folders not counted."""
    seconds: float = 20.0
    """Time one file may take in its worker before the worker is killed."""
    memory_bytes: int = 640 * MB
    """Address space of a worker."""


BUREAUS = Limits(
    file_bytes=60 * MB, part_bytes=100 * MB, total_bytes=150 * MB, tags=6_000_000, cells=1_500_000, sheets=100,
)  # fmt: skip
"""For the bureau's own workbooks (roster, approved targets, scheme, forms): read in the process that has no limit."""
