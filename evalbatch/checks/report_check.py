"""A report's figures and a unit's current forms in, X05 out where they do not agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evalbatch.checks.findings import make_finding
from evalbatch.checks.report_facts import Mention, ReportFacts, flat
from evalbatch.model import Cell, Entry, Finding, SourceFile, Submission
from evalbatch.model.words import AMOUNT
from evalbatch.scoring.scheme import Scheme

Form = tuple[SourceFile, Submission]
NAMES = {
    "score": "自评得分",
    "grade": "等级",
    **AMOUNT,
    "budget": "预算数",
    "rate": "执行率",
}
FIELDS = {"budget": ("支出预算", "支出预算数"), "executed": ("支出决算", "支出决算数")}
"""Where a data form has the whole unit's money."""
CENT = Decimal("0.01")
_LONGEST = 20
_BEFORE = 10


@dataclass(frozen=True, slots=True)
class Stated:
    """A form's own value for one fact; `values` are those that the report may mean, the first one shown."""

    form: Form
    cell: Cell | None
    column: str
    values: tuple[Decimal | str, ...]


def check_report(facts: ReportFacts, forms: Sequence[Form], scheme: Scheme) -> tuple[Finding, ...]:
    """Return X05 for each fact that a report states otherwise than the unit's forms, or in several ways.

    The score and grade are those of the whole-unit form, else of the score form; the money that of the whole-unit
    form, else of the data form. Where the report or the forms say nothing, nothing is found.
    """
    found = []
    for fact, name in NAMES.items():
        mentions: tuple[Mention, ...] = getattr(facts, fact)
        stated = _stated(fact, forms) if mentions else None
        if stated is not None and (finding := _finding(name, mentions, stated, scheme)):
            found.append(finding)
    return tuple(found)


def _finding(name: str, mentions: Sequence[Mention], stated: Stated, scheme: Scheme) -> Finding | None:
    distinct = _distinct(mentions, scheme)
    if len(distinct) == 1 and _agrees(distinct[0], stated, scheme):
        return None
    source, submission = stated.form
    said = "”“".join(each.text for each in distinct[:3])
    return make_finding(
        "X05",
        scheme=scheme,
        file=source.path,
        sheet=submission.sheet,
        cell=stated.cell.address if stated.cell else None,
        column=stated.column,
        value=_shown(stated),
        how="several" if len(distinct) > 1 else "",
        figure=name,
        said=said,
        sentence=tuple(f"“{_around(each)}”" for each in distinct[:2]),
    )


def _shown(stated: Stated) -> str:
    return stated.cell.text if stated.cell and stated.cell.text else str(stated.values[0])


def _around(mention: Mention) -> str:
    """The stretch of a sentence in which a figure stands."""
    sentence = flat(mention.sentence)
    start = max(0, sentence.find(mention.text.rstrip("分")) - _BEFORE)
    end = start + _LONGEST
    return ("…" if start else "") + sentence[start:end] + ("…" if len(sentence) > end else "")


def _distinct(mentions: Sequence[Mention], scheme: Scheme) -> list[Mention]:
    """Leave out what says the same again, rounded or not; the finer one speaks."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: each.step):
        if not any(_same(mention, other.value, other.step, scheme) for other in kept):
            kept.append(mention)
    return sorted(kept, key=mentions.index)


def _agrees(mention: Mention, stated: Stated, scheme: Scheme) -> bool:
    return any(_same(mention, value, _step(value), scheme) for value in stated.values)


def _same(mention: Mention, value: Decimal | str, step: Decimal, scheme: Scheme) -> bool:
    """Whether a mention says a value: a grade by the scheme's words, points exactly, money and rates as rounded."""
    if isinstance(value, str) or isinstance(mention.value, str):
        words = [scheme.accepts_grade(str(word)) or str(word) for word in (mention.value, value)]
        return words[0] == words[1]
    if mention.text.endswith("分"):
        return mention.value == value
    return abs(mention.value - value) <= max(mention.step, step) / 2


def _step(value: Decimal | str) -> Decimal:
    """The last digit of a form's value; a form is filled in to the cent, so a whole number is no rounded one."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return min(CENT, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else CENT


# ---------------------------------------------------------------- what the forms say


def _stated(fact: str, forms: Sequence[Form]) -> Stated | None:
    if fact in ("score", "grade"):
        key, column = ("total_score", "总分") if fact == "score" else ("grade", "等级")
        found = (_header(form, key, column) for kind in ("whole-unit", "score") for form in _of_kind(forms, kind))
        return next((each for each in found if each), None)
    money = (_money(form, fact) for form in _of_kind(forms, "whole-unit"))
    field = (_field(form, fact) for form in _of_kind(forms, "data"))
    return next((each for each in (*money, *field) if each), None)


def _of_kind(forms: Sequence[Form], kind: str) -> Iterator[Form]:
    return (form for form in forms if form[1].kind == kind)


def _header(form: Form, key: str, column: str) -> Stated | None:
    value = getattr(form[1], key)
    return None if value is None else Stated(form, form[1].cells.get(key), column, (value,))


def _money(form: Form, fact: str) -> Stated | None:
    """The total row's amount or rate; a rate that the form does not state follows from its amounts."""
    total = form[1].total_line
    if total is None:
        return None
    columns = ("adjusted", "initial") if fact == "budget" else (fact,)
    values = {column: getattr(total, column) for column in columns if getattr(total, column) is not None}
    if fact == "rate" and not values and total.executed is not None and total.divisor:
        values["executed"] = (total.executed * 100 / total.divisor).quantize(CENT, rounding=ROUND_HALF_UP)
    if not values:
        return None
    first = next(iter(values))
    return Stated(form, total.cells.get(first), NAMES[first], tuple(values.values()))


def _field(form: Form, fact: str) -> Stated | None:
    entry: Entry | None = next((each for each in form[1].fields if each.name in FIELDS.get(fact, ())), None)
    if entry is None or entry.number is None or (entry.measure or form[1].money_measure) != "万元":
        return None
    return Stated(form, entry.cell, entry.name, (entry.number,))
