"""An empty campaign folder in; samples to copy from out, in a folder of their own where nothing reads them."""

import shutil
from datetime import datetime
from pathlib import Path

import xlsxwriter

from evalbatch.campaign import approved
from evalbatch.campaign.form_names import TITLES
from evalbatch.storage.shipped import shipped

FOLDER = "样例"
SCHEME = "scheme.xlsx"
FORMS = "input_templates"
GUIDE = "先看这里.txt"
_GUIDE = f"""\
本文件夹中的文件都是样例，程序不读取，可以整个删去。
要用哪一个，把它复制到上一级的批次文件夹（与 evalbatch.toml 同一个文件夹），再照实际修改。

{approved.FILE_NAME}　年初批复的绩效目标。复制后删去样例各行，填本区的；用来查目标有没有调低、删除、新增。
{SCHEME}　　　　　　内置的评分方案。要改指标、分值、评分办法、等级、界限的，复制后改黄色的单元格。
{FORMS}　　　　　内置表样，格子里写有字段标记。要改用本局表样的，把整个文件夹复制上去再改。

没有复制的，就用内置的方案和表样，不核对批复目标。
"""
_UNIT = {"单位编码": "900001", "单位名称": "示例区教育局"}
_TARGETS: tuple[dict[str, str | int], ...] = (
    {
        **_UNIT, "表格": TITLES["whole-unit"], "一级指标": "产出指标", "二级指标": "数量指标",
        "三级指标": "组织业务培训", "年度指标值": "≥8场", "分值": 20,
    },
    {
        **_UNIT, "表格": TITLES["whole-unit"], "一级指标": "产出指标", "二级指标": "质量指标",
        "三级指标": "会议召开情况", "年度指标值": "至少开3次会议，参加会议率至少达95%", "分值": 15,
    },
    {
        **_UNIT, "表格": TITLES["project"], "项目名称": "校舍维修项目", "一级指标": "产出指标",
        "二级指标": "数量指标", "三级指标": "维修校舍", "年度指标值": "≥12栋", "分值": 30,
    },
)  # fmt: skip
_EXPLAINED = {
    "单位编码": (12, "与单位名单一致，没有就留空"),
    "单位名称": (24, "编码、名称至少写一个"),
    "表格": (
        26,
        f"{TITLES['whole-unit']}或{TITLES['project']}；本局自己的表写表名；空着：有项目名称的是项目表，单位只报一种本局的表的是那种表",
    ),
    "项目名称": (20, "项目表才写"),
    "一级指标": (12, "同名的三级指标有几个时用来区分，没有就留空"),
    "二级指标": (12, "同上"),
    "三级指标": (24, "必填，与自评表一致"),
    "年度指标值": (40, "必填，照批复文件写"),
    "分值": (8, "没有就留空"),
    "调整后指标值": (24, "年中批准调整的才写；取消的写“取消”"),
    "调整后分值": (10, "同上"),
    "调整批复": (26, "批准调整的文号"),
}


def write_samples(folder: Path) -> str:
    """Write the samples into a campaign folder and return their folder's name. Raises OSError."""
    place = folder / FOLDER
    place.mkdir()
    (place / GUIDE).write_text(_GUIDE, encoding="utf-8-sig", newline="\r\n")
    _write_targets(place / approved.FILE_NAME)
    builtin = shipped(FORMS)
    shutil.copyfile(builtin / SCHEME, place / SCHEME)
    (place / FORMS).mkdir()
    for name in TITLES:
        shutil.copyfile(builtin / f"{name}.xlsx", place / FORMS / f"{name}.xlsx")
    return FOLDER


def _write_targets(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet, notes = book.add_worksheet("批复目标"), book.add_worksheet("填写说明")
        head = book.add_format({"bold": True, "bg_color": "#F4F6F8", "border": 1, "border_color": "#D5DAE0"})
        text = book.add_format({"num_format": "@"})
        for column, title in enumerate(approved.TITLES):
            width, explained = _EXPLAINED[title]
            sheet.set_column(column, column, width, None if title == "分值" else text)
            sheet.write_string(0, column, title, head)
            notes.write_string(column, 0, title, head)
            notes.write_string(column, 1, explained)
        notes.set_column(0, 0, 14)
        notes.set_column(1, 1, 70)
        sheet.freeze_panes(1, 0)
        for page in (sheet, notes):
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
        for row, target in enumerate(_TARGETS, start=1):
            for title, value in target.items():
                sheet.write(row, approved.TITLES.index(title), value)
