"""Districts made by hand: a tiny one of four units to read, and synthetic ones of any size to measure."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from judged_units import consolidated, light, sent

from evalbatch.history.history import History
from evalbatch.model import (
    BudgetLine,
    Cell,
    Evaluated,
    FileResult,
    Finding,
    Indicator,
    Judgement,
    Scorecard,
    ScoredLine,
    Season,
    SourceFile,
    Submission,
    Unit,
    UnitResult,
)
from evalbatch.summary.district import District

D = Decimal
BEIJING = timezone(timedelta(hours=8))
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
VERDICTS = ("met", "exceeded", "not-met", "cannot-tell", "unanswered")
LEVEL2 = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"))


def grade(score: D | None) -> str | None:
    """The grade of a score."""
    return None if score is None else next(word for least, word in GRADES if score >= least)


def source(path: str, day: int = 20, role: str = "workbook", kind: str = "xlsx") -> SourceFile:
    """A file of the inbox, of a day of May 2024."""
    when = datetime(2024, 5, 1, 9, 30, tzinfo=BEIJING) + timedelta(days=day - 1)
    return SourceFile(path, sha256(path.encode("utf-8", "replace")).hexdigest(), 20480 + len(path), when, kind, role)


def money(initial: str | None, adjusted: str | None, executed: str | None) -> BudgetLine:
    """A row of total money in a form that has all three columns."""
    values = {"initial": initial, "adjusted": adjusted, "executed": executed}
    numbers = {name: D(text) if text else None for name, text in values.items()}
    cells = {name: Cell("自评表", 7, 3 + place, text or "") for place, (name, text) in enumerate(values.items())}
    return BudgetLine("年度资金总额", "total", weight=D(10), cells=cells, **numbers)


def indicator(number: int, verdict: str, name: str = "", level: int = 0) -> Indicator:
    """An indicator whose actual gives this verdict."""
    level1, level2 = LEVEL2[level % len(LEVEL2)]
    actual = {"met": "8场", "exceeded": "12场", "not-met": "5场", "cannot-tell": "良好", "unanswered": None}[verdict]
    cells = {"target": Cell("自评表", 12 + number, 5, "≥8场"), "actual": Cell("自评表", 12 + number, 6, actual or "")}
    return Indicator(level1, level2, name or f"开展活动场次{number}", "≥8场", actual, D(10), D(10), cells=cells)


def evaluated(
    form: str,
    file: SourceFile,
    line: BudgetLine,
    rows: list[tuple[Indicator, str, str, str | None]],
    project: str | None = None,
    findings: tuple[Finding, ...] = (),
) -> Evaluated:
    """A form with its card; rows are (indicator, verdict, self score, verified score or None for pending)."""
    lines = tuple(
        ScoredLine(
            "indicator",
            index,
            item.level1,
            item.level2,
            item.name,
            item.weight,
            D(own),
            D(verified) if verified else None,
            D(verified or own),
            verified is None,
            "比例",
            f"{item.actual or '空白'} 对 {item.target}",
            judgement=Judgement(verdict, f"{item.actual or '空白'} 对 {item.target}"),
        )
        for index, (item, verdict, own, verified) in enumerate(rows)
    )
    own = sum((line.self_score for line in lines), D(0))
    total = sum((line.verified_score for line in lines), D(0))
    pending = sum(line.pending for line in lines)
    card = Scorecard(own, total, grade(own), grade(total), D(100), "示例方案", pending=pending, lines=lines)
    items = tuple(item for item, *_ in rows)
    return Evaluated(
        file,
        Submission(form, "自评表", year=2023, project=project, budget=(line,), indicators=items, total_score=own),
        card,
        findings,
    )


def finding(code: str, severity: str, title: str, file: str | None, cell: str | None, value: str = "") -> Finding:
    """A finding at a cell, or about a whole file or unit."""
    place = f"{cell}填的是“{value}”。" if cell else "整张表没有收到。"
    remedy = "请核对后改正，例如：≥8场。"
    return Finding(
        code, severity, f"{title}：{place}", remedy, "自评表" if cell else None, cell, value, None, file, title
    )


def result_of(form: Evaluated, unit: Unit, status: str, **more: object) -> UnitResult:
    """A unit's result from its one form; lines that wait for a person may bring nothing."""
    card = form.card
    waiting = sum((line.self_score for line in card.lines if line.pending), D(0))
    return UnitResult(
        unit,
        status,
        (form,),
        scored_by=form.submission.form,
        self_score=card.self_total,
        verified_score=card.verified_total,
        self_grade=card.self_grade,
        verified_grade=card.verified_grade,
        pending=card.pending,
        lowest=card.verified_total - waiting if card.pending else None,
        highest=card.verified_total if card.pending else None,
        score_sheet=f"score_sheets/{unit.name}.xlsx",
        **more,
    )


