"""References in, the same references after rows were put into a sheet out: in formulas, ranges and lists of ranges."""

import re
from dataclasses import dataclass

from evalbatch.xlsx.markup import CannotSplice

_CELLS = re.compile(r"(\$?[A-Za-z]{1,3}\$?)(\d{1,7})(?::(\$?[A-Za-z]{1,3}\$?)(\d{1,7}))?")
_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_ON_SHEET = re.compile(r"(?:('(?:[^']|'')+'|[^'!]+)!)?([^!]+)")


@dataclass(frozen=True, slots=True)
class Insertion:
    """So many rows put in behind a row of a sheet; the new rows belong to whatever reached to that row."""

    sheet: str
    after: int
    count: int

    def row(self, number: int) -> int:
        """Give the number that a row has afterwards.

        >>> [Insertion("表", 5, 2).row(row) for row in (5, 6)]
        [5, 8]
        """
        return number + self.count if number > self.after else number

    def ranges(self, text: str, *, grows: bool = True) -> str:
        """Give a list of ranges, parted by blanks, as it is afterwards; `grows` lets one that ends here grow.

        >>> Insertion("表", 5, 2).ranges("A1 B5 C4:C5 D5:D6 E6")
        'A1 B5:B7 C4:C7 D5:D8 E8'
        """
        return " ".join(self._range(one, grows, single=grows) for one in text.split())

    def formula(self, text: str, *, here: bool) -> str:
        """Give a formula as it is afterwards; `here` says that names of no sheet mean the sheet of the new rows.

        Raises CannotSplice for what is no formula.

        >>> Insertion("甲 表", 5, 2).formula('SUM(A3:A5,乙表!A9)&"A9"&\\'甲 表\\'!$B$9', here=True)
        'SUM(A3:A7,乙表!A9)&"A9"&\\'甲 表\\'!$B$11'
        """
        from openpyxl.formula import Tokenizer  # slow to import, and needed where rows are put in alone
        from openpyxl.formula.tokenizer import Token, TokenizerError

        try:
            tokens = Tokenizer(f"={text}").items
        except (TokenizerError, IndexError) as error:
            raise CannotSplice(str(error)) from None
        for token in tokens:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._operand(token.value, here)
        return "".join(token.value for token in tokens)

    def _operand(self, value: str, here: bool) -> str:
        found = _ON_SHEET.fullmatch(value)
        if not found:
            return value
        sheet = found[1]
        named = sheet.strip("'").replace("''", "'").casefold() if sheet else None
        if named != self.sheet.casefold() and not (here and named is None):
            return value
        return value[: found.start(2)] + self._range(found[2], grows=True)

    def _range(self, text: str, grows: bool, *, single: bool = False) -> str:
        if rows := _ROWS.fullmatch(text):
            first, last = self._ends(int(rows[2]), int(rows[4]), grows)
            return f"{rows[1]}{first}:{rows[3]}{last}"
        found = _CELLS.fullmatch(text)
        if not found:
            return text
        column, row = found[1], int(found[2])
        if found[3] is None and not (single and row == self.after):
            return f"{column}{self.row(row)}"
        first, last = self._ends(row, int(found[4] or row), grows)
        return f"{column}{first}:{found[3] or column}{last}"

    def _ends(self, first: int, last: int, grows: bool) -> tuple[int, int]:
        ends_here = grows and first <= self.after == last
        return self.row(first), last + self.count if ends_here else self.row(last)


def moved_formula(text: str, origin: str, place: str) -> str:
    """Give a formula as it reads when copied from one cell to another; raises CannotSplice for what is no formula.

    >>> moved_formula("F13*$G$1", "H13", "H15")
    'F15*$G$1'
    """
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        return str(Translator(f"={text}", origin=origin).translate_formula(place))[1:]
    except (TokenizerError, TranslatorError, IndexError, ValueError) as error:
        raise CannotSplice(str(error)) from None
