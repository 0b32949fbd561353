"""Checks said as formulas over a form's own cells, so that the form itself shows a slip before it is sent.

A table beside the catalogue: the code of each check that can be told from one form alone, and how it is said in
functions that Excel, WPS and LibreOffice all know. What a formula can't tell for sure it leaves to the check.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalbatch.checks.targets import PROCESS
from evalbatch.model import Cell, FormHead
from evalbatch.model.words import AMOUNT
from evalbatch.scoring.compulsory import EXECUTED, FIGURES, INDICATORS, PLACES
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.shapes import AgainstTarget, ExecutionRate
from evalbatch.xlsx.addresses import Place, cells_of

NOTHING = '{"","无","没有","暂无","—","－","-","/","／","、","不适用"}'
"""What a cell may hold and still say nothing."""


@dataclass(frozen=True, slots=True)
class FormCells:
    """Where a form has its fields: single tags, the rows for indicators and their columns, in one season.

    `level1` is what the form prints as first level beside a row, `scale` what 1 万元 is in the form's own measure, and
    `helpers` the columns in which each row's target and actual are taken apart (see `taken_apart`).
    """

    head: FormHead
    tags: Mapping[str, Place]
    rows: Sequence[int]
    columns: Mapping[str, int]
    level1: Mapping[int, str]
    scheme: Scheme
    year: int
    scale: Decimal
    helpers: Mapping[str, int]

    def at(self, tag: str) -> str:
        """The address of a single tag, "" where the form has none."""
        return address(self.tags[tag]) if tag in self.tags else ""

    def cell(self, part: str, row: int) -> str:
        """The address of an indicator's cell, "" where the form has no such column."""
        return address((row, self.columns[part])) if part in self.columns else ""

    def helper(self, part: str, row: int) -> str:
        """The address of one of a row's helpers."""
        return f"${letters_of(self.helpers[part])}{row}"

    def column(self, part: str) -> str:
        """The range of a column of indicators."""
        letters = letters_of(self.columns[part])
        return f"${letters}${self.rows[0]}:${letters}${self.rows[-1]}"

    @property
    def sources(self) -> list[str]:
        """The kinds of the rows of money below the total."""
        kinds = dict.fromkeys(tag.split(".")[1] for tag in self.tags if tag.startswith("budget."))
        return [kind for kind in kinds if kind != "total"]

    @property
    def base(self) -> str:
        """The address of what the total's rate is divided by."""
        return self.at("budget.total.adjusted") or self.at("budget.total.initial")

    def is_scored(self) -> bool:
        """Whether the form has scores that the scheme counts."""
        scores = "score" in self.columns or "budget.total.score" in self.tags
        return scores and not self.scheme.leaves_unscored(self.head)


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


def address(place: Place) -> str:
    """A place as people write it: (15, 8) is H15."""
    return Cell("", *place).address


def letters_of(column: int) -> str:
    """A column as people write it: 8 is H."""
    return address((1, column)).rstrip("1")


def _check(code: str, at: str, *conditions: str, blank: bool = False, expected: str = "") -> Iterator[CellCheck]:
    """One check at an address, nothing where the form has no such cell."""
    if at:
        whole = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
        yield CellCheck(code, cells_of(at)[0], whole, blank, expected)


def _is_blank(at: str) -> str:
    return f"LEN(TRIM({at}))=0"


def _says_nothing(at: str) -> str:
    return f"ISNUMBER(MATCH(TRIM({at}),{NOTHING},0))"


def _says(at: str) -> str:
    return f"ISNA(MATCH(TRIM({at}),{NOTHING},0))"


def _no_number(at: str, *measures: str) -> str:
    """Whether a cell holds words, or a number below zero, where a number belongs."""
    bare = at
    for measure in (*measures, ",", "，"):
        bare = f'SUBSTITUTE({bare},"{measure}","")'
    words = f"IF(ISTEXT({at}),AND({_says(at)},ISERROR(VALUE({bare}))),FALSE)"
    return f"OR(IF(ISNUMBER({at}),{at}<0,FALSE),{words})"


def _is_filled(cells: FormCells, row: int) -> str:
    """Whether an indicator's name is more than what the blank form has there: its helper says so."""
    return f"{cells.helper('filled', row)}=1"


def name_is_filled(cells: FormCells, row: int) -> str:
    """Give the formula of a row's helper `filled`: 1 where its name is more than what the blank form has there."""
    name = cells.cell("name", row)
    bare = f'SUBSTITUTE(SUBSTITUTE({name},"：",""),":","")'
    return f'--AND(LEN(TRIM({name}))>0,LEFT({name},1)<>"…",NOT(AND(LEFT({name},2)="指标",LEN({bare})<4)))'


