"""Rows in, the bytes of review.xlsx out: the same rows give the same bytes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from evalbatch.campaign.roster import Roster
from evalbatch.model import Grid
from evalbatch.review import columns as c
from evalbatch.review.columns import KEPT_SPEC, SPECS, Spec
from evalbatch.review.load import NO_ROWS, typed
from evalbatch.review.rows import Plan, Row
from evalbatch.review.waivers import AGREED, DECLINED
from evalbatch.sheets.book import Book, new_book
from evalbatch.sheets.look import Kind, Tone
from evalbatch.sheets.painter import Painted, paint
from evalbatch.sheets.table import CellValue, Column, Link, Table, Toned

_TALLEST = 250.0
"""Points: a long text is read in the cell, not at the cost of the sheet's."""
_BLANK = Toned(None, "input")
_LONGEST_TITLE = 255
_STEPS = (
    "浅黄色的格子由人填写，其余由程序填写，改了也会恢复。填好后保存、关闭，再运行一次就会采用。",
    "可以排序、筛选、隐藏行，也可以在右边加自己的栏；请按整行排序，不要只选几栏。不要改栏名，不要删灰色的键列。",
    "“状态”写明每一行是否采用；没有采用的，写明原因和办法。采用的分数写进复核评分表，注明由谁核定。",
    "单位重新报送、内容有变的，原来的决定标为“已过期”：填写的内容还在，但不采用，核对后改填复核日期或意见即可。",
    "抽查复核：规则已经算出得分的，也可以改。在“待定评分”最后一行下面另加一行，写单位、表（项目支出、整体支出、评分表）、项目和指标，"
    "再填复核得分（0至分值）、复核人和意见（理由）。单位自评多少、规则算出多少，都不限制复核人。",
    "同一项填了不同的两行，都不采用；删去多余的一行即可。",
    "对应的指标、问题或文件没有了，填写的内容移到“留存”；以后又有了，会自动回来。",
    "文件开着时程序不写它，已保存的内容照样读取；关闭后再运行一次即可更新。",
)


def paint_review(plan: Plan, extra: Mapping[str, Sequence[str]], own: Sequence[Grid], roster: Roster) -> bytes:
    """Write the workbook; `extra` are the clerk's own columns by sheet, `own` the clerk's own sheets."""
    target = BytesIO()
    with new_book(target, "人工复核") as book:
        paint(book, _guide(plan))
        for spec in (*SPECS.values(), KEPT_SPEC):
            titles = list(dict.fromkeys((*extra.get(spec.name, ()), *_own_titles(plan[spec.name]))))
            painted = paint(book, _table(spec, plan[spec.name], titles))
            if plan[spec.name]:
                _help(painted, spec, roster)
        paint(book, _roster(roster))
        for grid in own:
            _copy(book, grid)
    return target.getvalue()


def _own_titles(rows: Sequence[Row]) -> list[str]:
    return [title for row in rows for title in row.extra]


def _guide(plan: Plan) -> Table:
    """The front sheet: what to do, and how much is left to do where."""
    waits = {
        "待定评分": "规则不能确定得分，填复核得分",
        "问题豁免": "问题属实但可以不更正，填同意豁免；其余不用填",
        "文件归属": "认不出单位或归属未定的文件，指定单位",
        "留存": "不用填",
    }
    rows: list[list[CellValue]] = []
    for name, what in waits.items():
        states = Counter(row.state for row in plan[name])
        again = sum(states.values()) - states["open"] - states["valid"]
        counts = (
            (len(plan[name]), states["open"], states["valid"], again) if name != c.KEPT else (len(plan[name]), 0, 0, 0)
        )
        rows.append([Link.to_sheet(name, name), what, *counts])
    columns = (
        Column("工作表", "name"),
        Column("填什么", "long"),
        *(Column(title, "number", "int") for title in ("行数", "还没有填", "已填", "填了而没有采用")),
    )
    notes = [f"{number}. {step}" for number, step in enumerate(_STEPS, 1)]
    return Table(c.GUIDE, "人工复核：只有人能判断的事项", columns, rows, notes=notes, landscape=True)


def _table(spec: Spec, rows: Sequence[Row], extra: Sequence[str]) -> Table:
    columns = (*spec.columns, *(_extra_column(title, rows) for title in extra))
    return Table(
        spec.name, spec.title, columns, _Body.of(rows, columns, spec),
        subtitle="浅黄色的格子由人填写；灰色的键列供程序认行，请不要改动。",
        identifier=spec.name if _fit_for_a_table(columns) else "", empty=NO_ROWS, landscape=True,
        frozen_columns=spec.frozen, tall=_TALLEST,
    )  # fmt: skip


