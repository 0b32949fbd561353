"""The next season: what is carried over from last year, and what a new folder leaves to double-click."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from campaign_folder import campaign_folder, table, workbook

from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.launchers import LAUNCHERS, write_launchers
from evalbatch.campaign.roster import TITLES, load_roster
from evalbatch.campaign.starter import start_campaign
from evalbatch.model import Refused

LAST_YEAR = """# 我的说明
[campaign]
district = "示例市示例区"
year = 2023  # 评价年度
deadline = 2024-05-31
owes = ["whole-unit", "score"]
"""
ROSTER = """
单位名称 | 备注 | 截止日期 | 全年预算数 (万元) | 电子邮箱
示例区教育局 | 老朋友 | 2024-06-15 | 100 | a@example.org
示例区水务局 | | | 20 |
"""


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    folder = campaign_folder(tmp_path / "2023年", roster=ROSTER, settings=LAST_YEAR)
    workbook(folder / "approved_targets.xlsx", table("单位名称 | 三级指标 | 年度指标值\n示例区教育局 | 培训 | ≥8场"))
    for name in ("inbox/a.xlsx", "output/run.json", "record/a.jsonl", "review.xlsx", ".evalbatch/c", "sealed/s.zip"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("last year's")
    (folder / "input_templates").mkdir()
    (folder / "input_templates" / "project.xlsx").write_bytes(b"form")
    return folder


def test_init_from__carries_what_stays__and_nothing_of_the_year(last_year: Path, tmp_path: Path) -> None:
    """Roster, forms, approved targets and settings of the next year; no inbox, decision, record, output or seal."""
    folder, said = tmp_path / "2024年", []
    made = start_campaign(folder, last_year, said.append)
    launchers = {".bat", ".sh", ".command"}
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix not in launchers}
    here = {name for name in here if not name.startswith("样例")}
    assert here == {"evalbatch.toml", "units.xlsx", "approved_targets.xlsx", "input_templates",
                    "input_templates/project.xlsx", "inbox"}  # fmt: skip
    assert set(made) >= {"evalbatch.toml", "units.xlsx", "approved_targets.xlsx", "input_templates", "inbox"}
    settings = load_campaign(folder).settings
    assert (settings.year, settings.deadline, settings.owes) == (2024, None, ("whole-unit", "score"))
    text = (folder / "evalbatch.toml").read_text(encoding="utf-8")
    assert text.startswith("# 我的说明\n")
    assert "# deadline = 2024-05-31" in text
    assert "year = 2024  # 评价年度" in text
    assert any("没有带来" in line for line in said)


def test_init_from__last_years_dates_and_amounts__cleared__the_clerks_own_columns_stay(
    last_year: Path, tmp_path: Path
) -> None:
    """Last year's budget would make this year's right figure look wrong."""
    start_campaign(tmp_path / "2024年", last_year)
    units = load_roster(tmp_path / "2024年" / "units.xlsx").units
    assert [(unit.name, unit.deadline, unit.adjusted) for unit in units] == [
        ("示例区教育局", None, None),
        ("示例区水务局", None, None),
    ]
    assert units[0].emails == ("a@example.org",)
    sheet = openpyxl.load_workbook(tmp_path / "2024年" / "units.xlsx").active
    assert sheet is not None
    assert sheet["B2"].value == "老朋友"


def test_init_from__no_campaign_there__refused_and_nothing_made(tmp_path: Path) -> None:
    """A mistyped last year leaves no half campaign behind."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match=r"evalbatch\.toml"):
        start_campaign(tmp_path / "2024年", tmp_path / "empty")
    assert not (tmp_path / "2024年").exists()


def test_init__roster__has_examples_on_a_second_sheet_that_is_never_read(tmp_path: Path) -> None:
    """The example has the same columns, and even alone in the file it is not taken for a roster."""
    start_campaign(tmp_path / "新")
    path = tmp_path / "新" / "units.xlsx"
    assert load_roster(path).units == ()
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book.worksheets[1][2]] == list(TITLES)
    assert len(list(book.worksheets[1].iter_rows(min_row=4))) >= 2
    book.remove(book.worksheets[0])
    book.save(path)
    with pytest.raises(Refused, match="填写示例"):
        load_roster(path)


