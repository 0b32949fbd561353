"""Messages as bytes: headers that can't be broken into, and attachment names read from the raw header lines."""

import email
import errno
import re
import smtplib
import socket
from base64 import b64decode
from dataclasses import replace
from email import policy
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalbatch.mail.attachments import Attachment
from evalbatch.mail.letters import Letter
from evalbatch.mail.mime import Sender, message_bytes, sender_of
from evalbatch.mail.troubles import trouble
from evalbatch.model import Refused, Unit

SENDER = Sender("绩效评价", "jx@example.org")
SHEET = Attachment("示例教育局_复核评分表.xlsx", Path("x.xlsx"), "0" * 64, 3, "")
LETTER = Letter(
    Unit("001", "示例教育局"), "complete", ("a@example.org", "b@example.org"), "2023年度结果：示例教育局",
    "示例教育局：\n\n问题：\n1. <b>甲</b>\n.\n", (SHEET,),
)  # fmt: skip


def head_of_attachment(raw: bytes) -> str:
    """The raw header lines of the last part, unfolded by nobody."""
    return raw.rpartition(b"\r\n--=_mixed_")[0].rpartition(b"\r\n--=_mixed_")[2].partition(b"\r\n\r\n")[0].decode()


NAMES = [
    "示例教育局_复核评分表.xlsx",
    "001_退回2.xlsx",
    "湛江市麻章区农业农村和水务事务服务中心本级_复核评分表.xlsx",
    "ABCDEFGHIJK_退回.xlsm",
]


@pytest.mark.parametrize("name", NAMES)
def test_attachment__its_name_in_the_raw_headers__rfc_2047_and_rfc_2231_in_one_piece(name: str) -> None:
    """QQ Mail and Foxmail show tcmime.bin for a name in several pieces (filename*0*=); here it has one."""
    letter = replace(LETTER, attachments=(replace(SHEET, name=name),))
    head = head_of_attachment(message_bytes(letter, SENDER, [b"PK."]))
    [old] = re.findall(r'^Content-Type: application/[\w.+-]+; name="([^"\r\n]*)"\r?$', head, re.MULTILINE)
    [new] = re.findall(r"^Content-Disposition: attachment; filename\*=utf-8''(\S*)\r?$", head, re.MULTILINE)
    words = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", old)
    assert "".join(b64decode(word).decode() for word in words) == name
    assert unquote(new) == name
    assert "filename*0" not in head


def test_attachment__short_name__is_one_encoded_word() -> None:
    """The names that units usually have fit into one RFC 2047 word, which no program has to join."""
    head = head_of_attachment(message_bytes(LETTER, SENDER, [b"PK."]))
    assert head.count("=?utf-8?b?") == 1


def test_attachment__parsed_as_old_and_new_programs_do__has_its_name_and_bytes() -> None:
    """Python's two parsers stand for the two ways of reading."""
    raw = message_bytes(LETTER, SENDER, [b"PK\x03\x04\r\n.\r\n\x00"])
    modern = email.message_from_bytes(raw, policy=policy.default)
    [part] = modern.iter_attachments()
    assert (part.get_filename(), part.get_content()) == (SHEET.name, b"PK\x03\x04\r\n.\r\n\x00")
    old = email.message_from_bytes(raw).get_payload()[-1]
    assert str(make_header(decode_header(old.get_param("name")))) == SHEET.name
    assert not modern.defects


def test_message__plain_text_and_html__say_the_same_and_markup_is_text() -> None:
    """Two forms of one letter; what a unit wrote into a cell is no HTML."""
    message = email.message_from_bytes(message_bytes(LETTER, SENDER, [b""]), policy=policy.default)
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain == LETTER.text
    assert "1. &lt;b&gt;甲&lt;/b&gt;" in html
    assert "<b>问题：</b>" in html


def test_message__same_letter__same_bytes_without_a_date() -> None:
    """A preview shows no clock; what changes the content changes the Message-ID."""
    raw = message_bytes(LETTER, SENDER, [b""])
    assert raw == message_bytes(LETTER, SENDER, [b""])
    message = email.message_from_bytes(raw)
    other = email.message_from_bytes(message_bytes(replace(LETTER, text="另"), SENDER, [b""]))
    assert message["Date"] is None
    assert message["Message-ID"] != other["Message-ID"]
    assert message["Message-ID"].endswith("@example.org>")
    assert re.fullmatch(rb"[\x20-\x7e\r\n]*", raw)
    assert max(map(len, raw.splitlines())) < 990


@given(st.text(max_size=60), st.text(max_size=30))
def test_headers__whatever_subject_and_sender_hold__no_header_is_added(subject: str, name: str) -> None:
    """Header injection is impossible: the message has the headers that we gave it, and one of each."""
    letter = replace(LETTER, subject=f"{subject}\r\nBcc: x@example.org\n\n{subject}")
    raw = message_bytes(letter, replace(SENDER, name=f"{name}\nX-Own: 1"), [b""])
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert sorted(names) == ["Content-Type", "From", "MIME-Version", "Message-ID", "Subject", "To"]
    assert email.message_from_bytes(raw)["To"] == "a@example.org,\r\n b@example.org"


@pytest.mark.parametrize("text", ["", "绩效评价", "a@", "a@b.org\nBcc: c@d.org", "甲 <a@b.org>, c@d.org\r\n"])
def test_sender__that_is_no_address__is_refused(text: str) -> None:
    """The setting is said, and how to write it."""
    with pytest.raises(Refused, match="sender"):
        sender_of(text)


TROUBLES = [
    (socket.gaierror(-2, "Name or service not known"), "找不到这台服务器，名称不对，或网络不通"),
    (TimeoutError("timed out"), "没有回应"),
    (ConnectionResetError(104, "Connection reset by peer"), "连接断开"),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "连接断开"),
    (smtplib.SMTPDataError(554, "邮箱已满\r\nover".encode()), "服务器答复 554 邮箱已满 over"),
    (OSError(errno.ENOSPC, "No space left on device"), "磁盘空间不足"),
]


@pytest.mark.parametrize(("error", "said"), TROUBLES, ids=lambda value: type(value).__name__)
def test_trouble__with_the_server__said_in_chinese(error: Exception, said: str) -> None:
    """The system's English stays out; what the server answered is given as it is, in one line."""
    assert trouble(error) == said
