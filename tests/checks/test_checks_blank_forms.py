"""The four built-in forms blank, half filled and filled: what is said to each, as a table."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import pytest
from drawn_forms import grown_sheet

from evalbatch.forms.places import form_paths
from evalbatch.model import SourceFile
from evalbatch.reading.layout import TAG
from evalbatch.unit.examine import Dossier, Setup, judge_unit, read_bytes
from evalbatch.xlsx.limits import Limits

FORMS = {path.stem: path for path in form_paths(None)}
SETUP = Setup(tuple(FORMS.values()), None, Limits())
SOURCE = SourceFile("甲.xlsx", "0" * 64, 1, datetime(2024, 5, 30), "xlsx", "workbook")
WHO = {"填表人": "张三", "电话": "0759-1234567", "日期": "2024-05-30"}
NATIONAL: Mapping[str, object] = {
    "money": {"D{m}": 100, "E{m}": 100, "F{m}": 90, "H{m}": "90%", "I{m}": 9, "D{n}": 100, "E{n}": 100, "F{n}": 90},
    "goals": {"B{g}": "开展职工活动8场，覆盖2000人。", "F{g}": "开展职工活动9场，覆盖2100人。"},
    "rows": {
        "D{i}": "活动场次", "E{i}": "≥8场", "F{i}": "9场", "G{i}": 50, "H{i}": 50,
        "D{b}": "受益职工", "E{b}": "≥2000人", "F{b}": "2100人", "G{b}": 30, "H{b}": 30,
        "D{s}": "职工满意度", "E{s}": "≥90%", "F{s}": "95%", "G{s}": 10, "H{s}": 10,
    },
    "total": {"H{t}": 99},
}  # fmt: skip
PLACES = {
    "project": {"m": 8, "n": 9, "g": 13, "i": 15, "b": 30, "s": 39, "t": 42},
    "whole-unit": {"m": 7, "n": 8, "g": 12, "i": 14, "b": 29, "s": 38, "t": 41},
}
HEADS = {
    "project": {"A3": "（2023年度）", "D5": "活动经费", "D6": "甲局", "G6": "甲局"}
    | {"D46": "张三", "F46": "0759-1234567", "I46": "2024-05-30"},
    "whole-unit": {"A3": "（2023年度）", "D5": "甲局", "I5": "001"}
    | {"D47": "张三", "F47": "0759-1234567", "I47": "2024-05-30"},
    "data": {
        "A3": "（2023年度）",
        "B5": "甲局",
        "F5": "001",
        "B26": "张三",
        "D26": "0759-1234567",
        "F26": "2024-05-30",
    },
    "score": {
        "A3": "（2023年度）",
        "C5": "甲局",
        "G5": "001",
        "B35": "张三",
        "E35": "0759-1234567",
        "G35": "2024-05-30",
    },
}
FIGURES = {
    **{"C6": 6, "F6": 6, "C7": 2, "F7": 0, "C8": 100, "F8": 95, "C9": 100, "F9": 90, "C10": 60, "F10": 55},
    **{"C11": 40, "F11": 35, "C12": 10, "F12": 9, "C13": 5, "F13": 4, "C14": 0, "F14": 3, "C15": 1, "F15": 5},
    **{"C16": 0, "F16": 5, "C17": 8, "F17": 8, "C18": 200, "F18": 190},
}
WEIGHTS = (5, 5, 5, 5, 8, 5, 3, 4, 4, 3, 3, 2, 3, 5, 4, 3, 3, 5, 5, 8, 3, 4, 2, 3)


def national(form: str, *parts: str) -> dict[str, object]:
    """Some parts of the national form filled in, each value under its cell's address."""
    found: dict[str, object] = {}
    for part in parts:
        cells = NATIONAL[part]
        assert isinstance(cells, dict)
        found |= {address.format(**PLACES[form]): value for address, value in cells.items()}
    return found


