"""The command watch: runs again whenever the campaign's files change, until Ctrl-C."""

import signal
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from evalbatch.cli.campaign import CAMPAIGN, OUTPUT, WORKERS, wake_workers
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@WORKERS
@click.option(
    "--interval",
    metavar="秒",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    help="每隔几秒看一次，默认2秒；文件连续两次没有变化才处理。",
)
@click.option(
    "--patience",
    metavar="秒",
    type=click.FloatRange(0.1, 86400),
    default=60.0,
    help="有文件一直在变化时，最多等几秒就先处理其余文件，默认60秒。",
)
def watch(campaign: Path, output: Path | None, workers: int | None, interval: float, patience: float) -> None:
    """监视收件文件夹（共享盘也行）、名单、设置和 review.xlsx，有变化就自动运行；按 Ctrl-C 停止。"""
    wake_workers()
    from evalbatch.cli.watcher import watch as watch_folder

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    try:
        watch_folder(campaign, output, workers, interval, _say, patience)
    except KeyboardInterrupt:
        _say("已停止监视。")


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the system decides what it is given
    """Stop once; whoever presses Ctrl-C twice must not break the tidying up."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(line: str) -> None:
    echo(f"{datetime.now():%H:%M:%S} {line}")
