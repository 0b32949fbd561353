"""The command rollup: many districts' results into one summary workbook one level up."""

from pathlib import Path

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.cli.progress import Bars


@click.command(cls=ChineseCommand)
@click.argument("campaigns", nargs=-1, required=True, metavar="批次文件夹…", type=click.Path(path_type=Path))
@click.option("--output", required=True, metavar="文件", type=click.Path(path_type=Path), help="汇总表写到哪个 .xlsx。")
def rollup(campaigns: tuple[Path, ...], output: Path) -> None:
    """把多个区县的结果汇总成上一级的一个工作簿；不重新读取自评表。每个区县要先运行过 evalbatch run。"""
    from evalbatch.summary.rollup import rollup as join

    with Bars() as progress:
        made = join(campaigns, output, progress)
    echo(f"已汇总{made.year}年度{made.districts}个区县、{made.units:,}个单位。")
    if made.rest:
        echo(f"单位太多，一张工作表列不下，其余的在：{made.rest}")
    echo(f"请打开：{made.target}")
