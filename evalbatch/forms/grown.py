"""A tagged form and a scheme in; the form with the scheme's rows out, and what of a printed form disagrees with it.

A score form that has one row for indicators, its tags alone, gets a row for each line of the scheme: levels, name,
weight, standard and the data asked for. A data form gets a row for the data that the scheme asks for and it has not.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path as File

from evalbatch.forms.filling import written
from evalbatch.forms.places import form_name, open_form
from evalbatch.forms.tagged import TaggedSheet, tagged_sheets
from evalbatch.forms.texts import RichText
from evalbatch.model import Cell, FormHead, Refused
from evalbatch.scoring.scheme import DataItem, Scheme, SchemeLine
from evalbatch.scoring.words import plain, show
from evalbatch.scoring.workbook import load_scheme
from evalbatch.xlsx.addresses import Place
from evalbatch.xlsx.markup import Element, Path, Scan, Splice, append_children, spliced
from evalbatch.xlsx.package import Package
from evalbatch.xlsx.rows import insert_rows
from evalbatch.xlsx.workbook import WorkbookPart

Content = RichText | Decimal | None
_SHOWN = 5


def grown(package: Package, form: str, scheme: Scheme) -> Package:
    """Give a form's workbook the scheme's rows, where it leaves them to the scheme."""
    book = WorkbookPart.read(package, strict=True)
    for sheet in tagged_sheets(book, dict.fromkeys((entry.name for entry in book.sheets), form)):
        if lines := _lines_for(sheet, scheme):
            package = _with_lines(package, sheet.name, form, lines, scheme)
        elif items := _items_for(sheet, scheme):
            package = _with_items(package, sheet.name, form, items)
    return package


def refuse_disagreements(form: File, scheme: Scheme) -> None:
    """Refuse a score form that prints other rows than the scheme has; nothing is held against one that leaves them."""
    said = list(disagreements(form, scheme))
    if said:
        shown = "；".join(said[:_SHOWN]) + (f"；另有{len(said) - _SHOWN}处" if len(said) > _SHOWN else "")
        raise Refused(
            f"表样 {form.name} 与评分方案不一致：{shown}。",
            remedy="请改表样或评分方案，使指标和分值相同；也可以在表样的指标区只留打了标签的一行，由程序按方案生成各行。",
        )


def disagreements(form: File, scheme: Scheme) -> Iterator[str]:
    """Say where a form that prints its rows is not the scheme's: a line it lacks, a row of its own, another weight.

    The lines of the built-in scheme are nobody's official ones, and nothing is held against them.
    """
    book = WorkbookPart.read(open_form(form), strict=True)
    for sheet in tagged_sheets(book, dict.fromkeys((entry.name for entry in book.sheets), form_name(form))):
        if sheet.kind == "score" and not _lines_for(sheet, scheme):
            yield from _score_disagreements(sheet, scheme)


# ---------------------------------------------------------------- the score form


def head_of(sheet: TaggedSheet) -> FormHead:
    """Return what a scheme's rules for a sheet's form are found by."""
    return FormHead(sheet.form, sheet.name, counts_as="" if sheet.kind == sheet.form else sheet.kind)


def _lines_for(sheet: TaggedSheet, scheme: Scheme) -> tuple[SchemeLine, ...]:
    """The scheme's lines for a score form that leaves its rows to it: one row, and no name printed in it."""
    if sheet.kind != "score" or "indicators.name" not in sheet.tags:
        return ()
    alone = len(sheet.indicator_rows()) == 1 and not sheet.text(sheet.tags["indicators.name"])
    return scheme.indicators(head_of(sheet)) if alone else ()


