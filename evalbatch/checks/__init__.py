"""Submission and Scorecard in, Findings out: the door of the checks and of their catalogue."""

from evalbatch.checks.catalogue import CATALOGUE, SILENCES
from evalbatch.checks.district import check_district, texts_of
from evalbatch.checks.findings import make_finding, settle
from evalbatch.checks.page import explain, explain_all
from evalbatch.checks.rule import Rule
from evalbatch.checks.unit import check_unit

__all__ = [
    "CATALOGUE",
    "SILENCES",
    "Rule",
    "check_district",
    "check_unit",
    "explain",
    "explain_all",
    "make_finding",
    "settle",
    "texts_of",
]
