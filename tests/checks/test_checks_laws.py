"""Laws that hold for any form: what is computed right is never called wrong, and settling twice is settling once."""

from decimal import ROUND_HALF_UP, Decimal

from checks.form_tables import SCHEME, from_text
from hypothesis import given, settings
from hypothesis import strategies as st

from evalbatch.checks.findings import make_finding, settle
from evalbatch.checks.unit import check_unit

BUDGET = """
| 资金 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
|---|---|---|---|---|---|---|
"""
CENTS = st.integers(1, 10**8).map(lambda cents: Decimal(cents) / 100)


def codes(text):
    """The codes found in one form by itself."""
    return {f.code for f in check_unit(None, [from_text(text)], SCHEME, None)}


def rounded(number, digits):
    """Half-up, as the scheme rounds."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@settings(max_examples=150)
@given(CENTS, st.integers(0, 100), st.integers(0, 4))
def test_a_rate_rounded_to_any_decimals__is_right(adjusted, hundredths, digits):
    """97.21%, 97.2% and 97% are all right where 97.2116% is meant; the score of that rate is right too."""
    executed = rounded(adjusted * hundredths / 100, 2)
    rate = executed / adjusted * 100
    score = rounded(rate / 10, 2)
    line = f"| 年度资金总额 | {adjusted} | {adjusted} | {executed} | 10 | {rounded(rate, digits)}% | {score} |"
    assert not codes(BUDGET + line) & {"M02", "A08", "S04", "S05", "M06"}


@settings(max_examples=100)
@given(CENTS, st.integers(1, 95), st.sampled_from((Decimal(2), Decimal(-2), Decimal(5), Decimal(-5))))
def test_a_rate_some_points_off__is_wrong(adjusted, hundredths, off):
    """Two points off is no rounding, whatever the amounts (above 10 万元, where rounding to cents is small)."""
    adjusted += 10
    executed = rounded(adjusted * hundredths / 100, 2)
    rate = executed / adjusted * 100 + off
    line = f"| 年度资金总额 | {adjusted} | {adjusted} | {executed} | 10 | {rounded(rate, 2)}% | |"
    assert rate <= 0 or "M02" in codes(BUDGET + line)


@settings(max_examples=100)
@given(st.lists(CENTS, min_size=3, max_size=3))
def test_a_total_that_is_the_sum__is_right(amounts):
    """Whatever the sources are, big or small beside each other."""
    rows = zip(
        ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"), (sum(amounts), *amounts), strict=True
    )
    lines = "\n".join(f"| {item} | {amount} | | | | | |" for item, amount in rows)
    assert not codes(BUDGET + lines) & {"M01", "M06", "M11"}


FOUND = st.builds(
    make_finding,
    st.sampled_from(("A01", "S12", "T06", "F11", "M01")),
    file=st.sampled_from(("a.xlsx", "b.xlsx")),
    sheet=st.just("表"),
    cell=st.builds("{}{}".format, st.sampled_from("AFZ"), st.integers(1, 9)),
    column=st.just("栏"),
    subject=st.builds(lambda n: ("project", f"指标·{n}"), st.integers(1, 3)),
    terms=st.just(""),
    measure=st.just("万元"),
)


@settings(max_examples=100)
@given(st.lists(FOUND, max_size=12), st.randoms())
def test_settling__is_once_and_for_all_and_knows_no_order(found, random):
    """Settling what is settled changes nothing, and the order in which checks spoke does not matter."""
    settled = settle(found, SCHEME)
    assert settle(settled, SCHEME) == settled
    shuffled = list(found)
    random.shuffle(shuffled)
    again = settle(shuffled, SCHEME)
    assert [(f.code, f.file, f.cell) for f in again] == [(f.code, f.file, f.cell) for f in settled]
