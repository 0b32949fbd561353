"""A small season for tests: one form of five rows, scored and checked by the real rooms, sent again and again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from judged_units import judged, sent

from evalbatch.checks.findings import make_finding, settle
from evalbatch.checks.unit import check_unit
from evalbatch.history.history import History
from evalbatch.history.sent import SentForm
from evalbatch.model import Cell, Evaluated, FileResult, Finding, Indicator, SourceFile, Submission, Unit, UnitResult
from evalbatch.scoring.score import score
from evalbatch.scoring.workbook import load_scheme

UTC8 = dt.timezone(dt.timedelta(hours=8))
BUILT_IN = load_scheme(None)
SCHEME = replace(BUILT_IN, groups=tuple(replace(group, required=False) for group in BUILT_IN.groups))
"""No group is required: the short forms here are about other things."""
SHEET = "自评表"
Sent = tuple[str, Evaluated]


def source(path: str, day: str, seal: str = "") -> SourceFile:
    """One file of the inbox; its bytes are told apart by `seal`."""
    when = dt.datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC8)
    return SourceFile(path, sha256(f"{path}{seal}".encode()).hexdigest(), 1000, when, "xlsx", "workbook")


def submission(day: str | None, *rows: str, form: str = "project", project: str | None = "甲项目", top: int = 8):
    """A form whose rows are "name target actual score", a dash for a blank cell; rows begin at row `top`."""
    groups = ["产出指标"] * (len(rows) - 1) + ["效益指标"]
    indicators = [_indicator(top + at, *one) for at, one in enumerate(zip(groups, map(str.split, rows), strict=True))]
    filled = dt.date.fromisoformat(day) if day else None
    names = {"unit.name": "示例局", "prepared_by": "张三", "phone": "0759-1234567"}
    cells = {key: Cell(SHEET, 2, column, text) for column, (key, text) in enumerate(names.items(), start=1)}
    return Submission(
        form=form,
        sheet=SHEET,
        year=2023,
        unit_name="示例局",
        project=project,
        prepared_by="张三",
        phone="0759-1234567",
        filled_on=filled,
        indicators=tuple(indicators),
        total_score=sum((row.score or Decimal(0) for row in indicators), Decimal(0)),
        cells=cells | {"filled_on": Cell(SHEET, 3, 1, day or "", date=filled)},
    )


def _indicator(row: int, group: str, words: Sequence[str]) -> Indicator:
    name, target, actual, points = (None if word == "-" else word for word in words)
    cells = {
        column: Cell(SHEET, row, number, text or "")
        for number, (column, text) in enumerate(
            {"name": name, "target": target, "actual": actual, "weight": "50", "score": points, "reason": ""}.items(),
            start=3,
        )
    }
    return Indicator(
        level1=group,
        level2=None,
        name=name or "",
        target=target,
        actual=actual,
        weight=Decimal(50),
        score=Decimal(points) if points else None,
        cells=cells,
    )


def evaluated(file: SourceFile, form: Submission) -> Evaluated:
    """The form scored, with what the checks find in it alone."""
    alone = Evaluated(file, form, score(form, SCHEME))
    return Evaluated(file, form, alone.card, settle(check_unit(None, [alone], SCHEME, None), SCHEME))


def unit_of(*forms: Evaluated, missing: Sequence[str] = (), found: Sequence[Finding] = (), name: str = "示例局"):
    """The unit's result with these current forms; `missing` are owed forms that did not come."""
    owed = [make_finding("U05", form=form, subject=(form,)) for form in missing]
    findings = (*(finding for form in forms for finding in form.findings), *owed, *found)
    must_fix = any(finding.severity == "must-fix" and finding.code != "U05" for finding in findings)
    status = "returned" if must_fix else "missing" if not (forms or found) else "incomplete" if missing else "complete"
    totals = [form.card.verified_total for form in forms]
    return UnitResult(
        Unit("101", name),
        status,
        forms,
        findings,
        verified_score=totals[0] if totals else None,
        missing_forms=tuple(missing),
    )


def sent_alone(form: Evaluated) -> SentForm:
    """What the record keeps of a form with its own findings."""
    [one] = judged(UnitResult(Unit("101", "示例局"), "complete", (form,), form.findings)).sent
    return one.with_items(one.form.findings)


def run(
    folder: Path, *units: UnitResult, files: Sequence[FileResult] = (), earlier: Sequence[Evaluated] = (), save=True
) -> History:
    """One run of evalbatch on a campaign's record/."""
    before = [("示例局", sent_alone(form)) for form in earlier]
    history = History.load(folder).with_run(sent(units), year=2023, mark=lambda _: (0, 0), files=files, earlier=before)
    if save:
        history.save()
    return history


def ledger(history: History) -> list[str]:
    """The ledger as lines that one can read: status, code, place, since, cleared by."""
    return [
        " ".join(
            filter(
                None,
                (
                    row.status_words,
                    row.code,
                    row.place,
                    row.since,
                    f"→ {row.cleared_by}（{row.cleared_on}）" if row.cleared_by else "",
                ),
            )
        )
        for row in history.rectifications
    ]
