"""What reading found: findings F05, F07, F10 to F13 and F16, each at its cell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from evalbatch.model import BudgetLine, Cell, Finding, Grid, Indicator, Severity, Submission
from evalbatch.model.words import COLUMN, HEAD
from evalbatch.reading.header import Column
from evalbatch.reading.lexicon import Lexicon
from evalbatch.reading.numbers import number_of
from evalbatch.reading.outline import Table

TITLES: Mapping[str, tuple[Severity, str]] = {
    "F05": ("must-fix", "未识别出评价表"),
    "F07": ("must-fix", "残留模板文字"),
    "F10": ("note", "含宏或外部链接"),
    "F11": ("must-fix", "公式没有计算结果"),
    "F12": ("must-fix", "公式出错"),
    "F13": ("query", "读取有歧义"),
    "F14": ("must-fix", "同一表重复填报"),
    "F16": ("query", "内容未能识别"),
}
NAMES = {
    **HEAD,
    **COLUMN,
    "goal": "预期目标",
    "goal_actual": "目标实际完成情况",
    "total_weight": "总分（分值）",
    "total_score": "总分（得分）",
    "grade": "评价等级",
    "reason": "偏差原因分析及改进措施",
    "measure": "度量单位",
}
"""What the forms themselves call their places."""
EXPECTED = {
    "filled_on": ("日期", "2024年5月30日"),
    "rate": ("百分率", "95.8%"),
    "weight": ("分值", "10"),
    "score": ("得分", "9.5"),
    "total_weight": ("分值", "100"),
    "total_score": ("得分", "95.5"),
}
"""What belongs in a place, and how it is written."""
PRINTED = frozenset({"version", "year", "level1", "level2"})
"""Places where a blank form has words of its own."""
STARRED = re.compile(r"[(（][^()（）]*\*{2}[^()（）]*[)）]")
Said = tuple[str, Decimal | str | None, Cell | None]
"""A value's key, the value and its cell."""
Place = tuple[str, Cell]
"""The column's or field's key, and its cell."""


def _finding(code: str, message: str, remedy: str, cell: Cell | None = None, sheet: str | None = None) -> Finding:
    severity, title = TITLES[code]
    if cell is None:
        return Finding(code, severity, message, remedy, sheet=sheet, title=title)
    subject = ("cell", cell.sheet, cell.address)
    return Finding(
        code, severity, message, remedy, cell.sheet, cell.address, cell.text or None, title=title, subject=subject
    )


def no_form(grids: Sequence[Grid]) -> Finding:
    """F05: the sheets that are there, and what a form would have."""
    names = "、".join(f"“{grid.sheet}”{'' if grid.visible else '（隐藏）'}" for grid in grids[:8])
    more = f"等{len(grids)}张" if len(grids) > 8 else ""
    seen = f"工作簿里有工作表{names}{more}，" if names else "工作簿里没有工作表，"
    return _finding(
        "F05",
        f"{seen}没有一张认得出是绩效自评表、数据表或评分表，整个文件没有读取。",
        "请使用下发的表样填报，保留标题和“项目名称”“全年预算数”“三级指标”等栏目名称后重新报送。",
    )


def no_form_in(tables: int) -> Finding:
    """F05 of a document: it has this many tables and none of them is a form."""
    seen = f"文件里有{tables}张表格" if tables else "文件里没有画出框线的表格"
    return _finding(
        "F05",
        f"{seen}，没有一张认得出是绩效自评表、数据表或评分表。",
        "请给出含有自评表的文件；表格要有框线，并保留标题和“项目名称”“全年预算数”“三级指标”等栏目名称。",
    )


def links_and_macros(macros: bool, links: bool) -> Iterator[Finding]:
    """F10: what was neither run nor followed."""
    if macros or links:
        what = (
            "含有宏"
            if not links
            else "引用了其他工作簿或外部数据"
            if not macros
            else "含有宏，并引用了其他工作簿或外部数据"
        )
        yield _finding(
            "F10",
            f"工作簿{what}；宏没有运行，链接没有打开，只读取了已保存的数值；如有退回件，其中已去掉这些内容（设置要求保留的除外）。",
            "请核对引用的数值是否正确；建议改为直接填写数值，另存为.xlsx。",
        )


