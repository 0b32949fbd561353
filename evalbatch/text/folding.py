"""A text in, the form in which texts are compared out: one width, and one letter for those that look alike."""

import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

_DATA = resources.files("evalbatch.text").joinpath("look_alikes.txt").read_text("utf-8")
LOOK_ALIKES: Mapping[str, str] = {
    chr(int(radical, 16)): chr(int(ideograph, 16))
    for radical, ideograph in (line.split() for line in _DATA.splitlines() if line and not line.startswith("#"))
}
"""Radicals and strokes that look like a letter and are none, ⺠ for 民, and that letter; each is one character."""
_LETTERS = str.maketrans(dict(LOOK_ALIKES))


def one_width(text: str) -> str:
    """A text with each sign in its usual width and each look-alike as the letter that people see (NFKC and more).

    >>> one_width("⺠政局（２０２３）"), one_width("⻓坡镇"), one_width("12⽉31⽇")
    ('民政局(2023)', '长坡镇', '12月31日')
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_LETTERS))


def folded_project(name: str | None) -> str:
    """A project's name as submissions of one form are told from those of another by; "" for none.

    >>> folded_project("农村公路 （二期）") == folded_project("农村公路(二期)")
    True
    """
    return "".join(one_width(name or "").casefold().split())


_BEFORE_PROJECT = re.compile(r"^(?:[0-9a-z]{6,}[-_.:]|\(?\d{1,3}[.、:)](?!\d))")
_AROUND_PROJECT = re.compile(r"[《》“”\"'「」]")


def bare_project(name: str | None) -> str:
    """A project's name as a list of projects and forms are compared: folded, without code, numbering and quotes.

    >>> bare_project("51000021R000000012345-校舍维修") == bare_project("1、“校舍 维修”") == "校舍维修"
    True
    >>> bare_project("2023年校舍维修（二期）")
    '2023年校舍维修(二期)'
    """
    folded = _AROUND_PROJECT.sub("", folded_project(name))
    return _BEFORE_PROJECT.sub("", folded) or folded
