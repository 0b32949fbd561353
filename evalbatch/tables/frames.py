"""Rows in, pandas tables out, in stable order: columns keep their exact types, Decimals as decimal128."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import chain
from typing import Any

import pandas as pd
import pyarrow as pa

from evalbatch.model import Cell, FileResult, Finding, UnitResult
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
_AT_ONCE = 4096
"""So many rows become a frame at a time."""
_rounded = Context(prec=60, rounding=ROUND_HALF_UP).quantize


Tables = Mapping[str, pd.DataFrame]
"""The long tables by name, in the order of TABLES."""


def consolidate(
    files: Sequence[FileResult],
    units: Sequence[UnitResult],
    forms: Iterable[Rows],
    findings: Sequence[Finding] = (),
    unused: Mapping[str, Sequence[Cell]] | None = None,
    names: Iterable[str] = TABLES,
) -> Tables:
    """Put a district's results into the long tables of TABLES, as pandas frames by name.

    `forms` are the rows of the units' forms and lines, unit by unit (see rows_of_forms). `findings` are the district's
    own, beside those of its files and units; `unused` are the unused cells of each file by its path. Files go by path,
    all else by the roster and then as in the forms. A finding that is held by its file and its unit is one row. Amounts
    are in 万元, rates in percent, scores in points, rounded half-up to six decimals; a number of more than 31 digits
    has no place in a table and is blank. Only the tables of these `names` are made.
    """
    known = {key: result.unit for result in units for key in (result.unit.name, result.unit.code) if key}
    owner = {result.source.path: known[result.unit] for result in files if result.unit in known}
    owner |= {form.source.path: result.unit for result in units for form in result.forms}
    cells = unused or {}
    by_path = sorted(files, key=lambda result: result.source.path)
    return assemble(
        chain(
            forms,
            map(rows_of_unit, units),
            (
                rows_of_file(result, owner.get(result.source.path), cells.get(result.source.path, ()))
                for result in by_path
            ),
            [{"findings": rows_of_findings((finding, owner.get(finding.file or ""), None) for finding in findings)}],
        ),
        names,
    )


def assemble(parts: Iterable[Rows], names: Iterable[str] = TABLES) -> Tables:
    """Join rows, as workers hand them back, into the tables of these names; each finding once."""
    waiting: dict[str, list[Row]] = {name: [] for name in names}
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in waiting}
    for part in parts:
        for name, rows in part.items():
            if name not in waiting:
                continue
            waiting[name].extend(rows)
            if len(waiting[name]) >= _AT_ONCE:  # rows take ten times the room of a frame
                frames[name].append(frame_of(TABLES[name], waiting[name]))
                waiting[name] = []
    for name, rows in waiting.items():
        if rows or not frames[name]:
            frames[name].append(frame_of(TABLES[name], rows))
    joined = {name: pd.concat(some, ignore_index=True) for name, some in frames.items()}
    return {name: _each_once(frame) if name == "findings" else frame for name, frame in joined.items()}


def frame_of(schema: TableSchema, rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a frame of the table's columns and types."""
    values = zip(*rows, strict=True) if rows else ((),) * len(schema.columns)
    arrays = [_array(column, some) for column, some in zip(schema.columns, values, strict=True)]
    frame: pd.DataFrame = pa.table(arrays, schema=arrow_schema(schema)).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _each_once(findings: pd.DataFrame) -> pd.DataFrame:
    """Return every finding once, those of one unit together: unit and file tell of the same cell in the same words."""
    what = findings[["code", "file", "sheet", "cell", "message"]].copy()
    of_unit = findings["file"].isna()
    for name in ("unit_code", "unit_name"):
        what[name] = findings[name].where(of_unit)
    once = findings[~what.duplicated()]
    units = once.groupby(["unit_code", "unit_name"], sort=False, dropna=False).ngroup()
    of_nobody = once["unit_name"].isna() & once["unit_code"].isna()
    order = units.where(~of_nobody, len(once)).argsort(kind="stable")
    return once.iloc[order].reset_index(drop=True)


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
