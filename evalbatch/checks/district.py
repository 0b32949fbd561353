"""All units of a district side by side: texts that are alike, scores that are all high."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rapidfuzz import fuzz

from evalbatch.checks.findings import clip, make_finding
from evalbatch.checks.view import COLUMNS, show
from evalbatch.model import Cell, Evaluated, Finding, UnitResult
from evalbatch.model.value import value
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.workbook import load_scheme
from evalbatch.text.folding import one_width

_FEWEST_UNITS = 3
"""Below this many units, all of them high says nothing about a district."""
_ALIKE = 95
"""Percent of characters in common for a text to be the same with a few words changed."""
_COMMON = 2
"""A text in more than one in this many units (of five or more) is the notice's own wording."""
_SHINGLE, _SKETCH, _CROWD = 6, 8, 200
_CLOSEST, _BEGINNING, _MOST_NAMED = 10, 2_000, 10
_NO_TEXT = re.compile(r"[\W_]+")


CODES = ("X02", "X03")
"""The codes of what is found here."""


@value
class LongText:
    """A text of a form that may be alike in several units. `place` and `field` name its cell as findings do."""

    sheet: str
    cell: str
    column: str
    text: str
    place: str
    field: str


Texts = Sequence[Sequence[LongText]]
"""The texts of a unit, form by form."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """A long text of one unit, and the same without blanks and signs, with the unit's own name left out."""

    unit: int
    file: str
    source: LongText
    flat: str


def check_district(
    units: Sequence[UnitResult], texts: Sequence[Texts], scheme: Scheme | None = None, codes: Iterable[str] = CODES
) -> tuple[Finding, ...]:
    """Return what shows only when all units of a district lie side by side: X02, and X03 (which has no file).

    `texts` are those of each unit's forms. Without a scheme the built-in one's limits count.
    """
    limits = scheme or load_scheme(None)
    checks = {"X02": lambda: _same_texts(units, texts, limits), "X03": lambda: _all_high(units, limits)}
    return tuple(finding for code in codes for finding in checks[code]() if not limits.switched_off(code))


# ---------------------------------------------------------------- X02


def _same_texts(units: Sequence[UnitResult], texts_of_units: Sequence[Texts], scheme: Scheme) -> Iterator[Finding]:
    shortest = int(scheme.threshold("same_text_length"))
    passages = [
        passage
        for number, (unit, texts) in enumerate(zip(units, texts_of_units, strict=True))
        for passage in _passages(number, unit, texts, shortest)
    ]
    groups: dict[str, list[_Passage]] = {}
    for passage in passages:
        groups.setdefault(passage.flat, []).append(passage)
    texts = sorted(groups)
    near = _near_duplicates(texts, [frozenset(passage.unit for passage in groups[text]) for text in texts])
    everyone = sum(1 for unit in units if unit.forms)
    for position, text in enumerate(texts):
        alike = [passage for other in (position, *sorted(near.get(position, ()))) for passage in groups[texts[other]]]
        sharing = {passage.unit for passage in alike}
        if len(sharing) < 2 or (everyone >= 5 and len(sharing) * _COMMON > everyone):
            continue
        for passage in groups[text]:
            yield _alike(passage, len(sharing) - 1, scheme)
        if min(sharing) == min(passage.unit for passage in groups[text]):
            yield _named(text, groups[text][0], [units[number].unit.name for number in sorted(sharing)], scheme)


def _named(text: str, passage: _Passage, names: Sequence[str], scheme: Scheme) -> Finding:
    """Tell the bureau which units have a text alike; what goes to a unit names no other."""
    named = "、".join(f"“{clip(name)}”" for name in names[:_MOST_NAMED])
    return make_finding(
        "X02",
        scheme=scheme,
        value=passage.source.text,
        subject=("文字", text[:40]),
        how="district",
        others=named if len(names) <= _MOST_NAMED else f"{named}等{len(names)}个单位",
    )


def _alike(passage: _Passage, others: int, scheme: Scheme) -> Finding:
    text = passage.source
    finding = make_finding(
        "X02",
        scheme=scheme,
        file=passage.file,
        sheet=text.sheet,
        cell=text.cell,
        column=text.column,
        value=text.text,
        subject=("文字", text.column, passage.flat[:40]),
        others=others,
    )
    return replace(finding, places=((text.cell, text.place),) if text.place else (), field=text.field)


