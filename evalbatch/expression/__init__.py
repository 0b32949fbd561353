"""Targets and actuals: text in, Expression out; target and actual in, Judgement out."""

from evalbatch.expression.judging import judge
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.expression.writing import to_json

__all__ = ["judge", "parse_actual", "parse_target", "to_json"]
