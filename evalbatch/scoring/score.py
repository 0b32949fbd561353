"""A submission and a scheme in, its Scorecard out: every line ruled, decided by a person, or held and pending."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from evalbatch.expression.judging import judge
from evalbatch.expression.progress import is_failure, says_not_applicable
from evalbatch.expression.understanding import parse_actual, parse_target
from evalbatch.model import BudgetLine, Cell, Expression, Judgement, Scorecard, ScoredLine, Submission, Verdict
from evalbatch.scoring.combine import NOT_APPLICABLE, totals_of
from evalbatch.scoring.compulsory import blanks_of
from evalbatch.scoring.decision import Decision, line_key
from evalbatch.scoring.fields import Fields, fields_of, rival_totals
from evalbatch.scoring.judging import share_reached
from evalbatch.scoring.ruling import Asked, Ruling, certain, open_to
from evalbatch.scoring.rulings import rule_indicator, rule_value
from evalbatch.scoring.scheme import Scheme, SchemeLine
from evalbatch.scoring.shapes import AgainstTarget, Count, Manual, Qualitative
from evalbatch.scoring.weights import Weights, is_scored, values_are_weights, weights_of
from evalbatch.scoring.words import makes, percent, show

NO_DECISIONS: Mapping[str, Decision] = MappingProxyType({})
_WHOLE: tuple[Verdict, ...] = ("not-met", "unanswered", "cannot-tell")
_NAMED = 4
"""So many blank places are named in a note; the finding names all."""


_NO_VALUES = Judgement("cannot-tell", "指标值填的像是分值，不是要达到的目标，无法判断是否完成。")
"""The judgement of every row of a form that has weights in the place of targets."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One indicator's target and actual understood and judged, and the scheme's line for it."""

    line: SchemeLine | None
    target: Expression
    actual: Expression
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Work:
    """What every step of scoring one submission looks at."""

    submission: Submission
    scheme: Scheme
    fields: Fields
    weights: Weights
    read: tuple[_Read, ...]


@dataclass(frozen=True, slots=True)
class _Points:
    """What a ruling makes of a line; `applies` is False where it is left out and the others are rescaled."""

    because: str
    expected: Decimal | None = None
    verified: Decimal | None = None
    pending: bool = False
    band: tuple[Decimal, Decimal] | None = None
    exact: Decimal | None = None
    inputs: tuple[Cell, ...] = ()
    applies: bool = True


def score(
    submission: Submission,
    scheme: Scheme,
    companions: Sequence[Submission] = (),
    decisions: Mapping[str, Decision] = NO_DECISIONS,
) -> Scorecard:
    """Score a submission again; `companions` are the unit's other current forms, whose fields formulas may name.

    Decisions are found by `line_key`. A form without places for weights and scores comes back with its targets
    and actuals judged, but `scored` False and no verified total.
    """
    ruled_by = tuple(scheme.indicator_line(submission, row) for row in submission.indicators)
    weights = weights_of(submission, scheme, ruled_by)
    fields = fields_of(submission, companions, scheme.names_used(submission))
    read = tuple(_read(submission, ruled_by))
    if values_are_weights(submission, scheme.full_mark):
        read = tuple(replace(one, judgement=_NO_VALUES) for one in read)
    work = _Work(submission, scheme, fields, weights, read)
    if scheme.leaves_unscored(submission):
        return _unscored(work, "评分方案规定本表不评分")
    if not is_scored(submission, weights):
        return _unscored(work, "本表没有分值或得分，不评分")
    lines = tuple(_decided(line, work, decisions) for line in (*_execution(work), *_indicators(work)))
    totals = totals_of(submission.form, lines, scheme, fields)
    own = _self_total(submission, lines)
    card = Scorecard(
        lines=lines,
        self_total=own,
        verified_total=totals.verified,
        self_grade=_self_grade(submission, scheme, own),
        verified_grade=scheme.grade_of(totals.verified),
        full_mark=scheme.full_mark,
        scheme=scheme.name,
        note="；".join(filter(None, (totals.note, _absent(work)))),
        pending=sum(line.pending for line in lines),
        checked_total=totals.checked,
        lowest=totals.lowest,
        highest=totals.highest,
        reviewed=sum(line.reviewed_score is not None for line in lines),
    )
    blanks = blanks_of(submission, scheme)
    return _without_total(card, [blank.name for blank in blanks]) if blanks else card


def _self_total(submission: Submission, lines: Sequence[ScoredLine]) -> Decimal | None:
    """The total that the unit wrote; of a form without a place for one, the sum of its scores where none is missing."""
    weighed = [line for line in lines if line.weight is not None and line.applies]
    whole = bool(weighed) and all(line.self_score is not None for line in weighed)
    if submission.total_score is not None or "total_score" in submission.cells or not whole:
        return submission.total_score
    return sum((line.self_score for line in lines if line.self_score is not None), Decimal(0))


