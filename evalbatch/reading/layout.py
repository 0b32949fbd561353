"""Tagged forms in, their labels out: what a bureau calls the fields of its own forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evalbatch.model import Cell, Refused
from evalbatch.reading.adopted import FIELD, FreeField, OwnForm, kind_of, told
from evalbatch.reading.grid import read_grids
from evalbatch.reading.lexicon import Lexicon, label_of, load_words, titled
from evalbatch.reading.outline import is_title
from evalbatch.reading.sheet import Sheet
from evalbatch.storage.disk import read_bounded
from evalbatch.xlsx.limits import BUREAUS

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
        "reason",
    }
)
PARTS = frozenset(
    {"level1", "level2", "name", "bound", "target", "measure", "actual", "weight", "score", "reason", "basis"}
)
OF_THE_SCHEME = frozenset({"standard", "data"})
"""Columns of a score form that its bureau fills in from the scheme; nobody reads them back."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a form: its name, its cell, and the labels that lie beside and above it ("" for none)."""

    name: str
    cell: Cell
    beside: str
    above: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A tagged form: its name, its title, its tags, its version mark, what it counts as, and the labels printed on it.

    `said_kind` is what a tag `kind: …` says, as written.
    """

    form: str
    title: str
    tags: tuple[Tag, ...]
    version: str = ""
    kind: str = ""
    said_kind: str = ""
    printed: frozenset[str] = frozenset()


def read_layout(path: Path) -> Layout:
    """Read a tagged form; raises Refused where the workbook can't be opened or bears no tag."""
    found: list[Tag] = []
    form, version, kind, titles = path.stem, "", "", []
    printed: set[str] = set()
    lexicon = load_words()
    for grid in read_grids(read_bounded(path, BUREAUS.file_bytes), BUREAUS):
        sheet = Sheet(grid)
        for cell in (cell for row in sorted(sheet.rows) for cell in sheet.row(row)):
            titles += _title(sheet, cell, lexicon)
            printed |= set() if TAG.search(cell.text) else {label_of(cell.text).core}
            if mark := re.search(r"版本[:：]\s*([\w.\-]+)", cell.text):
                version = mark[1]
            for order, name in enumerate(TAG.findall(cell.text)):
                if named := told(name, "form"):
                    form = named
                elif said := told(name, "kind"):
                    kind = said
                else:
                    found.append(Tag(name, cell, _beside(sheet, cell, order), _above(sheet, cell)))
        if found:
            break
    if not found:
        raise Refused(
            f"{path.name}里没有栏目标记。", remedy="请在各栏目的填写位置写上标记，例如{{ unit.name }}，再检查一次。"
        )
    title = min(titles, default=(True, ""), key=lambda one: one[0])[1]
    names = (*(tag.name for tag in found), f"kind:{kind}")
    return Layout(form, title, tuple(found), version, kind_of(form, names), kind, frozenset(printed - {""}))


def _title(sheet: Sheet, cell: Cell, lexicon: Lexicon) -> list[tuple[bool, str]]:
    """Return a cell that may be the title: one that reads like a title goes before one that stands alone in its row."""
    if is_title(cell.text, lexicon):
        return [(False, cell.text)]
    alone = len(sheet.row(cell.row)) == 1 and len(label_of(cell.text).core) >= 4 and not TAG.search(cell.text)
    return [(True, cell.text)] if alone else []


def _beside(sheet: Sheet, cell: Cell, order: int) -> str:
    """Return the label in front of a tag, one of several in its cell: in the cell, else the nearest text left of it."""
    ahead = TAG.split(cell.text)[2 * order].strip()
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


