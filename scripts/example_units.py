"""example_units.toml in, the filled forms of the worked example out, with their scores worked out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

KINDS = {
    "数量": "数量指标",
    "质量": "质量指标",
    "时效": "时效指标",
    "成本": "成本指标",
    "经济": "经济效益指标",
    "社会": "社会效益指标",
    "生态": "生态效益指标",
    "持续": "可持续影响指标",
    "满意": "服务对象满意度指标",
}


@dataclass(frozen=True)
class Row:
    """One indicator as its unit fills it in."""

    kind: str
    name: str
    target: str
    actual: str
    weight: Decimal
    score: Decimal
    reason: str


@dataclass(frozen=True)
class Filled:
    """One filled form: money by line, indicators, and who filled it in and when."""

    unit: str
    code: str
    goal: str
    goal_actual: str
    money: Mapping[str, tuple[Decimal, Decimal, Decimal]]
    rows: tuple[Row, ...]
    filled_on: date
    prepared_by: str
    phone: str
    year: int = 2023
    grade: str = ""
    project: str | None = None
    department: str | None = None
    fields: Mapping[str, str | Decimal] = field(default_factory=dict)
    scores: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)

    @property
    def rate(self) -> Decimal:
        """Executed by adjusted budget, as a share with four decimals."""
        _, adjusted, executed = self.money["total"]
        return cents(executed / adjusted * 100) / 100

    @property
    def execution_score(self) -> Decimal:
        """10 points by the exact rate, rounded once."""
        _, adjusted, executed = self.money["total"]
        return cents(min(executed / adjusted, Decimal(1)) * 10)

    @property
    def total_score(self) -> Decimal:
        """Execution and indicators together; of a score form the sum of its lines."""
        if self.scores:
            return sum((score for score, _ in self.scores.values()), Decimal(0))
        return self.execution_score + sum((row.score for row in self.rows), Decimal(0))

    @property
    def own_grade(self) -> str:
        """The grade that the unit wrote, else the one of its total."""
        bands = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
        return self.grade or next(name for lowest, name in bands if self.total_score >= lowest)


def cents(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rows_of(text: str) -> tuple[Row, ...]:
    """Read the indicators of a text block."""
    return tuple(_row(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines())


def _row(kind: str, name: str, target: str, actual: str, weight: str, score: str = "", reason: str = "") -> Row:
    return Row(KINDS[kind], name, target, actual, Decimal(weight), Decimal(score or weight), reason)


def money_of(text: str) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Read `initial adjusted executed` of up to four lines separated by ;. One line alone is all appropriation."""
    lines = [tuple(Decimal(number) for number in line.split()) for line in text.split(";")]
    zero = (Decimal(0), Decimal(0), Decimal(0))
    lines = [lines[0], lines[0], zero, zero] if len(lines) == 1 else lines + [zero] * (4 - len(lines))
    return dict(zip(("total", "appropriation", "carried_over", "other_funds"), lines, strict=True))  # type: ignore[arg-type]


def load_filled() -> dict[str, Filled]:
    """Read all filled forms by their short names; `like` takes everything that an entry leaves out from another."""
    text = Path(__file__).with_name("example_units.toml").read_text("utf-8")
    entries: dict[str, dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)
    filled = {}
    for name, entry in entries.items():
        merged = {**entries.get(entry.get("like", ""), {}), **entry}
        merged.pop("like", None)
        merged["money"] = money_of(merged["money"])
        merged["rows"] = rows_of(merged["rows"])
        merged["scores"] = scores_of(merged.get("scores", ""))
        filled[name] = Filled(**merged)
    return filled


def scores_of(text: str) -> dict[str, tuple[Decimal, str]]:
    """Read the lines of a score form: name, score, what it rests on."""
    lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return {name: (Decimal(score), basis) for name, score, basis in lines}
