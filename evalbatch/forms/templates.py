"""Tagged forms in, one workbook ready for any unit out: what all units share is done once, their values later."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evalbatch.checks.form_cells import address
from evalbatch.forms import front
from evalbatch.forms.approved import placed
from evalbatch.forms.entries import ENTRY, opened
from evalbatch.forms.filling import filled, with_columns
from evalbatch.forms.front import Contents
from evalbatch.forms.grown import grown, head_of
from evalbatch.forms.live import Look, keep_to_form, top_of, with_checks
from evalbatch.forms.places import form_name, is_builtin, open_form
from evalbatch.forms.tagged import TaggedSheet, tagged_sheets, without_tagged_texts
from evalbatch.forms.texts import Value
from evalbatch.model import ApprovedTarget, Season
from evalbatch.scoring.compulsory import EXECUTED, INDICATORS, PLACES
from evalbatch.scoring.scheme import Scheme
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.graft import graft_sheets
from evalbatch.xlsx.markup import CannotSplice, set_attributes
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.rows import insert_rows
from evalbatch.xlsx.sheet import SheetPart
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import WorkbookPart

STANDARD = ("data", "whole-unit", "score")
"""The order of forms in a unit's standard workbook; a bureau's own come after, a project has a workbook of its own."""

_MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook of tagged forms: its parts, its tagged sheets, and the locked twins of its open formats."""

    package: Package
    forms: Mapping[str, str]
    sheets: tuple[TaggedSheet, ...]
    shared: tuple[str, bytes] | None
    locks: Mapping[int, int] | None
    _grown: dict[tuple[str, tuple[tuple[int, int], ...]], "Template"] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the first form's sheet."""
        return next((sheet.name for sheet in self.sheets if sheet.name in self.forms), "")

    def has(self, form: str) -> bool:
        """Tell whether a form is in the workbook."""
        return any(sheet.form == form for sheet in self.sheets)

    def filled(
        self, values: Callable[[str, str], Mapping[str, Value]], approved: Sequence[ApprovedTarget], season: Season
    ) -> bytes:
        """Fill in a unit's values, those of each form by its name ("" for the sheets around), and its targets."""
        template, cells, left = self._with_targets(approved)
        package = template.package.copy()
        if template.shared:
            package[template.shared[0]] = template.shared[1]
        for sheet in template.sheets:
            known = values(sheet.form, sheet.kind if sheet.form else "")
            package[sheet.part] = filled(sheet, known, template.locks, cells.get(sheet.name))
            for table in sheet.tables:
                package[table] = with_columns(package[table], known)
        if left:
            package = _with_sheets(package, front.approved_list(left, season), None)
        out = io.BytesIO()
        package.write(out)
        return out.getvalue()

    def _with_targets(
        self, approved: Sequence[ApprovedTarget]
    ) -> "tuple[Template, dict[str, dict[Place, Value]], list[ApprovedTarget]]":
        """Find the cells for approved targets, in a workbook with more rows where the form has too few."""
        template, cells, left = self, dict[str, dict[Place, Value]](), list(approved)
        for name in [sheet.name for sheet in self.sheets]:
            sheet = template.sheet(name)
            own = [target for target in left if target.form == sheet.form]
            placement = placed(sheet, own)
            if placement.inserts:
                template = template.with_rows(name, placement.inserts)
                placement = placed(template.sheet(name), own)
            cells[name] = placement.cells
            left = [target for target in left if target not in own or target in (*placement.left, *placement.waiting)]
        return template, cells, left

    def sheet(self, name: str) -> TaggedSheet:
        """Return the tagged sheet of a name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)

    def with_rows(self, name: str, inserts: tuple[tuple[int, int], ...]) -> "Template":
        """Put rows in, the lowest first; the workbook as it is where that would break something.

        Many units need the same rows, so some of the workbooks made are kept.
        """
        if (name, inserts) not in self._grown:
            if len(self._grown) >= _MOST_KEPT:
                self._grown.clear()
            self._grown[name, inserts] = self._with_rows(name, inserts)
        return self._grown[name, inserts]

    def _with_rows(self, name: str, inserts: tuple[tuple[int, int], ...]) -> "Template":
        package = self.package.copy()
        try:
            for after, count in inserts:
                book = WorkbookPart.read(package, strict=True)
                entry = next(entry for entry in book.sheets if entry.name == name)
                insert_rows(book, entry, after, count)
        except CannotSplice:
            return self
        book = WorkbookPart.read(package, strict=True)
        return Template(package, self.forms, tagged_sheets(book, self.forms), self.shared, self.locks)


def standard_templates(forms: Sequence[Path], season: Season, scheme: Scheme, *, has_deadline: bool) -> list[Template]:
    """Lay a unit's forms together into one workbook with cover and guide; into more where they can't lie in one.

    The forms come in the standard order. A bureau's own form takes the others in, so that it loses nothing.
    """
    rest = sorted(forms, key=_place)
    templates: list[Template] = []
    while rest:
        package, names, rest = _together(rest, scheme)
        made = _prefilled(package, names, season, scheme, has_deadline=has_deadline, cover=not templates)
        templates.append(made)
    return templates


def project_template(form: Path, season: Season, scheme: Scheme, *, has_deadline: bool) -> Template:
    """Make one form ready to be prefilled, with the guide in front."""
    package, names, _ = _together([form], scheme)
    return _prefilled(package, names, season, scheme, has_deadline=has_deadline, cover=False)


def blank_template(form: Path, season: Season, scheme: Scheme, *, guide: bool) -> Template:
    """Make one form ready to be handed out blank: texts with tags are changed in it, and checks stand beside it."""
    package, names, _ = _together([form], scheme)
    book = WorkbookPart.read(package, strict=True)
    contents = contents_of(book, names, scheme, tinted=False)
    styles = Styles.read(package[book.styles])
    _add_checks(book, names, styles, season, scheme)
    package[book.styles] = styles.written()
    if guide:
        has_deadline = season.deadline is not None
        package = _with_sheets(package, front.guide(season, scheme, contents, has_deadline=has_deadline), 0)
    return _settled(package, names, None)


def _add_checks(book: WorkbookPart, names: Mapping[str, str], styles: Styles, season: Season, scheme: Scheme) -> None:
    """Let each form check itself, and print what it printed before."""
    look = Look(styles)
    for sheet in tagged_sheets(book, names):
        book.package[sheet.part] = with_checks(sheet, look, season, scheme)
        keep_to_form(book, sheet)


def contents_of_form(form: Path, scheme: Scheme) -> Contents:
    """What one form has, for the rules of filling it in."""
    package, names, _ = _together([form], scheme)
    return contents_of(WorkbookPart.read(package, strict=True), names, scheme, tinted=True)


def _place(form: Path) -> tuple[int, str]:
    name = form_name(form)
    return (STANDARD.index(name), "") if name in STANDARD else (len(STANDARD), name)


# ---------------------------------------------------------------- forms laid together


def _together(forms: Sequence[Path], scheme: Scheme) -> tuple[Package, dict[str, str], list[Path]]:
    """Lay forms into the workbook of one of them: its parts, the form of each sheet, and the forms that don't fit."""
    base = next((form for form in forms if not is_builtin(form)), forms[0])
    package = grown(open_form(base), form_name(base), scheme)
    names = dict.fromkeys(_sheet_names(package), form_name(base))
    rest, before = [], 0
    for form in forms:
        if form == base:
            before = -1
            continue
        source = grown(open_form(form), form_name(form), scheme)
        try:
            package = grafted(package, source, before if before >= 0 else None)
        except CannotSplice:
            rest.append(form)
            continue
        own = _sheet_names(source)
        names |= dict.fromkeys(own, form_name(form))
        before += len(own) if before >= 0 else 0
    return package, names, rest


