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
_UNSEEN = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*")
"""What may stand in front of a sign without being seen."""
_NEEDS_CARE = (
    r'[",\r\n]|^[\s\x{85}\x{a0}\x{ad}\x{1680}\x{180e}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}'
    r"\x{3000}\x{feff}\x{1c}-\x{1f}]*[-+=@\t＝＋－＠]"
)  # for RE2: whatever _quoted or inert might change
_PIECE = 4096  # lines of CSV that are made at once
_GROUP = 16_384
"""So many rows of a Parquet file are encoded, and can be read, at a time."""


def write_data(place: Path | Callable[[str], Path], tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Write each of these tables to data/<table>.csv and data/<table>.parquet; return these names.

    `place` is the folder they go to, or gives each name the path to write it at. CSV is UTF-8 with BOM, Chinese
    headers, CRLF, plain decimals, words for closed lists; Parquet keeps the English names and exact types.
    Raises OSError when a file can't be written.
    """
    return tuple(path for name, frame in tables.items() for path in _write(place, TABLES[name], frame))


def _write(place: Path | Callable[[str], Path], schema: TableSchema, frame: pd.DataFrame) -> list[str]:
    table, written = _table(schema, frame), []
    for suffix, write in ((".csv", _write_csv), (".parquet", _write_parquet)):
        path = f"data/{schema.name}{suffix}"
        target = place / path if isinstance(place, Path) else place(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, schema, table)
        written.append(path)
    return written


def _table(schema: TableSchema, frame: pd.DataFrame) -> pa.Table:
    """The rows of a frame, with the types and the metadata of Parquet."""
    kept = arrow_schema(schema)
    return pa.Table.from_arrays(
        [pa.array(frame[field.name], field.type, from_pandas=True) for field in kept], schema=kept
    )


def _write_csv(target: Path, schema: TableSchema, table: pa.Table) -> None:
    head = ",".join(_quoted(column.label) for column in schema.columns)
    with target.open("wb") as file:
        file.write(f"\ufeff{head}\r\n".encode())
        for start in range(0, len(table), _PIECE):
            piece = table.slice(start, _PIECE)
            cells = [shown(column, piece[column.name]) for column in schema.columns]
            lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
            file.write(pc.binary_join(pa.ListArray.from_arrays([0, len(piece)], lines), "\r\n")[0].as_buffer())
            file.write(b"\r\n")


def shown(column: Column, values: pa.ChunkedArray) -> pa.Array:
    """A column's values as fields of CSV: blanks stay blank, decimals are plain digits without trailing zeros."""
    array = values.combine_chunks()
    if column.kind == "decimal":  # their scale is fixed: always digits, a point, digits
        return pc.utf8_rtrim(pc.utf8_rtrim(array.cast(pa.string()), "0"), ".")
    found = array.dictionary_encode()
    return _safe(_words(column, found.dictionary)).take(found.indices)


def _words(column: Column, values: pa.Array) -> pa.Array:
    """Values as people read them."""
    if column.kind == "flag":
        return pa.array(["是" if value else "否" for value in values.to_pylist()], pa.string())
    text = values.cast(pa.string())
    if not column.words:
        return text
    said = ("、".join(column.words.get(one, one) for one in value.split("、")) for value in text.to_pylist())
    return pa.array(said, pa.string())


def _safe(texts: pa.Array) -> pa.Array:
    """Texts as fields that no program misreads; few need anything done."""
    needy = pc.match_substring_regex(texts, _NEEDS_CARE)
    safe = [_quoted(inert(text)) for text in texts.filter(needy).to_pylist()]
    return pc.replace_with_mask(texts, needy, pa.array(safe, pa.string()))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading apostrophe goes before = + - @ (OWASP, CSV injection).

    >>> inert("=1+1"), inert("-95.8%"), inert("-2+3"), inert("≥8场"), inert("\\u200b=1+1").startswith("'")
    ("'=1+1", '-95.8%', "'-2+3", '≥8场', True)
    """
    starts = any(
        told.startswith(_STARTS_A_FORMULA) for told in (text.lstrip(" \u3000"), _UNSEEN.sub("", text, count=1))
    )
    if starts and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _write_parquet(target: Path, _schema: TableSchema, table: pa.Table) -> None:
    with pq.ParquetWriter(target, table.schema, compression="zstd") as writer:
        for start in range(0, max(len(table), 1), _GROUP):
            writer.write_table(table.slice(start, _GROUP))
