"""Findings in, marks out: which cells of which sheet get which colour and which words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evalbatch.model import Finding
from evalbatch.sheets import look
from evalbatch.sheets.look import Tone
from evalbatch.xlsx.addresses import Place, cells_of

SIGN = "【财政审核】"
"""Begins every comment of ours, so that a copy that comes back with old comments can be told."""
_LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one sheet by (row, column) from 1: the tone of each cell, and the comment of some."""

    tones: Mapping[Place, Tone]
    comments: Mapping[Place, str]

    def moved(self, anchor: Callable[[Place], Place]) -> "Marks":
        """Move every mark to the cell that speaks for its place; must-fix goes before query."""
        tones: dict[Place, Tone] = {}
        comments: dict[Place, str] = {}
        anchors = {place: anchor(place) for place in (*self.tones, *self.comments)}
        for place, tone in self.tones.items():
            if tones.get(anchors[place]) != "must-fix":
                tones[anchors[place]] = tone
        for place, text in self.comments.items():
            earlier = comments.get(anchors[place])
            comments[anchors[place]] = text if earlier is None else f"{earlier}\n\n{text}"
        return Marks(tones, comments)


def marks_by_sheet(findings: Iterable[Finding]) -> dict[str, Marks]:
    """Sort findings to their sheets; notes leave no mark. A range, and cells that lie apart, are all coloured, and
    commented once.
    """
    sheets: dict[str, tuple[dict[Place, Tone], dict[Place, list[Finding]]]] = {}
    for finding in findings:
        places = cells_of(finding.cell)
        if finding.severity == "note" or not finding.sheet or not places:
            continue
        tones, comments = sheets.setdefault(finding.sheet, ({}, {}))
        for place in [*places, *(place for cell, _ in finding.places for place in cells_of(cell))]:
            if tones.get(place) != "must-fix":
                tones[place] = "must-fix" if finding.severity == "must-fix" else "query"
        comments.setdefault(places[0], []).append(finding)
    return {
        sheet: Marks(tones, {place: comment_text(found) for place, found in comments.items()})
        for sheet, (tones, comments) in sheets.items()
    }


def comment_text(findings: Sequence[Finding]) -> str:
    """Word the comment at a cell: what is wrong and what to do, the must-fix first.

    >>> print(comment_text([Finding("S10", "must-fix", "等级无效。", "请填“优”。")]))
    【财政审核】必须更正（S10）
    等级无效。
    如何处理：请填“优”。
    """
    words = []
    for finding in sorted(findings, key=lambda finding: finding.severity != "must-fix"):
        remedy = f"\n如何处理：{finding.remedy}" if finding.remedy else ""
        words.append(f"{SIGN}{look.SEVERITY_WORDS[finding.severity]}（{finding.code}）\n{finding.message}{remedy}")
    text = look.safe_text("\n\n".join(words))
    return text if len(text) <= _LONGEST_COMMENT else text[:_LONGEST_COMMENT] + look.FIT_MARK
