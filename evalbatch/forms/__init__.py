"""Tagged forms in, the copies that units fill in out: blank ones, and prefilled ones for each unit."""

from evalbatch.forms.copies import Copies, write_blank, write_prefilled, write_prefilled_project
from evalbatch.forms.copying import save_workbook
from evalbatch.forms.places import builtin_forms, form_name, form_paths
from evalbatch.forms.tags import fill_tags, tags_of

__all__ = [
    "Copies",
    "builtin_forms",
    "fill_tags",
    "form_name",
    "form_paths",
    "save_workbook",
    "tags_of",
    "write_blank",
    "write_prefilled",
    "write_prefilled_project",
]
