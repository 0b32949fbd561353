"""Letters in, delivered or not out: no more a minute than allowed, temporary failures tried again, all on record."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from evalbatch.mail.courier import Courier, Fate, Unreachable
from evalbatch.mail.ledger import Ledger, State
from evalbatch.mail.letters import Letter
from evalbatch.mail.mime import Sender, message_bytes
from evalbatch.model import Refused
from evalbatch.pool.local import Lost, attempt

BEIJING = timezone(timedelta(hours=8))
WAITS = (2.0, 8.0, 20.0)
"""Seconds before each further round over what failed for the moment."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter and the addresses that are to get it now."""

    letter: Letter
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter at one address."""

    letter: Letter
    address: str
    fate: Fate


@dataclass
class Pace:
    """At most so many messages in any minute, those of an earlier, broken-off sending included."""

    per_minute: int
    left: deque[float] = field(default_factory=deque)
    minute: float = 60

    def wait(self) -> None:
        """Wait until one more may leave, and count it."""
        while len(self.left) >= self.per_minute:
            rest = self.left[0] + self.minute - time.time()
            if rest <= 0:
                self.left.popleft()
            else:
                time.sleep(min(rest, self.minute))
        self.left.append(time.time())


def pace_of(per_minute: int, times: Iterable[datetime]) -> Pace:
    """Begin a pace with what the record says has left within the last minute."""
    now = time.time()
    recent = (at.timestamp() for at in times)
    return Pace(per_minute, deque(at for at in recent if now - 60 < at <= now))


@dataclass
class Post:
    """Sends deliveries by a courier, keeping the record; `outcomes` has one for each letter and address in the end."""

    courier: Courier
    ledger: Ledger
    sender: Sender
    pace: Pace
    waits: Sequence[float] = WAITS
    outcomes: list[Outcome] = field(default_factory=list)
    _last: dict[tuple[str, str], Fate] = field(default_factory=dict)

    def send(self, deliveries: Sequence[Delivery], progress: Progress) -> list[Outcome]:
        """Send all of them; what fails for the moment is tried again, in rounds, and then counts as failed.

        Refused when login or certificate are wrong, or the record can't be written, before anything left.
        """
        waiting, total = list(deliveries), len(deliveries)
        try:
            for wait in (0, *self.waits):
                if not waiting:
                    break
                time.sleep(wait)
                waiting = self._round(waiting, lambda open_: progress("发信", total - open_, total))
        finally:
            self.courier.close()
        self._give_up(waiting, Fate("later", "没有发出"))
        return self.outcomes

    def _round(self, waiting: Sequence[Delivery], progress: Callable[[int], None]) -> list[Delivery]:
        """Try each once; return what is to be tried again. A server that can't be reached ends the round."""
        again: list[Delivery] = []
        for place, delivery in enumerate(waiting):
            rest = waiting[place:]
            progress(len(rest) + len(again))
            try:
                again += self._one(delivery)
            except Unreachable as error:
                self._remember(rest, Fate("later", str(error)))
                return [*again, *rest]
            except Refused as refused:
                if not self.outcomes and not again:
                    raise
                self._give_up([*again, *rest], Fate("never", refused.message))
                return []
        progress(len(again))
        return again

    def _one(self, delivery: Delivery) -> list[Delivery]:
        """Try one letter; return what of it is to be tried again."""
        letter = delivery.letter
        try:
            contents = [attachment.load() for attachment in letter.attachments]
        except Refused as refused:
            for address in delivery.addresses:
                self._conclude(letter, address, Fate("never", refused.message))
            return []
        self.pace.wait()
        now = datetime.now(BEIJING)
        number = self.ledger.attempt(letter, delivery.addresses)
        message = attempt(message_bytes, letter, self.sender, contents, number)
        if isinstance(message, Lost):
            for address in delivery.addresses:
                self._conclude(letter, address, Fate("never", f"这封信没有写成：{message.why}"))
            return []
        dated = f"Date: {format_datetime(now)}\r\n".encode() + message
        left: list[str] = []

        def leaving(addresses: Sequence[str]) -> None:
            self.ledger.leaving(letter, addresses, now)
            left.extend(addresses)

        fates = self.courier.deliver(self.sender.address, delivery.addresses, dated, leaving)
        self._write_down(letter, {address: fates[address] for address in left})
        for address, fate in fates.items():
            if fate.kind == "later":
                self._last[letter.key, address] = fate
            else:
                self._conclude(letter, address, fate)
        later = tuple(address for address, fate in fates.items() if fate.kind == "later")
        return [Delivery(letter, later)] if later else []

    def _write_down(self, letter: Letter, fates: Mapping[str, Fate]) -> None:
        """Record how a message that left ended; where that can't be written, the record says in doubt, and so do we."""
        try:
            for address, fate in fates.items():
                if fate.kind != "doubt":
                    state: State = "sent" if fate.kind == "sent" else "failed"
                    self.ledger.ended(letter, address, state, datetime.now(BEIJING), fate.reply)
        except Refused as refused:
            for address, fate in fates.items():
                self._conclude(letter, address, Fate("doubt", f"服务器答复“{fate.reply}”，但{refused.message}"))
            raise

    def _give_up(self, deliveries: Sequence[Delivery], fate: Fate) -> None:
        """End what has no end yet, each with its own last answer, else with this one."""
        ended = {(outcome.letter.key, outcome.address) for outcome in self.outcomes}
        for delivery in deliveries:
            for address in delivery.addresses:
                place = (delivery.letter.key, address)
                if place not in ended:
                    self._conclude(delivery.letter, address, self._last.get(place, fate))

    def _remember(self, deliveries: Sequence[Delivery], fate: Fate) -> None:
        self._last |= {(each.letter.key, address): fate for each in deliveries for address in each.addresses}

    def _conclude(self, letter: Letter, address: str, fate: Fate) -> None:
        self.outcomes.append(Outcome(letter, address, fate))
