"""What went wrong between here and the mail server in, the same in words that a clerk understands out."""

import smtplib
import socket

from evalbatch.mail.words import one_line
from evalbatch.storage.disk import words_of

_LONGEST = 120


def trouble(error: Exception) -> str:
    """Say what went wrong; what the server itself said is given as it said it.

    >>> trouble(ConnectionRefusedError(111, "Connection refused"))
    '拒绝连接，端口不对，或服务没有开'
    """
    match error:
        case socket.gaierror():
            return "找不到这台服务器，名称不对，或网络不通"
        case TimeoutError():
            return "没有回应"
        case ConnectionRefusedError():
            return "拒绝连接，端口不对，或服务没有开"
        case ConnectionError() | smtplib.SMTPServerDisconnected():
            return "连接断开"
        case smtplib.SMTPResponseException():
            said = error.smtp_error
            text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
            return one_line(f"服务器答复 {error.smtp_code} {text}")[:_LONGEST]
        case OSError() if error.errno:
            return words_of(error)
    return one_line(str(error))[:_LONGEST]
