"""A Table painted: what it holds, and what never happens to a value."""

import html
import re
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from evalbatch.sheets import look
from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import Column, Formula, Link, Table, Toned, column_widths

COLUMNS = (
    Column("单位", "name"),
    Column("级别", "short"),
    Column("执行率", "number", "percent", note="全年执行数 ÷ 全年预算数"),
    Column("预算（万元）", "number", "money"),
    Column("日期", "date", "date"),
    Column("说明", "long"),
)
FIELDS = ("unit", "level", "rate", "budget", "day", "note")


def painted(folder, rows, **changes):
    """A workbook with one table, and where the table lies."""
    target = folder / "book.xlsx"
    with new_book(target, "标题") as book:
        place = paint(book, Table("汇总", "2023年度汇总", COLUMNS, rows, **changes))
    return target, place


def row(**changes):
    """A row of the table, blank but for what is said."""
    return [changes.get(field) for field in FIELDS]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"rate": Decimal("97.21")}, 0.9721),
        ({"budget": Decimal("1234567.89")}, 1234567.89),
        ({"budget": Decimal(0)}, 0),
        ({"budget": None}, None),
        ({"budget": "未报"}, "未报"),
        ({"budget": Formula("=1+1", Decimal(2))}, 2),
        ({"rate": Formula("=1/2", Decimal("0.5"))}, 0.5),
        ({"note": Toned("必须更正", "must-fix")}, "必须更正"),
        ({"note": "=1+1"}, "=1+1"),
        ({"note": "+cmd|' /C calc'!A0"}, "+cmd|' /C calc'!A0"),
        ({"note": "http://example.org"}, "http://example.org"),
        ({"note": "012"}, "012"),
        ({"note": "a\x00b\x1b"}, "a�b�"),
        ({"budget": Decimal("NaN")}, "NaN"),
        ({"day": date(1899, 1, 1)}, "1899-01-01"),
    ],
)
def test_value__written__is_stored_as_what_it_is(tmp_path, value, stored):
    """Text stays text, numbers numbers, blanks blanks; zero is no blank."""
    target, place = painted(tmp_path, [row(**value)])
    column = FIELDS.index(next(iter(value)))
    cell = load_workbook(target, data_only=True)["汇总"].cell(place.first_row + 1, column + 1)
    assert cell.value == stored
    assert cell.hyperlink is None


def test_table__on_screen__is_named_frozen_and_filterable(tmp_path):
    """Title in A1, one header row frozen and repeated in print, an Excel table with its name."""
    target, place = painted(tmp_path, [row(unit="甲")], identifier="单位表", measure="单位：万元", frozen_columns=1)
    sheet = load_workbook(target)["汇总"]
    assert sheet["A1"].value == "2023年度汇总"
    assert sheet["F2"].value == "单位：万元"
    assert sheet.freeze_panes == "B4"
    assert sheet.tables["单位表"].ref == "A3:F4"
    assert sheet.print_title_rows == "$3:$3"
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.fitToHeight) == (9, 0)
    assert "第 &P 页 共 &N 页" in str(sheet.oddFooter.center.text)
    assert place.reference("执行率") == "='汇总'!$C$4"
    assert sheet["C3"].comment.text == "全年执行数 ÷ 全年预算数"


def test_table__without_rows__says_so(tmp_path):
    """An empty table is no broken table."""
    target, _ = painted(tmp_path, [], identifier="单位表", empty="没有发现问题。")
    sheet = load_workbook(target)["汇总"]
    assert sheet["A3"].value == "没有发现问题。"
    assert not sheet.tables


def test_columns__for_the_screen_only__stay_off_the_paper(tmp_path):
    """Links and keys stand last; title, notes and measure keep to what is printed, the way back does not."""
    columns = (Column("单位", "name"), Column("说明", "long"), Column("退回件", "short", paper=False))
    table = Table(
        "汇总", "汇总", columns, [["甲", "说明", Link.to_file("打开", "a.xlsx")]], measure="单位：万元",
        notes=["注"], totals=[["合计", None, None]], back=Link.to_sheet("返回", "汇总"),
    )  # fmt: skip
    with new_book(tmp_path / "a.xlsx", "标题") as book:
        paint(book, table)
    sheet = load_workbook(tmp_path / "a.xlsx")["汇总"]
    assert sheet.print_area == "'汇总'!$A$1:$B$6"
    assert (sheet["B2"].value, sheet["C2"].value) == ("单位：万元", "返回")
    assert "A3:B3" in map(str, sheet.merged_cells.ranges)


