"""Commands on a campaign folder: init, run, status, demo."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalbatch.batch.standing import left_standing
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.model.words import FILE_STATUS, FORM, UNIT_STATUS

if TYPE_CHECKING:
    from evalbatch.batch.run import Outcome

CAMPAIGN = click.argument("campaign", default=".", metavar="[批次文件夹]", type=click.Path(path_type=Path))
OUTPUT = click.option(
    "--output",
    metavar="文件夹",
    type=click.Path(path_type=Path),
    help="输出到哪个文件夹，默认为批次文件夹中的 output。",
)
JSON = click.option("--json", "as_json", is_flag=True, help="向标准输出只写JSON，给程序用。")
WORKERS = click.option(
    "--workers", metavar="个数", type=click.IntRange(1, 256), help="同时用几个进程，默认用全部处理器核心。"
)
EXEMPT = {"exempt": "免报"}
"""A standing that people want to see, though run.json knows it as missing."""
NO_UNITS = "名单上还没有单位：请在 units.xlsx 的第一张工作表填写单位名称，再运行 evalbatch run。"


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
    """新建一个批次文件夹，里面的设置和名单由您填写后才起作用。"""
    from evalbatch.campaign.starter import start_campaign

    made = start_campaign(folder, last_year, click.echo)
    echo(f"已新建批次“{folder}”：{'、'.join(made)}")
    echo("下一步：")
    for number, step in enumerate(_first_steps(folder, last_year), 1):
        echo(f"  {number}. {step}")


def _first_steps(folder: Path, last_year: Path | None) -> Iterator[str]:
    """Say what to do with a new campaign folder, and what else with one that took over last year's."""
    if last_year is None:
        yield "在 evalbatch.toml 写上区县、评价年度和截止日期（用记事本打开）。"
        yield "在 units.xlsx 填单位名单，只有单位名称必填；填法见其中的工作表“填写示例”。"
        yield "批复目标、评分方案、本局表样是可选的：需要的，从“样例”文件夹复制到批次文件夹再改。"
    else:
        yield "在 evalbatch.toml 核对评价年度，填今年的截止日期（用记事本打开）。"
        yield "在 units.xlsx 核对单位名单，填今年的预算数、执行数和单独的截止日期。"
        yield "批复目标换成今年的，没有就删去 approved_targets.xlsx；评分方案和表样有改动的，换成今年的。"
    yield f"运行 evalbatch templates {_typed(folder)}，把生成的预填表发给单位。"
    yield "把各单位报来的工作簿放进 inbox。"
    yield f"运行 evalbatch run {_typed(folder)}，打开汇总表。"


