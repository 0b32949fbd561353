"""Encryption, certificates, login and settings: what a sending insists on before it says anything."""

import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from mail.mail_campaign import after_a_run, mailing, result, settings, units_of
from mail.mail_server import PASSWORD, USER, Mailbox, serving

from evalbatch.campaign.settings import MailSettings, Settings
from evalbatch.mail.mailing import Report, password_of
from evalbatch.model import Refused

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the connection is encrypted before it begins


def campaign(tmp_path: Path, toml: str, count: int = 1) -> Path:
    return after_a_run(tmp_path / "批次", [result(unit) for unit in units_of(count)], toml)


def send(folder: Path) -> Report:
    return mailing(folder).send(waits=(0.01,), patience=5)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of our own for 127.0.0.1, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def tls_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls__trusted_certificate_and_password_from_the_environment__sent(
    tmp_path: Path, certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways of encryption, with login; our own certificate is trusted as an administrator would make it so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", PASSWORD)
    with serving(Mailbox(), tls_server(certificate), tls=security) as box:
        toml = settings(box.port, security, USER)
        folder = campaign(tmp_path, toml, 2)
        assert len(send(folder).sent) == 2
    assert set(box.reached().values()) == {1}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls__certificate_nobody_vouches_for__nothing_is_said_nor_sent(
    tmp_path: Path, certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither password nor message goes to a server that can't prove who it is."""
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", PASSWORD)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with serving(Mailbox(), tls_server(certificate), tls=security) as box:
        toml = settings(box.port, security, USER)
        folder = campaign(tmp_path, toml)
        with pytest.raises(Refused, match="证书不可信"):
            send(folder)
    assert box.taken == []


def test_tls__server_without_starttls__is_not_spoken_to_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No falling back."""
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", PASSWORD)
    with serving(Mailbox()) as box:
        folder = campaign(tmp_path, settings(box.port, "starttls", USER))
        with pytest.raises(Refused, match="不支持"):
            send(folder)
    assert box.taken == []


def test_login__wrong_password__refused_at_once_without_retries(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying again would lock the account."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", "wrong")
    with serving(Mailbox(), tls_server(certificate), tls="tls") as box:
        folder = campaign(tmp_path, settings(box.port, "tls", USER), 2)
        with pytest.raises(Refused, match="拒绝登录：535"):
            send(folder)
    assert box.connections == 1


WRONG_SERVERS = [("port = 1\n", "port = 99999\n"), ("127.0.0.1", "127..0.1"), ('user = ""', 'user = "用户"')]


@pytest.mark.parametrize(("right", "wrong"), WRONG_SERVERS)
def test_settings__that_no_server_can_have__refused_not_a_traceback(
    tmp_path: Path, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port out of range, a host with two dots, a user in Chinese."""
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", "x")
    toml = settings(security="tls").replace(right, wrong)
    with pytest.raises(Refused):
        send(campaign(tmp_path, toml))


def test_settings__no_encryption_towards_another_machine__refused(tmp_path: Path) -> None:
    """In clear only on this machine."""
    toml = settings().replace("127.0.0.1", "mail.example.org")
    folder = campaign(tmp_path, toml)
    with pytest.raises(Refused, match="只能用于本机"):
        send(folder)


def test_password__nowhere_to_be_found__refused_with_both_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment or the keyring; never a file."""
    monkeypatch.delenv("EVALBATCH_MAIL_PASSWORD", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    folder = campaign(tmp_path, settings(1, "tls", USER))
    with pytest.raises(Refused) as refused:
        mailing(folder).ready_to_send()
    assert "EVALBATCH_MAIL_PASSWORD" in refused.value.remedy
    assert "keyring set evalbatch" in refused.value.remedy


def test_password__in_the_keyring__is_found_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyring of three lines stands for the system's: it is asked for this program and this user."""
    (tmp_path / "keyring.py").write_text("def get_password(service, user):\n    return f'{service}/{user}'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    monkeypatch.delenv("EVALBATCH_MAIL_PASSWORD", raising=False)
    own = Settings(mail=MailSettings(user=USER))
    assert password_of(own) == f"evalbatch/{USER}"
    monkeypatch.setenv("EVALBATCH_MAIL_PASSWORD", PASSWORD)
    assert password_of(own) == PASSWORD
    monkeypatch.delitem(sys.modules, "keyring")
