"""One message in, what became of it at each address out: the only place that speaks SMTP.

The end of a message is sent by itself. Before it the server can't have taken the message, so a lost connection is
tried again; after it nobody knows, so it is not.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from evalbatch.campaign.settings import Settings
from evalbatch.mail.troubles import trouble
from evalbatch.mail.words import one_line
from evalbatch.model import Refused

_HERE = "[127.0.0.1]"
"""How this machine introduces itself: no name of it is given away, and none is looked up."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message at one address, in the server's words.

    "later": refused for now, try again; "never": refused for good; "doubt": it left and no answer came.
    """

    kind: Literal["sent", "later", "never", "doubt"]
    reply: str


class Unreachable(Exception):
    """The server can't be reached just now; its text says why."""


class Courier:
    """A connection to the mail server of the settings, made when needed, and made again when it was lost.

    `patience` is how many seconds an answer may take; the last one, after a whole message, five times as many.
    """

    def __init__(self, settings: Settings, password: str, patience: float = 60) -> None:
        self.mail = checked(settings).mail
        self.password = password
        self.patience = patience
        self._tls = ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None

    def deliver(
        self, sender: str, addresses: Sequence[str], message: bytes, leaving: Callable[[Sequence[str]], None]
    ) -> dict[str, Fate]:
        """Deliver a message; `leaving` is told the accepted addresses right before the end of it leaves.

        Unreachable when there is no connection; Refused when login or certificate are wrong.
        """
        smtp = self._connected()
        fates: dict[str, Fate] = {}
        try:
            code, reply = smtp.mail(sender, [f"size={len(message)}"] if smtp.has_extn("size") else [])
            if code != 250:
                return self._everyone(addresses, code, reply)
            for address in addresses:
                code, reply = smtp.rcpt(address)
                if code not in (250, 251):
                    fates |= self._everyone([address], code, reply)
            accepted = [address for address in addresses if address not in fates]
            if not accepted:
                return fates
            code, reply = smtp.docmd("DATA")
            if code != 354:
                return fates | self._everyone(accepted, code, reply)
            smtp.send(_body(message))
            leaving(accepted)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            lost = Fate("later", f"连接中断（{trouble(error)}）")
            return {address: fates.get(address, lost) for address in addresses}
        except BaseException:
            self._drop()  # without its end, a message is none
            raise
        return fates | self._end(smtp, accepted)

    def _end(self, smtp: smtplib.SMTP, addresses: Sequence[str]) -> dict[str, Fate]:
        """Send the end of the message and wait for the one answer that tells."""
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience * 5)
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.patience)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return dict.fromkeys(addresses, Fate("doubt", f"已发出，没有收到服务器的答复（{trouble(error)}）"))
        if code == -1:
            self._drop()
            return dict.fromkeys(addresses, Fate("doubt", "已发出，服务器的答复看不懂"))
        return self._everyone(addresses, code, reply)

    def _everyone(self, addresses: Sequence[str], code: int, reply: bytes) -> dict[str, Fate]:
        if code == 421:
            self._drop()
        words = f"{code} {_words(reply)}"
        kind: Literal["sent", "later", "never"] = (
            "sent" if 200 <= code < 300 else "never" if 500 <= code < 600 else "later"
        )
        return dict.fromkeys(addresses, Fate(kind, words))

    def close(self) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        """Return the connection, ready for the next message; servers close one that rested too long."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            self._drop()
        self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        host, port = self.mail.host, self.mail.port
        try:
            if self.mail.security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, local_hostname=_HERE, timeout=self.patience, context=self._tls
                )
            else:
                smtp = smtplib.SMTP(host, port, local_hostname=_HERE, timeout=self.patience)
            return self._introduced(smtp)
        except ssl.SSLError as error:
            raise _insecure(host, port, error) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused(
                f"邮件服务器 {host}:{port} 不支持设置要求的加密或登录方式，没有发送。",
                remedy='请向邮箱管理员核对端口和加密方式：587 一般用 security = "starttls"，465 用 "tls"。',
            ) from None
        except smtplib.SMTPResponseException as error:
            words = f"{error.smtp_code} {_words(error.smtp_error)}"
            if not 500 <= error.smtp_code < 600:
                raise Unreachable(words) from None
            raise Refused(
                f"邮件服务器 {host}:{port} 拒绝登录：{words}。",
                remedy="请核对设置 [mail] 的 user 和密码；许多邮箱要用“授权码”，不是登录密码。",
            ) from None
        except UnicodeError:
            raise _no_server(host, port) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"连不上 {host}:{port}（{trouble(error)}）") from None

    def _introduced(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        """Say hello, go over to TLS, log in; nothing of it stays open when one of these fails."""
        try:
            if self.mail.security == "starttls":
                smtp.starttls(context=self._tls)
            smtp.ehlo_or_helo_if_needed()
            if self.mail.user:
                smtp.login(self.mail.user, self.password)
            # The end of a message is a small packet by itself: without this it would wait for the last one's receipt.
            if smtp.sock is not None:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            smtp.close()
            raise
        return smtp


def checked(settings: Settings) -> Settings:
    """Return settings that can be used. Refused: no server named, or no encryption towards another machine."""
    mail = settings.mail
    if not mail.host:
        raise Refused(
            "设置文件 evalbatch.toml 的 [mail] 一节还没有写邮件服务器。",
            remedy='请写上 host、port、security、user、sender，例如：host = "smtp.example.org"。',
        )
    if mail.port > 65535:
        raise _no_server(mail.host, mail.port)
    if mail.security == "none" and not _on_this_machine(mail.host):
        raise Refused(
            f'设置文件 evalbatch.toml [mail] 中 security = "none" 只能用于本机的服务器，host 现为“{mail.host}”。',
            remedy='请改为 security = "starttls"（端口587）或 "tls"（端口465）。',
        )
    return settings


def _no_server(host: str, port: int) -> Refused:
    return Refused(
        f"设置文件 evalbatch.toml [mail] 中的服务器 {host}:{port} 写得不对。",
        remedy='请核对 host 和 port，例如：host = "smtp.example.org"，port = 587。',
    )


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _insecure(host: str, port: int, error: ssl.SSLError) -> Refused:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(
            f"邮件服务器 {host} 的证书不可信（{error.verify_message}），没有发送。",
            remedy="请核对 host 是否写对；单位自建的服务器，请管理员把它的根证书装进系统。",
        )
    return Refused(
        f"与邮件服务器 {host}:{port} 加密不成（{error.reason or error}），没有发送。",
        remedy='请核对端口和加密方式：587 一般用 security = "starttls"，465 用 "tls"。',
    )


def _body(message: bytes) -> bytes:
    """Double the dots that begin a line, as SMTP wants it; the message ends with a line break."""
    return re.sub(rb"(?m)^\.", b"..", message)


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return one_line(text)[:120]
