"""Names from forms and rosters in, file names out that are safe on Windows and Linux and never collide."""

import re
import unicodedata
from dataclasses import dataclass, field

from evalbatch.model import Unit

_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
_LONGEST, _MOST_BYTES = 60, 150
"""File systems take 255 bytes a name; numbers, endings and the signs of what is being written come behind."""
_MOST_WITH_SUFFIX = 210
_RETURNED = re.compile(r"^(?:退回[_＿])+|_退回\d*(?:（\d+）|\(\d+\))?$")


def safe_name(text: str, otherwise: str = "未命名") -> str:
    """Make one path part of any text: no separators, control or direction marks, reserved names or odd ends.

    >>> safe_name("../../示例局:<2023>")
    '示例局＿＿2023＿'
    >>> safe_name("CON.xlsx")
    '＿CON.xlsx'
    """
    kept = [
        "＿" if ch in _FORBIDDEN else " " if ch.isspace() else ch
        for ch in text
        if ch.isspace() or unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ]
    name = " ".join("".join(kept).split()).lstrip(".-~ ＿").rstrip(". ")
    if len(name) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        name = stem[: _LONGEST - len(suffix) - 1] + dot + suffix if dot and len(suffix) <= 5 else name[:_LONGEST]
    name = shortened(name, _MOST_BYTES).rstrip(". ") or otherwise
    bare = unicodedata.normalize("NFKC", name.split(".")[0]).strip().casefold()
    return f"＿{name}" if bare in _RESERVED else name


def shortened(name: str, most: int) -> str:
    """Cut a name to so many bytes of UTF-8, its ending kept where it is a short one.

    >>> shortened("𠀀𠀀𠀀.xlsx", 13), shortened("示例局", 7)
    ('𠀀𠀀.xlsx', '示例')
    """
    if len(name.encode()) <= most:
        return name
    stem, dot, suffix = name.rpartition(".")
    ending = f".{suffix}" if dot and len(suffix.encode()) <= 5 else ""
    stem = stem if ending else name
    return stem.encode()[: most - len(ending.encode())].decode("utf-8", "ignore") + ending


def unit_stem(unit: Unit) -> str:
    """Name a unit's file or folder: its code and name, so that files lie in the order of codes.

    >>> unit_stem(Unit("201001", "示例局")), unit_stem(Unit("", "示例局"))
    ('201001_示例局', '示例局')
    """
    return safe_name(f"{unit.code}_{unit.name}" if unit.code else unit.name)


def path_for(path: str, unit: Unit) -> str:
    """Return a file's path as its unit may see it: from its own folder on, else the name; never another's folder.

    >>> unit = Unit("1", "某区示例局")
    >>> path_for("报来/示例局/自评表.xlsx", unit), path_for("别的局/自评表.xlsx", unit)
    ('示例局/自评表.xlsx', '自评表.xlsx')
    """
    parts = path.split("/")
    names = (unit.name, *unit.other_names)
    own = (number for number, part in enumerate(parts[:-1]) if any(name in part or part in name for name in names))
    return "/".join(parts[next(own, -1) :])


def unreturned(stem: str) -> str:
    """Take from a file's name what made it a returned copy, which units leave there when they send it again.

    >>> [unreturned(stem) for stem in ("退回_退回_自评表", "示例局_退回2", "退回_")]
    ['自评表', '示例局', '退回_']
    """
    return _RETURNED.sub("", stem) or stem


@dataclass
class Namer:
    """Hands out paths, each once, even where a file system takes 甲A and 甲a for one name."""

    taken: set[str] = field(default_factory=set)

    def path(self, folder: str, name: str, suffix: str) -> str:
        """Return `folder/name+suffix`, numbered (2), (3) … when that was handed out before."""
        name = shortened(name, _MOST_WITH_SUFFIX - len(suffix.encode()))
        for number in range(1, 1_000_000):
            numbered = name if number == 1 else f"{name}（{number}）"
            path = f"{folder}/{numbered}{suffix}"
            key = unicodedata.normalize("NFKC", path).casefold()
            if key not in self.taken:
                self.taken.add(key)
                return path
        raise AssertionError("a million files of one name")
