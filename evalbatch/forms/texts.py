"""A text with tags, with its fonts as a workbook keeps them, and values in; the text with the values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from evalbatch.xlsx.markup import unescaped

Value = str | int | Decimal | date | None

TAG = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NUMBER = re.compile(r"(0|[1-9]\d*)(\.\d+)?")
_RUN_TEXT = re.compile(r"<t(?:\s[^<>]*)?(?:/>|>((?:[^<]++|<(?!/?t[\s/>]))*+)</t\s*>)")
_PHONETIC = re.compile(
    r"<rPh\b(?:[^<]++|<(?!/?rPh\b))*+</rPh\s*>"
    r"|<phoneticPr\b[^<>]*?(?:/>|>(?:[^<]++|<(?!/?phoneticPr\b))*+</phoneticPr\s*>)"
)
_EMPTY_RUN = re.compile(r"<r(?:\s[^<>]*)?>(?:<rPr>(?:[^<]++|<(?!/?(?:rPr|r)>))*+</rPr>)?<t[^<>]*></t></r>")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class RichText:
    """A text as the content of an inline string: its runs, each with its font."""

    inner: str

    @classmethod
    def plain(cls, text: str) -> "RichText":
        """Make a text of one font, that of its cell."""
        return cls(f'<t xml:space="preserve">{_xml(text)}</t>')

    @property
    def text(self) -> str:
        """The words alone, without fonts and without readings.

        >>> RichText("<r><t>自评</t></r><r><rPr><b/></rPr><t>表&amp;</t></r>").text
        '自评表&'
        """
        return "".join(unescaped(found or "") for found in _RUN_TEXT.findall(_PHONETIC.sub("", self.inner)))

    def filled(self, values: Mapping[str, Value]) -> "RichText | int | Decimal | None":
        """Put values in the place of tags and take the other tags out; None where nothing is left.

        A tag alone gives its value with its kind; inside other text it becomes text, in the font of the tag's first
        letter. A number that the form itself fixes beside a tag without value is a number.

        >>> RichText.plain("（{{ year }}年度）").filled({"year": 2024}).text
        '（2024年度）'
        >>> RichText.plain("5{{ indicators.weight }}").filled({}), RichText.plain("{{ grade }}").filled({})
        (Decimal('5'), None)
        """
        text = self.text
        alone = TAG.fullmatch(text.strip())
        if alone and isinstance(value := values.get(alone[1]), int | Decimal):
            return value
        known = any(values.get(name) is not None for name in TAG.findall(text))
        rest = TAG.sub(lambda tag: words(values.get(tag[1])), text)
        if not rest:
            return None
        if not known and _NUMBER.fullmatch(rest):
            return Decimal(rest)
        return self._replaced(values)

    def _replaced(self, values: Mapping[str, Value]) -> "RichText":
        """Write each value into the run where its tag begins; a tag may end in a later run."""
        bare = _PHONETIC.sub("", self.inner)
        runs = list(_RUN_TEXT.finditer(bare))
        letters = [[letter] for run in runs for letter in unescaped(run[1] or "")]
        for tag in TAG.finditer("".join(letter for [letter] in letters)):
            for at in range(tag.start(), tag.end()):
                letters[at] = []
            letters[tag.start()] = [words(values.get(tag[1]))]
        pieces, at, end = [], 0, 0
        for run in runs:
            length = len(unescaped(run[1] or ""))
            text = "".join("".join(letter) for letter in letters[at : at + length])
            pieces += [bare[end : run.start()], f'<t xml:space="preserve">{_xml(text)}</t>']
            at, end = at + length, run.end()
        return RichText(_EMPTY_RUN.sub("", "".join([*pieces, bare[end:]])))


def words(value: Value) -> str:
    """Say a value as a form says it inside a text."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


def _xml(text: str) -> str:
    """Escape text; `_x0041_` would be read as a letter's number, so that its first sign is written as one."""
    return escape(_LOOKS_ESCAPED.sub("_x005F_", _NOT_XML.sub("", text)))
