# ruff: noqa: ARG002, N802  aiosmtpd names its handlers and what they are given
"""A real SMTP server on this machine that misbehaves to order."""

import asyncio
import contextlib
import email
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "jx@example.org", "geheim"


@dataclass
class Mailbox:
    """What the server took, and how it is to answer.

    `answers` has, by stage ("MAIL", "RCPT", "DATA"), the answers to give first, one after the other: a reply's text,
    "drop" to hang up, None to be normal; then it is normal. `on_message` is told of each whole message before its
    answer. A stage's answer to one address only stands under ("RCPT", address) and is given always.
    """

    answers: dict[Any, list[str | None]] = field(default_factory=dict)
    slow: float = 0
    on_message: Callable[[int], None] = lambda _: None
    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def reached(self) -> Counter[str]:
        """Count whole messages by address."""
        return Counter(address for envelope in self.taken for address in envelope.rcpt_tos)

    def messages(self) -> list[EmailMessage]:
        """Parse what was taken as a modern mail program does."""
        return [email.message_from_bytes(each.content, policy=policy.default) for each in self.taken]

    def _answer(self, server: SMTP, stage: Any, otherwise: str) -> str:
        left = self.answers.get(stage, [])
        said = left.pop(0) if left else None
        if said == "drop":
            server.transport.abort()  # type: ignore[attr-defined]
        return otherwise if said in (None, "drop") else said

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer(server, "MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.answers.get(("RCPT", address), [None])[0] or self._answer(server, "RCPT", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.slow)
        said = self._answer(server, "DATA", "250 OK")
        if said.startswith("250"):
            self.taken.append(envelope)
            self.on_message(len(self.taken))
        return said


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextlib.contextmanager
def serving(mailbox: Mailbox, context: ssl.SSLContext | None = None, *, tls: str = "") -> Iterator[Mailbox]:
    """Serve on 127.0.0.1, a free port; `tls` is "", "starttls" or "tls", both with login required."""
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        mailbox.connections += 1
        options: dict[str, Any] = {"hostname": "test", "loop": loop, "enable_SMTPUTF8": False}
        if tls:
            options |= {"authenticator": _login, "auth_required": True, "auth_require_tls": tls == "starttls"}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        return SMTP(mailbox, **options)

    implicit = context if tls == "tls" else None
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit))
    mailbox.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        # The loop belongs to its thread: there the server is closed, and then the loop stopped.
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
