"""Unit results made by hand: the seed's unit, a unit with projects only, a unit that sent nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from evalbatch.model import (
    BudgetLine,
    Cell,
    Evaluated,
    Finding,
    Indicator,
    Judgement,
    Scorecard,
    ScoredLine,
    Season,
    SourceFile,
    Submission,
    Unit,
    UnitResult,
)
from evalbatch.scoring.scheme import Grade, Scheme

SEASON = Season(district="湛江市麻章区", year=2023, deadline=date(2024, 5, 31))
GRADES = (Grade("优", Decimal(90)), Grade("良", Decimal(80)), Grade("中", Decimal(60)), Grade("差", Decimal(0)))
SCHEME = Scheme("部门整体支出方案", "2023-1", "0" * 64, Decimal(100), 2, False, "待定", (), (), {}, GRADES)


def source(path: str, kind: str = "xlsx") -> SourceFile:
    """A file of the inbox."""
    return SourceFile(path, "a" * 64, 1000, datetime(2024, 5, 30, 9), kind, "workbook")


def budget(sheet: str, row: int = 7, *amounts: str) -> tuple[BudgetLine, ...]:
    """A total with its appropriation, written in row `row` and the next."""
    initial, adjusted, executed = (Decimal(amount) for amount in amounts or ("138.79", "138.79", "134.92"))
    lines = []
    for kind, item, at in (("total", "年度资金总额", row), ("appropriation", "其中：当年财政拨款", row + 1)):
        cells = {word: Cell(sheet, at, 3 + i) for i, word in enumerate(("initial", "adjusted", "executed"))}
        rate = (executed / adjusted * 100).quantize(Decimal("0.01")) if adjusted else None
        lines.append(BudgetLine(item, kind, initial, adjusted, executed, rate=rate, cells=cells))
    return tuple(lines)


EFFECT = "预算使用效益"
# level1, level2, name, target, actual, verdict, weight, self score, verified score, because
SEED_LINES = (
    (
        *(EFFECT, "产出指标", "重点工作任务", "完成3个重点工作任务，完成率至少达95%", "3个重点工作任务已完成"),
        *("unanswered", 20, 20, 20, "“3个”已完成；完成率没有填写，待人工判断；暂按自评 20 分。"),
    ),
    (
        *(EFFECT, "产出指标", "会议", "至少开3次会议，参加会议率至少达95%", "都召开会议通过，领导班子成员均参加"),
        *("unanswered", 20, 19, 19, "会议次数没有填写，待人工判断；暂按自评 19 分。"),
    ),
    (
        *(EFFECT, "效益指标", "服务中心工作", "至少开展活动8场，争取覆盖6000名职工", "10多场活动，覆盖8000多名职工"),
        *("exceeded", 20, 19, 20, "10多场＞8场，8000多名＞6000名，两项均完成：20×100%＝20 分。"),
    ),
    (
        *("预算监督", "产出指标", "新建工会", "新建企业工会组织至少10家，发展会员至少2000人", "新建15家，会员2061人"),
        *("met", 15, 14, 15, "15≥10，2061≥2000，两项均完成：15×100%＝15 分。"),
    ),
    (
        *("预算编制", "质量指标", "工会经费审计", "至少审计15家基层工会，至少新增30家开通平台", "审计18家，新增30家"),
        *("met", 15, "14.28", 15, "18≥15，30≥30，两项均完成：15×100%＝15 分。"),
    ),
)


def indicator_lines(sheet: str, lines: Sequence[tuple], row: int = 14) -> tuple[list[Indicator], list[ScoredLine]]:
    """Indicators written from row `row` on, and their scores."""
    indicators, scored = [], []
    for index, (level1, level2, name, target, actual, verdict, weight, own, verified, because) in enumerate(lines):
        cells = {
            word: Cell(sheet, row + index, 4 + i, "x") for i, word in enumerate(("target", "actual", "weight", "score"))
        }
        indicators.append(Indicator(level1, level2, name, target, actual, Decimal(weight), Decimal(own), cells=cells))
        pending = verdict in ("unanswered", "cannot-tell")
        scored.append(
            ScoredLine(
                "indicator",
                index,
                level1,
                level2,
                name,
                Decimal(weight),
                Decimal(own),
                None if pending else Decimal(verified),
                Decimal(verified),
                pending,
                "proportional",
                because,
                inputs=(cells["target"], cells["actual"]),
                judgement=Judgement(verdict, because),
            )
        )
    return indicators, scored


def execution_line(money: Sequence[BudgetLine], weight: str, own: str, verified: str) -> ScoredLine:
    """The scored line of a form's execution rate."""
    return ScoredLine(
        "execution",
        0,
        "预算执行",
        None,
        "预算执行率",
        Decimal(weight),
        Decimal(own),
        Decimal(verified),
        Decimal(verified),
        False,
        "execution",
        f"134.92÷138.79＝97.21%；{weight}×97.21%＝{verified} 分。",
        inputs=(money[0].cells["adjusted"], money[0].cells["executed"]),
    )


