"""A target and an actual as texts in, how they are judged out."""

from evalbatch.expression.judging import judge
from evalbatch.expression.understanding import parse_actual, parse_target


def judged(target, actual, **asked):
    """A judgement of two texts."""
    return judge(parse_target(target), parse_actual(actual), **asked)
