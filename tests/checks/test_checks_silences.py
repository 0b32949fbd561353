"""One cause, one finding: each rule of silence that people are promised, put to two findings on one thing."""

import pytest
from checks.form_tables import SCHEME

from evalbatch.checks.findings import settle
from evalbatch.model import Finding

PROMISED = {
    "M06": ("M01", "M07", "M08"),
    "T06": ("T01",),
    "A01": ("A06", "A07", "S07", "S08", "S04"),
    "A09": ("A06", "A07", "S07", "S08", "S04"),
    "S01": ("S04", "S08"),
    "S08": ("S04",),
    "S10": ("S11",),
    "F15": ("S12",),
}
UNREADABLE = ("F11", "F12")
PAIRS = [(speaker, silenced) for speaker, others in PROMISED.items() for silenced in others]


def found(code: str, cell: str, thing: str = "指标·活动") -> Finding:
    """A finding of one form about one thing."""
    return Finding(code, "must-fix", f"{code}。", "请改正。", "表", cell, file="甲.xlsx", subject=("project", thing))


@pytest.mark.parametrize(("speaker", "silenced"), PAIRS)
def test_silence__of_two_findings_on_one_thing__the_more_specific_speaks(speaker, silenced):
    """It speaks alone of its thing, and says nothing of another."""
    same, other = found(silenced, "G5"), found(silenced, "G9", "指标·培训")
    assert [f.code for f in settle([found(speaker, "E5"), same], SCHEME)] == [speaker]
    assert {(f.code, f.cell) for f in settle([found(speaker, "E5"), other], SCHEME)} == {
        (speaker, "E5"),
        (silenced, "G9"),
    }


@pytest.mark.parametrize("code", UNREADABLE)
def test_silence__cell_that_failed__nothing_else_hangs_on_it(code):
    """A formula without a result, or one that failed, speaks alone of its cell."""
    assert [f.code for f in settle([found(code, "G5"), found("S04", "G5")], SCHEME)] == [code]
