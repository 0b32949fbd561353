"""A unit's workbook in, the copy that may be published out: its own sheets without what is no business of the public.

Telephone numbers, comments, hidden sheets, the author and the machine that wrote it, and what acts by itself are taken
out. Everything else is as the unit filled it in: the copy is read again, and one that says anything else is not made.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evalbatch.model import Grid, Submission
from evalbatch.reading.grid import read_grids
from evalbatch.reading.grid_cells import seen
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.personal import MOBILE, Blanked, Where, personal_cells
from evalbatch.reading.read import read_sheets
from evalbatch.reports.public_list import Change, PublicCopy
from evalbatch.reports.returned.front import FRONT
from evalbatch.reports.returned.inert import FORMULA, OF_RULES, make_inert
from evalbatch.reports.returned.returned_copy import assure_readable, take_off_marks
from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.markup import CannotSplice, Element, Scan, Splice, spliced, unescaped, without_children, xml_text
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.sheet import SheetPart
from evalbatch.xlsx.workbook import WorkbookPart

ABOUT = {"core-properties", "extended-properties", "custom-properties", "custom-xml", "customXml", "thumbnail"}
"""What a package says about who made it, by kinds of relationships."""
BY_PEOPLE = {"comments", "threadedComment", "person", "revisionHeaders", "usernames", "customXml"}
_LEGACY = re.compile(rb"<(?:\w{1,20}:)?legacyDrawing\s[^<>]*?(?:/>|>\s*</(?:\w{1,20}:)?legacyDrawing\s*>)")
_TEXT = re.compile(rb"<(?:\w{1,20}:)?t(?:\s[^<>]*)?>([^<]*)(?=<)")
_SHOWN = re.compile(rb"<(?:a:t|(?:\w{1,20}:)?(?:odd|even|first)(?:Header|Footer))(?:\s[^<>]*)?>([^<]*)(?=<)")


def write_public_copy(data: bytes, target: Path, lexicon: Lexicon, limits: Limits, *, names: bool) -> PublicCopy:
    """Write the copy of a workbook's bytes; `names` says whether the names of who filled in stay.

    Nothing is written where the copy could not be made without changing more. Raises OSError.
    """
    grids = [grid for grid in read_grids(data, limits) if grid.visible and grid.sheet != FRONT]
    used = frozenset(_used(read_sheets(grids, lexicon).submissions))
    blanked = personal_cells(grids, lexicon, used, names=not names)
    buffer = io.BytesIO()
    try:
        _made(data, grids, blanked).write(buffer)
    except CannotSplice:
        return PublicCopy(why_not="文件的格式特殊，不能只改需要改的地方")
    copied = buffer.getvalue()
    again = read_grids(copied, limits)
    changes = _changes(grids, again, blanked)
    if changes is None:
        return PublicCopy(why_not="去掉隐藏工作表等内容后，其余内容不能保持原样")
    if _still_says(Package.read(copied), blanked):
        return PublicCopy(why_not="图形、页眉页脚等处还有电话号码，程序不能去掉")
    target.write_bytes(copied)
    return PublicCopy(changes)


def _used(submissions: Iterable[Submission]) -> Iterable[Where]:
    """Yield the cells from which numbers were read."""
    for form in submissions:
        cells = [cell for line in form.budget for cell in line.cells.values()]
        cells += [cell for line in form.indicators for cell in line.cells.values()]
        cells += [entry.cell for entry in form.fields if entry.cell is not None]
        cells += [cell for key, cell in form.cells.items() if key not in ("phone", "prepared_by")]
        yield from ((cell.sheet, cell.row, cell.column) for cell in cells)


# ---------------------------------------------------------------- how it is made


def _made(data: bytes, grids: Sequence[Grid], blanked: Mapping[Where, Blanked]) -> Package:
    places = {(cell.sheet, cell.row, cell.column): cell for grid in grids for cell in grid.cells.values()}
    left = {places[where].text: new.left for where, new in blanked.items()}
    package = Package.read(data)
    before = dict(package.parts)
    make_inert(package)
    workbook = WorkbookPart.read(package)
    if any(entry.name == FRONT for entry in workbook.sheets):
        take_off_marks(package)
    gone = {entry.name for entry in workbook.sheets} - {grid.sheet for grid in grids}
    if gone:
        _without_sheets(package, gone)
    workbook = WorkbookPart.read(package)
    workbook.forget_order()
    for entry in workbook.sheets:
        if entry.part is not None:
            _without_comments(package, entry.part)
            _blank_cells(package, entry.part, {at[1:]: new.left for at, new in blanked.items() if at[0] == entry.name})
    if "sharedStrings" in workbook.related:
        part = workbook.related["sharedStrings"]
        package[part] = _without_texts(package[part], left)
    _without_machine(package, workbook.part)
    package.unrelate("", ABOUT)
    package.unrelate(workbook.part, BY_PEOPLE)
    package.drop_unreached()
    assure_readable(package, before)
    return package


def _without_machine(package: Package, part: str) -> None:
    """Take out the folder it was saved in, which has a person's name on many a machine, and who keeps it."""
    data = package[part]

    def tells(child: Element) -> bool:
        if child.tag.local == "AlternateContent":
            return b"absPath" in data[child.tag.start : child.end]
        return child.tag.local == "fileSharing"

    package[part] = without_children(data, tells)


