"""Spreadsheet-in, spreadsheet-out batch processing of budget performance self-evaluations (预算绩效自评).

For notebooks and scripts: `read_workbook`, `parse`, `run` and `read_tables`, described in `evalbatch.library`. Nothing
else of the inside is promised.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalbatch.library import Results, Workbook, parse, read_tables, read_workbook, run

__version__ = "0.1.0"
__all__ = ["Results", "Workbook", "parse", "read_tables", "read_workbook", "run"]

# With lxml installed openpyxl writes other bytes for the same workbook; the same inputs must give the same bytes.
os.environ.setdefault("OPENPYXL_LXML", "False")


def __getattr__(name: str) -> Any:
    """Import the library with the first of its names that is asked for: no command waits for pandas."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from evalbatch import library

    return getattr(library, name)