def _passages(number: int, unit: UnitResult, texts: Texts, shortest: int) -> Iterator[_Passage]:
    for form, of_form in zip(unit.forms, texts, strict=True):
        seen: set[tuple[str, str]] = set()
        for one in of_form:
            flat = _flat(one.text, (unit.unit.name, *unit.unit.other_names, form.submission.project or ""))
            if len(flat) >= shortest and (one.sheet, one.cell) not in seen:
                seen.add((one.sheet, one.cell))
                yield _Passage(number, form.source.path, one, flat)


def texts_of(form: Evaluated, places: Mapping[str, Mapping[str, str]]) -> tuple[LongText, ...]:
    """Return the texts of a form that may be alike in several units; `places` name its cells by sheet and address."""
    return tuple(
        LongText(cell.sheet, cell.address, column, text, places.get(cell.sheet, {}).get(cell.address, ""), field)
        for cell, column, text, field in _texts(form)
    )


def _texts(form: Evaluated) -> Iterator[tuple[Cell, str, str, str]]:
    submission = form.submission
    for place, text in (("goal", submission.goal), ("goal_actual", submission.goal_actual)):
        if text and place in submission.cells:
            yield submission.cells[place], COLUMNS[place], text, COLUMNS[place]
    for indicator in submission.indicators:
        for column in ("actual", "reason"):
            text = getattr(indicator, column)
            if text and column in indicator.cells:
                yield indicator.cells[column], COLUMNS[column], text, f"指标：{COLUMNS[column]}"


def _flat(text: str, names: Iterable[str]) -> str:
    flat = one_width(text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        flat = flat.replace(one_width(name), "")
    return _NO_TEXT.sub("", flat).casefold()


def _near_duplicates(texts: Sequence[str], owners: Sequence[frozenset[int]]) -> dict[int, set[int]]:
    """Pairs of different texts, not of one unit alone, that are nearly the same, by position.

    Texts meet in a bucket when they share one of their lowest-hashed shingles, so that few are compared; a bucket
    that is crowded holds a common phrase and tells nothing. Each text is compared with the _CLOSEST that share most
    with it, and of a long text its beginning: the work grows with the texts, whoever wrote them.
    """
    buckets: dict[int, list[int]] = {}
    sketches = [_sketch(text[:_BEGINNING]) for text in texts]
    for position, sketch in enumerate(sketches):
        for mark in sketch:
            buckets.setdefault(mark, []).append(position)
    near: dict[int, set[int]] = {}
    for one, text in enumerate(texts):
        meeting = Counter(
            other
            for mark in sketches[one]
            if len(buckets[mark]) <= _CROWD
            for other in buckets[mark]
            if other != one
            and len(owners[one] | owners[other]) > 1
            and len(text) * 100 >= len(texts[other]) * 90
            and len(texts[other]) * 100 >= len(text) * 90
        )
        for other, _ in meeting.most_common(_CLOSEST):
            if fuzz.ratio(text[:_BEGINNING], texts[other][:_BEGINNING], score_cutoff=_ALIKE):
                near.setdefault(one, set()).add(other)
                near.setdefault(other, set()).add(one)
    return near


def _sketch(text: str) -> list[int]:
    """The lowest hashes of all runs of a few characters; the same on every machine."""
    coded = text.encode("utf-16-le")
    marks = {zlib.crc32(coded[at : at + 2 * _SHINGLE]) for at in range(0, len(coded) - 2 * _SHINGLE + 1, 2)}
    return sorted(marks)[:_SKETCH]


# ---------------------------------------------------------------- X03


def _all_high(units: Sequence[UnitResult], scheme: Scheme) -> Iterator[Finding]:
    scores = [unit.self_score for unit in units if unit.self_score is not None]
    line = scheme.threshold("high_self_score")
    high = [score for score in scores if score >= line]
    share = Decimal(len(high)) / len(scores) * 100 if scores else Decimal(0)
    if len(scores) >= _FEWEST_UNITS and share >= scheme.threshold("high_self_share"):
        yield make_finding(
            "X03",
            scheme=scheme,
            subject=("自评得分",),
            count=len(scores),
            high=len(high),
            line=show(line),
            share=show(share, 0),
        )
