"""Print a page of the user guide: python -m evalbatch.tables > docs/zh/data.md, … words > docs/zh/words.md."""

import sys

from evalbatch.tables.dictionary import dictionary
from evalbatch.tables.vocabulary import vocabulary

page = vocabulary() if sys.argv[1:] == ["words"] else dictionary()
sys.stdout.buffer.write(page.encode())
