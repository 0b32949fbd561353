"""A scheme's formula over named fields in, a Decimal or a yes/no out: closed arithmetic, nothing else.

simpleeval evaluates; what it may meet is fixed here before it sees anything: numbers, field names,
+ - * /, comparisons, 且 或, and min max round abs sum. All numbers are Decimals.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from evalbatch.scoring.words import rounded
from evalbatch.text.folding import one_width

LONGEST = 300
"""Characters of one formula: more is no formula that a clerk can check."""

_SIGNS = str.maketrans(
    {"×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "，": ",", "−": "-", "–": "-", "“": "", "”": ""}
)
_QUOTED = re.compile(r"\[([^\[\]]+)\]|【([^【】]+)】")
_SHARE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)%")
_SINGLE_EQUALS = re.compile(r"(?<![<>!=])=(?!=)")
_WORDS = ((re.compile(r"(?<!\s)\s+(?:且|并且)\s+"), " and "), (re.compile(r"(?<!\s)\s+(?:或|或者)\s+"), " or "))
_TRUTHS = {"是": Decimal(1), "否": Decimal(0)}
_ALLOWED = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Call, ast.Name, ast.Load, ast.Constant),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd),
    *(ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.And, ast.Or),
)


class FormulaError(ValueError):
    """The text is no formula of this grammar; the message says why, in Chinese."""


class CannotCompute(ArithmeticError):
    """A formula of the grammar that gives no number here: its divisor is zero, say."""


def _round(number: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    if digits != digits.to_integral_value() or not 0 <= digits <= 10:
        raise CannotCompute("round 的小数位数应为0至10的整数")
    return rounded(number, int(digits))


def _divide(one: Decimal, other: Decimal) -> Decimal:
    if not other:
        raise CannotCompute("除数为0")
    return one / other


def _truth(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Decimal, Decimal], Decimal]:
    """A comparison that gives 1 or 0, so that every value of the grammar is a Decimal."""
    return lambda one, other: Decimal(compare(one, other))


def _sum(*numbers: Decimal) -> Decimal:
    return sum(numbers, Decimal(0))


_FUNCTIONS = {"min": min, "max": max, "round": _round, "abs": abs, "sum": _sum}
_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: _truth(operator.lt),
    ast.LtE: _truth(operator.le),
    ast.Gt: _truth(operator.gt),
    ast.GtE: _truth(operator.ge),
    ast.Eq: _truth(operator.eq),
    ast.NotEq: _truth(operator.ne),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text as written and the fields it names, in order.

    >>> Formula.read("支出决算 ÷ 支出预算").value({"支出决算": Decimal("134.92"), "支出预算": Decimal("269.84")})
    Decimal('0.5')
    >>> Formula.read("政府采购预算 > 0").holds({"政府采购预算": Decimal(0)})
    False
    >>> Formula.read("__import__('os')")
    Traceback (most recent call last):
    ...
    evalbatch.scoring.formula.FormulaError: 公式只能用数字、字段名、加减乘除、比较和 min、max、round、abs、sum
    """

    text: str
    names: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Formula":
        """Check a text against the grammar; FormulaError says what does not belong."""
        _, names = _parsed(text)
        return cls(text, tuple(dict.fromkeys(names.values())))

    def value(self, fields: Mapping[str, Decimal]) -> Decimal:
        """Compute the formula; KeyError for a missing field, CannotCompute where arithmetic gives nothing."""
        return self._evaluate(fields)

    def holds(self, fields: Mapping[str, Decimal]) -> bool:
        """Tell whether a condition holds; a number holds unless it is zero."""
        return bool(self._evaluate(fields))

    def _evaluate(self, fields: Mapping[str, Decimal]) -> Decimal:
        tree, names = _parsed(self.text)
        known = {name: _TRUTHS[field] if field in _TRUTHS else fields[field] for name, field in names.items()}
        machine = _machine()
        machine.names = known
        try:
            result: Decimal = machine.eval(self.text, previously_parsed=tree.body)
            return result
        except (DecimalException, InvalidExpression, TypeError):
            raise CannotCompute("算不出结果") from None


@lru_cache(maxsize=1)
def _machine() -> SimpleEval:
    """The evaluator, which is dear to make and is given each formula's fields in turn."""
    machine = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS)
    machine.nodes[ast.Constant] = lambda node: Decimal(str(node.value))
    return machine


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[ast.Expression, dict[str, str]]:
    """The checked tree of a formula, and the field behind each name in it."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式超过{LONGEST}个字符")
    fields: dict[str, str] = {}

    def quoted(match: re.Match[str]) -> str:
        name = f"_{len(fields)}_"
        fields[name] = (match[1] or match[2]).strip()
        return f" {name} "  # blanks keep it from joining its neighbours into another name

    bare = one_width(_QUOTED.sub(quoted, text.strip().translate(_SIGNS))).lstrip("=")
    bare = _SINGLE_EQUALS.sub("==", _SHARE.sub(r"(\1/100)", bare))
    for pattern, word in _WORDS:
        bare = pattern.sub(word, bare)
    try:
        tree = ast.parse(bare.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("公式写法有误，括号或运算符可能不全") from None
    _refuse_strangers(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            fields.setdefault(node.id, node.id)
    return tree, fields


def _refuse_strangers(tree: ast.Expression) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or _stranger(node):
            raise FormulaError("公式只能用数字、字段名、加减乘除、比较和 min、max、round、abs、sum")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            node.func.id = node.func.id.casefold()


def _stranger(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, bool) or not isinstance(value, int | float) or not Decimal(str(value)).is_finite()
        case ast.Call(func=ast.Name(id=name), keywords=[]):
            return name.casefold() not in _FUNCTIONS
        case ast.Call():
            return True
    return False
