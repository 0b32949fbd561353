"""A unit's submissions and scorecards in, what of their lines a person decides out; and the decisions that count."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial

from evalbatch.model import BudgetLine, Evaluated, FormResult, Indicator, ScoredLine, Submission
from evalbatch.model.words import AMOUNT
from evalbatch.review.slip import Slip, content_of, escaped
from evalbatch.review.weigh import Matter, day, match, name, no_reviewer, points, weigh, words
from evalbatch.scoring.decision import Decision, line_key, line_keys
from evalbatch.sheets.look import FORM_WORDS
from evalbatch.sheets.table import CellValue, Link

_MOST_PLACES = Decimal("0.0001")
_LARGEST = Decimal(10) ** 9
Bounds = tuple[Decimal, Decimal | None]
"""The lowest and the highest score that a person may give, None where nothing is the highest."""


Told = tuple[ScoredLine, Mapping[str, Decimal | str | None], str, str | None]
"""A scored line without what it was computed from, what a row shows of it, sheet and address of its cell."""
Question = tuple[str, Told | None]
"""A scored line's key, and what there is to tell of it; None where nobody need decide it."""


def line_matters(
    unit: str,
    forms: Sequence[Evaluated | FormResult],
    questions: Sequence[Sequence[Question]],
    year: int,
    slips: Sequence[Slip],
) -> Iterator[tuple[int, ScoredLine, Matter]]:
    """Yield the lines of a unit's forms of this year that wait for a person, or that one of `slips` may be about.

    `questions` are those of each form. Each line comes with its form's position. Two forms that can't be told apart
    (the same table twice in one workbook) are numbered.
    """
    known = {slip.key for slip in slips}
    seen: dict[str, int] = {}
    for place, (form, of_form) in enumerate(zip(forms, questions, strict=True)):
        if form.submission.year not in (None, year) or not form.card.scored:
            continue
        for of_line, told in of_form:
            key = f"{escaped(unit)}|{of_line}"
            seen[key] = seen.get(key, 0) + 1
            numbered = key if seen[key] == 1 else f"{key}#{seen[key]}"
            if told and (_waits(told[0]) or numbered in known or "" in known):
                yield place, told[0], _matter(unit, numbered, form, *told)


def questions_of(form: Evaluated, every: bool = True) -> tuple[Question, ...]:
    """Return each scored line by its line_key with what there is to tell of it; unless `every`, of those that wait."""
    lines = form.card.lines
    keys = line_keys(form.submission, lines)
    return tuple(
        (key, _told(form, line) if every or _waits(line) else None) for key, line in zip(keys, lines, strict=True)
    )


def _told(form: Evaluated, line: ScoredLine) -> Told:
    bare = replace(line, inputs=(), target=None, actual=None, judgement=None)
    return bare, _content(form.submission, line), *_place(form.submission, line)


def _waits(line: ScoredLine) -> bool:
    return line.pending or bool(line.decided_by)


def decisions_for(
    slips: Sequence[Slip], unit: str, forms: Sequence[Evaluated], year: int
) -> tuple[dict[str, Decision], ...]:
    """Give for each form the decisions that count, by line_key; `forms` were scored without any."""
    found: tuple[dict[str, Decision], ...] = tuple({} for _ in forms)
    lines = list(line_matters(unit, forms, [questions_of(form) for form in forms], year, slips))
    own, _ = match(slips, [matter for _, _, matter in lines])
    for (place, line, matter), mine in zip(lines, own, strict=True):
        standing = weigh(matter, mine, partial(problem, line=line))
        if standing.slip is not None:
            key = line_key(forms[place].submission, line)
            found[place][key] = decision_of(key, standing.slip)
    return found


def decision_of(key: str, slip: Slip) -> Decision:
    """Turn an entry that counts into the decision that scoring takes."""
    what, who, when, why = slip.entry
    return Decision(key, points(what), name(who), day(when), words(why))


def problem(slip: Slip, line: ScoredLine) -> str:
    """Say why an entry can't be taken for a line, with the remedy; "" when it can.

    A person may give any line from 0 to its weight, whatever the rule or the unit says; to change what the rule
    gives takes a reason.
    """
    what, _, _, why = slip.entry
    if what is None:
        return "没有填复核得分，请填数字"
    score = points(what)
    if score is None:
        return f"复核得分填的是“{words(what)}”，不是数字，请只填数字，例如 9.5"
    low, high = bounds(line)
    if score < low or (high is not None and score > high):
        most = f"～{words(high)}" if high is not None else "以上"
        return f"分数超出范围，填的是{words(score)}分，请填{words(low)}{most}之间的分数"
    if line.expected is not None and not words(why):
        return "改动规则算出的得分，请在“意见”填写理由"
    return no_reviewer(slip)