def _fit_for_a_table(columns: Sequence[Column]) -> bool:
    """Whether Excel takes these titles as a table's: none twice, whatever the case, none too long."""
    titles = {column.title.casefold() for column in columns}
    return len(titles) == len(columns) and all(len(title) <= _LONGEST_TITLE for title in titles)


def _extra_column(title: str, rows: Sequence[Row]) -> Column:
    dates = all(isinstance(row.extra[title], date) for row in rows if title in row.extra)
    return Column(title, "text", "date" if dates else "text", paper=False)


@dataclass(frozen=True, slots=True)
class _Body(Sequence[Sequence[CellValue]]):
    """A sheet's rows as they are painted, made as they are gone through; `columns` says of each its kind and tone."""

    rows: Sequence[Row]
    columns: Sequence[tuple[str, Kind, Tone]]
    own: int
    """How many columns are ours; those of the clerk follow."""

    @classmethod
    def of(cls, rows: Sequence[Row], columns: Sequence[Column], spec: Spec) -> "_Body":
        """Describe the columns: what a person fills in and what is none of a person's business is told by tone."""
        tones: dict[str, Tone] = {**dict.fromkeys(c.KEYS, "muted"), **dict.fromkeys(spec.entry_titles, "input")}
        told = [(column.title, column.kind, tones.get(column.title, "plain")) for column in columns]
        return cls(rows, told, len(spec.columns))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        return map(self._painted, self.rows)

    def __getitem__(self, index: Any) -> Any:
        found = self.rows[index]
        return list(map(self._painted, found)) if isinstance(index, slice) else self._painted(found)

    def _painted(self, row: Row) -> Sequence[CellValue]:
        values = (*row.cells, *(row.extra.get(title) for title, *_ in self.columns[self.own :]))
        return [
            _toned(value, kind, tone) if value is not None else _BLANK if tone == "input" else None
            for value, (_, kind, tone) in zip(values, self.columns, strict=True)
        ]


def _toned(value: CellValue, kind: Kind, tone: Tone) -> CellValue:
    if isinstance(value, date) and kind != "date":
        value = value.isoformat()  # under a number's format it would be shown as a number
    return value if tone == "plain" or isinstance(value, Toned) else Toned(value, tone)


def _help(painted: Painted, spec: Spec, roster: Roster) -> None:
    """Help whoever types: the range of a score, lists to choose from."""
    help_for = {"待定评分": _score_help, "问题豁免": _waiver_help, "文件归属": _unit_help}.get(spec.name)
    if help_for is None:
        return
    place = painted.column(spec.entry_titles[0])
    options = help_for(painted, roster)
    if options:
        warning = {"ignore_blank": True, "error_type": "warning"}
        painted.worksheet.data_validation(painted.first_row, place, painted.last_row, place, {**warning, **options})


def _score_help(painted: Painted, _roster: Roster) -> dict[str, object]:
    # Relative to the row, so that the range is right after sorting too.
    low, high = (f"${painted.cell(0, title)}" for title in ("最低分", "最高分"))
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": f"={low}",
        "maximum": f'=IF({high}="",1000,{high})',
        "error_title": "分数超出范围",
        "error_message": "请填最低分与最高分之间的数字；超出的不会采用。",
    }


def _waiver_help(_painted: Painted, _roster: Roster) -> dict[str, object]:
    return {
        "validate": "list", "source": [AGREED, DECLINED],
        "error_title": "处理", "error_message": f"请选“{AGREED}”或“{DECLINED}”。",
    }  # fmt: skip


def _unit_help(_painted: Painted, roster: Roster) -> dict[str, object]:
    if not roster.units:
        return {}
    first = 3
    return {
        "validate": "list", "source": f"='{c.ROSTER}'!$A${first}:$A${first + len(roster.units) - 1}",
        "error_title": "归属单位", "error_message": "请从列表中选；名单在“单位名单”表。",
    }  # fmt: skip


def _roster(roster: Roster) -> Table:
    """The list behind the drop-down: its first unit is in A3, under the title and the header."""
    return Table(
        c.ROSTER, "单位名单（来自 units.xlsx）", (Column("单位", "name"), Column("单位编码", "short")),
        [[unit.name, unit.code] for unit in roster.units],
    )  # fmt: skip


def _copy(book: Book, grid: Grid) -> None:
    """Carry over a sheet of the clerk's own: its values in their places."""
    sheet = book.workbook.add_worksheet(grid.sheet)
    for (row, column), cell in sorted(grid.cells.items()):
        value = typed(cell)
        book.write(sheet, row - 1, column - 1, value, "screen", "closing", "date" if cell.date else "text")
