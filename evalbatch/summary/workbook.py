"""A District in, its summary workbook out (one sheet for the leader, then one table a sheet), and its draft report."""

from collections.abc import Callable
from pathlib import Path

from evalbatch.reports.unit_draft_file import require
from evalbatch.sheets.book import Book, new_book
from evalbatch.sheets.painter import Painted, paint
from evalbatch.sheets.table import Table
from evalbatch.summary import compare, money, overview, problems, proof, ranking, rectification, standing, targets
from evalbatch.summary.charts import draw_all
from evalbatch.summary.digest import Digest
from evalbatch.summary.district import District

SHEETS: tuple[Callable[[Digest], Table | None], ...] = (
    standing.submissions,
    ranking.whole_units,
    ranking.project_units,
    targets.by_type,
    targets.listed,
    money.execution,
    problems.listed,
    problems.by_kind,
    ranking.differences,
    ranking.projects,
    compare.two_years,
    rectification.ledger,
    rectification.resubmitted,
    problems.by_spot,
    standing.files,
    proof.method,
)
"""The sheets in order of reading, after the overview; to add one, add its function. None: nothing to show."""


ALWAYS = ("提交情况", "文件清单", "口径说明")
"""Sheets that are there even without a row; of the others an empty one is left out."""


def write_summary(target: Path, district: District) -> None:
    """Write the district's summary workbook; links lead to score_sheets/ and returned/ beside it.

    Raises OSError when `target` can't be written.
    """
    with new_book(target, f"{district.season.district}{district.season.year}年度预算绩效自评汇总") as book:
        _fill(book, Digest(district))


def _fill(book: Book, digest: Digest) -> None:
    first = overview.open_sheet(book)
    painted: dict[str, Painted] = {}
    for describe in SHEETS:
        table = describe(digest)
        if table is not None and (len(table.rows) or table.name in ALWAYS):
            painted[table.name] = paint(book, table)
    proven = proof.agreement(digest, painted)
    painted[proven.name] = paint(book, proven)
    charts = draw_all(book, digest, painted)
    overview.fill_in(book, first, digest, painted, charts)
    first.activate()


def write_district_draft(target: Path, district: District) -> None:
    """Write the district's 预算绩效自评工作总结 to `target`, its figures those of the summary workbook.

    Refused where python-docx is not installed.
    """
    require()
    from evalbatch.summary.district_draft import district_report

    district_report(district).save(target)
