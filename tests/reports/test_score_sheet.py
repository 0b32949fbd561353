"""A unit's score workbook: what it says, that its formulas are live and right, and that it prints."""

import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from judged_units import score_sheet
from openpyxl import load_workbook
from unit_results import SCHEME, SEASON, empty_result, project_result, seed_result, whole_unit
from workbook_text import as_text, computed, convert, formulas, values

from evalbatch.model import Finding, YearOfUnit

HERE = Path(__file__).parent
RESULTS = {"seed": seed_result, "projects": project_result, "empty": empty_result}


def written(folder, result):
    """The score workbook of a result."""
    target = folder / "sheet.xlsx"
    score_sheet(target, result, SCHEME, SEASON)
    return target


@pytest.mark.parametrize("sheet", ["结果", "整体支出", "问题清单"])
def test_seed__score_sheet__reads_as_expected(tmp_path, sheet):
    """The seed's unit, sheet by sheet, as read by eye once."""
    golden = HERE / "golden" / f"score_sheet_{sheet}.txt"
    assert as_text(written(tmp_path, seed_result()), sheet) == golden.read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("name", "sheets"),
    [
        ("seed", ["结果", "整体支出", "问题清单"]),
        ("projects", ["结果", "项目1", "项目2", "问题清单"]),
        ("empty", ["结果", "问题清单"]),
    ],
)
def test_workbook__any_unit__has_sheets_in_reading_order(tmp_path, name, sheets):
    """Result first, then the forms, then the findings; it opens on the result."""
    book = load_workbook(written(tmp_path, RESULTS[name]()))
    assert book.sheetnames == sheets
    assert book.active.title == "结果"


def test_lines__of_one_group__each_bear_its_name(tmp_path):
    """No cell is merged downward: where a page ends, the next one still says which group its lines are of."""
    sheet = load_workbook(written(tmp_path, seed_result()))["整体支出"]
    assert not [area for area in sheet.merged_cells.ranges if area.max_row > area.min_row]
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == ["预算使用效益"] * 3
    assert sheet["A6"].font.color.rgb != sheet["A5"].font.color.rgb


def test_projects__score__is_a_live_weighted_mean(tmp_path):
    """The mean weighted by budget is computed on the sheet, from the projects' own cells."""
    book = written(tmp_path, project_result())
    assert formulas(book)["结果", "D5"] == "=ROUND(SUMPRODUCT(C11:C12,G11:G12)/SUM(C11:C12),2)"
    assert values(book)["结果", "D5"] == 88.88


def test_projects__score_not_their_mean__stays_a_number(tmp_path):
    """A formula is only written where it gives the stored score."""
    book = written(tmp_path, replace(project_result(), verified_score=Decimal("70.00")))
    assert ("结果", "D5") not in formulas(book)
    assert values(book)["结果", "D5"] == 70


def test_total__capped_by_the_scheme__is_explained_on_a_row_of_its_own(tmp_path):
    """Lines add to 98.72, the scheme gives 79: the sheet shows both and the way between."""
    form = whole_unit()
    card = replace(
        form.card, verified_total=Decimal("79"), verified_grade="中", note="执行率低于 80%，总分不超过 79 分。"
    )
    result = seed_result(forms=(replace(form, card=card),), verified_score=Decimal("79"), verified_grade="中")
    stored = values(written(tmp_path, result))
    column = {stored["整体支出", f"A{row}"]: stored["整体支出", f"I{row}"] for row in range(4, 14)}
    assert (column["合计"], column["方案调整"], column["总分"], column["等级"]) == (98.72, -19.72, 79, "中")
    assert (stored["结果", "D5"], stored["结果", "D6"]) == (79, "中")


def test_total__written_other_than_the_sum__is_shown_beside_it(tmp_path):
    """The unit's own total is shown as written, the sum of its scores above it."""
    form = whole_unit()
    card = replace(form.card, self_total=Decimal("97"))
    stored = values(written(tmp_path, seed_result(forms=(replace(form, card=card),), self_score=Decimal("97"))))
    column = {stored["整体支出", f"A{row}"]: stored["整体支出", f"H{row}"] for row in range(4, 14)}
    assert (column["合计"], column["总分"]) == (96, 97)


def test_form__without_scores__shows_its_lines_and_no_totals(tmp_path):
    """A form without weights has no verified score, and the sheet does not invent one."""
    form = whole_unit()
    card = replace(form.card, lines=(), scored=False, self_total=None, verified_total=None, note="本表没有分值。")
    result = seed_result(
        forms=(replace(form, card=card),), scored_by=None, self_score=None, verified_score=None, verified_grade=None
    )
    text = as_text(written(tmp_path, result), "整体支出")
    assert "会议" in text
    assert "说明：本表没有分值。" in text
    assert "合计" not in text


def test_cell_text__that_looks_like_a_formula__stays_text(tmp_path):
    """What a unit wrote never becomes a formula or a link."""
    form = whole_unit()
    evil = tuple(
        replace(indicator, actual='=HYPERLINK("http://x")', name="\x01@SUM(A1)")
        for indicator in form.submission.indicators
    )
    submission = replace(form.submission, indicators=evil, project="=1", sheet="=2")
    lines = tuple(replace(line, name="=cmd", because="+1") for line in form.card.lines)
    result = seed_result(forms=(replace(form, submission=submission, card=replace(form.card, lines=lines)),))
    book = written(tmp_path, result)
    assert not [text for text in formulas(book).values() if "HYPERLINK" in text or "cmd" in text]


