"""Makes the second worked example: a campaign with forms of its own and a scheme of its own, beside the built-in ones.

Run `python scripts/make_own_example.py [FOLDER]`. One whole-unit form, one transfer payment without scores, a scheme of
four dimensions that makes the score form's rows; two units, of which one is in order. Same code and forms, same bytes.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENPYXL_LXML", "False")  # the same bytes with lxml and without; before openpyxl is imported

from drawn_forms import save_workbook  # noqa: E402
from openpyxl import Workbook, load_workbook  # noqa: E402
from openpyxl.styles import Alignment, Border, Font, Side  # noqa: E402
from openpyxl.worksheet.worksheet import Worksheet  # noqa: E402

from evalbatch.campaign.folder import load_campaign  # noqa: E402
from evalbatch.forms.handout import PREFILLED, hand_out  # noqa: E402
from evalbatch.unit.preparation import checked_scheme, setup_of  # noqa: E402

SETTINGS = """\
# 用自己的表和自己的评分方案的示例批次。每一项都有默认值。

[campaign]
district = "示例区"
year = 2024
deadline = 2025-05-31
owes = ["整体表", "score", "data", "转移支付"]
"""
UNITS = (
    ("单位编码", "单位名称", "全年预算数（万元）"),
    ("105001", "示例区商务局", 4800),
    ("105002", "示例区交通局", 2600),
)
APPROVED = (
    ("单位名称", "表格", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值"),
    ("示例区商务局", "整体表", None, "产出指标", "数量指标", "引进企业数", "≥20家", 50),
    ("示例区商务局", "整体表", None, "满意度指标", "服务对象满意度指标", "企业满意度", "≥90%", 40),
    ("示例区商务局", "转移支付", "县域商业体系", "产出指标", "数量指标", "改造农贸市场", "≥6个", None),
    ("示例区交通局", "整体表", None, "产出指标", "数量指标", "养护公路", "≥120公里", 50),
    ("示例区交通局", "整体表", None, "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", 40),
    ("示例区交通局", "转移支付", "农村公路", "产出指标", "数量指标", "新建农村公路", "≥20公里", None),
)
LINES = (
    (
        *("表样", "对象", "一级指标", "二级指标", "三级指标"),
        *("分值", "分值来源", "评分方法", "参数", "计算公式", "评分标准"),
    ),
    *(
        ("评分表", "指标", one, two, name, weight, "方案", method, how, formula, standard)
        for one, two, name, weight, method, how, formula, standard in (
            ("履职效能", "整体效能", "预算支出率", 25, "按比例", "满分：≥95%", "支出决算 ÷ 支出预算", "95%以上满分"),
            ("履职效能", "整体效能", "重点工作完成情况", 25, "人工", "", "", "按完成比例计分"),
            (
                "管理效率",
                "预算编制",
                "事前评估率",
                20,
                "按比例",
                "满分：≥100%",
                "已评估项目数 ÷ 新增项目数",
                "全评满分",
            ),
            ("可持续发展", "改革创新", "数字化改革", 15, "人工", "", "", "有成果、有应用"),
            ("满意度", "服务对象", "服务对象满意度", 15, "人工", "", "", "有调查依据"),
        )
    ),
    ("转移支付", "", "", "", "", "", "", "不评分", "", "", ""),
)
SCHEME: Mapping[str, Sequence[Sequence[Any]]] = {
    "设置": (("项目", "值"), ("方案名称", "示例区四个维度评分方案"), ("版本", "2024")),
    "评分方案": LINES,
    "指标分组": (("表样", "一级指标", "必设"), ("转移支付", "产出指标", "是")),
    "等级": (
        ("等级", "最低分", "结果应用", "压减比例（%）"),
        ("优", 90, "优先保障", None),
        ("良", 80, "保留", None),
        ("中", 60, "压减10%", None),
        ("差", 0, "取消", 100),
    ),
    "数据项": (("名称", "计量单位"), ("新增项目数", "个"), ("已评估项目数", "个")),
}
TRANSFER: Mapping[str, str] = {
    "A1": "转移支付资金绩效自评表",
    "A2": "（{{ year }}年度）",
    "A3": "转移支付名称", "B3": "{{ project.name }}", "D3": "资金使用单位", "E3": "{{ unit.name }}",
    "A4": "资金（万元）", "C4": "全年预算数", "D4": "全年执行数", "E4": "执行率", "F4": "未执行完的原因",
    "B5": "资金总额", "C5": "{{ budget.total.adjusted }}", "D5": "{{ budget.total.executed }}",
    "E5": "{{ budget.total.rate }}", "F5": "{{ fields.资金未执行完的原因 }}",
    "A6": "总体目标", "B6": "预期目标", "D6": "实际完成情况", "B7": "{{ goal }}", "D7": "{{ goal_actual }}",
    "A8": "一级指标", "B8": "二级指标", "C8": "三级指标", "D8": "年度指标值", "E8": "实际完成值", "F8": "偏差原因",
    "A9": "产出指标{{ indicators.level1 }}", "B9": "数量指标{{ indicators.level2 }}", "C9": "{{ indicators.name }}",
    "D9": "{{ indicators.target }}", "E9": "{{ indicators.actual }}", "F9": "{{ indicators.reason }}",
    "B11": "质量指标", "A13": "效益指标", "B13": "社会效益指标", "A15": "资金管理情况",
    "B15": "{{ fields.资金管理情况 }}",
    "A16": "填表人：{{ prepared_by }}　联系电话：{{ phone }}　填报日期：{{ filled_on }}",
    "A17": "{{ form: 转移支付 }}{{ kind: 项目 }}",
}  # fmt: skip
MERGED = "A1:F1 A2:F2 B3:C3 E3:F3 A4:A5 A6:A7 B6:C6 D6:F6 B7:C7 D7:F7 B15:F15 A16:F16"
WHOLE = {
    "I4": "张示例", "K4": "0759-5550201", "H6": 4600, "D6": 4900, "J6": 10, "K6": 9.58, "D7": 4900, "F7": 4800,
    "H7": 4600, "B9": "引进企业20家。", "H9": "引进企业22家。", "G11": "22", "J11": 50, "G12": "95", "J12": 40,
    "I16": 100, "J16": 99.58, "A17": "填报日期：2025-05-12",
}  # fmt: skip
"""What a unit types into the open cells of its whole-unit form."""
FIGURES = {
    "编制人数": 30, "年末在职人数": 28, "收入预算": 4800, "收入决算": 4800, "支出预算": 4800, "支出决算": 4600,
    "基本支出预算": 4500, "基本支出决算": 4300, "项目支出预算": 300, "项目支出决算": 300, "年末结转结余": 200,
    "新增项目数": 4, "已评估项目数": 4,
}  # fmt: skip
SCORES = {
    "预算支出率": 25, "重点工作完成情况": 25, "事前评估率": 20, "数字化改革": 14.58, "服务对象满意度": 15,
}  # fmt: skip
SIGNED = {"填表人：": "张示例", "联系电话：": "0759-5550201", "填报日期：": datetime(2025, 5, 12)}
TRANSFERRED = {
    "C5": 300, "D5": 300, "E5": "100%", "B7": "改造农贸市场6个。", "D7": "已全部完成。", "E9": "7个",
    "B15": "资金分配、使用符合规定。", "A16": "填表人：张示例　联系电话：0759-5550201　填报日期：2025-05-12",
}  # fmt: skip


def transfer_form(path: Path) -> None:
    """A bureau's own form for transfer payments: no weights, no scores, two fields of its own."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "转移支付自评表"
    line = Side(style="thin", color="6B7785")
    for row in range(3, 16):
        for column in "ABCDEF":
            cell = sheet[f"{column}{row}"]
            cell.border, cell.font = Border(line, line, line, line), Font("宋体", 10)
            cell.alignment = Alignment("center", "center", wrap_text=True)
    for place, text in TRANSFER.items():
        sheet[place] = text
    for area in MERGED.split():
        sheet.merge_cells(area)
    sheet["A1"].font, sheet["A1"].alignment = Font("宋体", 16, bold=True), Alignment("center")
    sheet["A2"].alignment = Alignment("center")
    for column, width in zip("ABCDEF", (14, 16, 22, 16, 18, 26), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.row_dimensions[7].height = 60
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    save_workbook(book, path)


def whole_unit_form(path: Path) -> None:
    """The form of examples/own-form under a name of its own."""
    book = load_workbook(ROOT / "examples" / "own-form" / "whole-unit.xlsx")
    book.worksheets[0]["A19"] = "{{ form: 整体表 }}"
    save_workbook(book, path)


def write_tables(path: Path, tables: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write a workbook of plain tables, the first row of each its header."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bg_color": "#F4F6F8", "border": 1, "border_color": "#D5DAE0"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, ["" if value is None else value for value in row], None if number else head)
            sheet.set_column(0, len(rows[0]) - 1, 18)
            sheet.freeze_panes(1, 0)


def place_of(sheet: Worksheet, label: str) -> tuple[int, int]:
    """The cell that begins with a label."""
    return next((cell.row, cell.column) for row in sheet for cell in row if str(cell.value).startswith(label))


def type_in(sheet: Worksheet, cells: Mapping[str, object]) -> None:
    """Type into open cells; a locked one would be a fault of this script."""
    for place, value in cells.items():
        assert not sheet[place].protection.locked, place
        sheet[place] = value


def entry_behind(sheet: Worksheet, label: str) -> Any:
    """The open cell behind a label."""
    row, column = place_of(sheet, label)
    return next(sheet.cell(row, at) for at in range(column + 1, 9) if not sheet.cell(row, at).protection.locked)


def fill_standard(book: Workbook) -> None:
    """Fill a unit's own form, data form and score form."""
    type_in(book["整体自评表"], WHOLE)
    data, score = book["部门整体支出数据表"], book["部门整体支出绩效评分表"]
    for row in data.iter_rows(max_col=6):
        for cell in row:
            if not cell.protection.locked and cell.value is None and cell.number_format.startswith("#,##0"):
                cell.value = 0
    for label, value in FIGURES.items():
        entry_behind(data, label).value = value
    for name, points in SCORES.items():
        row, _ = place_of(score, name)
        score.cell(row, 6).value, score.cell(row, 7).value = points, "见自评报告"
    score.cell(place_of(score, "总分")[0], 6).value = sum(SCORES.values())
    score.cell(place_of(score, "自评等级")[0], 6).value = "优"
    for sheet in (data, score):
        for label, value in SIGNED.items():
            entry_behind(sheet, label).value = value


def main(folder: Path) -> None:
    for name in ("inbox", "input_templates"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    (folder / "evalbatch.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")
    write_tables(folder / "units.xlsx", {"单位名单": UNITS})
    write_tables(folder / "approved_targets.xlsx", {"批复目标": APPROVED})
    write_tables(folder / "scheme.xlsx", SCHEME)
    whole_unit_form(folder / "input_templates" / "整体表.xlsx")
    transfer_form(folder / "input_templates" / "转移支付.xlsx")
    campaign = load_campaign(folder)
    with TemporaryDirectory() as handed:
        hand_out(campaign, setup_of(campaign).campaign_season, checked_scheme(campaign), Path(handed))
        own = Path(handed) / PREFILLED / "105001_示例区商务局"
        for path in sorted(own.iterdir()):
            book = load_workbook(path)
            if "转移支付" in path.name:
                type_in(book["转移支付自评表"], TRANSFERRED)
            else:
                fill_standard(book)
            save_workbook(book, folder / "inbox" / path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "own-rules-2024")
