"""The tables with one row a file, a unit, a form, a finding or an unused cell."""

from collections.abc import Callable
from typing import Any

from evalbatch.intake.kinds import KIND_WORDS
from evalbatch.model import UnitResult
from evalbatch.model.words import FILE_STATUS, FORM, KIND, MONEY_FROM, ROLE, SCORED_BY, SEVERITY, UNIT_STATUS
from evalbatch.tables.places import FormPlace, difference
from evalbatch.tables.schema import Column, TableSchema


def _joined(words: tuple[str, ...] | None) -> str | None:
    return "、".join(dict.fromkeys(words)) if words else None


FILES = TableSchema(
    "files",
    "文件",
    "收件文件夹中的一个文件（压缩包内的工作簿各算一个）",
    (
        Column("path", "文件", "text", "相对于收件文件夹的路径", lambda at: at.result.source.path),
        Column("sha256", "SHA-256", "text", "按文件内容计算", lambda at: at.result.source.sha256),
        Column("size", "大小", "integer", "文件大小", lambda at: at.result.source.size, "字节"),
        Column(
            "modified",
            "修改时间",
            "text",
            "文件的修改时间，北京时间；压缩包内文件取其自身时间",
            lambda at: at.result.source.modified.strftime("%Y-%m-%d %H:%M:%S"),
        ),
        Column(
            "kind", "文件类型", "text", "由内容判断，不看扩展名", lambda at: at.result.source.kind, words=KIND_WORDS
        ),
        Column("role", "处理方式", "text", "由文件类型决定", lambda at: at.result.source.role, words=ROLE),
        Column("status", "状态", "text", "本次运行的处理结果", lambda at: at.result.status, words=FILE_STATUS),
        Column(
            "unit_code",
            "单位编码",
            "text",
            "与单位名单匹配；未匹配的留空",
            lambda at: at.unit.code if at.unit else at.result.unit,
        ),
        Column("unit_name", "单位名称", "text", "单位名单", lambda at: at.unit.name if at.unit else None),
        Column("forms", "识别出的表格", "text", "识别出的各种表", lambda at: _joined(at.result.forms), words=FORM),
        Column("returned", "退回件", "text", "相对于输出文件夹的路径", lambda at: at.result.returned),
        Column("must_fix", "必须更正", "integer", "该文件的问题计数", lambda at: at.severities["must-fix"], "项"),
        Column("query", "请核实", "integer", "该文件的问题计数", lambda at: at.severities["query"], "项"),
        Column("note", "提示", "integer", "该文件的问题计数", lambda at: at.severities["note"], "项"),
        Column("unused_cells", "未使用单元格", "integer", "见未使用单元格表", lambda at: at.unused, "个"),
        Column("remark", "说明", "text", "处理结果的原因", lambda at: at.result.note or None),
    ),
)


def _of_review(
    whose: Callable[[Any], Any], checked: Callable[[Any], object], verified: Callable[[Any], object]
) -> tuple[Column, ...]:
    """What a total may still come to, and what people made of it: the same for a unit and for one of its forms."""
    return (
        Column("lowest", "待定后最低", "decimal", "待定项都按最低计", lambda at: whose(at).lowest, "分"),
        Column("highest", "待定后最高", "decimal", "待定项都按最高计", lambda at: whose(at).highest, "分"),
        Column("checked_score", "人工核定前得分", "decimal", "不计人工核定的复核得分", checked, "分"),
        Column(
            "reviewed_score",
            "人工核定得分",
            "decimal",
            "有人工核定项的复核得分；没有的留空",
            lambda at: verified(at) if whose(at).reviewed else None,
            "分",
        ),
        Column("reviewed", "人工核定项数", "integer", "人工复核表", lambda at: whose(at).reviewed, "项"),
    )


