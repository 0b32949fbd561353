"""review.xlsx in, Review out: rows found by their columns' titles, whatever a person or a program did to the file."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from evalbatch.model import Cell, Grid, Refused
from evalbatch.reading.grid import read_grids
from evalbatch.review import columns as c
from evalbatch.review.columns import KEPT_SPEC, SPECS, Kind, Spec
from evalbatch.review.slip import (
    NEW,
    UNSURE,
    Entry,
    Slip,
    Typed,
    basis_of,
    check_of,
    content_of,
    digest_of,
    escaped,
    plain,
    said_by,
)
from evalbatch.review.weigh import UNCONFIRMED
from evalbatch.storage.disk import read_regular, words_of
from evalbatch.xlsx.limits import Limits

FILE_NAME = "review.xlsx"
OWN_LIMITS = Limits(
    file_bytes=100 << 20, total_bytes=500 << 20, part_bytes=400 << 20, tags=30_000_000, cells=8_000_000,
    filled_cells=4_000_000, text_chars=200_000_000,
)  # fmt: skip
"""A large district's queue is larger than any form; and it is the bureau's own file."""
NO_ROWS = "（没有）"
_KINDS: Mapping[str, Kind] = {spec.name: kind for kind, spec in SPECS.items()}
_OURS = (c.GUIDE, c.ROSTER)


@dataclass(frozen=True)
class Review:
    """What people typed into review.xlsx; empty where there is none yet.

    `titles` are the clerk's own columns by sheet, `sheets` the clerk's own sheets. `unread` are cells whose formula
    has no stored result: the file can't be rewritten without losing them. `said` is a hash of all that the file's
    rows say, `sha256` that of its bytes.
    """

    year: int
    slips: tuple[Slip, ...] = ()
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheets: tuple[Grid, ...] = ()
    unread: tuple[str, ...] = ()
    sha256: str = ""
    said: str = ""

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[Slip, ...]]:
        """What was typed about each unit's lines and findings, by the unit's name as names are compared."""
        found: dict[str, list[Slip]] = {}
        for slip in self.slips:
            if slip.kind != "file":
                found.setdefault(plain(slip.unit), []).append(slip)
        return {unit: tuple(slips) for unit, slips in found.items()}

    @cached_property
    def of_files(self) -> tuple[Slip, ...]:
        """What was typed about whose a file is."""
        return tuple(slip for slip in self.slips if slip.kind == "file")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One of our sheets as found: where its columns are, by title; the clerk's own under `extra`."""

    spec: Spec
    name: str
    known: Mapping[str, int]
    extra: Mapping[str, int]
    rows: Mapping[int, Mapping[int, Cell]]

    @property
    def typed(self) -> frozenset[int]:
        """The columns that a person fills in."""
        return frozenset((*(self.known[title] for title in self.spec.entry_titles), *self.extra.values()))


def load_review(path: Path, year: int) -> Review:
    """Read review.xlsx of the campaign of `year`; an absent file is an empty Review.

    Refused when it can't be opened, or when a column that people fill in is missing.
    """
    try:
        data = read_regular(path)
    except FileNotFoundError:
        return Review(year)
    except OSError as error:
        raise Refused(f"{path.name} 读不出来：{words_of(error)}。", remedy="请关闭正在使用它的程序后重试。") from None
    return parse_review(data, year, path.name)


@lru_cache(maxsize=1)
def parse_review(data: bytes, year: int, name: str = FILE_NAME) -> Review:
    """Read the bytes of review.xlsx; raises as load_review.

    A run asks three times, and mostly for the same bytes.
    """
    try:
        grids = read_grids(data, OWN_LIMITS)
    except Refused as refused:
        raise Refused(
            f"{name} 打不开：{refused.message}",
            remedy="请用Excel或WPS打开后另存为xlsx；打不开的，从 record/review 找回上一份。",
        ) from None
    found = [(grid, _find(grid, name)) for grid in grids]
    ours = [sheet for _, sheet in found if sheet]
    slips = tuple(slip for sheet in ours for slip in _slips(sheet))
    titles: dict[str, tuple[str, ...]] = {}
    for sheet in ours:
        titles[sheet.spec.name] = tuple(dict.fromkeys((*titles.get(sheet.spec.name, ()), *sheet.extra)))
    roster = next((grid for grid in grids if grid.sheet == c.ROSTER), None)
    own = tuple(grid for grid, sheet in found if not sheet and grid.sheet not in _OURS and grid.cells)
    unread = tuple(place for sheet in ours for place in _unread(sheet))
    return Review(year, slips, titles, own, unread, hashlib.sha256(data).hexdigest(), _said(ours, roster))


