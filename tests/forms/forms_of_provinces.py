"""Three published forms of other provinces made blank again and adopted by typing tags into them, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Side

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "tests" / "reading" / "published"
WHOLE_UNIT = ROOT / "examples" / "own-form" / "whole-unit.xlsx"
THIN = Side(style="thin")
TRANSFER = {
    "A1": "车辆购置税收入补助地方资金转移支付绩效自评表",
    "A2": "（{{ year }}年度）",
    "C3": "{{ project.name }}",
    "C4": None,
    "C5": "{{ project.department }}",
    "F5": "{{ unit.name }}",
    "E7": "{{ budget.total.adjusted }}",
    "F7": "{{ budget.total.executed }}",
    "G7": "{{ budget.total.rate }}",
    "E8": "{{ budget.appropriation.adjusted }}",
    "F8": "{{ budget.appropriation.executed }}",
    "G8": None,
    "C12": "{{ goal }}",
    "F12": "{{ goal_actual }}",
    "B14": "产出指标{{ indicators.level1 }}",
    "C14": "数量指标{{ indicators.level2 }}",
    "D14": "{{ indicators.name }}",
    "E14": "{{ indicators.target }}",
    "F14": "{{ indicators.actual }}",
    "G14": "{{ indicators.reason }}",
    "B35": "{{ fields.资金管理情况 }}",
    "A37": "{{ form: 转移支付 }}{{ kind: 项目 }}",
    "A38": "填表人：{{ prepared_by }}　联系电话：{{ phone }}　填报日期：{{ filled_on }}",
}
"""A transfer payment of Sichuan: no weights, no scores; 资金管理情况 is a field of its own."""
TWENTY_AND_EIGHTY = {
    "A2": "{{ year }}年度财政专项绩效自评表",
    "A3": "项目单位（盖章）：{{ unit.name }}",
    "A4": "填报日期：{{ filled_on }}",
    "B5": "{{ project.name }}",
    "B6": "{{ project.department }}",
    "F6": None,
    "B7": "{{ fields.项目类别 }}",
    "B8": None,
    "B9": None,
    "D11": "{{ budget.total.adjusted }}",
    "E11": "{{ budget.total.executed }}",
    "F11": "{{ budget.total.rate }}",
    "G11": "{{ budget.total.score }}",
    "B13": "产出指标(40分){{ indicators.level1 }}",
    "C13": "数量指标{{ indicators.level2 }}",
    "D13": "{{ indicators.name }}",
    "E13": "{{ indicators.target }}",
    "F13": "{{ indicators.actual }}",
    "G13": "{{ indicators.score }}",
    "A25": "偏差大或目标未完成原因分析",
    "C25": "{{ reason }}",
    "A26": "总分",
    "G26": "{{ total_score }}",
    "A27": "{{ form: 财政专项 }}",
}
"""A project of Hubei: 20 points for the execution and 80 for indicators that have no column of weights."""
VALUES = {"转移支付": ("DEFG", range(14, 35)), "财政专项": ("DEFG", range(13, 25))}


def adopt(folder: Path) -> Mapping[str, Path]:
    """Write the three forms into a folder, each as its bureau would: values taken out, tags typed in."""
    folder.mkdir()
    forms = {"整体表": folder / "本区整体表.xlsx"}
    book = load_workbook(WHOLE_UNIT)
    book.worksheets[0]["A19"] = "{{ form: 整体表 }}"
    book.save(forms["整体表"])
    for name, source, tags in (("转移支付", "F01", TRANSFER), ("财政专项", "F07", TWENTY_AND_EIGHTY)):
        book = load_workbook(PUBLISHED / f"{source}.xlsx")
        _made_blank(book, name)
        for place, text in tags.items():
            book.worksheets[0][place] = text
        forms[name] = folder / f"{name}表样.xlsx"
        book.save(forms[name])
    return forms


def _made_blank(book: Workbook, name: str) -> None:
    sheet = book.worksheets[0]
    columns, rows = VALUES[name]
    for area in [str(area) for area in sheet.merged_cells.ranges if str(area)[0] in "EFG"]:
        if int(area.split(":")[0][1:]) in rows:
            sheet.unmerge_cells(area)
    if name == "财政专项":
        sheet.merge_cells("A25:B25")
        sheet.merge_cells("C25:G25")
    for row in rows:
        for column in columns:
            sheet[f"{column}{row}"].value = None
            sheet[f"{column}{row}"].border = Border(THIN, THIN, THIN, THIN)
