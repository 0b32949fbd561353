"""The goal of the year and what came of it: texts beside or below their labels."""

from dataclasses import dataclass, field

from evalbatch.model import Cell
from evalbatch.reading.lexicon import ENUMERATED, Lexicon, goal_stem, plain
from evalbatch.reading.sheet import Sheet


@dataclass
class Goals:
    """Texts and places of "goal" and "goal_actual", and the rows that they take."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def text(self, role: str) -> str | None:
        """Return a goal's text, several joined by line breaks."""
        return "\n".join(self.texts.get(role, ())) or None


def _named(lexicon: Lexicon, place: str, cell: Cell) -> bool:
    return goal_stem(cell.text) in lexicon.words[place]


def read_goals(sheet: Sheet, rows: list[int], lexicon: Lexicon) -> Goals:
    """Read the goals among these rows, which belong to no table."""
    goals = Goals()
    free = set(rows)
    for row in rows:
        if row not in goals.rows and row in free:
            _read_row(sheet, row, free, goals, lexicon)
    return goals


def _read_row(sheet: Sheet, row: int, free: set[int], goals: Goals, lexicon: Lexicon) -> None:
    cells = sheet.row(row)
    sides = [cell for cell in cells[:1] if _named(lexicon, "side", cell)]
    actuals = [cell for cell in cells if _named(lexicon, "goal_actual", cell)]
    wanted = [cell for cell in cells if cell not in sides and _named(lexicon, "goal", cell)]
    if len(cells) > 2 and (wanted or actuals or lexicon.heads_goal([cell.text for cell in cells])):
        lowest = min(sheet.span(cell)[2] for cell in cells)
        for cell in cells:  # 1.项目年度目标完成情况, merged down beside 项目年度目标 | 年度目标完成情况, is their side
            if cell not in (*sides, *actuals, *wanted) and sheet.span(cell)[2] == lowest:
                {"goal": wanted, "goal_actual": actuals}.get(lexicon.goal_like(cell.text) or "", []).append(cell)
    if row - 1 in goals.rows and not (wanted or actuals) and lexicon.goal_like(cells[0].text) == "goal_actual":
        actuals = cells[:1]
    if not sides and not (wanted and actuals) and not (actuals and actuals[0] is cells[0] and goals.cells):
        return
    if sides and sides[0] in actuals:
        if len(actuals) > 1 or wanted or not goals.cells:
            actuals.remove(sides[0])
        else:
            sides = []
    labels = [*((cell, "goal") for cell in wanted or sides), *((cell, "goal_actual") for cell in actuals)]
    first = min(cell.column for cell in (*wanted, *actuals, *sides))
    sheet.know(*sides, *(cell for cell in cells if cell.column < first))
    for cell, role in labels:
        sheet.know(cell)
        _take(sheet, cell, role, {other for other, _ in labels}, free, goals, lexicon)
    if labels == [(cells[0], "goal")] and len(cells) == 3:  # 年度总体目标 | what was meant | what came of it
        _keep(sheet, cells[2], "goal_actual", goals)
    goals.rows.add(row)


def _take(
    sheet: Sheet, label: Cell, role: str, labels: set[Cell], free: set[int], goals: Goals, lexicon: Lexicon
) -> None:
    beside = next(iter(sheet.after(label)), None)
    place = sheet.right_of(label)
    under = len(labels) > 1 and any(_holds_text(sheet, sheet.below(other), free, lexicon) for other in labels)
    if beside is not None and beside not in labels and not _named(lexicon, "goal", beside) and not under:
        _keep(sheet, beside, role, goals)
        _prefer_adjusted(label, role, [beside], goals)
        return
    _, first, bottom, last = sheet.span(label)
    left = min((other.column for other in labels), default=first)
    found = [cell for cell in _below(sheet, bottom + 1, free, lexicon, left) if first <= cell.column <= last]
    if not found:
        under_it = sheet.below(label)
        widest = max(cells[-1].column for cells in sheet.rows.values())
        blank_beside = not place.filled and place.column <= widest
        beside_it = place.filled and place not in labels and bottom + 1 not in free
        goals.cells.setdefault(role, place if beside_it or (under_it.filled and blank_beside) else under_it)
    for cell in found:
        _keep(sheet, cell, role, goals)
    _prefer_adjusted(label, role, found, goals)


def _prefer_adjusted(label: Cell, role: str, found: list[Cell], goals: Goals) -> None:
    """An adjusted goal counts in place of the one from the start of the year."""
    if role == "goal" and found and "调整" in label.text:
        goals.texts[role], goals.cells[role] = [cell.text for cell in found], found[0]


def _holds_text(sheet: Sheet, cell: Cell, free: set[int], lexicon: Lexicon) -> bool:
    return cell.filled and bool(_below(sheet, cell.row, free, lexicon))


def _below(sheet: Sheet, row: int, free: set[int], lexicon: Lexicon, left: int = 1) -> list[Cell]:
    """Return the cells of the rows below that hold text and no labels.

    Left of column `left`, where the labels begin, a number opens another block: 2.项目实施内容及过程概述.
    """
    found: list[Cell] = []
    while row in free:
        cells = sheet.row(row)
        if cells and cells[0].column < left and ENUMERATED.match(plain(cells[0].text)):
            break
        if any(
            lexicon.is_label(cell.text) or _named(lexicon, "side", cell) or lexicon.find("block", cell.text)
            for cell in cells
        ):
            break
        found += cells
        row += 1
    return found


def _keep(sheet: Sheet, cell: Cell, role: str, goals: Goals) -> None:
    sheet.know(cell)
    goals.rows.add(cell.row)
    goals.cells.setdefault(role, cell)
    if cell.text:
        goals.texts.setdefault(role, []).append(cell.text)
