"""The command doctor: whether this machine and campaign are in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo

if TYPE_CHECKING:
    from evalbatch.cli.doctor_machine import Verdict


@click.command(cls=ChineseCommand)
@click.argument("campaign", required=False, metavar="[批次文件夹]", type=click.Path(path_type=Path))
def doctor(campaign: Path | None) -> None:
    """检查本机和批次是否正常；不写批次文件夹时，当前文件夹是批次就一并检查。"""
    from evalbatch.cli.doctor_machine import NOTE, WRONG

    here = Path()
    folder = campaign or (here if (here / "evalbatch.toml").is_file() else None)
    counts = {NOTE: 0, WRONG: 0}
    for verdict in examine(folder):
        echo(str(verdict))
        if verdict.state in counts:
            counts[verdict.state] += 1
    if folder is None:
        echo("（只检查了本机；要检查批次，请写明批次文件夹。）")
    if counts[WRONG]:
        echo(f"有问题{counts[WRONG]}项，注意{counts[NOTE]}项：请先解决“有问题”的。")
        raise SystemExit(1)
    echo(f"可以使用{f'；注意{counts[NOTE]}项' if counts[NOTE] else ''}。")


def examine(folder: Path | None) -> "Iterator[Verdict]":
    """Yield one verdict after another; without a campaign folder the machine alone is examined."""
    from evalbatch.cli.doctor_campaign import examine_campaign
    from evalbatch.cli.doctor_machine import examine_machine, examine_mailbox

    yield from examine_machine()
    if folder is not None:
        settings = yield from examine_campaign(folder)
        if settings is not None and settings.mail.host:
            yield from examine_mailbox(settings)
