"""The command line, as people and programs meet it: real processes, their output, their exit codes."""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import click
import openpyxl
import pytest
from campaign_folder import campaign_folder

from evalbatch.checks.page import METHODS
from evalbatch.cli.chinese import usage_error
from evalbatch.cli.main import cli
from evalbatch.scoring.shapes import SHAPES
from evalbatch.storage.shipped import example

pytestmark = pytest.mark.command

FILLED = example() / "inbox" / "示例教育局" / "部门整体支出绩效自评表.xlsx"
WRONG = example() / "inbox" / "示例市场监督管理局" / "部门整体自评表.xlsx"
NO_WORKBOOK = example() / "inbox" / "示例融媒体中心_自评表.xlsx"

COMMANDS = [
    "init", "templates", "run", "status", "check", "inspect", "compare", "rehearse", "rollup", "parse",
    "explain", "mail", "watch", "verify", "close", "doctor", "demo",
]  # fmt: skip


def evalbatch(
    *arguments: object, folder: Path | None = None, python: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *python, "-m", "evalbatch", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **environment},
        check=False,
    )


def test_help__lists_every_command_in_chinese_without_importing_pandas() -> None:
    """Help is for people in a hurry: nothing heavy is imported for it."""
    code = "import sys; from evalbatch.cli.main import cli; cli.main(['--help'], standalone_mode=False)\n"
    code += (
        "heavy = {'pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'pyarrow'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "用法：" in done.stdout
    assert "Usage" not in done.stdout
    for command in COMMANDS:
        assert command in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command__is_in_chinese(command: str) -> None:
    """Every command explains itself."""
    done = evalbatch(command, "--help")
    assert done.returncode == 0
    assert "用法：" in done.stdout
    assert "Options" not in done.stdout


USAGE = [
    (["nosuch"], "没有 nosuch 这个命令"),
    (["run", "--fast"], "没有 --fast 这个选项"),
    (["run", "--workers", "x"], "--workers"),
    (["parse", "≥3场"], "--as"),
    (["check"], "文件"),
    (["explain", "Z99"], "没有代码"),
    (["run", "no/such/folder"], "找不到文件夹"),
    (["status", "."], "evalbatch.toml"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), USAGE, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage__exit_2_one_message_no_traceback(tmp_path: Path, arguments: list[str], said: str) -> None:
    """What a person mistypes is answered in Chinese with what to do."""
    done = evalbatch(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


HELP_PAGES = [*COMMANDS, "mail preview", "mail send", "mail remind"]


@pytest.mark.parametrize("command", HELP_PAGES)
def test_help_pages__no_english_leaks__and_columns_line_up(command: str) -> None:
    """No metavar or range of the library's is left; a Chinese character takes two places of the line."""
    page = evalbatch(*command.split(), "--help").stdout
    assert not re.search(r"PATH|INTEGER|FLOAT|TEXT|<=|required|OPTIONS", page)
    starts = {
        places(found[1])
        for line in page.split("选项：")[-1].splitlines()
        if (found := re.match(r"(  -.*?  +)\S", line))
    }
    assert len(starts) == 1, page


def places(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


MISTYPED = [
    (["run", "--workers", "x"], "“x”不是整数"),
    (["run", "--workers", "0"], "“0”不在允许的范围（1到256）内"),
    (["watch", "--interval", "abc"], "“abc”不是数字"),
    (["run", "--json=1"], "选项 --json 后面不能写值"),
    (["run", "--output"], "选项 --output 后面缺少它的值"),
    (["parse", "a", "--as", "goal"], "只能是以下之一：target、actual"),
    (["statsu"], "是否想用 status？"),
    (["mail", "sned"], "是否想用 send？"),
    (["run", "a", "b"], "多出了参数：b"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTYPED, ids=lambda value: " ".join(value))
def test_mistyped__the_librarys_english_does_not_leak(arguments: list[str], said: str) -> None:
    """One message in Chinese, and where to read on."""
    error = usage_error_of(arguments)
    assert said in error
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", error), "an English sentence"


def usage_error_of(arguments: list[str]) -> str:
    with pytest.raises(click.UsageError) as error:
        cli.main(arguments, prog_name="evalbatch", standalone_mode=False)
    return usage_error(error.value)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("等级无效", "S10 等级无效（必须更正）"),
        ("扣分", "评分方法“扣分”"),
        ("执行率", "M02  必须更正  执行率与金额不符"),
    ],
)
def test_explain__by_word__tells_problems_and_ways_of_scoring(word: str, said: str) -> None:
    """A clerk knows the words, not the codes."""
    assert said in evalbatch("explain", word).stdout


def test_explain__ways_of_scoring__are_those_of_schemes() -> None:
    """A new way of scoring is explained, or this fails."""
    assert set(METHODS) == set(SHAPES)


def test_init__on_a_folder_with_files__proposes_another_name(tmp_path: Path) -> None:
    """The name proposed is free, and begins with the one that was wanted."""
    taken = tmp_path / "2024年自评"
    taken.mkdir()
    (taken / "a.txt").touch()
    refused = evalbatch("init", str(taken))
    assert refused.returncode == 2
    assert f"evalbatch init {taken}（2）" in refused.stdout + refused.stderr


def test_code_pages__texts_are_utf8_whatever_the_machine_has(tmp_path: Path) -> None:
    """As on a Chinese Windows: output would go to GBK, and no file is read in the machine's code page."""
    folder = campaign_folder(tmp_path / "批次")
    (folder / "inbox" / "甲").mkdir()
    shutil.copy(FILLED, folder / "inbox" / "甲")
    strict = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
    for command in (
        ("run", folder, "--workers", "1"),
        ("status", folder),
        ("init", tmp_path / "新"),
        ("check", FILLED),
    ):
        done = evalbatch(*command, python=strict, PYTHONIOENCODING="gbk", LC_ALL="C")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_inspect__for_people__in_the_words_of_the_form() -> None:
    """Each value with its cell; no key of the JSON leaks."""
    done = evalbatch("inspect", FILLED)
    assert "部门整体支出绩效自评表（工作表“" in done.stdout
    assert re.search(r"年度资金总额：年初预算数 [\d.]+（[A-Z]+\d+）", done.stdout)
    assert re.search(r"年度指标值 .+（[A-Z]+\d+）、实际完成值 ", done.stdout)
    assert not re.search(r"\b(initial|target|weight|whole-unit)\b", done.stdout)


def test_status__unit_that_owes_nothing__is_exempt_and_owed_forms_are_named(tmp_path: Path) -> None:
    """For people only: run.json and status --json know the contract's statuses."""
    folder = campaign_folder(tmp_path / "批次", roster="单位名称 | 应报表格\n甲局 | 免报\n乙局 | 数据表")
    said = evalbatch("run", folder).stdout
    assert "单位：未报送1，免报1。" in said
    lines = evalbatch("status", folder).stdout.splitlines()
    assert [line.split() for line in lines[:2]] == [["免报", "甲局"], ["未报送", "乙局：缺部门整体支出数据表"]]
    assert {u["status"] for u in json.loads(evalbatch("status", folder, "--json").stdout)["units"]} == {"missing"}


def test_run__returned_copy_sent_back__read_clean_and_named_once(tmp_path: Path) -> None:
    """The unit corrects its returned copy, or not; front sheet, marks and comments are none of its answers."""
    folder = campaign_folder(tmp_path / "批次", roster="单位名称\n示例市场监督管理局")
    shutil.copy(WRONG, folder / "inbox" / "自评表.xlsx")
    assert evalbatch("run", folder).returncode == 0
    [copy] = (folder / "output" / "returned").rglob("*.xlsx")
    assert copy.name == "退回_自评表.xlsx"

    again = folder / "inbox" / "退回_自评表.xlsx"  # the unit changed something, but not what is wrong
    book = openpyxl.load_workbook(copy)
    sheet = book.worksheets[-1]
    assert book.sheetnames[0] == "需更正事项"
    sheet["E7"].value += 1
    book.save(again)
    assert evalbatch("run", folder).returncode == 0
    assert [path.name for path in (folder / "output" / "returned").rglob("*.xlsx")] == ["退回_自评表.xlsx"]

    sheet["E7"].value -= 1
    sheet["E8"].value = sheet["E7"].value - sum(sheet[f"E{row}"].value or 0 for row in (9, 10))
    book.save(folder / "inbox" / "退回_自评表（改好）.xlsx")
    record = json.loads(evalbatch("run", folder, "--json").stdout)
    statuses = {file["path"]: (file["status"], file["findings"]) for file in record["files"]}
    assert statuses.pop("退回_自评表（改好）.xlsx") == ("accepted", [])
    assert {status for status, _ in statuses.values()} == {"superseded"}
    read = json.loads(evalbatch("inspect", folder / "inbox" / "退回_自评表（改好）.xlsx", "--json").stdout)
    assert read["unused"] == []


def test_parse_json__one_line_for_each_text() -> None:
    """Texts are judged each by itself, in order; a text may begin with a dash."""
    done = evalbatch("parse", "至少开3次会议，参加会议率至少达95%", "——", "--as", "target", "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert [(part["op"], part["value"], part["unit"]) for part in first["parts"]] == [(">=", 3, "次"), (">=", 95, "%")]
    assert (second["text"], second["kind"]) == ("——", "blank")
    assert done.returncode == 0


def test_check__exit_1_when_something_must_be_corrected() -> None:
    """A unit's own check before it submits."""
    right, wrong = evalbatch("check", FILLED, "--json"), evalbatch("check", WRONG, "--json")
    assert (right.returncode, wrong.returncode) == (0, 1)
    assert json.loads(right.stdout) == {"file": str(FILLED), "status": "accepted", "findings": []}
    assert [(f["code"], f["cell"]) for f in json.loads(wrong.stdout)["findings"]] == [("M01", "E7")]


def test_check__for_people__says_where_and_what_to_do() -> None:
    """The text names the cell and the remedy."""
    done = evalbatch("check", WRONG)
    assert "E7" in done.stdout
    assert "请" in done.stdout


def test_inspect_json__rejected_file__exit_1_with_its_reason() -> None:
    """A file that is no workbook is rejected with a reason, and the next argument is read all the same."""
    done = evalbatch("inspect", NO_WORKBOOK, FILLED, "--json")
    rejected, read = map(json.loads, done.stdout.splitlines())
    assert (rejected["status"], [f["code"] for f in rejected["findings"]]) == ("rejected", ["F03"])
    assert (read["status"], read["forms"][0]["form"], read["unused"]) == ("accepted", "whole-unit", [])
    assert done.returncode == 1


def test_run__broken_roster__exit_2_with_file_and_place(tmp_path: Path) -> None:
    """A broken setting stops the run before anything is written."""
    folder = campaign_folder(tmp_path / "批次", roster="单位编码 | 单位名称\n1 | 甲局\n1 | 乙局")
    done = evalbatch("run", folder)
    assert done.returncode == 2
    assert "units.xlsx 第3行" in done.stderr
    assert not (folder / "output" / "run.json").exists()


def test_run__empty_inbox__every_unit_is_missing(tmp_path: Path) -> None:
    """A campaign on its first day has a complete summary: nobody has submitted."""
    folder = campaign_folder(tmp_path / "批次")
    done = evalbatch("run", folder, "--json")
    assert done.returncode == 0, done.stderr
    assert {unit["status"] for unit in json.loads(done.stdout)["units"]} == {"missing"}
    assert (folder / "output" / "汇总.xlsx").exists()


def test_run__the_inbox_is_gone__refused_and_the_last_outputs_stay(tmp_path: Path) -> None:
    """A share that dropped out must not turn every unit into one that sent nothing."""
    folder = campaign_folder(tmp_path / "批次")
    evalbatch("run", folder)
    before = (folder / "output" / "run.json").read_bytes()
    (folder / "inbox").rename(folder / "elsewhere")
    done = evalbatch("run", folder)
    assert done.returncode == 2
    assert "inbox" in done.stderr
    assert (folder / "output" / "run.json").read_bytes() == before


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("demo") / "示例"
    return folder, evalbatch("demo", folder)


def test_demo__copies_the_example_and_says_what_to_open(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """The first thing a new user sees: a few lines and a file to open."""
    folder, done = demo
    assert done.returncode == 0, done.stderr
    assert str(folder / "output" / "汇总.xlsx") in done.stdout
    assert done.stderr == ""


def test_status__after_a_run__the_units_of_run_json(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """status repeats what the last run found, for people a line each, and what changed since the state before."""
    folder, _ = demo
    as_json, for_people = evalbatch("status", folder, "--json"), evalbatch("status", folder)
    record = json.loads((folder / "output" / "run.json").read_text(encoding="utf-8"))
    assert json.loads(as_json.stdout) == {"units": record["units"]}
    standing, _, changed = for_people.stdout.partition("与上一次状态相比：")
    assert len(standing.splitlines()) == len(record["units"])
    assert "示例教育局：新报送部门整体支出绩效自评表" in changed


def test_run__fail_on_must_fix__exit_1(demo: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    """Scripts can stop on what must be corrected; by itself that is no failure."""
    folder, _ = demo
    assert evalbatch("run", folder, "--output", tmp_path / "out", "--fail-on", "must-fix").returncode == 1


def test_templates__blank_and_prefilled_forms__read_back_without_a_finding(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """What the bureau hands out is read again as its own forms."""
    folder, _ = demo
    done = evalbatch("templates", folder)
    assert done.returncode == 0, done.stderr
    made = folder / "output" / "templates"
    assert len(list((made / "空白表").iterdir())) == 4
    assert (folder / "output" / "run.json").exists()
    prefilled = sorted((made / "预填表").rglob("*自评表.xlsx"))[0]
    [document] = map(json.loads, evalbatch("inspect", prefilled, "--json").stdout.splitlines())
    assert document["status"] == "accepted"
    assert document["forms"][0]["unit"]["name"]


def test_init__then_run__asks_for_the_year(tmp_path: Path) -> None:
    """A new campaign does nothing until someone fills it in, and says what is missing."""
    made = evalbatch("init", tmp_path / "新批次")
    assert made.returncode == 0
    done = evalbatch("run", tmp_path / "新批次")
    assert done.returncode == 2
    assert "year = 2023" in done.stderr


def test_run__output_elsewhere__only_record_and_review_are_added(tmp_path: Path) -> None:
    """With --output a run leaves in the campaign folder only what can't be remade and what waits for people."""
    folder = tmp_path / "批次"
    shutil.copytree(example(), folder)
    before = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert evalbatch("run", folder, "--output", tmp_path / "out").returncode == 0
    after = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if ".evalbatch" not in path.parts}
    assert after - before == {
        "record",
        "record/.run.lock",
        "record/history.jsonl",
        "record/values.jsonl",
        "review.xlsx",
    }
    assert before <= after
