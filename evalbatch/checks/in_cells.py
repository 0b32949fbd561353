"""Checks said as formulas over a form's own cells, so that the form itself shows a slip before it is sent.

A table beside the catalogue: the code of each check that can be told from one form alone, and how it is said in
functions that Excel, WPS and LibreOffice all know. What a formula can't tell for sure it leaves to the check.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.checks.form_cells import FormCells, address, is_blank, says, says_nothing
from evalbatch.checks.targets import PROCESS
from evalbatch.model.words import AMOUNT
from evalbatch.scoring.compulsory import EXECUTED, FIGURES, INDICATORS, PLACES
from evalbatch.scoring.shapes import AgainstTarget, ExecutionRate
from evalbatch.xlsx.addresses import Place, cells_of


@dataclass(frozen=True, slots=True)
class CellCheck:
    """One check at one cell: the formula that holds where the slip is, and whether it is a compulsory blank.

    `expected` is a formula for what should stand there, as text, "" where no single value can be named.
    """

    code: str
    place: Place
    condition: str
    blank: bool = False
    expected: str = ""


def _check(code: str, at: str, *conditions: str, blank: bool = False, expected: str = "") -> Iterator[CellCheck]:
    """One check at an address, nothing where the form has no such cell."""
    if at:
        whole = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
        yield CellCheck(code, cells_of(at)[0], whole, blank, expected)


def _no_number(cells: FormCells, at: str) -> str:
    """Whether a cell holds words, or a number below zero, where a number belongs."""
    words = f"AND(ISTEXT({at}),{says(at)},NOT(ISNUMBER({cells.numbers[at]})))"
    return f"OR({cells.number(at)}<0,{words})"


def _is_filled(cells: FormCells, row: int) -> str:
    """Whether an indicator's name is more than what the blank form has there: its helper says so."""
    return f"{cells.helper('filled', row)}=1"


def _no_words(cells: FormCells, *places: str) -> str:
    """Whether cells hold no text but numbers."""
    texts, numbers = "+".join(f"ISTEXT({at})" for at in places), ",".join(cells.numbers[at] for at in places)
    return f"{texts}=COUNT({numbers})"


# ---------------------------------------------------------------- head, money


def _year(cells: FormCells) -> Iterator[CellCheck]:
    at = cells.at("year")
    yield from _check("U03", at, f"LEN({at})>0", f'ISERROR(FIND("{cells.year}",ASC({at})))', expected=f'"{cells.year}"')


def _who_and_when(cells: FormCells) -> Iterator[CellCheck]:
    for tag in ("prepared_by", "phone", "filled_on"):
        if cells.tags and tag in cells.tags and list(cells.tags.values()).count(cells.tags[tag]) == 1:
            yield from _check("U06", cells.at(tag), is_blank(cells.at(tag)), blank=True)


def _compulsory(cells: FormCells) -> Iterator[CellCheck]:
    for name in cells.scheme.compulsory(cells.head):
        if name == EXECUTED:
            yield from _money_blank(cells)
        elif name == INDICATORS and cells.rows and "name" in cells.columns:
            ends = (cells.helper("filled", row) for row in (cells.rows[0], cells.rows[-1]))
            yield from _check("F15", cells.cell("name", cells.rows[0]), f"SUM({':'.join(ends)})=0", blank=True)
        elif name == FIGURES:
            figures = [address(place) for tag, place in cells.tags.items() if tag.startswith("fields.")]
            yield from _check("F15", figures[0] if figures else "", f"COUNT({','.join(figures)})=0", blank=True)
        elif name in PLACES:
            yield from _check("F15", cells.at(PLACES[name]), is_blank(cells.at(PLACES[name])), blank=True)
        else:
            yield from _check("F15", cells.at(f"fields.{name}"), is_blank(cells.at(f"fields.{name}")), blank=True)


