"""Makes the worked example: a whole campaign folder, its inbox filled as eighteen units would fill it.

Run `python scripts/make_example.py [FOLDER]`. The forms are filled through their tags, so the built-in forms are
made first (`make_forms.py`). Same code and forms, same bytes.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENPYXL_LXML", "False")  # the same bytes with lxml and without; before openpyxl is imported

from drawn_forms import (  # noqa: E402
    grown_sheet,
    save_workbook,
    tags_of,
    write_blank,
    write_prefilled,
)
from example_altered import altered_form  # noqa: E402
from example_files import archive, encrypted, lock_file, photo, sealed_scan  # noqa: E402
from example_units import Filled, load_filled  # noqa: E402
from national_forms import GROUPS  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from openpyxl.worksheet.worksheet import Worksheet  # noqa: E402

from evalbatch.forms.places import builtin_forms  # noqa: E402
from evalbatch.model import Season, Unit  # noqa: E402

SETTINGS = """\
# 示例批次的设置。每一项都有默认值；以 # 开头的行只是说明。

[campaign]
# 区县名称，印在各种表的题头
district = "湛江市麻章区"

# 评价年度（被评价的那一年）
year = 2023

# 报送截止日期，不加引号；个别单位另有期限的，写在 units.xlsx 的“截止日期”栏
deadline = 2024-05-31

# 满分
full_mark = 100

# 每个单位默认应报的表；个别单位不同的，写在 units.xlsx 的“应报表格”栏
owes = ["whole-unit"]

