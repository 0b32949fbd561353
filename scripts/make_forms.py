"""Draws the built-in tagged forms into input_templates/: project, whole-unit, data and score.

Run `python scripts/make_forms.py [FOLDER]`. Rows and columns of the two self-evaluation forms are those of the
national annex (财预〔2020〕10号); the score form's rows come from the scheme when copies are made.
Same code, same bytes.
"""

import sys
from pathlib import Path

from form_painter import Painter, open_form
from form_parts import GRADE_HINT, GRADES, UNIT_HINT, heading, notes, sealing, signature
from national_forms import draw_project, draw_whole_unit

ROOT = Path(__file__).resolve().parents[1]

DATA_PAIRS = (
    ("人员情况", "编制人数（人）", "年末在职人数（人）"),
    ("人员情况", "退休人数（人）", "编外人数（人）"),
    ("收支情况", "收入预算（万元）", "收入决算（万元）"),
    ("收支情况", "支出预算（万元）", "支出决算（万元）"),
    ("收支情况", "基本支出预算（万元）", "基本支出决算（万元）"),
    ("收支情况", "项目支出预算（万元）", "项目支出决算（万元）"),
    ("收支情况", "公用经费预算（万元）", "公用经费决算（万元）"),
    ("三公经费", "三公经费预算（万元）", "三公经费决算（万元）"),
    ("三公经费", "因公出国费决算（万元）", "公务用车费决算（万元）"),
    ("三公经费", "公务接待费决算（万元）", "上年三公经费决算（万元）"),
    ("其他情况", "上年结转（万元）", "年末结转结余（万元）"),
    ("其他情况", "政府采购预算（万元）", "政府采购决算（万元）"),
    ("其他情况", "固定资产总额（万元）", "在用固定资产（万元）"),
)
KEY_PROJECTS = 5
SCORE_WIDTHS = (11, 11, 19, 8, 36, 11, 24)
SCORE_TITLES = ("一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "评分依据")
SCORE_NOTES = (
    "注：按评分标准逐项自评；数据与部门整体支出数据表、部门整体支出绩效自评表一致，扣分的应在评分依据中说明原因。",
)


def draw_data(folder: Path) -> None:
    """部门整体支出数据表: a label and its value beside it, in pairs."""
    with open_form(folder / "data.xlsx", "部门整体支出数据表", (12, 24, 17, 14, 11, 20), 25) as form:
        heading(form, "附件3", "部门整体支出数据表", "F")
        form.plain("A5", "单位名称", "label")
        form.entry("B5:C5", "{{ unit.name }}", hint=UNIT_HINT)
        form.plain("D5:E5", "单位编码", "label")
        form.entry("F5", "{{ unit.code }}", "code")
        row = 6
        for group in dict.fromkeys(name for name, _, _ in DATA_PAIRS):
            pairs = [(left, right) for name, left, right in DATA_PAIRS if name == group]
            form.plain(f"A{row}:A{row + len(pairs) - 1}" if len(pairs) > 1 else f"A{row}", group, "label")
            for left, right in pairs:
                data_field(form, f"B{row}", f"C{row}", left)
                data_field(form, f"D{row}:E{row}", f"F{row}", right)
                row += 1
        row = key_projects(form, row)
        sealing(form, row, "A{}:C{}", "D{}:F{}")
        signature(form, row + 1, ("A{}", "B{}", "C{}", "D{}", "E{}", "F{}"))


def data_field(form: Painter, label_place: str, place: str, label: str) -> None:
    """One named value, its label beside it."""
    name, measure = label.rstrip("）").split("（")
    form.plain(label_place, label, "text")
    style = "count" if measure == "人" else "money"
    hint = (name, f"填数字，单位为{measure}；没有的填0。")
    form.entry(place, f"{{{{ fields.{name} }}}}", style, hint, at_least=0)


def key_projects(form: Painter, row: int) -> int:
    """The unit's key projects; returns the first free row."""
    form.plain(f"A{row}", "", "head")
    form.plain(f"B{row}:C{row}", "重点项目名称", "head")
    form.plain(f"D{row}:E{row}", "预算数（万元）", "head")
    form.plain(f"F{row}", "决算数（万元）", "head")
    for number in range(1, KEY_PROJECTS + 1):
        at = row + number
        form.plain(f"A{at}", f"重点项目{number}", "label")
        form.entry(f"B{at}:C{at}", f"{{{{ fields.重点项目名称{number} }}}}")
        form.entry(f"D{at}:E{at}", f"{{{{ fields.重点项目预算数{number} }}}}", "money", at_least=0)
        form.entry(f"F{at}", f"{{{{ fields.重点项目决算数{number} }}}}", "money", at_least=0)
    return row + KEY_PROJECTS + 1


def draw_score(folder: Path) -> None:
    """部门整体支出绩效评分表: a row for the scheme's lines, with the unit's scores and what they rest on."""
    with open_form(folder / "score.xlsx", "部门整体支出绩效评分表", SCORE_WIDTHS, 27) as form:
        heading(form, "附件4", "部门整体支出绩效评分表", "G", measure="")
        form.plain("A5:B5", "单位名称", "label")
        form.entry("C5:E5", "{{ unit.name }}", hint=UNIT_HINT)
        form.plain("F5", "单位编码", "label")
        form.entry("G5", "{{ unit.code }}", "code")
        for column, title in zip("ABCDEFG", SCORE_TITLES, strict=True):
            form.plain(f"{column}6", title, "head")
        form.sheet.repeat_rows(5)
        row = score_row(form, 7)
        form.plain(f"A{row}:C{row}", "总分", "head")
        form.plain(f"D{row}", "{{ total_weight }}", "number")
        form.plain(f"E{row}", "", "label")
        hint = ("总分", "各项自评得分之和。")
        form.entry(f"F{row}", "{{ total_score }}", "score", hint, at_least=0)
        form.plain(f"G{row}", "", "label")
        form.plain(f"A{row + 1}:E{row + 1}", "自评等级", "head")
        form.entry(f"F{row + 1}:G{row + 1}", "{{ grade }}", "centre", GRADE_HINT, options=GRADES)
        row = notes(form, row + 2, "G", SCORE_NOTES)
        sealing(form, row, "A{}:D{}", "E{}:G{}")
        signature(form, row + 1, ("A{}", "B{}:C{}", "D{}", "E{}", "F{}", "G{}"))


def score_row(form: Painter, row: int) -> int:
    """One row with tags, of which copies have one for each line of their scheme; returns the first free row."""
    for column, key, style in (("A", "level1", "label"), ("B", "level2", "label"), ("C", "name", "text")):
        form.plain(f"{column}{row}", f"{{{{ indicators.{key} }}}}", style)
    form.plain(f"D{row}", "{{ indicators.weight }}", "number")
    form.plain(f"E{row}", "{{ indicators.standard }}", "text")
    form.entry(f"F{row}", "{{ indicators.score }}", "score")
    form.entry(f"G{row}", "{{ indicators.basis }}")
    form.guide(f"F{row}", ("自评得分", "填数字，保留两位小数，不超过本行分值。"), at_most=f"D{row}")
    form.guide(f"G{row}", ("评分依据", "写明得分或扣分的理由，以及依据的文件、数据。"))
    return row + 1


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draw_project(folder)
    draw_whole_unit(folder)
    draw_data(folder)
    draw_score(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "input_templates")