WIDE = (
    *(Column(f"文字{number}", "long") for number in range(3)),
    *(Column(f"本年度的很长的栏名{number}", "number", "money") for number in range(4)),
    Column("链接", "long"),
)


def test_columns__too_many_for_a_page__give_way_as_far_as_they_can():
    """A page keeps to about seven tenths of full size; a number keeps its digits, and a link its line."""
    values = [*("资金" * 40 for _ in range(3)), *(Decimal("1234567.89") for _ in range(4)), Link("自评表!F17" * 2, "")]
    table = Table("汇总", "汇总", WIDE, [values])
    widths = column_widths(table)
    assert sum(widths) == pytest.approx(look.WIDEST_PRINTED, abs=1)
    assert all(width >= look.WIDTHS["long"][0] for width in widths[:3])
    assert all(width >= len("1,234,567.89") + 2 for width in widths[3:7])
    assert widths[7] >= look.text_width("自评表!F17" * 2) + 2
    assert sum(column_widths(Table("表", "表", WIDE[:3], [values[:3]]))) == 3 * look.WIDTHS["long"][1]


def test_long_text__wrapped__gets_a_row_that_holds_it(tmp_path):
    """A row is as high as its longest text needs in its column."""
    target, place = painted(tmp_path, [row(note="资金" * 100), row(note="短")])
    sheet = load_workbook(target)["汇总"]
    tall, short = (sheet.row_dimensions[place.first_row + i].height for i in (1, 2))
    assert tall >= 200 / place.widths[-1] * 2 * 12
    assert short < 25


def test_severity__coloured__is_worded_too(tmp_path):
    """A coloured cell says in words what its colour says."""
    target, place = painted(tmp_path, [row(level=Toned("必须更正", "must-fix"))])
    cell = load_workbook(target)["汇总"].cell(place.first_row + 1, 2)
    assert (cell.value, cell.fill.fgColor.rgb, cell.font.color.rgb) == ("必须更正", "FFFDECEA", "FFB3261E")


def test_link__to_a_file__is_written_as_excel_writes_it(tmp_path):
    """A path has Windows' slashes, which Excel, WPS and LibreOffice read on every system; what means something in a
    link is escaped."""
    target, _ = painted(tmp_path, [row(unit=Link.to_file("C7", "../returned/甲 #1%.xlsx", "表's", "C7"))])
    with zipfile.ZipFile(target) as archive:
        relations = archive.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'Target="..\\returned\\甲%20%231%25.xlsx"' in relations
    assert "location=\"'表''s'!C7\"" in sheet


@pytest.mark.slow
@pytest.mark.render
def test_link__to_a_file__opened_by_libreoffice__leads_there(tmp_path):
    """Where paths have other slashes the link leads to the same file."""
    target, _ = painted(tmp_path, [row(unit=Link.to_file("C7", "../returned/甲 #1.xlsx", "表", "C7"))])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    office = ["soffice", profile, "--headless", "--convert-to", "fods", "--outdir", tmp_path, target]
    subprocess.run(office, check=True, capture_output=True)
    links = re.findall('xlink:href="([^"]+)"', target.with_suffix(".fods").read_text(encoding="utf-8"))
    assert [unquote(html.unescape(link)) for link in links] == ["../returned/甲 #1.xlsx#'表'!C7"]


def test_links__more_than_excel_opens__stay_text(tmp_path, monkeypatch):
    """Past Excel's limit a link is its text; no sheet becomes unreadable."""
    monkeypatch.setattr("evalbatch.sheets.book._MOST_LINKS", 2)
    target, _ = painted(tmp_path, [row(unit=Link.to_sheet(f"第{i}个", "汇总")) for i in range(4)])
    cells = [load_workbook(target)["汇总"].cell(2 + i, 1) for i in (1, 2, 3, 4)]
    assert [cell.value for cell in cells] == [f"第{i}个" for i in range(4)]
    assert [cell.hyperlink is not None for cell in cells] == [True, True, False, False]


def test_table__written_twice__has_the_same_bytes(tmp_path):
    """No clock and no chance in a workbook."""
    rows = [row(unit="甲", level=Toned("请核实", "query"), rate=Decimal(1), day=date(2024, 5, 30))]
    first = painted(tmp_path, rows)[0].read_bytes()
    assert painted(tmp_path, rows)[0].read_bytes() == first
