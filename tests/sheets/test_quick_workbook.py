"""The quick workbook: what XlsxWriter would have written, byte for byte."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from districts import district, synthetic
from unit_results import SCHEME, SEASON, empty_result, project_result, seed_result
from xlsxwriter.chart_bar import ChartBar

from evalbatch.reports.score_sheet.workbook import write_score_sheet
from evalbatch.sheets import book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.quick import QuickWorkbook
from evalbatch.sheets.quick_chart import Draw
from evalbatch.sheets.table import Column, Formula, Link, Table, Toned
from evalbatch.summary.workbook import write_summary


def every_kind_of_cell(target: Path) -> None:
    """Values that score sheets have none of: errors, truth values, a note, a rich text, a condition, a link."""
    with book.QuickWorkbook(str(target), {"in_memory": True}) as made:
        made.set_properties({"created": book.CREATED})
        sheet = made.add_worksheet("表")
        red, plain = made.add_format({"font_color": "red", "num_format": "0.00%"}), made.add_format({"bold": True})
        sheet.write_formula(0, 0, "=1/0", plain, "#DIV/0!")
        sheet.write_formula(0, 1, "=1=1", plain, True)
        sheet.write_formula(0, 2, '=IF(A2<"&",1,"")', plain, "")
        sheet.write_array_formula(1, 0, 1, 1, "{=SUM(A1:B1)}", red, 3)
        sheet.write_dynamic_array_formula(2, 0, 2, 0, "=UNIQUE(A1:A2)", red, 0)
        sheet.write_rich_string(3, 0, plain, "粗", "细", red)
        sheet.write_boolean(4, 0, True, red)
        sheet.write_number(5, 0, 0.1 + 0.2, red)
        sheet.write_number(5, 1, 12345678901234567890, plain)
        sheet.write_string(6, 0, ' 首尾空格与<&>" ', plain)
        for row, text in enumerate(
            ("两行\n文字", "_x0041_", "<r>像富文本</r>", "\x07铃", "\u3000全角空格", "a\tb", "😀")
        ):
            sheet.write_string(row, 4, text, plain)
        sheet.write_comment(6, 0, "批注")
        sheet.write_url(7, 0, "internal:'表'!A1", red, "返回")
        sheet.conditional_format(0, 0, 9, 0, {"type": "cell", "criteria": ">", "value": 1, "format": red})


def long_table(target: Path) -> None:
    """A table of many rows that is settled while it is painted, with every kind of value that a table holds."""
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
    with book.new_book(target, "长表") as made:
        front = made.sheet("首页", "screen")
        for number in (600, 3):
            table = Table(
                f"表{number}", "长表", columns, rows[:number], notes=["注"], totals=[["合计", *[None] * 5]],
                identifier=f"table_{number}", back=Link.to_sheet("返回", "首页"),
            )  # fmt: skip
            paint(made, table, settled=True)
        made.write(front, 0, 0, Toned("写在最后", "good"), "screen", "title")


def plain_bar(draw: Draw) -> ChartBar:
    """The chart as XlsxWriter makes it."""
    chart = ChartBar()
    draw(chart)
    chart.embedded = True
    return chart


def bars_of(*labels: str | Decimal) -> Callable[[Path], None]:
    """A chart whose bars are named by these, always at the same place."""

    def write(target: Path) -> None:
        with book.new_book(target, "图") as made:
            sheet = made.sheet("表", "signed")
            for row, label in enumerate(labels):
                made.write(sheet, row, 0, label, "signed", kind="int" if isinstance(label, Decimal) else "text")
                made.write(sheet, row, 1, Decimal(row) / 3, "signed", kind="points")
            chart = made.bar_chart(
                "bars", lambda chart: chart.add_series({"categories": "=表!$A$1:$A$3", "values": "=表!$B$1:$B$3"})
            )
            sheet.insert_chart(5, 0, chart)

    return write


WRITERS: dict[str, Callable[[Path], None]] = {
    "the seed's score sheet": lambda target: write_score_sheet(target, seed_result(), SCHEME, SEASON),
    "a score sheet of projects": lambda target: write_score_sheet(target, project_result(), SCHEME, SEASON),
    "a score sheet of nothing": lambda target: write_score_sheet(target, empty_result(), SCHEME, SEASON),
    "a district's summary": lambda target: write_summary(target, district(*synthetic(12))),
    "a long table": long_table,
    "every kind of cell": every_kind_of_cell,
    "a chart of named bars": bars_of("产出", "效益 & <其他>", "满意度"),
    "a chart of numbered bars": bars_of(Decimal(1), Decimal(2), Decimal(3)),
    "a chart of bars that have no names": bars_of("", ""),
}


@pytest.mark.parametrize("what", WRITERS)
def test_quick_workbook__of_anything_we_write__is_xlsxwriters_bytes(what, tmp_path, monkeypatch):
    """The short ways change nothing; twice, because the second takes formats and styles made for the first."""
    quick = []
    for turn in ("once", "again"):
        WRITERS[what](tmp_path / f"{turn}.xlsx")
        quick.append((tmp_path / f"{turn}.xlsx").read_bytes())
    monkeypatch.setattr(book, "QuickWorkbook", xlsxwriter.Workbook)
    monkeypatch.setattr(book.QuickBar, "drawn_for", lambda _key, draw: plain_bar(draw))
    WRITERS[what](tmp_path / "plain.xlsx")
    assert quick == [(tmp_path / "plain.xlsx").read_bytes()] * 2


def test_quick_format__changed_after_it_was_added__leaves_the_next_one_as_it_was(tmp_path):
    """Formats are copies: what a caller does to his own reaches nobody else's."""
    with QuickWorkbook(str(tmp_path / "a.xlsx"), {"in_memory": True}) as made:
        first = made.add_format({"bold": True})
        first.set_font_size(40)
        second = made.add_format({"bold": True})
        assert (first.font_size, second.font_size) == (40, 11)


def test_settled_rows__written_or_charted__say_so(tmp_path):
    """What was packed away is not lost without a word."""
    with book.new_book(tmp_path / "a.xlsx", "表") as made:
        sheet = made.sheet("表", "screen")
        for row in range(40):
            made.write(sheet, row, 0, "字", "screen")
        made.settle(sheet, 40)
        made.write(sheet, 32, 1, "未满16行的还可以写", "screen")
        with pytest.raises(ValueError, match="row 31 of 表 is settled"):
            made.write(sheet, 31, 1, "字", "screen")
        with pytest.raises(ValueError, match="row 0 of 表 is settled"):
            sheet._get_range_data(0, 0, 40, 0)
