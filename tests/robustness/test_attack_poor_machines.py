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