def grafted(package: Package, source: Package, at: int | None) -> Package:
    """Put the sheets of another workbook in at a place, None for the end; raises CannotSplice as graft_sheets."""
    package = package.copy()
    book = WorkbookPart.read(package, strict=True)
    styles = Styles.read(package[book.styles])
    graft_sheets(book, styles, source, len(book.sheets) if at is None else at)
    package[book.styles] = styles.written()
    book.forget_order()
    return package


def _with_sheets(package: Package, made: bytes, at: int | None) -> Package:
    """Put a sheet of ours in, unless the form has one of that name: then its own counts."""
    try:
        return grafted(package, Package.read(made), at)
    except CannotSplice:
        return package


def _sheet_names(package: Package) -> list[str]:
    return [entry.name for entry in WorkbookPart.read(package, strict=True).sheets]


# ---------------------------------------------------------------- what all units share


def _prefilled(
    package: Package, names: Mapping[str, str], season: Season, scheme: Scheme, *, has_deadline: bool, cover: bool
) -> Template:
    """Open the entry cells, protect the forms, and set cover and guide in front."""
    book = WorkbookPart.read(package, strict=True)
    styles = Styles.read(package[book.styles])
    contents = contents_of(book, names, scheme, tinted=True)
    twins: dict[int, int] = {}
    for sheet in tagged_sheets(book, names):
        package[sheet.part], own = opened(sheet, package, styles)
        twins |= own
    _add_checks(book, names, styles, season, scheme)
    package[book.styles] = styles.written()
    package = _with_sheets(package, front.guide(season, scheme, contents, has_deadline=has_deadline), 0)
    if cover:
        package = _with_sheets(package, front.cover(season), 0)
    return _settled(package, names, twins)


