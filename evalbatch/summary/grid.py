"""Rows of the long tables in, a described Table out: each field says its column and how it gets its value."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

from evalbatch.sheets.look import Align, Kind
from evalbatch.sheets.table import CellValue, Column, Formula, Link, Table, Toned

OVERVIEW = "总览"
_ROW = "\0"
MOST_ROWS = 1_000_000
"""Rows a sheet may have; Excel ends at 1,048,576 with head and totals."""
_MADE_AT_ONCE = 2_000
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """Where a table's rows lie on its sheet, for formulas: `first` and `last` count from 1."""

    titles: tuple[str, ...]
    first: int
    last: int

    def cell(self, title: str, row: int | str) -> str:
        """The address of a column's cell in a row of the sheet."""
        return f"{xl_col_to_name(self.titles.index(title))}{row}"

    def column(self, title: str) -> str:
        """The addresses of a whole column."""
        return f"{self.cell(title, self.first)}:{self.cell(title, self.last)}"


@dataclass(frozen=True, slots=True)
class Field:
    """One column and its value for a record; `formula` is given the cell of another column in the same row."""

    title: str
    value: Callable[[Any], CellValue]
    width: str = "text"
    kind: Kind = "text"
    align: Align | None = None
    note: str = ""
    formula: Callable[[Callable[[str], str]], str] | None = None
    total: Callable[[Lines], str] | None = None
    """The formula under the column; its value is `total_value`'s."""
    total_value: Callable[[Sequence[Any]], Decimal | int | str] | None = None
    paper: bool = True


def columns(frame: pd.DataFrame, *names: str) -> dict[str, list[Any]]:
    """The columns of a long table as plain Python values, None for what is blank; only `names` where given."""
    return {str(name): _plain(pa.array(frame[name], from_pandas=True)) for name in names or frame.columns}


