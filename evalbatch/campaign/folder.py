"""A campaign folder in, everything that its settings say out; the places of all it holds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evalbatch.campaign import approved, roster, settings
from evalbatch.campaign.form_names import remedy_for, unknown_form
from evalbatch.campaign.roster import Roster, load_roster
from evalbatch.campaign.settings import Settings, load_settings
from evalbatch.model import DueProject, Refused, Season, Unit


@dataclass(frozen=True)
class Campaign:
    """One campaign: its folder, its settings, its roster and approved targets.

    The optional parts have their built-in stand-ins: no scheme.xlsx means the built-in scheme, no
    input_templates/ the built-in forms.
    """

    folder: Path
    settings: Settings
    roster: Roster

    @property
    def name(self) -> str:
        """The campaign's name: its folder's."""
        return self.folder.resolve().name

    @property
    def inbox(self) -> Path:
        """Where units' files are dropped; read only."""
        return self.folder / "inbox"

    @property
    def output(self) -> Path:
        """Where everything made goes, unless the command says otherwise."""
        return self.folder / "output"

    @property
    def review(self) -> Path:
        """What people decided, and what waits for them."""
        return self.folder / "review.xlsx"

    @property
    def record(self) -> Path:
        """What can't be remade: the history of submissions and findings, messages sent."""
        return self.folder / "record"

    @property
    def last_years_outputs(self) -> tuple[Path, ...]:
        """The places where the campaign that settings name as last year's may have left its run.json."""
        return outputs_before(self.folder, self.settings)

    @property
    def scheme_path(self) -> Path | None:
        """The campaign's own scheme workbook, None where the built-in one counts."""
        path = self.folder / "scheme.xlsx"
        return path if path.exists() else None

    @property
    def templates(self) -> Path | None:
        """The bureau's own forms, None where the built-in ones count."""
        path = self.folder / "input_templates"
        return path if path.is_dir() else None

    @cached_property
    def season(self) -> Season:
        """What this campaign fixes for every submission. Refused when approved_targets.xlsx is broken."""
        path = self.folder / approved.FILE_NAME
        return Season(
            district=self.settings.district,
            year=self.settings.year,
            deadline=self.settings.deadline,
            correction_days=self.settings.correction_days,
            correction_deadline=self.settings.correction_deadline,
            full_mark=self.settings.full_mark,
            owes=self.settings.owes,
            approved=approved.load_approved(path, self.roster, self.settings.owes) if path.exists() else (),
        )

    @cached_property
    def exempt(self) -> frozenset[str]:
        """The names of the units that owe nothing: 免报, and on no list of projects."""
        listed = {project.unit for project in self.roster.projects}
        return frozenset(u.name for u in self.roster.units if not self.owed_by(u) and u.name not in listed)

    @cached_property
    def due_projects(self) -> Mapping[str, tuple[DueProject, ...]]:
        """The projects that each unit must evaluate: those of the list of projects, else those with approved targets.

        A unit that owes nothing (免报) owes a project only when the list says so. Refused as `season` is.
        """
        listed = self.roster.projects or approved.approved_projects(self.season.approved)
        due: dict[str, tuple[DueProject, ...]] = {}
        for project in listed:
            if self.roster.projects or project.unit not in self.exempt:
                due[project.unit] = (*due.get(project.unit, ()), project)
        return due

    @property
    def cache_folder(self) -> Path:
        """Where the cache lies."""
        return self.folder / (self.settings.cache or ".evalbatch")

    def refuse_overlap(self, output: Path) -> None:
        """Refuse an output folder that is, or lies in, a folder whose content is somebody else's."""
        own = {
            "收件文件夹": self.inbox,
            "记录文件夹": self.record,
            "表样文件夹": self.folder / "input_templates",
            "封存文件夹": self.folder / "sealed",
            "缓存文件夹": self.folder / ".evalbatch",
        }
        for what, place in own.items():
            if _within(output, place):
                raise Refused(
                    f"输出不能写到{what}“{place}”里。", remedy="请用 --output 指定另一个文件夹，或不写 --output。"
                )
        if _real(output) == _real(self.folder):
            raise Refused(
                "输出不能直接写到批次文件夹里，会和设置、名单混在一起。",
                remedy="请用 --output 指定另一个文件夹，或不写 --output。",
            )

    def owed_by(self, unit: Unit) -> tuple[str, ...]:
        """Return the forms that a unit owes: its own list, else the campaign's default."""
        return self.settings.owes if unit.owes is None else unit.owes


