"""A bureau's own form with everything in it that a program could lose, drawn here and completed by hand."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import xlsxwriter

SHEET, LISTS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f0003860180345a5aa50000000049454e44ae426082"
)
NEWER_LIST = (
    '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>选项!$A$1:$A$4</xm:f></x14:formula1>'
    "<xm:sqref>B15</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
)
CONTROL = (
    '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="Drop" '
    'dropLines="8" fmlaLink="$F$15" fmlaRange="选项!$A$1:$A$4" noThreeD="1" sel="0" val="0"/>'
)
CONTROL_TYPE = "application/vnd.ms-excel.controlproperties+xml"
LINES = (9, 12)
"""The first and the last row for indicators."""


def own_form(path: Path, *, completed: bool = True) -> Path:
    """Draw the form: texts of two fonts, pictures, a box, lists, formats, a comment, a table, names, print settings.

    `completed` adds by hand what XlsxWriter has not: a list over another sheet as newer Excel keeps it, and a
    drop-down control with its cell.
    """
    (path.parent / "seal.png").write_bytes(PIXEL)
    with xlsxwriter.Workbook(path) as book:
        sheet, lists = book.add_worksheet("自评表"), book.add_worksheet("选项")
        lists.write_column(0, 0, ["优", "良", "中", "差"])
        lists.hide()
        _draw_cells(book, sheet)
        _draw_rules(book, sheet)
        sheet.insert_image("H2", path.parent / "seal.png")
        sheet.insert_image("H20", path.parent / "seal.png", {"object_position": 1})
        sheet.insert_textbox("H6", "填表前请先看说明")
        sheet.write_comment("B14", "各项得分之和", {"author": "财政局"})
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=自评表!$D$9:$D$12", "categories": "=自评表!$A$9:$A$12"})
        sheet.insert_chart("H24", chart)
        sheet.set_header("&L&G&C自评材料", {"image_left": str(path.parent / "seal.png")})
        sheet.set_footer("&C第&P页")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(7)
        sheet.print_area("A1:F18")
        book.define_name("总分格", "=自评表!$B$14")
        book.define_name("等级表", "=选项!$A$1:$A$4")
    if completed:
        change(
            path, {SHEET: _with_list, "[Content_Types].xml": _with_type, "xl/worksheets/_rels/sheet1.xml.rels": _tied}
        )
        add(path, {"xl/ctrlProps/ctrlProp1.xml": CONTROL.encode()})
    return path


def _draw_cells(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    bold, grid = book.add_format({"bold": True}), book.add_format({"border": 1, "bg_color": "#DDEEFF"})
    sheet.write_rich_string("A1", bold, "部门整体支出绩效自评表", "（{{ ye", bold, "ar }}年度）")
    sheet.write_string("A2", "单位 & 名称")
    sheet.merge_range("B2:D2", "{{ unit.name }}", grid)
    for column, text in enumerate(("资金", "年初预算数", "全年预算数", "全年执行数", "执行率")):
        sheet.write_string(3, column, text)
    sheet.write_string("A5", "年度资金总额")
    for column, key in enumerate(("initial", "adjusted", "executed"), 1):
        sheet.write_string(4, column, f"{{{{ budget.total.{key} }}}}", grid)
    sheet.write_formula("E5", "=IF(C5>0,D5/C5,0)", None, 0)
    for column, text in enumerate(("三级指标", "年度指标值", "实际完成值", "分值", "得分", "得分率")):
        sheet.write_string(7, column, text)
    for row in range(LINES[0], LINES[1] + 1):
        sheet.write_formula(row - 1, 5, f"=IF(D{row}>0,E{row}/D{row},0)", grid, 0)
    for column, key in enumerate(("name", "target", "actual", "weight", "score")):
        sheet.write_string(8, column, f"{{{{ indicators.{key} }}}}", grid)
        for row in range(10, 13):
            sheet.write_blank(row - 1, column, None, grid)
    sheet.write_string("A14", "总分")
    sheet.write_string("B14", "{{ total_score }}", grid)
    sheet.write_formula("D14", "=SUM(D9:D12)", None, 0)
    sheet.write_formula("E14", "=SUM($E$9:$E$12)+B14*0", None, 0)
    sheet.write_string("A15", "等级")
    sheet.write_string("B15", "{{ grade }}", grid)
    sheet.write_string("A17", "填表人：{{ prepared_by }}　电话：{{ phone }}")
    sheet.write_string("A18", "表样版本：{{ version }}")
    sheet.add_table("A20:C22", {"name": "附表", "columns": [{"header": name} for name in ("项目", "金额", "备注")]})


def _draw_rules(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    red = book.add_format({"font_color": "#B3261E"})
    sheet.data_validation("D9:D12", {"validate": "decimal", "criteria": ">=", "value": 0, "input_title": "分值"})
    sheet.data_validation("E12", {"validate": "decimal", "criteria": "<=", "value": "=$D$12"})
    sheet.data_validation("C9:C12", {"validate": "any", "input_message": "填实际数"})
    sheet.conditional_format("B14", {"type": "formula", "criteria": "=$B$14<>$E$14", "format": red})
    sheet.conditional_format("E9:E12", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline("F14", {"range": "自评表!E9:E12"})


def _with_list(data: bytes) -> bytes:
    before, end, after = data.rpartition(b"</extLst>")
    return before + NEWER_LIST.encode() + end + after


def _with_type(data: bytes) -> bytes:
    part = f'<Override PartName="/xl/ctrlProps/ctrlProp1.xml" ContentType="{CONTROL_TYPE}"/>'
    return data.replace(b"</Types>", part.encode() + b"</Types>")


def _tied(data: bytes) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/ctrlProp"
    relation = f'<Relationship Id="rId90" Type="{kind}" Target="../ctrlProps/ctrlProp1.xml"/>'
    return data.replace(b"</Relationships>", relation.encode() + b"</Relationships>")


# ---------------------------------------------------------------- parts, taken apart and put together


def parts_of(path: Path | bytes) -> dict[str, bytes]:
    """The parts of a workbook in their order."""
    with zipfile.ZipFile(BytesIO(path) if isinstance(path, bytes) else path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def change(path: Path, edits: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """Edit parts of a workbook in place."""
    parts = parts_of(path)
    return _write(path, {name: edits[name](data) if name in edits else data for name, data in parts.items()})


def add(path: Path, new: Mapping[str, bytes]) -> Path:
    """Add parts to a workbook."""
    return _write(path, {**parts_of(path), **new})


def _write(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return path


def prefixed(data: bytes) -> bytes:
    """A part whose main elements all have a prefix, as some programs write it."""
    named = re.sub(rb"<(/?)(?=[a-z]\w*[\s/>])", rb"<\1x:", data)
    return named.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode())


def strict(data: bytes) -> bytes:
    """A part of the Strict variant of the format."""
    for old, new in (
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
        ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
    ):
        data = data.replace(old.encode(), new.encode())
    return data
