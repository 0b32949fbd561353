"""The password of the mail account: from the environment, else from the system's keyring where that is installed."""

import os
from importlib import import_module
from importlib.util import find_spec

from evalbatch.campaign.settings import Settings
from evalbatch.model import Refused

VARIABLE = "EVALBATCH_MAIL_PASSWORD"
SERVICE = "evalbatch"


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