UNITS = TableSchema(
    "units",
    "单位",
    "单位名单中的一个单位",
    (
        Column("unit_code", "单位编码", "text", "单位名单", lambda at: at.result.unit.code),
        Column("unit_name", "单位名称", "text", "单位名单", lambda at: at.result.unit.name),
        Column("status", "报送状态", "text", "按收到的文件判定", lambda at: at.result.status, words=UNIT_STATUS),
        Column(
            "late", "是否逾期", "flag", "填报日期晚于截止日期；无填报日期的看文件修改时间", lambda at: at.result.late
        ),
        Column(
            "received", "已收表格", "text", "现行有效的表格", lambda at: _joined(_form_names(at.result)), words=FORM
        ),
        Column(
            "missing_forms",
            "缺报表格",
            "text",
            "应报而未收到的表格",
            lambda at: _joined(at.result.missing_forms),
            words=FORM,
        ),
        Column(
            "due_projects",
            "应报项目数",
            "integer",
            "项目名单，没有的按批复目标",
            lambda at: len(at.result.due_projects),
            "个",
        ),
        Column(
            "missing_projects",
            "缺报项目",
            "text",
            "应报而未收到自评表的项目",
            lambda at: _joined(tuple(project.name for project in at.result.missing_projects)),
        ),
        Column("contact", "联系人", "text", "单位名单", lambda at: at.result.unit.contact or None),
        Column(
            "deadline", "单位截止日期", "date", "单位名单；空白的按全区截止日期", lambda at: at.result.unit.deadline
        ),
        Column("initial", "年初预算数", "decimal", "资金总额行", lambda at: at.money.initial, "万元"),
        Column("adjusted", "全年预算数", "decimal", "资金总额行", lambda at: at.money.adjusted, "万元"),
        Column("executed", "全年执行数", "decimal", "资金总额行", lambda at: at.money.executed, "万元"),
        Column("rate", "执行率", "decimal", "全年执行数÷全年预算数", lambda at: at.money.rate, "%"),
        Column(
            "money_from",
            "取数来源",
            "text",
            "有部门整体表的取该表，否则取各项目之和；任一项目缺数、金额单位存疑或年度不符则留空",
            lambda at: at.money.source or None,
            words=MONEY_FROM,
        ),
        Column("bureau_initial", "财政年初预算数", "decimal", "单位名单", lambda at: at.result.unit.initial, "万元"),
        Column("bureau_adjusted", "财政全年预算数", "decimal", "单位名单", lambda at: at.result.unit.adjusted, "万元"),
        Column("bureau_executed", "财政全年执行数", "decimal", "单位名单", lambda at: at.result.unit.executed, "万元"),
        Column("scored_by", "得分来源", "text", "单位得分取自哪张表", lambda at: at.result.scored_by, words=SCORED_BY),
        Column("self_score", "自评得分", "decimal", "所填总分", lambda at: at.result.self_score, "分"),
        Column(
            "verified_score", "复核得分", "decimal", "按评分方案重新计算", lambda at: at.result.verified_score, "分"
        ),
        Column(
            "difference",
            "差异",
            "decimal",
            "复核得分减自评得分",
            lambda at: difference(at.result.verified_score, at.result.self_score),
            "分",
        ),
        Column("self_grade", "自评等级", "text", "所填等级", lambda at: at.result.self_grade),
        Column("verified_grade", "复核等级", "text", "复核得分所在的等级", lambda at: at.result.verified_grade),
        Column("pending", "待定项", "integer", "等等人工核定的评分项", lambda at: at.result.pending, "项"),
        *_of_review(lambda at: at.result, lambda at: at.result.checked_score, lambda at: at.result.verified_score),
        Column("must_fix", "必须更正", "integer", "该单位的问题计数", lambda at: at.severities["must-fix"], "项"),
        Column("query", "请核实", "integer", "该单位的问题计数", lambda at: at.severities["query"], "项"),
        Column("note", "提示", "integer", "该单位的问题计数", lambda at: at.severities["note"], "项"),
        Column("score_sheet", "复核评分表", "text", "相对于输出文件夹的路径", lambda at: at.result.score_sheet),
        Column("returned", "退回件", "text", "相对于输出文件夹的路径", lambda at: _joined(at.result.returned)),
    ),
)


def _form_names(result: UnitResult) -> tuple[str, ...]:
    return tuple(form.submission.form for form in result.forms)


FORM_COLUMNS = (
    Column("unit_code", "单位编码", "text", "单位名单", lambda at: at.unit.code),
    Column("unit_name", "单位名称", "text", "单位名单", lambda at: at.unit.name),
    Column("form", "表格", "text", "表的种类", lambda at: at.form.submission.form, words=FORM),
    Column("project", "项目名称", "text", "表内所填", lambda at: at.form.submission.project),
    Column("file", "文件", "text", "相对于收件文件夹的路径", lambda at: at.form.source.path),
    Column("sheet", "工作表", "text", "表格所在的工作表", lambda at: at.form.submission.sheet),
)


def _of_submission(name: str) -> Column:
    headers = {
        "year": "评价年度",
        "version": "表样版本",
        "department": "主管部门",
        "prepared_by": "填表人",
        "filled_on": "填报日期",
        "goal": "年度总体目标",
        "goal_actual": "总体目标完成情况",
        "grade": "所填等级",
    }
    kind = {"year": "integer", "filled_on": "date"}.get(name, "text")
    return Column(name, headers[name], kind, "表内所填", lambda at: getattr(at.form.submission, name))  # type: ignore[arg-type]


