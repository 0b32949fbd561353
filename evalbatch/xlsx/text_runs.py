"""Runs of a text with their looks in, what a person sees out: struck out, raised, in a font of symbols."""

from collections.abc import Mapping
from typing import NamedTuple

from evalbatch.xlsx.symbol_fonts import in_unicode

LOOKS = ("strike", "vertAlign", "rFont")
"""The properties of a run that change what its letters say."""
RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
"""A raised digit is an exponent, 10⁴, and no further digit."""


class Look(NamedTuple):
    """How a run, or a cell as a whole, is written."""

    struck: bool = False
    raised: bool = False
    font: str = ""


class RunText(str):
    """A text as a person sees it, the looks of its runs applied; `struck` is what is struck out of it."""

    __slots__ = ("struck",)
    struck: str

    def __new__(cls, text: str, struck: str = "") -> "RunText":
        """Take a text and what was struck out."""
        made = super().__new__(cls, text)
        made.struck = struck
        return made


def as_seen(text: str, look: Look) -> str:
    """What a person sees of a run.

    >>> as_seen("4", Look(raised=True)), as_seen("³95%", Look(font="Symbol")), as_seen("98%", Look(struck=True))
    ('⁴', '≥95%', '')
    """
    if look.struck:
        return ""
    if look.font:
        text = in_unicode(text, look.font)
    return text.translate(RAISED) if look.raised and text.strip(" 0123456789+-−n") == "" else text


def is_struck(attributes: Mapping[str, str]) -> bool:
    """Whether an element `strike` strikes out; without a value it does."""
    return attributes.get("val", "1") not in ("0", "false")


class Run:
    """A text taken up run by run."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin another text."""
        self.pieces: list[str] = []
        self._seen: list[str] = []
        self._struck: list[str] = []
        self._look = Look()
        self._runs = 0

    def begin(self) -> None:
        """Begin a run that looks like the cell."""
        self._look = Look()
        self._runs += 1

    def take(self, part: str, attributes: Mapping[str, str]) -> None:
        """Take one property of the run."""
        if part == "strike":
            self._look = self._look._replace(struck=is_struck(attributes))
        elif part == "vertAlign":
            self._look = self._look._replace(raised=attributes.get("val") == "superscript")
        else:
            self._look = self._look._replace(font=attributes.get("val", ""))

    def end(self) -> None:
        """End a piece of text, under the look of its run."""
        text = "".join(self.pieces)
        self.pieces.clear()
        self._seen.append(as_seen(text, self._look))
        if self._look.struck:
            self._struck.append(text)

    def text(self) -> str:
        """The whole text as seen; one without runs is left to the look of its cell."""
        seen = "".join(self._seen)
        return RunText(seen, "".join(self._struck)) if self._runs else seen
