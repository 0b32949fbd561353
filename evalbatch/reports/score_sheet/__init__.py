"""UnitResult in, the unit's score workbook out."""

from evalbatch.reports.score_sheet.workbook import write_score_sheet

__all__ = ["write_score_sheet"]
