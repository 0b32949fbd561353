"""A campaign in; its blank forms, and each unit's prefilled workbooks, out into output/templates/."""

from pathlib import Path

from evalbatch.campaign import Campaign
from evalbatch.forms import form_paths, write_blank, write_prefilled, write_prefilled_project
from evalbatch.model import Season, Unit
from evalbatch.naming import Namer, safe_name
from evalbatch.publish import Staging

FOLDER = "templates"
BLANKS = f"{FOLDER}/空白表"
PREFILLED = f"{FOLDER}/预填表"


def hand_out(campaign: Campaign, season: Season, output: Path) -> list[str]:
    """Write blank forms and prefilled workbooks; return their names relative to `output`.

    A unit that owes nothing (免报) gets none. Refused when a form can't be opened or the folder not be written.
    """
    staging, namer = Staging(output, replaces=False), Namer()
    forms = form_paths(campaign.templates)
    try:
        for form in forms:
            write_blank(staging.path(namer.path(BLANKS, safe_name(form.stem), ".xlsx")), form, season, guide=True)
        for unit in campaign.roster.units:
            if campaign.owed_by(unit):
                _hand_out_to(unit, campaign, season, forms, staging, namer)
        names = list(staging.names)
        staging.publish()
    except BaseException:
        staging.abandon()
        raise
    return names


def _hand_out_to(
    unit: Unit, campaign: Campaign, season: Season, forms: tuple[Path, ...], staging: Staging, namer: Namer
) -> None:
    owed = campaign.owed_by(unit)
    folder = f"{PREFILLED}/{safe_name(f'{unit.code}_{unit.name}' if unit.code else unit.name)}"
    name = safe_name(unit.name)
    standard = [form for form in forms if form.stem != "project" and form.stem in owed]
    if standard:
        write_prefilled(
            staging.path(namer.path(folder, f"{name}_自评表", ".xlsx")), standard, unit, season, season.approved
        )
    project_form = next((form for form in forms if form.stem == "project"), None)
    named = sorted({t.project for t in season.approved if t.unit == unit.name and t.project})
    projects: list[str | None] = [*named] or ([None] if "project" in owed else [])
    if project_form:
        for project in projects:
            target = namer.path(folder, f"{name}_项目自评表_{safe_name(project or '项目')}", ".xlsx")
            write_prefilled_project(staging.path(target), project_form, unit, season, project, season.approved)
