"""What flows through the package: frozen values, and the one exception, Refused.

Words kept apart: a *form* is the blank; a *submission* is one form filled in; a *workbook* is any
spreadsheet file; a *report* is a workbook that we wrote. Money is in 万元, rates in percent,
weights and scores in points, all of them Decimals.
"""

from evalbatch.model.files import ReadFile, Reading, SourceFile, Unit
from evalbatch.model.findings import Finding, Severity
from evalbatch.model.refused import Refused
from evalbatch.model.results import (
    ApprovedTarget,
    DueProject,
    Evaluated,
    FileResult,
    FileStatus,
    FirstSent,
    FormResult,
    Money,
    Season,
    UnitResult,
    UnitStatus,
    YearOfUnit,
    approved_weight,
)
from evalbatch.model.scores import Scorecard, ScoredLine, ScoreTotals
from evalbatch.model.sheet import LARGEST, LONGEST_WRITTEN, Cell, Grid, bounded
from evalbatch.model.submission import BudgetLine, Entry, FormHead, FormName, Indicator, Submission
from evalbatch.model.understanding import Expression, Judgement, Part, PartJudgement, Verdict

__all__ = [
    "LARGEST",
    "LONGEST_WRITTEN",
    "ApprovedTarget",
    "BudgetLine",
    "Cell",
    "DueProject",
    "Entry",
    "Evaluated",
    "Expression",
    "FileResult",
    "FileStatus",
    "Finding",
    "FirstSent",
    "FormHead",
    "FormName",
    "FormResult",
    "Grid",
    "Indicator",
    "Judgement",
    "Money",
    "Part",
    "PartJudgement",
    "ReadFile",
    "Reading",
    "Refused",
    "ScoreTotals",
    "Scorecard",
    "ScoredLine",
    "Season",
    "Severity",
    "SourceFile",
    "Submission",
    "Unit",
    "UnitResult",
    "UnitStatus",
    "Verdict",
    "YearOfUnit",
    "approved_weight",
    "bounded",
]
