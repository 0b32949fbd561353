"""The commands as a clerk runs them: real processes, one of them killed in the middle."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mail.mail_campaign import after_a_run, result, settings, units_of
from mail.mail_server import Mailbox, serving

from evalbatch.cli.mail import mail as mail_command
from evalbatch.model import Refused

pytestmark = pytest.mark.command

ROOT = Path(__file__).parent.parent.parent


def command(*arguments: object) -> dict[str, object]:
    """What starts the program as a process of its own."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return {
        "args": [sys.executable, "-m", "evalbatch", "mail", *map(str, arguments)],
        "text": True, "encoding": "utf-8", "env": env, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
    }  # fmt: skip


def mail(*arguments: object, said: str = "") -> Result:
    """Run the command in this process, which is faster; `said` is what the clerk types."""
    return CliRunner().invoke(mail_command, [*map(str, arguments)], input=said)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with serving(Mailbox()) as mailbox:
        yield mailbox


def campaign(tmp_path: Path, box: Mailbox, count: int) -> Path:
    return after_a_run(tmp_path / "批次", [result(unit) for unit in units_of(count)], settings(box.port))


def test_mail__alone__shows_its_commands_in_chinese() -> None:
    """Like every other help page, by way of the whole program."""
    done = subprocess.run(**command(), check=False)
    assert done.returncode == 0, done.stderr
    assert "用法：" in done.stdout
    for name in ("preview", "send", "remind"):
        assert name in done.stdout


def test_preview__writes_files_and_sends_nothing(tmp_path: Path, box: Mailbox) -> None:
    """--output as with run: it reads the results there and writes there."""
    folder = campaign(tmp_path, box, 2)
    (folder / "output").rename(tmp_path / "别处")
    done = mail("preview", folder, "--output", tmp_path / "别处")
    assert done.exit_code == 0
    assert "已写好2封邮件，一封也没有发" in done.output
    assert len(list((tmp_path / "别处" / "mail").glob("*.eml"))) == 2
    assert box.connections == 0
    assert not (folder / "output").exists()


def test_send__asks__and_only_a_yes_sends(tmp_path: Path, box: Mailbox) -> None:
    """Enter is no; an unattended call without --yes is told so; y sends; then there is nothing left to ask."""
    folder = campaign(tmp_path, box, 2)
    no, unattended = mail("send", folder, said="\n"), mail("send", folder)
    assert no.exit_code == 0
    assert "没有发送" in no.output
    assert isinstance(unattended.exception, Refused)
    assert "--yes" in unattended.exception.remedy
    assert box.taken == []
    yes = mail("send", folder, said="y\n")
    assert yes.exit_code == 0
    assert "已发出：2个单位，2个地址" in yes.output
    assert "没有要发的邮件" in mail("send", folder).output


def test_send__message_refused__exit_1_and_the_reason(tmp_path: Path, box: Mailbox) -> None:
    """The server's words, with the unit and its address."""
    folder = campaign(tmp_path, box, 2)
    box.answers["RCPT", "u001@example.org"] = ["550 No such user"]
    done = mail("send", folder, "--yes")
    assert done.exit_code == 1
    assert "没有发成：示例001局（u001@example.org）：550 No such user" in done.output
    assert "已发出：1个单位" in done.output


def test_send__attachment_of_another_unit__exit_1_and_it_stays(tmp_path: Path, box: Mailbox) -> None:
    """The other unit still gets its own."""
    folder = campaign(tmp_path, box, 2)
    one, two = sorted((folder / "output" / "score_sheets").iterdir())
    one.write_bytes(two.read_bytes())
    done = mail("send", folder, "--yes")
    assert done.exit_code == 1
    assert "不能发：示例001局" in done.output
    assert box.reached() == {"u002@example.org": 1}


def test_send__no_run_yet__refused_with_the_remedy(tmp_path: Path, box: Mailbox) -> None:
    """What is missing, and what to do."""
    folder = campaign(tmp_path, box, 1)
    (folder / "output" / "run.json").unlink()
    refused = mail("send", folder, "--yes").exception
    assert isinstance(refused, Refused)
    assert "evalbatch run" in refused.remedy


@pytest.mark.parametrize("words", [["send"], ["remind", "--send"]])
def test_send__sealed_season__refused_and_nobody_gets_anything(tmp_path: Path, box: Mailbox, words: list[str]) -> None:
    """What is sealed is proved as it stands: no letter is sent, no line added to its record."""
    folder = campaign(tmp_path, box, 1)
    (folder / "sealed").mkdir()
    (folder / "sealed" / "sealed.json").write_text('{"sealed": true, "archives": {}}')
    refused = mail(*words, folder, "--yes").exception
    assert isinstance(refused, Refused)
    assert "已封存，不再发信" in refused.message
    assert "--reopen" in refused.remedy
    assert not box.reached()


def test_remind__previews__and_with_send_sends_once(tmp_path: Path, box: Mailbox) -> None:
    """Results and reminders are different messages: one does not keep the other from being sent."""
    one, two = units_of(2)
    folder = after_a_run(tmp_path / "批次", [result(one, "returned", 1), result(two)], settings(box.port))
    assert mail("remind", folder, "--yes").exit_code == 2
    assert "已写好1封邮件" in mail("remind", folder).output
    for arguments in (["send"], ["remind", "--send"], ["remind", "--send"]):
        assert mail(*arguments, folder, "--yes").exit_code == 0
    assert box.reached() == {"u001@example.org": 2, "u002@example.org": 1}


@pytest.mark.parametrize(("delay", "number"), [(None, 17), (0.013, 23)])
def test_send__40_units_and_the_sender_killed_in_the_middle__each_reached_once(
    tmp_path: Path, box: Mailbox, delay: float | None, number: int
) -> None:
    """Run again, everyone has one message and nobody two; at most one unit is in doubt, and a third run adds nothing.

    Killed while the server holds a whole message and has not answered, its unit is the one in doubt. Killed at an odd
    moment, a unit in doubt may have its message or not, which is what in doubt means: --again settles it.
    """
    folder = campaign(tmp_path, box, 40)
    started = threading.Event()
    sender: list[subprocess.Popen[str]] = []

    def kill(taken: int) -> None:
        if taken == number and started.wait(10):
            if delay is None:
                sender[0].kill()
                sender[0].wait()
            else:
                threading.Timer(delay, sender[0].kill).start()

    box.on_message = kill
    with subprocess.Popen(**command("send", folder, "--yes")) as process:
        sender.append(process)
        started.set()
        process.communicate()
    assert process.returncode not in (0, 1, 2)
    assert number <= len(box.taken) < 40
    again = mail("send", folder, "--yes")
    assert again.exit_code == 0, again.output
    doubtful = re.findall(r"^存疑：示例(\d+)局", again.output, re.MULTILINE)
    assert len(doubtful) <= 1
    everyone = {f"u{n:03}@example.org" for n in range(1, 41)}
    assert set(box.reached().values()) == {1}
    assert everyone - set(box.reached()) <= {f"u{code}@example.org" for code in doubtful}
    if delay is None:
        assert doubtful == [f"{number:03}"]
        assert set(box.reached()) == everyone
    before = len(box.taken)
    assert "没有要发的邮件" in mail("send", folder, "--yes").output
    assert len(box.taken) == before
