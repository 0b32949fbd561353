"""Formulas: arithmetic over named fields on Decimals, and nothing else whatever is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evalbatch.scoring.formula import CannotCompute, Formula, FormulaError

FIELDS = {
    "支出预算": Decimal("138.79"),
    "支出决算": Decimal("134.92"),
    "末结转、结余": Decimal("0.1"),
    "零": Decimal(0),
}

GOOD = [
    ("支出决算 + 0.1 - 0.1", "134.92"),
    ("0.1 + 0.2", "0.3"),
    ("（支出预算 － 支出决算）×2", "7.74"),
    ("max(支出预算, 支出决算) ÷ 1", "138.79"),
    ("ROUND(支出决算 / 支出预算, 4)", "0.9721"),
    ("round(2.5)", "3"),
    ("sum(1, 2, 3) - min(4，5) + abs(-1)", "3"),
    ("[末结转、结余] * 10", "1.0"),
    ("=支出决算", "134.92"),
    ("“支出决算” × 50%", "67.46"),
]


@pytest.mark.parametrize(("text", "result"), GOOD)
def test_formula__as_clerks_write_it__is_exact(text, result):
    """Full-width signs, × and ÷, brackets, per cent: the result is exact decimal arithmetic."""
    assert Formula.read(text).value(FIELDS) == Decimal(result)


CONDITIONS = [
    ("支出预算 > 支出决算", True),
    ("支出预算 ≤ 100 或 支出决算 ≥ 100", True),
    ("支出预算 = 138.79 且 零 ≠ 0", False),
    ("100 < 支出决算 < 200", True),
    ("零", False),
    ("零 = 否", True),
]


@pytest.mark.parametrize(("text", "holds"), CONDITIONS)
def test_condition__compared__holds_or_not(text, holds):
    """Comparisons, 且 and 或 make conditions."""
    assert Formula.read(text).holds(FIELDS) is holds


HOSTILE = [
    *(
        "__import__('os').system('x')",
        "().__class__",
        "支出预算.real",
        "支出预算[0]",
        "'甲'*9999999",
        "9**9**9",
        "1<<99",
    ),
    *(
        "lambda: 1",
        "(x for x in 零)",
        "open('x')",
        "max(*零)",
        "max(1, **零)",
        "max.__self__",
        "甲 if 乙 else 丙",
    ),
    *("(甲 := 1)", "f'{零}'", "True", "1j", "1e999", "甲; 乙", "", "(" * 200, "甲" * 301, "not 甲", "7 % 2", "7 // 2"),
    *("_0_(1)", "print(1)", "甲 in 乙", "甲 is 乙", "...", "{1: 2}", "b'x'"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_formula__anything_else__is_no_formula(text):
    """What isn't arithmetic is turned down before it is evaluated."""
    with pytest.raises(FormulaError):
        Formula.read(text)


@given(some.text(alphabet="支出预算0123456789.+-*/()（）÷×%<>=,[] maxround_'\"lambda:", max_size=40))
def test_formula__any_text__is_arithmetic_or_turned_down(text):
    """No text whatever raises anything but the two errors that callers expect."""
    try:
        formula = Formula.read(text)
        result = formula.value(dict.fromkeys(formula.names, Decimal(3)))
    except (FormulaError, CannotCompute):
        return
    assert isinstance(result, Decimal)


@pytest.mark.parametrize(("text", "why"), [("1 / 零", "除数为0"), ("零 / 零", "除数为0"), ("round(1, 99)", "小数位数")])
def test_formula__without_a_result__says_why(text, why):
    """A divisor of zero is no result, never a zero."""
    with pytest.raises(CannotCompute, match=why):
        Formula.read(text).value(FIELDS)
