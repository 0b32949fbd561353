"""The command `evalbatch`: which commands there are, and what every failure looks like."""

import contextlib
import gc
import os
import sys
import tempfile
import traceback
from pathlib import Path

import click

from evalbatch import __version__
from evalbatch.cli.chinese import WIDTH, Lazy, LazyGroup, usage_error
from evalbatch.cli.echo import echo
from evalbatch.model import Refused
from evalbatch.storage.disk import words_of

COMMANDS = {
    "init": Lazy("evalbatch.cli.campaign", "init", "新建一个批次文件夹"),
    "templates": Lazy("evalbatch.cli.templates", "templates", "生成空白表和各单位的预填表"),
    "run": Lazy("evalbatch.cli.campaign", "run", "读取收件文件夹，核对、复核评分、生成全部结果"),
    "status": Lazy("evalbatch.cli.campaign", "status", "看谁已报送、谁逾期、谁必须更正什么"),
    "check": Lazy("evalbatch.cli.files", "check", "报送前自查：列出工作簿的全部问题"),
    "inspect": Lazy("evalbatch.cli.files", "inspect", "看从工作簿中读到了什么，每个值在哪个单元格"),
    "compare": Lazy("evalbatch.cli.compare", "compare", "公开的自评表与报送的有哪些不一致"),
    "rehearse": Lazy("evalbatch.cli.rehearse", "rehearse", "用另一个评分方案试算，不写任何文件"),
    "rollup": Lazy("evalbatch.cli.rollup", "rollup", "把多个区县的结果汇总成上一级的一个工作簿"),
    "parse": Lazy("evalbatch.cli.files", "parse", "看程序怎样理解一句目标或完成情况"),
    "explain": Lazy("evalbatch.cli.files", "explain", "问题代码的含义、示例和改法"),
    "mail": Lazy("evalbatch.cli.mail", "mail", "把结果和催报信用邮件发给各单位"),
    "watch": Lazy("evalbatch.cli.watch", "watch", "监视收件文件夹，有变化就自动运行"),
    "verify": Lazy("evalbatch.cli.season", "verify", "核对输出没有改动，并属于现在的收件和设置"),
    "close": Lazy("evalbatch.cli.season", "close", "封存本年批次，或重新打开"),
    "doctor": Lazy("evalbatch.cli.doctor", "doctor", "检查本机和批次是否正常"),
    "demo": Lazy("evalbatch.cli.campaign", "demo", "复制示例批次并运行，看看结果是什么样"),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"max_content_width": WIDTH, "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", message="evalbatch %(version)s", help="显示版本号。")
@click.pass_context
def cli(context: click.Context) -> None:
    """预算绩效自评批量处理：把各单位报来的工作簿放进收件文件夹，得到复核评分表、退回件和汇总表。

    第一次使用：evalbatch demo 看示例，evalbatch init 新建批次。不知道下一步做什么：在批次文件夹里只输入 evalbatch。
    """
    if context.invoked_subcommand is None:
        from evalbatch.cli.next_step import next_steps

        for line in next_steps(Path()):
            echo(line)


def main() -> None:
    """Run the command line; wrong usage and broken settings end with exit code 2 and one message."""
    _speak_utf8()
    if unfit := _unfit():
        _say(unfit)
        sys.exit(2)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else numpy reserves memory for each core
    try:
        sys.exit(cli.main(prog_name="evalbatch", standalone_mode=False) or 0)
    except click.UsageError as error:
        _say(usage_error(error))
        sys.exit(2)
    except Refused as refused:
        _say(refused.message + (f"\n{refused.remedy}" if refused.remedy else ""))
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _say("已中止。")
        sys.exit(130)
    except UnicodeEncodeError:  # a file's name, for what is printed is escaped
        _say("本机的语言环境写不了中文文件名。\n请设置环境变量 PYTHONUTF8=1，或把语言环境设为 UTF-8，再运行。")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except MemoryError:
        _say("内存不够，没有做完；原有的输出没有改动。\n请关闭其他程序，或用 --workers 1 再运行。")
        sys.exit(2)
    except Exception as error:  # the last line of defence: whatever nobody expected is one sentence too
        _say(_unexpected(error))
        sys.exit(2)
    finally:
        gc.freeze()  # the process ends: Python need not look through all that is left once more


def _unfit() -> str:
    """Say why nothing can be done in this process, "" where all is well; the limit of open files is raised first."""
    if sys.flags.optimize > 1:
        said = "evalbatch 不能用 python -OO 运行：它会把写在程序里的问题目录删去。"
        return f"{said}\n请去掉 -OO，或取消环境变量 PYTHONOPTIMIZE。"
    try:
        os.fsencode("评分表")
    except UnicodeEncodeError:
        said = f"系统的文件名编码是 {sys.getfilesystemencoding()}，写不了中文文件名。"
        return f"{said}\n请去掉环境变量 PYTHONUTF8=0，或把 LANG 设为 zh_CN.UTF-8 再运行。"
    from evalbatch.pool.local import room_for_files

    room = room_for_files(_ENOUGH_FILES)
    if room < _FEWEST_FILES:
        return f"本机只允许同时打开{room}个文件，不够用。\n请用 ulimit -n 调到{_ENOUGH_FILES}以上再运行。"
    return ""


_FEWEST_FILES, _ENOUGH_FILES = 32, 256


def _unexpected(error: Exception) -> str:
    """Say in a sentence what went wrong, and keep where in the program for whoever is to mend it."""
    if isinstance(error, OSError) and error.errno:
        place = f"“{error.filename}”" if error.filename else "文件"
        return f"{place}读写不了：{words_of(error)}。\n请检查权限、磁盘和网络后重试；原有的输出没有改动。"
    kept = ""
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp("-出错.txt", "evalbatch-")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            traceback.print_exception(error, file=file)
        kept = f"，详情在“{name}”"
    what = f"{type(error).__name__}：{str(error)[:200]}"
    return f"程序内部出错（{what}）{kept}。\n原有的输出没有改动；请把详情反馈给维护人员。"


def _say(text: str) -> None:
    echo(text, err=True)


def _speak_utf8() -> None:
    """Write UTF-8 whatever the system's code page is; what can't be shown is escaped, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
