"""Folders that drop out, close or come and go while a run reads them: nothing wrong is recorded."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from many_units import many_units, unit_workbook
from robustness.attacked import attacked, evalbatch, results
from runs import Here, bytes_of

from evalbatch.batch import judging, run
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.model import Refused

pytestmark = pytest.mark.command


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of three units that was run once."""
    monkeypatch.setattr(run, "Pool", Here)
    monkeypatch.setattr(judging, "PAUSES", (0.0, 0.2))
    folder = many_units(tmp_path / "批次", 3)
    run_batch(load_campaign(folder), folder / "output")
    return folder


@pytest.mark.parametrize("stage", ["读取", "评分", "生成复核评分表"])
@pytest.mark.parametrize("how", ["gone", "emptied"])
def test_run__the_inbox_drops_out_in_the_middle__leaves_the_last_set_and_the_record(
    campaign: Path, stage: str, how: str
) -> None:
    """A share that went away is not a district that sent nothing."""
    (campaign / "inbox" / "新.xlsx").write_bytes(unit_workbook(1, "1260", "1270"))
    before = bytes_of(campaign / "output") | bytes_of(campaign / "record")

    def drop(now: str, done: int, _: int) -> None:
        if now == stage and not done and not (campaign / "别处").exists():
            (campaign / "inbox").rename(campaign / "别处")
            if how == "emptied":
                (campaign / "inbox").mkdir()

    with pytest.raises(Refused, match="收件文件夹"):
        run_batch(load_campaign(campaign), campaign / "output", progress=drop, fresh=True)
    shutil.rmtree(campaign / "inbox", ignore_errors=True)
    after = bytes_of(campaign / "output") | bytes_of(campaign / "record")
    assert {name for name in before if before[name] != after.get(name)} <= {".run.lock"}


def test_run__a_share_that_comes_back__is_read_again(campaign: Path) -> None:
    """A few seconds without it cost a few seconds."""

    def flicker(now: str, done: int, _: int) -> None:
        if now == "读取" and not done and not flickered:
            flickered.append(1)
            (campaign / "inbox").rename(campaign / "别处")
            threading.Timer(0.1, lambda: (campaign / "别处").rename(campaign / "inbox")).start()

    flickered: list[int] = []
    record = run_batch(load_campaign(campaign), campaign / "output", progress=flicker, fresh=True).record
    assert record["counts"]["accepted"] == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_run__a_closed_folder_below_the_inbox__is_listed_and_the_run_goes_on(tmp_path: Path) -> None:
    """The output folder is not to blame."""
    campaign = attacked(tmp_path, {"关着/表.xlsx": b"x"}, units=1)
    (campaign / "inbox" / "关着").chmod(0)
    try:
        evalbatch("run", campaign).assert_in_words(0)
        assert [f["status"] for f in results(campaign)["files"]] == ["rejected", "accepted"]
    finally:
        (campaign / "inbox" / "关着").chmod(0o755)


def test_run__files_that_come_and_go__stop_nothing(tmp_path: Path) -> None:
    """Temporary files of whatever program writes into the inbox meanwhile."""
    campaign = attacked(tmp_path, {}, units=2)
    stop = threading.Event()

    def flutter() -> None:
        while not stop.is_set():
            for number in range(20):
                (campaign / "inbox" / f"~{number}.tmp").write_bytes(b"x")
            for number in range(20):
                (campaign / "inbox" / f"~{number}.tmp").unlink()
            time.sleep(0.001)

    thread = threading.Thread(target=flutter)
    thread.start()
    try:
        evalbatch("run", campaign).assert_in_words(0)
    finally:
        stop.set()
        thread.join()
    assert results(campaign)["counts"]["accepted"] == 2


def test_run__an_inbox_empty_from_the_start__is_refused_until_it_is_meant(tmp_path: Path) -> None:
    """A share that is not mounted leaves an empty folder behind; a district that sent nothing never sent anything."""
    campaign = attacked(tmp_path, {}, units=2)
    for path in (campaign / "inbox").iterdir():
        path.rename(tmp_path / path.name)
    evalbatch("run", campaign).assert_in_words(0)
    for path in tmp_path.glob("*.xlsx"):
        path.rename(campaign / "inbox" / path.name)
    evalbatch("run", campaign).assert_in_words(0)
    before = bytes_of(campaign / "output") | bytes_of(campaign / "record")
    shutil.rmtree(campaign / "inbox")
    (campaign / "inbox").mkdir()
    (campaign / "inbox" / ".DS_Store").write_bytes(b"x")
    for words in ((), ("--fresh",)):
        ended = evalbatch("run", campaign, *words)
        ended.assert_in_words(2)
        assert "--inbox-emptied" in ended.said
    after = bytes_of(campaign / "output") | bytes_of(campaign / "record")
    assert {name for name in before if before[name] != after.get(name)} <= {".run.lock"}
    for words in (("--inbox-emptied",), (), ("--fresh",)):
        evalbatch("run", campaign, *words).assert_in_words(0)
        assert {unit["status"] for unit in results(campaign)["units"]} == {"missing"}


def test_run__into_the_outputs_of_another_campaign__is_refused(tmp_path: Path) -> None:
    """Two years that are given one output folder: the second leaves the first's results, to the byte."""
    first, second, shared = tmp_path / "甲", tmp_path / "乙", tmp_path / "结果"
    for place in (first, second):
        attacked(place.parent / f"{place.name}夹", {}, units=2).rename(place)
    settings = second / "evalbatch.toml"
    settings.write_text(settings.read_text("utf-8").replace("year = 2023", "year = 2024"), encoding="utf-8")
    evalbatch("run", first, "--output", shared).assert_in_words(0)
    before = bytes_of(shared)
    ended = evalbatch("run", second, "--output", shared)
    ended.assert_in_words(2)
    assert "另一个批次的结果" in ended.said
    assert "2023年度" in ended.said
    assert bytes_of(shared) == before
    evalbatch("run", first, "--output", shared, "--fresh").assert_in_words(0)
