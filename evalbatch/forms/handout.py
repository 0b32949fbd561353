"""A campaign in; its blank forms, and each unit's prefilled workbooks, out into output/templates/."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from evalbatch.campaign.folder import Campaign
from evalbatch.forms.copies import Copies
from evalbatch.forms.grown import refuse_disagreements
from evalbatch.forms.places import form_kind, form_name, form_of_project, form_paths
from evalbatch.model import ApprovedTarget, Season, Unit
from evalbatch.model.words import FORM
from evalbatch.scoring.scheme import Scheme
from evalbatch.storage.staging import Staging
from evalbatch.text.folding import bare_project
from evalbatch.text.names import Namer, safe_name, unit_stem

FOLDER = "templates"
BLANKS = f"{FOLDER}/空白表"
PREFILLED = f"{FOLDER}/预填表"


def hand_out(campaign: Campaign, season: Season, scheme: Scheme, output: Path) -> list[str]:
    """Write blank forms and prefilled workbooks; return their names relative to `output`.

    A unit that owes nothing (免报) gets none. Refused when a form can't be opened or the folder not be written.
    """
    campaign.refuse_overlap(output)
    for path in form_paths(campaign.templates):
        refuse_disagreements(path, scheme)
    staging, namer = Staging(output, replaces=False), Namer()
    forms = {form_name(path): path for path in form_paths(campaign.templates)}
    copies, approved = Copies(season, scheme), defaultdict[str, list[ApprovedTarget]](list)
    for one in season.approved:
        approved[one.unit].append(one)
    try:
        for form in forms.values():
            target = staging.path(namer.path(BLANKS, safe_name(FORM.get(form.stem, form.stem)), ".xlsx"))
            target.write_bytes(copies.blank(form))
        owed = {name for unit in campaign.roster.units for name in campaign.owed_by(unit)}
        shown = [path for name, path in forms.items() if name in owed] or list(forms.values())
        staging.path(namer.path(FOLDER, "填表要点", ".xlsx")).write_bytes(copies.poster(shown))
        for unit in campaign.roster.units:
            if unit.name not in campaign.exempt:
                folder = namer.path(PREFILLED, unit_stem(unit), "")
                due = [project.name for project in campaign.due_projects.get(unit.name, ())]
                for name, data in _copies_of(unit, campaign.owed_by(unit), forms, copies, approved[unit.name], due):
                    staging.path(namer.path(folder, name, ".xlsx")).write_bytes(data)
        names = list(staging.names)
        staging.publish()
    except BaseException:
        staging.abandon()
        raise
    return names


def left_over(output: Path, names: Collection[str]) -> list[str]:
    """Name the workbooks of an earlier set beside those just written: of units and projects gone or renamed."""
    lying = {
        path.relative_to(output).as_posix()
        for folder in (BLANKS, PREFILLED)
        for path in (output / folder).rglob("*.xlsx")
        if not path.name.startswith("~$")
    }
    return sorted(lying.difference(names))


def _copies_of(
    unit: Unit,
    owed: Collection[str],
    forms: Mapping[str, Path],
    copies: Copies,
    approved: Sequence[ApprovedTarget],
    due: Sequence[str],
) -> Iterator[tuple[str, bytes]]:
    """Yield a unit's workbooks with their names: one of its own forms, or several where they can't lie in one."""
    called = safe_name(unit.name)
    standard = [path for name, path in forms.items() if form_kind(path) != "project" and name in owed]
    made = copies.standard(standard, unit, approved) if standard else []
    for title, data in made:
        yield f"{called}_自评表" + (f"_{safe_name(title)}" if len(made) > 1 else ""), data
    kinds = [name for name, path in forms.items() if form_kind(path) == "project"]
    for name in kinds:
        what = "项目自评表" if name == "project" else safe_name(name)
        mine: list[str | None] = [
            project for project in due if form_of_project(bare_project(project), kinds, owed, approved) == name
        ]
        for project in mine or ([None] if name in owed else []):
            data = copies.project(forms[name], unit, project, approved)
            yield f"{called}_{what}_{safe_name(project or '项目')}", data
