"""A self-evaluation report (.docx) in, the figures it states out; figures and forms in, what does not agree out."""

from evalbatch.report_text.check import check_report
from evalbatch.report_text.facts import Mention, ReportFacts
from evalbatch.report_text.read import facts_of_text, read_report

__all__ = ["Mention", "ReportFacts", "check_report", "facts_of_text", "read_report"]
