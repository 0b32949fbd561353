"""What a long table is: its columns, each with both its names, its type, and how a row gets its value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "integer", "decimal", "date", "flag"]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` in Parquet, `header` with its `measure` in CSV, `source` for the data dictionary.

    `of` takes the value out of a row's Place. `words` are the Chinese words for the values of a closed list, several
    of which are joined with 、: Parquet keeps the value, CSV shows the word.
    """

    name: str
    header: str
    kind: Kind
    source: str
    of: Callable[[Any], object]
    measure: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The header with its measure.

        >>> Column("initial", "年初预算数", "decimal", "表内所填", lambda place: None, "万元").label
        '年初预算数（万元）'
        """
        return f"{self.header}（{self.measure}）" if self.measure else self.header


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One long table: its name, Chinese title, what one row is, and its columns in order."""

    name: str
    title: str
    row_is: str
    columns: tuple[Column, ...]

    def rows(self, places: Sequence[object], first: int = 0) -> list[Row]:
        """The rows for some places: the value of every column, in order, from the column numbered `first` (from 0)."""
        columns = [map(column.of, places) for column in self.columns[first:]]
        return list(zip(*columns, strict=True))

    def __getitem__(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)