def workbook(form: str, cells: Mapping[str, object]) -> bytes:
    """A built-in form with these cells filled in, and every other tag gone, as a unit sends it back."""
    sheet = grown_sheet(FORMS[form])
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                text = TAG.sub("", cell.value).strip()
                cell.value = int(text) if text.isdecimal() and text != cell.value else text or None
                if text.startswith("="):
                    cell.value = None
    for address, value in cells.items():
        sheet[address] = value
    target = BytesIO()
    assert sheet.parent is not None
    sheet.parent.save(target)
    return target.getvalue()


def judged(form: str, cells: Mapping[str, object]) -> tuple[list[str], object]:
    """What is said to a form, must-fix and query, each code with its cell; and its verified total."""
    reading = read_bytes(workbook(form, cells), SOURCE, SETUP)
    found = tuple(reading.findings)
    forms, all_found = judge_unit(Dossier(None, tuple((SOURCE, one) for one in reading.submissions), found), SETUP)
    said = [f"{f.code} {f.cell}" for f in all_found if f.severity == "must-fix"]
    return said, forms[0].card.verified_total


CASES = [
    # form, how far it is filled, what is filled, the must-fix findings, the verified total
    ("project", "blank", {}, ["F15 D8", "S12 I8"], None),
    ("project", "head only", HEADS["project"], ["F15 D8", "S12 I8"], None),
    ("project", "money only", HEADS["project"] | national("project", "money"), ["F15 B13"], None),
    (
        "project",
        "no money",
        HEADS["project"] | national("project", "goals", "rows", "total"),
        ["F15 D8", "S12 I8"],
        None,
    ),
    ("project", "no total", HEADS["project"] | national("project", "money", "goals", "rows"), ["F15 H42"], None),
    ("project", "no goal", HEADS["project"] | national("project", "money", "rows", "total"), ["F15 B13"], None),
    ("project", "filled", HEADS["project"] | national("project", "money", "goals", "rows", "total"), [], "99.00"),
    ("whole-unit", "blank", {}, ["F15 D7", "S12 I7"], None),
    ("whole-unit", "money only", HEADS["whole-unit"] | national("whole-unit", "money"), ["F15 B12"], None),
    (
        *("whole-unit", "filled", HEADS["whole-unit"] | national("whole-unit", "money", "goals", "rows", "total")),
        *([], "99.00"),
    ),
    ("data", "blank", {}, ["F15 C6"], None),
    ("data", "half", HEADS["data"] | {at: FIGURES[at] for at in ("C6", "F6", "C9", "F9")}, ["F15 C8"], None),
    ("data", "filled", HEADS["data"] | FIGURES, [], None),
    ("score", "blank", {}, ["F15 F31", "S12 F7:F30"], None),
    (
        *("score", "half", HEADS["score"] | {f"F{row}": WEIGHTS[row - 7] for row in range(7, 19)}),
        *(["F15 F31", "S12 F19:F30"], None),
    ),
    (
        *("score", "filled", HEADS["score"] | {f"F{row}": WEIGHTS[row - 7] for row in range(7, 31)} | {"F31": 100}),
        *([], "100.00"),
    ),
]


@pytest.mark.parametrize(("form", "how", "cells", "expected", "total"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_builtin_form__blank_half_and_filled__must_fix_and_total(form, how, cells, expected, total):
    """No blank or half-filled form is in order or has a verified total; a filled one has nothing to correct."""
    said, verified = judged(form, cells)
    assert sorted(said) == sorted(expected), how
    assert (None if verified is None else str(verified)) == total


def test_blank_form__one_finding__names_every_compulsory_place_with_its_cell():
    """A clerk goes through the form once."""
    reading = read_bytes(workbook("project", {}), SOURCE, SETUP)
    _, found = judge_unit(Dossier(None, tuple((SOURCE, one) for one in reading.submissions)), SETUP)
    (said,) = (finding.message for finding in found if finding.code == "F15")
    for named in (
        "年初预算数（D8）",
        "全年执行数（F8）",
        "预期目标（B13）",
        "实际完成情况（F13）",
        "绩效指标（D15）",
        "总分（H42）",
    ):
        assert named in said