def _settled(package: Package, names: Mapping[str, str], twins: Mapping[int, int] | None) -> Template:
    """Let the workbook open on a first sheet of ours, and read where values go."""
    book = WorkbookPart.read(package, strict=True)
    book.recalculate()
    if book.sheets[0].name not in names:
        _select_first(book)
    return Template(package, names, tagged_sheets(book, names), _shared(book), twins)


def _shared(book: WorkbookPart) -> tuple[str, bytes] | None:
    """The part of the shared texts as it goes out, those with tags blank."""
    part = book.related.get("sharedStrings", "")
    return (part, without_tagged_texts(book.package[part])) if part in book.package else None


def _select_first(book: WorkbookPart) -> None:
    """Select the first sheet alone, else typing would go to several sheets at once."""
    for number, entry in enumerate(book.sheets):
        if entry.part is not None:
            sheet = SheetPart.read(book.package[entry.part], frozenset())
            chosen = [set_attributes(sheet.data, view, tabSelected="1") for view in sheet.views]
            book.package[entry.part] = sheet.written(sheet.unselected() if number else chosen)
    book.open_on(0)


def contents_of(book: WorkbookPart, names: Mapping[str, str], scheme: Scheme, *, tinted: bool) -> Contents:
    """What the guide has to speak of; `tinted` says that entry cells without a look of their own will get ours."""
    sheets = tagged_sheets(book, names)
    styles = Styles.read(book.package[book.styles])
    ours = set(styles.with_ground([ENTRY]))
    texts = {sheet.text(place) for sheet in sheets for place in sheet.cells}
    used = {sheet.style(place) for sheet in sheets for place in sheet.cells}
    prepared = any(not styles.is_locked(style) for style in used)
    marks = {name for sheet in sheets for name in sheet.tags}
    marks |= {"money"} if any(name.startswith("budget.") for name in marks) else set()
    marks |= {"amounts"} if "money" not in marks and any(name.startswith("fields.") for name in marks) else set()
    marks |= (
        {"roster_money"} if any(s.kind == "whole-unit" and "budget.total.adjusted" in s.tags for s in sheets) else set()
    )
    marks |= {"live"}
    marks |= {"numbered"} if "指标1：" in texts else set()
    marks |= {"tinted"} if ours & used or (tinted and not prepared) else {"prepared"} if prepared else set()
    checked = tuple((sheet.name, address(top_of(sheet))) for sheet in sheets)
    required = tuple((sheet.name, _required(sheet, scheme)) for sheet in sheets)
    return Contents(frozenset(marks), texts, checked, required)


def _required(sheet: TaggedSheet, scheme: Scheme) -> tuple[str, ...]:
    """Name what the scheme asks of a form and the form has a place for."""
    places = {**PLACES, EXECUTED: "budget.total.executed", INDICATORS: "indicators.name"}
    return tuple(name for name in scheme.compulsory(head_of(sheet)) if places.get(name, "") in {"", *sheet.tags})
