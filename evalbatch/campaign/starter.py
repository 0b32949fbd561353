"""An empty place in, a campaign folder that explains itself out; nothing in it acts until someone fills it in."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from evalbatch.campaign import roster, settings
from evalbatch.campaign.carry_over import carry_over
from evalbatch.campaign.launchers import write_launchers
from evalbatch.campaign.samples import write_samples
from evalbatch.model import Refused
from evalbatch.storage.disk import words_of

SETTINGS_TEXT = """\
# 预算绩效自评批次的设置。每一项都有默认值；以 # 开头的行只是说明，不起作用。

[campaign]
# 区县名称，印在各种表的题头，例如：district = "示例市示例区"
district = ""

# 评价年度，必填：被评价的那一年，不是开展自评的这一年。2024年开展的自评，评价2023年的支出，写 year = 2023
# year = 2023

# 报送截止日期，不加引号；没有统一日期就不写。个别单位另有期限的，写在 units.xlsx 的“截止日期”栏
# deadline = 2024-05-31

# 退回的材料，自报送之日起几天内更正（不早于报送截止日期）；有统一更正期限的，写在 correction_deadline
correction_days = 7
# correction_deadline = 2024-06-15

# 满分
full_mark = 100

# 每个单位默认应报的表：whole-unit（部门整体支出绩效自评表）、data（部门整体支出数据表）、
# score（部门整体支出绩效评分表）、project（项目支出绩效自评表）
# 写英文名或表名都可以，例如：owes = ["部门整体支出绩效自评表", "项目支出绩效自评表"]
# 个别单位不同的，写在 units.xlsx 的“应报表格”栏；不用报的写“免报”
owes = ["whole-unit"]

# 是否同时生成自评报告和工作总结的Word初稿（需要安装 python-docx）
drafts = false

# 是否同时生成公开稿：报齐而且没有必须更正的单位，自评表去掉联系电话、批注、隐藏工作表等，放在 output/public
public_copies = false

# 公开稿中留不留填表人的姓名
public_names = true

# 退回件中是否保留单位文件里的宏、数据连接、外部链接和取外部数据的公式；默认去掉，保留的请确认文件可信再打开
keep_active = false

# 上年的批次文件夹，写了就在汇总中与上年比较；上年批次里写着再上年的，一年接一年列入“历年情况”
# 可写相对本文件夹的路径，例如：last_year = "../2022年自评"
# last_year = ""

[limits]
# 单个文件最大多少MB、最多处理多少秒、最多用多少MB内存；超过的文件按“文件过大或压缩异常”退回
file_mb = 30
seconds = 20
memory_mb = 640

[cache]
# 缓存放在哪里；空着就放在本文件夹的 .evalbatch 中。本文件夹在共享盘上时，可写本机的一个文件夹，例如："D:/evalbatch"
folder = ""

