"""Tables that units published, rebuilt cell by cell: what the command line reads in them, finds and judges."""

import json
from pathlib import Path

import pytest
from published import compare, compare_all, figures
from reading.published_forms import NAMES, workbook

pytestmark = pytest.mark.command

HERE = Path(__file__).parent / "published"


OPEN = {
    "sichuan_fitness_centre_2023": ["not found: M02 G7: 1157.97/2000=57.90%,写57.89%"],
}
"""The rate would be right once the amount is corrected as M01 asks, and so is not asked for in the same round."""


def held_against_labels(folder: Path, *, judged: bool) -> tuple[dict[str, list[str]], str]:
    """Return what differs from the labels, by form, and the figures."""
    forms = [*sorted(HERE.glob("F*.xlsx")), *(workbook(name, folder) for name in NAMES)]
    outcomes = compare_all([(form, HERE / f"{form.stem}.json") for form in forms], judged=judged)
    said = {form.stem: lines for form, one in zip(forms, outcomes, strict=True) if (lines := one.lines())}
    return said, figures(outcomes)


def test_published_forms__through_the_command_line__are_read_as_labelled(tmp_path: Path) -> None:
    """Every field and expression of 39 tables, every defect, and no right cell called wrong."""
    said, counted = held_against_labels(tmp_path, judged=False)
    assert said == OPEN
    assert counted.startswith("39 forms: fields 2367/2367, expressions 338/338")


@pytest.mark.slow
def test_published_forms__in_campaigns_of_their_years__are_judged_as_labelled(tmp_path: Path) -> None:
    """Every verdict as well."""
    said, counted = held_against_labels(tmp_path, judged=True)
    assert said == OPEN
    assert "verdicts 184/184" in counted


def test_compare__label_that_says_otherwise__tells_each_difference(tmp_path: Path) -> None:
    """A wrong value, a wrong cell, a line that is not there, a defect that nobody found."""
    label = json.loads((HERE / "F18.json").read_text("utf-8"))
    label["project"] = "修路"
    label["budget"][0]["executed"] = 41
    label["budget"][0]["cells"]["adjusted"] = "E6"
    label["budget"].append({"item": "贷款", "cells": {"executed": "G12"}})
    label["defects"].append({"cell": "C3", "codes": ["F07"], "what": "残留模板文字"})
    wrong = tmp_path / "label.json"
    wrong.write_text(json.dumps(label), encoding="utf-8")
    assert compare(HERE / "F18.xlsx", wrong) == [
        "project: '修路' read as '中青年演员培训经费'",
        "budget '年度资金总额' executed: 41 read as 40",
        "budget '年度资金总额' adjusted: at E6, read from F6",
        "budget: '贷款' was not read",
        "not found: F07 C3: 残留模板文字",
    ]