def _without_total(card: Scorecard, blanks: Sequence[str]) -> Scorecard:
    """Withhold the total of a form that is not filled in: what it holds is no basis for a score."""
    named = "、".join(blanks[:_NAMED]) + (f"等{len(blanks)}项" if len(blanks) > _NAMED else "")
    note = f"必填内容空白（{named}），补齐以前没有复核得分"
    return replace(
        card, verified_total=None, verified_grade=None, checked_total=None, lowest=None, highest=None,
        note="；".join(filter(None, (note, card.note))),
    )  # fmt: skip


def _read(submission: Submission, ruled_by: Sequence[SchemeLine | None]) -> Iterator[_Read]:
    for row, line in zip(submission.indicators, ruled_by, strict=True):
        target, actual = parse_target(row.target, submission.year), parse_actual(row.actual, submission.year)
        direction = line.less_is_better if line else None
        judged = judge(target, actual, name=row.name, level1=row.level1, level2=row.level2, less_is_better=direction)
        yield _Read(line, target, actual, judged)


def _unscored(work: _Work, why: str) -> Scorecard:
    told = _Points(f"{why}，只判断完成情况")
    lines = tuple(_line(work, at, told) for at in range(len(work.submission.indicators)))
    own = work.submission.total_score
    return Scorecard(
        lines=lines,
        self_total=own,
        verified_total=None,
        self_grade=_self_grade(work.submission, work.scheme, own),
        verified_grade=None,
        full_mark=work.scheme.full_mark,
        scheme=work.scheme.name,
        scored=False,
        note=why,
        pending=sum(line.pending for line in lines),
    )


def _execution(work: _Work) -> Iterator[ScoredLine]:
    """The line of the money, where the form scores it."""
    at, row, weight = work.submission.total_index, work.submission.total_line, work.weights.execution
    if at is None or row is None or weight is None:
        return
    line = work.scheme.execution_line(work.submission)
    if line is None:
        ruling = open_to(weight, "方案没有规定资金执行怎样评分")
    else:
        ruling = rule_execution(line, weight, row, work.submission, work.scheme, work.fields)
    points = _points(ruling, weight, row.score, work.scheme)
    yield ScoredLine(
        kind="execution",
        index=at,
        level1=None,
        level2=None,
        name="预算执行率",
        weight=weight,
        self_score=row.score,
        expected=points.expected,
        verified_score=points.verified,
        pending=points.pending,
        rule=_rule(line, points),
        because=points.because,
        band=points.band,
        inputs=points.inputs,
        exact=points.exact,
        checked_score=points.verified,
        applies=points.applies,
    )


def _indicators(work: _Work) -> Iterator[ScoredLine]:
    """A line for each indicator; rows without a weight give no points, but are judged."""
    left = max(work.scheme.full_mark - work.weights.total, Decimal(0))
    weightless = all(weight is None for weight in work.weights.rows)
    for at, row in enumerate(work.submission.indicators):
        weight = work.weights.rows[at]
        if weight is not None:
            ruling = _by_its_own_word(work, at, _ruling(work, at, weight))
            yield _line(work, at, _points(ruling, weight, row.score, work.scheme, most=_most_share(work, at)))
        elif at in work.weights.heading:
            head = work.submission.indicators[work.weights.heading[at]].name
            yield _line(work, at, _Points(f"没有单独的分值，计入“{head}”"))
        elif row.score is None:
            yield _line(work, at, _Points("没有分值，不计分"))
        elif weightless:  # a form without weights: its points don't run out, and only a person can say how many are due
            held = _points(open_to(row.score, "表中没有分值"), row.score, row.score, work.scheme)
            yield _line(work, at, held)
        else:
            # a forgotten weight: the points that the form leaves unassigned are all it can have been
            open_left = open_to(left, f"没有填写分值，表中尚余 {show(left)} 分未分配")
            held = _points(open_left, left, row.score, work.scheme, most=_most_share(work, at))
            left -= held.verified or Decimal(0)
            yield _line(work, at, held)


def _ruling(work: _Work, at: int, weight: Decimal) -> Ruling:
    row, read = work.submission.indicators[at], work.read[at]
    if read.line is None:
        return open_to(weight, f"方案中没有“{row.name}”这项指标")
    asked = Asked(row, weight, read.target, read.actual, _judgements(work, at), work.fields)
    return rule_indicator(read.line, asked, work.scheme)


