"""What flows through the house: frozen values, and the one exception, Refused.

Words kept apart: a *form* is the blank; a *submission* is one form filled in; a *workbook* is any
spreadsheet file; a *report* is a workbook that we wrote. Money is in 万元, rates in percent,
weights and scores in points, all of them Decimals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Severity = Literal["must-fix", "query", "note"]
FormName = str
"""Name of a form: project, whole-unit, data, score, or a bureau's own."""


class Refused(Exception):
    """Something a person can mend stops this file or command: where, what, and how to mend it.

    `code` is the catalogue's code when a workbook is refused (F01 to F05), else empty.
    """

    def __init__(self, message: str, *, remedy: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return (_refused, (self.message, self.remedy, self.code))


def _refused(message: str, remedy: str, code: str) -> Refused:
    return Refused(message, remedy=remedy, code=code)


# ---------------------------------------------------------------- what a sheet holds


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a sheet: where it lies and what a person sees in it.

    `text` is what is shown, outer blanks and invisible characters stripped; "" for a blank cell.
    `number` is set when the cell itself holds a number, as shown: 0.958 formatted as a percentage
    has the text "95.8%", the number 95.8 and `percent` True. `date` is set for a date cell.
    `flaw` is "error" for #REF! and its kin, "no-result" for a formula whose result was never stored.
    """

    sheet: str
    row: int
    column: int
    text: str = ""
    number: Decimal | None = None
    percent: bool = False
    date: date | None = None
    flaw: Literal["", "error", "no-result"] = ""

    @property
    def address(self) -> str:
        """The cell's A1 address.

        >>> Cell("表", 14, 28).address
        'AB14'
        """
        letters, column = "", self.column
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"

    @property
    def filled(self) -> bool:
        """Whether a person sees anything in it, or a formula failed in it."""
        return bool(self.text) or bool(self.flaw)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as seen: its filled cells by (row, column) from 1, and its merged ranges.

    `merges` are (first row, first column, last row, last column); of a merged range only the
    top-left cell is in `cells`.
    """

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True


# ---------------------------------------------------------------- what a person filled in


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One row of money: 年度资金总额, 其中：当年财政拨款, …; amounts in 万元, `rate` in percent.

    `kind` is total, appropriation, carried_over, other_funds or other. `cells` has an entry for every
    column that the form has for this row, blank cells included, so a finding can point at what is missing.
    """

    item: str
    kind: str
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: Decimal | None = None
    score: Decimal | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of indicators, text as written, weight and score in points.

    `cells` has an entry for every column that the form has (name, target, actual, weight, score, reason,
    and where the form has them bound, measure, basis, level1, level2), blank cells included; a target
    split over several cells has its value's cell under "target". `heads` is the number of rows below that
    this row is the group's heading of: a weight without a target above targets without weights.
    """

    level1: str | None
    level2: str | None
    name: str
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None
    basis: str | None = None
    heads: int = 0
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One named value of a `data` or `score` form: text as written, number where it is one.

    `measure` is what the number is counted in: "万元", "%", "人", … or "" where the form does not say.
    """

    name: str
    text: str | None
    number: Decimal | None
    measure: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Submission:
    """One form filled in. What the form leaves blank, or has no place for, is None.

    `cells` holds the header's places that the form has, blank ones included: unit.name, unit.code, year,
    project.name, project.department, prepared_by, phone, filled_on, goal, goal_actual, total_weight,
    total_score, grade, version. A key that is missing means that the form has no place for it.
    `money_measure` is the unit the form itself uses, "万元" or "元"; amounts here are in 万元 either way.
    """

    form: FormName
    sheet: str
    title: str = ""
    version: str | None = None
    year: int | None = None
    unit_name: str | None = None
    unit_code: str | None = None
    project: str | None = None
    department: str | None = None
    prepared_by: str | None = None
    phone: str | None = None
    filled_on: date | None = None
    goal: str | None = None
    goal_actual: str | None = None
    budget: tuple[BudgetLine, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    fields: tuple[Entry, ...] = ()
    total_weight: Decimal | None = None
    total_score: Decimal | None = None
    grade: str | None = None
    money_measure: str = "万元"
    cells: Mapping[str, Cell] = field(default_factory=dict)


# ---------------------------------------------------------------- targets and actuals understood


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: an operator, its bounds and its measure.

    One-sided operators use `value`; "between" uses `low` and `high`, both included. A date part has dates
    in the same places (a date without a year is kept as text "12-31"). `vague` marks 多, 余, 约, 近, 左右.
    """

    op: Literal[">=", ">", "<=", "<", "=", "between", "about"]
    value: Decimal | date | str | None = None
    low: Decimal | date | str | None = None
    high: Decimal | date | str | None = None
    measure: str = ""
    text: str = ""
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """A target or an actual as understood. Words are no parts; the kinds are those of the contract."""

    text: str
    kind: Literal["quantity", "date", "qualitative", "blank", "unclear"]
    parts: tuple[Part, ...] = ()


Verdict = Literal["met", "not-met", "exceeded", "cannot-tell", "unanswered"]


@dataclass(frozen=True, slots=True)
class PartJudgement:
    """One part of a target against the actual: its verdict, the reason in Chinese, and the share reached.

    `ratio` is how much of the part was reached, 1 or more when met, from 0 to 1 when not; None when it
    can't be told. `answer` is the part of the actual that was compared.
    """

    part: Part
    verdict: Verdict
    because: str
    ratio: Decimal | None = None
    answer: Part | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """An actual against its target as a whole, and part by part, in order of the target's parts.

    Whole verdict: not-met if any part is not met; else unanswered if any part is unanswered; else
    cannot-tell if any part is; else exceeded when every part is, else met. `less_is_better` is the
    direction that was used, None where an operator fixed it or nothing was compared. `note` says what
    was assumed, e.g. 全覆盖 taken as 100%.
    """

    verdict: Verdict
    because: str
    parts: tuple[PartJudgement, ...] = ()
    less_is_better: bool | None = None
    note: str = ""


# ---------------------------------------------------------------- scores


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One scored line of a form: the execution rate of its money, or one of its indicators.

    `index` points into submission.budget (kind "execution") or submission.indicators (kind "indicator").
    `expected` is the score that the rule gives, rounded by the scheme; None where only a person can judge.
    `band` is the lowest and highest score the rule allows where it gives no single one.
    `verified_score` is expected, or a person's decision, or the self score held within its band and `pending`.
    `rule` is the rule's shape, `because` its computation in Chinese words, `inputs` the cells put into it.
    """

    kind: Literal["execution", "indicator"]
    index: int
    level1: str | None
    level2: str | None
    name: str
    weight: Decimal | None
    self_score: Decimal | None
    expected: Decimal | None
    verified_score: Decimal | None
    pending: bool
    rule: str
    because: str
    band: tuple[Decimal, Decimal] | None = None
    inputs: tuple[Cell, ...] = ()
    target: Expression | None = None
    actual: Expression | None = None
    judgement: Judgement | None = None
    exact: Decimal | None = None
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A submission scored again: its lines, and totals that add rounded scores.

    A form without weights or scores has `verified_total` None. Grades are the scheme's, in Chinese.
    """

    lines: tuple[ScoredLine, ...]
    self_total: Decimal | None
    verified_total: Decimal | None
    self_grade: str | None
    verified_grade: str | None
    full_mark: Decimal
    scheme: str
    scored: bool = True
    note: str = ""

    @property
    def pending(self) -> int:
        """How many lines wait for a person."""
        return sum(line.pending for line in self.lines)


# ---------------------------------------------------------------- findings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct, to ask or to know, at its cell; texts are Chinese sentences for a clerk.

    `subject` tells which thing it is about, so that the more specific of two findings on one thing speaks
    alone (see checks.catalogue). `file` is the path relative to the inbox, None for what concerns a unit.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    expected: str | None = None
    file: str | None = None
    title: str = ""
    subject: tuple[str, ...] = ()


# ---------------------------------------------------------------- files and units


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the inbox, or one member of a ZIP in it ("a.zip/b.xlsx"); `path` uses "/".

    `modified` is the file's time in UTC+8 (a member's own time for a ZIP). `kind` comes from the content:
    xlsx, xls, ods, zip, pdf, image, docx, …; `role` says what is done with it: workbook (read it),
    attachment, ignored, or rejected (then `refusal` has the finding).
    """

    path: str
    sha256: str
    size: int
    modified: datetime
    kind: str
    role: Literal["workbook", "attachment", "ignored", "rejected"]
    refusal: Finding | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read out of one workbook: its submissions, what was not used, and findings of reading.

    A rejected workbook has no submissions and at least one must-fix finding F01 to F05.
    """

    submissions: tuple[Submission, ...] = ()
    unused: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether nothing could be read from it."""
        return not self.submissions


@dataclass(frozen=True, slots=True)
class Unit:
    """One 预算单位 of the roster; the bureau's own figures in 万元, None where it has none.

    `owes` are the forms it must submit: None takes the campaign's default, () owes none (免报).
    """

    code: str
    name: str
    other_names: tuple[str, ...] = ()
    contact: str = ""
    emails: tuple[str, ...] = ()
    owes: tuple[FormName, ...] | None = None
    deadline: date | None = None
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    row: int = 0


# ---------------------------------------------------------------- a campaign's results


@dataclass(frozen=True, slots=True)
class ApprovedTarget:
    """One target as approved at the start of the year; `project` is None for the whole-unit form."""

    unit: str
    form: FormName
    project: str | None
    name: str
    target: str
    weight: Decimal | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """What a campaign fixes for every submission: year, deadline, versions of its forms, approved targets."""

    district: str
    year: int
    deadline: date | None = None
    full_mark: Decimal = Decimal(100)
    owes: tuple[FormName, ...] = ("whole-unit",)
    versions: Mapping[FormName, str] = field(default_factory=dict)
    approved: tuple[ApprovedTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One submission of one file with its score and its findings."""

    source: SourceFile
    submission: Submission
    card: Scorecard
    findings: tuple[Finding, ...] = ()


FileStatus = Literal["accepted", "returned", "rejected", "superseded", "duplicate", "attachment", "ignored"]
UnitStatus = Literal["missing", "returned", "incomplete", "late", "complete"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file of the inbox: every file has exactly one."""

    source: SourceFile
    status: FileStatus
    unit: str | None = None
    forms: tuple[FormName, ...] = ()
    returned: str | None = None
    findings: tuple[Finding, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What became of one unit of the roster: its current forms with their scores, and its standing.

    `scored_by` names what the unit's scores come from: whole-unit, score, or "projects" for the mean of its
    projects weighted by adjusted budget; None without any. `score_sheet` is relative to the output folder.
    """

    unit: Unit
    status: UnitStatus
    forms: tuple[Evaluated, ...] = ()
    findings: tuple[Finding, ...] = ()
    scored_by: str | None = None
    self_score: Decimal | None = None
    verified_score: Decimal | None = None
    self_grade: str | None = None
    verified_grade: str | None = None
    pending: int = 0
    score_sheet: str | None = None
    returned: tuple[str, ...] = ()
    missing_forms: tuple[FormName, ...] = ()
    late: bool = False
