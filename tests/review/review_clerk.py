"""What a clerk does to review.xlsx in a spreadsheet program, done with openpyxl on the real file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

HEAD = 3
SCORE, WAIVER, FILE, KEPT = "待定评分", "问题豁免", "文件归属", "留存"


@dataclass
class Desk:
    """An open review.xlsx: look, type, save."""

    path: Path

    def __post_init__(self) -> None:
        self.book = load_workbook(self.path)

    def save(self) -> None:
        """Save it as the program does."""
        self.book.save(self.path)

    def sheet(self, name: str) -> Worksheet:
        """One sheet."""
        return self.book[name]

    def titles(self, name: str) -> list[str]:
        """The header row."""
        return [cell.value for cell in self.sheet(name)[HEAD]]  # type: ignore[misc]

    def rows(self, name: str = SCORE) -> list[dict[str, Any]]:
        """The rows below the header, by title."""
        titles = self.titles(name)
        found = self.sheet(name).iter_rows(min_row=HEAD + 1, values_only=True)
        rows = [dict(zip(titles, row, strict=True)) for row in found]
        return [row for row in rows if any(row.values()) and "（没有）" not in row.values()]

    def row(self, name: str, **where: object) -> int:
        """The number of the one row that shows this."""
        titles = self.titles(name)
        places = {title: titles.index(title) + 1 for title in where}
        numbers = range(HEAD + 1, self.sheet(name).max_row + 1)
        hits = [n for n in numbers if all(self.sheet(name).cell(n, places[t]).value == v for t, v in where.items())]
        assert len(hits) == 1, (where, hits)
        return hits[0]

    def type(self, name: str, where: Mapping[str, object], **values: object) -> None:
        """Type values into the row that shows `where`."""
        number, titles = self.row(name, **where), self.titles(name)
        for title, value in values.items():
            self.sheet(name).cell(number, titles.index(title) + 1).value = value

    def add_column(self, name: str, title: str | None, values: Callable[[int], object]) -> None:
        """Type a column of one's own right of the others."""
        sheet = self.sheet(name)
        place = sheet.max_column + 1
        sheet.cell(HEAD, place).value = title
        for number in range(HEAD + 1, sheet.max_row + 1):
            sheet.cell(number, place).value = values(number)

    def delete_columns(self, name: str, *titles: str) -> None:
        """Delete whole columns."""
        for title in titles:
            self.sheet(name).delete_cols(self.titles(name).index(title) + 1)
        self.sheet(name).tables.clear()

    def sort(self, name: str, key: Callable[[dict[str, Any]], Any], columns: slice = slice(None)) -> None:
        """Sort the rows, or only some of their columns, as a careless hand does."""
        titles, sheet = self.titles(name), self.sheet(name)
        places = list(range(1, len(titles) + 1))[columns]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        order = sorted(range(len(rows)), key=lambda n: key(dict(zip(titles, rows[n], strict=True))))
        for at, source in enumerate(order):
            for place in places:
                sheet.cell(HEAD + 1 + at, place).value = rows[source][place - 1]

    def copy_row(self, name: str, **where: object) -> int:
        """Copy a row below the last one; give its number."""
        sheet, source = self.sheet(name), self.row(name, **where)
        target = sheet.max_row + 1
        for place in range(1, sheet.max_column + 1):
            sheet.cell(target, place).value = sheet.cell(source, place).value
        return target
