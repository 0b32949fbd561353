"""A form's fields in; the formulas that stand beside it out: what is typed as numbers, targets and actuals taken apart.

All are said in functions that Excel 2007, WPS and LibreOffice know, and none needs to be entered as an array formula.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from evalbatch.model import Cell, FormHead
from evalbatch.scoring.scheme import Scheme
from evalbatch.xlsx.addresses import Place, cells_of

NOTHING = '{"","无","没有","暂无","—","－","-","/","／","、","不适用"}'
"""What a cell may hold and still say nothing."""
TYPED = ("weight", "score")
"""The columns of indicators that take numbers."""


@dataclass(frozen=True, slots=True)
class FormCells:
    """Where a form has its fields: single tags, the rows for indicators and their columns, in one season.

    `level1` is what the form prints as first level beside a row, `scale` what 1 万元 is in the form's own measure.
    `helpers` are the columns in which each row's target and actual are taken apart (see `taken_apart`), and `typed`
    the columns beside for the numbers of a row that are typed as text, in the order of their fields.
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
    typed: int
    numbers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give each cell that takes a number the cell in which it is a number, whatever it is typed as."""
        taken: dict[int, int] = {}
        for row in self.rows:
            for part in TYPED:
                if part in self.columns or (part == "weight" and self.has_shares()):
                    at = self.cell(part, row) or f"{part}{row}"
                    self.numbers[at] = f"${letters_of(self.typed + TYPED.index(part))}{row}"
        for tag, (row, column) in self.tags.items():
            if tag.startswith(("budget.", "total_")) and address((row, column)) not in self.numbers:
                taken[row] = taken.get(row, -1) + 1
                self.numbers[address((row, column))] = f"${letters_of(self.typed + taken[row])}{row}"

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
        """The range of a column of indicators between what is above and below it: rows put in anywhere are in it."""
        letters, above, below = letters_of(self.columns[part]), self.rows[0] - 1, self.rows[-1] + 1
        whole = f"${letters}:${letters}"
        return f"INDEX({whole},ROW(${letters}${above})+1):INDEX({whole},ROW(${letters}${below})-1)"

    def sum_of(self, part: str) -> str:
        """The sum of a column of indicators, numbers typed as text included."""
        return f"(SUM({self.column(part)})+SUM({self._typed(part)}))"

    def count_of(self, part: str) -> str:
        """How many numbers a column of indicators has."""
        return f"(COUNT({self.column(part)})+COUNT({self._typed(part)}))"

    def no_words(self, part: str) -> str:
        """Whether a column of indicators has no text but numbers."""
        return f"SUMPRODUCT(--ISTEXT({self.column(part)}))=COUNT({self._typed(part)})"

    def number(self, at: str) -> str:
        """What a cell holds as a number, 0 where it holds none."""
        return f"(N({at})+N({self.numbers[at]}))"

    def has_number(self, at: str) -> str:
        """Whether a cell holds a number."""
        return f"COUNT({at},{self.numbers[at]})>0"

    def weight(self, row: int) -> str:
        """A row's weight: its own, or the scheme's where the form has no column for it; "" where nobody knows."""
        at = self.cell("weight", row)
        return self.number(at) if at else f"N({self.numbers[f'weight{row}']})" if self.has_shares() else ""

    def has_weight(self, row: int) -> str:
        """Whether a row has a weight."""
        at = self.cell("weight", row)
        return self.has_number(at) if at else f"COUNT({self.numbers[f'weight{row}']})>0"

    def has_shares(self) -> bool:
        """Whether the form has scores and no column of weights, and the scheme has the weights."""
        without = "weight" not in self.columns and {"name", "score"} <= self.columns.keys()
        return without and bool(self.shares() or self.named())

    def shares(self) -> Mapping[str, Decimal]:
        """The weights of the scheme's groups, which their rows share."""
        groups = self.scheme.groups_of(self.head)
        return {one.name: one.weight for one in groups if one.use == "平分" and one.weight is not None}

    def named(self) -> Mapping[str, Decimal]:
        """The weights of the indicators that the scheme names for this form."""
        lines = self.scheme.of_form(self.head)
        every = {line.name: line.weight for line in lines if line.name and line.weight and line.kind == "indicator"}
        return {name: weight for name, weight in every.items() if '"' not in name}

    def _typed(self, part: str) -> str:
        letters = letters_of(self.typed + TYPED.index(part))
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


