"""The letter's wording in, subject and text out: mail.txt of the campaign folder, or the built-in one.

A wording is plain text: a head line (主题), a blank line, the body. Placeholders stand in {{ }}. A line whose
placeholders all have nothing to say is left out, so that one wording serves every unit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapidfuzz import process

from evalbatch.mail.words import one_line
from evalbatch.model import Refused
from evalbatch.storage.disk import read_regular, words_of

Kind = Literal["result", "reminder"]
FILES: Mapping[Kind, str] = {"result": "mail.txt", "reminder": "mail_remind.txt"}
PLACEHOLDERS: Mapping[str, str] = {
    "区县": "设置中的区县名称",
    "年度": "设置中的评价年度",
    "单位名称": "单位名单上的名称",
    "单位编码": "单位名单上的编码",
    "联系人": "单位名单上的联系人",
    "状态": "未报送、退回更正、报送不全、逾期报送或已报齐",
    "自评得分": "自评得分和等级，例如：96分（优）",
    "复核得分": "复核得分和等级",
    "待定项数": "等人工核定的项数；没有就不写",
    "缺报表格": "应报未报的表格；没有就不写",
    "必须更正项数": "必须更正的问题数；没有就不写",
    "必须更正问题": "必须更正的问题逐项列出，最多10项",
    "截止日期": "该单位的报送截止日期，单位名单上没有的用设置中的",
    "更正期限": "该单位退回件上写的更正期限（设置中的 correction_deadline 或 correction_days）；不用更正的单位不写",
    "办理事项": "该单位要做的事，按状态写成",
    "附件": "随信附件的名称和内容，一行一个",
    "附件数": "附件的个数；没有就不写",
    "落款": "设置中发件人（sender）的名称",
}
_TAG = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_OLD_TAG = re.compile(r"\{\{\s*须更正")
"""As {{必须更正项数}} and {{必须更正问题}} were once called; such wordings still hold."""
_HEAD = re.compile(r"\s*(主题|更正期限)\s*[：:]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Wording:
    """How a letter is worded."""

    subject: str
    body: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return subject and text for one unit; the subject is one line whatever the values hold."""
        lines: list[str] = []
        for line in self.body:
            tags = _TAG.findall(line)
            if not tags or any(values[tag] for tag in tags):
                lines.append(_filled(line, values))
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
        return one_line(_filled(self.subject, values)), text.strip("\n") + "\n"


def load_wording(folder: Path, kind: Kind) -> Wording:
    """Read the campaign's wording, or the built-in one where it has none.

    Refused names the file, the line and the remedy: an unknown placeholder, no subject, a wrong date.
    """
    path = folder / FILES[kind]
    return read_wording(_text(path if path.exists() else Path(__file__).parent / path.name), path.name)


def read_wording(text: str, name: str) -> Wording:
    """Read a wording's text; `name` is the file that messages speak of."""
    lines = _OLD_TAG.sub("{{必须更正", text).splitlines()
    for number, line in enumerate(lines, start=1):
        _check_tags(line, name, number)
    subject, body_at = "", 0
    for number, line in enumerate(lines, start=1):
        body_at = number
        head = _HEAD.fullmatch(line)
        if head and head[1] == "主题":
            subject = head[2].strip()
        elif head and head[2].strip():
            raise Refused(
                f"{name} 第{number}行的更正期限不在信文中写，以免与退回件上的日期不同。",
                remedy="请删去这一行；统一的更正期限写在 evalbatch.toml，例如：correction_deadline = 2024-06-15。",
            )
        elif not head and line.strip() and not line.startswith("#"):
            raise Refused(
                f"{name} 第{number}行“{one_line(line)[:30]}”不是信文的开头部分。",
                remedy="请在开头写“主题：……”，然后空一行，再写正文。",
            )
        elif not line.strip() and subject:
            break
    if not subject:
        raise Refused(
            f"{name} 没有写主题。", remedy="请在第1行写上，例如：主题：{{年度}}年度绩效自评结果：{{单位名称}}。"
        )
    return Wording(subject, tuple(line.rstrip() for line in lines[body_at:]))


def _text(path: Path) -> str:
    """Read a text that may come from Windows' Notepad: UTF-8, or the Chinese code page."""
    try:
        data = read_regular(path)
    except OSError as error:
        raise Refused(
            f"{path.name} 读不出来：{words_of(error)}。",
            remedy="请关闭正在使用它的程序，或检查文件权限后重试。",
        ) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path.name} 不是文字文件。", remedy="请用记事本打开，另存为UTF-8编码。")


def _check_tags(line: str, name: str, number: int) -> None:
    for tag in _TAG.findall(line):
        if tag not in PLACEHOLDERS:
            near = process.extractOne(tag, list(PLACEHOLDERS), score_cutoff=50)
            hint = f"是否应为 {{{{{near[0]}}}}}？" if near else f"可用的有：{'、'.join(PLACEHOLDERS)}。"
            raise Refused(f"{name} 第{number}行的 {{{{{tag}}}}} 不认识。", remedy=f"请改正或删去；{hint}")
    rest = _TAG.sub("", line)
    if "{{" in rest or "}}" in rest:
        raise Refused(
            f"{name} 第{number}行的大括号不成对：“{one_line(line)[:30]}”。",
            remedy="请写成 {{单位名称}} 这样，前后各两个大括号。",
        )


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _TAG.sub(lambda match: values[match[1]], line)