# 发信设置；密码不写在这里，用环境变量 EVALBATCH_MAIL_PASSWORD
# [mail]
# host = "smtp.example.org"
# port = 587
# security = "starttls"
# user = "jx@example.org"
# sender = "绩效评价 <jx@example.org>"
"""
ROSTER_TITLES = (
    *("单位编码", "单位名称", "其他名称", "联系人", "电子邮箱", "应报表格"),
    *("截止日期", "年初预算数（万元）", "全年预算数（万元）", "全年执行数（万元）"),
)
APPROVED_TITLES = (
    *("单位编码", "单位名称", "表格", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值"),
)
FILLED = load_filled()
UNITS = (
    FILLED["总工会"],
    FILLED["教育局"],
    FILLED["民政局"],
    ("900003", "示例档案馆"),
    FILLED["卫健局"],
    FILLED["司法局"],
    ("900006", "示例统计局"),
    ("900007", "示例融媒体中心"),
    ("900008", "示例水利局"),
    FILLED["农业农村局"],
    FILLED["市监局"],
    FILLED["住建局"],
    FILLED["科技局"],
    FILLED["应急局"],
    FILLED["文化馆"],
    FILLED["林业局"],
    FILLED["图书馆"],
    FILLED["机关事务中心"],
)
OTHER_NAMES = {
    "湛江市麻章区总工会本级": "麻章区总工会、湛江市麻章区总工会",
    "示例市场监督管理局": "示例市监局",
    "示例住房和城乡建设局": "示例住建局",
}
BUREAU_FIGURES = {
    "湛江市麻章区总工会本级": ("138.79", "138.79", "134.92"),
    "示例教育局": ("4860", "5120", "5043.2"),
    "示例住房和城乡建设局": ("2560", "2640", "2587.2"),
}
APPROVED_OTHERWISE = {("示例科学技术局", "新认定高新技术企业"): "≥30家"}
ROW_KEYS = ("name", "target", "actual", "weight", "score", "reason", "basis")
SEASON = Season("湛江市麻章区", 2023, date(2024, 5, 31))


def fill(sheet: Worksheet, form: Path, filled: Filled) -> None:
    """Fill one form as its unit would: each value where the form's tag stood, indicators in their group's rows."""
    tags = tags_of(grown_sheet(form))
    for name, value in values_of(filled).items():
        if name in tags and sheet[tags[name].coordinate].value is None:
            sheet[tags[name].coordinate] = value
    columns = {key: tags[f"indicators.{key}"].column for key in ROW_KEYS if f"indicators.{key}" in tags}
    if filled.scores:
        fill_scores(sheet, columns, filled)
    elif filled.rows:
        fill_indicators(sheet, columns, tags["indicators.name"].row, filled)


def fill_indicators(sheet: Worksheet, columns: Mapping[str, int], row: int, filled: Filled) -> None:
    """Put each indicator into the next free row of its kind; the kind stands left of the name."""
    waiting = {kind: [r for r in filled.rows if r.kind == kind] for kind in {r.kind for r in filled.rows}}
    kind = ""
    while any(waiting.values()):
        kind = sheet.cell(row, columns["name"] - 1).value or kind
        if waiting.get(kind):
            indicator = waiting[kind].pop(0)
            placeholder = sheet.cell(row, columns["name"]).value
            sheet.cell(row, columns["name"]).value = placeholder.strip("…") + indicator.name
            for key in ROW_KEYS[1:-1]:
                sheet.cell(row, columns[key]).value = getattr(indicator, key) or None
            sheet.row_dimensions[row].height = height_of(sheet, row, columns.values())
        row += 1


def fill_scores(sheet: Worksheet, columns: Mapping[str, int], filled: Filled) -> None:
    """Put score and basis beside each line of a score form, found by its name."""
    rows = {cell.value: cell.row for cell in sheet["C"] if cell.value}
    for name, (score, basis) in filled.scores.items():
        sheet.cell(rows[name], columns["score"]).value = score
        sheet.cell(rows[name], columns["basis"]).value = basis
        sheet.row_dimensions[rows[name]].height = height_of(sheet, rows[name], columns.values())


def height_of(sheet: Worksheet, row: int, columns: Iterable[int]) -> float:
    """High enough for the longest text of a row: two characters' widths for each Chinese character."""
    lines = 1
    for column in columns:
        width = sheet.column_dimensions[sheet.cell(row, column).column_letter].width
        text = str(sheet.cell(row, column).value or "")
        lines = max(lines, -(-sum(1 if ch.isascii() else 2 for ch in text) // int(width - 1)))
    return max(sheet.sheet_format.defaultRowHeight, 13 * lines + 6)


def values_of(filled: Filled) -> dict[str, Any]:
    """What goes in the place of single tags."""
    values: dict[str, Any] = {
        "unit.name": filled.unit,
        "unit.code": filled.code or None,
        "project.name": filled.project,
        "project.department": filled.department,
        "goal": filled.goal,
        "goal_actual": filled.goal_actual,
        "budget.total.rate": filled.rate,
        "budget.total.score": filled.execution_score,
        "total_score": filled.total_score,
        "grade": filled.own_grade,
        "prepared_by": filled.prepared_by,
        "phone": filled.phone,
        "filled_on": filled.filled_on,
    }
    for kind, line in filled.money.items():
        amounts = zip(("initial", "adjusted", "executed"), line, strict=True)
        values |= {f"budget.{kind}.{key}": amount for key, amount in amounts}
    return values | {f"fields.{name}": value for name, value in filled.fields.items()}


def form_of(filled: Filled, target: Path) -> Path:
    """Write one filled form as a workbook of its own."""
    form = builtin_forms()["project" if filled.project else "whole-unit"]
    write_blank(target, form, replace(SEASON, year=filled.year))
    book = load_workbook(target)
    fill(book.worksheets[0], form, filled)
    save_workbook(book, target)
    return target


def standard_workbook(unit: Unit, forms: Sequence[tuple[str, Filled]], target: Path) -> Path:
    """Write a unit's prefilled standard workbook with its forms filled in."""
    write_prefilled(target, builtin_forms().values(), unit, SEASON)
    book = load_workbook(target)
    for name, filled in forms:
        form = builtin_forms()[name]
        fill(book[load_workbook(form).worksheets[0].title], form, filled)
    save_workbook(book, target)
    return target


def roster_unit(filled: Filled) -> Unit:
    """The unit as the roster has it."""
    figures = [Decimal(number) for number in BUREAU_FIGURES[filled.unit]]
    return Unit(filled.code, filled.unit, initial=figures[0], adjusted=figures[1], executed=figures[2])


def forestry_archive() -> bytes:
    """The forms that one unit sent in one ZIP."""
    members = {
        "示例林业局整体自评表.xlsx": FILLED["林业局"],
        "项目自评表（森林防火）.xlsx": FILLED["森林防火"],
        "项目自评表（村庄绿化）.xlsx": FILLED["村庄绿化"],
    }
    with TemporaryDirectory() as folder:
        form = Path(folder) / "form.xlsx"
        return archive({name: form_of(filled, form).read_bytes() for name, filled in members.items()})


def fill_inbox(inbox: Path) -> None:
    """What each unit sent, one situation a unit; examples/mazhang-2023/README.md tells what must be found."""

    def put(path: str, content: bytes) -> None:
        target = inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def send(path: str, filled: Filled) -> bytes:
        (inbox / path).parent.mkdir(parents=True, exist_ok=True)
        return form_of(filled, inbox / path).read_bytes()

    union = inbox / "湛江市麻章区总工会本级"
    union.mkdir(parents=True)
    union_forms = [
        ("data", FILLED["总工会数据表"]),
        ("whole-unit", FILLED["总工会"]),
        ("score", FILLED["总工会评分表"]),
    ]
    standard_workbook(roster_unit(FILLED["总工会"]), union_forms, union / "2023年度整体绩效自评.xlsx")
    for filled in (FILLED[name] for name in ("禁毒创文工作", "慰问困难职工", "党建工作")):
        send(f"{union.name}/项目自评_{filled.project}.xlsx", filled)
    send("示例教育局/部门整体支出绩效自评表.xlsx", FILLED["教育局"])
    send("示例民政局_部门整体自评表.xlsx", FILLED["民政局"])
    send("示例卫生健康局/部门整体自评表.xlsx", FILLED["卫健局初稿"])
    send("示例卫生健康局/部门整体自评表（修改后）.xlsx", FILLED["卫健局"])
    put("微信收到/自评表.xlsx", send("示例司法局_部门整体自评表.xlsx", FILLED["司法局"]))
    put("示例统计局/部门整体自评表.xlsx", encrypted(8192))
    put("示例融媒体中心_自评表.xlsx", "示例融媒体中心自评表见邮件正文。\r\n".encode("gbk"))
    send("收件/水务局自评.xlsx", FILLED["水务局"])
    send("示例农业农村局/部门整体自评表.xlsx", FILLED["农业农村局"])
    send("示例市场监督管理局/部门整体自评表.xlsx", FILLED["市监局"])
    send("示例住房和城乡建设局/部门整体自评表.xlsx", FILLED["住建局"])
    send("示例科学技术局/部门整体自评表.xlsx", FILLED["科技局"])
    send("示例应急管理局/部门整体自评表.xlsx", FILLED["应急局"])
    altered = inbox / "示例文化馆" / "2023绩效自评.xlsx"
    altered.parent.mkdir()
    save_workbook(altered_form(FILLED["文化馆"]), altered)
    put("示例林业局/自评材料.zip", forestry_archive())
    send("示例图书馆/部门整体自评表.xlsx", FILLED["图书馆"])
    put("示例图书馆/自评报告盖章扫描件.pdf", sealed_scan())
    put("示例图书馆/活动照片.png", photo())
    put("示例图书馆/~$部门整体自评表.xlsx", lock_file("罗示例"))
    send("示例机关事务服务中心/部门整体自评表.xlsx", FILLED["机关事务中心"])


def write_table(path: Path, name: str, titles: Sequence[str], rows: Sequence[Sequence[Any]], widths: str) -> None:
    """Write a small table in the house style: header row, filters, widths."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet(name)
        head = book.add_format({"bold": True, "bg_color": "#F4F6F8", "border": 1, "border_color": "#D5DAE0"})
        text, money = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"num_format": "#,##0.00"})
        for column, (title, width) in enumerate(zip(titles, widths.split(), strict=True)):
            sheet.set_column(column, column, int(width), money if "万元" in title else text)
        sheet.write_row(0, 0, titles, head)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)


def roster_rows() -> list[list[Any]]:
    rows = []
    for entry in UNITS:
        code, name = entry if isinstance(entry, tuple) else (entry.code, entry.unit)
        contact = "" if isinstance(entry, tuple) else entry.prepared_by
        figures = [float(number) for number in BUREAU_FIGURES.get(name, ())] or [None] * 3
        owes = "whole-unit、data" if name == "示例机关事务服务中心" else None
        rows.append([code, name, OTHER_NAMES.get(name), contact, f"u{code}@example.org", owes, None, *figures])
    return rows


def level1_of(kind: str) -> str:
    """The first level of a kind of indicators, without the points that the form prints behind it."""
    return next(level1.split("（")[0] for level1, kinds in GROUPS if kind in kinds)


def approved_rows() -> list[list[Any]]:
    return [
        [*whose, level1_of(row.kind), row.kind, row.name, target, float(row.weight)]
        for filled in (FILLED["总工会"], FILLED["教育局"], FILLED["科技局"])
        for whose in [(filled.code, filled.unit, "whole-unit", None)]
        for row in filled.rows
        for target in [APPROVED_OTHERWISE.get((filled.unit, row.name), row.target)]
    ]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "inbox", ignore_errors=True)
    (folder / "evalbatch.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")
    write_table(folder / "units.xlsx", "单位名单", ROSTER_TITLES, roster_rows(), "12 32 30 12 26 20 14 20 20 20")
    write_table(
        folder / "approved_targets.xlsx", "批复目标", APPROVED_TITLES, approved_rows(), "12 30 14 16 14 20 34 50 10"
    )
    fill_inbox(folder / "inbox")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "mazhang-2023")
