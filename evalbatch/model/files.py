"""Files of the inbox and units of the roster."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from evalbatch.model.findings import Finding
from evalbatch.model.sheet import Cell
from evalbatch.model.submission import FormHead, FormName, Submission
from evalbatch.model.value import value

OLDEST_TIME = 1981
"""A file time before this year is no time: what a ZIP or a copy says that has lost its own."""


def day_filled(filled_on: dt.date | None, modified: dt.datetime) -> dt.date | None:
    """Return the day on which a form says that it was filled in, None where that can't be: after the file was saved.

    A date in the future would win over every correction, for ever; it counts as not dated (U07).

    >>> saved = dt.datetime(2024, 5, 30, 8)
    >>> day_filled(dt.date(2024, 5, 30), saved), day_filled(dt.date(2042, 5, 30), saved)
    (datetime.date(2024, 5, 30), None)
    """
    if filled_on is None or (modified.year >= OLDEST_TIME and filled_on > modified.date()):
        return None
    return filled_on


@value
class SourceFile:
    """One file of the inbox, or one member of a ZIP in it ("a.zip/b.xlsx"); `path` uses "/".

    `modified` is the file's time in UTC+8 (a member's own time for a ZIP). `kind` comes from the content:
    xlsx, xls, ods, zip, pdf, image, docx, …; `role` says what is done with it: workbook (read it),
    attachment, ignored, or rejected (then `refusal` has the finding).
    """

    path: str
    sha256: str
    size: int
    modified: dt.datetime
    kind: str
    role: Literal["workbook", "attachment", "ignored", "rejected"]
    refusal: Finding | None = None


@value
class Reading:
    """Everything read out of one workbook: its submissions, what was not used, and findings of reading.

    A rejected workbook has no submissions and at least one must-fix finding F01 to F05.
    """

    submissions: tuple[Submission, ...] = ()
    unused: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def counted(self) -> tuple[Submission, ...]:
        """The submissions without those that stand on another sheet too."""
        return tuple(submission for submission in self.submissions if submission.repeats is None)

    @property
    def rejected(self) -> bool:
        """Whether nothing could be read from it."""
        return not self.submissions


@value
class ReadFile:
    """What was read out of one workbook, as long as a whole district is held: its forms without their lines.

    `packed` holds the submissions with their lines, for whoever judges them. `missed` says that its bytes could not be
    had when it was to be read: it was there when the inbox was listed.
    """

    submissions: tuple[FormHead, ...] = ()
    unused: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()
    packed: bytes = b""
    missed: bool = False

    @property
    def counted(self) -> tuple[FormHead, ...]:
        """The forms without those that stand on another sheet too."""
        return tuple(head for head in self.submissions if head.repeats is None)

    @property
    def rejected(self) -> bool:
        """Whether nothing could be read from it."""
        return not self.submissions


@value
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
    deadline: dt.date | None = None
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    row: int = 0
