"""Tagged forms in, the copies that units fill in out: blank ones, and prefilled ones for each unit."""

from evalbatch.forms.copies import write_blank, write_prefilled, write_prefilled_project
from evalbatch.forms.copying import save_workbook
from evalbatch.forms.parts import losses
from evalbatch.forms.places import builtin_forms, form_paths
from evalbatch.forms.tags import fill_tags, tags_of

__all__ = [
    "builtin_forms",
    "fill_tags",
    "form_paths",
    "losses",
    "save_workbook",
    "tags_of",
    "write_blank",
    "write_prefilled",
    "write_prefilled_project",
]