def tiny() -> tuple[tuple[FileResult, ...], tuple[UnitResult, ...], tuple[Finding, ...]]:
    """Four units: one complete, one returned, one with projects only, one missing; and six files."""
    union, culture, water, letters = (
        Unit("101", "麻章区总工会", contact="张三", initial=D("138.79")),
        Unit("102", "麻章区文化馆", contact=""),
        Unit("103", "麻章区水务局", contact="李四", owes=("project",)),
        Unit("104", "麻章区信访局", contact="王五", deadline=date(2024, 6, 15)),
    )
    whole = evaluated(
        "whole-unit",
        source("101总工会/自评表.xlsx"),
        money("138.79", "138.79", "134.92"),
        [(indicator(n, "met", level=n), "met", "24", "24") for n in range(3)]
        + [(indicator(3, "cannot-tell", "群众满意程度", 3), "cannot-tell", "24", None)],
    )
    late = finding("A06", "must-fix", "未完成且未说明原因", "102文化馆.xlsx", "F15", "5场")
    rate = finding("M09", "query", "执行率偏低未说明", "102文化馆.xlsx", "F7", "61.20%")
    museum = evaluated(
        "whole-unit",
        source("102文化馆.xlsx", 25),
        money("200", "250", "153"),
        [(indicator(0, "not-met", level=0), "not-met", "25", "15.63")]
        + [(indicator(n, "exceeded", level=n), "exceeded", "24", "24") for n in range(1, 4)],
        findings=(late, rate),
    )
    river = evaluated(
        "project",
        source("水务/河道清淤.xlsx", 28),
        money("80", "80", "80"),
        [(indicator(0, "met"), "met", "45", "45"), (indicator(1, "met", level=1), "met", "50", "45")],
        project="河道清淤",
    )
    owed = finding("U05", "must-fix", "缺少应报表格", None, None)
    results = (
        result_of(whole, union, "complete"),
        result_of(museum, culture, "returned", findings=(late, rate), returned=("returned/102文化馆.xlsx",)),
        replace(result_of(river, water, "late", late=True), scored_by="projects"),
        UnitResult(letters, "missing", findings=(owed,), missing_forms=("whole-unit", "data")),
    )
    broken = replace(source("未知.xlsx", 30), role="rejected")
    refusal = finding("F01", "must-fix", "文件无法打开", "未知.xlsx", None)
    files = (
        FileResult(whole.source, "accepted", "101", ("whole-unit",)),
        FileResult(source("101总工会/说明.pdf", 20, "attachment", "pdf"), "attachment", "101"),
        FileResult(museum.source, "returned", "102", ("whole-unit",), "returned/102文化馆.xlsx", (late, rate)),
        FileResult(river.source, "accepted", "103", ("project",)),
        FileResult(broken, "rejected", None, findings=(refusal,), note="文件无法打开"),
        FileResult(source("~$锁.xlsx", 20, "ignored"), "ignored", note="锁定文件"),
    )
    return files, results, (finding("X03", "note", "自评分普遍偏高", None, None),)


CODES = (
    ("M02", "执行率与金额不符"),
    ("A06", "未完成且未说明原因"),
    ("S04", "得分与评分规则不符"),
    ("A05", "完成值不精确"),
    ("T01", "目标不可衡量"),
    ("U06", "填报信息不全"),
    ("S11", "等级与得分不符"),
    ("A01", "完成值缺失"),
)


