"""What became of the copies for the public in, 公开稿清单.xlsx out: cells that say less, units without a copy."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evalbatch.model.value import value
from evalbatch.sheets.book import new_book
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import CellValue, Column, Link, Table

FOLDER = "public"
LIST = f"{FOLDER}/公开稿清单.xlsx"
_COLUMNS = (
    Column("单位名称", "name"),
    Column("公开稿", "text"),
    Column("去掉内容的位置", "path"),
    Column("去掉了什么", "short"),
    Column("说明", "long"),
)
_NOTES = (
    "公开稿是单位自己的工作簿，另去掉了批注、隐藏的工作表、作者等文件信息、宏和外部链接；其余内容一字未动。",
    "公开前请通读一遍：身份证号、家庭住址等其他个人信息，程序不认。公开以后可用 evalbatch compare 公开稿 报送稿 核对。",
)


@value
class Change:
    """One cell of the copy that says less than the unit's: where it is, and in words what was taken out."""

    sheet: str
    cell: str
    what: str


@value
class PublicCopy:
    """What came of one workbook: the cells that say less; or why there is no copy, "" where there is one."""

    changes: tuple[Change, ...] = ()
    why_not: str = ""


@value
class PublicRow:
    """One workbook of a unit; `path` is that of its copy, relative to the output folder, "" where there is none."""

    unit: str
    file: str
    path: str
    copy: PublicCopy


def write_public_list(target: Path, rows: Sequence[PublicRow], without: Sequence[tuple[str, str]]) -> None:
    """Write the list; `without` are units that have no copy, each with the reason. Raises OSError."""
    made = sum(1 for row in rows if row.path)
    lines = [line for row in rows for line in _lines(row)]
    lines += [[unit, None, None, None, f"没有公开稿：{why}。"] for unit, why in without]
    table = Table(
        "公开稿清单", "公开稿清单", _COLUMNS, lines, subtitle=f"公开稿{made}个", notes=_NOTES, landscape=True,
        empty="没有可以公开的自评表。",
    )  # fmt: skip
    with new_book(target, table.title) as book:
        paint(book, table)


def _lines(row: PublicRow) -> Iterator[list[CellValue]]:
    if not row.path:
        yield [row.unit, None, None, None, f"“{row.file}”没有公开稿：{row.copy.why_not}。请在原文件上手工处理。"]
        return
    name = row.path.rpartition("/")[2]
    link = Link.to_file(name, row.path.removeprefix(f"{FOLDER}/"))
    for change in row.copy.changes:
        yield [row.unit, link, f"{change.sheet}!{change.cell}", change.what, None]
    if not row.copy.changes:
        yield [row.unit, link, None, None, "表上没有电话号码。"]
