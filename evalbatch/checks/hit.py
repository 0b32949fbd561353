"""What a check saw, before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalbatch.model import Cell


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a check saw.

    `about` names the things it is about within its form, e.g. "资金·全年执行数" or "指标·活动场次": two findings
    that share one are about the same thing. `inputs` are other cells that were looked at; a finding that
    hangs on a cell nobody could read is not made. `span` is a range of cells where one cell is not enough, `cells` are
    all that it is about where they lie apart.
    `places` are the values for the rule's message, beyond value, expected and column.
    """

    about: tuple[str, ...]
    cell: Cell | None = None
    column: str = ""
    value: str | None = None
    expected: str | None = None
    inputs: tuple[Cell, ...] = ()
    span: str = ""
    cells: tuple[Cell, ...] = ()
    places: Mapping[str, object] = field(default_factory=dict)