def places_of(submission: Submission) -> Iterator[Place]:
    """Yield every place that a submission has, each cell once."""
    seen: set[tuple[int, int]] = set()
    groups: list[Iterable[Place]] = [submission.cells.items()]
    groups += [line.cells.items() for line in submission.budget]
    groups += [row.cells.items() for row in submission.indicators]
    groups.append((entry.name, entry.cell) for entry in submission.fields)
    for group in groups:
        for key, cell in group:
            if (cell.row, cell.column) not in seen:
                seen.add((cell.row, cell.column))
                yield key, cell


def cell_flaws(submission: Submission, lexicon: Lexicon) -> Iterator[Finding]:
    """F07, F11 and F12 of every place of a submission."""
    left_in = lexicon.template["left_in"]
    for key, cell in places_of(submission):
        if cell.flaw == "no-result":
            yield _finding(
                "F11",
                f"{NAMES.get(key, key)}是公式，但文件里没有保存计算结果，这一格按没有取到值处理。",
                "请用Excel或WPS打开，重新计算并保存后报送，或直接填写数值。",
                cell,
            )
        elif cell.flaw == "error":
            yield _finding(
                "F12",
                f"{NAMES.get(key, key)}显示“{cell.text}”，公式算不出结果，这一格按没有取到值处理。",
                "请改正公式，或直接填写数值。",
                cell,
            )
        elif (cell.text and cell.number is None and key not in PRINTED) and (
            found := left_in.search(_written(key, cell.text))
        ):
            yield _finding(
                "F07",
                f"{NAMES.get(key, key)}写着“{_short(cell.text)}”，还留着表样的文字“{found[0]}”。",
                f"请把“{found[0]}”换成实际内容，例如“≥**人”改为“≥200人”；不需要的请清空。",
                cell,
            )


def words_for_points(submission: Submission, lexicon: Lexicon) -> Iterator[Finding]:
    """F16 of every weight, rate and score that holds more than its number: 10（固定）, 100%（正常）, 95。00%.

    A score in words alone is no score, which a check of scores says.
    """
    lines: Sequence[BudgetLine | Indicator] = (*submission.budget, *submission.indicators)
    seen: set[tuple[int, int]] = set()
    for line in lines:
        scored = not isinstance(line, BudgetLine) or line.kind == "total"
        for role in ("weight", "rate", "score"):
            cell = line.cells.get(role)
            if cell is None or cell.flaw or getattr(line, role) is not None or lexicon.is_blank(cell.text):
                continue
            numbered = any(map(str.isdigit, cell.text))
            if (numbered or (scored and role != "score")) and (cell.row, cell.column) not in seen:
                seen.add((cell.row, cell.column))
                yield unread(role, cell, cell.text)


def _written(key: str, text: str) -> str:
    """Return what a unit writes into a field: a name's bracket such as （≥**公里） is printed on the form."""
    return STARRED.sub("", text) if key == "name" else text


def rivals(concept: str, candidates: Sequence[tuple[str, Cell]]) -> Finding:
    """F13: one field, several places that say different things; none was taken."""
    places = "、".join(f"{cell.address}的“{_short(text)}”" for text, cell in candidates)
    name = NAMES.get(concept, concept)
    return _finding(
        "F13",
        f"{name}有{len(candidates)}处不同的内容：{places}，不能确定取哪一处，没有取值。",
        f"请只保留一处{name}，或把几处改成一致。",
        candidates[-1][1],
    )


def double(one: Column, other: Column) -> Finding:
    """F13: two columns that claim to be the same; none was taken."""
    name = NAMES.get(one.role, one.role)
    return _finding(
        "F13",
        f"{one.header.address}的“{_short(one.header.text)}”和{other.header.address}的“{_short(other.header.text)}”"
        f"都像是{name}，不能确定取哪一列，没有取值。",
        f"请只保留一列{name}，另一列改名或删除。",
        other.header,
    )


