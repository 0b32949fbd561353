"""One mailing from end to end: gather the letters, preview them, see which are due, send those."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.campaign.seal_marker import refuse_if_sealed
from evalbatch.campaign.settings import Settings
from evalbatch.mail.courier import Courier, Fate, checked
from evalbatch.mail.ledger import Ledger, open_ledger
from evalbatch.mail.letters import Letter, addresses_of, letters_of
from evalbatch.mail.mime import Sender, sender_of
from evalbatch.mail.post import WAITS, Delivery, Outcome, Post, Progress, pace_of
from evalbatch.mail.preview import write_preview
from evalbatch.mail.wording import Kind
from evalbatch.model import Refused
from evalbatch.storage.lock import held

VARIABLE = "EVALBATCH_MAIL_PASSWORD"
SERVICE = "evalbatch"

EVERYONE = "全部"
LOCK = Path("record") / ".mail.lock"
"""Beside the record of what was sent: who deletes the cache while letters leave lets nobody else send."""
BUSY = Refused("这个批次正在另一个窗口中发信。", remedy="请等它发完再试；一个批次同时只能有一处发信，以免重复。")


@dataclass(frozen=True, slots=True)
class Due:
    """What a sending would do: deliveries now, letters in doubt that wait for a person, letters sent before."""

    deliveries: tuple[Delivery, ...]
    doubtful: tuple[Delivery, ...]
    sent_before: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a sending did, letter by letter and address by address."""

    outcomes: tuple[Outcome, ...]

    @property
    def sent(self) -> tuple[Outcome, ...]:
        """What arrived at the server."""
        return tuple(outcome for outcome in self.outcomes if outcome.fate.kind == "sent")

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """What did not, or is in doubt."""
        return tuple(outcome for outcome in self.outcomes if outcome.fate.kind != "sent")


@dataclass(frozen=True)
class Mailing:
    """All letters of one kind of one campaign, as the last run's results in `output` have them."""

    campaign: Campaign
    output: Path
    kind: Kind
    letters: tuple[Letter, ...]

    @classmethod
    def of(cls, campaign: Campaign, output: Path, kind: Kind) -> "Mailing":
        """Gather the letters. Refused when there was no run, or the wording can't be used."""
        campaign.refuse_overlap(output)
        return cls(campaign, output, kind, letters_of(campaign, output, kind))

    @property
    def sender(self) -> Sender | None:
        """Who writes, None where the settings name nobody yet. Refused when what they name is no address."""
        text = self.campaign.settings.mail.sender
        return sender_of(text) if text else None

    @property
    def faulty(self) -> tuple[Letter, ...]:
        """Letters that are due and can't go out."""
        return tuple(letter for letter in self.letters if letter.fault)

    def preview(self) -> dict[str, str]:
        """Write output/mail/; return second names of files that were in use. Refused when it can't be written."""
        return write_preview(self.output, self.kind, self.letters, self.sender, open_ledger(self.campaign.folder))

    def due(self, again: Collection[str] = ()) -> Due:
        """See what is to be sent: what was not sent yet, and whatever `again` names by code or name.

        Refused when `again` names no unit of the roster, or one that has no letter.
        """
        wanted = self._named(again)
        return _due(self.letters, open_ledger(self.campaign.folder), wanted)

    def ready_to_send(self) -> None:
        """Refused when the season is sealed, or settings or password are such that nothing could be sent."""
        refuse_if_sealed(self.campaign.folder, "不再发信")
        password_of(checked(self.campaign.settings))
        sender_of(self.campaign.settings.mail.sender)

    def send(
        self,
        again: Collection[str] = (),
        progress: Progress = lambda *_: None,
        waits: Sequence[float] = WAITS,
        patience: float = 60,
    ) -> Report:
        """Send what is due, to addresses that are the unit's on the roster this moment.

        Refused when the season is sealed, settings, password or certificate are wrong, or another process is sending.
        """
        refuse_if_sealed(self.campaign.folder, "不再发信")
        settings = self.campaign.settings
        courier, sender = Courier(settings, password_of(settings), patience), sender_of(settings.mail.sender)
        with held(self.campaign.folder / LOCK, "发信记录文件夹 record", BUSY):
            ledger = open_ledger(self.campaign.folder)
            due = _due(self.letters, ledger, self._named(again))
            kept, strays = self._on_the_roster(due.deliveries)
            post = Post(courier, ledger, sender, pace_of(settings.mail.per_minute, ledger.times), waits, strays)
            return Report(tuple(post.send(kept, progress)))

    def _on_the_roster(self, deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[Outcome]]:
        """Hold the addresses against the roster as it is now: minutes may have passed since it was read."""
        roster = load_campaign(self.campaign.folder).roster
        now = {unit.name: addresses_of(unit)[0] for unit in roster.units}
        kept, strays = [], []
        for delivery in deliveries:
            own = now.get(delivery.letter.unit.name, ())
            addresses = tuple(address for address in delivery.addresses if address in own)
            if addresses:
                kept.append(Delivery(delivery.letter, addresses))
            gone = Fate("never", "单位名单已改动，这个地址不再是该单位的")
            strays += [Outcome(delivery.letter, a, gone) for a in delivery.addresses if a not in own]
        return kept, strays

    def _named(self, again: Collection[str]) -> frozenset[str]:
        ready = {letter.unit.name for letter in self.letters if letter.ready}
        if EVERYONE in again:
            return frozenset(ready)
        wanted = set()
        for text in again:
            match = self.campaign.roster.find(text, text)
            if match.unit is None:
                near = f"相近的有：{'、'.join(match.nearest)}。" if match.nearest else ""
                raise Refused(f"单位名单中没有“{text}”。", remedy=f"--again 后请写单位名称或编码。{near}")
            if match.unit.name not in ready:
                why = next((x.none or x.fault for x in self.letters if x.unit == match.unit), "没有邮件")
                raise Refused(f"“{match.unit.name}”没有可发的邮件：{why}。", remedy="请先解决上述问题，再重新发送。")
            wanted.add(match.unit.name)
        return frozenset(wanted)


