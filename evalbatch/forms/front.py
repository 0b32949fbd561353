"""A unit and a season in, the sheets around its forms out: cover, filling guide, approved targets."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evalbatch.forms import sample
from evalbatch.forms.tags import Value, put
from evalbatch.model import ApprovedTarget, Season, Unit

FONT = "宋体"
THIN = Side(style="thin", color="FF6B7785")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
UNDERLINE = Border(bottom=THIN)
BAND = PatternFill("solid", fgColor="FFF4F6F8")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)

_GUIDE_WIDTHS = (5, 17, 17, 18, 18, 9, 9)
GUIDE = (
    "浅黄色单元格由单位填写；白色单元格已经填好并锁定，有误的请告知财政局，不要自行改动。",
    "金额一律填万元，只填数字，保留两位小数；没有的填0，不要空着。资金总额等于下面各项来源之和。",
    "执行率＝全年执行数÷全年预算数，例如填97.21%；预算执行得分＝10×执行率，最高10分。",
    "指标名称写在“指标1：”之后。用不到的行原样留着；不够用时，在本组中间插入行。",
    "指标目标按年初批复填写，写明符号和单位，例如：≥8场、≤5%、9月底前。一格写几个条件的，用逗号分开。",
    "完成值填实际数和单位，例如：10场、96.5%。不要照抄“≥”等符号，不要只写“已完成”；没有完成的填0。",
    "一个目标有几个条件的，完成值要逐个回答。例如目标为“至少开3次会议，参加会议率至少达95%”，填“开会3次，参加会议率98%”。",
    "得分填数字，不超过本行分值。完成目标的得满分；没有完成的按完成比例计分，并说明原因和改进措施。",
    "实际完成超过目标30%及以上的，也请说明原因。",
    "总分等于预算执行得分与各项指标得分之和。单元格变红，表示合计不符；表格右侧的“自动核对”随填随算，不打印，可以照着核对。",
    "等级从下拉列表中选择：90分及以上为优，80分及以上为良，60分及以上为中，不满60分为差。",
    "填表人、联系电话、填表日期不要漏填。用Excel或WPS填写，保存为xlsx格式，不要设置打开密码。",
)


def add_cover(book: Workbook, unit: Unit, season: Season) -> None:
    """Add 封面: which district, year and unit, and where to sign and seal."""
    sheet: Worksheet = book.create_sheet("封面", 0)
    _page(sheet, (22, 44))
    _title(sheet, 4, season.district, 20)
    _title(sheet, 5, "部门整体支出绩效自评材料", 24)
    _title(sheet, 6, f"（{season.year}年度）", 16)
    lines = [("单位名称：", unit.name), ("单位编码：", unit.code)]
    lines += [("单位负责人：", ""), ("单位（公章）：", ""), ("填报日期：", "        年    月    日")]
    for row, (label, text) in enumerate(lines, 12):
        sheet.row_dimensions[row].height = 36
        _write(sheet, row, 1, label, Alignment(horizontal="right", vertical="center"), size=14)
        _write(sheet, row, 2, text, LEFT, size=14).border = UNDERLINE
    sheet.protection.sheet = True


def add_guide(book: Workbook, unit: Unit | None, season: Season, place: int) -> None:
    """Add 填表说明: by when, how to fill the forms so that they pass, one numbered line a rule, and an example.

    `unit` None stands for all units, whose deadline is the season's.
    """
    lines = list(GUIDE)
    if deadline := (unit and unit.deadline) or season.deadline:
        lines.insert(0, f"请在{deadline.year}年{deadline.month}月{deadline.day}日前（含当日）填好并报送财政局。")
    sheet: Worksheet = book.create_sheet("填表说明", place)
    _page(sheet, _GUIDE_WIDTHS)
    _title(sheet, 1, "填表说明", 20)
    _title(sheet, 2, f"（{season.year}年度预算绩效自评）", 12)
    for number, text in enumerate(lines, 1):
        row = number + 3
        sheet.row_dimensions[row].height = 40 if len(text) > 46 else 26
        _write(sheet, row, 1, str(number), CENTRE)
        _write_across(sheet, row, text)
    _add_example(sheet, len(lines) + 5, season)
    sheet.protection.sheet = True


def _add_example(sheet: Worksheet, row: int, season: Season) -> None:
    """Show a filled form, its money first, then its indicators; its headers say which column takes the text."""
    _write_across(sheet, row, "填写示例（照此填写，可以通过自动检查）", bold=True)
    money = [(item, *(f"{number:,.2f}" for number in numbers), "", "") for item, *numbers in sample.MONEY]
    money[0] = (*money[0][:4], f"{sample.RATE}%", f"{sample.RATE_SCORE}")
    heads = ("资金行", "年初栏填", "全年预算栏填", "执行栏填", "比率栏填", "得分栏填")
    row = _add_table(sheet, row + 1, heads, money)
    lines = [
        (
            item.level2,
            f"指标1：{item.name}",
            item.target,
            item.actual.format(year=season.year),
            f"{item.weight}",
            f"{item.score}",
        )
        for item in sample.ROWS
    ]
    heads = ("所在行", "名称栏填", "指标值栏填", "完成值栏填", "分值栏填", "得分栏填")
    row = _add_table(sheet, row + 1, heads, lines)
    closing = f"合计栏：{sample.RATE_SCORE}＋" + "＋".join(f"{item.score}" for item in sample.ROWS)
    _write_across(sheet, row, f"{closing}＝{sample.TOTAL}，等级栏选“{sample.GRADE}”。")


def _write_across(sheet: Worksheet, row: int, text: str, *, bold: bool = False) -> None:
    _write(sheet, row, 2, text, LEFT, bold=bold)
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(_GUIDE_WIDTHS))


def _add_table(sheet: Worksheet, row: int, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Write a small table from the second column on; return the row after it."""
    for number, values in enumerate([heads, *rows]):
        tall = max(_width(text) / (width - 2) for text, width in zip(values, _GUIDE_WIDTHS[1:], strict=True))
        sheet.row_dimensions[row].height = 18 if tall <= 1 else 32
        for column, text in enumerate(values, 2):
            cell = _write(sheet, row, column, text, CENTRE, size=10, bold=number == 0)
            cell.border = GRID
            if number == 0:
                cell.fill = BAND
        row += 1
    return row


