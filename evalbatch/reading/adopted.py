"""What a tagged form says of itself: what it counts as, and the labels that lead to its free fields."""

from collections.abc import Iterable
from dataclasses import dataclass

from evalbatch.model import FormName
from evalbatch.text.folding import one_width

KINDS = {
    "项目": "project",
    "部门整体": "whole-unit",
    "单位整体": "whole-unit",
    "数据": "data",
    "数据表": "data",
    "评分": "score",
    "评分表": "score",
    "其他": "other",
}
"""What a tag `{{ kind: 项目 }}` may say."""
BUILT_IN = ("project", "whole-unit", "data", "score")
FIELD = "fields."


@dataclass(frozen=True, slots=True)
class FreeField:
    """A field of a bureau's own: its name, and the labels in its row and over its column as they are compared.

    `column` is "" where the row's label alone leads to it, `row` where only a column's does.
    """

    name: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class OwnForm:
    """One tagged form: what it counts as, its free fields, and the labels printed on it as they are compared.

    `columns` are its own columns beside those of the indicators: a name, and the label over it.
    """

    kind: FormName
    fields: tuple[FreeField, ...] = ()
    columns: tuple[FreeField, ...] = ()
    printed: frozenset[str] = frozenset()


def told(tag: str, key: str) -> str:
    """Return what a tag of the kind `form: 转移支付` says, "" for another tag.

    >>> told("form：转移支付", "form"), told("kind: 项目", "kind"), told("unit.name", "form")
    ('转移支付', '项目', '')
    """
    head, colon, said = one_width(tag).partition(":")
    return said.strip() if colon and head.strip() == key else ""


def kind_of(form: FormName, tags: Iterable[str]) -> FormName:
    """Tell what a form counts as: a built-in form's name is its kind; an own one's is said, or shows in its tags.

    A form that names a project is a project's, one with neither money nor indicators holds data, any other is the
    whole unit's.

    >>> kind_of("转移支付", ["project.name", "budget.total.executed"]), kind_of("人员表", ["fields.人数"])
    ('project', 'data')
    """
    names = tuple(tags)
    said = next((KINDS[word] for tag in names if (word := told(tag, "kind")) in KINDS), None)
    if form in BUILT_IN:
        return form
    if said is not None:
        return said
    if "project.name" in names:
        return "project"
    has_lines = any(name.startswith(("budget.", "indicators.")) for name in names)
    return "whole-unit" if has_lines else "data"
