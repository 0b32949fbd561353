"""One evaluated form in, the rows of its score sheet out: what a reviewer reads on each line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from evalbatch.model import BudgetLine, Cell, Evaluated, Indicator, Scorecard, ScoredLine
from evalbatch.scoring.scheme import Scheme
from evalbatch.sheets import look
from evalbatch.sheets.look import Tone
from evalbatch.sheets.table import Toned

_VERDICT_TONES: dict[str, Tone] = {"met": "good", "exceeded": "good", "not-met": "must-fix"}
_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form as the score sheet shows it; scores in points.

    `verified` is the score that counts, `checked` the one without what people decided, `reviewed` what they gave;
    `reviewer` names who and why. On a form without targets, `target` is the scheme's standard and `actual` the unit's
    own grounds.
    """

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    judged: Toned | str
    weight: Decimal | None
    self_score: Decimal | None
    verified: Decimal | None
    because: str
    places: str
    checked: Decimal | None = None
    reviewed: Decimal | None = None
    reviewer: str = ""


def has_targets(form: Evaluated) -> bool:
    """Tell whether a form has places for targets and actuals; a score form only has scores and their grounds."""
    return any(cell in indicator.cells for indicator in form.submission.indicators for cell in ("target", "actual"))


def rows_of(form: Evaluated, scheme: Scheme) -> list[Row]:
    """List a form's lines in its own order: its money first, then every indicator, scored or not."""
    submission, card = form.submission, form.card
    money = [line for line in card.lines if line.kind == "execution"]
    rows = [_money_row(form, line, submission.budget[line.index]) for line in money]
    scored: dict[int, list[ScoredLine]] = {}
    for line in card.lines:
        if line.kind == "indicator":
            scored.setdefault(line.index, []).append(line)
    for index, indicator in enumerate(submission.indicators):
        lines = scored.get(index)
        ruled = scheme.indicator_line(submission, indicator)
        standard = ruled.standard if ruled else ""
        rows += [_indicator_row(form, line, indicator, standard) for line in lines or ()]
        rows += [] if lines else [_unscored_row(form, indicator)]
    return rows


def budget_total(form: Evaluated) -> int | None:
    """Find the budget line that stands for the whole of the money; None where the form has none."""
    budget = form.submission.budget
    totals = [index for index, line in enumerate(budget) if line.kind == "total"]
    return totals[0] if totals else 0 if len(budget) == 1 else None


def written_grade(form: Evaluated) -> str:
    """Give the grade the unit wrote, else the one its own total would have."""
    return form.submission.grade or form.card.self_grade or ""


def _money_row(form: Evaluated, line: ScoredLine, budget: BudgetLine) -> Row:
    return Row(
        level1=line.level1 or "预算执行",
        level2=line.level2 or "",
        name=line.name,
        target="" if budget.adjusted is None else f"全年预算数 {budget.adjusted:,.2f} 万元",
        actual="" if budget.executed is None else f"全年执行数 {budget.executed:,.2f} 万元",
        judged=_judged(line),
        weight=line.weight,
        self_score=line.self_score,
        verified=line.verified_score,
        because=_because(line),
        places=_places(form, line.inputs),
        checked=line.verified_score if line.reviewed_score is None else line.checked_score,
        reviewed=line.reviewed_score,
        reviewer=_reviewer(line),
    )


def _indicator_row(form: Evaluated, line: ScoredLine, indicator: Indicator, standard: str) -> Row:
    compared = has_targets(form)
    return Row(
        level1=line.level1 or indicator.level1 or "",
        level2=line.level2 or indicator.level2 or "",
        name=line.name or indicator.name,
        target=(indicator.target if compared else standard) or "",
        actual=(indicator.actual if compared else indicator.basis) or "",
        judged=_judged(line if compared else replace(line, judgement=None)),
        weight=line.weight,
        self_score=line.self_score,
        verified=line.verified_score,
        because=_because(line),
        places=_places(form, line.inputs or _written(indicator)),
        checked=line.verified_score if line.reviewed_score is None else line.checked_score,
        reviewed=line.reviewed_score,
        reviewer=_reviewer(line),
    )


def _unscored_row(form: Evaluated, indicator: Indicator) -> Row:
    heading = f"本行是下面 {indicator.heads} 行的标题，不单独计分。" if indicator.heads else ""
    return Row(
        level1=indicator.level1 or "",
        level2=indicator.level2 or "",
        name=indicator.name,
        target=indicator.target or "",
        actual=indicator.actual or "",
        judged="不计分",
        weight=None,
        self_score=None,
        verified=None,
        because=heading,
        places=_places(form, _written(indicator)),
    )


def _judged(line: ScoredLine) -> Toned | str:
    """Say in words and a sign how the line was judged; the colour only repeats it."""
    if line.decided_by:
        return Toned("已人工核定", "note")
    if not line.applies:
        return "不适用"
    words = look.VERDICT_WORDS[line.judgement.verdict] if line.judgement else ""
    tone = _VERDICT_TONES.get(line.judgement.verdict, "query") if line.judgement else "plain"
    if line.pending:
        return Toned(f"{words}\n待定" if words else "待定", "query")
    return Toned(words, tone) if words else "按规则计算" if line.expected is not None else ""


def range_words(card: Scorecard) -> str:
    """Say what a total may come to when its pending lines are decided, "" where none is pending.

    >>> from decimal import Decimal
    >>> card = Scorecard(None, Decimal("89.77"), None, "良", Decimal(100), "", pending=1)
    >>> range_words(replace(card, lowest=Decimal("89.77"), highest=Decimal("99.77")))
    '复核得分 89.77，有1项待定，待定后89.77至99.77。'
    """
    if card.verified_total is None or card.lowest is None or card.highest is None:
        return ""
    low, high = card.lowest, card.highest
    return f"复核得分 {card.verified_total:f}，有{card.pending}项待定，待定后{low:f}至{high:f}。"


def _reviewer(line: ScoredLine) -> str:
    """Name who decided a line, and why where a reason was given."""
    return "：".join(filter(None, (line.decided_by, line.decided_why))) if line.decided_by else ""


def _because(line: ScoredLine) -> str:
    note = line.judgement.note if line.judgement else ""
    return line.because + (f"（{note}）" if note and note not in line.because else "")


def _written(indicator: Indicator) -> tuple[Cell, ...]:
    return tuple(indicator.cells[name] for name in ("target", "actual", "score") if name in indicator.cells)


def _places(form: Evaluated, cells: tuple[Cell, ...]) -> str:
    """Name the cells that a line rests on; a sheet's name only where it is another sheet."""
    places = list(dict.fromkeys((cell.sheet, cell.address) for cell in cells))
    more = f" 等{len(places)}处" if len(places) > _MOST_PLACES else ""
    lines = []
    for sheet, group in groupby(places[:_MOST_PLACES], key=lambda place: place[0]):
        addresses = "、".join(address for _, address in group)
        lines.append(addresses if sheet == form.submission.sheet else f"{sheet}\n{addresses}")
    return "\n".join(lines) + more


def runs_of(words: list[str]) -> Iterator[tuple[int, int]]:
    """Give the first and last position of each run of equal words.

    >>> list(runs_of(["产出", "产出", "效益"]))
    [(0, 1), (2, 2)]
    """
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place] != words[first]:
            yield first, place - 1
            first = place
