"""A unit corrects its errors in the marked copy and sends that back: it reads as its own workbook did."""

from dataclasses import replace
from pathlib import Path

from openpyxl import Workbook, load_workbook

from evalbatch.model import Finding, Reading
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_workbook
from evalbatch.reports.returned.returned_copy import write_returned_copy

LEXICON = load_lexicon(())
ROWS = [
    ["项目支出绩效自评表（2023年度）"],
    ["项目名称", "修路"],
    ["主管部门", "交通局", "实施单位", "公路站"],
    ["三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["里程", "≥3公里", "3公里", 60, 96],
    ["群众满意度", "≥90%", "95%", 40, 40],
    ["合计", None, None, 100, 136],
]
FOUND = [
    Finding("S01", "must-fix", "得分“96”超过分值“60”。", "请改为不超过60分。", "自评表", "E5", "96", "≤60"),
    Finding("A11", "query", "“3公里”请核实。", "请核实项目名称、实施单位、三级指标。", "自评表", "C5:C6", "3公里"),
]


def own_workbook(path: Path) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "自评表"
    for row in ROWS:
        sheet.append(row)
    book.save(path)
    return path.read_bytes()


def cells(reading: Reading) -> list[object]:
    return [replace(one, title="") for one in reading.submissions]


def test_read__returned_copy__reads_as_the_units_own_workbook(tmp_path: Path) -> None:
    """The list in front is no form and nothing unused; marks and comments are no data."""
    data = own_workbook(tmp_path / "own.xlsx")
    write_returned_copy(data, FOUND, tmp_path / "returned.xlsx", "公路站")
    assert load_workbook(tmp_path / "returned.xlsx").sheetnames == ["需更正事项", "自评表"]
    before = read_workbook(data, LEXICON)
    after = read_workbook((tmp_path / "returned.xlsx").read_bytes(), LEXICON)
    assert cells(after) == cells(before)
    assert (after.unused, after.findings) == (before.unused, before.findings) == ((), ())


def test_read__corrected_returned_copy__has_the_new_value(tmp_path: Path) -> None:
    """What the unit corrects in the marked copy is what counts."""
    write_returned_copy(own_workbook(tmp_path / "own.xlsx"), FOUND, tmp_path / "returned.xlsx", "公路站")
    book = load_workbook(tmp_path / "returned.xlsx")
    book["自评表"]["E5"] = 60
    book.save(tmp_path / "corrected.xlsx")
    reading = read_workbook((tmp_path / "corrected.xlsx").read_bytes(), LEXICON)
    assert [one.score for one in reading.submissions[0].indicators] == [60, 40]
    assert reading.unused == ()
