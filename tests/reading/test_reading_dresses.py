"""The same submission in any dress reads the same, field by field and cell by cell."""

from decimal import Decimal
from typing import Any

import pytest
from reading.dresser import COLUMNS, Dressed, dress

from evalbatch.model import Submission
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.read import read_sheets

LEXICON = load_lexicon(())


def one(
    level1: str,
    level2: str,
    name: str,
    parts: tuple[str, str, str],
    actual: str,
    points: str,
    score: str,
    reason: str = "",
) -> dict[str, Any]:
    return {
        "level1": level1, "level2": level2, "name": name, "parts": parts, "actual": actual,
        "weight": Decimal(points), "score": Decimal(score), "reason": reason,
    }  # fmt: skip


PLAIN: dict[str, Any] = {
    "year": 2023,
    "project": "2023年基层工会规范化建设项目绩效目标自评表",
    "department": "示例区总工会",
    "unit": "示例区总工会本级",
    "budget": [
        {
            "item": "年度资金总额",
            **dict(zip(COLUMNS, map(Decimal, ["1200", "1150.5", "1100.25", "10", "95.63", "9.56"]), strict=True)),
        },
        {"item": "其中：当年财政拨款", **dict(zip(COLUMNS, map(Decimal, ["1000", "950.5", "900.25"]), strict=False))},
        {"item": "上年结转资金"},
        {"item": "其他资金", **dict(zip(COLUMNS, map(Decimal, ["200", "200", "200"]), strict=False))},
    ],
    "goal": "新建企业工会组织至少10家，发展会员至少2000人。",
    "goal_actual": "已完成。",
    "indicators": [
        one("产出指标（50分）", "数量指标", "开展活动场次", ("≥", "8", "场"), "10多场", "15", "15"),
        one("产出指标（50分）", "数量指标", "得分", ("", "至少15家", ""), "18家", "10", "10"),
        one("产出指标（50分）", "质量指标", "完成率", ("≥", "95", "%"), "90%", "10", "9.5", "人手不足"),
        one("产出指标（50分）", "成本指标", "项目总成本", ("≤", "90", "万元"), "90", "15", "15"),
        one("效益指标", "社会效益指标", "年度指标值公开情况", ("", "显著", ""), "显著", "30", "28", "无"),
        one("满意度指标", "服务对象满意度指标", "职工满意度", ("≥", "95", "%"), "96.5%", "10", "10"),
    ],
    "total_weight": Decimal(100),
    "total_score": Decimal("97.06"),
    "grade": "优",
}  # fmt: skip


def differences(dressed: Dressed, read: Submission) -> list[str]:
    """Everything that was read otherwise than drawn."""
    said: list[tuple[str, Any, Any]] = [
        ("year", PLAIN["year"], read.year),
        ("unit", PLAIN["unit"], read.unit_name),
        ("project", PLAIN["project"], read.project),
        ("department", PLAIN["department"], read.department),
        ("goal", PLAIN["goal"], read.goal),
        ("goal_actual", PLAIN["goal_actual"], read.goal_actual),
        ("total", (PLAIN["total_weight"], PLAIN["total_score"]), (read.total_weight, read.total_score)),
        ("grade", dressed.expected.get("grade"), read.grade),
        ("signed", dressed.expected.get("signed"), (read.prepared_by, read.phone) if read.prepared_by else None),
        ("rows", len(PLAIN["indicators"]), len(read.indicators)),
        ("lines", len(PLAIN["budget"]), len(read.budget)),
    ]
    said += [(f"cell {key}", address, shown(read.cells, key)) for key, address in dressed.expected["cells"].items()]
    for (line, cells), got in zip(dressed.expected["budget"], read.budget, strict=False):
        said += [(f"{line['item']} {role}", line.get(role), getattr(got, role)) for role in COLUMNS]
        said += [(f"{line['item']} {role}", cells[role], shown(got.cells, role)) for role in cells]
    for (row, cells), got in zip(dressed.expected["indicators"], read.indicators, strict=False):
        wanted = {**row, "target": "".join(row["parts"]), "reason": row["reason"] or None}
        keys = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
        said += [(f"{row['name']} {key}", wanted[key], getattr(got, key)) for key in keys]
        said += [(f"{row['name']} {key}", cells[key], shown(got.cells, key)) for key in cells]
    return [f"{what}: {wanted!r} read as {got!r}" for what, wanted, got in said if wanted != got]


def shown(cells: Any, key: str) -> str | None:
    return cells[key].address if key in cells else None


@pytest.mark.parametrize("seed", range(200))
def test_read__any_dress__gives_the_same_submission(seed: int) -> None:
    """Other labels, columns, rows, merges and ways of writing change nothing that is read."""
    dressed = dress(seed, PLAIN)
    reading = read_sheets([dressed.grid], LEXICON)
    assert len(reading.submissions) == 1
    assert differences(dressed, reading.submissions[0]) == []
    assert [cell.text for cell in reading.unused] == dressed.stray
    assert reading.findings == ()
