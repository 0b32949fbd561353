"""Expressions written out: as the contract's JSON, and as short text that reads the same again."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from evalbatch.model import Expression, Part

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "about": "约"}


def to_json(expression: Expression, role: Literal["target", "actual"]) -> dict[str, Any]:
    """The contract's `parse --json` of one text.

    >>> from evalbatch.expression.understanding import parse_target
    >>> to_json(parse_target("≥8场"), "target")["parts"]
    [{'op': '>=', 'value': 8, 'unit': '场', 'text': '≥8场'}]
    """
    parts = [_part(part) for part in expression.parts]
    return {"text": expression.text, "as": role, "kind": expression.kind, "parts": parts}


def _part(part: Part) -> dict[str, Any]:
    places = {"low": part.low, "high": part.high} if part.op == "between" else {"value": part.value}
    if is_date(part):
        dates = {("date" if name == "value" else name): _day(value) for name, value in places.items()}
        return {"op": part.op, **dates, "text": part.text}
    return {
        "op": part.op,
        **{name: _number(value) for name, value in places.items()},
        "unit": part.measure,
        "text": part.text,
    }


def is_date(part: Part) -> bool:
    """Whether a part is a date rather than a count."""
    return not isinstance(part.low if part.op == "between" else part.value, Decimal)


def _day(value: Decimal | date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: Decimal | date | str | None) -> int | float:
    """A JSON number that shows the digits written: 8, not 8.0."""
    assert isinstance(value, Decimal)
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal) -> str:
    """A number without needless zeros or exponents.

    >>> plain(Decimal("33596200.00")), plain(Decimal("0.90"))
    ('33596200', '0.9')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write(part: Part) -> str:
    """One part as short text that a person understands and the parser reads the same.

    >>> write(Part(">=", Decimal(95), measure="%"))
    '≥95%'
    >>> write(Part("between", low=Decimal(18), high=Decimal(54), measure="岁"))
    '18~54岁'
    """
    if part.op == "between":
        return f"{_value(part.low)}~{_value(part.high)}{part.measure}"
    if part.vague and part.op == ">":
        return f"{_value(part.value)}余{part.measure}"
    return f"{_SIGNS[part.op]}{_value(part.value)}{part.measure}"


def _value(value: Decimal | date | str | None) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    month, day = str(value).split("-")
    return f"{int(month)}月{int(day)}日"
