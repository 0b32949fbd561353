"""Names as people see them: width, spaces and look-alike characters folded; names that are safe for files."""
