"""A unit made by hand with lines that only a person can score."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from judged_units import judged, light

from evalbatch.campaign.roster import Roster
from evalbatch.model import (
    Cell,
    Evaluated,
    FileResult,
    Indicator,
    Scorecard,
    ScoredLine,
    SourceFile,
    Submission,
    Unit,
    UnitResult,
)
from evalbatch.review.load import Review
from evalbatch.review.write import ReviewDraft, draft_review

UNIT = "示例区教育局"
WEIGHT = Decimal(10)


def roster() -> Roster:
    """A roster of this one unit."""
    unit = Unit("001", UNIT)
    return Roster((unit,), {"001": unit}, {UNIT: unit})


def source() -> SourceFile:
    """The unit's file."""
    return SourceFile("教育局.xlsx", "b" * 64, 1, datetime(2024, 5, 30), "xlsx", "workbook")


def campaign_files() -> list[FileResult]:
    """The inbox: the unit's file."""
    return [FileResult(source(), "accepted", UNIT, ("whole-unit",))]


def result_of(actuals: Sequence[str | None], name: str = UNIT) -> UnitResult:
    """A unit with one pending line for each actual, named 满意度1 and so on; None leaves the line out."""
    rows, lines = [], []
    for number, actual in enumerate(actuals, 1):
        if actual is not None:
            cells = {"actual": Cell("整体", 10 + number, 6, actual)}
            indicator = Indicator(
                "满意度指标", None, f"满意度{number}", "满意", actual, WEIGHT, Decimal(9), cells=cells
            )
            lines.append(_pending(len(rows), indicator.name))
            rows.append(indicator)
    submission = Submission("whole-unit", "整体", year=2023, unit_name=name, indicators=tuple(rows))
    pending = sum(line.pending for line in lines)
    card = Scorecard(None, None, None, None, Decimal(100), "方案", pending=pending, lines=tuple(lines))
    return UnitResult(Unit("001", name), "complete", (Evaluated(source(), submission, card),))


def drafted(review: Review, unit: UnitResult) -> ReviewDraft:
    """What review.xlsx is to say of this unit."""
    [result] = light([unit])
    return draft_review(review, [result], [judged(unit).questions], campaign_files(), roster())


def _pending(index: int, name: str) -> ScoredLine:
    return ScoredLine(
        "indicator", index, None, None, name, WEIGHT, Decimal(9), None, Decimal(9), True, "定性", "由人工评定",
        band=(Decimal(0), WEIGHT),
    )  # fmt: skip
