"""The sheets on what became of it: 整改台账, 重报对比."""

from evalbatch.history.changes import Resubmission
from evalbatch.history.compare import Change
from evalbatch.history.ledger import Rectification
from evalbatch.model import words
from evalbatch.sheets.look import Tone
from evalbatch.sheets.table import CellValue, Table, Toned
from evalbatch.summary.digest import Digest, file_link
from evalbatch.summary.grid import Field, lay_out

_TONES: dict[str, Tone] = {
    "new": "must-fix",
    "open": "must-fix",
    "fixed": "good",
    "waived": "note",
    "withdrawn": "query",
}


def ledger(digest: Digest) -> Table:
    """Everything that units were ever asked to correct or explain: since when, and what became of it."""
    rows = digest.district.rectifications
    left = sum(row.status in ("new", "open") and row.severity == "must-fix" for row in rows)
    fields = [
        Field("单位编码", lambda row: row.unit_code or None, "short"),
        Field("单位名称", lambda row: row.unit or "未能确定", "name"),
        Field("表格", lambda row: digest.form(row.form) if row.form else None, "short"),
        Field("项目", lambda row: row.project, "name"),
        Field("级别", lambda row: words.SEVERITY[row.severity], "short", align="center"),
        Field("问题", lambda row: f"{row.title} {row.code}", "name"),
        Field("位置", lambda row: row.place, "name"),
        Field("整改状态", _status, "short", align="center"),
        Field("自何时起", lambda row: row.since, "name"),
        Field("整改依据", lambda row: row.cleared_by, "path"),
        Field("整改日期", lambda row: row.cleared_on, "date", "date"),
        Field("说明", lambda row: row.remark or row.message, "long"),
        Field("退回件", lambda row: _copy(digest, row), "short", paper=False),
    ]
    return lay_out(
        "整改台账",
        "要求更正和核实的问题及其整改情况",
        fields,
        list(rows),
        identifier="rectification",
        subtitle=digest.subtitle,
        notes=[
            f"必须更正的还有{left}处没有整改；一处一行，一个问题涉及几处的分几行，行数可以多于“问题清单”的项数。",
            "“新发现”是最近一次报送带来的；“仍未整改”是再次报送后仍在的；“已整改”由所列文件改正。历史记录在批次文件夹的record中。",
        ],
        empty="没有要求更正或核实的问题。",
        frozen=2,
    )


def _copy(digest: Digest, row: Rectification) -> CellValue:
    return file_link("打开退回件", digest.returned.get(row.last_file or ""))


def _status(row: Rectification) -> CellValue:
    return Toned(row.status_words, _TONES[row.status])


def resubmitted(digest: Digest) -> Table:
    """Each form that was submitted again: what changed, what it corrected, and its effect on the score."""
    fields = [
        Field("单位编码", lambda row: row.unit_code or None, "short"),
        Field("单位名称", lambda row: row.unit, "name"),
        Field("表格", lambda row: digest.form(row.form), "short"),
        Field("项目", lambda row: row.project, "name"),
        Field("第几次报送", lambda row: row.number, "short", "int"),
        Field("报送日期", lambda row: row.day, "date", "date"),
        Field("是否逾期更正", lambda row: _late(digest, row), "short"),
        Field("文件", lambda row: row.file, "path"),
        Field("前一次的文件", lambda row: row.before_file, "path"),
        Field("对比结果", lambda row: row.summary, "long"),
        Field("改动内容", _changes, "long"),
    ]
    return lay_out(
        "重报对比",
        "重新报送的表格与前一次的对比",
        fields,
        list(digest.district.resubmissions),
        identifier="resubmitted",
        subtitle=digest.subtitle,
        notes=["按填报日期先后对比同一单位的同一张表；前一次的文件已不在收件文件夹的，按历史记录对比。"],
        empty="没有重新报送的表格。",
        frozen=2,
    )


def _late(digest: Digest, row: Resubmission) -> str | None:
    """Whether it came after the day by which the submission before was to be corrected."""
    deadline = next((unit["deadline"] for unit in digest.units if unit["unit_name"] == row.unit), None)
    due = digest.district.season.correct_by(row.before_sent, deadline)
    return "逾期更正" if due and row.day > due else None


_MOST_CHANGES = 8


def _changes(row: Resubmission) -> str | None:
    changes = row.comparison.changes
    told = [f"{_place(change)}：{change.old or '空'} → {change.new or '空'}" for change in changes[:_MOST_CHANGES]]
    if len(changes) > _MOST_CHANGES:
        told.append(f"等共{len(changes)}处")
    return "\n".join(told) or None


def _place(change: Change) -> str:
    return f"{change.place}·{change.column}" if change.column else change.place
