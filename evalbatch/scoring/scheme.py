"""A scoring scheme as data: its lines, groups, tiers, grades, thresholds and settings, and how to ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from evalbatch.model import FormHead, FormName, Indicator, Severity, Submission
from evalbatch.scoring.formula import Formula
from evalbatch.scoring.shapes import Shape
from evalbatch.scoring.words import plain, plain_group, rounded

EVERY_FORM = "*"
"""The form of a line that counts for each form without lines of its own."""


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """One line of the scheme: which row of a form it is for, and the rule for it.

    A blank name, level1 or level2 stands for any. `own_weight` lets the form's weight go first, `weight` then
    only fills its gap. `conditions` are those of a count; `applies` tells when the line counts at all.
    `no_result` says what a formula without a result means. `basis` is the document a rule comes from.
    """

    form: FormName
    kind: Literal["execution", "indicator"]
    level1: str
    level2: str
    name: str
    other_names: tuple[str, ...]
    weight: Decimal | None
    own_weight: bool
    method: str
    shape: Shape
    formula: Formula | None = None
    conditions: tuple[Formula, ...] = ()
    applies: Formula | None = None
    no_result: Literal["待定", "满分", "零分", "不适用"] = "待定"
    less_is_better: bool | None = None
    standard: str = ""
    basis: str = ""
    row: int = 0

    def fits(self, level1: str | None, level2: str | None, name: str) -> int:
        """Tell how closely the line fits a row: 0 not at all, more for each thing that it names.

        A line with a name needs that name only, since units retype the levels; the levels then tell namesakes apart.
        """
        levels = 2 * _same(self.level1, level1) + 4 * _same(self.level2, level2)
        if self.name:
            return 8 + levels if plain(name) in map(plain, (self.name, *self.other_names)) else 0
        return 1 + levels if levels == 2 * bool(self.level1) + 4 * bool(self.level2) else 0


def _same(own: str, theirs: str | None) -> bool:
    return bool(own) and plain_group(own) == plain_group(theirs)


@dataclass(frozen=True, slots=True)
class Group:
    """A first-level group of a form: whether it must be there, and its fixed weight where it has one.

    `use` of the weight: 校验 it must be met, 平分 it is shared where the form has no weights, 参考 only told.
    """

    form: FormName
    name: str
    other_names: tuple[str, ...] = ()
    required: bool = False
    weight: Decimal | None = None
    use: Literal["校验", "平分", "参考"] = "参考"


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of a qualitative answer: the words for it, and its lowest and highest share of the weight."""

    name: str
    low: Decimal
    high: Decimal
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: its lowest score, included, and the other words taken for it.

    `use` is what the bureau makes of such a result, in its own words, "" where the scheme says nothing; `cut` is how
    much of the budget that takes away, in percent, None where none is told.
    """

    name: str
    lowest: Decimal
    other_names: tuple[str, ...] = ()
    use: str = ""
    cut: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """Below an execution rate in percent, the total is no more than `most` points."""

    form: FormName
    below: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Compulsory:
    """What a form must hold, by the names of `compulsory.NAMES` or a data form's field."""

    form: FormName
    name: str


@dataclass(frozen=True, slots=True)
class DataItem:
    """A figure that the scheme asks for: its name, which formulas use, and what it is counted in."""

    name: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """What a scheme changes about one check: off, another severity, or milder until a date; and why."""

    code: str
    off: bool = False
    severity: Severity | None = None
    mild_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _FormRules:
    """What a scheme has for one form: its lines, its groups, and how to find those of a row by its names."""

    lines: tuple[SchemeLine, ...]
    execution: SchemeLine | None
    named: Mapping[str, Sequence[SchemeLine]]
    unnamed: Sequence[SchemeLine]
    names_used: frozenset[str]
    groups: tuple[Group, ...]
    group_names: Mapping[str, str]
    compulsory: tuple[str, ...]