def _with_lines(package: Package, name: str, form: str, lines: Sequence[SchemeLine], scheme: Scheme) -> Package:
    package = package.copy()
    first = _sheet(package, name, form).tags["indicators.name"][0]
    _insert(package, name, first, len(lines) - 1)
    sheet = _sheet(package, name, form)
    columns = {key.removeprefix("indicators."): place[1] for key, place in sheet.tags.items() if "indicators." in key}
    cells: dict[Place, Content] = {}
    for row, line in enumerate(lines, first):
        asked = _asked_data(line)
        texts: dict[str, str | Decimal] = {"name": line.name, "standard": line.standard, "data": "、".join(asked)}
        if "data" not in columns and asked and line.standard:
            texts["standard"] = f"{line.standard}（取数：{'、'.join(asked)}）"
        texts["weight"] = line.weight if line.weight is not None else ""
        for key, text in texts.items():
            if key in columns:
                cells[row, columns[key]] = _content(text, key, tagged=row == first)
    merges = _levels(cells, columns, first, lines)
    if "total_weight" in sheet.tags:
        cells[sheet.tags["total_weight"]] = RichText.plain(f"{show(scheme.full_mark)}{{{{ total_weight }}}}")
    _write(package, sheet, cells, merges)
    return package


def _levels(cells: dict[Place, Content], columns: dict[str, int], first: int, lines: Sequence[SchemeLine]) -> list[str]:
    """Write each level once for the rows that share it; return the ranges to merge."""
    merges = []
    for depth, key in enumerate(("level1", "level2"), 1):
        row = first
        for levels, group in groupby(lines, key=lambda line: (line.level1, line.level2)[:depth]):
            count = len(list(group))
            if key in columns:
                cells[row, columns[key]] = _content(levels[-1], key, tagged=row == first)
                cells |= {(below, columns[key]): None for below in range(row + 1, row + count)}
                ends = (Cell("", at, columns[key]).address for at in (row, row + count - 1))
                merges += [":".join(ends)] * (count > 1)
            row += count
    return merges


def _content(text: str | Decimal, key: str, *, tagged: bool) -> Content:
    """What a cell holds: a text or a number, with its tag behind it in the row that bears the tags."""
    shown = show(text) if isinstance(text, Decimal) else text
    if tagged:
        return RichText.plain(f"{shown}{{{{ indicators.{key} }}}}")
    return text if isinstance(text, Decimal) else RichText.plain(shown) if shown else None


def _asked_data(line: SchemeLine) -> tuple[str, ...]:
    """The names that a line's formulas take figures from."""
    formulas = (line.formula, line.applies, *line.conditions)
    return tuple(dict.fromkeys(name for formula in formulas if formula for name in formula.names))


def _score_disagreements(sheet: TaggedSheet, scheme: Scheme) -> Iterator[str]:
    ruled = scheme.indicators(head_of(sheet))
    lines = {plain(name): line for line in ruled for name in (line.name, *line.other_names)}
    place = sheet.tags.get("indicators.name")
    if place is None or ruled == load_scheme(None).indicators(head_of(sheet)):
        return
    weights = sheet.tags.get("indicators.weight")
    seen = set()
    for row in sheet.indicator_rows():
        name = sheet.text((row, place[1]))
        line = lines.get(plain(name))
        at = Cell("", row, place[1]).address
        if name and line is None:
            yield f"{at}“{name}”：评分方案里没有这项指标"
        elif line is not None:
            seen.add(line.row)
            written = sheet.text((row, weights[1])) if weights else ""
            if weights and written and line.weight is not None and written != show(line.weight):
                yield f"{Cell('', row, weights[1]).address}“{name}”：表上分值{written}，评分方案是{show(line.weight)}"
    for line in dict.fromkeys(lines.values()):
        if line.row not in seen:
            yield f"评分方案第{line.row}行“{line.name}”：表上没有这项指标"


# ---------------------------------------------------------------- the data form


def _items_for(sheet: TaggedSheet, scheme: Scheme) -> tuple[DataItem, ...]:
    """The data that the scheme asks for and a data form has not."""
    if sheet.kind != "data":
        return ()
    known = {plain(tag.removeprefix("fields.")) for tag in sheet.tags if tag.startswith("fields.")}
    return tuple(item for item in scheme.items if plain(item.name) not in known)