def bounds(line: ScoredLine) -> Bounds:
    """Give the lowest and the highest score that a person may give: from 0 to the weight."""
    return Decimal(0), line.weight


def _matter(
    unit: str,
    key: str,
    form: Evaluated | FormResult,
    line: ScoredLine,
    content: Mapping[str, CellValue],
    sheet: str,
    cell: str | None,
) -> Matter:
    submission = form.submission
    low, high = bounds(line)
    shown: dict[str, CellValue] = {
        "单位": unit,
        "表": FORM_WORDS.get(submission.form, submission.form),
        "项目": submission.project,
        "指标": line.name,
        **content,
        "核定前得分": number(line.checked_score),
        "最低分": number(low),
        "最高分": number(high),
        "待定原因": line.because,
        "位置": file_link(form.source.path, sheet, cell),
    }
    return Matter("score", key, unit, shown, content_of("score", shown))


def _content(submission: Submission, line: ScoredLine) -> dict[str, Decimal | str | None]:
    if line.kind == "execution":
        return _money(submission, submission.budget[line.index])
    row = submission.indicators[line.index]
    below = submission.indicators[line.index + 1 : line.index + 1 + row.heads]
    return {
        "目标": _joined(row, below, "target"),
        "完成值": _joined(row, below, "actual"),
        "分值": number(row.weight),
        "自评得分": number(row.score),
        "单位说明": "；".join(filter(None, (row.reason, row.basis, *(sub.reason for sub in below)))) or None,
    }


def _joined(row: Indicator, below: Sequence[Indicator], column: str) -> str | None:
    """The text of a row; of a heading that of the rows below, each under its name."""
    own = getattr(row, column)
    told = ([own] if own else []) + [f"{sub.name}：{getattr(sub, column)}" for sub in below if getattr(sub, column)]
    return "；".join(told) or None


def _money(submission: Submission, total: BudgetLine) -> dict[str, Decimal | str | None]:
    parts = [row for row in submission.budget if row is not total]
    return {
        "目标": _amounts(total, ("initial", "adjusted")),
        "完成值": _amounts(total, ("executed",)),
        "分值": number(total.weight),
        "自评得分": number(total.score),
        "单位说明": "；".join(f"{row.item}：{told}" for row in parts if (told := _amounts(row))) or None,
    }


def _amounts(row: BudgetLine, columns: Iterable[str] = AMOUNT) -> str | None:
    told = ((title, getattr(row, column)) for column, title in AMOUNT.items() if column in columns)
    return "，".join(f"{title}{words(amount)}万元" for title, amount in told if amount is not None) or None


def number(value: Decimal | None) -> Decimal | str | None:
    """Bring a number to what a cell shows of it and gives back unchanged."""
    if value is None:
        return None
    if not value.is_finite() or abs(value) >= _LARGEST:
        return str(value)
    return _decimal(words(value.quantize(_MOST_PLACES, ROUND_HALF_UP)))


_decimal = lru_cache(maxsize=4096)(Decimal)
"""A district's lines have few weights and scores, and keep each once."""


def _place(submission: Submission, line: ScoredLine) -> tuple[str, str | None]:
    """Name the sheet and the address of the line's own cell."""
    row = submission.budget[line.index] if line.kind == "execution" else submission.indicators[line.index]
    wanted = ("executed", "adjusted") if line.kind == "execution" else ("actual", "score", "name")
    cell = next((row.cells[column] for column in wanted if column in row.cells), None)
    return (cell.sheet, cell.address) if cell else (submission.sheet, None)


def file_link(path: str, sheet: str | None = None, cell: str | None = None) -> CellValue:
    """Lead to a cell of a file of the inbox, which lies beside review.xlsx; bare text for a file within a ZIP."""
    text = path + (f"　{sheet}" if sheet else "") + (f"!{cell}" if cell else "")
    if ".zip/" in path.casefold():
        return text
    return Link(text, Link.to_file(text, f"inbox/{path}", sheet, (cell or "A1").split(":")[0]).target)
