"""Settings that nobody means: one sentence each, or they do what they say."""

from pathlib import Path

import pytest
from robustness.attacked import Ended, attacked, evalbatch

pytestmark = pytest.mark.command

HEAD = '[campaign]\ndistrict = "示例区"\nyear = 2023\n'
REFUSED = {
    "full mark nan": HEAD + "full_mark = nan",
    "full mark inf": HEAD + "full_mark = inf",
    "full mark of 5,000 digits": HEAD + f"full_mark = {'9' * 5000}",
    "full mark 1e308": HEAD + "full_mark = 1e308",
    "seconds 1e18": HEAD + "[limits]\nseconds = 1000000000000000000",
    "memory 1": HEAD + "[limits]\nmemory_mb = 1",
    "file of 40 digits": HEAD + f"[limits]\nfile_mb = {'9' * 40}",
    "nested 3,000 deep": f"a = {'[' * 3000}{']' * 3000}\n{HEAD}",
    "tables 3,000 deep": f"a{'.a' * 3000} = 1\n{HEAD}",
    "a zero byte": HEAD + 'last_year = "\\u0000"',
    "a path of 5,000": HEAD + f'last_year = "{"a" * 5000}"',
    "last year is this year": HEAD + 'last_year = "."',
    "escape sequences": HEAD.replace("示例区", "\\u001b[31m"),
    "cache in the inbox": HEAD + '[cache]\nfolder = "inbox"',
    "cache below the inbox": HEAD + '[cache]\nfolder = "inbox/../inbox/深/处"',
    "cache in the outputs": HEAD + '[cache]\nfolder = "output"',
    "cache in the record": HEAD + '[cache]\nfolder = "record"',
    "cache is the campaign": HEAD + '[cache]\nfolder = "."',
    "cache with a zero byte": HEAD + '[cache]\nfolder = "\\u0000"',
    "port": HEAD + "[mail]\nport = 99999999",
    "mail a minute": HEAD + f"[mail]\nper_minute = {'9' * 400}",
    "two megabytes": HEAD + "#" + "x" * (2 << 20),
    "no UTF-8": "\udcff",
    "a list for a section": "campaign = [1, 2]",
}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return attacked(tmp_path_factory.mktemp("settings"), {}, units=1)


@pytest.mark.parametrize("settings", REFUSED.values(), ids=REFUSED)
def test_status__settings_that_nobody_means__are_refused_by_name(campaign: Path, settings: str) -> None:
    """One message that names the file; every command loads them alike, and status is the quickest."""
    ended = with_settings(campaign, settings)
    ended.assert_in_words(2)
    assert "evalbatch.toml" in ended.said
    assert len(ended.said) < 2000


def with_settings(campaign: Path, settings: str) -> Ended:
    (campaign / "evalbatch.toml").write_bytes(settings.encode("utf-8", "surrogateescape"))
    return evalbatch("status", campaign)


@pytest.mark.parametrize("place", ["inbox", "inbox/深/处", "record", "input_templates", ".", "链接"])
def test_run__output_where_something_else_lies__is_refused_and_nothing_is_written(tmp_path: Path, place: str) -> None:
    """The inbox is never written into, by whatever way one gets there."""
    campaign = attacked(tmp_path, {}, units=1)
    (campaign / "链接").symlink_to("inbox")
    before = sorted(campaign.rglob("*"))
    ended = evalbatch("run", campaign, "--output", campaign / place)
    ended.assert_in_words(2)
    assert "--output" in ended.said
    assert sorted(campaign.rglob("*")) == before