def _pairs(sheet: TaggedSheet) -> list[tuple[int, list[tuple[Place, Place]]]]:
    """The rows of a data form in which every value has a label of its own right beside it: labels with values."""
    owner = {place: area[0] for area in sheet.areas.values() for place in area}
    rows: dict[int, list[tuple[Place, Place]]] = {}
    for tag, place in sheet.tags.items():
        if tag.startswith("fields."):
            left = owner.get((place[0], place[1] - 1), (place[0], place[1] - 1))
            rows.setdefault(place[0], []).append((left, place))
    whole = ((row, sorted(pairs)) for row, pairs in rows.items())
    return [
        (row, pairs)
        for row, pairs in whole
        if all(sheet.text(label) and label not in sheet.tagged and label[0] == row for label, _ in pairs)
        and len({label for label, _ in pairs}) == len(pairs)
    ]


def _with_items(package: Package, name: str, form: str, items: Sequence[DataItem]) -> Package:
    pairs = _pairs(_sheet(package, name, form))
    if not pairs:
        return package
    package = package.copy()
    model, places = max(pairs, key=lambda one: (len(one[1]), one[0]))
    count = -(-len(items) // len(places))
    _insert(package, name, model, count)
    sheet = _sheet(package, name, form)
    cells: dict[Place, Content] = {}
    first = min(label[1] for label, _ in places)
    head = next((place for place in sheet.cells if place[0] == model + 1 and place[1] < first), None)
    if head is not None:
        cells[head] = RichText.plain("评分数据")
    for number, item in enumerate(items):
        row, (label, value) = model + 1 + number // len(places), places[number % len(places)]
        measure = f"（{item.measure}）" if item.measure else ""
        cells[row, label[1]] = RichText.plain(f"{item.name}{measure}")
        cells[row, value[1]] = RichText.plain(f"{{{{ fields.{item.name} }}}}")
    for label, value in places[len(items) % len(places) or len(places) :]:
        cells |= {(model + count, label[1]): RichText.plain("—"), (model + count, value[1]): RichText.plain("—")}
    _write(package, sheet, cells, [])
    return package


# ---------------------------------------------------------------- how


def _sheet(package: Package, name: str, form: str) -> TaggedSheet:
    book = WorkbookPart.read(package, strict=True)
    sheets = tagged_sheets(book, dict.fromkeys((entry.name for entry in book.sheets), form))
    return next(sheet for sheet in sheets if sheet.name == name)


def _insert(package: Package, name: str, after: int, count: int) -> None:
    if count > 0:
        book = WorkbookPart.read(package, strict=True)
        insert_rows(book, next(entry for entry in book.sheets if entry.name == name), after, count)


def _write(package: Package, sheet: TaggedSheet, cells: dict[Place, Content], merges: Sequence[str]) -> None:
    """Write cells anew, and merge ranges where the sheet has merged ranges at all; else each label stands once."""
    splices = [splice for place, content in cells.items() for splice in written(sheet, place, content, None)]
    found: list[Element] = []

    def end(path: Path, element: Element) -> None:
        if path[1:] == ("mergeCells",):
            found.append(element)

    Scan(sheet.data, lambda path: len(path) == 2, on_end=end, depth=2).run()
    if merges and found:
        p = sheet.prefix
        text = "".join(f'<{p}mergeCell ref="{one}"/>' for one in merges).encode()
        count = str(len(sheet.areas) + len(merges))
        splices += append_children(sheet.data, found[0], text, count=count)
    elif merges and not found:
        at = sheet.before_protection if sheet.protection is None else sheet.protection.end
        p = sheet.prefix
        inner = "".join(f'<{p}mergeCell ref="{one}"/>' for one in merges)
        splices.append(Splice(at, at, f'<{p}mergeCells count="{len(merges)}">{inner}</{p}mergeCells>'.encode()))
    package[sheet.part] = spliced(sheet.data, splices)
