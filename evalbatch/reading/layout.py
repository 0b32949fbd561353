"""Tagged forms in, their labels out: what a bureau calls the fields of its own forms."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evalbatch.model import Cell, Refused
from evalbatch.reading.grid import read_grids
from evalbatch.reading.lexicon import Lexicon, label_of, load_words
from evalbatch.reading.outline import is_title
from evalbatch.reading.sheet import Sheet

TAG = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")
SINGLE = frozenset(
    {
        "year",
        "unit.name",
        "unit.code",
        "project.name",
        "project.department",
        "goal",
        "goal_actual",
        "prepared_by",
        "phone",
        "filled_on",
        "total_weight",
        "total_score",
        "grade",
        "version",
    }
)
AMOUNTS = ("initial", "adjusted", "executed", "weight", "rate", "score")
PARTS = frozenset(
    {"level1", "level2", "name", "bound", "target", "measure", "actual", "weight", "score", "reason", "basis"}
)
NEEDED = {
    "project": ("unit.name", "project.name", "indicators.name", "indicators.target", "indicators.actual"),
    "whole-unit": ("unit.name", "indicators.name", "indicators.target", "indicators.actual"),
    "score": ("unit.name", "indicators.name", "indicators.weight", "indicators.score"),
    "data": ("unit.name",),
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a form: its name, its cell, and the labels that lie beside and above it ("" for none)."""

    name: str
    cell: Cell
    beside: str
    above: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A tagged form: its name, its title, its tags, and its version mark."""

    form: str
    title: str
    tags: tuple[Tag, ...]
    version: str = ""


@dataclass(frozen=True, slots=True)
class FormCheck:
    """Which fields a tagged form has, which it lacks, and which are unclear, each said in Chinese."""

    form: str
    found: tuple[str, ...]
    missing: tuple[str, ...]
    ambiguous: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether submissions on this form can be read."""
        return bool(self.found) and not (self.missing or self.ambiguous or self.unknown)

    def text(self) -> str:
        """Return the check as lines for a person."""
        lines = [f"表名：{self.form}", f"找到栏目{len(self.found)}个：", *(f"  {line}" for line in self.found)]
        for title, rows in (
            ("缺少的栏目", self.missing),
            ("有歧义的栏目", self.ambiguous),
            ("不认得的标记", self.unknown),
        ):
            if rows:
                lines += [f"{title}：", *(f"  {line}" for line in rows)]
        return "\n".join([*lines, "可以使用。" if self.usable else "还不能使用，请按上面所列补改。"])


def read_layout(path: Path) -> Layout:
    """Read a tagged form; raises Refused where the workbook can't be opened or bears no tag."""
    found: list[Tag] = []
    form, version, titles = path.stem, "", []
    lexicon = load_words()
    for grid in read_grids(path.read_bytes()):
        sheet = Sheet(grid)
        for cell in (cell for row in sorted(sheet.rows) for cell in sheet.row(row)):
            titles += _title(sheet, cell, lexicon)
            if mark := re.search(r"版本[:：]\s*([\w.\-]+)", cell.text):
                version = mark[1]
            for name in TAG.findall(cell.text):
                if name.startswith("form:"):
                    form = name.removeprefix("form:").strip()
                else:
                    found.append(Tag(name, cell, _beside(sheet, cell), _above(sheet, cell)))
        if found:
            break
    if not found:
        raise Refused(
            f"{path.name}里没有栏目标记。", remedy="请在各栏目的填写位置写上标记，例如{{ unit.name }}，再检查一次。"
        )
    return Layout(form, min(titles, default=(True, ""), key=lambda one: one[0])[1], tuple(found), version)


def _title(sheet: Sheet, cell: Cell, lexicon: Lexicon) -> list[tuple[bool, str]]:
    """Return a cell that may be the title: one that reads like a title goes before one that stands alone in its row."""
    if is_title(cell, lexicon):
        return [(False, cell.text)]
    alone = len(sheet.row(cell.row)) == 1 and len(label_of(cell.text).core) >= 4 and not TAG.search(cell.text)
    return [(True, cell.text)] if alone else []


def _beside(sheet: Sheet, cell: Cell) -> str:
    """Return the label in front of a tag: in its own cell, else the nearest text to the left."""
    ahead = TAG.split(cell.text)[0].strip()
    if WORD.search(label_of(ahead).core):
        return ahead
    left = [
        other for other in sheet.before(cell) if not TAG.search(other.text) and WORD.search(label_of(other.text).core)
    ]
    return left[-1].text if left else ""


def _above(sheet: Sheet, cell: Cell) -> str:
    """Return the label of a tag's column: the nearest text above that is no tag."""
    for row in range(cell.row - 1, 0, -1):
        for other in sheet.row(row):
            if other.column <= cell.column <= sheet.span(other)[3] and label_of(other.text).core:
                return (
                    ""
                    if TAG.search(other.text) and sheet.span(other)[3] > other.column + 3
                    else _unless_tag(sheet, other, cell)
                )
    return ""


