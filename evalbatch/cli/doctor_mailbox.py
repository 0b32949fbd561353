"""The mail server: does it answer, and does it offer what the settings ask for. Nothing is sent, nobody logs in."""

import os
import smtplib
import ssl
from collections.abc import Iterator

from evalbatch.campaign.settings import Settings
from evalbatch.cli.doctor_verdict import FINE, NOTE, WRONG, Verdict
from evalbatch.mail.troubles import trouble

SECONDS = 5
PASSWORD = "EVALBATCH_MAIL_PASSWORD"


def examine_mailbox(settings: Settings) -> Iterator[Verdict]:
    """Yield what can be said of the mail settings and their server."""
    mail = settings.mail
    place = f"{mail.host}:{mail.port}"
    if not mail.sender:
        yield Verdict(WRONG, "发信人", "没有写", '请在 [mail] 写上，例如：sender = "绩效评价 <jx@example.org>"。')
    if mail.user and not os.environ.get(PASSWORD):
        yield Verdict(NOTE, "邮箱密码", f"环境变量 {PASSWORD} 没有设置", "发信前请设置，或存入系统钥匙串。")
    try:
        server = _connected(mail.host, mail.port, mail.security)
    except ssl.SSLError as error:
        found = f"{place} 的加密连接不成：{error.reason or error}"
        yield Verdict(
            WRONG, "邮件服务器", found, "请核对 [mail] 的 port 和 security：465 一般用 tls，587 用 starttls。"
        )
    except (OSError, smtplib.SMTPException) as error:
        found = f"{place} 连不上：{trouble(error)}"
        yield Verdict(WRONG, "邮件服务器", found, "请核对 [mail] 的 host 和 port，以及网络、防火墙；不发信可以不管。")
    else:
        with server:
            server.ehlo()
            if mail.security == "starttls" and not server.has_extn("starttls"):
                remedy = '请改用 security = "tls" 和相应的端口，或询问邮箱管理员。'
                yield Verdict(WRONG, "邮件服务器", f"{place} 不支持 starttls", remedy)
            else:
                yield Verdict(FINE, "邮件服务器", f"{place} 有应答（没有登录，没有发信）")


def _connected(host: str, port: int, security: str) -> smtplib.SMTP:
    # Its own name is not looked up: that can take longer than the server's answer.
    if security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname="localhost", timeout=SECONDS, context=context)
    return smtplib.SMTP(host, port, local_hostname="localhost", timeout=SECONDS)
