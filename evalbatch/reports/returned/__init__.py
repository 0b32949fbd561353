"""A unit's own workbook and its findings in, the same workbook with marks, comments and a list in front out."""

from evalbatch.reports.returned.returned_copy import write_returned_copy

__all__ = ["write_returned_copy"]
