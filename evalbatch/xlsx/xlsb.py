"""A sheet of a binary workbook (.xlsb) in, nothing out: refused when it reaches farther than its readers can bear."""

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.refusals import damaged, too_large

ROW, BLANK, LAST_CELL = 0, 1, 11
"""Records that begin a row, hold a blank cell, and the last of those that hold a value."""
LAST_ROW = 1_048_576


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
