"""The words and signs round an amount in, its operator out; contradictions are Unclear."""

import re

from evalbatch.expression.amounts import Amount, Op

CLAUSE_END = re.compile(r"[;。!?、]|,(?!(?<=\d,)\d{3}(?!\d))")  # not the comma of 9,856

_SIGN = r">=|=>|=?≥=?|<=|=<|=?≤=?|==|=|>|<|≈"
_NOT = r"(?:不|不得|不能|不应|不可|不会|未|没有|不再|严禁|禁止|避免)"
_WORDS: dict[str, str] = {
    "sign": _SIGN,
    "ge": rf"{_NOT}(?:少|低|小|短)于|至少|最少|起码|(?:大|多|高)于(?:或者?|并)?等于|最低(?:为|达到?|(?=不|$))"
    r"|下限[为是:]?(?=$)|不下于?|达到?(?:或|及|并)者?超过|等于或者?大于",
    "le": rf"{_NOT}(?:超过|高于|多于|大于|长于|超出|超|突破)|(?:小|低|少)于(?:或者?|并)?等于|最多|至多"
    r"|最高(?:为|达|限价?|(?=不|$))|上限[为是:]?(?=$)|控制(?:在|到)|限制在|等于或者?小于",
    "gt": r"超过|超出|大于|高于|多于|突破|逾|不止|超(?=$)",
    "better": r"优于",
    "lt": r"小于|低于|少于|短于|不足|不满|不到|未满|未达到?",
    "full": r"满(?=$)",
    "about": r"大约|大概|(?<![节预签履合契违公制相条])约(?!束|定|谈|见)",
    "near": r"将近|接近|近(?=$)",
    "eq": r"达到|达成|达|争取|力争|等于",
}
BOUND = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()))
_REACH = {"sign": 9, "ge": 16, "le": 10, "gt": 3, "lt": 3, "better": 1, "full": 0, "about": 2, "near": 1, "eq": 20}
_CLOSE = re.compile(r"(?:每?[年月日人户]均?|[了为达有约近共])?")
_OPS: dict[str, Op] = {
    "ge": ">=",
    "le": "<=",
    "gt": ">",
    "lt": "<",
    "full": ">=",
    "about": "about",
    "near": "<",
    "eq": "=",
}
_SIGNS: dict[str, Op] = {">": ">", "<": "<", "≈": "about", "=": "=", "==": "="}
_TURNED: dict[Op, Op] = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_BEHIND = re.compile(rf"({_SIGN})(?![\d-])")
_LONGEST = 40  # an operator farther off than this does not belong to the number


class Unclear(Exception):
    """Something measurable is there, and its reading would be a guess."""


def operator_of(text: str, gap: int, amount: Amount) -> tuple[Op | None, int]:
    """The operator of an amount, None for a bare number, and where the words of the next one begin.

    It stands before the number (since `gap`), behind it (以上), or behind it as a sign: 80%≤满意度.
    """
    ahead, near = _ahead(text[max(gap, amount.start - _LONGEST) : amount.start])
    behind = _BEHIND.match(text, amount.end)
    if behind and not ahead and not amount.suffix:
        if behind.end() == len(text):
            raise Unclear
        op = _sign(behind[1])
        return _TURNED.get(op, op), behind.end()
    return _agreed(ahead, amount.suffix, near=near), amount.end


def _agreed(ahead: Op | None, suffix: Op | None, *, near: bool) -> Op | None:
    """One operator of the two round a number: 不少于3次以上, 约100人以上."""
    if suffix is None or ahead is None or ahead == "=":
        return suffix or ahead
    if "about" in (ahead, suffix):
        return suffix if ahead == "about" else ahead
    if ahead[0] == suffix[0]:
        return ahead
    if near and suffix == ">=":
        return suffix
    raise Unclear


def _sign(sign: str) -> Op:
    if "≥" in sign or sign in (">=", "=>"):
        return ">="
    if "≤" in sign or sign in ("<=", "=<"):
        return "<="
    return _SIGNS[sign]


def _ahead(gap: str) -> tuple[Op | None, bool]:
    """The operator word that governs the number behind the gap, and whether it is 近."""
    chosen: Op | None = None
    near = False
    for found in BOUND.finditer(gap):
        kind = found.lastgroup or ""
        between = gap[found.end() :]
        if len(between) > _REACH[kind] or CLAUSE_END.search(between):
            continue
        if kind in ("gt", "lt", "full") and not _CLOSE.fullmatch(between):
            continue
        if kind == "better":  # 优于3级: better may be more or less
            raise Unclear
        op = _sign(found[0]) if kind == "sign" else _OPS[kind]
        if chosen and chosen[0] in "<>" and op in ("=", "about"):
            continue
        if chosen and chosen[0] in "<>" and op[0] != chosen[0] and kind != "near":
            raise Unclear
        chosen, near = op, kind == "near"
    return chosen, near
