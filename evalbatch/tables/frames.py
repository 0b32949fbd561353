"""Rows in, pandas tables out, in stable order: columns keep their exact types, Decimals as decimal128."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import Any

import pandas as pd
import pyarrow as pa

from evalbatch.model import Cell, FileResult, Finding, Unit, UnitResult
from evalbatch.tables.rows import TABLES, Rows, rows_of_file, rows_of_findings, rows_of_unit
from evalbatch.tables.schema import Column, Kind, Row, TableSchema

_DECIMAL = pa.decimal128(38, 6)  # 0.01 元 is 0.000001 万元; 38 digits is as wide as Parquet's readers go
_TYPES: Mapping[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "decimal": _DECIMAL,
    "date": pa.date32(),
    "flag": pa.bool_(),
}
_FITTING = pa.decimal128(37, 6)  # 31 digits before the point
_STEP = Decimal("0.000001")
_WIDEST = Decimal(10) ** 31
_BATCH = 1024  # rows that are packed at once
_PACKING = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_UNPACKING = pa.ipc.IpcReadOptions(use_threads=False)
_rounded = Context(prec=60, rounding=ROUND_HALF_UP).quantize


def consolidate(
    files: Sequence[FileResult],
    units: Sequence[UnitResult],
    findings: Sequence[Finding] = (),
    unused: Mapping[str, Sequence[Cell]] | None = None,
) -> "Tables":
    """Put a district's results into the long tables of TABLES.

    `findings` are the district's own, beside those of its files and units; `unused` are the unused cells of
    each file by its path. Files go by path, all else by the roster and then as in the forms. A finding that
    is held by its file and its unit is one row. Amounts are in 万元, rates in percent, scores in points,
    rounded half-up to six decimals; a number of more than 31 digits has no place in a table and is blank.
    """
    known = {key: result.unit for result in units for key in (result.unit.name, result.unit.code) if key}
    owner = {result.source.path: known[result.unit] for result in files if result.unit in known}
    owner |= {form.source.path: result.unit for result in units for form in result.forms}
    cells = unused or {}
    by_path = sorted(files, key=lambda result: result.source.path)
    return assemble(
        chain(
            (rows_of_unit(result) for result in units),
            (rows_of_file(result, _owner(result, owner), cells.get(result.source.path, ())) for result in by_path),
            [{"findings": rows_of_findings((finding, owner.get(finding.file or ""), None) for finding in findings)}],
        )
    )


def _owner(result: FileResult, owner: Mapping[str, Unit]) -> Unit | None:
    return owner.get(result.source.path)


def assemble(parts: Iterable[Rows]) -> "Tables":
    """Join rows, as workers hand them back, into tables; each finding once.

    The parts may be a stream: the rows of the last few are held as they are, all others packed.
    """
    tables = {name: _Findings(schema) if name == "findings" else _Growing(schema) for name, schema in TABLES.items()}
    for part in parts:
        for name, rows in part.items():
            tables[name].add(rows)
    return Tables({name: table.packed() for name, table in tables.items()})


class Tables(Mapping[str, pd.DataFrame]):
    """The long tables by name, in the order of TABLES: packed, and made a frame whenever one is asked for."""

    def __init__(self, packed: Mapping[str, pa.Buffer]) -> None:
        self._packed = packed

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = _unpacked(self._packed[name]).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class _Growing:
    """A table that is given rows, and packs them when there are some hundred."""

    def __init__(self, schema: TableSchema) -> None:
        self._columns = schema.columns
        self._arrow = arrow_schema(schema)
        self._rows: list[Row] = []
        self._sink = pa.BufferOutputStream()
        self._stream = pa.ipc.new_stream(self._sink, self._arrow, options=_PACKING)

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows at the end. Batches are of one length, so that they don't tell how the rows came in."""
        self._rows.extend(rows)
        while len(self._rows) >= _BATCH:
            self._pack(self._rows[:_BATCH])
            del self._rows[:_BATCH]

    def _pack(self, rows: Sequence[Row]) -> None:
        values = zip(*rows, strict=True) if rows else ((),) * len(self._columns)
        arrays = [_array(column, some) for column, some in zip(self._columns, values, strict=True)]
        self._stream.write_batch(pa.record_batch(arrays, schema=self._arrow))

    def packed(self) -> pa.Buffer:
        """All the rows; nothing can be added any more."""
        self._pack(self._rows)
        self._stream.close()
        return self._sink.getvalue()


