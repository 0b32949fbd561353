"""Laws of scoring that hold for any form."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scoring.scoring_tables import indicator, money, submission

from evalbatch.scoring.compulsory import blanks_of
from evalbatch.scoring.parameters import read_pairs
from evalbatch.scoring.score import score
from evalbatch.scoring.shapes import SHAPES
from evalbatch.scoring.workbook import load_scheme

SCHEME = load_scheme(None)
WEIGHTS = some.decimals(min_value=0, max_value=60, places=2)
SCORES = some.one_of(some.just(""), some.decimals(min_value=-5, max_value=80, places=3).map(str))
TARGETS = some.sampled_from(
    ["≥10家", "≤20万元", "=5个", "90%", "效果明显", "", "≥3次，≥95%", "9月底前", "7,00.0,77", "0起"]
)
ACTUALS = some.sampled_from(
    ["15家", "25万元", "5个", "0.9", "达成预期指标", "", "3次", "2次，80%", "10多家", "12月底", "无", "3起"]
)
ROWS = some.lists(some.tuples(TARGETS, ACTUALS, WEIGHTS, SCORES), min_size=1, max_size=6)
AMOUNTS = some.one_of(some.just(""), some.decimals(min_value=-1, max_value=500, places=2).map(str))


def form_of(rows, amounts):
    """A project of such rows and such money."""
    lines = [
        indicator({"指标": f"指标{n}", "目标": target, "完成": done, "分值": str(weight), "自评": own})
        for n, (target, done, weight, own) in enumerate(rows)
    ]
    budget = [money(*amounts, score="5")]  # type: ignore[misc]
    return replace(submission(budget=budget), indicators=tuple(lines))


@settings(max_examples=150, deadline=None)
@given(ROWS, some.tuples(AMOUNTS, AMOUNTS, AMOUNTS))
def test_scores__any_form__lie_between_nought_and_weight_and_add_up(rows, amounts):
    """Each score lies within its weight (rounded), has two decimals, and the total is their plain sum."""
    card = score(form_of(rows, amounts), SCHEME)
    for line in card.lines:
        assert line.verified_score is None or 0 <= line.verified_score <= SCHEME.round(line.weight)
        assert line.verified_score is None or line.verified_score == SCHEME.round(line.verified_score)
        assert line.pending == (line.expected is None)
        assert (line.band is None) == (line.expected is not None)
        assert line.because
    if blanks_of(form_of(rows, amounts), SCHEME):
        assert card.verified_total is None
        return
    assert card.verified_total == sum(line.verified_score for line in card.lines if line.verified_score is not None)


@settings(max_examples=100, deadline=None)
@given(some.integers(1, 500), some.integers(0, 600), some.integers(0, 600), WEIGHTS)
def test_more_done__of_a_more_is_better_target__never_lowers_the_score(target, one, other, weight):
    """And of a ceiling, more spent never raises it."""

    def earned(sign, done):
        row = {"指标": "数量", "目标": f"{sign}{target}个", "完成": f"{done}个", "分值": str(weight), "自评": "1"}
        return score(replace(submission(), indicators=(indicator(row),)), SCHEME).lines[0].expected

    less, more = sorted((one, other))
    assert earned("≥", less) <= earned("≥", more)
    assert earned("≤", less) >= earned("≤", more)


@settings(max_examples=150, deadline=None)
@given(
    some.sampled_from(
        [
            ("按比例", "满分：≥95%", 1),
            ("按比例", "满分：≥95%；零分：60%", 1),
            ("按比例", "满分：≤100%", -1),
            ("按比例", "满分：≤0；零分：50%", -1),
            ("分档", "≥95%：100%；≥80%：60%；其他：0", 1),
            ("分档", "≤0：100%；≤10%：2分", -1),
            ("扣分", "标准：≤100%；每：1%；扣：0.5", -1),
            ("扣分", "标准：≥90%；每：1%；扣：10%；不足：计", 1),
            ("执行率", "", 1),
        ]
    ),
    some.decimals(min_value=-2, max_value=3, places=4),
    some.decimals(min_value=-2, max_value=3, places=4),
    some.decimals(min_value=0, max_value=60, places=2),
)
def test_shapes__any_value__stay_within_the_weight_and_go_one_way(shape, one, other, weight):
    """Whatever a formula gives, the points lie between 0 and the weight, and a better value never earns less."""
    name, parameters, direction = shape
    rule = SHAPES[name].read(read_pairs(parameters))
    low, high = sorted((one, other))
    points = [rule.points(value, weight)[0] for value in (low, high)]  # type: ignore[call-arg]
    assert all(0 <= each <= weight for each in points)
    assert (points[1] - points[0]) * direction >= 0


@pytest.mark.parametrize("absurd", ["1E+300", "-1E+300", "1E-300", "123456789012345678901234567890.5"])
def test_absurd_numbers__in_any_place__are_scored_or_pending_without_a_crash(absurd):
    """A cell may hold anything that Excel can; a check speaks of it, scoring goes on."""
    rows = [
        ("≥10家", "15家", absurd, absurd),
        ("≥10家", "5家", absurd, "1"),
        ("效果明显", "达成预期指标", "10", absurd),
    ]
    for amounts in ((absurd,) * 3, ("1", "1", absurd), ("1", absurd, "1")):
        card = score(form_of(rows, amounts), SCHEME)
        assert len(card.lines) == 4


@given(some.decimals(min_value=0, max_value=Decimal("1.2"), places=4), some.integers(1, 40))
def test_rounding__thirds_and_halves__as_on_paper(share, weight):
    """A score is the exact product rounded half-up once."""
    row = money("10000", "10000", str(share * 10000), weight=str(weight), score="1")
    (line,) = score(submission(budget=[row]), SCHEME).lines
    assert line.expected == SCHEME.round(weight * min(share, Decimal(1)))
