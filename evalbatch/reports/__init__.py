"""One unit's results in, what goes back to it out: its score sheet, and marked copies of its workbooks."""

from evalbatch.reports.returned import write_returned_copy
from evalbatch.reports.score_sheet import write_score_sheet

__all__ = ["write_returned_copy", "write_score_sheet"]