def _plain(values: pa.Array | pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_string(values.type):
        return list(values.to_pylist())
    # Texts say the same over and over: each is made once.
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = whole.dictionary_encode()
    texts = [*encoded.dictionary.to_pylist(), None]
    return list(map(texts.__getitem__, encoded.indices.fill_null(-1).to_pylist()))


def records(frame: pd.DataFrame, *names: str) -> list[dict[str, Any]]:
    """The rows of a long table, each a value by its column's name; only `names` where given."""
    by_name = columns(frame, *names)
    return [dict(zip(by_name, values, strict=True)) for values in zip(*by_name.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class Picked(Sequence[Record]):
    """Rows of a long table in an order of their own, turned into records only as they are asked for."""

    frame: pd.DataFrame
    order: Sequence[int]
    """The rows' places in the frame."""

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return records(self.frame.take(self.order[index]))
        return records(self.frame.take([self.order[index]]))[0]


class Body(Sequence[Sequence[CellValue]]):
    """A table's rows, made a few thousand at a time as they are gone through; the first are kept for a second time."""

    def __init__(self, fields: Sequence[Field], rows: Sequence[Any], lines: Lines) -> None:
        self._fields, self._rows, self._lines = fields, rows, lines
        self._first = list(self._made(0))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        yield from self._first
        for start in range(_MADE_AT_ONCE, len(self), _MADE_AT_ONCE):
            yield from self._made(start)

    def __getitem__(self, index: Any) -> Any:
        kept = isinstance(index, slice) and index.stop is not None and 0 <= index.stop <= _MADE_AT_ONCE
        return self._first[index] if kept else list(self)[index]

    def _made(self, start: int) -> Iterator[Sequence[CellValue]]:
        rows = self._rows[start : start + _MADE_AT_ONCE]
        lines = replace(self._lines, first=self._lines.first + start)
        return zip(*(_values(field, rows, lines) for field in self._fields), strict=True)


def lay_out(
    name: str,
    title: str,
    fields: Sequence[Field],
    rows: Sequence[Any],
    *,
    identifier: str,
    subtitle: str,
    notes: Sequence[str] = (),
    measure: str = "",
    rest: str = "",
    most: int = MOST_ROWS,
    total: str = "",
    total_at: int = 0,
    more_totals: Callable[[Lines], Sequence[Sequence[CellValue]]] = lambda _lines: (),
    empty: str = "（无）",
    frozen: int = 0,
) -> Table:
    """Describe a sheet; more than `most` rows are cut with a note that names `rest`, the file with all of them.

    `total` labels, in column `total_at`, a row of totals under the rows, made of the fields that have one;
    `more_totals` follow it.
    """
    if len(rows) > most:
        notes = [*notes, f"共{len(rows):,}行，本表列出前{most:,}行，完整数据见{rest}。"]
        rows = rows[:most]
    first = len(notes) + 4  # title, subtitle, notes, header
    lines = Lines(tuple(field.title for field in fields), first, first + max(len(rows), 1) - 1)
    return Table(
        name,
        title,
        [Column(field.title, field.width, field.kind, field.align, field.note, field.paper) for field in fields],
        Body(fields, rows, lines),
        subtitle=subtitle,
        measure=measure,
        notes=notes,
        identifier=identifier,
        totals=[_totals(fields, rows, lines, {total_at: total}), *more_totals(lines)] if total and rows else (),
        empty=empty,
        landscape=True,
        frozen_columns=frozen,
        back=Link.to_sheet("返回总览", OVERVIEW),
    )


def _values(field: Field, rows: Sequence[Any], lines: Lines) -> Iterable[CellValue]:
    """One column, top to bottom."""
    values = map(field.value, rows)
    if field.formula is None:
        return values
    text = field.formula(lambda title: lines.cell(title, _ROW))  # its cells lie in its own row
    return (_live(text.replace(_ROW, str(row)), value, field.kind) for row, value in enumerate(values, lines.first))


def _live(text: str, value: CellValue, kind: Kind) -> CellValue:
    """A formula with its result."""
    tone = value.tone if isinstance(value, Toned) else None
    result = value.value if isinstance(value, Toned) else value
    if isinstance(result, Decimal) and kind == "percent":
        result = result / 100
    formula = Formula(text, result if isinstance(result, Decimal | int | str) else "")
    return Toned(formula, tone) if tone else formula


def _totals(fields: Sequence[Field], rows: Sequence[Any], lines: Lines, label: dict[int, str]) -> list[CellValue]:
    row: list[CellValue] = []
    for place, field in enumerate(fields):
        if field.total and field.total_value:
            row.append(Formula(field.total(lines), field.total_value(rows)))
        else:
            row.append(label.get(place))
    return row


def summed(title: str, value: Callable[[Any], Decimal | int | None], **more: Any) -> Field:
    """A field of numbers with their sum under it."""

    def add(rows: Sequence[Any]) -> Decimal:
        return sum((Decimal(known) for known in map(value, rows) if known is not None), Decimal(0))

    return Field(title, value, total=lambda lines: f"=SUM({lines.column(title)})", total_value=add, **more)


def averaged(title: str, value: Callable[[Any], Decimal | None], **more: Any) -> Field:
    """A field of numbers with their mean under it."""

    def mean(rows: Sequence[Any]) -> Decimal | str:
        known = [number for number in map(value, rows) if number is not None]
        return sum(known, Decimal(0)) / len(known) if known else ""

    return Field(
        title, value, total=lambda lines: f'=IFERROR(AVERAGE({lines.column(title)}),"")', total_value=mean, **more
    )


def ratio_formula(part: str, whole: str) -> str:
    """The formula of part over whole, blank where the whole is 0 or either is missing."""
    return f'=IF(AND(ISNUMBER({part}),N({whole})<>0),{part}/{whole},"")'


def less_formula(one: str, other: str) -> str:
    """The formula of one less the other, rounded against the tails of floats; blank where either is missing."""
    return f'=IF(AND(ISNUMBER({one}),ISNUMBER({other})),ROUND({one}-{other},6),"")'
