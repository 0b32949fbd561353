"""A campaign folder as a run leaves it: roster with addresses, run.json, score sheets and returned copies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from campaign_folder import campaign_folder

from evalbatch.campaign.folder import load_campaign
from evalbatch.mail.mailing import Mailing
from evalbatch.mail.wording import Kind
from evalbatch.model import FileResult, Finding, SourceFile, Unit, UnitResult
from evalbatch.scoring.workbook import load_scheme
from evalbatch.storage.hashes import file_hash
from evalbatch.tables.manifest import manifest, write_manifest

SETTINGS = """
[campaign]
district = "示例市示例区"
year = 2023
deadline = 2024-05-31

[mail]
host = "127.0.0.1"
port = {port}
security = "{security}"
user = "{user}"
sender = "绩效评价 <jx@example.org>"
per_minute = {per_minute}
"""
FINDING = Finding(
    "M01", "must-fix", "工作表“自评表”单元格 E7（全年预算数）：合计与各项之和不符。", "请改正 E7。",
    sheet="自评表", cell="E7", title="资金合计不符",
)  # fmt: skip


def settings(port: int = 1, security: str = "none", user: str = "", per_minute: int = 1000) -> str:
    return SETTINGS.format(port=port, security=security, user=user, per_minute=per_minute)


def units_of(count: int) -> list[Unit]:
    """Units 示例001局 …, each with its address."""
    return [Unit(f"{n:03}", f"示例{n:03}局", emails=(f"u{n:03}@example.org",)) for n in range(1, count + 1)]


def result(unit: Unit, status: str = "complete", findings: int = 0, **more: object) -> UnitResult:
    """A unit's result by its status, with so many findings to correct."""
    sent = status != "missing"
    stem = f"{unit.code}_{unit.name}" if unit.code else unit.name
    base = UnitResult(
        unit,
        status,
        findings=tuple(replace(FINDING, file=f"{unit.name}/自评表.xlsx", cell=f"E{n}") for n in range(findings)),
        self_score=Decimal(96) if sent else None,
        verified_score=Decimal("95.28") if sent else None,
        verified_grade="优" if sent else None,
        score_sheet=f"score_sheets/{stem}_复核评分表.xlsx" if sent else None,
        returned=(f"returned/{unit.name}/退回_自评表.xlsx",) if findings else (),
        missing_forms=() if sent else ("whole-unit",),
        correct_by=date(2024, 6, 7) if findings else None,
    )
    return replace(base, **more)


def workbook(path: Path, rows: Sequence[Sequence[str]], behind: Sequence[str] = ()) -> None:
    """Write rows as a workbook, the same bytes each time; `behind` are further sheets, as a marked copy has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for name in behind:
            book.add_worksheet(name).write(0, 0, name)


def after_a_run(folder: Path, results: Sequence[UnitResult], toml: str = "") -> Path:
    """Make the campaign folder, or leave in the one that is there what a new run of other results would."""
    if not folder.exists():
        lines = ["单位编码 | 单位名称 | 电子邮箱"]
        lines += [f"{x.unit.code} | {x.unit.name} | {';'.join(x.unit.emails)}" for x in results]
        campaign_folder(folder, "\n".join(lines), toml or settings())
    campaign = load_campaign(folder)
    output = campaign.output
    for each in results:
        if each.score_sheet:
            workbook(output / each.score_sheet, [["单位名称", each.unit.name], ["复核得分", str(each.verified_score)]])
        for path in each.returned:
            workbook(output / path, [["需更正事项"], [f"{each.unit.name}　必须更正 1 项"]], ["自评表"])
    files = [
        FileResult(
            SourceFile(f"{x.unit.name}/自评表.xlsx", "0" * 64, 1, datetime(2024, 5, 30), "xlsx", "workbook"),
            "returned", x.unit.name, returned=path, findings=x.findings,
        )
        for x in results for path in x.returned
    ]  # fmt: skip
    output.mkdir(exist_ok=True)
    made = [path for x in results for path in ((x.score_sheet,) if x.score_sheet else ()) + x.returned]
    outputs = {"all": [], "sha256": {path: file_hash(output / path) for path in made}}
    record = manifest(campaign.name, campaign.season, load_scheme(None), files, results, outputs)
    write_manifest(output / "run.json", record)
    return folder


def mailing(folder: Path, kind: Kind = "result") -> Mailing:
    campaign = load_campaign(folder)
    return Mailing.of(campaign, campaign.output, kind)