def test_launchers__windows__utf8_crlf_and_nothing_that_trips_cmd(tmp_path: Path) -> None:
    """ASCII until the code page is UTF-8, no jumps, a network folder gets a drive letter, the window stays open."""
    names = write_launchers(tmp_path, "win32")
    assert names == ("检查并汇总.bat", "自动监视.bat", "预览邮件.bat")
    for name, launcher in zip(names, LAUNCHERS, strict=True):
        data = (tmp_path / name).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") > 5
        lines = data.decode("utf-8").split("\r\n")
        assert lines[:2] == ["@echo off", "chcp 65001 >nul"]
        assert not any(line.startswith((":", "goto")) for line in lines)
        assert lines[-3:-1] == ["pause", "popd"]
        assert any(line.startswith('pushd "%~dp0"') for line in lines)
        assert any(line.endswith(f"%RUN% {launcher.command}") for line in lines)
    assert 'start "" "output\\汇总.xlsx"' in (tmp_path / names[0]).read_text(encoding="utf-8")


def test_launchers__made_from_an_environment_of_its_own__find_it_again(tmp_path: Path) -> None:
    """README's first step makes .venv, which neither py nor the PATH knows; a folder on another machine looks on."""
    write_launchers(tmp_path, "win32", r"C:\100%\源码 1\.venv\Scripts\python.exe")
    text = (tmp_path / "检查并汇总.bat").read_text(encoding="utf-8")
    python = r"C:\100%%\源码 1\.venv\Scripts\python.exe"
    assert f'if exist "{python}" set "RUN="{python}" -m evalbatch"\n' in text
    write_launchers(tmp_path, "linux", sys.executable)
    done = subprocess.run(
        [tmp_path / "检查并汇总.sh"], capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 2
    assert "evalbatch.toml" in done.stderr


def test_launchers__macos__open_what_they_made(tmp_path: Path) -> None:
    """.command files can be double-clicked there."""
    names = write_launchers(tmp_path, "darwin")
    assert [name for name in names if name.endswith(".command")] == [f"{one.name}.command" for one in LAUNCHERS]
    assert "open 'output/汇总.xlsx'" in (tmp_path / "检查并汇总.command").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="runs a shell script")
@pytest.mark.parametrize(
    ("has", "code", "calls"),
    [
        (("python3",), 0, ["python3 -m evalbatch --version", "python3 -m evalbatch run ."]),
        (("evalbatch",), 0, ["evalbatch run ."]),
        (("failing",), 2, ["evalbatch run ."]),
        ((), 127, []),
    ],
    ids=["as a module", "as a command", "a run that fails", "not installed"],
)
def test_launchers__linux__find_evalbatch_run_in_their_own_folder_and_open_the_summary(
    tmp_path: Path, has: tuple[str, ...], code: int, calls: list[str]
) -> None:
    """Real shell, a PATH of stubs that note how they were called; the folder's name has blanks and Chinese in it."""
    folder, programs = tmp_path / "2024年 自评（示例区）", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    write_launchers(folder, "linux")
    log = tmp_path / "calls.txt"
    for name in ("xdg-open", *has):
        stub = programs / ("evalbatch" if name == "failing" else name)
        stub.write_text(f'#!/bin/sh\necho "{stub.name} $*" >>"{log}"\nexit {2 if name == "failing" else 0}\n')
        stub.chmod(0o755)
    for tool in ("sh", "dirname"):
        (programs / tool).symlink_to(f"/usr/bin/{tool}")
    launcher = folder / "检查并汇总.sh"
    assert launcher.stat().st_mode & stat.S_IXUSR
    done = subprocess.run(
        [launcher], capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False, cwd=tmp_path,
        env={**os.environ, "PATH": str(programs), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (code, "")
    assert ("没有完成" in done.stdout) == bool(code)
    made = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    assert [call for call in made if not call.startswith("xdg-open")] == calls
    assert code == 0 or not any("汇总" in call for call in made)