def _typed(folder: Path) -> str:
    """Return a folder's name as it is typed on a command line."""
    return f'"{folder}"' if any(ch.isspace() for ch in str(folder)) else str(folder)


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@WORKERS
@click.option("--scheduler", metavar="地址", help="交给 Dask 集群的调度器去做，例如 tcp://10.0.0.5:8786。")
@click.option("--fresh", is_flag=True, help="不用缓存，全部重新读取和生成。")
@click.option(
    "--inbox-emptied", "emptied", is_flag=True, help="收件文件夹确实清空了时写上；不写的，记录中有收件就不往下做。"
)
@click.option(
    "--fail-on",
    metavar="must-fix",
    type=click.Choice(["must-fix"]),
    help="写 --fail-on must-fix：有文件必须更正或未能受理时，以退出码1结束。",
)
@JSON
def run(
    campaign: Path,
    output: Path | None,
    workers: int | None,
    fresh: bool,
    emptied: bool,
    scheduler: str | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """读取收件文件夹中的全部工作簿，核对、复核评分，生成复核评分表、退回件、汇总表和数据。"""
    output = output or campaign / "output"
    outcome = None
    record = None if fresh else left_standing(campaign, output)
    if record is None:
        outcome = _run(campaign, output, workers, scheduler, fresh=fresh, emptied=emptied)
        record = outcome.record
    if as_json:
        echo(json.dumps(record, ensure_ascii=False, indent=1))
    report(record, outcome, campaign, output, err=as_json)
    if fail_on and record["counts"]["returned"] + record["counts"]["rejected"]:
        raise SystemExit(1)


def _run(
    campaign: Path, output: Path, workers: int | None, scheduler: str | None, *, fresh: bool, emptied: bool
) -> "Outcome":
    """Do the main job, with bars that show how it goes; only now the rest of the package is imported."""
    if scheduler:  # the workers have other working folders
        campaign, output = campaign.absolute(), output.absolute()
    else:
        wake_workers()
    from evalbatch.batch.run import run_batch
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.cli.progress import Bars

    loaded = load_campaign(campaign)
    with Bars() as progress:
        return run_batch(loaded, output, workers, progress, fresh, scheduler, emptied=emptied)


def wake_workers() -> None:
    """Let the workers' modules be imported on another core while this process imports its own."""
    from evalbatch.pool.local import get_ready

    get_ready("evalbatch.unit.worker", "evalbatch.cli.main")


def report(record: Mapping[str, Any], outcome: "Outcome | None", campaign: Path, output: Path, *, err: bool) -> None:
    """Print what was found in a few lines, and which file to open; no `outcome` where nothing was to be done."""
    lines = [
        f"{record['district']} {record['year']}年度预算绩效自评：收到文件{record['counts']['files']}个，"
        f"名单上有单位{len(record['units'])}个。".lstrip(),
        *_standings(record),
    ]
    if problems := [kind for kind in record["problems"] if kind["severity"] == "must-fix"]:
        named = "，".join(f"{kind['title']}{kind['count']}项" for kind in problems[:5])
        more = "等" if len(problems) > 5 else ""
        lines.append(f"  必须更正{record['counts']['must_fix']}项：{named}{more}。")
    if outcome is not None:
        lines += [
            f"  注意：{name} 正被其他程序打开，新结果另存为 {second}；关闭后再运行一次即可。"
            for name, second in outcome.second_names.items()
        ]
        lines += [f"  注意：{note}" for note in outcome.notes]
    if returned := sum(len(file.get("copies") or ()) or bool(file["returned"]) for file in record["files"]):
        lines.append(f"  退回件{returned}个，在 {output / 'returned'} 中，发给单位更正。")
    if public := [name for name in record["outputs"]["all"] if name.startswith("public/")]:
        lines.append(f"  公开稿{len(public) - 1}个，在 {output / 'public'} 中；去掉了什么，见其中的公开稿清单.xlsx。")
    if unassigned := record["counts"].get("unassigned"):
        where = f"在 {campaign / 'review.xlsx'} 的“文件归属”中指定单位，或把文件移到正确的文件夹，再运行一次"
        lines.append(f"  归属未定的文件{unassigned}个，没有计入任何单位：{where}。")
    if pending := sum(unit["pending"] for unit in record["units"]):
        lines.append(f"  得分待人工核定{pending}项：填在 {campaign / 'review.xlsx'} 中，保存、关闭后再运行一次。")
    lines.append(f"请先打开：{output / record['outputs']['summary']}")
    for line in lines:
        echo(line, err=err)


def _standings(record: Mapping[str, Any]) -> Iterator[str]:
    files = [f"{word}{record['counts'][status]}" for status, word in FILE_STATUS.items() if record["counts"][status]]
    if files:
        yield f"  文件：{'，'.join(files)}。"
    standings = Counter(_exempt_or_status(unit) for unit in record["units"])
    units = [f"{word}{standings[status]}" for status, word in {**UNIT_STATUS, **EXEMPT}.items() if standings[status]]
    yield f"  单位：{'，'.join(units)}。" if units else f"  {NO_UNITS}"


def _exempt_or_status(unit: Mapping[str, Any]) -> str:
    """Return a unit's status; of one that owes nothing and sent nothing: exempt."""
    owes = unit.get("missing_forms", True) or unit.get("missing_projects")
    return "exempt" if unit["status"] == "missing" and not owes else str(unit["status"])


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@JSON
def status(campaign: Path, output: Path | None, as_json: bool) -> None:
    """看谁已报送、谁逾期、谁必须更正什么（按最近一次运行的结果）。"""
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.history.history import History
    from evalbatch.tables.manifest import read_manifest

    loaded = load_campaign(campaign)
    record = read_manifest(output or loaded.output)
    if as_json:
        echo(json.dumps({"units": record["units"]}, ensure_ascii=False, indent=1))
        return
    if not record["units"]:
        echo(NO_UNITS)
    words = {**UNIT_STATUS, **EXEMPT}
    for unit in record["units"]:
        word = words[_exempt_or_status(unit)]
        echo(f"{word:　<5}{unit['code'] or '':<8}{unit['name']}{_owing(unit, FORM)}")
    changed = History.load(loaded.record).progress
    if changed:
        echo("与上一次状态相比：")
        for step in changed:
            echo(f"  {step.line(UNIT_STATUS, FORM)}")


def _owing(unit: Mapping[str, Any], forms: Mapping[str, str]) -> str:
    """Say what a unit must correct and which forms and projects it owes."""
    must_fix = Counter(f["title"] for f in unit["findings"] if f["severity"] == "must-fix" and f["code"] != "U05")
    items = [f"{title}{f'×{count}' if count > 1 else ''}" for title, count in sorted(must_fix.items())]
    if any(f["code"] == "U05" for f in unit["findings"]):
        projects = unit.get("missing_projects", ())
        missing = [form for form in unit["missing_forms"] if form != "project" or not projects]
        items += [f"缺{forms.get(form, form)}" for form in missing]
        items += [f"缺项目{len(projects)}个（{'、'.join(projects)}）"] if projects else []
    return f"：{'、'.join(items)}" if items else ""


@click.command(cls=ChineseCommand)
@click.argument("folder", default="evalbatch-demo", metavar="[文件夹]", type=click.Path(path_type=Path))
@WORKERS
def demo(folder: Path, workers: int | None) -> None:
    """复制自带的示例批次到一个新文件夹并运行，告诉您打开哪个文件。"""
    wake_workers()
    from evalbatch.batch.run import run_batch
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.cli.progress import Bars
    from evalbatch.model import Refused
    from evalbatch.storage.shipped import example

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            f"“{folder}”已经存在而且不是空文件夹。", remedy="请换一个新的文件夹名称，例如：evalbatch demo 示例。"
        )
    shutil.copytree(example(), folder, dirs_exist_ok=True)
    loaded = load_campaign(folder)
    with Bars() as progress:
        outcome = run_batch(loaded, loaded.output, workers, progress)
    report(outcome.record, outcome, folder, loaded.output, err=False)
    echo("看过以后，新建自己的批次：evalbatch init 2024年自评")