def unplaced(table: Table, submission: Submission) -> Iterator[Finding]:
    """F13: figures in the rows of a table, under no column's name; nobody can say what they are."""
    left = [cell for cell in table.sheet.unknown() if table.first <= cell.row <= table.last]
    unknown = [cell for cell in left if number_of(cell) is not None]
    found = list(_headless(table, submission, unknown)) if unknown else []
    if found:
        places = "、".join(f"{cell.address}的“{_short(cell.text)}”" for cell in found[:3])
        yield _finding(
            "F13",
            f"{places}{f'等{len(found)}格' if len(found) > 3 else ''}是数值，但所在的列没有栏目名称，没有取值。",
            "请在表头写上这一列的栏目名称；不需要的请清空。",
            found[0],
        )


def no_actuals(table: Table, submission: Submission) -> Iterator[Finding]:
    """F13: targets, no column for what was done, and a filled column right of them whose name nobody knows."""
    unknown = table.sheet.unknown()
    rows = {one.cells["target"].row for one in submission.indicators if "target" in one.cells}
    for header in table.indicators:
        target = header.columns.get("target")
        if target is None or "actual" in header.columns:
            continue
        claimed = {place for one in header.every() for place in range(one.first, one.last + 1)}
        heads = (cell for row in range(header.top, header.bottom + 1) for cell in table.sheet.row(row))
        for head in (cell for cell in heads if cell.column > target.last and cell.column not in claimed):
            last = table.sheet.span(head)[3]
            if any(cell.row in rows and head.column <= cell.column <= last for cell in unknown):
                yield _finding(
                    "F13",
                    f"没有认出填写完成值的栏目，“{_short(head.text)}”一栏没有读取。",
                    f"“{_short(head.text)}”是完成值的，请把栏目名称改为“实际完成值”；不是的，请增加这一栏并填写。",
                    head,
                )
                break


