"""A District in, its summary workbook out (one sheet for the leader, then one table a sheet), and its drafts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.pool.local import Lost, attempt
from evalbatch.reports.unit_draft_file import require
from evalbatch.sheets.book import Book, new_book
from evalbatch.sheets.painter import Painted, paint
from evalbatch.sheets.table import Column, Table
from evalbatch.summary import (
    compare,
    money,
    overview,
    problems,
    proof,
    proposals,
    ranking,
    rectification,
    standing,
    targets,
    years,
)
from evalbatch.summary.charts import SHEET as CHARTS
from evalbatch.summary.charts import Bars, draw_all
from evalbatch.summary.digest import Digest
from evalbatch.summary.district import District
from evalbatch.summary.grid import OVERVIEW

SHEETS: Mapping[str, Callable[[Digest], Table | None]] = {
    "提交情况": standing.submissions,
    "得分排名": ranking.whole_units,
    "项目单位得分": ranking.project_units,
    "指标完成情况": targets.by_type,
    "指标明细": targets.listed,
    proposals.SHEET: proposals.proposed,
    "资金执行": money.execution,
    "问题清单": problems.listed,
    "问题分类": problems.by_kind,
    "自评与复核差异": ranking.differences,
    "项目汇总": ranking.projects,
    "与上年比较": compare.two_years,
    years.SHEET: years.side_by_side,
    "整改台账": rectification.ledger,
    "重报对比": rectification.resubmitted,
    "表样问题": problems.by_spot,
    "文件清单": standing.files,
    "口径说明": proof.method,
}
"""The sheets in order of reading, after the overview; to add one, add its name and function. None: nothing to show."""
DRAWN: Mapping[str, Callable[[Painted], None]] = {years.SHEET: years.draw_lines}
"""What is drawn on a sheet when its table is painted."""
AGREEMENT = "数据核对"


ALWAYS = ("提交情况", "文件清单", "口径说明", AGREEMENT)
"""Sheets that are there even without a row; of the others an empty one is left out."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a summary: in words, the sheets that can't be made; and its charts, for the drafts."""

    unmade: tuple[str, ...]
    charts: tuple[Bars, ...]


class _Unmade(Exception):
    """A sheet can't be made: the workbook is begun anew without it."""

    def __init__(self, name: str, lost: Lost) -> None:
        super().__init__(name)
        self.name, self.lost = name, lost


def write_summary(target: Path, district: District) -> Written:
    """Write the district's summary workbook; links lead to score_sheets/ and returned/ beside it.

    A sheet that can't be made says so in its place. Raises OSError when `target` can't be written.
    """
    lost: dict[str, Lost] = {}
    while True:
        try:
            with new_book(target, f"{district.season.district}{district.season.year}年度预算绩效自评汇总") as book:
                charts = _fill(book, Digest(district), lost)
            return Written(tuple(f"汇总表的“{name}”{_said(one)}" for name, one in lost.items()), charts)
        except _Unmade as unmade:
            lost[unmade.name] = unmade.lost


def write_unmade(target: Path, notes: Sequence[str]) -> None:
    """Write a summary that says why there is none. Raises OSError."""
    with new_book(target, "预算绩效自评汇总") as book:
        paint(book, _in_its_place(OVERVIEW, notes))


def _fill(book: Book, digest: Digest, lost: Mapping[str, Lost]) -> tuple[Bars, ...]:
    first = _one(book, lost, OVERVIEW, overview.open_sheet)
    painted: dict[str, Painted] = {}
    for name, describe in SHEETS.items():
        if sheet := _one(book, lost, name, _painted, describe, digest):
            painted[name] = sheet
    painted[AGREEMENT] = _one(book, lost, AGREEMENT, _painted, proof.agreement, digest, dict(painted))
    made = _one(book, lost, CHARTS, draw_all, digest, painted)
    charts = () if CHARTS in lost else tuple(made)
    if OVERVIEW not in lost:
        _one(book, lost, OVERVIEW, overview.fill_in, first, digest, painted, charts)
        first.activate()
    return tuple(drawn.bars for drawn in charts)


def _one(book: Book, lost: Mapping[str, Lost], name: str, make: Callable[..., Any], *given: Any) -> Any:
    """Make one sheet, or say in its place why it can't be made."""
    if name in lost:
        return paint(book, _in_its_place(name, [f"本表{_said(lost[name])}"]))
    made = attempt(make, book, *given)
    if isinstance(made, Lost):
        raise _Unmade(name, made)
    return made


def _painted(book: Book, describe: Callable[..., Table | None], *given: Any) -> Painted | None:
    table = describe(*given)
    if table is None or not (len(table.rows) or table.name in ALWAYS):
        return None
    painted = paint(book, table)
    if draw := DRAWN.get(table.name):
        draw(painted)
    return painted


def _in_its_place(name: str, notes: Sequence[str]) -> Table:
    return Table(name, name, [Column("说明", "long")], [], notes=notes, empty="没有内容。")


def _said(lost: Lost) -> str:
    return f"没有做成：{lost.why}；其余各表不受影响。"


def write_district_draft(target: Path, district: District, charts: Sequence[Bars] = ()) -> None:
    """Write the district's 预算绩效自评工作总结 to `target`, its figures and charts those of the summary workbook.

    Refused where python-docx is not installed.
    """
    require()
    from evalbatch.summary.district_draft import district_report

    district_report(district, charts).save(target)


def write_circular(target: Path, district: District, charts: Sequence[Bars] = ()) -> None:
    """Write the draft of the 通报 that goes to all units; as `write_district_draft`."""
    require()
    from evalbatch.summary.circular import circular

    circular(district, charts).save(target)
