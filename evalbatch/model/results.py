"""A campaign's results: what became of each file and each unit."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from evalbatch.model.files import SourceFile, Unit
from evalbatch.model.findings import Finding
from evalbatch.model.scores import Scorecard, ScoreTotals
from evalbatch.model.submission import FormHead, FormName, Submission
from evalbatch.model.value import value


@value
class ApprovedTarget:
    """One target as approved, at the start of the year or since; `project` is None for the whole-unit form.

    `adjusted_by` is the document that adjusted it; `released` says that it was adjusted without a new target being
    told, or withdrawn: then nothing is held against it.
    """

    unit: str
    form: FormName
    project: str | None
    name: str
    target: str
    weight: Decimal | None = None
    row: int = 0
    level1: str = ""
    level2: str = ""
    adjusted_by: str = ""
    released: bool = False


def approved_weight(targets: Iterable[ApprovedTarget]) -> Decimal | None:
    """Return what the weights of a form's approved targets come to, None unless each of them has one that counts."""
    found = [None if target.released else target.weight for target in targets]
    weights = [weight for weight in found if weight is not None]
    return sum(weights, Decimal(0)) if found and len(weights) == len(found) else None


@value
class Season:
    """What a campaign fixes for every submission: year, deadlines, versions of its forms, approved targets."""

    district: str
    year: int
    deadline: dt.date | None = None
    correction_days: int = 7
    correction_deadline: dt.date | None = None
    full_mark: Decimal = Decimal(100)
    owes: tuple[FormName, ...] = ("whole-unit",)
    versions: Mapping[FormName, str] = field(default_factory=dict)
    approved: tuple[ApprovedTarget, ...] = ()

    def correct_by(self, sent: dt.date | None, deadline: dt.date | None = None) -> dt.date | None:
        """Return the day by which what was sent on a day and returned must be corrected; never one before it.

        It is the campaign's own date for corrections; without one, or when that has passed, so many days after it was
        sent, but not before the unit's `deadline` (or else the campaign's). None where there is no date at all.
        """
        if self.correction_deadline and (sent is None or sent <= self.correction_deadline):
            return self.correction_deadline
        days = sent and sent + dt.timedelta(days=self.correction_days)
        return max((day for day in (days, deadline or self.deadline) if day), default=None)


@value
class DueProject:
    """A project that a unit must evaluate: `unit` is the roster's name, `row` the list's row, 0 for approved targets.

    `keys` are its name and its other names as `bare_project` gives them: a form's project is this one when its is among
    them.
    """

    unit: str
    name: str
    keys: tuple[str, ...]
    row: int = 0


@value
class FirstSent:
    """When a form came first, whatever became of it since: by its fill date, or else by its file's.

    `project` is the project's name as `folded_project` gives it.
    """

    form: FormName
    project: str
    day: dt.date
    by_fill_date: bool


def of_year(submission: FormHead, season: Season | None) -> bool:
    """Whether a form counts in a season: its year is the season's, or it doesn't say."""
    return season is None or submission.year in (None, season.year)


@value
class Money:
    """A unit's or a project's money in 万元, and where it was taken from: whole-unit, projects, or "" for nowhere.

    "doubtful" stands where the amounts' unit is in doubt and no figure is taken.
    """

    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    source: str = ""

    @property
    def rate(self) -> Decimal | None:
        """Executed over adjusted in percent; None where it can't be told (no budget is not 100%).

        >>> Money(adjusted=Decimal("138.79"), executed=Decimal("134.92")).rate.quantize(Decimal("0.01"))
        Decimal('97.21')
        """
        if not self.adjusted or self.executed is None:
            return None
        return self.executed / self.adjusted * 100


@value
class Evaluated:
    """One submission of one file with its score and its findings."""

    source: SourceFile
    submission: Submission
    card: Scorecard
    findings: tuple[Finding, ...] = ()


Cut = tuple[str, Decimal | None, Decimal | None, str]
"""A scored line's name, self score, verified score, and how that was found."""


@value
class FormResult:
    """What one submission came to, without its lines: what a whole district holds of every form.

    `money` is that of its total row; `compared` counts its indicators with a target that were judged; `largest_cut` is
    the scored line whose two scores differ most, None without any.
    """

    source: SourceFile
    submission: FormHead
    card: ScoreTotals
    findings: tuple[Finding, ...] = ()
    money: Money = Money()
    compared: int = 0
    largest_cut: Cut | None = None


FileStatus = Literal[
    "accepted", "returned", "rejected", "unassigned", "superseded", "duplicate", "attachment", "ignored"
]
OfUnit = tuple[str, tuple[Finding, ...], dt.date | None]
"""Of a file with forms of several units: one of them, what was found in its own, until when it is to be corrected."""
UnitStatus = Literal["missing", "returned", "incomplete", "late", "complete"]


@value
class FileResult:
    """What became of one file of the inbox: every file has exactly one.

    A file with forms of several units has no returned copy, which would show one unit the others' forms: `shared` is
    what was found in each unit's own, `copies` each unit's name with the list of its own corrections.
    """

    source: SourceFile
    status: FileStatus
    unit: str | None = None
    forms: tuple[FormName, ...] = ()
    returned: str | None = None
    findings: tuple[Finding, ...] = ()
    note: str = ""
    correct_by: dt.date | None = None
    shared: tuple[OfUnit, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()


@value
class YearOfUnit:
    """What a unit came to in an earlier year: points, grade, rate in percent, and its findings that must be fixed."""

    year: int
    score: Decimal | None
    grade: str | None
    rate: Decimal | None
    must_fix: int | None


@value
class UnitResult:
    """What became of one unit of the roster: its current forms with their scores, and its standing.

    `scored_by` names what the unit's scores come from: whole-unit, score, or "projects" for the mean of its
    projects weighted by adjusted budget; None without any. `checked_score` is the verified score without what people
    decided, on `reviewed` lines; `lowest` and `highest` are what it may come to when the `pending` lines are decided,
    None without such lines. `score_sheet` is relative to the output folder. Of the projects that are due,
    `missing_projects` have sent no form, not even one of another year. `earlier` are the years before, the first first.
    """

    unit: Unit
    status: UnitStatus
    forms: tuple[FormResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    scored_by: str | None = None
    self_score: Decimal | None = None
    verified_score: Decimal | None = None
    self_grade: str | None = None
    verified_grade: str | None = None
    pending: int = 0
    checked_score: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    reviewed: int = 0
    score_sheet: str | None = None
    returned: tuple[str, ...] = ()
    missing_forms: tuple[FormName, ...] = ()
    due_projects: tuple[DueProject, ...] = ()
    missing_projects: tuple[DueProject, ...] = ()
    late: bool = False
    correct_by: dt.date | None = None
    earlier: tuple[YearOfUnit, ...] = ()
