"""Published forms of other provinces made blank again and adopted by typing tags into them, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.styles import Border, Side
from reading.published_forms import workbook

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
HUNAN = {
    "A2": "（{{ year }}年度）",
    "B3": "{{ unit.name }}",
    "C5": "{{ budget.total.initial }}",
    "D5": "{{ budget.total.adjusted }}",
    "E5": "{{ budget.total.executed }}",
    "F5": "10{{ budget.total.weight }}",
    "G5": "{{ budget.total.rate }}",
    "H5": "{{ budget.total.score }}",
    "B7": "其中： 一般公共预算：{{ fields.一般公共预算 }}万元",
    "E7": "其中：基本支出：{{ fields.基本支出 }}万元",
    "E8": "项目支出：{{ fields.项目支出 }}万元",
    "B8": "政府性基金拨款：{{ fields.政府性基金拨款 }}万元",
    "B9": "纳入专户管理的非税收入拨款：{{ fields.非税收入拨款 }}万元",
    "B10": "其他资金：{{ fields.其他收入资金 }}万元",
    "B12": "{{ goal }}",
    "E12": "{{ goal_actual }}",
    "A14": "产出指标\n（50分）{{ indicators.level1 }}",
    "B14": "数量\n指标{{ indicators.level2 }}",
    "C14": "{{ indicators.name }}",
    "D14": "{{ indicators.target }}",
    "E14": "{{ indicators.actual }}",
    "F14": "{{ indicators.weight }}",
    "G14": "{{ indicators.score }}",
    "H14": "{{ indicators.reason }}",
    "A27": "总分",
    "F27": "{{ total_weight }}",
    "G27": "{{ total_score }}",
    "A28": "填表人：{{ prepared_by }}\u3000联系电话：{{ phone }}\u3000填报日期：{{ filled_on }}",
    "A29": "{{ form: 部门整体表 }}",
}
"""A whole unit of Hunan: money by kinds in texts of their own, ten points for the execution printed."""
ANHUI = {
    "A2": "（{{ year }}年度）",
    "C3": "{{ project.name }}",
    "C4": "{{ fields.中央主管部门 }}",
    "C5": "{{ project.department }}",
    "F5": "{{ unit.name }}",
    "E7": "{{ budget.total.adjusted }}",
    "F7": "{{ budget.total.executed }}",
    "G7": "{{ budget.total.rate }}",
    "E8": "{{ budget.appropriation.adjusted }}",
    "F8": "{{ budget.appropriation.executed }}",
    "G8": None,
    "E9": "{{ budget.other.adjusted }}",
    "F9": "{{ budget.other.executed }}",
    "E10": "{{ budget.other_funds.adjusted }}",
    "F10": "{{ budget.other_funds.executed }}",
    "E12": "{{ fields.分配科学性情况 }}",
    "G12": "{{ fields.分配科学性问题 }}",
    "E13": "{{ fields.下达及时性情况 }}",
    "G13": "{{ fields.下达及时性问题 }}",
    "E14": "{{ fields.拨付合规性情况 }}",
    "G14": "{{ fields.拨付合规性问题 }}",
    "A15": "总体目标完成情况",
    "B15": "总体目标",
    "E15": "全年实际完成情况",
    "B16": "{{ goal }}",
    "E16": "{{ goal_actual }}",
    "A17": "绩效指标",
    "B17": "一级指标",
    "C17": "二级指标",
    "D17": "三级指标",
    "E17": "指标值",
    "F17": "全年实际完成值",
    "G17": "未完成原因和改进措施",
    "B18": "产出指标{{ indicators.level1 }}",
    "C18": "数量指标{{ indicators.level2 }}",
    "D18": "{{ indicators.name }}",
    "E18": "{{ indicators.target }}",
    "F18": "{{ indicators.actual }}",
    "G18": "{{ indicators.reason }}",
    "C20": "质量指标",
    "B22": "效益指标",
    "C22": "社会效益指标",
    "B24": "满意度指标",
    "C24": "服务对象满意度指标",
    "A26": "说明",
    "B26": "{{ fields.说明 }}",
    "A27": "{{ form: 动物防疫 }}{{ kind: 项目 }}",
}
"""A transfer payment of Anhui: four rows of money, three questions on its management, no weights, no scores."""
HUBEI = {
    "A1": "{{ year }}年度项目自评表",
    "A2": "单位名称：{{ unit.name }}      填报日期：{{ filled_on }}",
    "B3": "{{ project.name }}",
    "B4": "{{ project.department }}",
    "F4": "{{ fields.实施科室 }}",
    "B5": "{{ fields.项目类别 }}",
    "B6": "{{ fields.项目属性 }}",
    "B7": "{{ fields.项目类型 }}",
    "D9": "{{ budget.total.adjusted }}",
    "E9": "{{ budget.total.executed }}",
    "F9": "{{ budget.total.rate }}",
    "G9": "{{ budget.total.score }}",
    "B11": "产出指标{{ indicators.level1 }}",
    "C11": "数量指标{{ indicators.level2 }}",
    "D11": "{{ indicators.name }}",
    "E11": "{{ indicators.target }}",
    "F11": "{{ indicators.actual }}",
    "G11": "{{ indicators.score }}",
    "B16": "{{ total_score }}",
    "B17": "{{ reason }}",
    "B18": "{{ fields.改进措施 }}",
    "A20": "{{ form: 项目表 }}",
}
"""A project of Hubei: 20 points for the execution, 80 for groups that share theirs, the total merged over its row."""
OTHERS = {
    "部门整体表": ("hunan_forestry_2021", HUNAN, "C14:H26", "A3:H28", "A28:H28"),
    "动物防疫": (
        *("anhui_animals_2024", ANHUI, "D18:G25", "A3:G26"),
        "A15:A16 B15:D15 E15:G15 B16:D16 E16:G16 A17:A25 B18:B21 C18:C19 C20:C21 B22:B23 C22:C23 B24:B25 C24:C25",
    ),
    "项目表": ("hubei_fishing_ban_2020", HUBEI, "D11:G15", "A3:G18", ""),
}
"""Three more: as published, the tags, the rows made blank, what is framed, and what is merged."""
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


def adopt_others(folder: Path) -> Mapping[str, Path]:
    """Write three forms of other provinces than those of `adopt` into a folder, blank and tagged."""
    folder.mkdir(exist_ok=True)
    forms = {}
    for name, (source, tags, blank, framed, merged) in OTHERS.items():
        published = workbook(source, folder)
        book = load_workbook(published)
        published.unlink()
        sheet = book.worksheets[0]
        for row in sheet[blank]:
            for cell in row:
                if isinstance(cell, MergedCell):
                    continue
                cell.value = None
        for row in sheet[framed]:
            for cell in row:
                cell.border = Border(THIN, THIN, THIN, THIN)
        for place, text in tags.items():
            sheet[place] = text
        for area in merged.split():
            sheet.merge_cells(area)
        forms[name] = folder / f"{name}.xlsx"
        book.save(forms[name])
    return forms