def whole_unit() -> Evaluated:
    """The seed's whole-unit form: self score 96, written grade 优良."""
    sheet = "整体支出自评"
    money = budget(sheet)
    indicators, scored = indicator_lines(sheet, SEED_LINES)
    lines = (execution_line(money, "10", "9.72", "9.72"), *scored)
    submission = Submission(
        "whole-unit",
        sheet,
        "部门整体支出绩效自评表",
        year=2023,
        unit_name="湛江市麻章区总工会",
        budget=money,
        indicators=tuple(indicators),
        total_weight=Decimal(100),
        total_score=Decimal(96),
        grade="优良",
    )
    pending = sum(line.pending for line in lines)
    card = Scorecard(
        Decimal("96.00"), Decimal("98.72"), "优", "优", Decimal(100), "部门整体支出方案", pending=pending, lines=lines
    )
    return Evaluated(source("麻章区总工会/整体支出自评.xlsx"), submission, card, FINDINGS[:3])


SEED_FILE = "麻章区总工会/整体支出自评.xlsx"
FINDINGS = (
    Finding(
        "A02",
        "query",
        "“会议”的完成值没有说明会议次数，目标要求至少 3 次。",
        "请补填会议次数，例如“召开会议 4 次”。",
        "整体支出自评",
        "E15",
        "都召开会议通过",
        "会议次数",
        SEED_FILE,
    ),
    Finding(
        "S10",
        "must-fix",
        "“评价等级”填写“优良”，不是方案规定的等级（优、良、中、差）。",
        "请按总分 96 填写“优”。",
        "整体支出自评",
        "H30",
        "优良",
        "优",
        SEED_FILE,
    ),
    Finding(
        "A05",
        "note",
        "“服务中心工作”的完成值“10多场”不精确，但足以证明目标完成。",
        "以后请填写确切数字。",
        "整体支出自评",
        "E16",
        "10多场",
        None,
        SEED_FILE,
    ),
    Finding("U05", "must-fix", "缺少应报的部门整体支出数据表。", "请按表样补报数据表。"),
)


def seed_result(**changes: object) -> UnitResult:
    """The seed's unit, something to correct."""
    result = UnitResult(
        unit=Unit("440811001", "湛江市麻章区总工会本级"),
        status="returned",
        forms=(whole_unit(),),
        findings=FINDINGS,
        scored_by="whole-unit",
        self_score=Decimal(96),
        verified_score=Decimal("98.72"),
        self_grade="优",
        verified_grade="优",
        pending=2,
        score_sheet="score_sheets/440811001_湛江市麻章区总工会本级_评分表.xlsx",
        returned=("returned/湛江市麻章区总工会本级/退回_整体支出自评.xlsx",),
        missing_forms=("data",),
    )
    return replace(result, **changes)


def project(number: int, adjusted: str, executed: str, own: str, verified: str) -> Evaluated:
    """A project form with one indicator and its execution rate."""
    sheet = f"项目{number}"
    money = budget(sheet, 7, adjusted, adjusted, executed)
    lines = (("产出指标", "数量指标", "培训人次", "≥100人次", "120人次", "met", 90, own, verified, "120≥100：90 分。"),)
    indicators, scored = indicator_lines(sheet, lines)
    submission = Submission(
        "project",
        sheet,
        "项目支出绩效自评表",
        year=2023,
        unit_name="示例局",
        project=f"示例项目{number}号",
        budget=money,
        indicators=tuple(indicators),
        total_score=Decimal(own) + Decimal(8),
    )
    total, verified_total = Decimal(own) + Decimal(8), Decimal(verified) + Decimal(8)
    in_order = (execution_line(money, "10", "8", "8"), *scored)
    pending = sum(line.pending for line in in_order)
    card = Scorecard(total, verified_total, "优", "优", Decimal(100), "项目方案", pending=pending, lines=in_order)
    return Evaluated(source(f"示例局/项目{number}.xlsx"), submission, card)


def project_result() -> UnitResult:
    """A unit with two projects: its score is their mean weighted by adjusted budget."""
    forms = (project(1, "100", "80", "88", "85"), project(2, "300", "150.5", "80", "79.5"))
    return UnitResult(
        Unit("440811002", "示例局"),
        "complete",
        forms,
        (),
        "projects",
        Decimal("90.00"),
        Decimal("88.88"),
        "优",
        "良",
        0,
        "score_sheets/440811002_示例局_评分表.xlsx",
    )


def empty_result() -> UnitResult:
    """A unit that sent nothing."""
    return UnitResult(Unit("440811003", "未报单位"), "missing", missing_forms=("whole-unit",))