def address(place: Place) -> str:
    """A place as people write it: (15, 8) is H15."""
    return Cell("", *place).address


def letters_of(column: int) -> str:
    """A column as people write it: 8 is H."""
    return address((1, column)).rstrip("1")


def is_blank(at: str) -> str:
    """Whether a cell is blank."""
    return f"LEN(TRIM({at}))=0"


def says_nothing(at: str) -> str:
    """Whether a cell is blank or holds a word for nothing."""
    return f"ISNUMBER(MATCH(TRIM({at}),{NOTHING},0))"


def says(at: str) -> str:
    """Whether a cell holds more than a word for nothing."""
    return f"ISNA(MATCH(TRIM({at}),{NOTHING},0))"


# ---------------------------------------------------------------- helpers


def helper_formulas(cells: FormCells) -> dict[Place, str]:
    """Give every formula that others lean on, by its place: numbers typed as text, and each row taken apart."""
    made: dict[Place, str] = {}
    for at, helper in cells.numbers.items():
        made[cells_of(helper)[0]] = _as_number(at, cells.scale)
    for row in cells.rows if cells.helpers else ():
        parts = {"filled": name_is_filled(cells, row)}
        parts |= taken_apart(cells, row) if "missed" in cells.helpers else {}
        made |= {(row, cells.helpers[part]): formula for part, formula in parts.items()}
        if cells.has_shares():
            made[cells_of(cells.numbers[f"weight{row}"])[0]] = _share(cells, row)
    return made


def _as_number(at: str, scale: Decimal) -> str:
    """What a cell typed as text is as a number, "" for words and for a number that is one already.

    Full-width digits and signs, commas between thousands and the form's own measure are no part of it.
    """
    bare = f"ASC(TRIM({at}))"
    for measure in ("万元" if scale == 1 else "元", "分", ","):
        bare = f'SUBSTITUTE({bare},"{measure}","")'
    return f'IF(ISTEXT({at}),IFERROR(VALUE({bare}),""),"")'


def _share(cells: FormCells, row: int) -> str:
    """A row's weight by the scheme: its name's, else its part of its group's, rows put in counted; "" for none."""
    group = cells.scheme.group_of(cells.head, cells.level1.get(row))
    weight, share = cells.shares().get(group or ""), '""'
    if weight is not None:
        rows = [other for other in cells.rows if cells.scheme.group_of(cells.head, cells.level1.get(other)) == group]
        filled, named = (
            f"${letters}${rows[0]}:${letters}${rows[-1]}"
            for letters in (letters_of(cells.helpers["filled"]), letters_of(cells.columns["name"]))
        )
        count = f"(SUM({filled})+SUMPRODUCT(ISBLANK({filled})*(LEN(TRIM({named}))>0)))"
        share = f"ROUND({weight}/{count},{cells.scheme.digits})"
    if known := cells.named():
        names, weights = ",".join(f'"{name}"' for name in known), ",".join(f"{one:f}" for one in known.values())
        at = f"MATCH(TRIM({cells.cell('name', row)}),{{{names}}},0)"
        share = f"IFERROR(INDEX({{{weights}}},{at}),{share})"
    return f'IF(N({cells.helper("filled", row)})=1,{share},"")'


def name_is_filled(cells: FormCells, row: int) -> str:
    """Give the formula of a row's helper `filled`: 1 where its name is more than what the blank form has there."""
    name = cells.cell("name", row)
    bare = f'SUBSTITUTE(SUBSTITUTE({name},"：",""),":","")'
    return f'--AND(LEN(TRIM({name}))>0,LEFT({name},1)<>"…",NOT(AND(LEFT({name},2)="指标",LEN({bare})<4)))'


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
