"""What labels mean: labels.toml, and the labels that tagged forms add to it, as one lookup."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from evalbatch.reading.adopted import OwnForm
from evalbatch.text.folding import one_width

LONGEST_LABEL = 48
LONGEST_GOAL_LABEL = 16
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]+")
BRACKETED = re.compile(r"[(\[【〔《{<]([^()\[\]【】〔〕《》{}<>]*)[)\]】〕》}>]")
ENUMERATED = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、](?!\d))")
FORMULA_LETTERS = re.compile(r"(?:[A-Z](?:[/÷×*+\-][A-Z])?|[①②③④⑤⑥⑦])(?:[×*]100%)?=?$")
CIRCLED = re.compile(r"(?<!\s)\s*[①-⑳][①-⑳\s=＝+＋\-－—/／÷×*()（）%％]{0,60}+[:：]?\s*$")
"""How a form numbers its columns and computes one from others, behind a label: 小计④=①+②+③."""
EXPLAINED = re.compile(r"([^(（。；，,;]{2,24})[(（].{70,280}[)）]\s*", re.S).fullmatch
"""A header whose bracket says at length how to fill in its column."""
PLACES = ("field", "money", "indicator", "row", "block", "management", "head")
"""Where labels stand, as labels.toml parts them."""
PUNCTUATION = str.maketrans("", "", ":;,.、/|*★☆·\"'“”‘’。，；\\_#＊")


@dataclass(frozen=True, slots=True)
class Label:
    """A label's words without decoration, and apart from them what its brackets hold."""

    core: str
    asides: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Return text in half-width, without any blank or invisible character.

    >>> plain("一 级　指\\n标（Ａ）：")
    '一级指标(A):'
    """
    return INVISIBLE.sub("", one_width(text))


@lru_cache(maxsize=16384)
def label_of(text: str) -> Label:
    """Split a label into words and brackets; a text too long for a label has no words.

    >>> label_of("项目资金（万元）：")
    Label(core='项目资金', asides=('万元',))
    >>> label_of("全年执行数Ｂ").core
    '全年执行数'
    >>> label_of("得分（" + "说明" * 50 + "）").core
    '得分'
    """
    if len(text) > 2 * LONGEST_LABEL:
        explained = EXPLAINED(text)
        return label_of(explained[1]) if explained else Label("")
    rest, asides = plain(CIRCLED.sub("", text)), []
    while found := BRACKETED.search(rest):
        asides.append(found[1])
        rest = rest[: found.start()] + rest[found.end() :]
    head, bracket, tail = rest.partition("(")
    if bracket:
        rest = head
        asides.append(tail)
    rest = ENUMERATED.sub("", rest).rstrip(":;").translate(PUNCTUATION)
    if len(rest) > 2:
        rest = FORMULA_LETTERS.sub("", rest)
    return Label(rest if len(rest) <= LONGEST_LABEL else "", tuple(asides))


@lru_cache(maxsize=16384)
def goal_stem(text: str) -> str:
    """Return a goal's label without its number: 年度绩效目标2（40分）."""
    return label_of(text).core.rstrip("0123456789一二三四五")


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Concepts by label, apart for each place where labels stand; the same only to itself, so that it may be a key.

    `words` has one lookup for each place: field, side, goal, goal_actual, money, indicator, row, block,
    management, head;
    `likes` the patterns tried in order inside header rows. `names` are those of a tagged data form:
    (row label, column label) to the field's name. `forms` are the names of tagged forms by title, and `own` the
    lexicons, by title too, of those that use a label in another meaning; `adopted` has what each tagged form says of
    itself, by its name.
    """

    words: Mapping[str, Mapping[str, str]]
    likes: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    titles: tuple[tuple[str, re.Pattern[str]], ...]
    decoys: Mapping[str, re.Pattern[str]]
    template: Mapping[str, re.Pattern[str]]
    blanks: frozenset[str]
    grades: frozenset[str]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, "Lexicon"] = field(default_factory=dict)
    adopted: Mapping[str, OwnForm] = field(default_factory=dict)
    every: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "every", frozenset(word for lookup in self.words.values() for word in lookup if word))

    def on_sheet(self, texts: Iterable[str]) -> "Lexicon":
        """Return the lexicon for a sheet with these texts: a tagged form's own where its title is among them."""
        if not self.own:
            return self
        titles = map(titled, texts)
        return next((self.own[title] for title in titles if title in self.own), self)

    def is_word(self, text: str) -> bool:
        """Whether a text is a label at any place; most cells of a form are none."""
        return label_of(text).core in self.every

    def find(self, place: str, text: str) -> str | None:
        """Return the concept that this label names at this place, None when it is no label there."""
        return self.words[place].get(label_of(text).core)

    def guess(self, place: str, text: str) -> str | None:
        """Return the concept as `find`, else by pattern; only for a cell known to be in a header row."""
        return _guessed(self, place, label_of(text).core)

    def sum_of(self, text: str) -> str | None:
        """Return what a row that adds up others adds up, total or subtotal, by its label: 总分, 产出指标小计."""
        core = label_of(text).core
        return self.words["row"].get(core) or ("subtotal" if core.endswith(("小计", "指标合计")) else None)

    def is_label(self, text: str) -> bool:
        """Whether a text standing alone in a cell is one of the labels in front of a value."""
        return label_of(text).core in self.words["field"]

    def names_goal(self, text: str) -> bool:
        """Whether a text is a label around the goal of the year: 年度总体目标, 预期目标, 实际完成情况."""
        core, words = goal_stem(text), self.words
        return core in words["side"] or core in words["goal"] or core in words["goal_actual"]

    def goal_like(self, text: str) -> str | None:
        """Return goal or goal_actual for a label like theirs; only beside another label of the goal."""
        core = goal_stem(text)
        if len(core) > LONGEST_GOAL_LABEL:
            return None
        return next((concept for concept, like in self.likes["goal"] if like.search(core)), None)

    def heads_goal(self, texts: Sequence[str]) -> bool:
        """Whether a row has only labels around the goal of the year, the first of them in so many words."""
        return self.names_goal(texts[0]) and all(self.names_goal(text) or self.goal_like(text) for text in texts[1:])

    def is_blank(self, text: str) -> bool:
        """Whether a text says that there is nothing: empty, a dash, a slash, 无."""
        return not text or (len(text) < 9 and plain(text) in self.blanks)

    def money_kind(self, item: str) -> str | None:
        """Return the kind of a row of money by its label, None when the label names no money."""
        label = label_of(item)
        core = re.sub(r"^(其中|其次|1|2|3|4)+", "", label.core)
        known = self.words["money_row"].get(label.core) or self.words["money_row"].get(core)
        return known or next((kind for kind, like in self.kinds if core and like.search(core)), None)

    def title_form(self, text: str) -> str | None:
        """Return the name of the form that a title names, None when it names none."""
        core = titled(text)
        if len(core) < 4:
            return None
        if core in self.forms:
            return self.forms[core]
        form = next((form for form, like in self.titles if like.search(core)), None)
        return form if form == "data" or not self.decoys["other"].search(core) else None

    def titles_other(self, text: str) -> bool:
        """Whether a text is the title of a table that is none of the forms: 绩效目标申报表, 自评情况汇总表."""
        core = titled(text)
        return len(core) >= 4 and self.title_form(text) is None and bool(self.decoys["other"].search(core))

    def is_unfilled(self, name: str) -> bool:
        """Whether an indicator's name is only what the blank form has there.

        >>> load_words().is_unfilled("指标2：")
        True
        """
        return bool(self.template["unfilled"].match(name.strip()))


