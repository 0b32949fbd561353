"""Where the forms of a sheet lie: side by side, one below the other, and which rows head what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from evalbatch.model import Cell, Grid
from evalbatch.reading.columns import header_at
from evalbatch.reading.header import Header
from evalbatch.reading.lexicon import Lexicon, label_of, plain
from evalbatch.reading.pairs import pairs_in
from evalbatch.reading.sheet import Sheet

LONGEST_TITLE = 60
LEVEL_MARKS = frozenset({"level1", "level3"})


@dataclass
class Table:
    """The rows of one form on a sheet, `first` to `last`, with its titles and headers."""

    sheet: Sheet
    first: int
    last: int = 0
    titles: list[Cell] = field(default_factory=list)
    money: list[Header] = field(default_factory=list)
    indicators: list[Header] = field(default_factory=list)
    projects: int = 0
    units: int = 0
    totals: int = 0

    @property
    def started(self) -> bool:
        """Whether more than a title was met."""
        return bool(self.money or self.indicators or self.projects or self.units)


def bands(grid: Grid, lexicon: Lexicon) -> list[Sheet]:
    """Split a sheet where forms stand side by side; most sheets come back whole."""
    whole = Sheet(grid)
    edges = _edges(grid, list(_landmarks(whole, lexicon)))
    if not edges:
        return [whole]
    lefts, rights = [1, *edges], [*(edge - 1 for edge in edges), 16384]
    return [Sheet(grid, left, right) for left, right in zip(lefts, rights, strict=True)]


Landmark = tuple[str, int, int]
"""What a form has once, its row and its column."""


def _landmarks(sheet: Sheet, lexicon: Lexicon) -> Iterator[Landmark]:
    for row, cells in sheet.rows.items():
        marks = [(_mark_of(cell.text, lexicon), cell) for cell in cells]
        if {what for what, _ in marks} & LEVEL_MARKS and not _heads_levels(cells, lexicon):
            marks = [(what, cell) for what, cell in marks if what not in LEVEL_MARKS]
        yield from ((what, row, cell.column) for what, cell in marks if what)


def _heads_levels(cells: list[Cell], lexicon: Lexicon) -> bool:
    """Whether a row is a header: 一级 is also a value, 响应等级 | 一级 | 一级."""
    return len({lexicon.find("indicator", cell.text) for cell in cells} - {None}) > 2


def _mark_of(text: str, lexicon: Lexicon) -> str:
    return _known_landmark(text, lexicon) if len(text) <= LONGEST_TITLE else _landmark(text, lexicon)


def _landmark(text: str, lexicon: Lexicon) -> str:
    """What a text marks: title, project, level1, level3, or nothing."""
    if not lexicon.is_word(text):
        return "title" if is_title(text, lexicon) else ""
    if lexicon.find("field", text) == "project.name":
        return "project"
    concept = lexicon.find("indicator", text)
    return concept if concept in ("level1", "level3") else ""


_known_landmark = lru_cache(maxsize=4096)(_landmark)
"""Most texts of a form are printed on it, and come again in every workbook."""


def _edges(grid: Grid, marks: list[Landmark]) -> list[int]:
    """Return the columns where another form begins beside one: a landmark comes again at the same height."""
    edges: list[int] = []
    for column in sorted({column for _, _, column in marks}):
        left = [mark for mark in marks if (edges[-1] if edges else 0) <= mark[2] < column]
        right = [mark for mark in marks if mark[2] >= column]
        crossed = any(first < column <= last for _, first, _, last in grid.merges)
        if not crossed and {mark[0] for mark in left} & {mark[0] for mark in right} and _abreast(left, right):
            edges.append(column)
    return edges


def _abreast(left: list[Landmark], right: list[Landmark]) -> bool:
    """Whether two groups of landmarks share rows, so that neither lies below the other."""
    (high, low), (top, bottom) = ((min(m[1] for m in marks), max(m[1] for m in marks)) for marks in (left, right))
    return high <= bottom and top <= low


def is_title(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is a form's title by itself, such as （2022年度）项目支出绩效自评表."""
    core = label_of(text).core
    if core in lexicon.forms:
        return True
    if not 4 <= len(core) <= LONGEST_TITLE or not core.endswith(("表", "自评", "评价", "底稿", "续")):
        return False
    if set("，。；") & set(text) or lexicon.title_form(text) is None:
        return False
    return not lexicon.decoys["note"].match(plain(text)) and not pairs_in(text, lexicon)