def _by_its_own_word(work: _Work, at: int, ruling: Ruling) -> Ruling:
    """Leave out a row that the unit itself says is 不适用, unless the data give it a score."""
    if ruling.exact is not None or not ruling.applies:
        return ruling
    row = work.submission.indicators[at]
    cell, reason = row.cells.get("score"), row.reason or row.basis
    if row.score is None and cell is not None and says_not_applicable(cell.text):
        said = "得分栏"
    elif not row.score and says_not_applicable(row.basis):
        said = "评分依据"
    elif says_not_applicable(row.actual) and (reason or row.actual != "不适用"):
        said = "完成值"
    else:
        return ruling
    return Ruling(f"{said}写明不适用，本指标不适用", inputs=ruling.inputs, applies=False)


def _most_share(work: _Work, at: int) -> Decimal | None:
    """The most that a row keeps while it waits, as a share of its weight; None where nothing says that it was missed.

    Missed by judgement or by words of failure: the share reached where that is exact, else the scheme's.
    """
    judgements, actual = _judgements(work, at), work.read[at].actual
    if any(judged.verdict == "not-met" for judged in judgements):
        reached = share_reached(judgements)
        return work.scheme.provisional if reached is None else reached
    return work.scheme.provisional if is_failure(actual) else None


def _judgements(work: _Work, at: int) -> tuple[Judgement, ...]:
    """The row's own judgement, or those of the rows that it heads."""
    if not work.submission.indicators[at].heads:
        return (work.read[at].judgement,)
    below = [sub for sub, head in work.weights.heading.items() if head == at]
    return tuple(work.read[sub].judgement for sub in below) or (work.read[at].judgement,)


def _line(work: _Work, at: int, points: _Points) -> ScoredLine:
    """An indicator's line with its points."""
    row, read = work.submission.indicators[at], work.read[at]
    return ScoredLine(
        kind="indicator",
        index=at,
        level1=row.level1,
        level2=row.level2,
        name=row.name,
        weight=work.weights.rows[at],
        self_score=row.score,
        expected=points.expected,
        verified_score=points.verified,
        pending=points.pending,
        rule=_rule(read.line, points),
        because=points.because,
        band=points.band,
        inputs=points.inputs or tuple(row.cells[key] for key in ("target", "actual") if key in row.cells),
        target=read.target,
        actual=read.actual,
        judgement=_together(_judgements(work, at)),
        exact=points.exact,
        checked_score=points.verified,
        applies=points.applies,
    )


def _rule(line: SchemeLine | None, points: _Points) -> str:
    return line.method if points.applies and line else "人工" if points.applies else NOT_APPLICABLE


def _together(judgements: tuple[Judgement, ...]) -> Judgement:
    """One judgement of several rows, by the same order of verdicts as that of parts."""
    if len(judgements) == 1:
        return judgements[0]
    verdicts = {judged.verdict for judged in judgements}
    worst = next((verdict for verdict in _WHOLE if verdict in verdicts), None)
    return Judgement(
        verdict=worst or ("exceeded" if verdicts == {"exceeded"} else "met"),
        because="；".join(judged.because.rstrip("。") for judged in judgements) + "。",
        parts=tuple(part for judged in judgements for part in judged.parts),
    )


def _points(
    ruling: Ruling, weight: Decimal, own: Decimal | None, scheme: Scheme, *, most: Decimal | None = None
) -> _Points:
    """The rule's score, or the self score (`own`) held within the band and at `most` that share of the weight."""
    if not ruling.applies and scheme.rescale:
        return _Points(ruling.because, inputs=ruling.inputs, applies=False)
    if ruling.exact is not None:
        expected = scheme.round(ruling.exact)
        return _Points(ruling.because, expected, expected, exact=ruling.exact, inputs=ruling.inputs)
    low, high = ruling.band if ruling.applies else (Decimal(0), weight)
    if own is None:
        told = f"{ruling.because}；没有自评得分，暂不计分，待定"
        return _Points(told, pending=True, band=(low, high), inputs=ruling.inputs)
    limited = most is not None and high >= weight  # a tier of words that was not reached has its own limit
    limit = max(low, weight * most) if most is not None and limited else high
    held = scheme.round(min(max(own, low), limit))
    kept = f"暂按自评 {show(held)} 分"
    if most is not None and own > limit and limited:
        kept = f"没有完成，核定前最多计分值的{percent(most)}，自评 {show(own)} 分暂按 {show(held)} 分"
    elif not low <= own <= high:
        kept = f"自评 {show(own)} 分不在 {show(low, 2)}～{show(high, 2)} 分内，暂按 {show(held)} 分"
    told = f"{ruling.because}；{kept}，待定"
    return _Points(told, verified=held, pending=True, band=(low, high), inputs=ruling.inputs)


