"""What people are told: every message rendered once and held to the house's form."""

import re
from dataclasses import replace
from datetime import date

import pytest
from checks.form_tables import SCHEME
from checks.test_checks_cases import ALL

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.findings import make_finding, settle
from evalbatch.checks.unit import check_unit
from evalbatch.scoring.scheme import CheckSetting

SAY_IT_OTHERWISE = ("A06", "A07", "U04", "U06", "U07")
"""These show another cell's value, or the same date in full."""
IMPERATIVE = re.compile("请")
PLACES = {
    "value": "甲单位",
    "expected": "乙单位",
    "original": "甲/自评表.xlsx",
    "newer": "甲/自评表（修改）.xlsx",
    "nearest": ("示例区总工会", "示例区总工会机关"),
    "path_unit": "示例区教育局",
    "form_unit": "示例区水务局",
    "meanwhile": "归到“示例区水务局”",
    "year": "",
    "how": "path",
    "form": "whole-unit",
    "project": "校舍维修",
    "own": "示例区教育局",
    "others": "“示例区教育局”",
    "count": 10,
    "high": 9,
    "line": 95,
    "share": 90,
    "places": "“自评表”和“自评表（改）”",
    "what": "项目支出绩效自评表",
    "differences": "全年执行数",
    "kept": "“自评表（改）”",
    "figure": "自评得分",
    "said": "95.5分",
    "sentence": "“自评得分为95.5分，等级优”",
}


def rendered():
    """One finding for each wrong case, and one for each rule that other rooms find."""
    for case in ALL:
        if case.side == "wrong":
            for found in check_unit(case.unit, case.forms, SCHEME, case.season):
                if found.code == case.code:
                    yield pytest.param(found, id=f"{case.code}-{case.name}-{found.cell}")
    for code, rule in CATALOGUE.items():
        if rule.check is None:
            found = make_finding(code, sheet="自评表", cell="C7", column="单位名称", **PLACES)
            yield pytest.param(found, id=code)


@pytest.mark.parametrize("found", list(rendered()))
def test_message__has_its_place_its_value_and_short_sentences(found):
    """Where, what is there, and no sentence longer than 80 characters; nothing left unfilled."""
    for sentence in re.split("[。；]", found.message):
        assert len(sentence) <= 80, sentence
    assert "{" not in found.message + found.remedy
    assert "None" not in found.message + found.remedy
    if found.cell:
        assert f"单元格 {found.cell}" in found.message
    if found.value and CATALOGUE[found.code].check is not None:
        assert found.value[:20] in found.message or found.code in SAY_IT_OTHERWISE


@pytest.mark.parametrize("found", list(rendered()))
def test_remedy__says_what_to_do(found):
    """The remedy is an imperative that a clerk can follow, in full sentences."""
    assert IMPERATIVE.search(found.remedy)
    assert found.remedy.endswith("。")
    assert found.title == CATALOGUE[found.code].title
    assert all(len(sentence) <= 80 for sentence in re.split("[。；]", found.remedy))


@pytest.mark.parametrize("code", CATALOGUE)
def test_rule__is_explained_in_full(code):
    """Meaning, a wrong and a right example, what to do."""
    rule = CATALOGUE[code]
    assert all((rule.title, rule.meaning, rule.wrong, rule.right, rule.remedy, rule.messages))
    assert "{" not in rule.remedy + rule.meaning


def test_make_finding__unknown_place__is_told():
    """A template's value that is missing is a mistake of the caller's, not a hole in the sentence."""
    with pytest.raises(KeyError):
        make_finding("F08", file="a.xlsx")


def test_neighbours_with_the_same_text__are_one_finding_with_a_range():
    """F7, F8, F9 blank are one finding; F11 is another, and another column too."""
    one = make_finding("A01", file="a.xlsx", sheet="表", cell="F7", column="实际完成值")
    cells = ("F9", "F7", "F11", "F8", "G8")
    all_of_them = [
        replace(one, cell=cell, message=one.message.replace("F7", cell), subject=("project", cell)) for cell in cells
    ]
    merged = settle(all_of_them, SCHEME)
    assert [f.cell for f in merged] == ["F7:F9", "G8", "F11"]
    assert "单元格 F7:F9（实际完成值）" in merged[0].message
    assert settle(merged, SCHEME) == merged


def test_findings__come_in_the_order_of_work():
    """What must be corrected first, then by sheet, row and column, AA after Z."""
    found = [
        make_finding(code, file="a.xlsx", sheet="表", cell=cell, column="栏", name="甲", vague="多")
        for code, cell in (("A05", "B1"), ("S12", "AA3"), ("S12", "Z3"), ("A01", "B2"))
    ]
    assert [(f.code, f.cell) for f in settle(found, SCHEME)] == [
        ("A01", "B2"),
        ("S12", "Z3"),
        ("S12", "AA3"),
        ("A05", "B1"),
    ]


def test_a_cell_that_could_not_be_read__silences_what_hangs_on_it():
    """F11 speaks alone about its cell."""
    about = {"file": "a.xlsx", "sheet": "表", "cell": "C7"}
    found = [make_finding("F11", **about), make_finding("A01", **about), make_finding("A01", **about | {"cell": "C9"})]
    assert [(f.code, f.cell) for f in settle(found, SCHEME)] == [("F11", "C7"), ("A01", "C9")]


def test_a_check_switched_off__is_silent_and_a_changed_severity_is_used():
    """The scheme's sheet of checks decides."""
    scheme = replace(
        SCHEME,
        settings={"A01": CheckSetting("A01", off=True, reason="试点"), "S12": CheckSetting("S12", severity="query")},
    )
    found = [make_finding(code, scheme=scheme, file="a.xlsx", sheet="表", cell="C7") for code in ("A01", "S12")]
    assert [(f.code, f.severity) for f in settle(found, scheme)] == [("S12", "query")]


@pytest.mark.parametrize(
    ("on", "severity"), [(date(2024, 6, 30), "query"), (date(2024, 7, 1), "must-fix"), (None, "must-fix")]
)
def test_severity__mild_until_a_date__follows_the_submissions_day(on, severity):
    """A new check warns for one period before it sends anything back."""
    scheme = replace(SCHEME, settings={"F01": CheckSetting("F01", mild_until=date(2024, 6, 30))})
    found = make_finding("F01", scheme=scheme, on=on, **PLACES)
    assert found.severity == severity