def load_lexicon(forms: Sequence[Path], fields: Sequence[str] = ()) -> Lexicon:
    """Return the general lexicon with the labels of these tagged forms, and with `fields` that are their own labels.

    A label that means something else in general, or in another form, has its own meaning on that form alone.
    Raises Refused where a form can't be opened or bears no tag.
    """
    lexicon = load_words()
    layouts = [read_layout(path) for path in forms]
    meanings: dict[tuple[str, str], set[str]] = {}
    words = [[word for word in _words(layout) if not _is_general(word, lexicon)] for layout in layouts]
    for place, core, concept in (word for found in words for word in found):
        general = lexicon.words[place].get(core)
        meanings.setdefault((place, core), {general} if general else set()).add(concept)
    shared = [word for found in words for word in found if len(meanings[word[:2]]) == 1]
    titles = {_title_core(layout): layout.form for layout in layouts if layout.title}
    names = {
        label: name
        for layout in layouts
        for tag in layout.tags
        if tag.name.startswith(FIELD)
        for label, name in _field_names(tag).items()
    } | {(label_of(name).core, ""): name for name in fields}
    adopted = {layout.form: _own_form(layout) for layout in layouts}
    whole = replace(lexicon, words=_with(lexicon.words, shared), names=names, forms=titles, adopted=adopted)
    own: dict[str, Lexicon] = {}
    for layout, found in zip(layouts, words, strict=True):
        title = _title_core(layout)
        if particular := [word for word in found if len(meanings[word[:2]]) > 1]:
            own[title] = replace(whole, words=_with(own.get(title, whole).words, particular))
    return replace(whole, own=own)


def _own_form(layout: Layout) -> OwnForm:
    columns = (
        FreeField(part, "", label_of(tag.above).core)
        for tag in layout.tags
        if (part := tag.name.removeprefix("indicators.")) != tag.name and part not in PARTS | OF_THE_SCHEME
    )
    return OwnForm(layout.kind, tuple(_free_fields(layout)), tuple(columns), layout.printed)


def _free_fields(layout: Layout) -> Iterator[FreeField]:
    """Yield the free fields of a form with the labels that tell each from all its other tags."""
    beside = [label_of(tag.beside).core for tag in layout.tags]
    for tag, row in zip(layout.tags, beside, strict=True):
        if tag.name.startswith(FIELD) and (row or tag.above):
            column = "" if row and beside.count(row) == 1 else label_of(tag.above).core
            yield FreeField(tag.name.removeprefix(FIELD), row, column)


Word = tuple[str, str, str]
"""A place where labels stand, a label's core, and what it means there."""


def _title_core(layout: Layout) -> str:
    """Return a form's title as a filled copy's will be compared: without its year, tagged or printed."""
    return titled(TAG.sub("2000", layout.title))


NARROWER = frozenset(
    {
        ("level3", "name"),
        ("level4", "name"),
        ("unit.filling", "unit.name"),
        ("unit.office", "unit.name"),
        ("adjusted_target", "target"),
    }
)
"""What the general lexicon means by a label, where a tag says the same less exactly."""


def _is_general(word: Word, lexicon: Lexicon) -> bool:
    """Whether a tag says only what the label means anyway."""
    place, core, concept = word
    general = lexicon.words[place].get(core)
    return general == concept or (general, concept) in NARROWER


def _words(layout: Layout) -> Iterator[Word]:
    for place, label, concept in (meaning for tag in layout.tags for meaning in adopted(tag)):
        if core := label_of(label).core:
            yield place, core, concept


def _with(words: Mapping[str, Mapping[str, str]], more: Sequence[Word]) -> dict[str, dict[str, str]]:
    done = {place: dict(lookup) for place, lookup in words.items()}
    for place, core, concept in more:
        done[place][core] = concept
    return done


def _field_names(tag: Tag) -> dict[tuple[str, str], str]:
    """Return the field's name by the labels that lead to it: its row's alone, or with its column's."""
    name = tag.name.removeprefix("fields.")
    beside, above = label_of(tag.beside).core, label_of(tag.above).core
    plain_pair = beside == name or not above or beside in name
    return {(beside, ""): name} if plain_pair and not _is_cross(beside, above, name) else {(beside, above): name}


def _is_cross(beside: str, above: str, name: str) -> bool:
    """Whether row and column label together make the name."""
    return bool(above) and beside != name and (above in name or name == beside + above)


def adopted(tag: Tag) -> Iterator[tuple[str, str, str]]:
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
    elif tag.name == "reason":
        yield "indicator", tag.beside, "reason"
    elif tag.name in ("total_score", "total_weight"):
        yield "row", tag.beside, "total"
    elif tag.name in SINGLE and tag.name not in ("year", "version"):
        yield "field", tag.beside, tag.name


def form_versions(forms: Sequence[Path]) -> dict[str, str]:
    """Return the version mark printed on each tagged form that bears one, by the form's name."""
    layouts = (read_layout(path) for path in forms)
    return {layout.form: layout.version for layout in layouts if layout.version}
