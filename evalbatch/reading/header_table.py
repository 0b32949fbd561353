"""A setting kept as a workbook (roster, approved targets) in, its rows by column title out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from evalbatch.model import LONGEST_WRITTEN, Cell, Refused, bounded
from evalbatch.reading.grid import read_grids
from evalbatch.storage.disk import read_bounded, words_of
from evalbatch.text.folding import one_width
from evalbatch.xlsx.limits import BUREAUS


@dataclass(frozen=True, slots=True)
class Row:
    """One row of such a sheet: its number, and its filled cells by column title."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, title: str) -> str:
        """Return the cell's text, "" when blank or when there is no such column."""
        cell = self.cells.get(title)
        return cell.text if cell else ""


def read_rows(path: Path, titles: Sequence[str], compulsory: Sequence[str], sheet: str | None = None) -> Iterator[Row]:
    """Yield the rows of the first visible sheet, whose first filled row is the header, columns in any order.

    With `sheet`, those of the sheet of that name, none where there is none. Titles are compared without blanks and with
    either kind of bracket; columns that are not in `titles` are the clerk's own and left alone. Refused when a
    compulsory column is missing.
    """
    try:
        data = read_bounded(path, BUREAUS.file_bytes)
    except OSError as error:
        raise Refused(
            f"{path.name} 读不出来：{words_of(error)}。",
            remedy="请关闭正在使用它的程序，或检查文件权限后重试。",
        ) from None
    try:
        grids = [grid for grid in read_grids(data, BUREAUS) if grid.visible and grid.cells]
    except Refused as refused:
        raise Refused(
            f"{path.name} 打不开：{refused.message}",
            remedy="请用Excel或WPS打开原文件，另存为“Excel工作簿（*.xlsx）”，不设打开密码，再放回批次文件夹。",
        ) from None
    if sheet is not None:
        grids = [grid for grid in grids if _key(grid.sheet) == _key(sheet)]
        if not grids:
            return
    if not grids:
        raise Refused(f"{path.name} 是空的。", remedy=f"请在第一张工作表第1行写上：{'、'.join(titles)}。")
    grid = grids[0]
    head_row = min(row for row, _ in grid.cells)
    wanted = {_key(title): title for title in titles}
    columns = {
        column: wanted[_key(cell.text)]
        for (row, column), cell in sorted(grid.cells.items())
        if row == head_row and _key(cell.text) in wanted
    }
    for title in compulsory:
        if title not in columns.values():
            raise Refused(
                f"{path.name} 工作表“{grid.sheet}”第{head_row}行缺少“{title}”一栏。",
                remedy=f"请在第{head_row}行增加栏名“{title}”，并逐行填写。",
            )
    by_row: dict[int, dict[str, Cell]] = {}
    for (row, column), cell in grid.cells.items():
        if row > head_row and column in columns:
            by_row.setdefault(row, {})[columns[column]] = cell
    for number in sorted(by_row):
        yield Row(number, by_row[number])


def number_in(cell: Cell, measure: str = "") -> Decimal | None:
    """Return the number of a cell, written with or without its measure; None for anything else."""
    if cell.number is not None:
        return cell.number
    text = one_width(cell.text).removesuffix(measure).strip().replace(",", "")
    return bounded(Decimal(text)) if len(text) <= LONGEST_WRITTEN and _NUMBER.fullmatch(text) else None


_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")


def _key(title: str) -> str:
    return "".join(title.split()).replace("(", "（").replace(")", "）")
