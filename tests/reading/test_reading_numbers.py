"""Numbers, money and years as people write them; what is not certain is None."""

from decimal import Decimal

import pytest

from evalbatch.model import Cell
from evalbatch.reading.lexicon import label_of, load_words
from evalbatch.reading.numbers import measure_in, money_of, points_of, rate_of, year_alone, year_within


def cell(text: str, number: str | None = None, percent: bool = False) -> Cell:
    return Cell("表", 1, 1, text, Decimal(number) if number else None, percent)


@pytest.mark.parametrize(
    ("text", "measure", "amount"),
    [
        ("138.79", "万元", "138.79"),
        ("１３８．７９", "万元", "138.79"),
        ("1,387,900.00", "元", "138.79"),
        ("1，200", "万元", "1200"),
        ("10万", "万元", "10"),
        ("10万元", "元", "10"),
        ("5000元", "万元", "0.5"),
        ("0.5亿元", "万元", "5000"),
        ("￥12", "万元", "12"),
        ("-3.5", "万元", "-3.5"),
        ("\u200b 12 \u200b", "万元", "12"),
        ("0", "元", "0"),
        ("7,00.0,77", "万元", None),
        ("1,00", "万元", None),
        ("3577. 95", "万元", None),
        ("约10", "万元", None),
        ("10%", "万元", None),
        ("无", "万元", None),
        ("—", "万元", None),
        ("", "万元", None),
    ],
)
def test_money_of__text__is_in_ten_thousand_yuan(text: str, measure: str, amount: str | None) -> None:
    """The unit in the cell wins over the column's; anything unclear is no amount."""
    assert money_of(cell(text), measure) == (None if amount is None else Decimal(amount))


def test_points_and_rates__are_read_as_seen() -> None:
    """9.5分 is 9.5 points; 95.8% is 95.8 whether typed or formatted; a bare 0.958 stays 0.958."""
    assert points_of(cell("9.5分")) == Decimal("9.5")
    assert points_of(cell("9.5个")) is None
    assert rate_of(cell("95.8%")) == rate_of(cell("95.8%", "95.8", percent=True)) == Decimal("95.8")
    assert rate_of(cell("0.958")) == Decimal("0.958")


def test_years__of_lines_and_titles() -> None:
    """A line that is a year; the one year that a title names."""
    assert [year_alone(text) for text in ("（2022年度）", "( 2022 年度)", "2022", "二〇二二年度", "2022年5月")] == [
        2022
    ] * 4 + [None]
    assert year_within("2022年度项目支出绩效自评表") == 2022
    assert year_within("2021年至2022年") is None


def test_measure_in__label__is_its_unit_of_money() -> None:
    """In brackets, or as 单位：元; a label without one has none."""
    assert [measure_in(text) for text in ("项目资金（元）", "单位：万元", "项目资金", "一元化管理")] == [
        "元",
        "万元",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("一 级 指 标", "一级指标"),
        ("一级\n指标：", "一级指标"),
        ("全年预算数（A）", "全年预算数"),
        ("全年执行数Ｂ", "全年执行数"),
        ("执行率（B/A×100%）", "执行率"),
        ("项目（专项）名称", "项目名称"),
        ("得分（20分*执行率", "得分"),
        ("三、年度目标", "年度目标"),
    ],
)
def test_label_of__dresses__have_one_core(text: str, core: str) -> None:
    """Blanks, breaks, colons, brackets, formula letters and numbering are no part of a label."""
    assert label_of(text).core == core


@pytest.mark.parametrize("name", ["指标2：", "指标 3:", "……", "/", "—", "指标1", "..."])
def test_is_unfilled__placeholders__are_recognised(name: str) -> None:
    """What the blank form leaves in the column of names."""
    assert load_words().is_unfilled(name)


@pytest.mark.parametrize("name", ["指标3 (name lost in dump)", "2次会议", "得分", "指标1：培训"])
def test_is_unfilled__names__are_not(name: str) -> None:
    """A name that only looks like a placeholder."""
    assert not load_words().is_unfilled(name)
