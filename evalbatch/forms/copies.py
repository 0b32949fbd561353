"""Tagged forms in, units' copies out: blank, or with what is known filled in and locked."""

from collections.abc import Callable, Sequence
from pathlib import Path

from evalbatch.forms.front import Contents, poster
from evalbatch.forms.places import form_kind, form_name
from evalbatch.forms.templates import (
    Template,
    blank_template,
    contents_of_form,
    project_template,
    standard_templates,
)
from evalbatch.forms.texts import Value
from evalbatch.model import ApprovedTarget, Refused, Season, Unit
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.workbook import load_scheme
from evalbatch.text.folding import bare_project

Known = Callable[[str, str], dict[str, Value]]
"""The values of a form's tags by the form's name and kind; "" is for the sheets around the forms."""


class Copies:
    """Makes the copies of one season and scheme, the built-in one unless given; what units share is made once."""

    def __init__(self, season: Season, scheme: Scheme | None = None) -> None:
        self.season, self.scheme = season, scheme or load_scheme(None)
        self._ready: dict[tuple[tuple[Path, ...], bool, bool], list[Template]] = {}

    def blank(self, form: Path, *, guide: bool = True) -> bytes:
        """Make a form as units get it: year and version in, no tag left, its checks beside what the bureau drew.

        `guide` puts the filling guide in front. Refused when the form can't be opened.
        """
        return blank_template(form, self.season, self.scheme, guide=guide).filled(
            _of_season(self.season), (), self.season
        )

    def poster(self, forms: Sequence[Path]) -> bytes:
        """Make the page for the wall: how to fill in these forms."""
        every = [contents_of_form(form, self.scheme) for form in forms]
        marks = frozenset().union(*(contents.marks for contents in every)) - {"prepared", "numbered"}
        marks -= {"amounts"} if "money" in marks else set()
        required = tuple(one for contents in every for one in contents.required)
        return poster(self.season, self.scheme, Contents(marks | {"tinted"}, required=required))

    def standard(
        self, forms: Sequence[Path], unit: Unit, approved: Sequence[ApprovedTarget] = ()
    ) -> list[tuple[str, bytes]]:
        """Make a unit's standard workbook: cover, filling guide, then its forms, those of projects excepted.

        Known values are filled in and locked, the sheets protected without a password, so that only entry cells take
        anything. The unit's own of `approved` go into the rows of their forms; those that have no place there are
        listed on a sheet. Forms that can't lie in one workbook without loss come in several; each has the name of its
        first form.
        """
        standard = tuple(form for form in forms if form_kind(form) != "project")
        if not standard:
            raise Refused(
                "没有可以放进工作簿的表样。", remedy="请把表样放进 input_templates 文件夹，例如 whole-unit.xlsx。"
            )
        left = [target for target in approved if target.unit in (unit.name, unit.code) and target.project is None]
        made = []
        templates = self._templates(standard, unit, project=False)
        for number, template in enumerate(templates, 1):
            is_last = number == len(templates)
            own = [target for target in left if is_last or template.has(target.form)]
            left = [target for target in left if target not in own]
            made.append((template.title, template.filled(_of_unit(self.season, unit), own, self.season)))
        return made

    def project(self, form: Path, unit: Unit, project: str | None, approved: Sequence[ApprovedTarget] = ()) -> bytes:
        """Make the form of one of a unit's projects: guide, form, and its approved targets."""
        mine = [target for target in approved if target.unit in (unit.name, unit.code) and target.project]
        named = [target for target in mine if project and bare_project(target.project) == bare_project(project)]
        own = [target for target in named if target.form == form_name(form)]
        [template] = self._templates((form,), unit, project=True)
        return template.filled(_of_unit(self.season, unit, project), own, self.season)

    def _templates(self, forms: tuple[Path, ...], unit: Unit, *, project: bool) -> list[Template]:
        has_deadline = (unit.deadline or self.season.deadline) is not None
        key = (forms, has_deadline, project)
        if key not in self._ready:
            self._ready[key] = (
                [project_template(forms[0], self.season, self.scheme, has_deadline=has_deadline)]
                if project
                else standard_templates(forms, self.season, self.scheme, has_deadline=has_deadline)
            )
        return self._ready[key]


def _of_season(season: Season) -> Known:
    """What a season knows for each form; the deadline stands in the guide."""

    def known(form: str, _kind: str) -> dict[str, Value]:
        return {"year": season.year, "version": season.versions.get(form), "deadline": season.deadline}

    return known


def _of_unit(season: Season, unit: Unit, project: str | None = None) -> Known:
    """What is known of a unit for each form; the roster's money belongs on the whole-unit form alone."""
    of_season = _of_season(season)
    named = {"unit.name": unit.name, "unit.code": unit.code or None, "project.name": project}
    money = {f"budget.total.{key}": getattr(unit, key) for key in ("initial", "adjusted", "executed")}

    def known(form: str, kind: str) -> dict[str, Value]:
        own = {"deadline": unit.deadline or season.deadline, **(money if kind == "whole-unit" else {})}
        return {**of_season(form, kind), **named, **own}

    return known
