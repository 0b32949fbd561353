"""What was sent to whom: record/mail.jsonl. Written down before a message leaves, and again once it arrived.

An attempt is one message to one address: "leaving", then "sent" or "failed". Leaving without an end is a crash: nobody
knows whether it arrived, so it counts as in doubt and is sent again only when a person says so.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from evalbatch.mail.letters import Letter
from evalbatch.model import Refused
from evalbatch.storage.journal import Journal, open_journal

FILE = Path("record") / "mail.jsonl"
State = Literal["leaving", "sent", "failed"]
Standing = Literal["new", "changed", "failed", "doubt", "sent"]


@dataclass
class Ledger:
    """The record of messages of one campaign, by unit and address."""

    journal: Journal
    attempts: dict[tuple[str, str], dict[tuple[str, int], State]] = field(default_factory=dict)
    times: list[datetime] = field(default_factory=list)

    def standing(self, letter: Letter, address: str) -> Standing:
        """Tell how this content stands with this address: never sent, sent, in doubt, …

        "changed": another content was sent before.
        """
        attempts = self.attempts.get((letter.unit.name, address), {})
        states = [state for (content, _), state in attempts.items() if content == letter.content]
        if not states:
            return "changed" if any(state != "failed" for state in attempts.values()) else "new"
        if states[-1] == "leaving":
            return "doubt"
        return "sent" if "sent" in states else "doubt" if "leaving" in states else "failed"

    def attempt(self, letter: Letter, addresses: Sequence[str]) -> int:
        """Number the next attempt at this content, from 1."""
        return 1 + max(len(self._states(letter, address)) for address in addresses)

    def leaving(self, letter: Letter, addresses: Sequence[str], at: datetime) -> None:
        """Write down, safely on disk, that a message is about to leave."""
        self._note(letter, addresses, "leaving", at, "")

    def ended(self, letter: Letter, address: str, state: State, at: datetime, reply: str) -> None:
        """Write down how an attempt ended."""
        self._note(letter, (address,), state, at, reply)

    def _states(self, letter: Letter, address: str) -> list[State]:
        attempts = self.attempts.get((letter.unit.name, address), {})
        return [state for (content, _), state in attempts.items() if content == letter.content]

    def _note(self, letter: Letter, addresses: Iterable[str], state: State, at: datetime, reply: str) -> None:
        entries = []
        for address in addresses:
            number = len(self._states(letter, address)) + (state == "leaving")
            self._take(letter.unit.name, address, letter.content, number, state)
            entry = {
                "unit": letter.unit.name,
                "address": address,
                "content": letter.content,
                "attempt": number,
                "state": state,
                "subject": letter.subject,
                "at": at.isoformat(timespec="milliseconds"),
                "reply": reply,
            }
            entries.append((_key(letter.unit.name, address, letter.content, number, state), entry))
        self.journal.append(entries)
        if state == "leaving":
            self.times.append(at)

    def _take(self, unit: str, address: str, content: str, number: int, state: State) -> None:
        self.attempts.setdefault((unit, address), {})[content, number] = state


def _key(unit: str, address: str, content: str, number: int, state: State) -> str:
    about = hashlib.sha256("\0".join((unit, address, content)).encode()).hexdigest()[:32]
    return f"{about}-{number}-{state}"


def open_ledger(folder: Path) -> Ledger:
    """Read a campaign's record of messages; none yet is an empty one.

    Refused when it can't be read, or a line of it can't: it might say that a message was sent.
    """
    journal = open_journal(folder / FILE)
    if journal.damaged:
        numbers = "、".join(map(str, journal.damaged))
        raise Refused(
            f"发信记录 {FILE.as_posix()} 第{numbers}行读不出来，无法确定哪些邮件已经发过。",
            remedy="请从备份恢复这个文件；没有备份的，请人工确认后删去这些行。为免重复，现在一封也不发。",
        )
    ledger = Ledger(journal)
    try:
        for _, entry in journal.entries():
            place = (entry["unit"], entry["address"], entry["content"], entry["attempt"])
            ledger._take(*place, entry["state"])
            at = datetime.fromisoformat(entry["at"])
            if entry["state"] == "leaving" and at not in ledger.times[-1:]:
                ledger.times.append(at)
    except (KeyError, TypeError, ValueError):
        raise Refused(
            f"发信记录 {FILE.as_posix()} 不是本程序写的样子。",
            remedy="请从备份恢复这个文件；为免重复，现在一封也不发。",
        ) from None
    return ledger
