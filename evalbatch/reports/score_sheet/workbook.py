"""UnitResult in, the unit's score workbook out: result, one sheet a form, findings."""

from collections.abc import Sequence
from pathlib import Path

from evalbatch.model import Evaluated, Season, UnitResult
from evalbatch.reports.finding_sheet import SHEET as FINDING_SHEET
from evalbatch.reports.finding_sheet import finding_table, findings_of
from evalbatch.reports.score_sheet.form import paint_form
from evalbatch.reports.score_sheet.result import SHEET as RESULT_SHEET
from evalbatch.reports.score_sheet.result import ResultSheet
from evalbatch.scoring.scheme import Scheme
from evalbatch.sheets import look
from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint

_ORDER = {"whole-unit": 0, "score": 1, "data": 3}


def write_score_sheet(
    target: Path, result: UnitResult, forms: Sequence[Evaluated], scheme: Scheme, season: Season
) -> None:
    """Write one unit's score workbook to `target`: the same result gives the same bytes.

    `forms` are those of the result, with their lines.
    Sheets: 结果 (to print and sign), one for each form with live totals, 问题清单. A reviewer types over
    复核得分, and every total, difference and grade follows.
    """
    findings = findings_of(result)
    title = f"{season.year}年度{result.unit.name}预算绩效自评复核"
    with new_book(target, title) as book:
        front = book.sheet(RESULT_SHEET, "signed")
        painted = []
        for name, heading, form in _named_sheets(result, forms, season):
            painted.append(paint_form(book, name, heading, form, scheme, result.unit))
        paint(book, finding_table(result, findings, f"{title}问题清单"))
        ResultSheet(book, front, result, scheme, season, painted, findings).paint()


def _named_sheets(result: UnitResult, forms: Sequence[Evaluated], season: Season) -> list[tuple[str, str, Evaluated]]:
    """Name each form's sheet in the order of reading: the unit's own, projects, the data form."""
    taken = [RESULT_SHEET, FINDING_SHEET]
    named = []
    projects = 0
    for form in sorted(forms, key=lambda form: _ORDER.get(form.submission.kind, 2)):
        submission = form.submission
        wish = look.FORM_WORDS.get(submission.form, submission.form)
        subject = result.unit.name
        if submission.kind == "project":
            projects += 1
            wish, subject = f"项目{projects}", submission.project or "（未填项目名称）"
        name = look.sheet_name(wish, taken)
        taken.append(name)
        year = submission.year or season.year
        named.append((name, f"{year}年度{look.FORM_TITLES.get(submission.form, wish)}复核（{subject}）", form))
    return named
