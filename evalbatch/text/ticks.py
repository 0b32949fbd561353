"""A text with boxes to tick in, the option that was ticked out."""

import re

TICKED = "☑✅✓✔√■●◉▣⬛🗹🗸"
CROSSED = "☒✗✘×✕🗵"
EMPTY = "□☐○◯◻⬜▢❑❒🗆"
IN_BRACKETS = re.compile(rf"[(（\[【]\s*([{TICKED}{CROSSED}]?)\s*[)）\]】]")
MARKS = re.compile(rf"(?!×\s*\d)[{TICKED}{CROSSED}{EMPTY}]")
"""A box or a tick; × before a number multiplies."""
PARTED = re.compile(r"[\s、,，;；/|]+")
LONGEST = 60


def chosen(text: str) -> str | None:
    """Return the one option that is ticked; None where a text has no boxes, or none or several are ticked.

    A crossed box is ticked where no other one is: programs draw both for a chosen option.

    >>> chosen("☑优 □良 □中 □差"), chosen("优（√） 良（ ）"), chosen("√优 良 中"), chosen("□是 ☒否")
    ('优', '优', '优', '否')
    >>> chosen("完成5场"), chosen("□是 □否"), chosen("☑是 ☑否"), chosen("7×24小时服务")
    (None, None, None, None)
    """
    if len(text) > LONGEST or not MARKS.search(text):
        return None
    flat = IN_BRACKETS.sub(lambda box: box[1] or "□", text.strip())
    pieces = [piece for piece in re.split(rf"({MARKS.pattern})", flat) if piece.strip()]
    marks = pieces[0::2] if MARKS.fullmatch(pieces[0]) else pieces[1::2]
    options = pieces[1::2] if MARKS.fullmatch(pieces[0]) else pieces[0::2]
    if not all(map(MARKS.fullmatch, marks)) or any(map(MARKS.fullmatch, options)):
        return None
    signs = TICKED if any(mark in TICKED for mark in marks) else CROSSED
    ahead = MARKS.fullmatch(pieces[0]) is not None
    found = [_option(option, ahead=ahead) for mark, option in zip(marks, options, strict=False) if mark in signs]
    return found[0] if len(found) == 1 and found[0] else None


def _option(text: str, *, ahead: bool) -> str:
    """The word next to a mark: others, parted by blanks, have no mark of their own."""
    words = [word for word in PARTED.split(text) if word]
    return "" if not words else words[0] if ahead else words[-1]
