"""Spreadsheet-in, spreadsheet-out batch processing of budget performance self-evaluations (预算绩效自评)."""

import os

__version__ = "0.1.0"

# With lxml installed openpyxl writes other bytes for the same workbook; the same inputs must give the same bytes.
os.environ.setdefault("OPENPYXL_LXML", "False")
