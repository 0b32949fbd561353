"""Tables in, data files out: CSV for people and Excel, Parquet for programs; the same bytes every time."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evalbatch.tables.frames import arrow_schema
from evalbatch.tables.rows import TABLES
from evalbatch.tables.schema import Column, TableSchema

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NEEDS_QUOTES = re.compile(r'[",\r\n]')
_PLAIN_NUMBER = re.compile(r"-\d+(\.\d+)?[%％]?")


def write_data(place: Path | Callable[[str], Path], tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Write every table to data/<table>.csv and data/<table>.parquet; return these names.

    `place` is the folder they go to, or gives each name the path to write it at. CSV is UTF-8 with BOM, Chinese
    headers, CRLF, plain decimals, words for closed lists; Parquet keeps the English names and exact types.
    Raises OSError when a file can't be written.
    """
    written = []
    for name, schema in TABLES.items():
        table = _table(schema, tables[name])
        for suffix, write in ((".csv", _write_csv), (".parquet", _write_parquet)):
            path = f"data/{name}{suffix}"
            target = place / path if isinstance(place, Path) else place(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target, schema, table)
            written.append(path)
    return tuple(written)


def _table(schema: TableSchema, frame: pd.DataFrame) -> pa.Table:
    """The rows of a frame, with the types and the metadata of Parquet."""
    kept = arrow_schema(schema)
    return pa.Table.from_arrays(
        [pa.array(frame[field.name], field.type, from_pandas=True) for field in kept], schema=kept
    )


def _write_csv(target: Path, schema: TableSchema, table: pa.Table) -> None:
    head = ",".join(_quoted(column.label) for column in schema.columns)
    cells = [shown(column, table[column.name]) for column in schema.columns]
    lines = pc.binary_join_element_wise(*cells, ",").to_pylist()
    target.write_bytes("\r\n".join(["\ufeff" + head, *lines, ""]).encode("utf-8"))


def shown(column: Column, values: pa.ChunkedArray) -> pa.Array:
    """A column's values as fields of CSV: blanks as nothing, decimals as plain digits without trailing zeros."""
    if column.kind == "decimal":  # their scale is fixed: always digits, a point, digits
        text = pc.utf8_rtrim(pc.utf8_rtrim(values.cast(pa.string()), "0"), ".")
    else:
        found = values.combine_chunks().dictionary_encode()
        words = [_quoted(_word(column, value)) for value in found.dictionary.to_pylist()]
        text = pa.array(words, pa.string()).take(found.indices)
    return pc.fill_null(text, "")


def _word(column: Column, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return column.words[text] if text in column.words else inert(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading apostrophe goes before = + - @ (OWASP, CSV injection).

    >>> inert("=1+1"), inert("-95.8%"), inert("-2+3"), inert("≥8场")
    ("'=1+1", '-95.8%', "'-2+3", '≥8场')
    """
    if text.lstrip(" \u3000").startswith(_STARTS_A_FORMULA) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _write_parquet(target: Path, _schema: TableSchema, table: pa.Table) -> None:
    pq.write_table(table, target, compression="zstd")
