"""Runs in, their history out: what was submitted, found and rectified, kept in a record that is only added to.

The door: History.load reads a campaign's record/, with_run adds a run to it, rectifications, resubmissions and
progress tell what became of everything, save writes what is new. compare_submissions compares any two. content_of,
lines_of and places_in are what it wants to know of a form's lines.
"""

from evalbatch.history.changes import Resubmission
from evalbatch.history.compare import Change, Comparison, ScoreChange, compare_submissions
from evalbatch.history.history import History
from evalbatch.history.items import Item, places_in
from evalbatch.history.journal import Journal, open_journal
from evalbatch.history.ledger import STATUS_WORDS, Rectification
from evalbatch.history.progress import Progress
from evalbatch.history.versions import content_of, lines_of

__all__ = [
    "STATUS_WORDS",
    "Change",
    "Comparison",
    "History",
    "Item",
    "Journal",
    "Progress",
    "Rectification",
    "Resubmission",
    "ScoreChange",
    "compare_submissions",
    "content_of",
    "lines_of",
    "open_journal",
    "places_in",
]
