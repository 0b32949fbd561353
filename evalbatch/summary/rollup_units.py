"""Every district's units in, one ranking out: kept in columns, handed to the sheet a few thousand rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evalbatch.sheets.table import CellValue

_AT_ONCE = 4_096
_SOURCES = {"whole-unit": "整体支出", "score": "评分表", "projects": "项目"}


@dataclass(frozen=True)
class Ranking(Sequence[Sequence[CellValue]]):
    """Ranked units as a sheet's rows, equals on equal ranks; rows are made when they are asked for."""

    table: pa.Table
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first

    @overload
    def __getitem__(self, place: int) -> Sequence[CellValue]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[CellValue]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[CellValue] | Sequence[Sequence[CellValue]]:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return list(Ranking(self.table, self.first + start, self.first + max(start, stop)))
        return next(iter(Ranking(self.table, self.first + place, self.first + place + 1)))

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        for start in range(self.first, self.last, _AT_ONCE):
            part = self.table.slice(start, min(_AT_ONCE, self.last - start))
            yield from (_row(unit) for unit in part.to_pylist())


def _row(unit: dict[str, Any]) -> Sequence[CellValue]:
    return (
        unit["rank"], unit["district"], unit["unit_code"], unit["unit_name"], unit["self_score"],
        unit["verified_score"], unit["difference"], unit["self_grade"], unit["verified_grade"],
        f"{unit['pending']}项" if unit["pending"] else None, _SOURCES.get(unit["scored_by"], unit["scored_by"]),
        unit["adjusted"], unit["executed"], unit["rate"], unit["must_fix"],
    )  # fmt: skip


class Units:
    """What is kept of every unit of every district: some hundred bytes each."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []

    def add(self, district: str, units: pa.Table) -> None:
        """Add one district's units."""
        names = pa.array([district] * len(units), pa.string()).dictionary_encode()
        self._parts.append(units.append_column("district", names))

    def ranked(self, sources: Sequence[str]) -> pa.Table:
        """Rank the units whose score comes from one of these, best first; equals stay in the districts' order."""
        if not self._parts:
            raise ValueError("no district")
        table = pa.concat_tables(self._parts).unify_dictionaries()
        wanted = pc.and_(pc.is_in(table["scored_by"], pa.array(sources)), pc.is_valid(table["verified_score"]))
        table = table.filter(wanted)
        table = table.append_column("order", pa.array(range(len(table)), pa.int64()))
        best = pc.sort_indices(table, sort_keys=[("verified_score", "descending"), ("order", "ascending")])
        table = table.take(best).drop_columns(["order"])
        return table.append_column("rank", pa.array(_ranks(table["verified_score"]), pa.int64()))


def _ranks(scores: pa.ChunkedArray) -> Iterator[int]:
    rank, last = 0, None
    for place, score in enumerate((score for chunk in scores.chunks for score in chunk.to_pylist()), start=1):
        if score != last:
            rank, last = place, score
        yield rank


def write_rest(target: Path, table: pa.Table, first: int) -> None:
    """Write the units from place `first` on as Parquet; raises OSError."""
    rest = table.slice(first).set_column(
        table.schema.get_field_index("district"), "district", table.slice(first)["district"].cast(pa.string())
    )
    pq.write_table(rest, target, compression="zstd")
