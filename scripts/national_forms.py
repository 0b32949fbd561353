"""Draws the self-evaluation forms of a project and of a whole unit: rows and columns of the national annex.

The annex is that of 财预〔2020〕10号.
"""

from collections.abc import Sequence
from pathlib import Path

from form_painter import Painter, open_form
from form_parts import GRADE_HINT, GRADES, UNIT_HINT, heading, notes, sealing, signature

NATIONAL_WIDTHS = (9, 9, 13, 21, 14.5, 14.5, 7.5, 10, 19)
MONEY_COLUMNS = (("D", "年初预算数", "initial"), ("E", "全年预算数", "adjusted"), ("F", "全年执行数", "executed"))
MONEY_LINES = (
    ("年度资金总额", "total"),
    ("其中：当年财政拨款", "appropriation"),
    ("上年结转资金", "carried_over"),
    ("其他资金", "other_funds"),
)
GROUPS = (
    ("产出指标（50分）", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标（30分）", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标（10分）", ("服务对象满意度指标",)),
)
INDICATOR_TITLES = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
]
INDICATOR_KEYS = {"D": "name", "E": "target", "F": "actual", "G": "weight", "H": "score", "I": "reason"}
INDICATOR_STYLES = {
    "name": "text",
    "target": "centre",
    "actual": "centre",
    "weight": "weight",
    "score": "score",
    "reason": "text",
}
PLACEHOLDERS = ("指标1：", "指标2：", "……")
NATIONAL_NOTES = (
    (
        "注：1.一级指标分值统一设置为：预算执行率10分、产出指标50分、效益指标30分、满意度指标10分。"
        "如有特殊情况可作适当调整，合计应为100分。"
    ),
    "2.定量指标：完成目标的得满分；没有完成的，按完成比例计分，并在末栏说明原因和改进措施。",
    (
        "3.定性指标：达成预期的，得分值的100%—80%（含80%）；部分达成的，得80%—60%（含60%）；"
        "没有达成且效果较差的，得60%以下。"
    ),
)
HINTS = {
    "name": ("三级指标", "在“指标1：”后填写指标名称。用不到的行原样留着；不够用时，在本组中间插入行。"),
    "target": ("年度指标值", "按批复的绩效目标填写，写明符号和单位，例如：≥8场、≤5%、9月底前。"),
    "actual": ("实际完成值", "填实际数和单位，例如：10场、96.5%，不要照抄“≥”等符号；没有完成的填0。"),
    "reason": ("偏差原因", "没有完成，或者超过目标30%及以上的，请说明原因和改进措施。"),
    "weight": ("分值", "填数字。全部指标的分值加预算执行率10分，合计100分。"),
    "score": ("得分", "填数字，保留两位小数，不超过本行分值。"),
}


def draw_project(folder: Path) -> None:
    """项目支出绩效自评表, the national form."""
    with open_form(folder / "project.xlsx", "项目支出绩效自评表", NATIONAL_WIDTHS) as form:
        heading(form, "附件1", "项目支出绩效自评表", "I")
        form.plain("A5:C5", "项目名称", "label")
        form.entry("D5:I5", "{{ project.name }}", hint=("项目名称", "按预算批复的名称填写，一个项目一张表。"))
        form.plain("A6:C6", "主管部门", "label")
        form.entry("D6:E6", "{{ project.department }}")
        form.plain("F6", "实施单位", "label")
        form.entry("G6:I6", "{{ unit.name }}", hint=UNIT_HINT)
        row = national_body(form, 7, "项目资金\n（万元）")
        row = notes(form, row, "I", NATIONAL_NOTES)
        signature(form, row, ("A{}:C{}", "D{}", "E{}", "F{}:G{}", "H{}", "I{}"))


def draw_whole_unit(folder: Path) -> None:
    """部门整体支出绩效自评表, the same shape for all that a unit spends."""
    with open_form(folder / "whole-unit.xlsx", "部门整体支出绩效自评表", NATIONAL_WIDTHS) as form:
        heading(form, "附件2", "部门整体支出绩效自评表", "I")
        form.plain("A5:C5", "单位名称", "label")
        form.entry("D5:F5", "{{ unit.name }}", hint=UNIT_HINT)
        form.plain("G5:H5", "单位编码", "label")
        form.entry("I5", "{{ unit.code }}", "code")
        row = national_body(form, 6, "部门资金\n（万元）")
        form.plain(f"A{row}:G{row}", "自评等级", "head")
        form.entry(f"H{row}:I{row}", "{{ grade }}", "centre", GRADE_HINT, options=GRADES)
        row = notes(form, row + 1, "I", NATIONAL_NOTES)
        sealing(form, row, "A{}:E{}", "F{}:I{}")
        signature(form, row + 1, ("A{}:C{}", "D{}", "E{}", "F{}:G{}", "H{}", "I{}"))