[mail]
# 发信设置；不发信就不用管。要用时去掉行首的 #，改成本局的。密码不写在这里，用环境变量 EVALBATCH_MAIL_PASSWORD
# host = "smtp.example.org"
# port = 587
# security = "starttls"     # 或 "tls"；本机测试服务器用 "none"
# user = "jx@example.org"
# sender = "绩效评价 <jx@example.org>"
# per_minute = 60           # 每分钟最多发几封
"""

WIDTHS = (12, 32, 24, 12, 28, 46, 14, 20, 20, 20)


EXAMPLE_SHEET = "填写示例"
EXAMPLES = (
    ("900001", "示例区教育局", "区教育局；示例教育局", "张三", "jyj@example.org", "", "", "1200", "1180.5", "1150"),
    (
        "900002",
        "示例区水务局",
        "",
        "李四",
        "a@example.org；b@example.org",
        "部门整体支出绩效自评表、项目支出绩效自评表",
        "2024-06-15",
        "",
        "",
        "",
    ),
    ("900003", "示例区老干部活动中心", "", "", "", "免报", "", "", "", ""),
)
PROJECT_WIDTHS = dict(zip(roster.PROJECT_TITLES, (12, 32, 40, 32), strict=True))
PROJECTS_EXPLAINED = (
    "“项目名单”这样填：一行一个项目，每个都要报项目支出绩效自评表，没有收到的列为缺报；"
    "没有名单的，以批复目标中的项目为准。"
)
PROJECT_EXAMPLES = (
    ("900001", "示例区教育局", "校舍维修项目", "校舍维修改造；校舍维修"),
    ("900002", "示例区水务局", "农村供水管护", ""),
)
EXPLAINED = (
    "没有就留空",
    "必填，与报送表上的名称一致",
    "简称、曾用名；几个用、或；隔开",
    "没有就留空",
    "发邮件用；几个用；隔开",
    "空着按设置；几种用、隔开；不用报写“免报”",
    "个别单位另有期限才写",
    "财政局掌握的数；没有就留空",
    "财政局掌握的数；没有就留空",
    "财政局掌握的数；没有就留空",
)


def start_campaign(
    folder: Path, last_year: Path | None = None, tell: Callable[[str], None] = lambda _: None
) -> tuple[str, ...]:
    """Make a new campaign folder and return what was made in it, relative names in order.

    With `last_year` settings, roster, scheme, forms and approved targets are carried over from that campaign; `tell`
    is told what was carried. Refused when the folder holds anything already: nobody's files are touched.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        another = f"请换一个新的名称，例如：evalbatch init {_free_name(folder)}"
        raise Refused(f"“{folder}”已经存在而且不是空文件夹。", remedy=another)
    if last_year is not None:
        settings.load_settings(last_year / settings.FILE_NAME)  # refused before anything is made
    try:
        (folder / "inbox").mkdir(parents=True)
        made = _blank(folder) if last_year is None else carry_over(last_year, folder, tell)
        return (*made, "inbox", write_samples(folder), *write_launchers(folder, python=sys.executable))
    except OSError as error:
        raise Refused(f"“{folder}”建不了：{words_of(error)}。", remedy="请检查该位置能否写入，或换一个位置。") from None


def _free_name(folder: Path) -> str:
    """Propose a name beside a folder that is taken, as it is typed on a command line."""
    number = 2
    while (free := folder.with_name(f"{folder.name or '新批次'}（{number}）")).exists():
        number += 1
    return f'"{free}"' if any(sign.isspace() for sign in str(free)) else str(free)


def _blank(folder: Path) -> tuple[str, ...]:
    (folder / settings.FILE_NAME).write_text(SETTINGS_TEXT, encoding="utf-8", newline="\n")
    with xlsxwriter.Workbook(folder / roster.FILE_NAME) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        _write_headed(book, "单位名单", dict(zip(roster.TITLES, WIDTHS, strict=True)), 0)
        _write_example(book)
        _write_headed(book, roster.PROJECT_SHEET, PROJECT_WIDTHS, 0)
    return (settings.FILE_NAME, roster.FILE_NAME)


def _write_headed(book: xlsxwriter.Workbook, name: str, widths: Mapping[str, int], head_row: int) -> Any:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#F4F6F8", "border": 1, "border_color": "#D5DAE0"})
    text = book.add_format({"num_format": "@"})
    for column, (title, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width, text if "万元" not in title else None)
        sheet.write_string(head_row, column, title, head)
    sheet.freeze_panes(head_row + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _write_example(book: xlsxwriter.Workbook) -> None:
    """Write the second sheet: how rows are filled in. It does not count, and says so on top."""
    sheet = _write_headed(book, EXAMPLE_SHEET, dict(zip(roster.TITLES, WIDTHS, strict=True)), 1)
    note = book.add_format({"italic": True, "font_color": "#66707A", "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, "本页只是示例，程序不读取；单位填在第一张工作表“单位名单”，应报的项目填在“项目名单”。")
    sheet.set_row(2, 48)  # three lines; nothing fits the height of a row before it is shown
    for column, text in enumerate(EXPLAINED):
        sheet.write_string(2, column, text, note)
    for row, example in enumerate(EXAMPLES, start=3):
        for column, text in enumerate(example):
            if "万元" in roster.TITLES[column] and text:
                sheet.write_number(row, column, float(text))
            elif text:
                sheet.write_string(row, column, text)
    below = 4 + len(EXAMPLES)
    sheet.write_string(below, 0, PROJECTS_EXPLAINED)
    for row, texts in enumerate((roster.PROJECT_TITLES, *PROJECT_EXAMPLES), start=below + 1):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)
