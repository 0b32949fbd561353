"""What the district summary is made from: one frozen value that holds everything, and reads no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from evalbatch import __version__
from evalbatch.history.changes import Resubmission
from evalbatch.history.ledger import Rectification
from evalbatch.model import FileResult, Finding, FormName, Season, UnitResult

if TYPE_CHECKING:
    from evalbatch.scoring.scheme import Scheme


@dataclass(frozen=True)
class EarlierYear:
    """A year before: its units, None where they can't be had, and a sentence that says where from or why not."""

    COLUMNS: ClassVar = (
        "unit_code", "unit_name", "status", "scored_by", "self_score", "verified_score", "verified_grade", "pending",
        "initial", "adjusted", "executed", "rate", "must_fix",
    )  # fmt: skip
    """What the comparison needs of every unit."""
    year: int = 0
    units: pd.DataFrame | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What the scheme makes of a grade, in its own words, and the percent of the budget that this takes away."""

    said: str
    cut: Decimal | None = None


@dataclass(frozen=True, slots=True)
class District:
    """One district's season: its results, its long tables, and what they were made with.

    `as_of` is the day of the latest file; `grades` are the scheme's names and lowest scores, the best first, `uses`
    what it makes of those for which it says something;
    `low_execution` is the scheme's threshold in percent; `earlier` are the years before, the latest
    first, () where settings name none. `unmade` says
    what of the district could not be worked out.
    """

    campaign: str
    season: Season
    files: tuple[FileResult, ...]
    units: tuple[UnitResult, ...]
    tables: Mapping[str, pd.DataFrame]
    as_of: date | None = None
    scheme_name: str = ""
    scheme_version: str = ""
    scheme_sha256: str = ""
    grades: tuple[tuple[str, Decimal], ...] = ()
    uses: Mapping[str, Use] = field(default_factory=dict)
    low_execution: Decimal = Decimal(80)
    version: str = __version__
    findings: tuple[Finding, ...] = ()
    form_titles: Mapping[FormName, str] = field(default_factory=dict)
    earlier: tuple[EarlierYear, ...] = ()
    rectifications: tuple[Rectification, ...] = ()
    resubmissions: tuple[Resubmission, ...] = ()
    unmade: tuple[str, ...] = ()

    @property
    def last_year(self) -> EarlierYear | None:
        """The year before, None where settings name none."""
        return self.earlier[0] if self.earlier else None

    @classmethod
    def of(
        cls,
        campaign: str,
        season: Season,
        scheme: "Scheme",
        files: Sequence[FileResult],
        units: Sequence[UnitResult],
        tables: Mapping[str, pd.DataFrame],
        findings: Sequence[Finding] = (),
        earlier: Sequence[EarlierYear] = (),
        rectifications: Sequence[Rectification] = (),
        resubmissions: Sequence[Resubmission] = (),
        unmade: Sequence[str] = (),
    ) -> "District":
        """Gather a district's results; it stands as of the latest fill date, or where forms bear none, file date."""
        return cls(
            campaign,
            season,
            tuple(files),
            tuple(units),
            tables,
            as_of=_latest(files, units),
            scheme_name=scheme.name,
            scheme_version=scheme.version,
            scheme_sha256=scheme.sha256,
            grades=tuple((grade.name, grade.lowest) for grade in scheme.grades),
            uses={grade.name: Use(grade.use, grade.cut) for grade in scheme.grades if grade.use},
            low_execution=scheme.threshold("low_execution_rate"),
            findings=tuple(findings),
            earlier=tuple(earlier),
            rectifications=tuple(rectifications),
            resubmissions=tuple(resubmissions),
            unmade=tuple(unmade),
        )


def _latest(files: Sequence[FileResult], units: Sequence[UnitResult]) -> date | None:
    """Return the latest fill date; file times, which a copy changes, count only where no form bears a date."""
    filled = [form.submission.filled_on for unit in units for form in unit.forms if form.submission.filled_on]
    return max(filled or [file.source.modified.date() for file in files], default=None)