def _common_reason(at: FormPlace) -> str | None:
    cell = at.form.submission.cells.get("reason")
    return (cell.text or None) if cell else None


SUBMISSIONS = TableSchema(
    "submissions",
    "表格",
    "单位的一张现行有效表格（项目表每个项目一张）",
    (
        *FORM_COLUMNS,
        Column("kind", "表格类别", "text", "表样", lambda at: at.form.submission.kind, words=KIND),
        *(_of_submission(name) for name in ("year", "version", "department", "prepared_by", "filled_on")),
        *(_of_submission(name) for name in ("goal", "goal_actual")),
        Column("reason", "共同的偏差原因", "text", "全表合写一处的原因", _common_reason),
        Column("initial", "年初预算数", "decimal", "资金总额行", lambda at: at.money.initial, "万元"),
        Column("adjusted", "全年预算数", "decimal", "资金总额行", lambda at: at.money.adjusted, "万元"),
        Column("executed", "全年执行数", "decimal", "资金总额行", lambda at: at.money.executed, "万元"),
        Column("rate", "执行率", "decimal", "全年执行数÷全年预算数", lambda at: at.money.rate, "%"),
        Column("total_weight", "分值合计", "decimal", "表内所填合计", lambda at: at.form.submission.total_weight, "分"),
        Column("total_score", "所填总分", "decimal", "表内所填总分", lambda at: at.form.submission.total_score, "分"),
        _of_submission("grade"),
        Column("self_score", "自评得分", "decimal", "所填总分或各项之和", lambda at: at.form.card.self_total, "分"),
        Column("verified_score", "复核得分", "decimal", "各项之和", lambda at: at.form.card.verified_total, "分"),
        Column(
            "difference",
            "差异",
            "decimal",
            "复核得分减自评得分",
            lambda at: difference(at.form.card.verified_total, at.form.card.self_total),
            "分",
        ),
        Column("self_grade", "自评等级", "text", "自评得分的等级", lambda at: at.form.card.self_grade),
        Column("verified_grade", "复核等级", "text", "复核得分的等级", lambda at: at.form.card.verified_grade),
        Column("pending", "待定项", "integer", "等等人工核定的评分项", lambda at: at.form.card.pending, "项"),
        *_of_review(
            lambda at: at.form.card, lambda at: at.form.card.checked_total, lambda at: at.form.card.verified_total
        ),
        Column("scheme", "评分方案", "text", "本次运行所用方案", lambda at: at.form.card.scheme),
        Column("remark", "说明", "text", "评分说明", lambda at: at.form.card.note or None),
    ),
)

FINDINGS = TableSchema(
    "findings",
    "问题",
    "发现的一个问题",
    (
        Column("unit_code", "单位编码", "text", "单位名单", lambda at: at.unit.code if at.unit else None),
        Column("unit_name", "单位名称", "text", "单位名单", lambda at: at.unit.name if at.unit else None),
        Column("code", "代码", "text", "问题目录", lambda at: at.finding.code),
        Column("severity", "级别", "text", "问题目录", lambda at: at.finding.severity, words=SEVERITY),
        Column("title", "问题", "text", "问题目录", lambda at: at.finding.title or None),
        Column("message", "说明", "text", "由规则与单元格生成", lambda at: at.finding.message),
        Column("remedy", "如何处理", "text", "由规则与单元格生成", lambda at: at.finding.remedy),
        Column("file", "文件", "text", "相对于收件文件夹的路径；只涉及单位的留空", lambda at: at.finding.file),
        Column("sheet", "工作表", "text", "问题所在", lambda at: at.finding.sheet),
        Column("cell", "单元格", "text", "问题所在", lambda at: at.finding.cell),
        Column("value", "现填", "text", "单元格内容", lambda at: at.finding.value),
        Column("expected", "应为", "text", "由规则给出", lambda at: at.finding.expected),
    ),
)

UNUSED = TableSchema(
    "unused",
    "未使用单元格",
    "表格中有内容而未被使用的一个单元格，每个文件最多列1000个",
    (
        Column("file", "文件", "text", "相对于收件文件夹的路径", lambda at: at.file.source.path),
        Column("sheet", "工作表", "text", "所在工作表", lambda at: at.cell.sheet),
        Column("cell", "单元格", "text", "所在单元格", lambda at: at.cell.address),
        Column("value", "内容", "text", "单元格显示的内容", lambda at: at.cell.text or None),
    ),
)