# ---------------------------------------------------------------- sheets


def _find(grid: Grid, file: str) -> _Sheet | None:
    """Tell which of our sheets this is, also when it was renamed or copied."""
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in grid.cells.items():
        rows.setdefault(row, {})[column] = cell
    for spec in (*SPECS.values(), KEPT_SPEC):
        wanted = {*spec.identity, spec.entry_titles[0]}
        head = next((row for row in sorted(rows) if wanted <= {_title(cell.text) for cell in rows[row].values()}), None)
        if head is not None:
            return _laid_out(grid, spec, head, rows, file)
    spec_of_name = next((spec for spec in (*SPECS.values(), KEPT_SPEC) if spec.name == grid.sheet.strip()), None)
    if spec_of_name is not None and grid.cells:
        _refuse_head(spec_of_name, rows, file)
    return None


def _refuse_head(spec: Spec, rows: Mapping[int, Mapping[int, Cell]], file: str) -> None:
    """Say which title is missing from the row that looks most like the header."""
    wanted = (*spec.identity, *spec.entry_titles)
    here = {row: {_title(cell.text) for cell in cells.values()} for row, cells in rows.items()}
    head = max(sorted(here), key=lambda row: len(here[row] & set(wanted)))
    raise _missing(file, spec.name, head, next(title for title in wanted if title not in here[head]))


def _missing(file: str, sheet: str, row: int, title: str) -> Refused:
    return Refused(
        f"{file} 工作表“{sheet}”第{row}行缺少“{title}”一栏。",
        remedy=f"请把第{row}行的栏名改回“{title}”；整栏删掉的请恢复，或从 record/review 找回上一份。",
    )


def _laid_out(grid: Grid, spec: Spec, head: int, rows: Mapping[int, Mapping[int, Cell]], file: str) -> _Sheet:
    known: dict[str, int] = {}
    extra: dict[str, int] = {}
    below = {row: cells for row, cells in rows.items() if row > head}
    for column in sorted({column for cells in (rows[head], *below.values()) for column in cells}):
        text = rows[head][column].text if column in rows[head] else ""
        title = _title(text)
        if title in spec.titles and title not in known:
            known[title] = column
        else:
            wish = " ".join(text.split()) or f"另加栏{Cell('', 1, column).address[:-1]}"
            extra[_unique(wish, {*spec.titles, *extra})] = column
    for title in spec.entry_titles:
        if title not in known:
            raise _missing(file, grid.sheet, head, title)
    return _Sheet(spec, grid.sheet, known, extra, below)


def _title(text: str) -> str:
    return "".join(text.split()).replace("(", "（").replace(")", "）")


def _unique(title: str, taken: set[str]) -> str:
    folded = {other.casefold() for other in taken}
    name, number = title, 1
    while name.casefold() in folded:
        number += 1
        name = f"{title}（{number}）"
    return name


def _unread(sheet: _Sheet) -> Iterator[str]:
    columns = sheet.typed
    for _, cells in sorted(sheet.rows.items()):
        for column in sorted(columns.intersection(cells)):
            if cells[column].flaw == "no-result":
                yield f"“{sheet.name}”{cells[column].address}"


# ---------------------------------------------------------------- rows


def typed(cell: Cell | None) -> Typed:
    """Give what a person typed into a cell: a day, a number, or text as it is seen."""
    if cell is None:
        return None
    if cell.date is not None:
        return cell.date
    if cell.number is not None and not cell.percent:
        return cell.number
    return cell.text or None


def _slips(sheet: _Sheet) -> Iterator[Slip]:
    rows = [_row(sheet, cells) for _, cells in sorted(_with_entry(sheet))]
    moved = _moved(rows)
    for slip in rows:
        if slip.worth_keeping and not _is_filler(slip):
            yield _dated(slip, sheet, moved) if slip.filled else replace(slip, decided="")


def _with_entry(sheet: _Sheet) -> Iterator[tuple[int, Mapping[int, Cell]]]:
    """Pass over the rows, most of them, that are as we wrote them and hold no entry."""
    told = sheet.typed | {sheet.known[title] for title in (c.DIGEST,) if title in sheet.known}
    for number, cells in sheet.rows.items():
        if not told.isdisjoint(cells) or not typed(cells.get(sheet.known.get(c.KEY, 0))):
            yield number, cells