@lru_cache(maxsize=4096)  # a header cell is asked for several times, and the same headers come in every workbook
def _guessed(lexicon: Lexicon, place: str, core: str) -> str | None:
    if not core or len(core) > 24 or core.isascii():
        return None
    if known := lexicon.words[place].get(core):
        return known
    return next((concept for concept, like in lexicon.likes[place] if like.search(core)), None)


def titled(text: str) -> str:
    """Return a title without its year."""
    return re.sub(r"^\d{4}年度?", "", label_of(text).core)


def _reversed(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {label_of(label).core: concept for concept, labels in groups.items() for label in labels}


def _of_every_level(words: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of units and departments with those that name the level too: 县级预算部门名称."""
    named = {word: concept for word, concept in words.items() if word.startswith(("预算部门", "预算单位", "主管部门"))}
    levels = ("省级", "市级", "州级", "县级", "区级", "旗级", "镇级", "省直", "市直", "县直", "区直", "本级")
    return {level + word: concept for word, concept in named.items() for level in levels} | dict(words)


def _patterns(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((concept, re.compile(pattern)) for concept, pattern in table.items())


@lru_cache(maxsize=1)
def load_words() -> Lexicon:
    """Read labels.toml, the general lexicon without any bureau's own form."""
    table: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text("utf-8"))
    words = {
        place: _reversed(table[place])
        for place in ("field", "money", "indicator", "row", "block", "management", "head")
    }
    words |= {part: _reversed({part: table["goal"][part]}) for part in ("side", "goal", "goal_actual")}
    words["money_row"] = {}
    words["field"] = _of_every_level(words["field"])
    return Lexicon(
        words=words,
        likes={place: _patterns(table[f"{place}_like"]) for place in ("money", "indicator", "goal")},
        kinds=_patterns(table["kind"]),
        titles=_patterns(table["title"]),
        decoys=dict(_patterns(table["decoy"])),
        template=dict(_patterns({key: table["template"][key] for key in ("left_in", "unfilled", "number")})),
        blanks=frozenset(plain(word) for word in table["template"]["blank"]),
        grades=frozenset(table["grade"]["words"]),
    )