def tables(sheet: Sheet, lexicon: Lexicon) -> list[Table]:
    """Cut a band into its forms, in order of rows."""
    found: list[Table] = [Table(sheet, min(sheet.rows, default=1))]
    rows = sorted(sheet.rows)
    skip = 0
    for row in rows:
        if row <= skip:
            continue
        anchor = _anchor(sheet, row, lexicon)
        table = found[-1]
        if _opens(table, anchor, sheet, row, lexicon):
            start = _backed(sheet, row)
            table.last = start - 1
            table = Table(sheet, start)
            found.append(table)
        skip = _enter(table, anchor, row)
    found[-1].last = sheet.bottom
    return [table for table in found if table.started or table.titles]


Anchor = tuple[str, Header | Cell | None]


def _anchor(sheet: Sheet, row: int, lexicon: Lexicon) -> Anchor:
    """Return what a row is for the outline: title, project, unit, money, indicator, total, or nothing."""
    cells = sheet.row(row)
    worded = len([cell for cell in cells if lexicon.is_word(cell.text)])
    for place in ("indicator", "money") if worded > 1 else ():
        if header := header_at(sheet, row, place, lexicon):
            return place, header
    if is_title(cells[0].text, lexicon) and all(_beside_title(cell, lexicon) for cell in cells[1:]):
        return "title", cells[0]
    if len(cells) == 1 and lexicon.decoys["note"].match(plain(cells[0].text)):
        return "", None
    labels = {lexicon.find("field", cell.text) for cell in cells} if worded else set()
    labels |= {concept for cell in cells for concept, _ in pairs_in(cell.text, lexicon)}
    if "project.name" in labels:
        return "project", None
    if labels & {"unit.name", "unit.filling", "unit.office"}:
        return "unit", None
    if worded and any(lexicon.find("row", cell.text) == "total" for cell in cells[:2]):
        return "total", None
    return "", None


def _beside_title(cell: Cell, lexicon: Lexicon) -> bool:
    return bool(lexicon.decoys["attachment"].match(plain(cell.text))) or "单位" in cell.text or len(cell.text) < 8


def _opens(table: Table, anchor: Anchor, sheet: Sheet, row: int, lexicon: Lexicon) -> bool:
    kind = anchor[0]
    if kind == "title":
        return table.started and not _is_page_break(table, sheet, row, lexicon)
    if kind == "project":
        return table.projects > 0 and bool(table.money or table.indicators)
    if kind == "money":
        return bool(table.money and table.indicators)
    if kind == "unit":
        done = bool(table.indicators) and bool(table.units or table.totals)
        return done and _next_anchor(sheet, row, lexicon) in ("money", "indicator")
    return False


def _is_page_break(table: Table, sheet: Sheet, row: int, lexicon: Lexicon) -> bool:
    """Whether a repeated title only heads the next page of the same form."""
    return bool(table.indicators) and not table.totals and _next_anchor(sheet, row, lexicon) == "indicator"


def _next_anchor(sheet: Sheet, row: int, lexicon: Lexicon) -> str:
    later = (_anchor(sheet, other, lexicon)[0] for other in sorted(sheet.rows) if other > row)
    return next((kind for kind in later if kind), "")


def _backed(sheet: Sheet, row: int) -> int:
    """Return the first of the lines above that belong to the form: a year, 附件, 单位."""
    while cells := sheet.row(row - 1):
        texts = [plain(cell.text) for cell in cells]
        if not all(text.startswith(("(20", "附", "单位:", "金额单位")) for text in texts):
            break
        row -= 1
    return row


def _enter(table: Table, anchor: Anchor, row: int) -> int:
    """Enter an anchor into its form; return the last row it takes."""
    kind, what = anchor
    if isinstance(what, Header):
        (table.money if kind == "money" else table.indicators).append(what)
        return what.bottom
    if isinstance(what, Cell):
        table.titles.append(what)
    table.projects += kind == "project"
    table.units += kind == "unit"
    table.totals += kind == "total" and bool(table.indicators)
    return row