def _unless_tag(sheet: Sheet, other: Cell, cell: Cell) -> str:
    return other.text if not TAG.search(other.text) else _above(sheet, replace(cell, row=other.row))


def load_lexicon(forms: Sequence[Path]) -> Lexicon:
    """Return the general lexicon with the labels of these tagged forms, which win over general ones.

    Raises Refused where a form can't be opened or bears no tag.
    """
    lexicon = load_words()
    words = {place: dict(lookup) for place, lookup in lexicon.words.items()}
    names, titles = dict(lexicon.names), dict(lexicon.forms)
    for layout in (read_layout(path) for path in forms):
        titles |= {label_of(layout.title).core: layout.form} if layout.title else {}
        for tag in layout.tags:
            if tag.name.startswith("fields."):
                names |= _field_names(tag)
            for place, label, concept in _adopted(tag):
                if core := label_of(label).core:
                    words[place][core] = concept
    return replace(lexicon, words=words, names=names, forms=titles)


def _field_names(tag: Tag) -> dict[tuple[str, str], str]:
    """Return the field's name by the labels that lead to it: its row's alone, or with its column's."""
    name = tag.name.removeprefix("fields.")
    beside, above = label_of(tag.beside).core, label_of(tag.above).core
    plain_pair = beside == name or not above or beside in name
    return {(beside, ""): name} if plain_pair and not _is_cross(beside, above, name) else {(beside, above): name}


def _is_cross(beside: str, above: str, name: str) -> bool:
    """Whether row and column label together make the name."""
    return bool(above) and beside != name and (above in name or name == beside + above)


def _adopted(tag: Tag) -> Iterator[tuple[str, str, str]]:
    """Yield (place, label, concept) for every label that a tag gives a meaning."""
    head, _, rest = tag.name.partition(".")
    if head == "budget" and "." in rest:
        kind, amount = rest.split(".", 1)
        yield "money", tag.above, amount
        yield "money_row", tag.beside, kind
    elif head == "indicators" and rest in PARTS:
        yield "indicator", tag.above, rest
    elif tag.name in ("goal", "goal_actual"):
        yield tag.name, tag.above or tag.beside, tag.name
    elif tag.name in ("total_score", "total_weight"):
        yield "row", tag.beside, "total"
    elif tag.name in SINGLE and tag.name not in ("year", "version"):
        yield "field", tag.beside, tag.name


def _known(name: str) -> bool:
    head, _, rest = name.partition(".")
    if head == "fields":
        return bool(rest)
    if head == "indicators":
        return rest in PARTS
    kind, _, amount = rest.partition(".")
    return name in SINGLE or (head == "budget" and bool(kind) and amount in AMOUNTS)


def form_versions(forms: Sequence[Path]) -> dict[str, str]:
    """Return the version mark printed on each tagged form that bears one, by the form's name."""
    layouts = (read_layout(path) for path in forms)
    return {layout.form: layout.version for layout in layouts if layout.version}


def check_form(path: Path, lexicon: Lexicon | None = None) -> FormCheck:
    """Say which fields a tagged form has, which it lacks and which are ambiguous, with their cells.

    Raises Refused as read_layout.
    """
    lexicon = lexicon or load_words()
    layout = read_layout(path)
    counts = Counter(tag.name for tag in layout.tags)
    found = tuple(f"{tag.cell.address}　{tag.name}　{_label_shown(tag)}" for tag in layout.tags)
    kind = layout.form if layout.form in NEEDED else (lexicon.title_form(layout.title) or "whole-unit")
    missing = tuple(f"{name}：表里没有这个标记" for name in NEEDED[kind] if name not in counts)
    twice = [name for name, count in counts.items() if count > 1 and not name.startswith("indicators.")]
    ambiguous = [f"{name}：写在{_addresses(layout, name)}，只能写一处" for name in twice]
    ambiguous += [
        f"{tag.name}：{tag.cell.address}的左边和上边都没有栏目名称，报送的表里找不到它"
        for tag in layout.tags
        if not tag.beside and not tag.above and tag.name != "year"
    ]
    unknown = tuple(f"{tag.cell.address}　{tag.name}" for tag in layout.tags if not _known(tag.name))
    return FormCheck(layout.form, found, missing, (*ambiguous, *_clashes(layout)), unknown)


def _clashes(layout: Layout) -> Iterator[str]:
    """Yield labels that would mean two things at one place."""
    meanings: dict[tuple[str, str], dict[str, str]] = {}
    for tag in layout.tags:
        for place, label, concept in _adopted(tag):
            if core := label_of(label).core:
                meanings.setdefault((place, core), {})[concept] = tag.cell.address
    for (_, core), concepts in meanings.items():
        if len(concepts) > 1:
            yield f"“{core}”：{'、'.join(f'{cell}是{concept}' for concept, cell in concepts.items())}，名称相同，分不清"


def _label_shown(tag: Tag) -> str:
    labels = [" ".join(label.split()) for label in (tag.beside, tag.above) if label]
    return f"（{'／'.join(labels)}）" if labels else ""


def _addresses(layout: Layout, name: str) -> str:
    return "、".join(tag.cell.address for tag in layout.tags if tag.name == name)
