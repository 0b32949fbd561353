"""A tagged form filled with a sample, and read as a unit's copy would be: does every field come back from its cell?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from evalbatch.model import BudgetLine, Cell, Grid, Indicator, Submission
from evalbatch.reading.as_json import HEADER
from evalbatch.reading.grid import read_grids
from evalbatch.reading.layout import OF_THE_SCHEME, PARTS, TAG, Layout, Tag, load_lexicon
from evalbatch.reading.numbers import written_number
from evalbatch.reading.read import read_sheets

SAMPLES: Mapping[str, str] = {
    "year": "2023",
    "unit.name": "示例单位",
    "unit.code": "000001",
    "project.name": "示例项目",
    "project.department": "示例主管部门",
    "goal": "完成全年任务。",
    "goal_actual": "已完成全年任务。",
    "prepared_by": "张三",
    "phone": "12345678",
    "filled_on": "2024-01-31",
    "total_weight": "100",
    "total_score": "96",
    "grade": "优",
    "version": "V1",
    "level1": "产出指标",
    "level2": "数量指标",
    "name": "示例指标",
    "bound": "≥",
    "target": "10",
    "measure": "个",
    "actual": "12个",
    "weight": "8",
    "score": "7",
    "rate": "95",
    "reason": "无偏差",
    "basis": "见附件",
}
FIRST_AMOUNT = 101


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of one tag's sample: said in Chinese, and whether it came back from the tag's own cell."""

    said: str
    back: bool


def rehearse(path: Path, layout: Layout) -> tuple[Rehearsed, ...]:
    """Fill a form with samples and read it; return what became of each tag, none where the form is not known again."""
    samples = _samples(layout)
    grids = [_filled(grid, samples) for grid in read_grids(path.read_bytes())]
    sheet = layout.tags[0].cell.sheet
    found = [one for one in read_sheets(grids, load_lexicon([path])).submissions if one.sheet == sheet]
    [filled] = [grid.cells for grid in grids if grid.sheet == sheet]
    return tuple(_rehearsed(found[0], tag, filled[tag.cell.row, tag.cell.column]) for tag in layout.tags if found)


def _rehearsed(submission: Submission, tag: Tag, filled: Cell) -> Rehearsed:
    text, cell = _back(submission, tag)
    if cell is None:
        return Rehearsed(f"填“{filled.text}”，没有读到", False)
    if cell.address != tag.cell.address:
        return Rehearsed(f"填“{filled.text}”，却从{cell.address}读到“{text}”", False)
    return Rehearsed(f"填“{filled.text}”，读到“{text}”", True)


def _samples(layout: Layout) -> dict[tuple[int, int], str]:
    """Return each tagged cell's text once filled; amounts and figures all differ, so that none passes for another."""
    texts: dict[tuple[int, int], str] = {}
    for order, tag in enumerate(layout.tags):
        place = tag.cell.row, tag.cell.column
        text = texts.get(place, tag.cell.text)
        last = tag.name.rpartition(".")[2]
        sample = SAMPLES.get(tag.name) or SAMPLES.get(last) or str(FIRST_AMOUNT + order)
        fixed = TAG.sub("", tag.cell.text).strip()
        if tag.name.startswith("indicators.") and fixed and not fixed.endswith((":", "：")):
            sample = ""
        texts[place] = TAG.sub(lambda found: sample if found[1] == tag.name else found[0], text)  # noqa: B023
    return texts


def _filled(grid: Grid, texts: Mapping[tuple[int, int], str]) -> Grid:
    cells = dict(grid.cells)
    for place, cell in grid.cells.items():
        if TAG.search(cell.text):
            text = TAG.sub("", texts.get(place, ""))
            number = written_number(text)
            cells[place] = replace(cell, text=text, number=number[0] if number and not number[1] else None)
    return replace(grid, cells={place: cell for place, cell in cells.items() if cell.filled})


def _back(submission: Submission, tag: Tag) -> tuple[str, Cell | None]:
    """Return what was read for a tag, and the cell it was read from; None where nothing was."""
    head, _, rest = tag.name.partition(".")
    if tag.name in (f"indicators.{part}" for part in OF_THE_SCHEME):
        return tag.cell.text, tag.cell
    if head == "fields":
        entry = next((one for one in submission.fields if one.name == rest), None)
        return (entry.text or "", entry.cell) if entry else ("", None)
    if head == "indicators" and rest not in PARTS:
        entry = next((one for one in submission.fields if one.name.endswith(f"·{rest}")), None)
        return (entry.text or "", entry.cell) if entry else ("", None)
    if head == "indicators":
        return _in_rows(submission.indicators, rest, tag.cell.row)
    if head == "budget":
        kind, _, amount = rest.partition(".")
        return _in_rows([line for line in submission.budget if line.kind == kind], amount, tag.cell.row)
    if tag.name == "reason":
        cell = submission.cells.get("reason")
        return (cell.text, cell) if cell else ("", None)
    value = getattr(submission, HEADER[tag.name], None) if tag.name in HEADER else None
    return ("", None) if value is None else (_shown(value), submission.cells.get(tag.name, tag.cell))


def _in_rows(rows: Sequence[Indicator | BudgetLine], key: str, row: int) -> tuple[str, Cell | None]:
    for one in rows:
        cell = one.cells.get(key)
        value = cell.text if cell and key in ("bound", "measure") else getattr(one, key, None)
        if cell and value is not None and row in {other.row for other in one.cells.values()}:
            return _shown(value), cell
    return "", None


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
