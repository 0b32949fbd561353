"""Under the scored lines of a form's sheet: its money with live rates, and the named values of data forms."""

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalbatch.model import BudgetLine, Evaluated
from evalbatch.model.words import AMOUNT
from evalbatch.reports.score_sheet.places import WIDTHS, FormPlaces
from evalbatch.reports.score_sheet.rows import budget_total
from evalbatch.sheets import look
from evalbatch.sheets.book import Book
from evalbatch.sheets.table import Formula

_ITEM, _RATE, _WRITTEN_RATE = (0, 2), (6, 7), (8, 9)
_FIRST_AMOUNT = 3
_FIELD, _CONTENT, _MEASURE, _CELL = (0, 2), (3, 4), (5, 5), (6, 7)


def paint_money(book: Book, sheet: Worksheet, row: int, places: FormPlaces) -> int:
    """Paint a form's money from `row` on, remember where its whole lies, return the row after it."""
    budget = places.form.submission.budget
    if not budget:
        return row
    headers = [(_ITEM, "资金项目（万元）"), (_RATE, "执行率（计算）"), (_WRITTEN_RATE, "执行率（填报）")]
    headers += [((column, column), title) for column, title in enumerate(AMOUNT.values(), _FIRST_AMOUNT)]
    for columns, title in headers:
        book.span(sheet, row, columns, title, "signed", "header", align="center")
    sheet.set_row(row, look.row_height(1))
    whole = budget_total(places.form)
    for index, line in enumerate(budget):
        row += 1
        _paint_line(book, sheet, row, line)
        if index == whole:
            _keep_whole(places, row, line)
    return row + 2


def _paint_line(book: Book, sheet: Worksheet, row: int, line: BudgetLine) -> None:
    book.span(sheet, row, _ITEM, line.item, "signed")
    for column, word in enumerate(AMOUNT, _FIRST_AMOUNT):
        book.write(sheet, row, column, getattr(line, word), "signed", kind="money")
    number = row + 1
    live = f'=IF(OR(E{number}="",E{number}=0,F{number}=""),"",F{number}/E{number})'
    rate = execution_rate(line)
    book.span(sheet, row, _RATE, Formula(live, "" if rate is None else rate), "signed", kind="percent", align="center")
    book.span(sheet, row, _WRITTEN_RATE, line.rate, "signed", kind="percent", align="center")
    sheet.set_row(row, look.row_height(look.line_count(line.item, sum(WIDTHS[:3]))))


def execution_rate(line: BudgetLine) -> Decimal | None:
    """Compute executed / adjusted as a share; None where it can't be.

    >>> execution_rate(BudgetLine("年度资金总额", "total", adjusted=Decimal(80), executed=Decimal(60)))
    Decimal('0.75')
    """
    return line.executed / line.adjusted if line.adjusted and line.executed is not None else None


def _keep_whole(places: FormPlaces, row: int, line: BudgetLine) -> None:
    for column, word in enumerate(AMOUNT, _FIRST_AMOUNT):
        places.keep(word, f"{chr(65 + column)}{row + 1}", getattr(line, word))
    places.keep("rate", f"{chr(65 + _RATE[0])}{row + 1}", execution_rate(line))


def paint_fields(book: Book, sheet: Worksheet, row: int, form: Evaluated) -> None:
    """Paint the named values of a form from `row` on, each with its cell."""
    if not form.submission.fields:
        return
    for columns, title in ((_FIELD, "填报项目"), (_CONTENT, "填报内容"), (_MEASURE, "计量单位"), (_CELL, "单元格")):
        book.span(sheet, row, columns, title, "signed", "header", align="center")
    sheet.set_row(row, look.row_height(1))
    if not form.submission.indicators:
        sheet.repeat_rows(row)
    for entry in form.submission.fields:
        row += 1
        text = look.fit_text(entry.text or "", sum(WIDTHS[3:5]))
        book.span(sheet, row, _FIELD, entry.name, "signed")
        book.span(sheet, row, _CONTENT, text if entry.number is None else entry.number, "signed", align="left")
        book.span(sheet, row, _MEASURE, entry.measure, "signed", align="center")
        book.span(sheet, row, _CELL, entry.cell.address, "signed", align="center")
        lines = max(look.line_count(entry.name, sum(WIDTHS[:3])), look.line_count(text, sum(WIDTHS[3:5])))
        sheet.set_row(row, look.row_height(lines))