def _headless(table: Table, submission: Submission, cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells beside lines of money and indicators that no cell of a header stands above."""
    rows = {cell.row for line in submission.budget for cell in line.cells.values()}
    rows |= {one.cells["name"].row for one in submission.indicators if "name" in one.cells}
    headers = (*table.money, *table.indicators)
    heads = [cell for one in headers for row in range(one.top, one.bottom + 1) for cell in table.sheet.row(row)]
    headed = {column for head in heads for column in range(head.column, table.sheet.span(head)[3] + 1)}
    yield from (cell for cell in cells if headed and cell.row in rows and cell.column not in headed)


def nameless(cell: Cell) -> Finding:
    """F13: a row with values and without a name."""
    return _finding(
        "F13",
        f"第{cell.row}行填了内容，但没有指标名称，不能确定是哪个指标。",
        "请补上三级指标的名称；如属上一行，请并入上一行。",
        cell,
    )


def without_value(concept: str, cell: Cell) -> Finding:
    """F13: the name that says whose form it is was left blank."""
    name = NAMES[concept]
    return _finding("F13", f"{name}旁边没有填写内容，不能确定是谁的表。", f"请在{cell.address}填写{name}。", cell)


def unread(key: str, cell: Cell, text: str) -> Finding:
    """F16: a filled cell of a field that cannot be read as what belongs there; `text` is what was written."""
    name = NAMES.get(key, key)
    what, example = EXPECTED[key]
    return _finding(
        "F16",
        f"{name}写着“{_short(text)}”，不能识别为{what}，没有取值。",
        f"请按{what}填写，例如“{example}”；说明文字请写在备注或偏差原因中。",
        cell,
    )


def two_forms(title: Cell, label: str) -> Finding:
    """F13: the title says one form, the labels another."""
    return _finding(
        "F13",
        f"标题是“{_short(title.text)}”，表里却有“{label}”的内容，像是另一种表，按标题读取。",
        "请核对用的是不是对应的表样。",
        title,
    )


def struck_out(grid: Grid) -> Iterator[Finding]:
    """F13 as a note: what was struck out of a sheet's cells, and is therefore not read."""
    if grid.struck:
        cells = [Cell(grid.sheet, *place, text) for place, text in sorted(grid.struck.items())]
        places = "、".join(f"{cell.address}的“{_short(cell.text)}”" for cell in cells[:6])
        more = f"等{len(cells)}处" if len(cells) > 6 else ""
        finding = _finding(
            "F13",
            f"{places}{more}画了删除线，按已删除处理，没有读取。",
            "如确已删除，请把这些文字清空；仍然有效的请去掉删除线。",
            cells[0],
        )
        yield replace(finding, severity="note")


def doubled(kept: Submission, gone: Submission, differences: Sequence[tuple[Said, Said]]) -> Finding:
    """F14: two tables are one form; with `differences` between them it must be corrected, without it is a note."""
    what = f"“{_short(kept.project)}”的{kept.title or '自评表'}" if kept.project else (kept.title or "同一张表")
    first, second = (form.cells.get("project.name") or form.cells.get("unit.name") for form in (kept, gone))
    cell = second or Cell(gone.sheet, 1, 1)
    counts = f"“{kept.sheet}”"
    sheets = f"工作表“{kept.sheet}”和“{gone.sheet}”是同一张表（{_short(what)}）"
    if kept.sheet == gone.sheet and first:
        counts = f"名称写在{first.address}的一张"
        where = f"名称写在{first.address}和{cell.address}"
        sheets = f"工作表“{kept.sheet}”中有两张表（{where}）是同一张表（{_short(what)}）"
    if not differences:
        finding = _finding(
            "F14",
            f"{sheets}，内容相同，只计一次。",
            "请知悉；不需要的一张可以删除。",
            cell,
        )
        return replace(finding, severity="note")
    said = "；".join(
        f"{_place(ours, kept)}是“{_value(ours)}”，{_place(theirs, gone)}是“{_value(theirs)}”"
        for ours, theirs in differences[:2]
    )
    more = f"等{len(differences)}处" if len(differences) > 2 else ""
    return _finding(
        "F14",
        f"{sheets}，内容不同：{said}{more}。只计一次，以{counts}为准。",
        "请只保留应报送的一张，删去另一张；如确是两个项目，请把项目名称写得不同。",
        cell,
    )


def _place(said: Said, form: Submission) -> str:
    key, _, cell = said
    name = NAMES.get(key.rpartition(" ")[2], key)
    return f"“{form.sheet}”{cell.address if cell else ''}（{name}）"


def _value(said: Said) -> str:
    _, value, cell = said
    return _short(cell.text if cell and cell.text else str(value or "空白"))


def hidden_rows(cells: Sequence[Cell], counted: bool) -> Finding:
    """F13: rows that are hidden by hand, each given by its first cell, and whether they are counted."""
    rows = "、".join(f"第{cell.row}行（“{_short(cell.text)}”）" for cell in cells[:4])
    more = f"等{len(cells)}行" if len(cells) > 4 else ""
    did = "已照常读取并计入合计" if counted else "没有计入：只计看得见的各行时合计正好相符"
    return _finding(
        "F13",
        f"{rows}{more}是隐藏的，{did}。",
        "应计入的请取消隐藏并核对合计；不需要的请删除这些行。",
        cells[0],
    )


def hidden_columns(heads: Sequence[tuple[str, Cell]]) -> Finding:
    """F13: columns that are hidden by hand and were read, each as its key and its first filled cell."""
    columns = "、".join(f"{cell.address.rstrip('0123456789')}列（{NAMES.get(key, key)}）" for key, cell in heads)
    return _finding(
        "F13",
        f"{columns}是隐藏的，其中的内容已照常读取。",
        "应报送的请取消隐藏；不需要的请删除这一列。",
        heads[0][1],
    )


def hidden_form(grid: Grid) -> Finding:
    """F13: a form on a hidden sheet was not read."""
    return _finding(
        "F13",
        f"隐藏的工作表“{grid.sheet}”像是一张填好的评价表，没有读取。",
        "如应报送，请取消隐藏后重新报送；不需要的请删除。",
        sheet=grid.sheet,
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 24 else text[:23] + "…"
