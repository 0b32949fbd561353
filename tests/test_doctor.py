"""The doctor: what it finds in order, what not, and its exit code."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign_folder import SETTINGS, campaign_folder
from click.testing import CliRunner

from evalbatch.cli.doctor import doctor, examine
from evalbatch.cli.doctor_machine import FINE, NOTE, WRONG


def states(folder: Path | None) -> dict[str, str]:
    return {verdict.what: verdict.state for verdict in examine(folder)}


def test_doctor__machine_and_campaign_in_order__exit_0(tmp_path: Path) -> None:
    """Everything is named with its state; nothing is left behind by the trying."""
    folder = campaign_folder(tmp_path / "批次")
    before = sorted(tmp_path.rglob("*"))
    done = CliRunner().invoke(doctor, [str(folder)])
    assert (done.exit_code, sorted(tmp_path.rglob("*"))) == (0, before)
    for what in ("Python", "程序库", "中文字体", "LibreOffice", "内存限制", "系统时间", "设置", "单位名单", "评分方案",
                 "表样", "批复目标", "收件文件夹", "批次文件夹", "输出文件夹", "缓存文件夹", "磁盘空间"):  # fmt: skip
        assert f"{what}：" in done.output
    assert "邮件服务器" not in done.output


BROKEN = {
    "a setting": ("evalbatch.toml", b"[campaign]\nyaer = 2023", "设置"),
    "the roster": ("units.xlsx", b"no workbook", "批次"),
    "the scheme": ("scheme.xlsx", b"no workbook", "评分方案"),
    "a form": ("input_templates/project.xlsx", b"no workbook", "表样"),
    "approved targets": ("approved_targets.xlsx", b"no workbook", "批复目标"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_doctor__broken__exit_1_and_what_to_do(tmp_path: Path, broken: str) -> None:
    """Each input is tried as a run would."""
    name, content, what = BROKEN[broken]
    folder = campaign_folder(tmp_path / "批次")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    verdict = next(verdict for verdict in examine(folder) if verdict.state == WRONG)
    assert (verdict.what, bool(verdict.remedy)) == (what, True)
    assert CliRunner().invoke(doctor, [str(folder)]).exit_code == 1


def test_doctor__no_inbox__wrong__empty_roster__only_a_note(tmp_path: Path) -> None:
    """Mere notes do not make it fail."""
    folder = campaign_folder(tmp_path / "批次", roster="单位名称")
    assert states(folder)["单位名单"] == NOTE
    assert CliRunner().invoke(doctor, [str(folder)]).exit_code == 0
    (folder / "inbox").rmdir()
    assert states(folder)["收件文件夹"] == WRONG


@pytest.fixture
def greeter() -> Iterator[tuple[int, list[bytes]]]:
    """A server that knows EHLO only; what it was told is kept."""
    told: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb", buffering=0) as stream:
                stream.write(b"220 ready\r\n")
                while line := stream.readline():
                    told.append(line.strip())
                    stream.write(b"250-hello\r\n250 STARTTLS\r\n" if line[:4] == b"ehlo" else b"221 bye\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], told


def mail(port: int, security: str = "starttls") -> str:
    return f'{SETTINGS}\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "{security}"\nsender = "a@example.org"\n'


def test_doctor__mail_server_answers__greeted_and_left_alone(tmp_path: Path, greeter: tuple[int, list[bytes]]) -> None:
    """EHLO and QUIT: no login, no message."""
    port, told = greeter
    assert states(campaign_folder(tmp_path / "批次", settings=mail(port)))["邮件服务器"] == FINE
    assert [line.split()[0].lower() for line in told] == [b"ehlo", b"quit"]


def test_doctor__mail_server_does_not_answer__wrong(tmp_path: Path) -> None:
    """A closed port is told with what to look at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    folder = campaign_folder(tmp_path / "批次", settings=mail(port))
    verdict = next(verdict for verdict in examine(folder) if verdict.what == "邮件服务器")
    assert (verdict.state, "host" in verdict.remedy) == (WRONG, True)