def _without_sheets(package: Package, gone: set[str]) -> None:
    """Take sheets out. A formula that leads to one keeps its result, a drop-down list goes, a rule can't stay."""
    workbook = WorkbookPart.read(package)
    leads = _leading_to(gone)
    lost = {name.attributes.get("name", "") for name in workbook.names if leads.search(name.formula)}
    leads = _leading_to(gone, lost)
    workbook.drop_names(lost)
    workbook.remove(gone)
    for entry in workbook.sheets:
        if entry.part is None:
            continue
        sheet = FORMULA.sub(lambda f: b"" if f[3] and leads.search(_said(f[3])) else f[0], package[entry.part])
        if any(leads.search(_said(rule[1])) for rule in OF_RULES.finditer(sheet)):
            sheet = without_children(sheet, lambda child: child.tag.local == "dataValidations")
        if any(leads.search(_said(rule[1])) for rule in OF_RULES.finditer(sheet)):
            raise CannotSplice("rule")
        package[entry.part] = sheet


def _leading_to(sheets: set[str], names: Iterable[str] = ()) -> re.Pattern[str]:
    """Return what finds a formula that names one of some sheets, or one of some names."""
    quoted = (re.escape(name.replace("'", "''")) for name in sheets)
    words = [rf"(?:^|[^\w.])'?{name}'?!" for name in quoted] + [
        rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in names
    ]
    return re.compile("|".join(words), re.I)


def _said(formula: bytes) -> str:
    return unescaped(formula.decode("utf-8", "replace"))


def _without_comments(package: Package, part: str) -> None:
    if _LEGACY.search(package[part]):
        package[part] = _LEGACY.sub(b"", package[part])
        package.unrelate(part, {"vmlDrawing"} if b"legacyDrawingHF" not in package[part] else ())
    package.unrelate(part, BY_PEOPLE)


def _blank_cells(package: Package, part: str, cells: Mapping[tuple[int, int], str]) -> None:
    """Write what is left into each cell; its format stays."""
    if not cells:
        return
    sheet = SheetPart.read(package[part], frozenset(row for row, _ in cells))
    splices = []
    for (row, column), left in sorted(cells.items()):
        tag = sheet.cells.get(row, {}).get(column)
        if tag is None:
            raise CannotSplice("cell")
        end = re.compile(rb"</%sc\s*>" % tag.prefix.encode()).search(sheet.data, tag.end)
        if not tag.empty and end is None:
            raise CannotSplice("cell")
        head = "".join(f' {key}="{tag.attributes[key]}"' for key in ("r", "s") if key in tag.attributes)
        p = tag.prefix
        text = f' t="inlineStr"><{p}is><{p}t xml:space="preserve">{xml_text(left)}</{p}t></{p}is></{tag.name}>'
        written = f"<{tag.name}{head}{text if left else '/>'}".encode()
        splices.append(Splice(tag.start, tag.end if tag.empty or end is None else end.end(), written))
    package[part] = sheet.written(splices)


def _without_texts(data: bytes, left: Mapping[str, str]) -> bytes:
    """Let no shared text say what a cell said; `left` has what stays of each cell's text."""
    splices: list[Splice] = []

    def blank(_path: tuple[str, ...], element: Element) -> None:
        text = seen(_said(b"".join(_TEXT.findall(data[element.tag.start : element.end]))))
        if text in left:
            p, name = element.tag.prefix, element.tag.name
            written = f'<{name}><{p}t xml:space="preserve">{xml_text(left[text])}</{p}t></{name}>'
            splices.append(Splice(element.tag.start, element.end, written.encode()))

    Scan(data, lambda path: len(path) == 2 and path[-1] == "si", on_end=blank, depth=2).run()
    return spliced(data, splices)


# ---------------------------------------------------------------- how it is tried


def _changes(
    ours: Sequence[Grid], theirs: Sequence[Grid], blanked: Mapping[Where, Blanked]
) -> tuple[Change, ...] | None:
    """Return what the copy says less than the workbook; None where it says anything else."""
    if [grid.sheet for grid in ours] != [grid.sheet for grid in theirs]:
        return None
    changes = []
    for one, other in zip(ours, theirs, strict=True):
        for place in sorted(one.cells.keys() | other.cells.keys()):
            before, after = one.cells.get(place), other.cells.get(place)
            if before == after:
                continue
            new = blanked.get((one.sheet, *place))
            if before is None or new is None or (after.text if after else "") != new.left:
                return None
            changes.append(Change(one.sheet, before.address, new.what))
    return tuple(changes)


def _still_says(package: Package, blanked: Mapping[Where, Blanked]) -> bool:
    """Whether a number that was taken out stands in any part, or a mobile number in a drawing, header or footer."""
    numbers = {one.encode() for new in blanked.values() for one in new.taken if sum(map(str.isdigit, one)) > 6}
    for name, data in package.parts.items():
        if any(number in data for number in numbers):
            return True
        if name.lower().endswith(".xml") and any(MOBILE.search(_said(text[1])) for text in _SHOWN.finditer(data)):
            return True
    return False
