"""Days as people write them; what names no single day is None."""

from datetime import date
from decimal import Decimal

import pytest

from evalbatch.model import Cell
from evalbatch.reading.days import day_in, day_of, is_left_blank

USUAL = """
2024-05-30 | 2024.5.30 | 2024年5月30日 | 20240530 | 2024/5/30
２０２４年５月３０日 | 2024年 5月 30日 | 二〇二四年五月三十日
2024-05-30 00:00:00 | 2024-05-30T00:00:00 | 2024-05-30T08:15:00Z
2024年5月30日 10:30 | 2024年5月30日上午9时
2024年5月30日（补报） | （2024年5月30日） | [2024-5-30] | 2024年5月30日（星期四）
2024年5月30日星期四 | 2024年5月30日填报
24.5.30 | 24年5月30日 | 240530 | 2024、5、30 | 2024—5—30 | 2024.5.30.
2024。5。30 | 2024年5月30 | 2024年05月30号
二O二四年五月卅日 | 二○二四年五月三十日 | 公元2024年5月30日 | 30/05/2024
05/30/2024 | May 30, 2024 | 30-May-24 | 30 May 2024
"""
NO_SINGLE_DAY = """
2024年5月 | 5月30日 | 2024.13.1 | 2024年5月32日 | 05/06/2024 | 2024年5月20日至30日 | 张三 | 13800000000 | 2023-2024
2024年5月20日、2024年5月30日 | 10.5.20 | 二〇二四年五月 | 2024 | 2023年2月29日
"""


def listed(text: str) -> list[str]:
    return [one.strip() for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", listed(USUAL))
def test_day_in__usual_forms__are_the_same_day(text: str) -> None:
    """Every usual way to write a day, with what people write around it."""
    assert day_in(text) == date(2024, 5, 30)


@pytest.mark.parametrize("text", listed(NO_SINGLE_DAY))
def test_day_in__no_single_day__is_none(text: str) -> None:
    """A month, a day without a year, two days, a day that never was."""
    assert day_in(text) is None


@pytest.mark.parametrize(("text", "day"), [("二〇二四年元月廿五日", (1, 25)), ("二零二四年十一月廿日", (11, 20))])
def test_day_in__chinese_numerals__of_every_month(text: str, day: tuple[int, int]) -> None:
    """元月 is January, 廿 is twenty."""
    assert day_in(text) == date(2024, *day)


@pytest.mark.parametrize(
    ("text", "number", "day"), [("45442", "45442", True), ("20240530", "20240530", True), ("300", "300", False)]
)
def test_day_of__number__is_a_day_number_or_compact(text: str, number: str, day: bool) -> None:
    """A date whose cell lost its format shows its day number."""
    assert day_of(Cell("表", 1, 1, text, Decimal(number))) == (date(2024, 5, 30) if day else None)


@pytest.mark.parametrize(
    "text", ["　年　月　日", "2024年 月 日", "20  年  月  日", "____年__月__日", "2024", "（ 年 月 日）", ""]
)
def test_is_left_blank__what_a_form_prints__is(text: str) -> None:
    """Nobody wrote a day there."""
    assert is_left_blank(text)
