"""Numbers, money and years out of cells: what is not certain is None, never a guess."""

import re
from decimal import Decimal
from functools import lru_cache

from evalbatch.model import LONGEST_WRITTEN, Cell, bounded
from evalbatch.reading.days import in_digits
from evalbatch.reading.lexicon import plain
from evalbatch.text.folding import one_width

IN_TEN_THOUSAND = {
    "元": Decimal("0.0001"),
    "百元": Decimal("0.01"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "万": Decimal(1),
    "百万元": Decimal(100),
    "亿元": Decimal(10000),
    "亿": Decimal(10000),
}
WRITTEN = re.compile(
    r"(?:人民币|¥|￥|RMB)?(?P<sign>[-+])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)\s*"
    r"(?P<bracket>\()?(?P<measure>%|分|(?:百|千|万|百万|亿)?元(?:整)?|万|亿|元人民币|万元人民币|个百分点)?(?(bracket)\))",
)
APOSTROPHES = ("'", "‘", "’", "`")
"""In front of a number it only says that the cell is text; some programs write it into the cell."""
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]").search
"""A raised digit is an exponent or the mark of a footnote, and never one more digit."""
MOST_SHARE = 2
"""A greater rate than 2 is in percent, not a share of 1."""
MOST_POINTS, MOST_PERCENT = 10**6, 10**9
"""No weight or score, and no rate in percent, reaches these."""
LONGEST_KNOWN = 40
"""A longer text is not remembered."""
YEAR_LINE = re.compile(r"[(\[【〔]?(?P<y>(?:19|20)\d\d)(?:年度?|财政年度|会计年度)?[)\]】〕]?")
YEAR_WITHIN = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)年")


def written_number(text: str) -> tuple[Decimal, str] | None:
    """Read a text that is one number, with or without its measure; None for anything else.

    >>> written_number("１,234.50万元")
    (Decimal('1234.50'), '万元')
    >>> written_number("7,00.0,77") is None
    True
    """
    if len(text) > 2 * LONGEST_WRITTEN or RAISED(text):
        return None
    text = text[1:] if text[:1] in APOSTROPHES else text
    found = WRITTEN.fullmatch(_outer(one_width(text).replace("−", "-").replace("，", ",")))
    number = bounded(Decimal(found["digits"].replace(",", ""))) if found else None
    if found is None or number is None:
        return None
    measure = (found["measure"] or "").removesuffix("整").removesuffix("人民币")
    return (-number if found["sign"] == "-" else number), measure


_known_number = lru_cache(maxsize=4096)(written_number)
"""One cell is asked several times, and most cells hold words that come again in every workbook."""


def _outer(text: str) -> str:
    """Drop invisible characters anywhere, blanks only outside."""
    if text.isascii():
        return text.strip()
    return re.sub(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]", "", text).strip()


def number_of(cell: Cell) -> tuple[Decimal, str] | None:
    """Return what number a cell shows, and its measure; None where it shows none, or failed."""
    if cell.flaw:
        return None
    if cell.number is not None:
        if cell.text[-1:].isdecimal():
            return cell.number, ""
        seen = written_number(cell.text)
        return cell.number, "%" if cell.percent else (seen[1] if seen and seen[0] == cell.number else "")
    return _known_number(cell.text) if len(cell.text) <= LONGEST_KNOWN else written_number(cell.text)


def money_of(cell: Cell, measure: str) -> Decimal | None:
    """Return an amount in 万元; `measure` is the column's, which a unit in the cell overrides.

    >>> money_of(Cell("表", 1, 1, "5000元"), "万元")
    Decimal('0.5')
    """
    read = number_of(cell)
    if read is None or read[1] not in ("", *IN_TEN_THOUSAND):
        return None
    amount = bounded(read[0] * IN_TEN_THOUSAND[read[1] or measure])
    return amount if not amount or amount.as_tuple().exponent == 0 else _short(amount)


def _short(amount: Decimal) -> Decimal:
    """Drop trailing zeros behind the point, as 0.5000."""
    whole = amount.to_integral_value()
    return whole if whole == amount else amount.normalize()


def points_of(cell: Cell) -> Decimal | None:
    """Return a weight or a score in points, also of "9.5分"; a percentage counts as its number."""
    read = number_of(cell)
    return read[0] if read and read[1] in ("", "分", "%") and abs(read[0]) < MOST_POINTS else None


def rate_of(cell: Cell, executed: Decimal | None = None, base: Decimal | None = None) -> Decimal | None:
    """Return a rate in percent as seen: 95.8% and 95.8 are 95.8.

    0.958 is 95.8 too where the amounts say so; without them it is as written.

    >>> rate_of(Cell("表", 1, 1, "0.958"), Decimal("27.8"), Decimal(29))
    Decimal('95.8')
    """
    read = number_of(cell)
    if read is None or read[1] not in ("", "%") or abs(read[0]) >= MOST_PERCENT:
        return None
    written, measure = read
    if measure or not 0 < written <= MOST_SHARE or executed is None or not base:
        return written
    whole = executed / base * 100
    return _short(written * 100) if abs(written * 100 - whole) < abs(written - whole) else written


def measure_in(*texts: str) -> str | None:
    """Return the measure of money that a label names, None when it names none.

    >>> measure_in("项目资金（元）")
    '元'
    """
    for text in texts:
        for part in re.split(r"[()\[\]【】:]", plain(text)):
            if part.removeprefix("单位").removeprefix("人民币") in IN_TEN_THOUSAND and part not in ("万", "亿"):
                return part.removeprefix("单位").removeprefix("人民币")
    return None


def year_alone(text: str) -> int | None:
    """Return the year of a text that is nothing but a year: （2022年度）, 2022, 二〇二二年度."""
    said = plain(text)
    return _year_of(said) if len(said) <= 14 else None


@lru_cache(maxsize=4096)
def _year_of(said: str) -> int | None:
    found = YEAR_LINE.fullmatch(said) or YEAR_LINE.fullmatch(in_digits(said))
    return int(found["y"]) if found else None


def year_within(text: str) -> int | None:
    """Return the one year that a title names, None when it names none or several."""
    years = {int(found) for found in YEAR_WITHIN.findall(plain(text))}
    return years.pop() if len(years) == 1 else None
