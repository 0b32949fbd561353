"""Tables in, data files out: CSV for people and Excel, Parquet for programs; the same bytes every time."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evalbatch.tables.frames import arrow_schema
from evalbatch.tables.rows import TABLES
from evalbatch.tables.schema import Column, TableSchema

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-\d+(\.\d+)?[%％]?")


def write_data(place: Path | Callable[[str], Path], tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Write every table to data/<table>.csv and data/<table>.parquet; return these names.

    `place` is the folder they go to, or gives each name the path to write it at. CSV is UTF-8 with BOM, Chinese
    headers, CRLF, plain decimals, words for closed lists; Parquet keeps the English names and exact types.
    Raises OSError when a file can't be written.
    """
    written = []
    for name, schema in TABLES.items():
        for suffix, write in ((".csv", _write_csv), (".parquet", _write_parquet)):
            path = f"data/{name}{suffix}"
            target = place / path if isinstance(place, Path) else place(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target, schema, tables[name])
            written.append(path)
    return tuple(written)


def _write_csv(target: Path, schema: TableSchema, frame: pd.DataFrame) -> None:
    columns = [_shown(column, _values(frame, column.name)) for column in schema.columns]
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([column.label for column in schema.columns])
        out.writerows(zip(*columns, strict=True))


def _values(frame: pd.DataFrame, name: str) -> list[object]:
    values: list[object] = pa.array(frame[name], from_pandas=True).to_pylist()
    return values


def _shown(column: Column, values: Iterable[object]) -> Sequence[str]:
    if column.words:
        return ["" if value is None else column.words.get(str(value), inert(str(value))) for value in values]
    return ["" if value is None else _text(value) for value in values]


def _text(value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case int():
            return str(value)
    return inert(str(value))


def plain(value: Decimal) -> str:
    """A Decimal as plain digits, without an exponent or trailing zeros.

    >>> plain(Decimal("138.790000")), plain(Decimal("1200.000000")), plain(Decimal("-0.000000"))
    ('138.79', '1200', '0')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading apostrophe goes before = + - @ (OWASP, CSV injection).

    >>> inert("=1+1"), inert("-95.8%"), inert("-2+3"), inert("≥8场")
    ("'=1+1", '-95.8%', "'-2+3", '≥8场')
    """
    if text.lstrip(" \u3000").startswith(_STARTS_A_FORMULA) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _write_parquet(target: Path, schema: TableSchema, frame: pd.DataFrame) -> None:
    arrays = [
        pa.array(_values(frame, column.name), arrow_schema(schema).field(column.name).type) for column in schema.columns
    ]
    table = pa.Table.from_arrays(arrays, schema=arrow_schema(schema))
    pq.write_table(table, target, compression="zstd")