def national_body(form: Painter, row: int, money_title: str) -> int:
    """Money, goal, indicators and total from a row on; returns the first free row."""
    money_block(form, row, money_title)
    goal_block(form, row + 5)
    header, first = row + 7, row + 8
    for column, title in zip("BCDEFGHI", INDICATOR_TITLES, strict=True):
        form.plain(f"{column}{header}", title, "head", height=32)
    form.sheet.repeat_rows(header - 1)
    row = first
    for level1, kinds in GROUPS:
        row = indicator_group(form, row, level1, kinds, first)
    form.plain(f"A{header}:A{row - 1}", "绩效指标", "label")
    for column, key in INDICATOR_KEYS.items():
        rule = {"weight": {"at_least": 0}, "score": {"at_most": f"G{first}"}}.get(key, {})
        form.guide(f"{column}{first}:{column}{row - 1}", HINTS[key], **rule)
    total_row(form, row)
    return row + 1


def money_block(form: Painter, row: int, title: str) -> None:
    """Header and four lines of money; only the total bears points."""
    form.plain(f"A{row}:A{row + 4}", title, "label")
    form.plain(f"B{row}:C{row}", "", "head")
    for column, name in zip("DEFGHI", [name for _, name, _ in MONEY_COLUMNS] + ["分值", "执行率", "得分"], strict=True):
        form.plain(f"{column}{row}", name, "head")
    for at, (item, kind) in enumerate(MONEY_LINES, row + 1):
        form.plain(f"B{at}:C{at}", item, "text")
        for column, name, key in MONEY_COLUMNS:
            hint = (name, "填万元，保留两位小数，只填数字；没有的填0。总额等于下面三行之和。")
            form.entry(f"{column}{at}", f"{{{{ budget.{kind}.{key} }}}}", "money", hint, at_least=0)
        for column in "GHI":
            form.plain(f"{column}{at}", "—", "label")
    row += 1
    form.plain(f"G{row}", "10{{ budget.total.weight }}", "number")
    rate_hint = ("执行率", "全年执行数÷全年预算数，例如：97.21%。")
    form.entry(f"H{row}", "{{ budget.total.rate }}", "rate", rate_hint, at_least=0)
    score_hint = ("预算执行得分", "10×执行率，保留两位小数，不超过10分。")
    form.entry(f"I{row}", "{{ budget.total.score }}", "score", score_hint, at_most=f"G{row}")


def goal_block(form: Painter, row: int) -> None:
    """The year's goal and what became of it, side by side."""
    form.plain(f"A{row}:A{row + 1}", "年度总体\n目标", "label", height=23)
    form.plain(f"B{row}:E{row}", "预期目标", "head")
    form.plain(f"F{row}:I{row}", "实际完成情况", "head")
    form.sheet.set_row(row, 96)
    form.entry(f"B{row + 1}:E{row + 1}", "{{ goal }}", "long")
    form.entry(f"F{row + 1}:I{row + 1}", "{{ goal_actual }}", "long")


def indicator_group(form: Painter, row: int, level1: str, kinds: Sequence[str], first: int) -> int:
    """Three rows for each kind of indicator, the first of all with the tags; returns the first free row."""
    last = row + len(PLACEHOLDERS) * len(kinds) - 1
    tags = ("{{ indicators.level1 }}", "{{ indicators.level2 }}") if row == first else ("", "")
    form.choice(f"B{row}:B{last}", level1 + tags[0], [name for name, _ in GROUPS])
    for kind in kinds:
        label = kind + (tags[1] if row == first else "")
        form.choice(f"C{row}:C{row + 2}", label, [name for _, names in GROUPS for name in names])
        for placeholder in PLACEHOLDERS:
            for column, key in INDICATOR_KEYS.items():
                text = f"{{{{ indicators.{key} }}}}" if row == first else ""
                form.entry(f"{column}{row}", (placeholder if key == "name" else "") + text, INDICATOR_STYLES[key])
            row += 1
    return row


def total_row(form: Painter, row: int) -> None:
    """总分: 100 and the unit's own total."""
    form.plain(f"A{row}:F{row}", "总分", "head")
    form.number(f"G{row}", 100)
    hint = ("总分", "预算执行得分与各项指标得分之和。")
    form.entry(f"H{row}", "{{ total_score }}", "score", hint, at_least=0)
    form.plain(f"I{row}", "", "label")
