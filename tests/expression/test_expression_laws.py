"""What holds for every text: nothing raises, what is written reads the same, more is never worse, time is bounded."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evalbatch.expression.judging import judge
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.expression.writing import to_json, write
from evalbatch.model import Part

MEASURES = [
    "个",
    "人",
    "人次",
    "场次",
    "%",
    "‰",
    "元",
    "元/人",
    "平方米",
    "公里",
    "户",
    "微克/立方米",
    "个百分点",
    "件(册)",
]
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2).map(Decimal.normalize).map(lambda value: value + 0)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2098, 12, 31))
SIGNS = "0123456789.,，%万亿≥≤><=-~～至约近多余以上内下前年月日底（）()一二三十百千个人次场、；。/× \n*#"
WORDS = ["不低于", "不超过", "控制在", "2023", "季度", "百分之", "≥95%", "12月", "第", "每", "分别", "“", "《", "±"]
SHARDS = st.sampled_from([*SIGNS, *WORDS])


def one_sided(op):
    """Parts with one bound."""
    return st.builds(lambda value, measure: Part(op, value=value, measure=measure), NUMBERS, st.sampled_from(MEASURES))


PARTS = st.one_of(
    *(one_sided(op) for op in (">=", ">", "<=", "<", "=", "about")),
    st.builds(
        lambda low, more, measure: Part("between", low=low, high=low + more + 1, measure=measure),
        NUMBERS,
        NUMBERS,
        st.sampled_from(MEASURES),
    ),
    st.builds(lambda day: Part("<=", value=day), DAYS),
    st.builds(lambda day, more: Part("between", low=day, high=day + timedelta(more)), DAYS, st.integers(1, 300)),
)


@given(PARTS)
@settings(max_examples=300, deadline=None)
def test_part__written_out__reads_the_same(part):
    """A parsed condition, written out as text, is understood as the same condition."""
    read = parse_target(write(part)).parts
    assert len(read) == 1
    assert (read[0].op, read[0].value, read[0].low, read[0].high, read[0].measure) == (
        part.op,
        part.value,
        part.low,
        part.high,
        part.measure,
    )


@given(st.lists(SHARDS, max_size=14).map("".join))
@settings(max_examples=600, deadline=None)
def test_text__of_any_kind__never_raises(text):
    """Whatever a cell holds is read, judged and written without an error."""
    target, actual = parse_target(text), parse_actual(text, 2023)
    to_json(target, "target")
    to_json(actual, "actual")
    judgement = judge(target, actual, name=text)
    assert judgement.because
    assert all(part.ratio is None or part.ratio >= 0 for part in judgement.parts)


ORDER = {"not-met": 0, "cannot-tell": 1, "met": 2, "exceeded": 3}
FLOORS = st.sampled_from(["≥{}场", "不少于{}场", "{}场以上", ">{}场", "≥{}万元", "≥{}%", "{}场"])


@given(FLOORS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["{}", "{}场", "{}多场", "约{}场", "{}万元", "{}%"]))
@settings(max_examples=400, deadline=None)
def test_floor__a_greater_actual__is_never_judged_worse(target, wanted, one, other, actual):
    """Where more is better, more never turns a met target into one not met, nor lowers the share reached."""
    assume(wanted or target != "{}场")  # 0场 by itself is no floor
    less, more = sorted((one, other))
    aim = parse_target(target.format(f"{wanted:f}"))
    first, second = (judge(aim, parse_actual(actual.format(f"{value:f}")), name="活动次数") for value in (less, more))
    if ORDER[first.verdict] >= 2:  # so much more that another measure may be meant can't be told
        assert ORDER[second.verdict] >= 1
    ratios = first.parts[0].ratio, second.parts[0].ratio
    if None not in ratios:
        assert ratios[0] <= ratios[1]


@pytest.mark.parametrize(
    "shard", ["1个", "1月", "2023年", "(", "一", "1,", "不", "≥", "1.", "“", "每1", "A1", "至", "3场，", " "]
)
def test_time__of_a_hostile_text__is_bounded(shard):
    """A cell filled to Excel's limit costs no more than a moment."""
    started = time.perf_counter()
    parse_target(shard * (32767 // len(shard)))
    assert time.perf_counter() - started < 1
