"""This machine, Python, libraries, fonts, LibreOffice, memory limits, clock, and the mail server that it reaches."""

import os
import platform
import re
import shutil
import smtplib
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Literal

from evalbatch import __version__
from evalbatch.campaign.settings import Settings
from evalbatch.mail.troubles import trouble
from evalbatch.model import Refused
from evalbatch.pool.local import memory_is_limited, usable_cores
from evalbatch.storage.shipped import shipped

State = Literal["正常", "注意", "有问题"]
FINE: State = "正常"
NOTE: State = "注意"
WRONG: State = "有问题"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing examined: its state, what it is and what was found, and what to do where it is not in order."""

    state: State
    what: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.state:　<3} {self.what}：{self.found}"
        return f"{line}\n　　　 {self.remedy}" if self.remedy else line


PYTHON = (3, 11)
FONTS = {"微软雅黑": "msyh", "宋体": "simsun"}
"""The fonts that the outputs name, each with what its file's name begins with on Windows."""
EARLIEST = datetime(2025, 1, 1)
"""A clock before this day is wrong: there was no evalbatch then."""


def examine_machine() -> Iterator[Verdict]:
    """Yield what can be said of this machine without any campaign."""
    yield _python()
    yield _libraries()
    yield _fonts()
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield Verdict(FINE, "LibreOffice", f"已安装（{office}）" if office else "没有找到；不影响使用，只用来查看结果")
    yield _memory()
    yield _clock()


def _python() -> Verdict:
    found = f"{platform.python_version()}（{platform.system()}，{usable_cores()}个处理器核心），evalbatch {__version__}"
    if sys.version_info[:2] < PYTHON:
        return Verdict(WRONG, "Python", found, f"请安装Python {'.'.join(map(str, PYTHON))}或更新的版本。")
    return Verdict(FINE, "Python", found)


def _libraries() -> Verdict:
    tested, minima = _tested(), _minima()
    missing, old, other = [], [], []
    for name, least in minima.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if _numbers(version) < _numbers(least):
            old.append(f"{name} {version}（至少要{least}）")
        elif name in tested and version != tested[name]:
            other.append(f"{name} {version}（测试过的是{tested[name]}）")
    if missing or old:
        remedy = "请重新安装：py -m pip install -c constraints.txt evalbatch；离线安装见 docs/zh/windows.md。"
        return Verdict(WRONG, "程序库", "、".join([*(f"缺少{name}" for name in missing), *old]), remedy)
    if other:
        return Verdict(NOTE, "程序库", "、".join(other), "一般可用；结果异常时请按 constraints.txt 安装测试过的版本。")
    return Verdict(FINE, "程序库", f"{len(minima)}个，{'都是测试过的版本' if tested else '版本都够新'}")


def _minima() -> dict[str, str]:
    """Return the libraries needed to run, each with the oldest version that will do."""
    try:
        needs = metadata.requires("evalbatch") or []
    except metadata.PackageNotFoundError:  # a checkout that was not installed
        path = shipped("pyproject.toml")
        needs = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["dependencies"] if path.is_file() else []
    found = [re.match(r"([\w.-]+)\s*>=\s*([\w.]+)", need) for need in needs if "extra ==" not in need]
    return {_name(match[1]): match[2] for match in found if match}


def _tested() -> dict[str, str]:
    path = shipped("constraints.txt")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {_name(match[1]): match[2] for match in re.finditer(r"^([\w.-]+)==([\w.]+)", text, re.M)}


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _fonts() -> Verdict:
    if sys.platform == "win32":
        names = [path.name.lower() for path in Path(r"C:\Windows\Fonts").glob("*.tt*")]
        missing = [font for font, start in FONTS.items() if not any(name.startswith(start) for name in names)]
    elif sys.platform == "darwin":
        missing = []  # PingFang and Songti come with the system and stand in
    else:
        missing = _fonts_by_fontconfig()
    if missing:
        found = f"没有{'、'.join(missing)}"
        return Verdict(NOTE, "中文字体", found, "不影响生成；本机查看时会用别的字体代替，发给单位的文件不受影响。")
    return Verdict(FINE, "中文字体", "齐全")


def _fonts_by_fontconfig() -> list[str]:
    if (program := shutil.which("fc-list")) is None:
        return ["可查的字体清单"]
    done = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, timeout=30, check=False)
    return [] if done.stdout.strip() else list(FONTS)


def _memory() -> Verdict:
    if memory_is_limited():
        return Verdict(FINE, "内存限制", "可用，单个文件占用内存过多时只停止该文件")
    return Verdict(NOTE, "内存限制", "本系统不支持，单个文件只限时间和大小", "请留足内存；异常大的文件会按大小退回。")


def _clock() -> Verdict:
    now = datetime.now()
    shown = f"{now:%Y-%m-%d %H:%M}"
    if now < EARLIEST:
        return Verdict(WRONG, "系统时间", f"{shown}，明显不对", "请校准本机时间；新存文件的时间会影响逾期的判断。")
    return Verdict(FINE, "系统时间", shown)


def refused(what: str, error: Refused) -> Verdict:
    """Turn a refusal into a verdict."""
    return Verdict(WRONG, what, error.message, error.remedy)


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
