"""Stored text in, the text a person sees out: no outer blanks, nothing invisible, line breaks kept."""

import re
import unicodedata

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINE_BREAKS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
BLANK_LETTERS = dict.fromkeys([0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0], " ")
"""Letters by category, blanks to the eye: Hangul fillers and the empty Braille pattern."""
BLANK_LETTER = re.compile(f"[{''.join(map(chr, BLANK_LETTERS))}]").search
INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def seen(text: str) -> str:
    """What a person sees of a stored text; "" where there is nothing but blanks.

    >>> seen(" 　绩效\\u200b目标\\r\\n数量\\xa0")
    '绩效目标\\n数量'
    """
    if text.isprintable() and "_x" not in text and text.strip(" ") is text and not BLANK_LETTER(text):
        return text
    text = ESCAPED.sub(_unescape, text) if "_x" in text else text
    text = LINE_BREAKS.sub("\n", text).replace("\t", " ").translate(BLANK_LETTERS)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in INVISIBLE).strip()


def _unescape(match: re.Match[str]) -> str:
    """_x000D_ is how the file format writes a character that XML cannot; what it names may be invisible."""
    return chr(int(match[1], 16))