def _due(letters: Sequence[Letter], ledger: Ledger, again: Collection[str]) -> Due:
    deliveries, doubtful, sent_before = [], [], 0
    for letter in letters:
        if not letter.ready:
            continue
        if letter.unit.name in again:
            deliveries.append(Delivery(letter, letter.addresses))
            continue
        standings = {address: ledger.standing(letter, address) for address in letter.addresses}
        open_ = tuple(address for address, standing in standings.items() if standing not in ("sent", "doubt"))
        in_doubt = tuple(address for address, standing in standings.items() if standing == "doubt")
        if open_:
            deliveries.append(Delivery(letter, open_))
        if in_doubt:
            doubtful.append(Delivery(letter, in_doubt))
        sent_before += not open_ and not in_doubt
    return Due(tuple(deliveries), tuple(doubtful), sent_before)


def password_of(settings: Settings) -> str:
    """Return the password of the settings' user, "" where no user is set.

    Refused when there is none to be found, or one that SMTP can't say.
    """
    user = settings.mail.user
    if not user:
        return ""
    if password := os.environ.get(VARIABLE) or _from_keyring(user):
        if not (user + password).isascii():
            raise Refused(
                "发信的用户名或密码里有中文或全角字符，邮件服务器不认。", remedy="请切换到英文输入法重新输入。"
            )
        return password
    raise Refused(
        f"没有找到邮箱 {user} 的密码。",
        remedy=f"请设置环境变量 {VARIABLE}，或存入系统钥匙串：keyring set {SERVICE} {user}。",
    )


def _from_keyring(user: str) -> str | None:
    if find_spec("keyring") is None:
        return None
    keyring = import_module("keyring")
    try:
        found: str | None = keyring.get_password(SERVICE, user)
    except Exception as error:  # a keyring's back end raises whatever it likes
        raise Refused(f"系统钥匙串读不出来：{error}。", remedy=f"请先解锁钥匙串，或改用环境变量 {VARIABLE}。") from None
    return found
