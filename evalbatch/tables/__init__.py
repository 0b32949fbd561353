"""UnitResults and FileResults to long tables, their data dictionary, CSV and Parquet.

The door: TABLES is the data dictionary; rows_of_file and rows_of_unit give rows; consolidate and assemble give pandas
tables; write_data writes them; money_of_unit and money_of_form say whose money is whose. amounts_of, line_rows,
compared_in, largest_cut and named_cells are what is asked of a form's lines.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalbatch import words
from evalbatch.tables.asked import compared_in, largest_cut, named_cells, size_of
from evalbatch.tables.dictionary import dictionary, write_dictionary
from evalbatch.tables.places import Money, amounts_of, money_of_form, money_of_unit
from evalbatch.tables.rows import TABLES, line_rows, rows_of_file, rows_of_unit
from evalbatch.tables.schema import Column, TableSchema

if TYPE_CHECKING:
    from evalbatch.tables.frames import assemble, consolidate
    from evalbatch.tables.write import write_data

__all__ = [
    "TABLES",
    "Column",
    "Money",
    "TableSchema",
    "amounts_of",
    "assemble",
    "compared_in",
    "consolidate",
    "dictionary",
    "largest_cut",
    "line_rows",
    "money_of_form",
    "money_of_unit",
    "named_cells",
    "rows_of_file",
    "rows_of_unit",
    "size_of",
    "words",
    "write_data",
    "write_dictionary",
]

_WITH_PANDAS = {"assemble": "frames", "consolidate": "frames", "write_data": "write"}
"""What is imported only when it is asked for: workers, who make rows, do without pandas."""


def __getattr__(name: str) -> Any:
    if name in _WITH_PANDAS:
        return getattr(import_module(f"{__name__}.{_WITH_PANDAS[name]}"), name)
    raise AttributeError(name)
