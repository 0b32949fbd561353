"""A campaign folder written from a few tables, for tests that need a real one."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

SETTINGS = """
[campaign]
district = "示例市示例区"
year = 2023
deadline = 2024-05-31
"""

ROSTER = """
单位编码 | 单位名称 | 其他名称 | 应报表格 | 全年预算数（万元） | 全年执行数（万元）
001 | 示例区教育局 | 区教育局;示例教育局 | | 100 | 90
002 | 示例区教育局幼儿园 | | 免报 | |
003 | 示例区水务局 | | whole-unit、score | |
"""


def table(text: str) -> list[list[str]]:
    """Read a table written with | between its cells, one row a line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> Path:
    """Write rows as a workbook; text that reads as a number becomes a number, blanks stay blank."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value not in ("", None):
                    page.write(r, c, value)
    return path


def campaign_folder(folder: Path, roster: str = ROSTER, settings: str = SETTINGS) -> Path:
    """Make a campaign folder with an empty inbox."""
    (folder / "inbox").mkdir(parents=True)
    (folder / "evalbatch.toml").write_text(settings, encoding="utf-8")
    workbook(folder / "units.xlsx", table(roster))
    return folder
