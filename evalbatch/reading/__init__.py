"""Workbook bytes in, Submissions out: fields found by what labels say and where values lie next to them."""