def _money_blank(cells: FormCells) -> Iterator[CellCheck]:
    every = [address(place) for tag, place in cells.tags.items() if tag.rpartition(".")[2] in AMOUNT]
    executed = [address(place) for tag, place in cells.tags.items() if tag.endswith(".executed")]
    none = f"COUNT({','.join(every)})=0"
    for key in AMOUNT:
        at = cells.at(f"budget.total.{key}")
        if at and key != "executed":
            yield from _check("F15", at, is_blank(at), none, blank=True)
        elif at:
            owed = f"OR({none},N({cells.base})<>0)" if cells.base else none
            yield from _check("F15", at, is_blank(at), f"COUNT({','.join(executed)})=0", owed, blank=True)


def _sums(cells: FormCells) -> Iterator[CellCheck]:
    rounding = cells.scheme.threshold("money_rounding") * cells.scale
    for key in AMOUNT:
        total = cells.at(f"budget.total.{key}")
        parts = [at for kind in cells.sources if (at := cells.at(f"budget.{kind}.{key}"))]
        if total and parts:
            listed = ",".join(parts)
            typed = ",".join(cells.numbers[at] for at in parts)
            whole, count = f"SUM({listed},{typed})", f"COUNT({listed},{typed})"
            slack = f"{rounding}*{count}+0.0000001"
            off = f"ABS({cells.number(total)}-{whole})>{slack}"
            if len(parts) == 1:
                off = f"{whole}-{cells.number(total)}>{slack}"  # one row alone may be a part of the total
            yield from _check(
                "M01", total, f"{count}>0", _no_words(cells, total, *parts), f"MIN({total},{listed})>=0", off,
                expected=f'TEXT({whole},"0.00")',
            )  # fmt: skip


def _rates(cells: FormCells) -> Iterator[CellCheck]:
    for kind in ("total", *cells.sources):
        rate, executed = cells.at(f"budget.{kind}.rate"), cells.at(f"budget.{kind}.executed")
        base = cells.at(f"budget.{kind}.adjusted") or cells.at(f"budget.{kind}.initial")
        if rate and executed and base:
            spent, given, said = cells.number(executed), cells.number(base), cells.number(rate)
            whole = f"{spent}/{given}*100"
            points = f"IF(ABS({said}*100-{whole})<ABS({said}-{whole}),{said}*100,{said})"
            unit = f"IF(ROUND({points},0)=ROUND({points},6),0.5,IF(ROUND({points},1)=ROUND({points},6),0.05,0.005))"
            slack = f"{unit}+ABS({whole})*(0.005/ABS({spent}+0.0001)+0.005/{given})"
            wrong = f"IF({given}>0,ABS({points}-{whole})>{slack},FALSE)"
            yield from _check(
                "M02", rate, cells.has_number(rate), cells.has_number(executed), f"{spent}>=0", wrong,
                expected=f'TEXT({spent}/{given},"0.00%")',
            )  # fmt: skip


def _errors(cells: FormCells) -> Iterator[CellCheck]:
    numbers = [place for tag, place in cells.tags.items() if tag.startswith(("budget.", "fields.", "total_"))]
    parts = [part for part in ("target", "actual", "weight", "score") if part in cells.columns]
    for place in (*numbers, *((row, cells.columns[part]) for row in cells.rows for part in parts)):
        yield from _check("F12", address(place), f"ISERROR({address(place)})")


def _amounts(cells: FormCells) -> Iterator[CellCheck]:
    for tag, place in cells.tags.items():
        if tag.startswith("budget.") and tag.rpartition(".")[2] in AMOUNT:
            yield from _check("M11", address(place), _no_number(cells, address(place)))


# ---------------------------------------------------------------- indicators


def _answered(cells: FormCells, row: int) -> str:
    """Whether a row is an indicator that wants a target and an actual; "" where it is judged by a standard."""
    if any(word in cells.level1.get(row, "") for word in PROCESS) and "产出" not in cells.level1.get(row, ""):
        return ""
    target, weight = cells.cell("target", row), cells.cell("weight", row)
    wants = [*([cells.has_weight(row)] if weight else []), *([says(target)] if target else [])]
    return f"{_is_filled(cells, row)},OR({','.join(wants)})" if wants else ""