def _row(sheet: _Sheet, cells: Mapping[int, Cell]) -> Slip:
    """Read one row as it stands."""
    spec = sheet.spec
    values = {title: typed(cells.get(column)) for title, column in sheet.known.items()}
    what, who, day, why = (values.get(title) for title in spec.entry_titles)
    entry: Entry = (what, who, day, why)
    key = str(values.get(c.KEY) or "")
    kind = _kind(spec, values)
    return Slip(
        kind=kind,
        key=key,
        unit=key.split("|")[0] if key else escaped(str(values.get("单位") or "")),
        shown={title: value for title, value in values.items() if title not in spec.entry_titles},
        entry=entry,
        extra={
            title: value for title, column in sheet.extra.items() if (value := typed(cells.get(column))) is not None
        },
        about=str(values.get(c.ABOUT) or ""),
    )


def _kind(spec: Spec, values: Mapping[str, Typed]) -> Kind:
    name = plain(values.get(c.ORIGIN)) if spec is KEPT_SPEC else spec.name
    return _KINDS.get(name, "score")


def _is_filler(slip: Slip) -> bool:
    """Whether the row only says that there are none, or is blank but for what we wrote."""
    if slip.filled or slip.extra or slip.key:
        return False
    texts = [value for title, value in slip.shown.items() if value is not None and title not in (c.STATUS, *c.KEYS)]
    # Without the column of keys a row without an entry is one of ours, not one that a person made.
    return c.KEY not in slip.shown or not texts or texts == [NO_ROWS]


def _dated(slip: Slip, sheet: _Sheet, moved: frozenset[str]) -> Slip:
    """Tell under what content an entry was made: as recorded while it is as we last wrote it, else what it shows.

    Where keys were deleted, or rows sorted in part, nobody knows; then the entry waits to be confirmed.
    """
    shown, digest = slip.shown, digest_of(slip.entry)
    recorded, basis = str(shown.get(c.DECIDED) or ""), str(shown.get(c.BASIS) or "")
    if recorded and digest == shown.get(c.DIGEST):
        return replace(slip, decided=recorded, basis=basis)
    if is_added(slip) and sheet.spec is not KEPT_SPEC and not any(shown.get(title) for title in sheet.spec.content):
        return replace(slip, decided=NEW)
    whole = bool(slip.key) and all(title in sheet.known for title in c.KEYS)
    unconfirmed = str(shown.get(c.STATUS) or "").startswith(UNCONFIRMED) or c.STATUS not in sheet.known
    lost_track = unconfirmed and not shown.get(c.DIGEST)
    if sheet.spec is KEPT_SPEC:
        decided = str(shown.get(c.CONTENT) or "") if whole and not lost_track else ""
        return replace(slip, decided=decided or UNSURE, basis=basis)
    if lost_track or digest in moved:
        return replace(slip, decided=UNSURE, basis=basis)
    now = content_of(slip.kind, shown)
    checked = (*sheet.spec.identity, *sheet.spec.content)
    if whole and shown.get(c.CHECK) != check_of(checked, shown):
        return replace(slip, decided=UNSURE, basis=basis)
    if not whole and not all(title in sheet.known for title in checked):
        return replace(slip, decided=UNSURE, basis=basis)
    return replace(slip, decided=str(shown.get(c.CONTENT) or now) if whole else now, basis=basis_of(slip.kind, shown))


def is_added(slip: Slip) -> bool:
    """Whether a person added the row: it never had a key, and bears no trace of one that we wrote."""
    return slip.kind == "score" and not any(slip.shown.get(title) for title in (*c.KEYS, c.STATUS))


def _moved(rows: Sequence[Slip]) -> frozenset[str]:
    """Find entries that lie in other rows than we wrote them into: a part of the columns was sorted.

    An entry has moved when the row that had it is blank now, or bears another row's.
    """
    had = [(str(slip.shown.get(c.DIGEST) or ""), digest_of(slip.entry)) for slip in rows]
    lost = {before for before, now in had if before and before != now}
    return frozenset(before for before, now in had if before in lost and before != now and (not now or now in lost))


def _said(sheets: Sequence[_Sheet], roster: Grid | None) -> str:
    """Hash what the file says, in whatever order its rows and columns stand."""
    told: dict[str, list[Mapping[str, object]]] = {}
    for sheet in sheets:
        titles = {column: title for title, column in (*sheet.known.items(), *sheet.extra.items())}
        for cells in sheet.rows.values():
            row = {titles[column]: value for column, cell in cells.items() if (value := typed(cell)) is not None}
            if [*row.values()] != [NO_ROWS]:
                told.setdefault(sheet.spec.name, []).append(row)
    if roster is not None:
        listed = sorted(roster.cells.items())
        told[c.ROSTER] = [{c.ROSTER: cell.text} for (row, column), cell in listed if row > 2 and column == 1]
    return said_by(told)
