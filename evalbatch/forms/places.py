"""Where forms lie: the built-in ones, and a bureau's own in its place."""

from collections.abc import Mapping
from pathlib import Path

from evalbatch.resources import shipped

FORM_NAMES = ("project", "whole-unit", "data", "score")
NOT_FORMS = ("scheme",)


def builtin_forms() -> Mapping[str, Path]:
    """Return the built-in forms by name, in reading order.

    >>> list(builtin_forms())
    ['project', 'whole-unit', 'data', 'score']
    """
    folder = shipped("input_templates")
    return {name: folder / f"{name}.xlsx" for name in FORM_NAMES}


def form_paths(campaign_templates: Path | None) -> tuple[Path, ...]:
    """Return the forms that count in a campaign; a form's name is its file's name without ending.

    The bureau's own workbooks come in place of built-in forms of the same name, and after them where
    the name is new. None, or a folder without workbooks, means the built-in ones.
    """
    forms = dict(builtin_forms())
    if campaign_templates is not None and campaign_templates.is_dir():
        for path in sorted(campaign_templates.glob("*.xlsx")):
            if not path.name.startswith(("~$", ".")) and path.stem not in NOT_FORMS:
                forms[path.stem] = path
    return tuple(forms.values())