def _targets(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        if (at := cells.cell("target", row)) and (wanted := _answered(cells, row)):
            yield from _check("T06", at, wanted, says_nothing(at), blank=True)


def _actuals(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        if (at := cells.cell("actual", row)) and (wanted := _answered(cells, row)):
            reason = cells.cell("reason", row)
            explained = [f"NOT(AND(LEN(TRIM({at}))>0,{says(reason)}))"] if reason else []
            yield from _check("A01", at, wanted, says_nothing(at), *explained, blank=True)
    goal, done = cells.at("goal"), cells.at("goal_actual")
    if goal and done and goal != done:
        yield from _check("A01", done, says(goal), is_blank(done), blank=True)


def _template_text(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        for part in ("target", "actual"):
            if at := cells.cell(part, row):
                left = f'OR(ISNUMBER(FIND("**",{at})),ISNUMBER(FIND("××",{at})))'
                yield from _check("F07", at, _is_filled(cells, row), left)


def _unexplained(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows if "reason" in cells.columns and "missed" in cells.helpers else ():
        at = cells.cell("reason", row)
        yield from _check("A06", at, f"N({cells.helper('missed', row)})=1", f'OR({says_nothing(at)},TRIM({at})="0")')


# ---------------------------------------------------------------- weights and scores


def _weights(cells: FormCells) -> Iterator[CellCheck]:
    if not cells.is_scored() or "weight" not in cells.columns:
        return
    own, full = cells.at("budget.total.weight"), cells.scheme.full_mark
    execution = cells.scheme.execution_line(cells.head)
    has_money = any(tag.startswith("budget.") for tag in cells.tags)
    unplaced = execution.weight if execution and has_money and not own and execution.weight else Decimal(0)
    total = f"{cells.sum_of('weight')}{f'+{cells.number(own)}' if own else ''}"
    off = [f"ABS({total}-{full})>MAX(0.01,0.005*{cells.count_of('weight')})+0.0000001"]
    off += [f"ABS({total}+{unplaced}-{full})>0.0000001"] if unplaced else []
    off += [f"LEN({own})>0"] if own else []
    yield from _check(
        "T03", cells.cell("weight", cells.rows[0]), f"{cells.count_of('weight')}>0", cells.no_words("weight"), *off
    )


def _above_weight(cells: FormCells) -> Iterator[CellCheck]:
    scored = [(cells.cell("score", row), cells.weight(row), cells.has_weight(row)) for row in _scored_rows(cells)]
    if (own := cells.at("budget.total.score")) and (weight := cells.at("budget.total.weight")):
        scored.append((own, cells.number(weight), cells.has_number(weight)))
    for score, weight, known in scored:
        yield from _check("S01", score, known, f"{cells.number(score)}>{weight}+0.0000001")


def _scored_rows(cells: FormCells) -> list[int]:
    """The rows whose scores have a weight, their own or the scheme's."""
    return [row for row in cells.rows if "score" in cells.columns and cells.weight(row)]


def _no_score(cells: FormCells) -> Iterator[CellCheck]:
    scores = [cells.cell("score", row) for row in cells.rows]
    for score in filter(None, (*scores, cells.at("budget.total.score"), cells.at("total_score"))):
        yield from _check("S02", score, _no_number(cells, score))


def _scores_missing(cells: FormCells) -> Iterator[CellCheck]:
    if not cells.is_scored():
        return
    for row in _scored_rows(cells) if "weight" in cells.columns else ():
        at = cells.cell("score", row)
        reasons = [says(other) for part in ("reason", "basis") if (other := cells.cell(part, row))]
        left_out = [f"NOT(AND(LEN(TRIM({at}))>0,OR({','.join(reasons)})))"] if reasons else []
        weighted = f"{cells.weight(row)}>0"
        yield from _check("S12", at, _is_filled(cells, row), weighted, says_nothing(at), *left_out, blank=True)
    if (at := cells.at("budget.total.score")) and (executed := cells.at("budget.total.executed")):
        yield from _check("S12", at, cells.has_number(executed), says_nothing(at), blank=True)
    if (at := cells.at("total_score")) and "score" in cells.columns:
        yield from _check("S12", at, f"{cells.count_of('score')}>0", says_nothing(at), blank=True)


def _total(cells: FormCells) -> Iterator[CellCheck]:
    at = cells.at("total_score")
    if not at or "score" not in cells.columns or not cells.is_scored():
        return
    own, said = cells.at("budget.total.score"), cells.number(at)
    total = f"({cells.sum_of('score')}{f'+{cells.number(own)}' if own else ''})"
    slack = cells.scheme.threshold("score_rounding")
    execution = cells.scheme.execution_line(cells.head)
    has_money = any(tag.startswith("budget.") for tag in cells.tags)
    room = execution.weight if execution and has_money and not own and execution.weight else Decimal(0)
    off = f"OR({said}-{total}>{slack + room}+0.0000001,{total}-{said}>{slack}+0.0000001)"
    every = []
    if "weight" in cells.columns:
        every = [f"SUMPRODUCT(ISNUMBER({cells.column('weight')})*(LEN({cells.column('score')})=0))=0"]
    every += [f"LEN({own})>0"] if own else []
    yield from _check(
        "S03", at, cells.has_number(at), f"{cells.count_of('score')}>0", cells.no_words("score"), *every, off,
        expected=f'TEXT({total},"0.00")',
    )  # fmt: skip


def _execution_score(cells: FormCells) -> Iterator[CellCheck]:
    at, executed, base = cells.at("budget.total.score"), cells.at("budget.total.executed"), cells.base
    line = cells.scheme.execution_line(cells.head)
    plain = line is not None and isinstance(line.shape, ExecutionRate) and line.shape.full == 1 and not line.formula
    if not (at and executed and base and line and line.weight and plain and cells.is_scored()):
        return
    own, spent, given = cells.at("budget.total.weight"), cells.number(executed), cells.number(base)
    weight = cells.number(own) if own and line.own_weight else str(line.weight)
    exact = f"{weight}*MAX(0,MIN(1,{spent}/{given}))"
    expected = f"ROUND({exact},{cells.scheme.digits})"
    yield from _check(
        "S04", at, cells.has_number(at), cells.has_number(executed), f"{spent}>=0",
        f"IF({given}>0,AND({_off(cells.number(at), exact, expected, cells)}),FALSE)",
        expected=f'TEXT({expected},"0.00")',
    )  # fmt: skip


def _off(said: str, exact: str, expected: str, cells: FormCells) -> str:
    """Whether a score is another than the rule's, and none of its roundings."""
    rounded = [f"ROUND({exact},1)", f"ROUND(({exact})*2,0)/2", f"ROUND({exact},0)", f"ROUNDDOWN({exact},1)"]
    slack = cells.scheme.threshold("score_rounding")
    return ",".join([f"ABS({said}-{expected})>{slack}+0.0000001", *(f"ABS({said}-{one})>0.0000001" for one in rounded)])


def _missed_scores(cells: FormCells) -> Iterator[CellCheck]:
    """Full marks for a missed target; and, where one rule is for all rows, another score than the share reached."""
    if "missed" not in cells.helpers or not cells.is_scored():
        return
    lines = [line for line in cells.scheme.of_form(cells.head) if line.kind == "indicator"]
    shape = lines[0].shape if len(lines) == 1 and not lines[0].name else None
    in_share = isinstance(shape, AgainstTarget) and shape.missed == "按比例" and not shape.floor
    for row in _scored_rows(cells):
        at, weight = cells.cell("score", row), cells.weight(row)
        score, missed = cells.number(at), f"N({cells.helper('missed', row)})=1"
        numbers = f"AND({cells.has_number(at)},{cells.has_weight(row)})"
        yield from _check("S08", at, missed, numbers, f"{weight}>0", f"{score}={weight}")
        if in_share:
            exact = f"{weight}*{cells.helper('share', row)}"
            wrong = _off(score, exact, f"ROUND({exact},{cells.scheme.digits})", cells)
            told = f"IF(AND({missed},ISNUMBER({cells.helper('share', row)}),{numbers}),AND({wrong}),FALSE)"
            yield from _check("S04", at, told, f"{score}<{weight}", f"{score}>=0")


def _grades(cells: FormCells) -> Iterator[CellCheck]:
    at, total = cells.at("grade"), cells.at("total_score")
    words = [(word, grade.name) for grade in cells.scheme.grades for word in (grade.name, *grade.other_names)]
    if not at or not words or any('"' in word for word, _ in words):
        return
    known = "{" + ",".join(f'"{word}"' for word, _ in words) + "}"
    meant = "{" + ",".join(f'"{name}"' for _, name in words) + "}"
    said, bands = cells.number(total) if total else "", '""'
    for grade in reversed(cells.scheme.grades):
        bands = f'IF({said}>={grade.lowest},"{grade.name}",{bands})'
    right = bands if total else ""
    yield from _check("S10", at, says(at), f"ISNA(MATCH(TRIM({at}),{known},0))", expected=right)
    if total:
        other = f"IF(ISNUMBER(MATCH(TRIM({at}),{known},0)),INDEX({meant},MATCH(TRIM({at}),{known},0))<>{bands},FALSE)"
        yield from _check("S11", at, cells.has_number(total), other, expected=right)


IN_CELLS: Mapping[str, Callable[[FormCells], Iterator[CellCheck]]] = {
    "U03": _year,
    "U06": _who_and_when,
    "F07": _template_text,
    "F12": _errors,
    "F15": _compulsory,
    "M01": _sums,
    "M02": _rates,
    "M11": _amounts,
    "T03": _weights,
    "T06": _targets,
    "A01": _actuals,
    "A06": _unexplained,
    "S01": _above_weight,
    "S02": _no_score,
    "S03": _total,
    "S04": _execution_score,
    "S08": _missed_scores,
    "S10": _grades,
    "S12": _scores_missing,
}
"""How each check is said in a form's cells; a maker may say a sister of its check too, S11 with S10."""


def cell_checks(cells: FormCells) -> list[CellCheck]:
    """Every check that can be said in a form's cells; switched-off ones are not said."""
    made = (check for maker in IN_CELLS.values() for check in maker(cells))
    return [check for check in made if not cells.scheme.switched_off(check.code)]


# ---------------------------------------------------------------- rows put in


def inserted(cells: FormCells, of: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """Say what a row that a unit put in lacks: by the column, the check's code and how many cells are wrong.

    `of` gives a column's cell in one row, or the whole column: no row of these has helpers to lean on. A row in a form
    that judges some rows by a standard is only held to what is typed in it.
    """
    if not cells.rows or "name" not in cells.columns:
        return {}
    weighted, scored = "weight" in cells.columns, {"weight", "score"} <= cells.columns.keys() and cells.is_scored()
    named = f"(LEN(TRIM({of('name')}))>0)"
    said: dict[str, tuple[str, str]] = {}
    wants = [f"ISNUMBER({of('weight')})"] if weighted else []
    by_standard = any(word in level for level in cells.level1.values() for word in PROCESS)
    if "target" in cells.columns and weighted and not by_standard:
        said["target"] = "T06", f"{named}*{wants[0]}*(LEN(TRIM({of('target')}))=0)"
    if "target" in cells.columns:
        wants.append(f"(LEN(TRIM({of('target')}))>0)")
    if "actual" in cells.columns and wants and not by_standard:
        said["actual"] = "A01", f"{named}*(({'+'.join(wants)})>0)*(LEN(TRIM({of('actual')}))=0)"
    if scored:
        score, weight = of("score"), of("weight")
        blank = f"{named}*ISNUMBER({weight})*({weight}>0)*(LEN(TRIM({score}))=0)"
        above = f"ISNUMBER({weight})*ISNUMBER({score})*({score}>{weight})"
        said["score"] = "S12", blank
        said["above"] = "S01", above
    return {part: one for part, one in said.items() if not cells.scheme.switched_off(one[0])}
