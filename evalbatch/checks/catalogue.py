"""The whole catalogue in code order, and which finding silences which."""

from collections.abc import Mapping

from evalbatch.checks import across, actuals, approved, comparisons, files, money, rates, scores, targets, totals, units
from evalbatch.checks.rule import Rule, all_rules

FAMILY_MODULES = (files, units, money, rates, comparisons, targets, approved, actuals, scores, totals, across)
"""Importing a family enters its rules; nothing else need be told about a new check."""

CATALOGUE: Mapping[str, Rule] = all_rules()
"""Every rule by its code, in code order."""

REFUSED_FILE = frozenset({"F01", "F02", "F03", "F04", "F05"})
"""Said of a file that could not be read at all: which of the owed forms it holds nobody can tell, so that none is
called missing (U05) beside it."""

_UNANSWERED = ("A02", "A03", "A04", "A05", "A06", "A07", "A10", "A11", "S04", "S05", "S07", "S08")

SILENCES: Mapping[str, tuple[str, ...]] = {
    "F15": ("S12",),
    "M06": ("M01", "M02", "M03", "M05", "M07", "M08", "M09", "S04", "S05", "X01"),
    "M11": ("M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "S04", "S05", "X01"),
    "M02": ("S04", "S05"),
    "M04": ("M03",),
    "T06": ("T01",),
    "T09": ("A06", "A10", "S04", "S05", "S08"),
    "A01": _UNANSWERED,
    "A09": _UNANSWERED,
    "A08": ("M02", "A03", "A06", "A07", "A10", "S04", "S05", "S07", "S08"),
    "A04": ("A05",),
    "S01": ("S04", "S05", "S07", "S08"),
    "S02": ("S04", "S05", "S12"),
    "S07": ("S04", "S05"),
    "S08": ("S04", "S05"),
    "S09": ("M04",),
    "S10": ("S11",),
}
"""The most specific speaks: a finding silences these others on the same thing. One thing can be an indicator's row,
a column of money, a rate, the total score or the grade (Finding.subject). F07, F11, F12, F13 and F16 silence whatever
hangs on their cell (findings.settle)."""