def _decided(line: ScoredLine, work: _Work, decisions: Mapping[str, Decision]) -> ScoredLine:
    """Put a person's score in the place of the rule's, as long as it lies within the weight."""
    decision = decisions.get(line_key(work.submission, line)) if decisions else None
    if decision is None or decision.score is None:
        return line
    most = line.weight if line.weight is not None else work.scheme.full_mark
    if not 0 <= decision.score <= most:
        told = f"人工评分 {show(decision.score)} 分不在 0～{show(most)} 分内，没有采用；{line.because}"
        return replace(line, because=told)
    who = decision.decided_by or "人工"
    why = f"（{decision.note}）" if decision.note else ""
    given = work.scheme.round(decision.score)
    before = "原待定" if line.expected is None else f"按规则 {show(line.expected)} 分"
    told = f"{who}核定 {show(given)} 分{why}；{before}：{line.because}"
    return replace(
        line, verified_score=given, reviewed_score=given, reviewed_verdict=_reviewed_verdict(line, given, work.scheme),
        pending=False, because=told, decided_by=who, decided_why=decision.note, applies=True,
        rule=line.rule if line.applies else "人工",
    )  # fmt: skip


def _reviewed_verdict(line: ScoredLine, given: Decimal, scheme: Scheme) -> Verdict | None:
    """What a person's score says of the target: reached with full marks; one in words from its highest tier on."""
    if line.judgement is None or not line.weight:
        return None
    if given >= line.weight:
        return "exceeded" if line.judgement.verdict == "exceeded" else "met"
    words = line.target is not None and line.target.kind == "qualitative"
    tiers = next(iter(scheme.tiers.values()), ())
    enough = max((tier.low for tier in tiers if tier.high >= 1), default=Decimal(1)) if words else Decimal(1)
    return "met" if given >= line.weight * enough else "not-met"


def _self_grade(submission: Submission, scheme: Scheme, own: Decimal | None) -> str | None:
    """The grade that the unit gave itself, in the scheme's word; that of its total where it gave none."""
    return scheme.accepts_grade(submission.grade) if submission.grade else scheme.grade_of(own)


def _absent(work: _Work) -> str:
    """Name the scheme's indicators that the form doesn't have."""
    fitting = {id(read.line) for read in work.read}
    lines = work.scheme.indicators(work.submission)
    missing = [line.name for line in lines if not line.own_weight and id(line) not in fitting]
    return f"表中没有方案规定的指标：{'、'.join(missing)}" if missing else ""


def rule_execution(
    line: SchemeLine, weight: Decimal, row: BudgetLine, submission: Submission, scheme: Scheme, fields: Fields
) -> Ruling:
    """Put a scheme's line to the money's execution rate."""
    if isinstance(line.shape, Manual):
        return open_to(weight, "由人工核定")
    assert not isinstance(line.shape, AgainstTarget | Qualitative | Count)  # refused when the scheme was read
    if line.formula:
        return rule_value(line, line.shape, line.formula, weight, (fields,))
    budget, executed = row.divisor, row.executed
    cells = tuple(row.cells[key] for key in ("adjusted", "initial", "executed") if key in row.cells)
    cells = cells[:1] + cells[-1:] if len(cells) == 3 else cells
    if trouble := _money_trouble(row, submission, budget, executed):
        return open_to(weight, trouble, cells)
    assert executed is not None
    assert budget is not None
    if not budget:
        return _without_budget(scheme, weight, executed, cells)
    points, words = line.shape.points(executed / budget, weight)
    told = f"执行率 {show(executed)}÷{show(budget)}{makes(executed / budget)}"
    return certain(points, f"{told}，{words}", cells)


def _money_trouble(row: BudgetLine, submission: Submission, budget: Decimal | None, executed: Decimal | None) -> str:
    """Say why a rate can't be computed for certain, "" where it can."""
    if rivals := rival_totals(submission):
        return f"有{len(rivals)}行资金总额，数不相同，无法确定执行率"
    parts = [part for part in submission.budget if part is not row]
    if not budget and any(part.divisor for part in parts):
        return f"{row.item}没有全年预算数，而下面各项有数，无法确定执行率"
    if not executed and any(part.executed for part in parts):
        return f"{row.item}没有全年执行数，而下面各项有数，无法确定执行率"
    if budget is None or executed is None:
        return (
            "没有填写"
            + "和".join(name for name, number in (("全年预算数", budget), ("全年执行数", executed)) if number is None)
            + "，无法计算执行率"
        )
    if budget < 0 or executed < 0:
        return "预算数或执行数为负数，无法计算执行率"
    return ""


def _without_budget(scheme: Scheme, weight: Decimal, executed: Decimal, cells: tuple[Cell, ...]) -> Ruling:
    if executed or scheme.zero_budget == "待定":
        return open_to(weight, f"全年预算数为 0，执行数为 {show(executed)}，执行率无法计算", cells)
    points = weight if scheme.zero_budget == "满分" else Decimal(0)
    return certain(points, f"全年预算数和执行数都为 0，按方案规定得 {show(points)} 分", cells)