class _Findings(_Growing):
    """The findings, each once, those of one unit together: unit and file tell of the same cell in the same words."""

    def __init__(self, schema: TableSchema) -> None:
        super().__init__(schema)
        names = [column.name for column in schema.columns]
        self._unit = itemgetter(names.index("unit_code"), names.index("unit_name"))
        self._file = names.index("file")
        self._what = itemgetter(*map(names.index, ("code", "file", "sheet", "cell", "message")))
        self._seen: set[bytes] = set()
        self._units: dict[object, int] = {(None, None): sys.maxsize}  # those of nobody come last
        self._unit_of_row: list[int] = []

    def add(self, rows: Iterable[Row]) -> None:
        """Take those rows at the end that are new."""
        super().add([row for row in rows if self._is_new(row)])

    def _is_new(self, row: Row) -> bool:
        unit = self._unit(row)
        key = repr((unit if row[self._file] is None else None, self._what(row)))
        digest = blake2b(key.encode(), digest_size=16).digest()  # a fraction of the texts themselves
        if digest in self._seen:
            return False
        self._seen.add(digest)
        self._unit_of_row.append(self._units.setdefault(unit, len(self._units)))
        return True

    def packed(self) -> pa.Buffer:
        """All the rows, by unit in the order in which units came first."""
        order = sorted(range(len(self._unit_of_row)), key=self._unit_of_row.__getitem__)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self._arrow, options=_PACKING) as stream:
            stream.write_table(_unpacked(super().packed()).take(pa.array(order, pa.int64())))
        return sink.getvalue()


def _unpacked(table: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(table, options=_UNPACKING) as stream:
        return stream.read_all()


def _array(column: Column, values: Sequence[object]) -> pa.Array:
    """Values as Arrow holds them; nearly always a column can be taken as a whole."""
    if column.kind == "decimal":
        return _decimals(values)
    try:
        return pa.array(values, _TYPES[column.kind])
    except (pa.ArrowException, UnicodeEncodeError):
        if column.kind != "text":
            raise
        return pa.array([_encodable(value) for value in values], pa.string())


def _decimals(values: Sequence[Any]) -> pa.Array:
    """Decimals as Arrow holds them; most columns need no rounding and have nothing too wide."""
    try:
        return pa.array(values, _FITTING).view(_DECIMAL)
    except pa.ArrowInvalid:
        return pa.array([_fitting(value) for value in values], _DECIMAL)


def _fitting(value: Decimal | None) -> Decimal | None:
    if value is None or not value.is_finite() or value.copy_abs() >= _WIDEST:
        return None
    return _rounded(value, _STEP)


def _encodable(value: object) -> str | None:
    """Text as UTF-8 can hold it: a file name of undecodable bytes shows them as \\udcb2."""
    if value is None:
        return None
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


def arrow_schema(schema: TableSchema) -> pa.Schema:
    """The Parquet schema of one table: English names, exact types, and the dictionary's words as metadata."""
    return pa.schema([pa.field(column.name, _TYPES[column.kind], metadata=_about(column)) for column in schema.columns])


def as_written(table: pa.Table, name: str) -> pa.Table:
    """Return some columns of a data file of ours, raises ValueError where they are not of the types that it has."""
    written = arrow_schema(TABLES[name])
    if any(table.schema.field(column).type != written.field(column).type for column in table.column_names):
        raise ValueError(name)
    return table


def _about(column: Column) -> dict[str, str]:
    about = {"header": column.header, "measure": column.measure, "source": column.source}
    return {key: text for key, text in about.items() if text}