def _no_text(*ranges: str) -> str:
    return "+".join(f"SUMPRODUCT(--ISTEXT({one}))" for one in ranges) + "=0"


# ---------------------------------------------------------------- head, money


def _year(cells: FormCells) -> Iterator[CellCheck]:
    at = cells.at("year")
    yield from _check("U03", at, f"LEN({at})>0", f'ISERROR(FIND("{cells.year}",{at}))', expected=f'"{cells.year}"')


def _who_and_when(cells: FormCells) -> Iterator[CellCheck]:
    for tag in ("prepared_by", "phone", "filled_on"):
        if cells.tags and tag in cells.tags and list(cells.tags.values()).count(cells.tags[tag]) == 1:
            yield from _check("U06", cells.at(tag), _is_blank(cells.at(tag)), blank=True)


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
            yield from _check("F15", cells.at(PLACES[name]), _is_blank(cells.at(PLACES[name])), blank=True)
        else:
            yield from _check("F15", cells.at(f"fields.{name}"), _is_blank(cells.at(f"fields.{name}")), blank=True)


def _money_blank(cells: FormCells) -> Iterator[CellCheck]:
    every = [address(place) for tag, place in cells.tags.items() if tag.rpartition(".")[2] in AMOUNT]
    executed = [address(place) for tag, place in cells.tags.items() if tag.endswith(".executed")]
    none = f"COUNT({','.join(every)})=0"
    for key in AMOUNT:
        at = cells.at(f"budget.total.{key}")
        if at and key != "executed":
            yield from _check("F15", at, _is_blank(at), none, blank=True)
        elif at:
            owed = f"OR({none},N({cells.base})<>0)" if cells.base else none
            yield from _check("F15", at, _is_blank(at), f"COUNT({','.join(executed)})=0", owed, blank=True)


def _sums(cells: FormCells) -> Iterator[CellCheck]:
    rounding = cells.scheme.threshold("money_rounding") * cells.scale
    for key in AMOUNT:
        total = cells.at(f"budget.total.{key}")
        parts = [at for kind in cells.sources if (at := cells.at(f"budget.{kind}.{key}"))]
        if total and parts:
            listed = ",".join(parts)
            slack = f"{rounding}*COUNT({listed})+0.0000001"
            off = f"ABS(N({total})-SUM({listed}))>{slack}"
            if len(parts) == 1:
                off = f"SUM({listed})-N({total})>{slack}"  # one row alone may be a part of the total
            yield from _check(
                "M01", total, f"COUNT({listed})>0", _no_text(total, *parts), off, expected=f'TEXT(SUM({listed}),"0.00")'
            )


def _rates(cells: FormCells) -> Iterator[CellCheck]:
    for kind in ("total", *cells.sources):
        rate, executed = cells.at(f"budget.{kind}.rate"), cells.at(f"budget.{kind}.executed")
        base = cells.at(f"budget.{kind}.adjusted") or cells.at(f"budget.{kind}.initial")
        if rate and executed and base:
            whole = f"N({executed})/N({base})*100"
            said = f"IF(ISTEXT({rate}),VALUE({rate}),N({rate}))"
            points = f"IF(ABS({said}*100-{whole})<ABS({said}-{whole}),{said}*100,{said})"
            unit = f"IF(ROUND({points},0)=ROUND({points},6),0.5,IF(ROUND({points},1)=ROUND({points},6),0.05,0.005))"
            slack = f"{unit}+ABS({whole})*(0.005/ABS(N({executed})+0.0001)+0.005/N({base}))"
            wrong = f"IF(N({base})>0,ABS({points}-{whole})>{slack},FALSE)"
            yield from _check(
                "M02", rate, f"LEN({rate})>0", f"ISNUMBER({executed})", wrong,
                expected=f'TEXT(N({executed})/N({base}),"0.00%")',
            )  # fmt: skip


def _errors(cells: FormCells) -> Iterator[CellCheck]:
    numbers = [place for tag, place in cells.tags.items() if tag.startswith(("budget.", "fields.", "total_"))]
    parts = [part for part in ("target", "actual", "weight", "score") if part in cells.columns]
    for place in (*numbers, *((row, cells.columns[part]) for row in cells.rows for part in parts)):
        yield from _check("F12", address(place), f"ISERROR({address(place)})")


def _amounts(cells: FormCells) -> Iterator[CellCheck]:
    for tag, place in cells.tags.items():
        if tag.startswith("budget.") and tag.rpartition(".")[2] in AMOUNT:
            yield from _check("M11", address(place), _no_number(address(place), "万元", "元"))


