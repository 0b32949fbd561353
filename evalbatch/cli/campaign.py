"""Commands on a campaign folder: init, run, status, demo."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.show import Bars

if TYPE_CHECKING:
    from evalbatch.batch import Outcome

CAMPAIGN = click.argument("campaign", default=".", metavar="[批次文件夹]", type=click.Path(path_type=Path))
OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path), help="输出到哪个文件夹，默认为批次文件夹中的 output。"
)
JSON = click.option("--json", "as_json", is_flag=True, help="向标准输出只写JSON，给程序用。")
WORKERS = click.option(
    "--workers", metavar="个数", type=click.IntRange(1, 256), help="同时用几个进程，默认用全部处理器核心。"
)

FILE_STATUS = {
    "accepted": "通过",
    "returned": "须更正",
    "rejected": "无法受理",
    "superseded": "已被新版本替代",
    "duplicate": "重复",
    "attachment": "附件",
    "ignored": "忽略",
}
STATUS = {"missing": "未报送", "returned": "须更正", "incomplete": "缺表", "late": "逾期", "complete": "齐全"}


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "last_year",
    metavar="上年批次",
    type=click.Path(path_type=Path),
    help="从上年批次带来设置、名单、方案、表样和批复目标；收件、记录和输出不带。",
)
def init(folder: Path, last_year: Path | None) -> None:
    """新建一个考评批次文件夹，里面的设置和名单由您填写后才起作用。"""
    from evalbatch.campaign import start_campaign

    made = start_campaign(folder, last_year, click.echo)
    click.echo(f"已新建批次“{folder}”：{'、'.join(made)}")
    click.echo("下一步：1. 在 evalbatch.toml 写上区县和年度；2. 在 units.xlsx 填单位名单；")
    click.echo("        3. 把各单位报来的工作簿放进 inbox；4. 运行 evalbatch run。")


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@WORKERS
@click.option("--scheduler", metavar="地址", help="交给 Dask 集群的调度器去做，例如 tcp://10.0.0.5:8786。")
@click.option("--fresh", is_flag=True, help="不用缓存，全部重新读取和生成。")
@click.option("--fail-on", type=click.Choice(["must-fix"]), help="有文件须更正时以退出码1结束。")
@JSON
def run(
    campaign: Path,
    output: Path | None,
    workers: int | None,
    fresh: bool,
    scheduler: str | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """读取收件文件夹中的全部工作簿，核对、复核评分，生成评分表、退回件、汇总表和数据。"""
    from evalbatch.batch import run_batch
    from evalbatch.campaign import load_campaign

    if scheduler:  # the workers have other working folders
        campaign, output = campaign.absolute(), output and output.absolute()
    loaded = load_campaign(campaign)
    target = output or loaded.output
    with Bars() as progress:
        outcome = run_batch(loaded, target, workers, progress, fresh, scheduler)
    if as_json:
        click.echo(json.dumps(outcome.record, ensure_ascii=False, indent=1))
    report(outcome, target, err=as_json)
    if fail_on and outcome.record["counts"]["returned"] + outcome.record["counts"]["rejected"]:
        raise SystemExit(1)


def report(outcome: "Outcome", output: Path, *, err: bool) -> None:
    """Print what was found in a few lines, and which file to open."""
    record = outcome.record
    counts, units = record["counts"], Counter(unit["status"] for unit in record["units"])
    lines = [
        f"{record['district']} {record['year']}年度预算绩效自评：收到文件{counts['files']}个，"
        f"名单上有单位{len(record['units'])}个。",
        "  文件：" + "，".join(f"{word}{counts[status]}" for status, word in FILE_STATUS.items()) + "。",
        "  单位：" + "，".join(f"{word}{units[status]}" for status, word in STATUS.items()) + "。",
    ]
    if problems := Counter(
        f["title"] for file in record["files"] for f in file["findings"] if f["severity"] == "must-fix"
    ):
        named = "，".join(f"{title}{count}项" for title, count in problems.most_common(5))
        lines.append(f"  必须更正{problems.total()}项：{named}{'等' if len(problems) > 5 else ''}。")
    lines += [
        f"  注意：{name} 正被其他程序打开，新结果另存为 {second}；关闭后再运行一次即可。"
        for name, second in outcome.second_names.items()
    ]
    lines += [f"  注意：{note}" for note in outcome.notes]
    lines.append(f"请先打开：{output / record['outputs']['summary']}")
    for line in lines:
        click.echo(line, err=err)


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@JSON
def status(campaign: Path, output: Path | None, as_json: bool) -> None:
    """看谁已报送、谁逾期、谁须更正什么（按最近一次运行的结果）。"""
    from evalbatch.campaign import load_campaign
    from evalbatch.history import History
    from evalbatch.manifest import read_manifest
    from evalbatch.tables.words import FORM, UNIT_STATUS

    loaded = load_campaign(campaign)
    record = read_manifest(output or loaded.output)
    if as_json:
        click.echo(json.dumps({"units": record["units"]}, ensure_ascii=False, indent=1))
        return
    for unit in record["units"]:
        click.echo(f"{STATUS[unit['status']]:　<4}{unit['code'] or '':<8}{unit['name']}{_owing(unit)}")
    changed = History.load(loaded.record).progress
    if changed:
        click.echo("与上一次状态相比：")
        for step in changed:
            click.echo(f"  {step.line(UNIT_STATUS, FORM)}")


def _owing(unit: Mapping[str, Any]) -> str:
    must_fix = Counter(f["title"] for f in unit["findings"] if f["severity"] == "must-fix")
    items = [f"{title}{f'×{count}' if count > 1 else ''}" for title, count in sorted(must_fix.items())]
    return f"：{'、'.join(items)}" if items else ""


@click.command(cls=ChineseCommand)
@click.argument("folder", default="evalbatch-demo", metavar="[文件夹]", type=click.Path(path_type=Path))
@WORKERS
def demo(folder: Path, workers: int | None) -> None:
    """复制自带的示例批次到一个新文件夹并运行，告诉您打开哪个文件。"""
    from evalbatch.batch import run_batch
    from evalbatch.campaign import load_campaign
    from evalbatch.model import Refused
    from evalbatch.resources import example

    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            f"“{folder}”已经存在而且不是空文件夹。", remedy="请换一个新的文件夹名称，例如：evalbatch demo 示例。"
        )
    shutil.copytree(example(), folder, dirs_exist_ok=True)
    loaded = load_campaign(folder)
    with Bars() as progress:
        outcome = run_batch(loaded, loaded.output, workers, progress)
    report(outcome, loaded.output, err=False)
