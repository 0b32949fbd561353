"""Whatever reads a cell's text, held against long repetitions: the time grows in proportion."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from robustness.patterns import Found, every, few_characters_of, slow_for, units, within

from evalbatch.cli import chinese
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.model import Cell
from evalbatch.reading.days import day_in
from evalbatch.reading.lexicon import label_of, load_words
from evalbatch.reading.numbers import money_of, points_of, rate_of
from evalbatch.reports import public_copy
from evalbatch.text.names import safe_name
from evalbatch.xlsx import markup

COMMON = ("1", "一", "字", " ", "(", "（", "A", "，", "、", "%", "-", "=", ".", "\n", "年")
SHORT, LONG = 1_500, 12_000
GROWTH, NOTHING = 3 * LONG / SHORT, 0.02
"""So many times longer a text eight times as long may take; below so many seconds it doesn't matter."""
REPEATED = (
    *COMMON, "( ", "(1", "≥", "1年", "1月", "1、", "（1）", "1个", "9%", "至", "1-", "一亿", "万", "1,", "1.",
    "完成", "1项，", "不低于", "±", "√", "□", "→", "2023年1月1日", "0.", "每人1次", "10多",
)  # fmt: skip
LEXICON = load_words()
OF_CELLS = [LEXICON.decoys[name] for name in LEXICON.decoys if name != "other"]
"""Of the lexicon, those that meet whole cells and sheets' names; the others meet labels, of 48 signs at most."""
LATE: dict[str, tuple[str, tuple[re.Pattern[Any], ...]]] = {
    "evalbatch.campaign.roster._split": ("split", (re.compile("[,\n]"),)),
    "evalbatch.cli.chinese._plain": ("match", tuple(re.compile(english) for english, _ in chinese._WRONG_VALUES)),
    "evalbatch.reading.lexicon._patterns": ("search", tuple(within((LEXICON.template, OF_CELLS)))),
    "evalbatch.reading.personal.personal_cells": ("sub", (re.compile(r"(?<![\d.])0101(?![\d.])"),)),
    "evalbatch.reports.public_copy._blank_cells": ("search", (re.compile(rb"</x:c\s*>"),)),
    "evalbatch.reports.public_copy._leading_to": ("search", (public_copy._leading_to({"表"}, {"名"}),)),
    "evalbatch.xlsx.markup._attribute": ("search", (markup._attribute("ref"),)),
    "evalbatch.xlsx.markup.reprefixed": ("sub", (re.compile(rb"<(/?)x:(?=[A-Za-z])(?!\w+:)"),)),
}
"""Functions that make patterns from what they are given; how these are called, and some of them."""
ALL, THAT_MAKE_THEIRS = every()
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


def test_patterns__made_when_a_function_is_called__are_those_known() -> None:
    """Whatever else makes a pattern within a function belongs among the module's names, where it is found and timed."""
    assert set(LATE) == THAT_MAKE_THEIRS
    assert len(ALL) > 400


@pytest.mark.parametrize("repeated", [few_characters_of, pytest.param(units, marks=pytest.mark.slow)])
def test_patterns__every_one_of_the_package__takes_time_in_proportion(repeated: Callable[..., list[str]]) -> None:
    """By each method it is called by, on what it names itself, over and over: signs; pairs of them; beginnings."""
    late = [Found(place, made, frozenset((way,))) for place, (way, patterns) in LATE.items() for made in patterns]
    slow = {f"{found.place} {found.pattern.pattern!r}": slow_for(found, repeated) for found in (*ALL, *late)}
    assert {name: texts for name, texts in slow.items() if texts} == {}


@pytest.mark.parametrize("reader", READERS)
def test_readers__a_cell_full_of_one_thing__take_time_in_proportion(reader: str) -> None:
    """As much as a cell holds takes no second."""
    read = READERS[reader]
    assert [unit for unit in REPEATED if grows(read, unit)] == []
    assert [unit for unit in REPEATED if seconds(read, (unit * 32_767)[:32_767]) > 1] == []
