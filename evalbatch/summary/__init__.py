"""A district's or a province's tables as one summary workbook."""
