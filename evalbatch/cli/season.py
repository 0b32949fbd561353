"""Commands on a season as a whole: verify, close."""

from pathlib import Path

import click

from evalbatch.cli.campaign import CAMPAIGN, OUTPUT
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo


@click.command(cls=ChineseCommand)
@click.argument("campaign", default=".", metavar="[批次文件夹 | 封存件.zip]", type=click.Path(path_type=Path))
@OUTPUT
def verify(campaign: Path, output: Path | None) -> None:
    """核对输出没有被改动，并且属于现在的收件和设置；也可核对封存件。"""
    from evalbatch.batch.archive import verify_archive
    from evalbatch.batch.seal import verify_archives
    from evalbatch.batch.verify import verify as differences

    if campaign.is_file():
        found = verify_archive(campaign)
        in_order = f"封存件“{campaign.name}”完整：每个文件都与封存时一致，输出与收件、设置相符。"
    else:
        found = (*differences(campaign, output), *verify_archives(campaign))
        in_order = "输出没有改动，与现在的收件、设置一致。"
    for difference in found:
        echo(str(difference))
    if not found:
        echo(in_order)
        return
    echo(f"共{len(found)}处不符。{'' if campaign.is_file() else '重新运行 evalbatch run 可按现在的文件重新生成。'}")
    raise SystemExit(1)


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@click.option("--reopen", "again", is_flag=True, help="重新打开已封存的批次；封存件保留。")
def close(campaign: Path, output: Path | None, again: bool) -> None:
    """封存本年批次：收件、设置、记录、输出和校验值归入一个封存件，此后不再运行。"""
    from evalbatch.batch import seal
    from evalbatch.campaign.folder import load_campaign

    load_campaign(campaign)
    if again:
        archives = seal.reopen(campaign)
        echo(f"已重新打开，可以再运行；原封存件保留：{'、'.join(archives)}")
        return
    archive = seal.close(campaign, output)
    echo(f"已封存：{archive}")
    echo(f"请把它另存一份；以后可用 evalbatch verify {archive.name} 证明其中的文件没有改动。")
    echo(f"明年新建批次：evalbatch init 新文件夹 --from {campaign.resolve()}")
