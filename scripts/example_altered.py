"""The worked example's form in other dress: retyped labels, moved columns, inserted rows, another sheet name."""

from typing import Any

from example_units import Filled
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

THIN = Side(style="thin")
MONEY = (
    ("total", "年度资金总额："),
    ("appropriation", "其中：本年财政拨款"),
    ("carried_over", "上年结转资金"),
    ("other_funds", "其他资金"),
)
MONEY_TITLES = ("预算执行情况（万元）", "年初预算", "调整后预算数", "预算执行数", "权重", "预算执行率", "得分")
TITLES = (
    *("一级指标", "二级指标", "指标名称", "分值"),
    *("指标值", "全年实际值", "得分", "未完成原因及拟采取的改进措施"),
)
LEVEL1 = {"数量": "产出指标", "质量": "产出指标", "时效": "产出指标", "成本": "产出指标", "服务": "满意度指标"}


def altered_form(filled: Filled) -> Workbook:
    """Retype a whole-unit form: one column to the right, weight before target, empty rows between the blocks."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    put(sheet, 2, {"B": f"{filled.year}年度部门整体支出绩效自评表"}, "B2:I2")
    put(sheet, 4, {"B": "预算单位", "C": filled.unit, "G": "填报日期", "H": filled.filled_on}, "C4:F4", "H4:I4")
    sheet["H4"].number_format = "yyyy-mm-dd"
    row = money(sheet, 6, filled)
    put(sheet, row, {"B": "年度目标", "C": "年初设定目标", "G": "全年实际完成情况"}, f"C{row}:F{row}", f"G{row}:I{row}")
    put(sheet, row + 1, {"C": filled.goal, "G": filled.goal_actual}, f"C{row + 1}:F{row + 1}", f"G{row + 1}:I{row + 1}")
    sheet.merge_cells(f"B{row}:B{row + 1}")
    sheet.row_dimensions[row + 1].height = 60
    row = indicators(sheet, row + 3, filled)
    put(sheet, row, {"B": "总  分", "E": 100, "H": filled.total_score}, f"B{row}:D{row}")
    put(sheet, row + 1, {"B": "评价等级", "H": filled.own_grade}, f"B{row + 1}:G{row + 1}")
    put(sheet, row + 3, {"B": "经办人", "C": filled.prepared_by, "F": "联系方式", "G": filled.phone}, border=False)
    for letter, width in zip("ABCDEFGHI", (3, 14, 18, 26, 8, 20, 20, 9, 28), strict=True):
        sheet.column_dimensions[letter].width = width
    return book


def money(sheet: Worksheet, row: int, filled: Filled) -> int:
    """The block of money; returns the next block's row."""
    put(sheet, row, dict(zip("BDEFGHI", MONEY_TITLES, strict=True)), f"B{row}:C{row}")
    for at, (kind, label) in enumerate(MONEY, row + 1):
        cells: dict[str, Any] = {"B": label} | dict(zip("DEF", filled.money[kind], strict=True))
        if kind == "total":
            cells |= {"G": 10, "H": filled.rate, "I": filled.execution_score}
        put(sheet, at, cells, f"B{at}:C{at}")
        sheet[f"H{at}"].number_format = "0.00%"
    return row + len(MONEY) + 2


def indicators(sheet: Worksheet, row: int, filled: Filled) -> int:
    """The block of indicators with an empty row after each first-level group; returns the row of the total."""
    put(sheet, row, dict(zip("BCDEFGHI", TITLES, strict=True)))
    level1 = ""
    for indicator in filled.rows:
        group = LEVEL1.get(indicator.kind[:2], "效益指标")
        row += 1 + bool(level1 and group != level1)
        values = (indicator.name, indicator.weight, indicator.target, indicator.actual, indicator.score)
        put(sheet, row, dict(zip("CDEFGH", (indicator.kind, *values), strict=True)))
        if group != level1:
            put(sheet, row, {"B": group})
        level1 = group
    return row + 1


def put(sheet: Worksheet, row: int, cells: dict[str, Any], *merges: str, border: bool = True) -> None:
    """Write one row; everything is wrapped, and framed where it is part of the table."""
    for letter, value in cells.items():
        cell = sheet[f"{letter}{row}"]
        cell.value = value
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if border:
            cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    for place in merges:
        sheet.merge_cells(place)
