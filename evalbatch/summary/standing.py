"""The sheets on who sent what: 提交情况, 文件清单."""

from collections.abc import Mapping
from typing import Any

from evalbatch.intake.kinds import KIND_WORDS
from evalbatch.model import words
from evalbatch.sheets.look import STATUS_WORDS, Tone
from evalbatch.sheets.table import CellValue, Formula, Table, Toned
from evalbatch.summary.digest import EXEMPT, Digest, Rows, file_link
from evalbatch.summary.grid import Field, Lines, lay_out, summed
from evalbatch.summary.problems import problem_order

_UNIT_TONES: dict[str, Tone] = {
    "complete": "good",
    "late": "query",
    "incomplete": "query",
    "returned": "must-fix",
    "missing": "must-fix",
}
_FILE_TONES: dict[str, Tone] = {
    "accepted": "good",
    "returned": "must-fix",
    "rejected": "must-fix",
    "unassigned": "query",
}


def unit_fields() -> list[Field]:
    """The two columns that begin every table of units."""
    return [
        Field("单位编码", lambda row: row["unit_code"] or None, "short"),
        Field("单位名称", lambda row: row["unit_name"], "name"),
    ]


def sheet_field() -> Field:
    """The link to a unit's score sheet, for the screen."""
    return Field("复核评分表", lambda unit: file_link("打开", unit["score_sheet"]), "short", paper=False)


def submissions(digest: Digest) -> Table:
    """Each unit of the roster: what it owes, what came, and where its score sheet and returned copy are."""
    fields = [
        *unit_fields(),
        Field("报送状态", lambda unit: _standing(digest, unit), "short"),
        Field("应报表格", lambda unit: digest.forms(digest.owes(unit)) or EXEMPT, "name"),
        Field("已收表格", lambda unit: digest.forms(form.submission.form for form in unit["result"].forms), "name"),
        Field("缺报表格", lambda unit: digest.forms(unit["result"].missing_forms), "name"),
        *_project_fields(digest),
        Field("是否逾期", lambda unit: "逾期" if unit["late"] else None, "short"),
        Field("截止日期", lambda unit: unit["deadline"] or digest.district.season.deadline, "date", "date"),
        Field("更正期限", lambda unit: unit["result"].correct_by, "date", "date"),
        summed("文件数", lambda unit: unit["files"], width="short", kind="int"),
        summed("必须更正", lambda unit: unit["must_fix"], width="short", kind="int"),
        summed("请核实", lambda unit: unit["query"], width="short", kind="int"),
        summed("待定项", lambda unit: unit["pending"], width="short", kind="int"),
        Field("联系人", lambda unit: unit["contact"], "short", align="center"),
        sheet_field(),
        Field("退回件", _copies, "short", paper=False),
    ]
    return lay_out(
        "提交情况",
        f"{digest.district.season.year}年度绩效自评各单位提交情况",
        fields,
        submission_order(digest),
        identifier="submissions",
        subtitle=digest.subtitle,
        notes=[
            "按报送状态排列，同一状态的按单位名单的顺序。状态取第一个成立的："
            "未报送、退回更正（有必须更正的问题）、报送不全、逾期报送、已报齐。空白表示没有。"
        ],
        rest="data/units.csv",
        total="合计",
        more_totals=lambda lines: _of_no_unit(digest, lines),
        frozen=2,
    )


_STANDINGS = (*STATUS_WORDS.values(), EXEMPT)


def submission_order(digest: Digest) -> Rows:
    """The units in the order of their sheet: those of one standing together, in the roster's order."""
    return sorted(digest.units, key=lambda unit: _STANDINGS.index(digest.status(unit)))


_COUNTED = {"文件数": "files", "必须更正": "must_fix", "请核实": "query"}
"""The columns that hold what may also belong to no unit, and the names of a unit's figures in them."""


