"""Commands on a season as a whole: verify, close."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from evalbatch.cli.campaign import CAMPAIGN, OUTPUT
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.cli.show import agreed
from evalbatch.model import Refused


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
@click.option("--yes", is_flag=True, help="还有没办完的事项也封存，不再询问。")
def close(campaign: Path, output: Path | None, again: bool, yes: bool) -> None:
    """封存本年批次：收件、设置、记录、输出和校验值归入一个封存件，此后不再运行。"""
    from evalbatch.batch import seal
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.campaign.seal_marker import refuse_if_sealed
    from evalbatch.storage.hashes import file_hash
    from evalbatch.tables.manifest import read_manifest

    loaded = load_campaign(campaign)
    if again:
        archives = seal.reopen(campaign)
        echo(f"已重新打开，可以再运行；原封存件保留：{'、'.join(archives)}")
        return
    refuse_if_sealed(campaign)
    if unfinished := _unfinished(read_manifest(output or loaded.output)):
        echo("还有没办完的事项：")
        for line in unfinished:
            echo(f"  {line}")
        if not yes and not agreed(
            "仍要封存请输入 y，不封存请按回车", Refused("没有得到确认，没有封存。", remedy="由程序封存的，请加 --yes。")
        ):
            echo("没有封存。")
            return
    archive = seal.close(campaign, output).resolve()
    echo(f"已封存：{archive}")
    echo(f"封存件的SHA-256：{file_hash(archive)}")
    echo("请把封存件另存一份，并把这个校验值抄到别处保管；以后用下面的命令证明其中的文件没有改动：")
    echo(f'  evalbatch verify "{archive}"')
    echo(f"明年新建批次：evalbatch init 新文件夹 --from {campaign.resolve()}")


_OPEN = {"missing": "未报送", "incomplete": "报送不全", "returned": "退回更正、还没有更正"}
_MOST_NAMES = 10


def _unfinished(record: Mapping[str, Any]) -> list[str]:
    """List what a season sealed now would leave undone: units, scores that wait for a person, files of no unit."""
    return list(_left(record))


def _left(record: Mapping[str, Any]) -> Iterator[str]:
    for status, word in _OPEN.items():
        units = [unit for unit in record["units"] if unit["status"] == status]
        names = [unit["name"] for unit in units if _owes(unit) or status != "missing"]
        if names:
            yield f"{word}的单位{len(names)}个：{_some(names)}"
    waiting = [unit["name"] for unit in record["units"] if unit["pending"]]
    if waiting:
        lines = sum(unit["pending"] for unit in record["units"])
        yield f"等人工核定的得分{lines}项，涉及单位{len(waiting)}个：{_some(waiting)}"
    strange = [f["path"] for f in record["files"] if f["unit"] is None and f["status"] not in ("ignored", "attachment")]
    if strange:
        yield f"没有归到单位的文件{len(strange)}个：{_some(strange)}"


def _owes(unit: Mapping[str, Any]) -> bool:
    return bool(unit["missing_forms"] or unit.get("missing_projects"))


def _some(names: list[str]) -> str:
    return "、".join(names[:_MOST_NAMES]) + (f"等{len(names)}个" if len(names) > _MOST_NAMES else "")
