"""Rows in, pandas tables out, in stable order: columns keep their exact types, Decimals as decimal128."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from itertools import chain
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
_STEP = Decimal("0.000001")
_WIDEST = Decimal(10) ** 31
_rounded = Context(prec=60, rounding=ROUND_HALF_UP).quantize


def consolidate(
    files: Sequence[FileResult],
    units: Sequence[UnitResult],
    findings: Sequence[Finding] = (),
    unused: Mapping[str, Sequence[Cell]] | None = None,
) -> dict[str, pd.DataFrame]:
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


def assemble(parts: Iterable[Rows]) -> dict[str, pd.DataFrame]:
    """Join rows, as workers hand them back, into tables; each finding once."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for part in parts:
        for name, some in part.items():
            rows[name].extend(some)
    rows["findings"] = _once(rows["findings"])
    return {name: _frame(schema, rows[name]) for name, schema in TABLES.items()}


def _once(rows: Sequence[Row]) -> list[Row]:
    """Each finding once, those of one unit together: unit and file tell of the same cell in the same words."""
    names = [column.name for column in TABLES["findings"].columns]
    unit, name, file = (names.index(column) for column in ("unit_code", "unit_name", "file"))
    what = [names.index(column) for column in ("code", "file", "sheet", "cell", "message")]
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        owner = (row[unit], row[name]) if row[file] is None else None
        first.setdefault((owner, *(row[index] for index in what)), row)
    groups: dict[object, list[Row]] = {}
    for row in first.values():
        groups.setdefault((row[unit], row[name]), []).append(row)
    nobody = groups.pop((None, None), [])
    return [*chain.from_iterable(groups.values()), *nobody]


def _frame(schema: TableSchema, rows: Sequence[Row]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema.columns)
    arrays = [_array(column, values) for column, values in zip(schema.columns, columns, strict=True)]
    table = pa.Table.from_arrays(arrays, names=[column.name for column in schema.columns])
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


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
    try:
        array = pa.array([None if value is None else _rounded(value, _STEP) for value in values], _DECIMAL)
        if not pc.any(pc.greater_equal(pc.abs(array), _WIDEST)).as_py():
            return array
    except (InvalidOperation, pa.ArrowInvalid):  # not finite, or far too wide
        pass
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


def _about(column: Column) -> dict[str, str]:
    about = {"header": column.header, "measure": column.measure, "source": column.source}
    return {key: text for key, text in about.items() if text}