def _of_no_unit(digest: Digest, lines: Lines) -> list[list[CellValue]]:
    """What belongs to no unit, and all together, so that every file and every problem is counted once on this sheet."""
    strays = {
        "文件数": sum(file["unit_name"] is None for file in digest.files),
        "必须更正": digest.of_no_unit("must-fix"),
        "请核实": digest.of_no_unit("query"),
    }
    if not any(strays.values()):
        return []
    sums = {title: sum(unit[name] for unit in digest.units) for title, name in _COUNTED.items()}
    at = lines.last + 1
    rest: list[CellValue] = ["没有归到单位的文件（含不处理的）"]
    whole: list[CellValue] = ["总计"]
    for title in lines.titles[1:]:
        rest.append(strays.get(title))
        added = f"={lines.cell(title, at)}+{lines.cell(title, at + 1)}"
        whole.append(Formula(added, sums[title] + strays[title]) if title in strays else None)
    return [rest, whole]


def _project_fields(digest: Digest) -> list[Field]:
    """Projects due, received and missing; none where no list says which are due."""
    if not digest.due_count:
        return []
    return [
        summed("应报项目", lambda unit: len(unit["result"].due_projects), width="short", kind="int"),
        summed(
            "已报项目",
            lambda unit: len(unit["result"].due_projects) - len(unit["result"].missing_projects),
            width="short",
            kind="int",
        ),
        Field("缺报项目", lambda unit: "、".join(p.name for p in unit["result"].missing_projects) or None, "name"),
    ]


def _standing(digest: Digest, unit: dict[str, Any]) -> CellValue:
    word = digest.status(unit)
    return Toned(word, _UNIT_TONES[unit["status"]] if word in STATUS_WORDS.values() else "muted")


def _copies(unit: dict[str, Any]) -> CellValue:
    paths = unit["result"].returned
    return file_link("打开退回件" if len(paths) == 1 else f"打开第1份（共{len(paths)}份）", paths[0]) if paths else None


NO_UNIT = "未能确定"
"""What stands for the unit of a file that counts for none until a person says whose it is."""


def is_stray(file: Mapping[str, Any]) -> bool:
    """Whether a file without a unit waits for one: system files, and a ZIP beside its members, do not."""
    return file["unit_name"] is None and file["status"] != "ignored"


def files(digest: Digest) -> Table:
    """Every file of the inbox with what became of it and why."""
    rows = digest.files
    reasons = _reasons(digest)
    fields = [
        Field("文件", lambda file: file["path"], "text"),
        Field("单位", lambda file: file["unit_name"] or (NO_UNIT if is_stray(file) else None), "name"),
        Field("状态", lambda file: _file_status(file["status"]), "short"),
        Field("原因或说明", lambda file: "\n".join(reasons.get(file["path"], ())) or file["remark"], "long"),
        Field("识别出的表格", lambda file: digest.forms(file["forms"]), "name"),
        Field("修改时间", lambda file: file["modified"], "date", align="center"),
        summed("未使用单元格", lambda file: file["unused_cells"], width="short", kind="int"),
        Field("退回件", lambda file: file_link("打开退回件", file["returned"]), "short", align="center", paper=False),
        Field("文件类型", lambda file: KIND_WORDS.get(file["kind"], file["kind"]), "short", paper=False),
        summed("大小（字节）", lambda file: file["size"], width="number", kind="int", paper=False),
        Field("SHA-256", lambda file: file["sha256"][:16], "text", note="前16位；完整的见 data/files.csv", paper=False),
    ]
    return lay_out(
        "文件清单",
        f"收件文件夹中的{len(rows)}个文件",
        fields,
        rows,
        identifier="files",
        subtitle=digest.subtitle,
        notes=["每个文件都在表中，压缩包内的工作簿各占一行。未使用单元格的位置和内容见 data/unused.csv。"],
        rest="data/files.csv",
        total="合计",
        frozen=1,
    )


def _reasons(digest: Digest) -> dict[str, list[str]]:
    """Every reason why a file was returned, refused or left aside, by its path; those of cells by title and place."""
    reasons: dict[str, list[str]] = {}
    for row in problem_order(digest):
        family = row["code"][0]
        if row["file"] and (row["severity"] == "must-fix" or family == "F"):
            place = f"（{row['sheet']} {row['cell']}）" if row["cell"] else ""
            whole = family == "U" or (family == "F" and not row["cell"])
            said = row["message"] if whole else f"{row['title']}{place}"
            reasons.setdefault(row["file"], []).append(said)
    return reasons


def _file_status(status: str) -> CellValue:
    return Toned(words.FILE_STATUS[status], _FILE_TONES.get(status, "muted"))
