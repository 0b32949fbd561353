"""run.json, roster and wording in, one letter a unit out: what it says, what it carries, or why there is none."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalbatch.campaign.folder import Campaign
from evalbatch.campaign.roster import fold
from evalbatch.mail.attachments import Attachment, attachments_of
from evalbatch.mail.contents import values_of
from evalbatch.mail.wording import Kind, Wording, load_wording
from evalbatch.mail.words import one_line
from evalbatch.model import Refused, Unit
from evalbatch.pool.local import Lost, attempt
from evalbatch.tables.manifest import read_manifest

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_OWING = ("missing", "incomplete", "returned")


@dataclass(frozen=True, slots=True)
class Letter:
    """One unit's message, or why it has none.

    `none` says why nothing is due to it (nothing to send, no address); `fault` says why what is due can't go out.
    `remarks` is what the clerk should know of a message that can. `content` is the hash of all that its reader gets.
    """

    unit: Unit
    status: str
    addresses: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    none: str = ""
    fault: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be sent."""
        return not self.none and not self.fault

    @property
    def content(self) -> str:
        """The hash of subject, text and attachments with their names."""
        parts = [self.subject, self.text, *(part for each in self.attachments for part in (each.name, each.sha256))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def key(self) -> str:
        """A short name of this content for this unit."""
        return hashlib.sha256(f"{self.unit.name}\0{self.content}".encode()).hexdigest()[:32]


def letters_of(campaign: Campaign, output: Path, kind: Kind) -> tuple[Letter, ...]:
    """Write everyone's letter by what the last run found, in the roster's order; then entries of no roster unit.

    Refused when there was no run, or the wording can't be used.
    """
    record = read_manifest(output)
    wording = load_wording(campaign.folder, kind)
    try:
        return tuple(_letters(campaign, output, kind, record, wording))
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(
            f"“{output / 'run.json'}”已被改动，缺少发信要用的内容（{error}）。", remedy="请重新运行 evalbatch run。"
        ) from None


def _letters(
    campaign: Campaign, output: Path, kind: Kind, record: Mapping[str, Any], wording: Wording
) -> Iterator[Letter]:
    entries = {fold(entry["name"]): entry for entry in record["units"]}
    for unit in campaign.roster.units:
        entry = entries.pop(fold(unit.name), None)
        if entry is None or (entry["code"] or "") != unit.code:
            yield Letter(unit, entry["status"] if entry else "", none="名单在上次运行之后改动过，请重新运行")
        else:
            made = attempt(_letter, campaign, output, kind, record, wording, unit, entry)
            if isinstance(made, Lost):
                made = Letter(unit, str(entry["status"]), fault=f"这封信没有写成：{made.why}")
            yield made
    for entry in entries.values():
        yield Letter(Unit(entry["code"] or "", entry["name"]), entry["status"], none="名单上已没有这个单位")


def _letter(
    campaign: Campaign,
    output: Path,
    kind: Kind,
    record: Mapping[str, Any],
    wording: Wording,
    unit: Unit,
    entry: Mapping[str, Any],
) -> Letter:
    status = str(entry["status"])
    if none := _nothing_due(kind, entry, exempt=unit.name in campaign.exempt):
        return Letter(unit, status, none=none)
    addresses, wrong = addresses_of(unit)
    remarks = tuple(f"地址“{one_line(text)}”写得不对，没有列入" for text in wrong)
    try:
        found = attachments_of(unit, entry, record, output, with_score_sheet=kind == "result")
    except Refused as refused:
        return Letter(unit, status, addresses, fault=refused.message, remarks=remarks)
    subject, text = wording.fill(values_of(campaign, unit, entry, found, kind))
    return Letter(
        unit,
        status,
        addresses,
        subject,
        text,
        found,
        none="" if addresses else "电子邮箱写得不对" if wrong else "名单上没有电子邮箱",
        remarks=(*remarks, *_heavy(found)),
    )


def _nothing_due(kind: Kind, entry: Mapping[str, Any], *, exempt: bool) -> str:
    """Say why a unit gets no letter of this kind, "" when it gets one."""
    if kind == "reminder":
        if exempt and entry["status"] == "missing":
            return "免报"
        return "" if entry["status"] in _OWING else "没有欠报或必须更正的"
    if entry["score_sheet"] or entry["returned"] or entry["status"] == "returned":
        return ""
    return "没有可发的结果" + ("：未报送" if entry["status"] == "missing" else "")


def addresses_of(unit: Unit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a unit's addresses into those that can be used, each once, and those that can't, as written.

    >>> addresses_of(Unit("1", "示例局", emails=("a@example.org", "ａ＠example.org", "a@b\\nBcc:x@y", "无")))
    (('a@example.org',), ('a@b\\nBcc:x@y', '无'))
    """
    usable = dict.fromkeys(address for address in map(_plain, unit.emails) if is_address(address))
    return tuple(usable), tuple(text for text in unit.emails if not is_address(_plain(text)))


def is_address(text: str) -> bool:
    """Tell whether a text is one plain address that any mail server takes."""
    return _ADDRESS.fullmatch(text) is not None


def _plain(address: str) -> str:
    return unicodedata.normalize("NFKC", address).strip()


def _heavy(attachments: tuple[Attachment, ...]) -> Iterator[str]:
    size = sum(each.size for each in attachments)
    if size > 20_000_000:
        yield f"附件共{size / 1_000_000:.0f}MB，许多邮箱收不下"
