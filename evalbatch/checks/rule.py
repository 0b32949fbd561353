"""A check and everything said about it, in one place: a code, a severity, and a docstring that is its text.

The docstring of a check is what `explain` prints, what the catalogue page is made from, and what a finding says:

    title, then a blank line and the meaning in full sentences
    消息：      what is seen and what should be, with {places} for values; 消息（how=x）： when place `how` is x,
               消息（x）： when place `x` holds anything; the first that fits speaks, the plain one last
    处理：      what was done with the value meanwhile, if anything
    整改：      what to do, an imperative;  举例： what to write, with {places}
    错例： 正例： one wrong and one right form in words
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evalbatch.checks.hit import Hit
from evalbatch.checks.view import View
from evalbatch.model import Severity

Check = Callable[[View], Iterator[Hit]]

_FIELD = re.compile(r"(消息|处理|整改|举例|错例|正例)(?:（([a-z_]+)(?:=([^）]+))?）)?：(.*)")


@dataclass(frozen=True, slots=True)
class Message:
    """One wording of a finding, spoken when `place` holds `value` (any value if None); always if place is empty."""

    text: str
    place: str = ""
    value: str | None = None

    def fits(self, places: Mapping[str, object]) -> bool:
        """Whether this wording speaks for these places."""
        if not self.place:
            return True
        given = places.get(self.place)
        return bool(given) if self.value is None else given == self.value


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the catalogue: its text, and the check that finds it (None where another module finds it)."""

    code: str
    severity: Severity
    title: str
    meaning: str
    messages: tuple[Message, ...]
    meanwhile: str
    remedy: str
    example: str
    wrong: str
    right: str
    check: Check | None = None

    @property
    def family(self) -> str:
        """The first letter of the code, in Chinese words."""
        return FAMILIES[self.code[0]]


FAMILIES = {"F": "文件", "U": "单位", "M": "资金", "T": "目标", "A": "完成情况", "S": "得分", "X": "跨表"}

_RULES: dict[str, Rule] = {}


def rule(code: str, severity: Severity) -> Callable[[Check], Check]:
    """Enter a check into the catalogue under its code; its docstring is the rule's text."""

    def enter(check: Check) -> Check:
        _enter(code, severity, inspect.getdoc(check) or "", check)
        return check

    return enter


def found_elsewhere(code: str, severity: Severity, text: str) -> None:
    """Enter a rule that another module finds, so that it is said and explained like all others."""
    _enter(code, severity, inspect.cleandoc(text), None)


def all_rules() -> Mapping[str, Rule]:
    """Every rule entered so far, in the order F U M T A S X and then by number."""
    order = list(FAMILIES)
    return dict(sorted(_RULES.items(), key=lambda item: (order.index(item[0][0]), item[0])))


def _enter(code: str, severity: Severity, text: str, check: Check | None) -> None:
    if code in _RULES:
        raise ValueError(f"{code} is in the catalogue twice")
    title, _, rest = text.partition("\n")
    meaning: list[str] = []
    messages: list[Message] = []
    fields: dict[str, str] = {}
    current: str | None = None
    for line in (line.strip() for line in rest.splitlines()):
        if found := _FIELD.fullmatch(line):
            current, place, value, said = found.groups()
            if current == "消息":
                messages.append(Message(said.strip(), place or "", value))
            else:
                fields[current] = said.strip()
        elif current is None:
            meaning.append(line)
        elif line:
            raise ValueError(f"{code}: a field of a rule's text is one line, not: {line}")
    _RULES[code] = Rule(
        code=code,
        severity=severity,
        title=title.strip(),
        meaning="".join(meaning),
        messages=tuple(sorted(messages, key=lambda message: not message.place)),
        meanwhile=fields.get("处理", ""),
        remedy=fields["整改"],
        example=fields.get("举例", ""),
        wrong=fields["错例"],
        right=fields["正例"],
        check=check,
    )