def outputs_before(folder: Path, of: settings.Settings) -> tuple[Path, ...]:
    """Return where the campaign that these settings of a folder name as last year's may have left its run.json."""
    named = of.last_year.replace("\\", "/")
    return (folder / named / "output", folder / named) if named else ()


def load_campaign(folder: Path) -> Campaign:
    """Read a campaign folder; Refused says which file of it can't be used, where, and what to do."""
    if not folder.is_dir():
        raise Refused(f"找不到文件夹“{folder}”。", remedy="请检查文件夹名称，或先运行 evalbatch init 新建批次。")
    loaded = load_settings(folder / settings.FILE_NAME)
    if not loaded.year:
        raise Refused(
            f"设置文件 {settings.FILE_NAME} 还没有写明评价年度。",
            remedy="请在 [campaign] 一节写上，例如：year = 2023。",
        )
    path = folder / roster.FILE_NAME
    if not path.exists():
        raise Refused(
            f"批次“{folder.resolve().name}”中没有单位名单 {roster.FILE_NAME}。",
            remedy="请把预算单位名单放进批次文件夹，第1行为栏名，至少有“单位名称”一栏。",
        )
    campaign = Campaign(folder, loaded, load_roster(path))
    _refuse_misplaced(campaign)
    if campaign.templates is None:
        _refuse_unknown_forms(campaign)
    return campaign


def _refuse_misplaced(campaign: Campaign) -> None:
    """Refuse a cache among what is not the program's to write into, and a last year that is this one."""
    wrong = (
        campaign.inbox,
        campaign.output,
        campaign.record,
        campaign.folder / "input_templates",
        campaign.folder / "sealed",
    )
    if any(_within(campaign.cache_folder, place) for place in wrong) or _real(campaign.cache_folder) == _real(
        campaign.folder
    ):
        raise Refused(
            f"设置文件 {settings.FILE_NAME} [cache] 中 folder = “{campaign.settings.cache}”不行：缓存不能放在那里。",
            remedy="请改成批次文件夹以外的位置，或删去这一项，缓存就放在 .evalbatch 中。",
        )
    if campaign.settings.last_year and any(_real(p) == _real(campaign.folder) for p in campaign.last_years_outputs):
        raise Refused(
            f"设置文件 {settings.FILE_NAME} 中 last_year = “{campaign.settings.last_year}”指的就是本批次。",
            remedy="请写上年批次的文件夹，没有就删去这一项。",
        )


def _within(path: Path, folder: Path) -> bool:
    return _real(path).is_relative_to(_real(folder))


def _real(path: Path) -> Path:
    """Return where a path leads, links followed as far as there are any, letter case as the system compares it."""
    try:
        return Path(os.path.normcase(path.resolve()))
    except (OSError, RuntimeError, ValueError):  # links in a circle
        return Path(os.path.normcase(path.absolute()))


def _refuse_unknown_forms(campaign: Campaign) -> None:
    """Refuse a form that nobody can submit, for its unit would owe it for ever. A bureau's own forms are not known."""
    if name := unknown_form(campaign.settings.owes):
        raise Refused(f"设置文件 {settings.FILE_NAME} 的 owes 中没有“{name}”这种表。", remedy=remedy_for(name))
    for unit in campaign.roster.units:
        if name := unknown_form(unit.owes or ()):
            raise Refused(
                f"{roster.FILE_NAME} 第{unit.row}行（{unit.name}）的“应报表格”中没有“{name}”这种表。",
                remedy=remedy_for(name) + f"不用报的写“{roster.EXEMPT}”。",
            )
