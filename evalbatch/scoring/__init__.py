"""Submission × Scheme → Scorecard: the door of scoring."""

from evalbatch.scoring.combine import UnitScore, combine
from evalbatch.scoring.decision import Decision, line_key, line_keys
from evalbatch.scoring.fields import total_row
from evalbatch.scoring.scheme import CheckSetting, Grade, Group, Scheme, SchemeLine
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

__all__ = [
    "CheckSetting",
    "Decision",
    "Grade",
    "Group",
    "Scheme",
    "SchemeLine",
    "UnitScore",
    "combine",
    "line_key",
    "line_keys",
    "load_scheme",
    "score",
    "total_row",
]