def _rules_of(
    names: Sequence[FormName], lines: Sequence[SchemeLine], groups: Sequence[Group], compulsory: Sequence[Compulsory]
) -> _FormRules:
    """Choose a form's own lines, else those for every form, else those of its kind, else the project form's.

    `names` are the form's own and its kind's; its groups and what it must hold are chosen likewise.
    """
    order = (names[0], EVERY_FORM, *names[1:])
    chosen = [tuple(line for line in lines if line.form == wanted) for wanted in (*order, "project")]
    own = next(filter(None, chosen), ())
    known = [tuple(group for group in groups if group.form == wanted) for wanted in order]
    own_groups = next(filter(None, known), ())
    named: dict[str, list[SchemeLine]] = {}
    for line in own:
        if line.kind == "indicator" and line.name:
            for name in {plain(name) for name in (line.name, *line.other_names)}:
                named.setdefault(name, []).append(line)
    wanted = [tuple(item.name for item in compulsory if item.form == whose) for whose in order]
    formulas = (formula for line in own for formula in (line.formula, line.applies, *line.conditions) if formula)
    group_names: dict[str, str] = {}
    for group in own_groups:
        for name in (group.name, *group.other_names):
            group_names.setdefault(plain_group(name), group.name)
    return _FormRules(
        lines=own,
        execution=next((line for line in own if line.kind == "execution"), None),
        named=named,
        unnamed=[line for line in own if line.kind == "indicator" and not line.name],
        names_used=frozenset(name for formula in formulas for name in formula.names),
        groups=own_groups,
        group_names=group_names,
        compulsory=next(filter(None, wanted), ()),
    )


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme, read from one workbook; `sha256` is that workbook's. Points and grades are out of `full_mark`.

    `provisional` is the share of its weight that a line keeps at most while a person has not judged a missed target.
    `unscored` are the forms that the scheme gives no score, whatever is filled in, `items` the figures it asks for.
    """

    name: str
    version: str
    sha256: str
    full_mark: Decimal
    digits: int
    rescale: bool
    zero_budget: Literal["待定", "满分", "零分"]
    lines: tuple[SchemeLine, ...]
    groups: tuple[Group, ...]
    tiers: Mapping[str, tuple[Tier, ...]]
    grades: tuple[Grade, ...]
    caps: tuple[Cap, ...] = ()
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    settings: Mapping[str, CheckSetting] = field(default_factory=dict)
    required: tuple[Compulsory, ...] = ()
    provisional: Decimal = Decimal("0.6")
    unscored: frozenset[FormName] = frozenset()
    items: tuple[DataItem, ...] = ()
    _rules: dict[tuple[FormName, ...], _FormRules] = field(default_factory=dict, init=False, repr=False, compare=False)

    # ------------------------------------------------------------ points and grades

    def round(self, points: Decimal) -> Decimal:
        """Round a score, half-up, to the scheme's decimals."""
        return rounded(points, self.digits)

    def grade_of(self, score: Decimal | None) -> str | None:
        """Name the grade of a total; None without one."""
        if score is None:
            return None
        return next((grade.name for grade in self.grades if score >= grade.lowest), None)

    def accepts_grade(self, text: str | None) -> str | None:
        """Name the grade that a written word stands for; None for a word that the scheme doesn't know."""
        word = plain(text)
        for grade in self.grades:
            if word in {plain(known) for known in (grade.name, *grade.other_names)}:
                return grade.name
        return None

    # ------------------------------------------------------------ which rule

    def _of(self, form: FormHead | FormName) -> _FormRules:
        """Return what there is for a form, or one of that name, looked together once."""
        names = (form,) if isinstance(form, str) else tuple(dict.fromkeys((form.form, form.kind)))
        rules = self._rules.get(names)
        if rules is None:
            rules = self._rules[names] = _rules_of(names, self.lines, self.groups, self.required)
        return rules

    def of_form(self, form: FormHead | FormName) -> tuple[SchemeLine, ...]:
        """Return the lines for a form: its own, else those for every form, its kind's, or the project form's."""
        return self._of(form).lines

    def indicators(self, form: FormHead | FormName) -> tuple[SchemeLine, ...]:
        """Return the named indicators that the scheme itself lays down for a form, in its order."""
        return tuple(line for line in self.of_form(form) if line.kind == "indicator" and line.name)

    def execution_line(self, form: FormHead | FormName) -> SchemeLine | None:
        """Return the line for the money's execution rate, None where the scheme doesn't score it."""
        return self._of(form).execution

    def indicator_line(self, form: FormHead | FormName, indicator: Indicator) -> SchemeLine | None:
        """Return the line that fits an indicator best, the first of equals; None where none does.

        A line with the indicator's name fits better than any without a name.
        """
        rules = self._of(form)
        best, closest = None, 0
        for line in rules.named.get(plain(indicator.name), rules.unnamed):
            close = line.fits(indicator.level1, indicator.level2, indicator.name)
            if close > closest:
                best, closest = line, close
        return best

    def names_used(self, form: FormHead | FormName) -> frozenset[str]:
        """Return the fields that the formulas for a form name."""
        return self._of(form).names_used

    def leaves_unscored(self, form: FormHead) -> bool:
        """Tell whether the scheme gives a form no score, whatever is filled in."""
        return not self.unscored.isdisjoint((form.form, EVERY_FORM))

    def compulsory(self, form: FormHead | FormName) -> tuple[str, ...]:
        """Name what a form must hold."""
        return self._of(form).compulsory

    # ------------------------------------------------------------ groups

    def groups_of(self, form: FormHead | FormName) -> tuple[Group, ...]:
        """Return the first-level groups that the scheme knows for a form."""
        return self._of(form).groups

    def group_of(self, form: FormHead | FormName, level1: str | None) -> str | None:
        """Name the group that a first-level heading as written belongs to: 产出指标(50分) is 产出指标."""
        return self._of(form).group_names.get(plain_group(level1))

    def required_groups(self, form: FormHead | FormName) -> tuple[str, ...]:
        """Name the groups that a form must have an indicator in."""
        return tuple(group.name for group in self.groups_of(form) if group.required)

    def missing_groups(self, submission: Submission) -> tuple[str, ...]:
        """Name the required groups without an indicator; none for a form with groups of its own making.

        A group may stand on the second level: 满意度 beneath 效益.
        """
        present = {self.group_of(submission, row.level1) for row in submission.indicators}
        if present <= {None}:
            return ()
        below = " ".join({plain(row.level2) for row in submission.indicators})
        absent = (name for name in self.required_groups(submission) if name not in present)
        return tuple(name for name in absent if plain_group(name) not in below)

    def group_weights(self, form: FormHead | FormName) -> Mapping[str, Decimal]:
        """Return the weights of groups that a form must meet; what is only for reference is not among them."""
        return {
            group.name: group.weight
            for group in self.groups_of(form)
            if group.weight is not None and group.use != "参考"
        }

    # ------------------------------------------------------------ checks

    def threshold(self, name: str) -> Decimal:
        """Return a threshold by its name in thresholds.NAMES, in the unit given there; KeyError for no such name."""
        return self.thresholds[name]

    def switched_off(self, code: str) -> str:
        """Return the reason for which a check is switched off, "" while it is on."""
        setting = self.settings.get(code)
        return setting.reason if setting and setting.off else ""

    def severity(self, code: str, default: Severity, on: date | None = None) -> Severity:
        """Return a check's severity on a day; milder until the scheme's date, a date unknown counts as after it."""
        setting = self.settings.get(code)
        if setting is None:
            return default
        chosen = setting.severity or default
        if setting.mild_until and on and on <= setting.mild_until and chosen == "must-fix":
            return "query"
        return chosen
