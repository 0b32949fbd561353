"""evalbatch.toml in, Settings out: every key has a default, and an unknown one is refused by name."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rapidfuzz import process

from evalbatch.campaign.form_names import form_name
from evalbatch.model import Refused
from evalbatch.storage.disk import read_regular, words_of

FILE_NAME = "evalbatch.toml"
_LONGEST = 1 << 20
"""Bytes of a settings file; the starter's, with all its comments, has three thousand."""
_LONGEST_TEXT = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_OF_CAMPAIGN = {
    "district", "year", "deadline", "correction_days", "correction_deadline", "full_mark", "owes", "drafts",
    "keep_active", "last_year", "public_copies", "public_names",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How messages leave; the password is never here (EVALBATCH_MAIL_PASSWORD or the system keyring)."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""
    per_minute: int = 60


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What one file may cost: megabytes on disk, seconds and megabytes of memory in its worker."""

    file_mb: int = 30
    seconds: int = 20
    memory_mb: int = 640


FEWEST_MB = 256
"""A worker that has imported what it needs takes some 200 megabytes of address space before it opens a file."""
_HIGHEST_MARK = 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """One campaign's settings, as evalbatch.toml has them."""

    district: str = ""
    year: int = 0
    deadline: date | None = None
    correction_days: int = 7
    correction_deadline: date | None = None
    full_mark: Decimal = Decimal(100)
    owes: tuple[str, ...] = ("whole-unit",)
    drafts: bool = False
    public_copies: bool = False
    public_names: bool = True
    keep_active: bool = False
    last_year: str = ""
    cache: str = ""
    limits: LimitSettings = field(default_factory=LimitSettings)
    mail: MailSettings = field(default_factory=MailSettings)


def load_settings(path: Path) -> Settings:
    """Read evalbatch.toml; Refused names the file, the key and what to write instead."""
    try:
        data = read_regular(path, _LONGEST + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise Refused(
            f"找不到设置文件 {path.name}：文件夹“{path.parent}”不是批次文件夹。",
            remedy=f"请先运行 evalbatch init 文件夹名 新建批次，或在命令后写明含有 {FILE_NAME} 的文件夹。",
        ) from None
    except OSError as error:
        raise Refused(
            f"设置文件 {path.name} 读不出来：{words_of(error)}。", remedy="请检查这个位置的文件和权限后重试。"
        ) from None
    except UnicodeDecodeError:
        raise Refused(f"设置文件 {path.name} 读不出来：不是UTF-8文字。", remedy="请用记事本另存为UTF-8编码。") from None
    if len(data) > _LONGEST:
        raise Refused(
            f"设置文件 {path.name} 超过1 MB，不像是设置文件。", remedy="请从 evalbatch init 新建的批次中复制一份再填。"
        )
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers too long, and brackets too deep, are no TOMLDecodeError
        raise Refused(
            f"设置文件 {path.name} {_place(error, text)}写法有误。",
            remedy='文字要加英文双引号，例如：district = "示例区"；年份只写数字，例如：year = 2023；'
            "日期写成 2024-05-31，不加引号；同一项只写一次。",
        ) from None
    return _settings(tables, path.name)


def _settings(tables: Mapping[str, Any], name: str) -> Settings:
    _known(tables, {"campaign", "limits", "mail", "cache"}, name, "")
    campaign = _section(tables, "campaign", name)
    limits = _section(tables, "limits", name)
    mail = _section(tables, "mail", name)
    cache = _section(tables, "cache", name)
    _known(campaign, _OF_CAMPAIGN, name, "campaign")
    _known(limits, {"file_mb", "seconds", "memory_mb"}, name, "limits")
    _known(mail, {"host", "port", "security", "user", "sender", "per_minute"}, name, "mail")
    _known(cache, {"folder"}, name, "cache")
    read = _Reader(name)
    return Settings(
        district=read(campaign, "campaign", "district", _text, ""),
        year=read(campaign, "campaign", "year", _year, 0),
        deadline=read(campaign, "campaign", "deadline", _day, None),
        correction_days=read(campaign, "campaign", "correction_days", _whole(1, 365), 7),
        correction_deadline=read(campaign, "campaign", "correction_deadline", _day, None),
        full_mark=read(campaign, "campaign", "full_mark", _full_mark, Decimal(100)),
        owes=read(campaign, "campaign", "owes", _forms, ("whole-unit",)),
        drafts=read(campaign, "campaign", "drafts", _yes_or_no, False),
        public_copies=read(campaign, "campaign", "public_copies", _yes_or_no, False),
        public_names=read(campaign, "campaign", "public_names", _yes_or_no, True),
        keep_active=read(campaign, "campaign", "keep_active", _yes_or_no, False),
        last_year=read(campaign, "campaign", "last_year", _text, ""),
        cache=read(cache, "cache", "folder", _text, ""),
        limits=LimitSettings(
            file_mb=read(limits, "limits", "file_mb", _whole(1, 2_000), 30),
            seconds=read(limits, "limits", "seconds", _whole(1, 3_600), 20),
            memory_mb=read(limits, "limits", "memory_mb", _whole(FEWEST_MB, 65_536), 640),
        ),
        mail=MailSettings(
            host=read(mail, "mail", "host", _text, ""),
            port=read(mail, "mail", "port", _whole(1, 65_535), 587),
            security=read(mail, "mail", "security", _security, "starttls"),
            user=read(mail, "mail", "user", _text, ""),
            sender=read(mail, "mail", "sender", _text, ""),
            per_minute=read(mail, "mail", "per_minute", _whole(1, 10_000), 60),
        ),
    )


def _section(tables: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    section = tables.get(key, {})
    if not isinstance(section, dict):
        raise Refused(f"设置文件 {name} 中的 {key} 应是一节。", remedy=f"请写成单独一行 [{key}]，各项写在其下。")
    return section


def _known(table: Mapping[str, Any], allowed: set[str], name: str, section: str) -> None:
    for key in table:
        if key not in allowed:
            near = process.extractOne(key, sorted(allowed))
            hint = f"是否应为 {near[0]}？" if near and near[1] >= 60 else f"可用的有：{'、'.join(sorted(allowed))}。"
            place = f"[{section}] 中的" if section else ""
            raise Refused(f"设置文件 {name} {place}“{key}”不认识。", remedy=f"请改正或删去这一项；{hint}")


class _Reader:
    """Reads one key with its converter; a wrong value is refused with its place."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self, table: Mapping[str, Any], section: str, key: str, convert: Callable[[Any], Any], default: Any
    ) -> Any:
        if key not in table:
            return default
        try:
            return convert(table[key])
        except (ValueError, TypeError) as error:
            raise Refused(
                f"设置文件 {self.name} [{section}] 中 {key} = {_shown(table[key])} 不对：{error}。",
                remedy=f"请改正 {key} 后再运行。",
            ) from None


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应是 true 或 false，不加引号")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("应是引号中的文字")
    if len(value) > _LONGEST_TEXT:
        raise ValueError(f"应不超过{_LONGEST_TEXT}个字")
    if _CONTROL.search(value):
        raise ValueError("不能含有看不见的控制字符")
    return value.strip()


def _forms(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('应是方括号中的几段文字，例如 ["whole-unit", "score"]')
    return tuple(dict.fromkeys(form_name(_text(item)) for item in value))


def _whole(lowest: int, highest: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"应是{lowest}到{highest}的整数")
        return value

    return convert


def _full_mark(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _HIGHEST_MARK:
        raise ValueError(f"应是大于0、不超过{_HIGHEST_MARK}的数")
    return Decimal(str(value))


def _shown(value: Any) -> str:
    """Return a value as a message quotes it: short, and without signs that a terminal would obey."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits
        return "……"
    return text if len(text) <= 60 else f"{text[:60]}……"


def _year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not (value == 0 or 1990 <= value <= 2100):
        raise ValueError("应是四位年份，不加引号，例如 2023")
    return value


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value == "":
        return None
    raise ValueError("应是日期，不加引号，例如 2024-05-31")


def _security(value: Any) -> str:
    if value not in ("starttls", "tls", "none"):
        raise ValueError("应是 starttls、tls 或 none 之一")
    return str(value)


def _place(error: Exception, text: str) -> str:
    """Say which line could not be read, and what it holds; tomllib says it in English at the end of its message."""
    found = re.search(r"at line (\d+)", str(error))
    lines = text.splitlines()
    if found is None or int(found[1]) > len(lines):
        return "最后一行"
    return f"第{found[1]}行“{lines[int(found[1]) - 1].strip()[:60]}”"