# ---------------------------------------------------------------- indicators


def _answered(cells: FormCells, row: int) -> str:
    """Whether a row is an indicator that wants a target and an actual; "" where it is judged by a standard."""
    if any(word in cells.level1.get(row, "") for word in PROCESS) and "产出" not in cells.level1.get(row, ""):
        return ""
    target, weight = cells.cell("target", row), cells.cell("weight", row)
    wants = [f"ISNUMBER({weight})"] * bool(weight) + [_says(target)] * bool(target)
    return f"{_is_filled(cells, row)},OR({','.join(wants)})" if wants else ""


def _targets(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        if (at := cells.cell("target", row)) and (wanted := _answered(cells, row)):
            yield from _check("T06", at, wanted, _says_nothing(at), blank=True)


def _actuals(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        if (at := cells.cell("actual", row)) and (wanted := _answered(cells, row)):
            reason = cells.cell("reason", row)
            explained = [f"NOT(AND(LEN(TRIM({at}))>0,{_says(reason)}))"] if reason else []
            yield from _check("A01", at, wanted, _says_nothing(at), *explained, blank=True)
    goal, done = cells.at("goal"), cells.at("goal_actual")
    if goal and done and goal != done:
        yield from _check("A01", done, _says(goal), _is_blank(done), blank=True)


def _template_text(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows:
        for part in ("target", "actual"):
            if at := cells.cell(part, row):
                left = f'OR(ISNUMBER(FIND("**",{at})),ISNUMBER(FIND("××",{at})))'
                yield from _check("F07", at, _is_filled(cells, row), left)


def _unexplained(cells: FormCells) -> Iterator[CellCheck]:
    for row in cells.rows if "reason" in cells.columns and "missed" in cells.helpers else ():
        at = cells.cell("reason", row)
        yield from _check("A06", at, f"N({cells.helper('missed', row)})=1", f'OR({_says_nothing(at)},TRIM({at})="0")')


_LENGTHS = "{1,2,3,4,5,6,7,8,9,10,11,12}"
_DIGITS = "{0,1,2,3,4,5,6,7,8,9}"
_SEVERAL = '{"年","月","日","，",",","、","；",";","且","或","~","至"}'
_AT_LEAST, _AT_MOST = '{"不少于","不低于","不小于"}', '{"不超过","不高于","不多于","不大于"}'


def taken_apart(cells: FormCells, row: int) -> dict[str, str]:
    """Give the formulas of a row's helpers: the target's sign and number, and the actual's, where both are plain.

    `missed` is 1 where one number stands against another of the same measure and does not reach it, 0 where it does;
    `share` is what of the target was reached. A target of several conditions, a date, or words leaves them blank.
    """
    actual = cells.cell("actual", row)
    whole = "&".join(filter(None, (cells.cell(part, row) for part in ("bound", "target", "measure"))))
    text, sign, rest, number, answer = (cells.helper(key, row) for key in ("text", "sign", "rest", "number", "answer"))
    unit, said = _measure(rest), _measure(f"TRIM({actual})")
    several = f"SUMPRODUCT(--ISNUMBER(FIND({_SEVERAL},{text})))>0"
    up = f'ISNUMBER(FIND(LEFT({text},1),"≥≧")),ISNUMBER(MATCH(LEFT({text},3),{_AT_LEAST},0)),LEFT({text},2)="至少"'
    down = f'ISNUMBER(FIND(LEFT({text},1),"≤≦")),ISNUMBER(MATCH(LEFT({text},3),{_AT_MOST},0))'
    skipped = f'IF(ISNUMBER(FIND(LEFT({text},1),"≤≦≥≧")),2,IF(LEFT({text},2)="至少",3,4))'
    more = f"SUMPRODUCT(--ISNUMBER(FIND({_DIGITS},MID({unit},2,9))))>0"
    alike = f'OR(MID({said},2,9)=MID({unit},2,9),MID({said},2,9)="")'
    typed = f'IF(ISNUMBER({actual}),{actual},IF({alike},{_leading(f"TRIM({actual})")},""))'
    percent = f'AND(ISNUMBER(FIND("%",{text})),N({typed})>2)'
    known = f"AND(ISNUMBER({number}),ISNUMBER({answer}))"
    share = f"IF({sign}>0,{answer}/{number},IF({answer}=0,1,{number}/{answer}))"
    missed = f"IF({sign}>0,--({answer}<{number}-0.0000001),--({answer}>{number}+0.0000001))"
    return {
        "text": f"TRIM({whole})",
        "sign": f"IF(LEN({text})<2,0,IF({several},0,IF(OR({up}),1,IF(OR({down}),-1,0))))",
        "rest": f'IF({sign}=0,"",MID({text},{skipped},20))',
        "number": f'IF({sign}=0,"",IFERROR(IF({more},"",{_leading(rest)}),""))',
        "answer": f'IF(ISNUMBER({number}),IFERROR(IF({percent},({typed})/100,{typed}),""),"")',
        "share": f'IF({known},IF({number}=0,"",{share}),"")',
        "missed": f'IF({known},{missed},"")',
    }


def _leading(text: str) -> str:
    """The number that a text begins with."""
    return f"LOOKUP(9E+307,--MID({text},1,{_LENGTHS}))"


def _measure(text: str) -> str:
    """What stands behind the number that a text begins with, the number's last digit in front."""
    return f"MID({text},MATCH(9E+307,--MID({text},1,{_LENGTHS})),9)"


# ---------------------------------------------------------------- weights and scores


def _weights(cells: FormCells) -> Iterator[CellCheck]:
    if not cells.is_scored() or "weight" not in cells.columns:
        return
    column, full = cells.column("weight"), cells.scheme.full_mark
    own = cells.at("budget.total.weight")
    execution = cells.scheme.execution_line(cells.head)
    has_money = any(tag.startswith("budget.") for tag in cells.tags)
    unplaced = execution.weight if execution and has_money and not own and execution.weight else Decimal(0)
    total = f"SUM({column}){f'+N({own})' if own else ''}"
    off = [f"ABS({total}-{full})>MAX(0.01,0.005*COUNT({column}))+0.0000001"]
    off += [f"ABS({total}+{unplaced}-{full})>0.0000001"] if unplaced else []
    off += [f"LEN({own})>0"] if own else []
    yield from _check(
        "T03", cells.cell("weight", cells.rows[0]), f"COUNT({column})>0", _no_text(column), *off
    )  # fmt: skip


def _scored_cells(cells: FormCells) -> Iterator[tuple[str, str, str]]:
    """Each score's address, its weight's, "" for none, and the condition under which it counts."""
    for row in cells.rows if "score" in cells.columns else ():
        yield cells.cell("score", row), cells.cell("weight", row), _is_filled(cells, row)
    if at := cells.at("budget.total.score"):
        yield at, cells.at("budget.total.weight"), "TRUE"


def _above_weight(cells: FormCells) -> Iterator[CellCheck]:
    for score, weight, _ in _scored_cells(cells):
        if weight:
            yield from _check("S01", score, f"ISNUMBER({score})", f"ISNUMBER({weight})", f"{score}>{weight}+0.0000001")


def _no_score(cells: FormCells) -> Iterator[CellCheck]:
    for score, _, _ in _scored_cells(cells):
        yield from _check("S02", score, _no_number(score, "分"))
    if at := cells.at("total_score"):
        yield from _check("S02", at, _no_number(at, "分"))


def _scores_missing(cells: FormCells) -> Iterator[CellCheck]:
    if not cells.is_scored():
        return
    for row in cells.rows if {"score", "weight"} <= cells.columns.keys() else ():
        at, weight = cells.cell("score", row), cells.cell("weight", row)
        reasons = [_says(other) for part in ("reason", "basis") if (other := cells.cell(part, row))]
        left_out = [f"NOT(AND(LEN(TRIM({at}))>0,OR({','.join(reasons)})))"] if reasons else []
        yield from _check("S12", at, _is_filled(cells, row), f"N({weight})>0", _says_nothing(at), *left_out, blank=True)
    if (at := cells.at("budget.total.score")) and cells.at("budget.total.executed"):
        yield from _check("S12", at, f"ISNUMBER({cells.at('budget.total.executed')})", _says_nothing(at), blank=True)
    if (at := cells.at("total_score")) and "score" in cells.columns:
        yield from _check("S12", at, f"COUNT({cells.column('score')})>0", _says_nothing(at), blank=True)


def _total(cells: FormCells) -> Iterator[CellCheck]:
    at = cells.at("total_score")
    if not at or "score" not in cells.columns or not cells.is_scored():
        return
    scores, own = cells.column("score"), cells.at("budget.total.score")
    total = f"(SUM({scores}){f'+N({own})' if own else ''})"
    slack = cells.scheme.threshold("score_rounding")
    execution = cells.scheme.execution_line(cells.head)
    has_money = any(tag.startswith("budget.") for tag in cells.tags)
    room = execution.weight if execution and has_money and not own and execution.weight else Decimal(0)
    off = f"OR({at}-{total}>{slack + room}+0.0000001,{total}-{at}>{slack}+0.0000001)"
    every = []
    if "weight" in cells.columns:
        every = [f"SUMPRODUCT(ISNUMBER({cells.column('weight')})*(LEN({scores})=0))=0"]
    every += [f"LEN({own})>0"] if own else []
    yield from _check(
        "S03", at, f"ISNUMBER({at})", f"COUNT({scores})>0", _no_text(scores), *every, off,
        expected=f'TEXT({total},"0.00")',
    )  # fmt: skip


def _execution_score(cells: FormCells) -> Iterator[CellCheck]:
    at, executed, base = cells.at("budget.total.score"), cells.at("budget.total.executed"), cells.base
    line = cells.scheme.execution_line(cells.head)
    plain = line is not None and isinstance(line.shape, ExecutionRate) and line.shape.full == 1 and not line.formula
    if not (at and executed and base and line and line.weight and plain and cells.is_scored()):
        return
    weight = f"N({own})" if (own := cells.at("budget.total.weight")) and line.own_weight else str(line.weight)
    exact = f"{weight}*MAX(0,MIN(1,N({executed})/N({base})))"
    expected = f"ROUND({exact},{cells.scheme.digits})"
    yield from _check(
        "S04", at, f"ISNUMBER({at})", f"ISNUMBER({executed})",
        f"IF(N({base})>0,AND({_off(at, exact, expected, cells)}),FALSE)", expected=f'TEXT({expected},"0.00")',
    )  # fmt: skip


def _off(at: str, exact: str, expected: str, cells: FormCells) -> str:
    """Whether a score is another than the rule's, and none of its roundings."""
    rounded = [f"ROUND({exact},1)", f"ROUND(({exact})*2,0)/2", f"ROUND({exact},0)", f"ROUNDDOWN({exact},1)"]
    slack = cells.scheme.threshold("score_rounding")
    return ",".join([f"ABS({at}-{expected})>{slack}+0.0000001", *(f"ABS({at}-{one})>0.0000001" for one in rounded)])


def _missed_scores(cells: FormCells) -> Iterator[CellCheck]:
    """Full marks for a missed target; and, where one rule is for all rows, another score than the share reached."""
    if "missed" not in cells.helpers or not cells.is_scored() or not {"score", "weight"} <= cells.columns.keys():
        return
    lines = [line for line in cells.scheme.of_form(cells.head) if line.kind == "indicator"]
    shape = lines[0].shape if len(lines) == 1 and not lines[0].name else None
    in_share = isinstance(shape, AgainstTarget) and shape.missed == "按比例" and not shape.floor
    for row in cells.rows:
        score, weight = cells.cell("score", row), cells.cell("weight", row)
        missed = f"N({cells.helper('missed', row)})=1"
        numbers = f"AND(ISNUMBER({score}),ISNUMBER({weight}))"
        yield from _check("S08", score, missed, numbers, f"N({weight})>0", f"N({score})=N({weight})")
        if in_share:
            exact = f"{weight}*{cells.helper('share', row)}"
            wrong = _off(score, exact, f"ROUND({exact},{cells.scheme.digits})", cells)
            told = f"IF(AND({missed},ISNUMBER({cells.helper('share', row)}),{numbers}),AND({wrong}),FALSE)"
            yield from _check("S04", score, told, f"N({score})<N({weight})", f"N({score})>=0")


def _grades(cells: FormCells) -> Iterator[CellCheck]:
    at, total = cells.at("grade"), cells.at("total_score")
    words = [(word, grade.name) for grade in cells.scheme.grades for word in (grade.name, *grade.other_names)]
    if not at or not words or any('"' in word for word, _ in words):
        return
    known = "{" + ",".join(f'"{word}"' for word, _ in words) + "}"
    meant = "{" + ",".join(f'"{name}"' for _, name in words) + "}"
    bands = '""'
    for grade in reversed(cells.scheme.grades):
        bands = f'IF(N({total})>={grade.lowest},"{grade.name}",{bands})'
    right = bands if total else ""
    yield from _check("S10", at, _says(at), f"ISNA(MATCH(TRIM({at}),{known},0))", expected=right)
    if total:
        other = f"IF(ISNUMBER(MATCH(TRIM({at}),{known},0)),INDEX({meant},MATCH(TRIM({at}),{known},0))<>{bands},FALSE)"
        yield from _check("S11", at, f"ISNUMBER({total})", other, expected=right)


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
