"""Where forms lie and what each is called: the built-in ones, and a bureau's own in their place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from evalbatch.forms.tagged import tagged_sheets
from evalbatch.intake.preflight import preflight
from evalbatch.model import ApprovedTarget, Refused
from evalbatch.storage.disk import read_bounded, words_of
from evalbatch.storage.shipped import shipped
from evalbatch.text.folding import bare_project
from evalbatch.xlsx.limits import BUREAUS
from evalbatch.xlsx.markup import CannotSplice
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.styles import Styles
from evalbatch.xlsx.workbook import WorkbookPart

FORM_NAMES = ("project", "whole-unit", "data", "score")
NOT_FORMS = ("scheme",)
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".et", ".ett", ".ods")


def builtin_forms() -> Mapping[str, Path]:
    """Return the built-in forms by name, in reading order.

    >>> list(builtin_forms())
    ['project', 'whole-unit', 'data', 'score']
    """
    folder = shipped("input_templates")
    return {name: folder / f"{name}.xlsx" for name in FORM_NAMES}


def is_builtin(form: Path) -> bool:
    """Tell whether a form is one of ours."""
    return form.parent == shipped("input_templates")


def form_paths(campaign_templates: Path | None) -> tuple[Path, ...]:
    """Return the forms that count in a campaign, as `form_name` calls them.

    The bureau's own workbooks come in place of built-in forms of the same name, and after them where
    the name is new. None, or a folder without workbooks, means the built-in ones. Refused when a workbook there can't
    be a form, or two are the same form.
    """
    forms = dict(builtin_forms())
    own: dict[str, Path] = {}
    if campaign_templates is not None and campaign_templates.is_dir():
        for path in sorted(campaign_templates.iterdir()):
            if path.name.startswith(("~$", ".")) or path.stem in NOT_FORMS or not path.is_file():
                continue
            if path.suffix.lower() in _OTHER_WORKBOOKS:
                raise Refused(
                    f"表样文件夹 {campaign_templates.name} 中的 {path.name} 不是xlsx格式，不能用作表样。",
                    remedy="请用Excel或WPS打开，另存为xlsx格式；不是表样的，请移出这个文件夹。",
                )
            if path.suffix.lower() == ".xlsx":
                name = form_name(path)
                if name in own:
                    raise Refused(
                        f"表样 {own[name].name} 和 {path.name} 都是“{name}”这种表，不知道用哪一个。",
                        remedy=f"请只留一个；另一个是别的表的，请改它的文件名，或改其中的标签 {{{{ form: {name} }}}}。",
                    )
                own[name] = path
    return tuple((forms | own).values())


def form_name(form: Path) -> str:
    """Return what a form is called: by its tag `{{ form: … }}`, else by its file's name. Refused as `open_form`."""
    if is_builtin(form):
        return form.stem
    try:
        state = form.stat()
    except OSError as error:
        raise _unreadable(form, error) from None
    return _named(form, state.st_mtime_ns, state.st_size)[0]


def form_kind(form: Path) -> str:
    """Return what a form counts as: project, whole-unit, data, score or other. Refused as `open_form`."""
    if is_builtin(form):
        return form.stem
    form_name(form)
    state = form.stat()
    return _named(form, state.st_mtime_ns, state.st_size)[1]


def form_of_project(
    key: str, kinds: Sequence[str], owed: Collection[str], approved: Iterable[ApprovedTarget]
) -> str | None:
    """Name the form that a project is due on: that of its approved targets, else the owed one of `kinds`, the first.

    `kinds` are the forms of projects, `key` is the project as `bare_project` gives it. Targets whose form nobody wrote
    down are the built-in form's, which yields to one of the bureau's own that is owed.
    """
    of_targets = next((one.form for one in approved if one.project and bare_project(one.project) == key), None)
    usual = next((name for name in kinds if name in owed), next(iter(kinds), None))
    unsaid = of_targets not in kinds or (of_targets == "project" and "project" not in owed)
    return usual if unsaid else of_targets


@lru_cache(maxsize=64)
def _named(form: Path, _modified: int, _size: int) -> tuple[str, str]:
    """A form's name and what it counts as."""
    book = WorkbookPart.read(open_form(form), strict=True)
    sheets = tagged_sheets(book, dict.fromkeys((entry.name for entry in book.sheets), form.stem))
    lines = [sheet for sheet in sheets if any(tag.startswith(("budget.", "indicators.")) for tag in sheet.tags)]
    several = [sheet for sheet in sheets if sheet.form != form.stem]
    for both in (lines, several):
        if len({sheet.name for sheet in both}) > 1:
            shown = "、".join(f"“{sheet.name}”" for sheet in both)
            raise Refused(
                f"表样 {form.name} 里有{len(both)}张打了标签的表：工作表{shown}。",
                remedy="一个文件只能是一种表：请把每张表各存成一个文件，放进 input_templates。",
            )
    named = next(iter(several), next(iter(sheets), None))
    return (named.form, named.kind) if named else (form.stem, "whole-unit")


def open_form(form: Path) -> Package:
    """Take a form's workbook apart. Refused when it can't be read, or can't be filled in."""
    try:
        data = read_bounded(form, BUREAUS.file_bytes)
        preflight(data, BUREAUS)
        package = Package.read(data)
        Styles.read(package[WorkbookPart.read(package, strict=True).styles])
    except OSError as error:
        raise _unreadable(form, error) from None
    except (CannotSplice, Refused) as error:
        why = f"：{error.message}" if isinstance(error, Refused) else "。"
        raise Refused(
            f"表样 {form.name} 打不开{why}",
            remedy="请用Excel或WPS打开该文件，另存为xlsx格式后再用；有打开密码的，请先去掉。",
        ) from None
    return package


def _unreadable(form: Path, error: OSError) -> Refused:
    return Refused(
        f"表样 {form.name} 读不出来：{words_of(error)}。",
        remedy="请检查文件是否还在，或关闭正在使用它的程序后重试。",
    )