def _width(text: str) -> int:
    return len(text.encode("gbk", "replace"))


def add_approved(book: Workbook, targets: Sequence[ApprovedTarget], season: Season) -> None:
    """Add 批复目标: the targets as approved, for copying into the form's own rows."""
    sheet: Worksheet = book.create_sheet("批复目标")
    _page(sheet, (7, 34, 42, 9))
    _write(sheet, 1, 1, "填报须知：下列目标已经批复，填表时照抄，不得自行增减或降低。", LEFT, size=10)
    sheet.merge_cells("A1:D1")
    _title(sheet, 2, f"{season.year}年度批复的绩效目标", 20)
    heads = ("序号", "批复的指标", "批复的目标", "批复分值")
    for column, text in enumerate(heads, 1):
        _write(sheet, 4, column, text, CENTRE, bold=True).border = GRID
        sheet.cell(4, column).fill = BAND
    for number, target in enumerate(targets, 1):
        row = number + 4
        sheet.row_dimensions[row].height = 34
        _write(sheet, row, 1, str(number), CENTRE).border = GRID
        _write(sheet, row, 2, target.name, LEFT).border = GRID
        _write(sheet, row, 3, target.target, LEFT).border = GRID
        _write(sheet, row, 4, target.weight, CENTRE).border = GRID
    sheet.protection.sheet = True


def _page(sheet: Worksheet, widths: Sequence[float]) -> None:
    for letter, width in zip("ABCDEFG", widths, strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left, sheet.page_margins.right = 0.98, 0.59
    sheet.oddFooter.center.text = "第&P页 共&N页"  # type: ignore[union-attr]  # a new sheet always has one


def _title(sheet: Worksheet, row: int, text: str, size: int) -> None:
    _write(sheet, row, 1, text, CENTRE, size=size, bold=size >= 20)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(sheet.column_dimensions))
    sheet.row_dimensions[row].height = size * 2


def _write(
    sheet: Worksheet, row: int, column: int, value: Value, alignment: Alignment, *, size: int = 11, bold: bool = False
) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "the cells of these sheets are written before they are merged"
    put(cell, value)
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = alignment
    return cell
