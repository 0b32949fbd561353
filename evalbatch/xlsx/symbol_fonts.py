"""A text in a font of symbols in, the characters that it shows out.

Such fonts draw signs at the places of Latin letters (R in Wingdings 2 is a ticked box), which files store as these
letters or as private-use characters U+F020 to U+F0FF. Symbol is Adobe's Symbol encoding as Unicode maps it
(Public/MAPPINGS/VENDORS/ADOBE/symbol.txt); of the pictorial fonts there are the marks that forms are ticked with.
"""

from collections.abc import Mapping

UNKNOWN = "\ufffd"
"""Stands for a sign that says nothing here: not the letter in its place."""
SYMBOL: Mapping[int, str] = dict(
    enumerate(
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        0x20,
    )
) | dict(
    enumerate(
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊",
        0xA0,
    )
)
PICTORIAL: Mapping[str, Mapping[str, str]] = {
    "wingdings": {
        "l": "●", "n": "■", "o": "□", "p": "□", "q": "□", "r": "□", "\xa1": "○", "\xa4": "◉", "\xa7": "▪", "\xa8": "□",
        "\xfb": "✗", "\xfc": "✓", "\xfd": "☒", "\xfe": "☑", "\xdf": "←", "\xe0": "→", "\xe1": "↑", "\xe2": "↓",
        **{chr(0x81 + at): sign for at, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
        **{chr(0x8C + at): sign for at, sign in enumerate("❶❷❸❹❺❻❼❽❾❿")},
    },
    "wingdings 2": {
        "O": "✗", "P": "✓", "Q": "☒", "R": "☑", "S": "☒", "T": "☒", "\xa2": "■", "\xa3": "□", "\x97": "●", "\x99": "◉",
        "\x9a": "○",
    },
    "webdings": {"a": "✓", "c": "□", "g": "■", "n": "●", "r": "✗"},
    "marlett": {"a": "✓", "b": "✓", "r": "✗"},
}  # fmt: skip
"""Marks by font, in small letters, and the letter in their place."""


def is_symbolic(font: str) -> bool:
    """Whether letters in this font show something else."""
    name = font.strip().lower()
    return name == "symbol" or name in PICTORIAL


def in_unicode(text: str, font: str) -> str:
    """What a text in a font shows; a sign that is no known mark is U+FFFD, other fonts change nothing.

    >>> in_unicode("R优 £良", "Wingdings 2"), in_unicode("\\uf0b395%", "Symbol"), in_unicode("R", "宋体")
    ('☑优 □良', '≥95%', 'R')
    """
    name = font.strip().lower()
    if name == "symbol":
        return "".join(SYMBOL.get(_place(sign), sign) for sign in text)
    if name in PICTORIAL:
        return "".join(_mark(sign, PICTORIAL[name]) for sign in text)
    return text


def _place(sign: str) -> int:
    """The place of a sign in its font: that of a letter, or of the private-use character that stands for it."""
    code = ord(sign)
    return code - 0xF000 if 0xF020 <= code <= 0xF0FF else code


def _mark(sign: str, marks: Mapping[str, str]) -> str:
    place = _place(sign)
    if sign.isspace() or place > 0xFF:
        return sign
    return marks.get(chr(place), UNKNOWN)
