"""Commands on forms: blank and prefilled copies, and whether a tagged form can be used."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from evalbatch.cli.campaign import OUTPUT
from evalbatch.cli.chinese import ChineseCommand
from evalbatch.cli.echo import echo
from evalbatch.model import Refused

_MOST_NAMED = 5


@click.command(
    cls=ChineseCommand,
    epilog="evalbatch templates check 表样.xlsx …：检查表样中的字段标记，看哪些已写、哪些缺少或有歧义。",
)
@click.argument("places", nargs=-1, metavar="[批次文件夹 | check 表样…]", type=click.Path(path_type=Path))
@OUTPUT
def templates(places: Sequence[Path], output: Path | None) -> None:
    """生成空白表，并为名单上每个单位生成一份预填表（已知内容已填好并锁定）。"""
    if places and str(places[0]) == "check":
        if len(places) == 1:
            raise click.UsageError("请写明要检查的表样，例如：evalbatch templates check 表样.xlsx。")
        usable = [_check(path) for path in places[1:]]
        raise SystemExit(0 if all(usable) else 1)
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.forms.handout import hand_out, left_over
    from evalbatch.unit.preparation import checked_scheme, setup_of, weights_not_adding_up

    if len(places) > 1:
        raise click.UsageError("一次只能写一个批次文件夹，几个批次请分几次运行。")
    campaign = load_campaign(places[0] if places else Path())
    scheme = checked_scheme(campaign)
    season = setup_of(campaign).campaign_season
    target = output or campaign.output
    names = hand_out(campaign, season, scheme, target)
    for fault in weights_not_adding_up(campaign, scheme):
        echo(f"注意：{fault}", err=True)
    echo(f"已生成{len(names)}个工作簿，在 {target / 'templates'} 中：空白表可直接印发，预填表按单位发送。")
    if not campaign.roster.units:
        echo("单位名单是空的，没有生成预填表：请在批次文件夹的 units.xlsx 里列出单位，再运行一次。")
    if old := left_over(target, names):
        shown = "、".join(old[:_MOST_NAMED]) + (f"等{len(old)}个" if len(old) > _MOST_NAMED else "")
        echo(
            f"注意：文件夹里还有以前生成、这次没有的工作簿：{shown}。单位、项目已经不在名单上或者改了名称的，请删去，不要发出。"
        )


def _disagreeing(path: Path) -> tuple[str, ...]:
    """Say where a form in a campaign's folder of forms is not its scheme's."""
    from evalbatch.forms.grown import disagreements
    from evalbatch.scoring.workbook import load_scheme

    own = path.resolve().parent.parent / "scheme.xlsx"
    return tuple(disagreements(path, load_scheme(own if own.is_file() else None)))


def _check(path: Path) -> bool:
    """Say what is found in one form; one that can't be opened does not keep the next from being looked at."""
    from evalbatch.forms.untagged import locked_entries
    from evalbatch.reading.form_check import check_form

    try:
        locked = locked_entries(path)  # refuses, by its name, what can't be filled in later
        report = replace(check_form(path), locked=locked, disagreeing=_disagreeing(path))
    except Refused as refused:
        echo(f"{refused.message}{refused.remedy}\n还不能使用。")
        return False
    echo(report.text())
    return report.usable
