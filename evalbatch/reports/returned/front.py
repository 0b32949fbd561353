"""Findings in, the sheet 需更正事项 out: as a workbook of its own, or as a sheet to set before a unit's own."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from evalbatch.model import Finding
from evalbatch.reports.finding_sheet import place, settle_order, severity
from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import CellValue, Column, Link, Table
from evalbatch.xlsx.addresses import cells_of
from evalbatch.xlsx.styles import Styles

FRONT = "需更正事项"
_MARKED = (
    "请按下表逐项更正。本工作簿中红底的单元格必须更正；蓝色斜线底的请核实，填写无误的请写明原因。"
    "点“位置”可到该单元格，批注里有说明。"
)
_LISTED = "原文件的格式不能直接标注。请对照下表在原文件中逐项更正；列为“请核实”的，填写无误的请写明原因。"
_SHARED = (
    "原文件里还有别的单位的表，不能退回原件。请对照下表在本单位的表中逐项更正，单独存为一个文件报送；"
    "列为“请核实”的，填写无误的请写明原因。"
)
_INERT = "为安全起见，退回件中去掉了原文件里的{}，公式保留了计算结果；你单位手里的原文件没有改动。"
_COLUMNS = (
    Column("序号", "mark", "int", align="center"),
    Column("级别", "short", align="center"),
    Column("位置", "name"),
    Column("问题", "long"),
    Column("如何处理", "long"),
    Column("现填", "path"),
    Column("应为", "path"),
)
_CELL = re.compile(rb'<c r="([A-Z]+\d+)"( s="(\d+)")?( t="s")?(?:/>|>(?:<v>([^<]*)</v>)?</c>)')
_STRING = re.compile(rb"<si>((?:[^<]++|<(?!/?si>))*+)</si>")


def write_list(target: Path | io.BytesIO, table: Table) -> None:
    """Write the list as a workbook of its own."""
    with new_book(target, table.title) as book:
        paint(book, table)


def front_table(
    findings: Sequence[Finding],
    unit_name: str,
    deadline: date | None,
    sheets: Sequence[str] | None,
    taken_out: Sequence[str] = (),
    *,
    shared: bool = False,
) -> Table:
    """Describe the list: must-fix, then query, no notes. `sheets` can be linked to; None: nothing is marked.

    `shared` says that the workbook is not sent back because other units' forms are in it. `taken_out` says in words
    what acted by itself in the unit's workbook and does not in the copy.
    """
    listed = [finding for finding in settle_order(findings) if finding.severity != "note"]
    rows = [_row(number, finding, sheets or ()) for number, finding in enumerate(listed, 1)]
    until = "" if deadline is None else f"请于{deadline.year}年{deadline.month}月{deadline.day}日前重新报送。"
    must = sum(finding.severity == "must-fix" for finding in listed)
    subtitle = f"{unit_name}　" if unit_name else ""
    first = _SHARED if shared else _LISTED if sheets is None else _MARKED
    acted = [_INERT.format("、".join(taken_out))] if taken_out else []
    return Table(
        FRONT, FRONT, _COLUMNS, rows, look="signed", landscape=True,
        subtitle=f"{subtitle}必须更正 {must} 项，请核实 {len(listed) - must} 项",
        notes=(first + until, *acted), empty="没有必须更正的问题。",
    )  # fmt: skip


def _row(number: int, finding: Finding, sheets: Sequence[str]) -> list[CellValue]:
    where: CellValue = place(finding)
    if finding.sheet in sheets:
        cells = cells_of(finding.cell)
        first = (finding.cell or "A1").split(":")[0] if cells else "A1"
        where = Link.to_sheet(place(finding), finding.sheet or "", first)
    return [number, severity(finding), where, finding.message, finding.remedy, finding.value, finding.expected]


def grafted(table: Table, styles: Styles) -> bytes:
    """Paint the list and give its sheet part, fit for another workbook: formats added to its styles, texts inline."""
    buffer = io.BytesIO()
    write_list(buffer, table)
    with zipfile.ZipFile(buffer) as made:
        sheet = made.read("xl/worksheets/sheet1.xml")
        texts = _STRING.findall(made.read("xl/sharedStrings.xml"))
        numbers = styles.graft(Styles.read(made.read("xl/styles.xml")))

    def cell(found: re.Match[bytes]) -> bytes:
        style = b"" if found[3] is None else b' s="%d"' % numbers[int(found[3])]
        if found[4]:
            return b'<c r="%s"%s t="inlineStr"><is>%s</is></c>' % (found[1], style, texts[int(found[5])])
        value = b"" if found[5] is None else b"<v>%s</v>" % found[5]
        return b'<c r="%s"%s>%s</c>' % (found[1], style, value)

    return _CELL.sub(cell, sheet)
