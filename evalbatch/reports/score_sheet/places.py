"""The plan of a form's sheet: its columns, and where its totals come to lie."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from evalbatch.model import Evaluated
from evalbatch.sheets.look import Kind
from evalbatch.sheets.table import CellValue, Formula, quoted

HEADERS = (
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "完成情况",
    "分值", "自评得分", "复核得分", "人工核定", "差异", "核定人和理由", "计算说明", "依据单元格",
)  # fmt: skip
BEFORE_REVIEW = "复核得分（核定前）"
"""What the verified scores are called on a form of which people decided lines; what they gave stands beside them."""
WITHOUT_TARGETS = ("评分标准", "评分依据")
"""What stands in the place of target and actual where a form has neither."""
WIDTHS = (12, 13, 17, 20, 20, 14, 9, 10, 10, 10, 9, 16, 36, 14)
KINDS: tuple[Kind, ...] = ("text",) * 6 + ("points",) * 5 + ("text",) * 3
(
    LEVEL1, LEVEL2, NAME, TARGET, ACTUAL, JUDGED,
    WEIGHT, SELF, VERIFIED, REVIEWED, DIFFERENCE, REVIEWER, BECAUSE, PLACES,
) = range(14)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """A first-level group of a form: its sums, and the rows (from 1) that they add."""

    title: str
    weight: Decimal
    self_score: Decimal
    verified: Decimal
    rows: tuple[tuple[int, int], ...]

    def sum(self, sheet: str, column: str) -> str:
        """Give the formula that adds the group's cells of a column of the form's sheet."""
        return "=SUM(" + ",".join(f"{quoted(sheet)}!{column}{first}:{column}{last}" for first, last in self.rows) + ")"

    def verified_sum(self, sheet: str) -> str:
        """Give the formula that adds what counts of the group: what people gave a line, else its verified score."""
        return "=" + "+".join(counted(first, last, f"{quoted(sheet)}!") for first, last in self.rows)


def counted(first: int, last: int, sheet: str = "") -> str:
    """Write what rows of a form's sheet come to when what people gave a line stands for its verified score."""
    verified, reviewed = (f"{sheet}{column}{first}:{column}{last}" for column in "IJ")
    return f'SUM({verified})+SUM({reviewed})-SUMIF({reviewed},">=0",{verified})'


@dataclass(slots=True)
class FormPlaces:
    """Where a form's totals lie on its sheet: addresses by word (self, verified, grade, initial, adjusted,
    executed, rate), with what stands there; and its dimensions."""

    sheet: str
    form: Evaluated
    cells: dict[str, tuple[str, CellValue]] = field(default_factory=dict)
    dimensions: list[Dimension] = field(default_factory=list)

    @property
    def reviewed(self) -> bool:
        """Whether people decided any of its lines."""
        return self.form.card.reviewed > 0

    def keep(self, word: str, address: str, value: CellValue) -> None:
        """Remember where a total lies and what stands there; what is not there has no place."""
        if value is not None:
            self.cells[word] = (address, value)

    def reference(self, word: str) -> str:
        """Name a kept cell as another sheet's formula wants it; "" where there is none.

        >>> FormPlaces("项目1", None, {"self": ("H9", Decimal(96))}).reference("self")
        "'项目1'!H9"
        """
        return f"{quoted(self.sheet)}!{self.cells[word][0]}" if word in self.cells else ""

    def value(self, word: str) -> CellValue:
        """Give what stands in a kept cell, None where there is none."""
        return self.cells[word][1] if word in self.cells else None

    def live(self, word: str) -> CellValue:
        """Give a kept cell as a formula that follows it, None where there is none."""
        value = self.value(word)
        return Formula(f"={self.reference(word)}", value) if isinstance(value, Decimal | str) else None


def difference(verified: str, self_score: str, values: tuple[Decimal | None, Decimal | None]) -> Formula:
    """Write verified minus self score as a live formula; blank while either is. `values` are those two now."""
    now, own = values
    result: Decimal | str = "" if now is None or own is None else (now - own).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Formula(f'=IF(OR({verified}="",{self_score}=""),"",ROUND({verified}-{self_score},4))', result)
