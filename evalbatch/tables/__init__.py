"""UnitResults and FileResults to long tables, their data dictionary, CSV and Parquet.

The door: TABLES is the data dictionary; rows_of_file and rows_of_unit run in workers; consolidate and
assemble give pandas tables; write_data writes them; money_of_unit and money_of_form say whose money is whose.
"""

from evalbatch import words
from evalbatch.tables.dictionary import dictionary, write_dictionary
from evalbatch.tables.frames import assemble, consolidate
from evalbatch.tables.places import Money, money_of_form, money_of_unit
from evalbatch.tables.rows import TABLES, rows_of_file, rows_of_unit
from evalbatch.tables.schema import Column, TableSchema
from evalbatch.tables.write import write_data

__all__ = [
    "TABLES",
    "Column",
    "Money",
    "TableSchema",
    "assemble",
    "consolidate",
    "dictionary",
    "money_of_form",
    "money_of_unit",
    "rows_of_file",
    "rows_of_unit",
    "words",
    "write_data",
    "write_dictionary",
]