def synthetic(units: int, rows: int = 20, faults: int = 3) -> tuple[tuple[FileResult, ...], tuple[UnitResult, ...]]:
    """A district of any size, varied by arithmetic alone: some units have projects only, some sent nothing."""
    files: list[FileResult] = []
    results: list[UnitResult] = []
    for number in range(units):
        unit = Unit(
            f"{number + 1:04}", f"示例区第{number + 1}预算单位（{('农业农村', '教育')[number % 2]}）", contact="经办人"
        )
        if number % 9 == 8:
            results.append(UnitResult(unit, "missing", missing_forms=("whole-unit",)))
            continue
        file, result = _submitted(unit, number, rows, faults)
        files.append(file)
        results.append(result)
    return tuple(files), tuple(results)


def _submitted(unit: Unit, number: int, rows: int, faults: int) -> tuple[FileResult, UnitResult]:
    path = f"{unit.code}{unit.name}/2023年度部门整体支出绩效自评表.xlsx"
    faulty, project = number % 3 == 0, number % 5 == 4
    found = tuple(
        finding(
            CODES[(number * 7 + place) % 8][0],
            "must-fix" if faulty else "query",
            CODES[(number * 7 + place) % 8][1],
            path,
            f"F{12 + (number + place) % 9}",
            f"{place + 5}场",
        )
        for place in range(faults)
    )
    budget = 120 + number * 13 % 900
    form = evaluated(
        "project" if project else "whole-unit",
        source(path, number % 30 + 1),
        money(str(budget - 20), str(budget), f"{D(budget * (55 + number * 17 % 45)) / 100:.2f}"),
        [_row(number, place, rows) for place in range(rows)],
        f"示例项目{number}" if project else None,
        found,
    )
    status = "returned" if faulty else ("late" if number % 11 == 0 else "complete")
    copies = (f"returned/{unit.code}{unit.name}.xlsx",) if faulty else ()
    result = result_of(form, unit, status, findings=found, returned=copies, late=status == "late")
    result = replace(result, scored_by="projects") if project else result
    standing = "returned" if faulty else "accepted"
    return FileResult(form.source, standing, unit.name, (form.submission.form,), *copies[:1] or (None,), found), result


def _row(unit: int, number: int, rows: int) -> tuple[Indicator, str, str, str | None]:
    verdict = VERDICTS[(unit * 3 + number * number) % 5] if (unit + number) % 4 == 0 else "met"
    full = D(100) / rows
    missed = verdict == "not-met"
    cut = full * (D((unit * 5 + number) % 7) / 20 if missed else D(unit % 13) * 3 / 100)
    own = (full - cut / 3).quantize(D("0.01"))
    verified = None if verdict == "cannot-tell" else str((full - cut).quantize(D("0.01")))
    name = ("组织培训场次", "活动参与率", "按期完成率", "服务对象满意度", "宣传覆盖人数")[number % 5]
    return indicator(number, verdict, name, number), verdict, str(own), verified


def district(
    files: tuple[FileResult, ...], units: tuple[UnitResult, ...], findings: tuple[Finding, ...] = (), **more: object
) -> District:
    """A district of these results, with its tables."""
    tables = consolidated(files, units, findings)
    season = Season("湛江市麻章区", 2023, date(2024, 5, 27))
    nothing = Path(__file__).parent / "no record"
    history = History.load(nothing).with_run(sent(units), year=2023, mark=lambda _: (0, 0), files=files)
    described: dict = {
        "rectifications": history.rectifications,
        "resubmissions": history.resubmissions,
        "as_of": max((file.source.modified.date() for file in files), default=None),
        "scheme_name": "示例方案",
        "scheme_version": "2023-1",
        "scheme_sha256": "ab" * 32,
        "grades": tuple((name, D(least)) for least, name in GRADES),
        "version": "1.0",
        "findings": findings,
    }
    return District("示例", season, files, light(units), tables, **(described | more))
