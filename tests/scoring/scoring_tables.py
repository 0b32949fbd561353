"""Readable tables in, scheme workbooks and submissions out: what the tests of scoring are written in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from evalbatch.model import BudgetLine, Cell, Entry, Indicator, Submission

COLUMNS = {"level1": 1, "level2": 2, "name": 3, "target": 4, "actual": 5, "weight": 6, "score": 7}


def rows_of(table: str) -> list[dict[str, str]]:
    """Split a table of | cells | into rows by column title."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def write_scheme(path: Path, text: str) -> Path:
    """Write a workbook: each line `# 名称` starts a sheet, a table follows; numbers become numbers."""
    book = xlsxwriter.Workbook(path)
    for part in text.split("# ")[1:]:
        name, _, table = part.partition("\n")
        page = book.add_worksheet(name.strip())
        for at, line in enumerate(table.strip().splitlines()):
            for column, cell in enumerate(line.strip().strip("|").split("|")):
                page.write(at, column, _stored(cell.strip()))
    book.close()
    return path


def _stored(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell


def money(
    initial: str = "", adjusted: str = "", executed: str = "", weight: str = "10", score: str = "", kind: str = "total"
) -> BudgetLine:
    """Make a row of money whose columns all exist; adjusted "none" is a form without that column."""
    columns = {"initial": initial, "adjusted": adjusted, "executed": executed, "weight": weight, "score": score}
    cells = {key: Cell("表", 7, at, text) for at, (key, text) in enumerate(columns.items(), 3) if text != "none"}
    numbers = {key: number(text) for key, text in columns.items()}
    return BudgetLine("年度资金总额" if kind == "total" else "其他资金", kind, cells=cells, **numbers)


def indicator(row: Mapping[str, str], at: int = 14) -> Indicator:
    """Make an indicator of a table's row; 分值 "none" is a form without weights."""
    texts = {
        "level1": row.get("一级", "产出指标"),
        "level2": row.get("二级", "数量指标"),
        "name": row["指标"],
        "target": row.get("目标", ""),
        "actual": row.get("完成", ""),
        "weight": row.get("分值", ""),
        "score": row.get("自评", ""),
    }
    cells = {key: Cell("表", at, COLUMNS[key], text) for key, text in texts.items() if text != "none"}
    return Indicator(
        level1=texts["level1"] or None,
        level2=texts["level2"] or None,
        name=texts["name"],
        target=texts["target"] or None,
        actual=texts["actual"] or None,
        weight=number(texts["weight"]),
        score=number(texts["score"]),
        heads=int(row.get("下级") or 0),
        cells=cells,
    )


def submission(
    table: str = "", budget: Sequence[BudgetLine] = (), form: str = "project", **places: object
) -> Submission:
    """Make a submission of a table of indicators and rows of money."""
    rows = rows_of(table) if table else []
    indicators = tuple(indicator(row, at) for at, row in enumerate(rows, 14))
    return Submission(form, "表", year=2023, budget=tuple(budget), indicators=indicators, **places)


def data_form(values: Mapping[str, str]) -> Submission:
    """Make a data form: name to number, to a percentage, or to a word."""
    entries = []
    for at, (name, text) in enumerate(values.items(), 2):
        bare = text.removesuffix("%")
        entries.append(Entry(name, text, number(bare), "%" if bare != text else "", Cell("数据表", at, 3, text)))
    return Submission("data", "数据表", fields=tuple(entries))


def number(text: str) -> Decimal | None:
    """Read a table's number, None where there is none."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
