"""Tables that units published, rebuilt cell by cell: what the command line reads in them, finds and judges."""

import json
from pathlib import Path

from published import compare, compare_all, figures

HERE = Path(__file__).parent / "published"


def test_published_form__through_the_command_line__is_as_labelled() -> None:
    """Every field, verdict and expression of ten tables, every defect, and no right cell called wrong."""
    pairs = [(form, form.with_suffix(".json")) for form in sorted(HERE.glob("F*.xlsx"))]
    outcomes = compare_all(pairs)
    assert {form.stem: said for (form, _), one in zip(pairs, outcomes, strict=True) if (said := one.lines())} == {}
    assert figures(outcomes).startswith("10 forms: fields 757/757, expressions 130/130, verdicts 66/66")


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
