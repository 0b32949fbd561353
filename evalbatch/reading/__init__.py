"""Workbook bytes in, Submissions out: fields found by what labels say and where values lie next to them."""

from evalbatch.reading.as_json import to_json
from evalbatch.reading.form_check import check_form
from evalbatch.reading.grid import read_grids
from evalbatch.reading.layout import form_versions, load_lexicon
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.read import read_workbook

__all__ = ["Lexicon", "check_form", "form_versions", "load_lexicon", "read_grids", "read_workbook", "to_json"]
