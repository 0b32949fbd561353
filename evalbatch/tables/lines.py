"""The tables with one row a line of a form: money, indicators, scores, and named fields.

Their first columns are the form's own, whose values its lines have in common.
"""

from operator import attrgetter

from evalbatch.model import BudgetLine, Money, ScoredLine
from evalbatch.model.words import BUDGET_KIND, COLUMN, KIND_OF_TEXT, LINE, VERDICT
from evalbatch.tables.overview import FORM_COLUMNS
from evalbatch.tables.places import LinePlace, difference
from evalbatch.tables.schema import Column, Kind, TableSchema

_NUMBER = Column("line", "序号", "integer", "在该表中的次序，从1起", lambda at: at.number)


def _rate(line: BudgetLine) -> object:
    return Money(line.initial, line.divisor, line.executed).rate


def _filled(name: str, measure: str = "", header: str = "") -> Column:
    """A column that shows what was filled in, a number where the column counts in a measure."""
    kind: Kind = "decimal" if measure else "text"
    return Column(name, header or COLUMN[name], kind, "表内所填", attrgetter(f"item.{name}"), measure)


def _cell(name: str) -> Column:
    """A column with the address of the cell that a value was read from."""

    def address(at: LinePlace) -> str | None:
        cell = at.item.cells.get(name)
        return cell.address if cell else None

    return Column(f"{name}_cell", f"{COLUMN[name]}单元格", "text", "读取位置", address)


BUDGETS = TableSchema(
    "budgets",
    "资金",
    "表格中的一行资金",
    (
        *FORM_COLUMNS,
        _NUMBER,
        Column("item", "资金项目", "text", "表内行名", lambda at: at.item.item),
        Column("kind", "资金类别", "text", "由行名判定", lambda at: at.item.kind, words=BUDGET_KIND),
        _filled("initial", "万元"),
        _filled("adjusted", "万元"),
        _filled("executed", "万元"),
        _filled("rate", "%", header="所填执行率"),
        Column("computed_rate", "计算执行率", "decimal", "全年执行数÷全年预算数", lambda at: _rate(at.item), "%"),
        _filled("weight", "分"),
        _filled("score", "分"),
        _cell("initial"),
        _cell("adjusted"),
        _cell("executed"),
    ),
)


def _judged(at: LinePlace, what: str) -> str | None:
    judgement = at.scored.judgement if at.scored else None
    return (getattr(judgement, what) or None) if judgement else None


def _verdict(at: LinePlace) -> str | None:
    return at.scored.verdict if at.scored else None


def _understood(at: LinePlace, role: str) -> str | None:
    expression = getattr(at.scored, role) if at.scored else None
    return expression.kind if expression else None


INDICATORS = TableSchema(
    "indicators",
    "绩效指标",
    "表格中的一行绩效指标",
    (
        *FORM_COLUMNS,
        _NUMBER,
        _filled("level1"),
        _filled("level2"),
        _filled("name"),
        _filled("target"),
        _filled("actual"),
        _filled("weight", "分"),
        _filled("score", "分", header="自评得分"),
        _filled("reason"),
        _filled("basis", header="依据"),
        Column(
            "target_kind", "指标值类型", "text", "由文字判定", lambda at: _understood(at, "target"), words=KIND_OF_TEXT
        ),
        Column(
            "actual_kind", "完成值类型", "text", "由文字判定", lambda at: _understood(at, "actual"), words=KIND_OF_TEXT
        ),
        Column("verdict", "完成情况", "text", "指标值与完成值比较；人工核定的按核定", _verdict, words=VERDICT),
        Column("because", "判断依据", "text", "比较的过程", lambda at: _judged(at, "because")),
        Column("assumed", "判断前提", "text", "比较时的假定", lambda at: _judged(at, "note")),
        _cell("target"),
        _cell("actual"),
        _cell("score"),
    ),
)


def _edge(line: ScoredLine, side: int) -> object:
    return line.band[side] if line.band else None


def _inputs(line: ScoredLine) -> str | None:
    return "、".join(dict.fromkeys(cell.address for cell in line.inputs)) or None


SCORES = TableSchema(
    "scores",
    "得分",
    "一个评分项：预算执行率或一项绩效指标",
    (
        *FORM_COLUMNS,
        _NUMBER,
        Column("kind", "评分项", "text", "评分方案", lambda at: at.item.kind, words=LINE),
        _filled("level1"),
        _filled("level2"),
        _filled("name", header="名称"),
        _filled("weight", "分"),
        _filled("self_score", "分", header="自评得分"),
        Column("expected", "规则得分", "decimal", "评分规则；须人工核定的留空", lambda at: at.item.expected, "分"),
        Column(
            "checked_score",
            "人工核定前得分",
            "decimal",
            "规则得分，或待定时暂计的分",
            lambda at: at.item.checked_score,
            "分",
        ),
        Column("reviewed_score", "人工核定得分", "decimal", "人工复核表", lambda at: at.item.reviewed_score, "分"),
        Column(
            "verified_score",
            "复核得分",
            "decimal",
            "人工核定的按核定，其余按规则",
            lambda at: at.item.verified_score,
            "分",
        ),
        Column(
            "difference",
            "差异",
            "decimal",
            "复核得分减自评得分",
            lambda at: difference(at.item.verified_score, at.item.self_score),
            "分",
        ),
        Column("lowest", "最低得分", "decimal", "规则只给范围时", lambda at: _edge(at.item, 0), "分"),
        Column("highest", "最高得分", "decimal", "规则只给范围时", lambda at: _edge(at.item, 1), "分"),
        Column("pending", "待定", "flag", "等待人工核定", lambda at: at.item.pending),
        Column("decided_by", "核定人", "text", "人工核定表", lambda at: at.item.decided_by or None),
        Column("decided_why", "核定理由", "text", "人工核定表", lambda at: at.item.decided_why or None),
        Column("rule", "评分规则", "text", "评分方案", lambda at: at.item.rule),
        Column("because", "计算过程", "text", "按规则写出", lambda at: at.item.because),
        Column("inputs", "取数单元格", "text", "计算所用的单元格", lambda at: _inputs(at.item)),
    ),
)

FIELDS = TableSchema(
    "fields",
    "数据项",
    "数据表或评分表中的一个具名数据项",
    (
        *FORM_COLUMNS,
        _NUMBER,
        Column("name", "数据项", "text", "表内栏目名", lambda at: at.item.name),
        Column("text", "所填内容", "text", "表内所填", lambda at: at.item.text),
        Column("number", "数值", "decimal", "所填内容为数值时", lambda at: at.item.number),
        Column("measure", "计量单位", "text", "表内栏目所示", lambda at: at.item.measure or None),
        Column("cell", "单元格", "text", "读取位置", lambda at: at.item.cell.address),
    ),
)
