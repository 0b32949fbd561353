"""Something that is no file under the name of one of the campaign's own files: a sentence at once, never a wait."""

import os
import socket
from pathlib import Path

import pytest
from robustness.attacked import attacked, evalbatch

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command

OWN = ["evalbatch.toml", "units.xlsx", "scheme.xlsx", "approved_targets.xlsx", "review.xlsx"]


def put(path: Path, kind: str) -> None:
    """Put something of this kind there in place of a file."""
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as listening:
            before = Path.cwd()
            os.chdir(path.parent)  # the name of a socket is short
            listening.bind(path.name)
            os.chdir(before)


@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder"])
def test_status__settings_that_are_no_file__are_refused_at_once(tmp_path: Path, kind: str) -> None:
    """A pipe that nobody writes into would be waited for, and a device never ends."""
    campaign = attacked(tmp_path, {}, units=1)
    put(campaign / "evalbatch.toml", kind)
    ended = evalbatch("status", campaign, seconds=30)
    ended.assert_in_words(2)
    assert "evalbatch.toml" in ended.said
    assert ("文件夹" if kind == "folder" else "不是文件") in ended.said


@pytest.mark.parametrize("name", OWN[1:])
def test_run__own_workbook_that_is_a_pipe__is_refused_at_once(tmp_path: Path, name: str) -> None:
    """Nothing is taken as absent, or as empty, that can't be read."""
    campaign = attacked(tmp_path, {}, units=1)
    put(campaign / name, "pipe")
    ended = evalbatch("run", campaign, seconds=60)
    ended.assert_in_words(2)
    assert name in ended.said
    assert "不是文件" in ended.said


def test_mail_preview__wording_that_is_a_pipe__is_refused_at_once(tmp_path: Path) -> None:
    """The text of the letters is a file of the campaign's own too."""
    campaign = attacked(tmp_path, {}, units=1)
    evalbatch("run", campaign).assert_in_words(0)
    put(campaign / "mail.txt", "pipe")
    ended = evalbatch("mail", "preview", campaign, seconds=60)
    ended.assert_in_words(2)
    assert "mail.txt" in ended.said
