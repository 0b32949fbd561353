"""A workbook of ours: the same bytes each time, and what is written is where it was asked for."""

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from districts import district, synthetic
from judged_units import score_sheet
from openpyxl import load_workbook
from unit_results import SCHEME, SEASON, empty_result, project_result, seed_result

from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import Column, Formula, Link, Table, Toned
from evalbatch.summary.workbook import write_summary


def long_table(target: Path, *, row_by_row: bool = False) -> None:
    """A table of many rows with every kind of value that a table holds."""
    columns = (
        Column("单位", "name"), Column("级别", "short"), Column("执行率", "number", "percent", note="占比\n" * 40),
        Column("日期", "date", "date"), Column("评分表", "short"), Column("目录", "short"),
    )  # fmt: skip
    rows = [
        [
            f"单位{row}\n" * (row % 3), Toned("请核实", "query") if row % 7 else None,
            Formula(f'=IF(A{row}="100%",1,"&")', "&%s" if row % 5 else Decimal(row) / 7), date(2024, 5, 1 + row % 30),
            Link.to_file("打开", f"../甲/{row}%.xlsx", "表", "C7"), Link.to_sheet("返回", "表", f"A{row}"),
        ]
        for row in range(600)
    ]  # fmt: skip
    with new_book(target, "长表", row_by_row=row_by_row) as made:
        front = made.sheet("首页", "screen")
        for number in (600, 3):
            table = Table(
                f"表{number}", "长表", columns, rows[:number], notes=["注"], totals=[["合计", *[None] * 5]],
                identifier="" if row_by_row else f"table_{number}", back=Link.to_sheet("返回", "首页"),
            )  # fmt: skip
            paint(made, table)
        made.write(front, 0, 0, Toned("写在最后", "good"), "screen", "title")


WRITERS: dict[str, Callable[[Path], object]] = {
    "the seed's score sheet": lambda target: score_sheet(target, seed_result(), SCHEME, SEASON),
    "a score sheet of projects": lambda target: score_sheet(target, project_result(), SCHEME, SEASON),
    "a score sheet of nothing": lambda target: score_sheet(target, empty_result(), SCHEME, SEASON),
    "a district's summary": lambda target: write_summary(target, district(*synthetic(12))),
    "a long table": long_table,
    "a long table row by row": lambda target: long_table(target, row_by_row=True),
}


@pytest.mark.parametrize("what", WRITERS)
def test_book__written_twice__has_the_same_bytes(what, tmp_path):
    """No clock and no chance, whatever the process has written before: each part bears the same fixed time."""
    for name in ("once.xlsx", "again.xlsx"):
        WRITERS[what](tmp_path / name)
    assert (tmp_path / "once.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "once.xlsx") as archive:
        assert {entry.date_time[:2] for entry in archive.infolist()} == {(1980, 1)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_book__row_by_row__holds_the_same_cells(tmp_path):
    """How much is kept in memory is not to be seen in a sheet."""
    written = []
    for row_by_row in (False, True):
        long_table(tmp_path / "a.xlsx", row_by_row=row_by_row)
        sheet = load_workbook(tmp_path / "a.xlsx")["表600"]
        written.append([[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()])
    assert written[0] == written[1]
    assert len(written[0]) == 605


def test_book__in_memory__is_written_where_it_was_asked_for():
    """A workbook that goes on in memory needs no file."""
    target = BytesIO()
    with new_book(target, "标题") as made:
        made.write(made.sheet("表", "screen"), 0, 0, "字", "screen")
    assert load_workbook(target)["表"]["A1"].value == "字"


@pytest.mark.parametrize(
    ("value", "first", "format_of_all"),
    [
        ("文字", "文字", True),
        (None, None, True),
        (Decimal(3), 3, True),
        (Toned("请核实", "query"), "请核实", True),
        (Formula("=1+1", 2), "=1+1", True),
        (Link.to_sheet("去", "表"), "去", False),
    ],
)
def test_span__of_any_value__is_in_the_first_of_merged_cells(tmp_path, value, first, format_of_all):
    """All cells of a merge bear its ground and lines; a link's ink is on its text alone."""
    with new_book(tmp_path / "a.xlsx", "标题") as made:
        made.span(made.sheet("表", "signed"), 0, (0, 2), value, "signed", last_row=1)
    sheet = load_workbook(tmp_path / "a.xlsx")["表"]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C2"]
    assert sheet["A1"].value == first
    assert {cell.border.bottom.style for row in sheet["A2:C2"] for cell in row} == {"thin"}
    assert (sheet["A1"].font.underline is None) == format_of_all
