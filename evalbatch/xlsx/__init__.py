"""A workbook's parts: scanned within limits, taken apart, changed in a few places, put together again."""