def test_findings__with_a_returned_copy__link_to_its_cell(tmp_path):
    """The link is relative to the score sheet's folder; a finding without a cell has none."""
    sheet = load_workbook(written(tmp_path, seed_result()))["问题清单"]
    links = {row[2].value: row[5].hyperlink for row in sheet.iter_rows(min_row=4)}
    assert links["S10"].target == "..\\returned\\湛江市麻章区总工会本级\\退回_整体支出自评.xlsx"
    assert links["S10"].location == "'整体支出自评'!H30"
    assert links["U05"] is None


def test_findings__of_an_old_file_format__link_to_the_list(tmp_path):
    """The returned copy of an .xls has none of its sheets, so the link leads to the file only."""
    form = whole_unit()
    source = replace(form.source, kind="xls")
    sheet = load_workbook(written(tmp_path, seed_result(forms=(replace(form, source=source),))))["问题清单"]
    assert sheet["F4"].hyperlink.location is None


def test_many_corrections__on_the_first_page__are_cut_to_a_list_that_says_so(tmp_path):
    """The first page stays one page; the rest is on the list of findings."""
    found = tuple(
        Finding("A01", "must-fix", f"第{i}行没有填写完成值。", "请填写。", "表", f"E{i}") for i in range(1, 31)
    )
    book = written(tmp_path, seed_result(findings=found))
    assert "另有 25 项必须更正，见问题清单。" in as_text(book, "结果")
    assert load_workbook(book)["结果"].page_setup.fitToHeight in (1, None)


def test_workbook__written_twice__has_the_same_bytes(tmp_path):
    """No clock and no chance in a score sheet."""
    first = written(tmp_path, seed_result()).read_bytes()
    assert written(tmp_path, seed_result()).read_bytes() == first


@pytest.mark.render
@pytest.mark.parametrize("name", RESULTS)
def test_formulas__computed_by_libreoffice__give_their_stored_results(tmp_path, name):
    """Every stored result is what a spreadsheet computes, and none is an error."""
    book = written(tmp_path, RESULTS[name]())
    stored, live = values(book), values(computed(book, tmp_path))
    for place in formulas(book):
        own, theirs = stored[place] or "", live.get(place) or ""
        assert not str(theirs).startswith("#"), place
        same = own == theirs if isinstance(own, str) else theirs == pytest.approx(own, abs=1e-9)
        assert same, (place, own, theirs)


@pytest.mark.render
def test_reviewer__changes_a_score__totals_and_grade_follow(tmp_path):
    """A reviewer types 50 over one score: the total, the difference and the grade follow to the first page."""
    book = written(tmp_path, seed_result())
    changed = load_workbook(book)
    changed["整体支出"]["I6"] = -30
    changed.save(tmp_path / "changed.xlsx")
    live = values(convert(tmp_path / "changed.xlsx", "xlsx", tmp_path / "out"))
    assert live["结果", "D5"] == pytest.approx(98.72 - 19 - 30)
    assert live["结果", "F5"] == pytest.approx(live["结果", "D5"] - live["结果", "B5"])
    assert live["结果", "D6"] == "差"
    stored = values(book)
    moved = [cell for cell, now in live.items() if cell[0] == "结果" and cell[1][0] == "G" and now != stored.get(cell)]
    assert len(moved) == 1, "the dimension of the line follows, and no other"


@pytest.mark.render
def test_first_page__printed__is_one_page(tmp_path):
    """Three sheets print on three pages."""
    pdf = convert(written(tmp_path, seed_result()), "pdf", tmp_path)
    if subprocess.run(["which", "pdfinfo"], capture_output=True).returncode:
        pytest.skip("pdfinfo is not installed")
    told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert "Pages:           3" in told


def test_years__before_this_one__stand_with_lines_on_the_result(tmp_path):
    """Score, grade, rate and corrections by year, this year's score live; a year without a figure is blank."""
    known = (YearOfUnit(2021, None, None, None, None), YearOfUnit(2022, Decimal("91.5"), "优", Decimal(90), 2))
    path = written(tmp_path, replace(seed_result(), earlier=known))
    with pytest.warns(UserWarning, match="Sparkline"):
        rows = list(load_workbook(path, data_only=True)["结果"].iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if row[0] == "年度")
    assert rows[at][:5] == ("年度", "2021年", "2022年", "2023年", "走势")
    now = seed_result()
    assert rows[at + 1][:4] == ("复核得分", None, 91.5, float(now.verified_score))
    assert rows[at + 2][:4] == ("复核等级", None, "优", now.verified_grade)
    assert rows[at + 3][1:3] == (None, 0.9)
    assert rows[at + 4][1:3] == (None, 2)
    assert formulas(path)["结果", f"D{at + 2}"] == "=D5"
    drawn = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert drawn.count("<x14:sparkline>") == 3
