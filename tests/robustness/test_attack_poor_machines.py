"""No home, no temporary folder, a strict mask: commands work, and open nothing to others."""

from pathlib import Path

import pytest
from robustness.attacked import attacked, evalbatch

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command


@pytest.mark.parametrize("before", ["unset HOME; export TMPDIR=/sys", "export HOME=/nowhere TMPDIR=/nowhere"])
def test_commands__no_home_and_no_temporary_folder__work(tmp_path: Path, before: str) -> None:
    """A scheduled task runs with whatever it is given."""
    campaign = attacked(tmp_path, {}, units=1)
    (sent,) = (campaign / "inbox").glob("*.xlsx")
    for words in (("run", campaign), ("check", sent), ("init", tmp_path / "新"), ("mail", "preview", campaign)):
        evalbatch(*words, before=before).assert_in_words(0)


def test_run__a_mask_that_closes_all_to_others__leaves_nothing_open(tmp_path: Path) -> None:
    """What holds cells' contents has the permissions of whoever runs it, never wider ones."""
    campaign = attacked(tmp_path, {}, units=1)
    evalbatch("run", campaign, before="umask 077").assert_in_words(0)
    evalbatch("mail", "preview", campaign, before="umask 077").assert_in_words(0)
    made = [p for name in (".evalbatch", "record", "output") for p in (campaign / name, *(campaign / name).rglob("*"))]
    assert len(made) > 10
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_run__file_names_that_hold_no_chinese__is_refused_in_a_sentence(tmp_path: Path) -> None:
    """An old locale with Python's UTF-8 mode put off; nothing is half written."""
    campaign = attacked(tmp_path, {}, units=1)
    ended = evalbatch("run", campaign, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="utf-8")
    ended.assert_in_words(2)
    assert "zh_CN.UTF-8" in ended.said
    assert not (campaign / "output").exists()


def test_run__a_time_zone_of_no_name__works(tmp_path: Path) -> None:
    """Days are those of Beijing, wherever the machine thinks it stands."""
    evalbatch("run", attacked(tmp_path, {}, units=1), TZ="Nonsense/Zone:::").assert_in_words(0)
