"""Workbook bytes in, nothing out: raises Refused before a reader that trusts them can be hurt."""

from evalbatch.intake.kinds import NAMES, PACKED, kind_of
from evalbatch.xlsx.limits import MB, Limits
from evalbatch.xlsx.ods import ods_sheets
from evalbatch.xlsx.ole import check_records
from evalbatch.xlsx.refusals import damaged, encrypted, not_a_workbook, too_large
from evalbatch.xlsx.scanned_package import Package


def workbook_kind(data: bytes, limits: Limits) -> str:
    """xlsx (also for xlsm), xlsb, xls or ods; raises Refused F01 to F04 for what is none of them."""
    if len(data) > limits.file_bytes:
        raise too_large(f"文件有{len(data) // MB} MB，超过{limits.file_bytes // MB} MB")
    if data.startswith(b"PK\x03\x04") and data[30:38] != b"mimetype":
        return "xlsx"
    kind = kind_of(data, "a.xlsx")
    if kind in ("ods", "xls"):
        return kind
    if kind == "encrypted":
        raise encrypted()
    if kind in ("unknown", "ole", "empty", "zip", "xlsx", "xlsm", "xlsb"):
        raise damaged("内容不是工作簿，文件可能已损坏")
    raise (
        not_a_workbook(NAMES[kind], "请解压后重新报送其中的工作簿。") if kind in PACKED else not_a_workbook(NAMES[kind])
    )


def preflight(data: bytes, limits: Limits) -> None:
    """Raise Refused F01 to F04 unless a workbook is whole, open, small enough and sound.

    reading.read_grids makes the same checks on its way: call one or the other, not both.
    """
    kind = workbook_kind(data, limits)
    if kind == "ods":
        ods_sheets(data, limits)
    elif kind == "xls":
        check_records(data)
    else:
        package = Package(data, limits)
        if package.binary:
            package.check_binary()
        else:
            for _ in package.raw_sheets():
                pass
            if styles := package.styles():
                package.elements(styles, ("numFmt", "xf"))
