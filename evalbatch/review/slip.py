"""One row of review.xlsx as it came in, and the fingerprints that tell whether it still fits."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from evalbatch.review.columns import SPECS, Kind
from evalbatch.sheets import look
from evalbatch.sheets.table import Link
from evalbatch.text.folding import one_width

Typed = str | Decimal | date | None
"""What a cell of a person holds; None for a blank one."""
Entry = tuple[Typed, Typed, Typed, Typed]
"""What was decided, by whom, when, and why, as typed."""
NOTHING: Entry = (None, None, None, None)
NEW = "+"
"""In place of a fingerprint: a row that a person added, which shows no content; it is about what there is now."""
UNSURE = "?"
"""In place of a fingerprint: nobody can tell any more what this entry was decided about."""

_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")
_PLACE = re.compile(r"^工作表“[^”]*”(?:单元格 \S+?)?(?:（[^）]*）)?：")
_VALUES = re.compile(r"“[^”]{0,400}”|\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Slip:
    """One row that a person may fill in: which line it is, what it showed, what was typed into it.

    `decided` is the fingerprint of the content under which the entry was made, UNSURE where that can't be told,
    "" without an entry; `basis` is that content in words. `extra` are the clerk's own columns.
    """

    kind: Kind
    key: str
    unit: str
    shown: Mapping[str, Typed]
    entry: Entry = NOTHING
    extra: Mapping[str, Typed] = field(default_factory=dict)
    decided: str = ""
    basis: str = ""
    about: str = ""

    @property
    def filled(self) -> bool:
        """Whether a person decided anything in it."""
        return self.entry != NOTHING

    @property
    def worth_keeping(self) -> bool:
        """Whether it holds anything that only a person can have typed."""
        return self.filled or bool(self.extra) or not self.key


def plain(value: object) -> str:
    """Write a value as it is compared: one width, no blanks, 10.00 as 10.

    >>> plain(" ≥ 8 场"), plain(Decimal("10.00")), plain("10.0"), plain(None), plain(date(2024, 6, 1))
    ('≥8场', '10', '10', '', '2024-06-01')
    """
    if isinstance(value, str):
        return _bare(value)
    if value is None:
        return ""
    if isinstance(value, Link):
        return _bare(value.text)
    return value.isoformat() if isinstance(value, date) else _bare(str(value))


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    bare = one_width(look.safe_text(text))
    if bare.isprintable():  # then its only blanks are plain ones
        bare = bare.replace(" ", "")
    else:
        bare = "".join(ch for ch in bare if not ch.isspace() and unicodedata.category(ch)[0] != "C")
    return bare.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(bare) else bare


def fingerprint(parts: Iterable[object]) -> str:
    """Hash values as they are compared."""
    return hashlib.sha256("\x1f".join(map(plain, parts)).encode()).hexdigest()[:16]


def said_by(sheets: Mapping[str, Iterable[Mapping[str, object]]]) -> str:
    """Hash what rows say by sheet, in whatever order rows and columns stand; blanks don't count."""
    told = hashlib.sha256()
    for name, rows in sorted(sheets.items()):
        said = sorted(_said(row) for row in rows if any(value is not None for value in row.values()))
        told.update(b"".join([_hashed(name), *said]) if said else b"")
    return told.hexdigest()


def _said(row: Mapping[str, object]) -> bytes:
    told = sorted(f"{title}\x1e{said}" for title, value in row.items() if (said := plain(value)))
    return _hashed("\x1f".join(told))


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def digest_of(entry: Entry) -> str:
    """Hash an entry, "" for none."""
    return fingerprint(entry) if entry != NOTHING else ""


def content_of(kind: Kind, shown: Mapping[str, object]) -> str:
    """Give the fingerprint of what a row shows; a finding's wording doesn't count, the values it names do."""
    return fingerprint(
        _values_in(str(shown.get(title) or "")) if title == "问题" else shown.get(title)
        for title in SPECS[kind].content
    )


def _values_in(message: str) -> str:
    return "\x1e".join(_VALUES.findall(_PLACE.sub("", message)))


def check_of(titles: Sequence[str], shown: Mapping[str, object]) -> str:
    """Give the fingerprint by which a row shows whether its left side still belongs to its keys."""
    return fingerprint(shown.get(title) for title in titles)


def basis_of(kind: Kind, shown: Mapping[str, object]) -> str:
    """Say in words what a row shows.

    >>> basis_of("score", {"目标": "≥8场", "完成值": "10场", "分值": Decimal(10), "自评得分": None})
    '目标：≥8场；完成值：10场；分值：10'
    """
    told = ((title, shown.get(title)) for title in SPECS[kind].content)
    return "；".join(f"{title}：{_words(value)}" for title, value in told if value not in (None, ""))


def _words(value: object) -> str:
    return value.text if isinstance(value, Link) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def identity_of(kind: Kind, shown: Mapping[str, object]) -> tuple[str, ...]:
    """Give the shown values by which a row without its key is known again."""
    return tuple(plain(shown.get(title)) for title in SPECS[kind].identity)


def escaped(name: str) -> str:
    """Make a name fit for a part of a key."""
    return name.replace("|", "/")
