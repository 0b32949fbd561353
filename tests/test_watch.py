"""Watching: a real process, real files, a real Ctrl-C."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from campaign_folder import campaign_folder

from evalbatch.batch.season_files import Seen
from evalbatch.cli.watcher import POLLS, Rest, Watch, difference, look
from evalbatch.model import Refused
from evalbatch.storage.shipped import example

INBOX = example() / "inbox"
FILLED = INBOX / "示例教育局" / "部门整体支出绩效自评表.xlsx"
WRONG = INBOX / "示例市场监督管理局" / "部门整体自评表.xlsx"
ROSTER = "单位名称\n示例教育局\n示例市场监督管理局\n示例民政局"
pytestmark = [
    pytest.mark.command,
    pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals"),
]


class Watching:
    """`evalbatch watch` as a process of its own, its lines read as they come."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options, self.lines = folder, options, queue.Queue[str]()

    def __enter__(self) -> "Watching":
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "evalbatch",
                "watch",
                self.folder,
                "--interval",
                "0.1",
                "--workers",
                "1",
                *self.options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # so that its whole group can be interrupted, as a terminal does
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def says(self, *words: str) -> str:
        """Return the next line, which must hold these words."""
        line = self.lines.get(timeout=20)
        assert all(word in line for word in words), line
        return line

    def is_silent(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self.lines.empty()

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what came on standard error."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(20)
        assert self.process.stderr
        return code, self.process.stderr.read()


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return campaign_folder(tmp_path / "2023年 自评", roster=ROSTER)


def test_watch__a_day_at_the_bureau__runs_when_it_should_and_says_so(campaign: Path) -> None:
    """Files arrive, one slowly; settings break and are mended; the share goes and comes back; then Ctrl-C."""
    inbox, settings = campaign / "inbox", campaign / "evalbatch.toml"
    with Watching(campaign) as watching:
        watching.says("正在监视", "0.1秒")
        watching.says("文件0个", "已报齐0/3")

        shutil.copyfile(FILLED, inbox / "教育局.xlsx")
        (inbox / "~$教育局.xlsx").write_bytes(b"lock")
        slow = WRONG.read_bytes()
        with (inbox / "市场监管局.xlsx").open("wb") as handle:
            for start in range(0, len(slow), len(slow) // 5 + 1):
                handle.write(slow[start : start + len(slow) // 5 + 1])
                handle.flush()
                time.sleep(0.15)
        watching.says("文件2个（新2）", "已报齐：示例教育局", "退回更正：示例市场监督管理局", "未报送1个")
        (inbox / "~$教育局.xlsx").unlink()
        (inbox / "正在下载.xlsx.part").write_bytes(b"half")
        assert watching.is_silent(0.8)

        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("year", "yaer"), encoding="utf-8")
        watching.says("没有运行成", "yaer")

        campaign.rename(campaign.with_name("away"))
        watching.says("暂时找不到")
        campaign.with_name("away").rename(campaign)
        watching.says("已恢复")
        assert watching.is_silent(0.8)

        (inbox / "市场监管局.xlsx").unlink()
        settings.write_text(text, encoding="utf-8")
        watching.says("文件1个（少1）", "未报送：示例市场监督管理局")
        code, errors = watching.interrupt()
        watching.says("已停止监视")
    assert (code, errors) == (0, "")


class Restless:
    """A file that somebody never stops writing, for as long as the block lasts."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content, self.stopped = path, content, threading.Event()
        self.thread = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        self.path.write_bytes(b"half")
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()
        self.path.write_bytes(self.content)

    def _write(self) -> None:
        while not self.stopped.wait(0.05):
            with self.path.open("ab") as handle:
                handle.write(b"more")


def test_watch__a_file_that_never_rests__the_others_are_run_without_it(campaign: Path) -> None:
    """Patience is bounded; the restless file is named, left out, not read half, and taken in once it rests."""
    inbox = campaign / "inbox"
    with Watching(campaign, "--patience", "1") as watching:
        watching.says("正在监视")
        watching.says("文件0个")
        with Restless(inbox / "市场监管局.xlsx", WRONG.read_bytes()):
            shutil.copyfile(FILLED, inbox / "教育局.xlsx")
            watching.says("“市场监管局.xlsx”一直在变化", "先处理其余文件")
            watching.says("文件1个（新1）", "已报齐：示例教育局")
            assert watching.is_silent(1.5), "said once, and nothing new to run"
            files = (campaign / "output" / "data" / "files.csv").read_text(encoding="utf-8-sig").splitlines()
            assert "静止后再运行一次" in next(line for line in files if line.startswith("市场监管局.xlsx"))
        watching.says("文件2个（新1）", "退回更正：示例市场监督管理局")
        assert watching.interrupt() == (0, "")


def test_watch__settings_that_never_rest__are_waited_for(campaign: Path) -> None:
    """A run can leave out a file of the inbox, but not the settings that someone is just writing."""
    with Watching(campaign, "--patience", "0.5") as watching:
        watching.says("正在监视")
        watching.says("文件0个")
        settings = campaign / "evalbatch.toml"
        text = settings.read_bytes()
        with Restless(settings, text):
            line = watching.says("“evalbatch.toml”一直在变化", "等它静止后再处理")
            assert "先处理" not in line
            assert watching.is_silent(1)
        assert watching.interrupt()[0] == 0


def test_watch__burst_of_files__few_runs_take_them_all_in(campaign: Path) -> None:
    """A folder dragged in with all that Excel, WPS and browsers leave beside the forms."""
    inbox = campaign / "inbox"
    with Watching(campaign) as watching:
        watching.says("正在监视")
        watching.says("文件0个")
        for number in range(30):
            place = inbox / f"第{number % 3}批"
            place.mkdir(exist_ok=True)
            shutil.copyfile(FILLED, place / f"自评表{number}.xlsx")
            (place / f"~$自评表{number}.xlsx").write_bytes(b"lock")
            (place / f"自评表{number}.tmp").write_bytes(b"half")
            time.sleep(0.02)
        lines = [watching.says("已运行")]
        while "文件30个" not in lines[-1]:
            lines.append(watching.says("已运行"))
        assert len(lines) <= 3
        assert watching.interrupt() == (0, "")


def test_watch__interrupted_in_a_run__ends_with_0_no_traceback_no_process_left(campaign: Path) -> None:
    """Ctrl-C reaches the workers too, wherever they are just then."""
    shutil.copyfile(FILLED, campaign / "inbox" / "教育局.xlsx")
    with Watching(campaign) as watching:
        watching.says("正在监视")
        time.sleep(0.45)  # workers are just starting: the moment that used to show a traceback
        code, errors = watching.interrupt()
        assert (code, errors) == (0, "")
        assert not list(running(watching.process.pid))


def running(group: int) -> Iterator[int]:
    """Yield the processes of a group that still run, a moment after; the dead that nobody has buried don't count."""
    time.sleep(0.3)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            yield int(stat.parent.name)


def test_watch__campaign_that_cannot_be_used__refused_at_once(tmp_path: Path) -> None:
    """A mistyped folder is told now, not retried for ever."""
    with pytest.raises(Refused, match=r"evalbatch\.toml"):
        Watch(tmp_path, None, 1, print)


def test_rest__counts_looks_that_are_the_same() -> None:
    """POLLS looks after the last change, and a folder that is away starts the count anew."""
    here = {"a": Seen(Path("a"), 1, 1)}
    grown = {"a": Seen(Path("a"), 2, 1)}
    rest = Rest()
    assert [rest.after(now) for now in (here, here, grown, grown)] == [False] * 4
    assert rest.after(grown)
    assert POLLS == 2
    assert [rest.after(now) for now in (None, grown, grown)] == [False] * 3
    assert rest.after(grown)


def test_rest__tells_the_moving_from_the_still__also_what_comes_and_goes() -> None:
    """Each file is counted by itself; one that has gone moves until it has stayed away."""
    still, moving = Seen(Path("a"), 1, 1), [Seen(Path("b"), size, 1) for size in range(9)]
    rest = Rest()
    for look_at in moving[:4]:
        rest.after({"a": still, "b": look_at})
    assert rest.moving == ("b",)
    assert [(rest.after({"a": still}), rest.moving) for _ in range(3)] == [
        (False, ("b",)), (False, ("b",)), (True, ())
    ]  # fmt: skip
    assert not rest.after({"a": still, "b": moving[0]}), "it has come back"


def test_look__inputs_and_inbox__but_nothing_that_a_run_makes(campaign: Path) -> None:
    """Outputs, record and cache never set off a run; forms, scheme and decisions do."""
    made = ("output/汇总.xlsx", "record/a.jsonl", ".evalbatch/cache", "inbox/.x", "inbox/~$乙.xlsx", "note.txt")
    watched = ("inbox/甲/乙.xlsx", "input_templates/score.xlsx", "scheme.xlsx", "review.xlsx")
    for name in (*made, *watched):
        (campaign / name).parent.mkdir(exist_ok=True)
        (campaign / name).write_text("x")
    seen = look(campaign)
    assert seen is not None
    assert set(seen) == {"evalbatch.toml", "units.xlsx", *watched}


def test_difference__many_units__five_are_named() -> None:
    """One line stays one line."""
    units = [{"name": f"示例{n}局", "status": "complete", "findings": []} for n in range(9)]
    line = difference({}, {"files": [], "units": units})
    assert "示例4局等9个。" in line
    assert "示例5局" not in line
