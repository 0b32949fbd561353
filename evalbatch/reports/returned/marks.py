"""Findings in, marks out: which cells of which sheet get which colour and which words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evalbatch.model import Finding
from evalbatch.sheets import Tone, look

SIGN = "【财政审核】"
"""Begins every comment of ours, so that a copy that comes back with old comments can be told."""
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_CELLS = 400
_LONGEST_COMMENT = 2_000

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one sheet by (row, column) from 1: the tone of each cell, and the comment of some."""

    tones: Mapping[Place, Tone]
    comments: Mapping[Place, str]

    def moved(self, anchor: Callable[[Place], Place]) -> "Marks":
        """Move every mark to the cell that speaks for its place; must-fix goes before query."""
        tones: dict[Place, Tone] = {}
        comments: dict[Place, str] = {}
        for place, tone in self.tones.items():
            if tones.get(anchor(place)) != "must-fix":
                tones[anchor(place)] = tone
        for place, text in self.comments.items():
            earlier = comments.get(anchor(place))
            comments[anchor(place)] = text if earlier is None else f"{earlier}\n\n{text}"
        return Marks(tones, comments)


def marks_by_sheet(findings: Iterable[Finding]) -> dict[str, Marks]:
    """Sort findings to their sheets; notes leave no mark. A range is coloured whole and commented once."""
    sheets: dict[str, tuple[dict[Place, Tone], dict[Place, list[Finding]]]] = {}
    for finding in findings:
        places = cells_of(finding.cell)
        if finding.severity == "note" or not finding.sheet or not places:
            continue
        tones, comments = sheets.setdefault(finding.sheet, ({}, {}))
        for place in places:
            if tones.get(place) != "must-fix":
                tones[place] = "must-fix" if finding.severity == "must-fix" else "query"
        comments.setdefault(places[0], []).append(finding)
    return {
        sheet: Marks(tones, {place: comment_text(found) for place, found in comments.items()})
        for sheet, (tones, comments) in sheets.items()
    }


def cells_of(address: str | None) -> list[Place]:
    """List the cells of an address or a range, row by row; none for what is no address.

    >>> cells_of("C7"), cells_of("B2:C3"), cells_of("第3行")
    ([(7, 3)], [(2, 2), (2, 3), (3, 2), (3, 3)], [])
    """
    found = _RANGE.fullmatch((address or "").upper())
    if not found:
        return []
    left, top, right, bottom = found.groups()
    first, last = (int(top), column_number(left)), (int(bottom or top), column_number(right or left))
    rows = range(first[0], min(last[0], 1_048_576) + 1)
    columns = range(first[1], min(last[1], 16_384) + 1)
    if not rows or not columns or first[0] < 1:
        return []
    return [(row, column) for row in rows[:_MOST_CELLS] for column in columns[:_MOST_CELLS]][:_MOST_CELLS]


def column_number(letters: str) -> int:
    """Turn a column's letters into its number: AB is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def comment_text(findings: Sequence[Finding]) -> str:
    """Word the comment at a cell: what is wrong and what to do, the must-fix first.

    >>> print(comment_text([Finding("S10", "must-fix", "等级无效。", "请填“优”。")]))
    【财政审核】必须更正（S10）
    等级无效。
    请这样改：请填“优”。
    """
    words = []
    for finding in sorted(findings, key=lambda finding: finding.severity != "must-fix"):
        remedy = f"\n请这样改：{finding.remedy}" if finding.remedy else ""
        words.append(f"{SIGN}{look.SEVERITY_WORDS[finding.severity]}（{finding.code}）\n{finding.message}{remedy}")
    text = look.safe_text("\n\n".join(words))
    return text if len(text) <= _LONGEST_COMMENT else text[:_LONGEST_COMMENT] + look.FIT_MARK
