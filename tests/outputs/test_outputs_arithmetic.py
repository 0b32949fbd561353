"""What a score sheet writes down gives what it writes: every shown calculation is done again from its own text."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from outputs.two_districts import Made

pytestmark = pytest.mark.command

NUMBER = r"(\d+(?:\.\d+)?)"
UNDER = rf"÷ ?(?:目标值|完成值|满分标准)? ?{NUMBER}(?:m2|[^\d，；、=≈×])*"
DIVISION = re.compile(rf"(?<![A-Za-z\d.]){NUMBER}(?:m2|[^\d÷，；、])*{UNDER}([=≈]) ?{NUMBER}%")
PRODUCT = re.compile(rf"{NUMBER}×{NUMBER}%([=≈]){NUMBER}")
HALF = Decimal("0.005")


def told(district: Made) -> Iterator[tuple[str, dict[str, str]]]:
    """Every line's calculation, with its row."""
    with (district.folder / "output" / "data" / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["计算过程"], row


def agrees(computed: Decimal, sign: str, shown: str) -> bool:
    """Whether = is exact, and ≈ off by no more than rounding to two decimals."""
    off = abs(computed - Decimal(shown))
    return off == 0 if sign == "=" else 0 < off <= HALF


def test_divisions__done_again__give_the_percentage_shown(district: Made) -> None:
    """The larger or smaller number stands where the division needs it; ≈ says that the result is rounded."""
    found = [(text, match) for text, _ in told(district) for match in DIVISION.finditer(text)]
    assert len(found) > 20
    wrong = [text for text, m in found if not agrees(100 * Decimal(m[1]) / Decimal(m[2]), m[3], m[4])]
    assert wrong == []


def test_products__done_again__give_the_points_shown(district: Made) -> None:
    """8×97.21% is 7.78, and not 7.7769 as the percentage before it was rounded would give."""
    found = [(text, match) for text, _ in told(district) for match in PRODUCT.finditer(text)]
    assert len(found) > 5
    wrong = [text for text, m in found if not agrees(Decimal(m[1]) * Decimal(m[2]) / 100, m[3], m[4])]
    assert wrong == []


def test_points__at_the_end_of_a_calculation__are_the_lines_verified_score(district: Made) -> None:
    """The last result is the score in the next column, for every line that waits for nobody."""
    ends = re.compile(rf"(?:[=≈]|得满分 |得 |合计[=≈]){NUMBER}(?: 分)?$")
    checked = 0
    for text, row in told(district):
        last = ends.search(text)
        if last and row["待定"] == "否" and not row["人工核定得分（分）"]:
            checked += 1
            assert abs(Decimal(last[1]) - Decimal(row["复核得分（分）"])) <= HALF, text
    assert checked > 100


def test_fields__that_another_sheet_of_the_unit_has__are_not_called_lacking(district: Made) -> None:
    """What is counted over the targets of the whole-unit form waits for their judgement; it is not missing."""
    assert not [text for text, _ in told(district) if re.search("缺少[^，]*“完成指标数”", text)]
