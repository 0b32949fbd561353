"""Whatever reads a cell's text, held against long repetitions: the time grows in proportion."""

import re
import time
from collections.abc import Callable

import pytest

from evalbatch.campaign import approved, carry_over
from evalbatch.checks import view
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.model import Cell
from evalbatch.reading import days, forms, pairs
from evalbatch.reading.days import day_in
from evalbatch.reading.lexicon import label_of
from evalbatch.reading.numbers import money_of, points_of, rate_of
from evalbatch.scoring import words
from evalbatch.summary import digest
from evalbatch.text.names import safe_name

COMMON = ("1", "一", "字", " ", "(", "（", "A", "，", "、", "%", "-", "=", ".", "\n", "年")
SHORT, LONG = 1_500, 12_000
GROWTH, NOTHING = 3 * LONG / SHORT, 0.02
"""So many times longer a text eight times as long may take; below so many seconds it doesn't matter."""
REPEATED = (
    *COMMON, "( ", "(1", "≥", "1年", "1月", "1、", "（1）", "1个", "9%", "至", "1-", "一亿", "万", "1,", "1.",
    "完成", "1项，", "不低于", "±", "√", "□", "→", "2023年1月1日", "0.", "每人1次", "10多",
)  # fmt: skip
PATTERNS: dict[str, re.Pattern[str]] = {
    "year": carry_over._YEAR,
    "deadline": carry_over._DEADLINE,
    "number of a document": approved._NUMBER_OF_DOCUMENT,
    "time": days.TIME,
    "grade": forms.GRADE_ASIDE,
    "label behind": pairs.NEXT_LABEL,
    "points": view._POINTS,
    "points of a scheme": words._POINTS,
    "weight": digest._WEIGHT,
}
READERS: dict[str, Callable[[str], object]] = {
    "target": lambda text: parse_target(text, 2023),
    "actual": lambda text: parse_actual(text, 2023),
    "label": label_of,
    "day": day_in,
    "money": lambda text: money_of(Cell("表", 1, 1, text), "万元"),
    "points": lambda text: points_of(Cell("表", 1, 1, text)),
    "rate": lambda text: rate_of(Cell("表", 1, 1, text)),
    "file name": safe_name,
}


def seconds(function: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    function(text)
    return time.process_time() - began


def grows(function: Callable[[str], object], unit: str) -> bool:
    """Whether a function takes more than in proportion for a longer text; a busy machine gets a second chance."""

    def of(length: int) -> str:
        return unit * (length // len(unit))

    return all(
        (long := seconds(function, of(LONG))) > NOTHING and long > GROWTH * seconds(function, of(SHORT))
        for _ in range(3)
    )


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns__met_by_texts_without_bounds__take_time_in_proportion(name: str) -> None:
    """What they name first, over and over, in texts as long as a cell or the settings hold."""
    pattern = PATTERNS[name]
    assert [unit for unit in REPEATED if grows(lambda text: pattern.sub("", text), unit)] == []


@pytest.mark.parametrize("reader", READERS)
def test_readers__a_cell_full_of_one_thing__take_time_in_proportion(reader: str) -> None:
    """As much as a cell holds takes no second."""
    read = READERS[reader]
    assert [unit for unit in REPEATED if grows(read, unit)] == []
    assert [unit for unit in REPEATED if seconds(read, (unit * 32_767)[:32_767]) > 1] == []
