"""Print the catalogue's page of the user guide: python -m evalbatch.checks > docs/zh/catalogue.md."""

import sys

from evalbatch.checks.page import catalogue_page

sys.stdout.buffer.write(catalogue_page().encode())
