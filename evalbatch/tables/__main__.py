"""Print the data dictionary of the user guide: python -m evalbatch.tables > docs/zh/data.md."""

import sys

from evalbatch.tables.dictionary import dictionary

sys.stdout.buffer.write(dictionary().encode())
