"""Workbook bytes in, Grids out: every filled cell of every worksheet with what a person sees in it."""

import re

from evalbatch.intake.preflight import workbook_kind
from evalbatch.model import Grid
from evalbatch.reading import grid_ods, grid_old, grid_ooxml
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.scanned_package import Package

DEFAULT = Limits()


FORMULA = re.compile(rb"<(?:\w{1,20}:)?f\b[^>]*>([^<]+)").finditer
FOREIGN = re.compile(
    rb"\[[^\[\]<]{1,260}\.(?:xl|et|ods)|\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER|STOCKHISTORY|CUBE[A-Z]{1,20})\s*\(",
    re.I,
).search
"""Another workbook, or a function that fetches something from elsewhere."""


def read_with_links(data: bytes, limits: Limits = DEFAULT) -> tuple[tuple[Grid, ...], bool]:
    """Read a workbook's sheets as read_grids does, and say whether a formula of an OOXML one leads out of it."""
    if workbook_kind(data, limits) in ("ods", "xls"):
        return read_grids(data, limits), False
    package = Package(data, limits)
    if package.binary:
        return read_grids(data, limits), False
    grids = tuple(grid_ooxml.grids(package))
    parts = (package.part(entry.part) or b"" for entry in package.sheets())
    return grids, any(FOREIGN(formula[1]) for part in parts for formula in FORMULA(part))


def read_grids(data: bytes, limits: Limits = DEFAULT) -> tuple[Grid, ...]:
    """Read a workbook's sheets in order, hidden ones included; chart and dialog sheets are passed over.

    Raises Refused F01 (damaged), F02 (password), F03 (no workbook) or F04 (beyond a limit); the checks of
    intake.preflight are part of the reading.
    """
    kind = workbook_kind(data, limits)
    if kind == "ods":
        return tuple(grid_ods.grids(data, limits))
    if kind == "xls":
        return tuple(grid_old.grids(data, limits))
    package = Package(data, limits)
    if package.binary:
        package.check_binary()
        return tuple(grid_old.plain_grids(data, limits))
    return tuple(grid_ooxml.grids(package))
