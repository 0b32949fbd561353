"""A letter in, the bytes of its message out: plain text and HTML, attachment names that every program shows.

Two forms of each attachment's name: RFC 2047 in `name=`, which older Foxmail and QQ Mail read, and RFC 2231 in
`filename*=`, in one piece, which everyone else reads. The same letter gives the same bytes.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import encoders, policy
from email.charset import BASE64, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import getaddresses, parseaddr
from html import escape
from pathlib import PurePosixPath

from evalbatch.mail.letters import Letter, is_address
from evalbatch.mail.words import one_line
from evalbatch.model import Refused

_KINDS = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "vnd.ms-excel.sheet.macroEnabled.12",
}
_LAYOUT = policy.compat32.clone(linesep="\r\n", max_line_length=0)
"""Headers are folded here by hand: a header folded again would cut a name in two."""
_WORDS = Charset("utf-8")
_WORDS.header_encoding = BASE64  # what every program has read for twenty years
_NOBODY = "evalbatch.invalid"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: a name, which may be empty, and an address."""

    name: str
    address: str


def sender_of(text: str) -> Sender:
    """Read the setting `sender`. Refused when it holds no address.

    >>> sender_of("绩效评价 <jx@example.org>")
    Sender(name='绩效评价', address='jx@example.org')
    """
    name, address = parseaddr(text)
    if text != one_line(text) or len(getaddresses([text])) != 1 or not is_address(address):
        raise Refused(
            f"设置文件 evalbatch.toml [mail] 中 sender = “{one_line(text)}”不是发件人地址。",
            remedy='请写成，例如：sender = "绩效评价 <jx@example.org>"。',
        )
    return Sender(one_line(name), address)


def message_id(letter: Letter, sender: Sender | None, attempt: int = 1) -> str:
    """Name a message by its unit and content; one that is sent again on request is another message."""
    domain = sender.address.rpartition("@")[2] if sender else _NOBODY
    again = f".{attempt}" if attempt > 1 else ""
    return f"<{letter.key}{again}@{domain}>"


def message_bytes(letter: Letter, sender: Sender | None, contents: Sequence[bytes], attempt: int = 1) -> bytes:
    """Return the message, `contents` being its attachments' bytes; without a Date, which it gets when it leaves."""
    message = MIMEMultipart("mixed", boundary=f"=_mixed_{letter.content[:24]}")
    if sender:
        message["From"] = f"{_encoded(sender.name, 'From')} <{sender.address}>" if sender.name else sender.address
    message["To"] = ",\r\n ".join(letter.addresses)
    message["Subject"] = _encoded(letter.subject, "Subject")
    message["Message-ID"] = message_id(letter, sender, attempt)
    texts = MIMEMultipart("alternative", boundary=f"=_texts_{letter.content[:24]}")
    texts.attach(MIMEText(letter.text, "plain", "utf-8"))
    texts.attach(MIMEText(html_of(letter.text), "html", "utf-8"))
    message.attach(texts)
    for attachment, data in zip(letter.attachments, contents, strict=True):
        message.attach(_part(attachment.name, data))
    buffer = io.BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_LAYOUT).flatten(message)
    return buffer.getvalue()


def _encoded(text: str, header: str) -> str:
    """Write a header's text: plain ASCII as it is, all else in RFC 2047 words of at most a line each."""
    text = one_line(text)
    if text.isascii() and not re.search(r'[()<>\[\]:;@\\,"=?]', text):
        return text
    return Header(text, _WORDS, header_name=header).encode(linesep="\r\n")


def _part(name: str, data: bytes) -> MIMEBase:
    part = MIMEBase("application", _KINDS.get(PurePosixPath(name).suffix.lower(), "octet-stream"))
    part.set_payload(data)
    encoders.encode_base64(part)
    part.set_param("name", Header(name, _WORDS).encode(linesep=""))
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def html_of(text: str) -> str:
    """Write a letter's text as HTML: its paragraphs, the heading of a list in bold, nothing of it as markup.

    >>> "<b>问题：</b><br>\\n1. &lt;甲&gt;" in html_of("问题：\\n1. <甲>\\n")
    True
    """
    style = "font-family:'Microsoft YaHei',微软雅黑,sans-serif;font-size:14px;line-height:1.7;color:#1F2933"
    paragraphs = (_paragraph(block.split("\n")) for block in re.split(r"\n\n+", text.strip("\n")))
    body = "\n".join(paragraphs)
    return f'<!DOCTYPE html>\n<html lang="zh-CN"><body style="{style}">\n{body}\n</body></html>\n'


def _paragraph(lines: list[str]) -> str:
    safe = [escape(line) for line in lines]
    if len(lines) > 1 and lines[0].endswith("："):
        safe[0] = f"<b>{safe[0]}</b>"
    lines_of_html = "<br>\n".join(safe)
    return f'<p style="margin:0 0 1em">{lines_of_html}</p>'
