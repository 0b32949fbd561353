"""The disk fails at any of a run's writes: one clear message, the last outputs untouched, and the next run is whole."""

import builtins
import errno
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from many_units import many_units, unit_name, unit_workbook
from openpyxl import load_workbook
from runs import Here, bytes_of, watched

from evalbatch.batch import joining, run
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.model import Refused
from evalbatch.pool.local import Lost
from evalbatch.unit import worker

EVERY = int(os.environ.get("EVALBATCH_FAULTS_EVERY", "9"))
"""Every how manieth write of a run fails once; 1 tries them all."""
CAUSES = {errno.ENOSPC: "磁盘空间不足", errno.EACCES: "没有写入权限", errno.EIO: "磁盘或网络读写出错"}


class Faults:
    """Counts what writes below a folder, and lets one of these calls fail."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, at: int = 0, code: int = errno.EIO) -> None:
        self.folder, self.at, self.code, self.calls = str(folder), at, code, 0
        for module in (builtins, io):
            patch.setattr(module, "open", self._opening(module.open))
        for name in ("replace", "fsync", "mkdir", "unlink"):
            patch.setattr(os, name, self._counted(getattr(os, name)))

    def _count(self, path: object) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise OSError(self.code, os.strerror(self.code), str(path))

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(path: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if set(mode) & set("wxa+") and self.folder in str(path):
                self._count(path)
            return real(path, mode, *more, **named)

        return opened

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, *more: Any, **named: Any) -> Any:
            if isinstance(path, int) or self.folder in str(path):
                self._count(path)
            return real(path, *more, **named)

        return called


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign after its first run, to which something was sent in since."""
    monkeypatch.setattr(run, "Pool", Here)
    folder = many_units(tmp_path / "批次", 3)
    work(folder)
    (folder / "inbox" / "补报.xlsx").write_bytes(unit_workbook(0, unit_name(0), "无此单位"))
    (folder / "inbox" / f"{unit_name(2)}.xlsx").unlink()
    return folder


def work(folder: Path) -> None:
    run_batch(load_campaign(folder), folder / "output")


def refusal_of(folder: Path) -> Refused | None:
    try:
        work(folder)
    except Refused as refused:
        return refused
    return None


def restored(folder: Path, kept: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)


@pytest.mark.slow
def test_run__any_write_fails__one_message_the_old_set_and_a_whole_next_run(campaign: Path, tmp_path: Path) -> None:
    """Full disk, no permission, broken disk, at one write after another."""
    kept = tmp_path / "kept"
    shutil.copytree(campaign, kept)
    old = bytes_of(campaign / "output")
    with pytest.MonkeyPatch.context() as patch:
        writes = Faults(tmp_path, patch)
        work(campaign)
    new = bytes_of(campaign / "output")
    assert writes.calls > 50
    refused = 0
    for number, at in enumerate(range(1, writes.calls + 1, EVERY)):
        restored(campaign, kept)
        code = list(CAUSES)[number % len(CAUSES)]
        with pytest.MonkeyPatch.context() as patch:
            Faults(tmp_path, patch, at, code)
            refusal = refusal_of(campaign)
        if refusal:
            refused += 1
            assert CAUSES[code] in refusal.message, (at, refusal.message)
            assert bytes_of(campaign / "output") == old, at
        else:
            assert set(bytes_of(campaign / "output")) >= set(new), at
        work(campaign)
        now = bytes_of(campaign / "output")
        assert {name: now.get(name) for name in new} == new, at
        assert not (campaign / "output" / ".staging").exists()
    assert refused > writes.calls // EVERY // 3


def test_run__the_folder_vanishes_on_the_way__one_message(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network share that goes away in the middle of a run costs that run only."""
    real = joining.write_summary  # type: ignore[attr-defined]

    def vanishing(*arguments: Any) -> None:
        shutil.rmtree(campaign / "output")
        real(*arguments)

    monkeypatch.setattr(joining, "write_summary", vanishing)
    with pytest.raises(Refused, match="文件夹不见了"):
        work(campaign)
    monkeypatch.setattr(joining, "write_summary", real)
    work(campaign)
    assert (campaign / "output" / "run.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount")
def test_run__the_disk_is_full__one_message_and_exit_code_2(tmp_path: Path) -> None:
    """A disk with room for a part of the outputs only."""
    campaign, disk = many_units(tmp_path / "批次", 3), tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], check=False).returncode:
        pytest.skip("no mount here")
    try:
        tried = watched(campaign, "--output", str(disk / "output"))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    assert tried.code == 2
    assert "磁盘空间不足" in tried.said
    assert "Traceback" not in tried.said


class TooSlow(Here):
    """A pool in which one unit's score sheet takes longer than a task may."""

    def run(self, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        for position, result in super().run(function, tasks := list(tasks)):
            late = function is worker.write_unit and tasks[position][1].unit.name == unit_name(1)
            yield position, Lost("time", "20") if late else result


def test_run__one_score_sheet_takes_too_long__it_alone_has_the_findings_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's lines stop the run: the sheet says why it holds no more, every other output is as without it."""
    campaign = many_units(tmp_path / "批次", 3)
    outputs = []
    for pool in (Here, TooSlow):
        monkeypatch.setattr(run, "Pool", pool)
        run_batch(load_campaign(campaign), tmp_path / pool.__name__, 1, fresh=True)
        outputs.append(bytes_of(tmp_path / pool.__name__))
    whole, short = outputs
    [changed] = [name for name in whole if whole[name] != short[name] and name != "run.json"]
    assert unit_name(1) in changed
    sheet = load_workbook(tmp_path / "TooSlow" / changed).worksheets[0]
    assert "评分表没有在限定的时间和内存内做成" in str([cell.value for row in sheet for cell in row])
