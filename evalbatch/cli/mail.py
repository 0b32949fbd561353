"""Commands on letters: mail preview, mail send, mail remind."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalbatch.cli.campaign import CAMPAIGN, OUTPUT
from evalbatch.cli.chinese import ChineseCommand, Lazy, LazyGroup
from evalbatch.cli.echo import echo
from evalbatch.cli.progress import Bars
from evalbatch.cli.show import agreed

if TYPE_CHECKING:
    from evalbatch.mail.mailing import Due, Mailing, Report
    from evalbatch.mail.wording import Kind

COMMANDS = {
    "preview": Lazy("evalbatch.cli.mail", "preview", "把每个单位的邮件写成文件，先看后发"),
    "send": Lazy("evalbatch.cli.mail", "send", "把结果发给各单位，发过的不重发"),
    "remind": Lazy("evalbatch.cli.mail", "remind", "给欠报和必须更正的单位写催报信，可直接发送"),
}
YES = click.option("--yes", is_flag=True, help="不再询问，直接发送。")
AGAIN = click.option(
    "--again",
    multiple=True,
    metavar="单位",
    help="发过或存疑的单位再发一次：写名称或编码，可写多次；“全部”指所有单位。",
)


@click.group(cls=LazyGroup, lazy=COMMANDS, invoke_without_command=True)
@click.pass_context
def mail(context: click.Context) -> None:
    """把结果和催报信用邮件发给各单位；先预览，再发送，每封只发一次。"""
    if context.invoked_subcommand is None:
        echo(context.get_help())


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
def preview(campaign: Path, output: Path | None) -> None:
    """把每个单位的邮件写成 output/mail 中的 .eml 文件，并列出发信清单；一封也不发。"""
    _preview(_mailing(campaign, output, "result"))


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@YES
@AGAIN
def send(campaign: Path, output: Path | None, yes: bool, again: Sequence[str]) -> None:
    """把复核评分表和退回件发给各单位；内容没变的不重发；有邮件没发成时以退出码1结束。"""
    _send(_mailing(campaign, output, "result"), yes, again)


@click.command(cls=ChineseCommand)
@CAMPAIGN
@OUTPUT
@click.option("--send", "at_once", is_flag=True, help="写好后就发送；不写这一项则只预览。")
@YES
@AGAIN
def remind(campaign: Path, output: Path | None, at_once: bool, yes: bool, again: Sequence[str]) -> None:
    """给未报送、报送不全、必须更正的单位写催报信，放在 output/mail 中；加 --send 则发送。"""
    if not at_once and (yes or again):
        raise click.UsageError("--yes 和 --again 要与 --send 一起用，请加上 --send，或去掉它们先预览。")
    mailing = _mailing(campaign, output, "reminder")
    if at_once:
        _send(mailing, yes, again)
    else:
        _preview(mailing)


def _mailing(folder: Path, output: Path | None, kind: "Kind") -> "Mailing":
    from evalbatch.campaign.folder import load_campaign
    from evalbatch.mail.mailing import Mailing

    campaign = load_campaign(folder)
    return Mailing.of(campaign, output or campaign.output, kind)


def _preview(mailing: "Mailing") -> None:
    _write(mailing)
    ready = sum(letter.ready for letter in mailing.letters)
    echo(f"已写好{ready}封邮件，一封也没有发；另有{len(mailing.letters) - ready}个单位没有邮件，原因见发信清单。")
    _tell_faults(mailing)
    if mailing.sender is None:
        echo("注意：设置 [mail] 中还没有写发件人 sender，预览中没有发件人。")
    echo(f"请先打开：{_index(mailing)}")


def _write(mailing: "Mailing") -> None:
    for name, second in mailing.preview().items():
        echo(f"注意：{name} 正被其他程序打开，新的另存为 {second}。")


def _index(mailing: "Mailing") -> Path:
    return mailing.output / "mail" / "发信清单.xlsx"


def _tell_faults(mailing: "Mailing") -> None:
    for letter in mailing.faulty:
        echo(f"不能发：{letter.unit.name}：{letter.fault}", err=True)


def _send(mailing: "Mailing", yes: bool, again: Sequence[str]) -> None:
    mailing.ready_to_send()
    due = mailing.due(again)
    _write(mailing)
    _tell_due(mailing, due)
    _tell_faults(mailing)
    failed = bool(mailing.faulty)
    if due.deliveries:
        if not yes and not _agreed(mailing, due):
            echo("没有发送。")
            return
        with Bars() as progress:
            report = mailing.send(again, progress)
        _tell_report(report)
        failed |= bool(report.failed)
    else:
        echo("没有要发的邮件。")
    raise SystemExit(1 if failed else 0)


def _tell_due(mailing: "Mailing", due: "Due") -> None:
    if due.sent_before:
        once_more = "再催一次请加 --again 全部。" if mailing.kind == "reminder" else ""
        echo(f"已发过、内容没变的{due.sent_before}封，不再发。{once_more}")
    for delivery in due.doubtful:
        echo(
            f"存疑：{delivery.letter.unit.name}（{'、'.join(delivery.addresses)}）上次发送中断，不知是否发到，这次不发。"
            f"请向该单位核实；没有收到的，用 --again {delivery.letter.unit.name} 再发。"
        )


def _agreed(mailing: "Mailing", due: "Due") -> bool:
    from evalbatch.model import Refused

    addresses = sum(len(delivery.addresses) for delivery in due.deliveries)
    settings = mailing.campaign.settings.mail
    echo(f"将由 {settings.sender} 经 {settings.host} 发出{len(due.deliveries)}封邮件，收件地址{addresses}个。")
    echo(f"预览：{_index(mailing)}")
    unanswered = Refused("没有得到确认，一封也没有发。", remedy="由程序自动发送的，请加 --yes。")
    return agreed("发送请输入 y，不发请按回车", unanswered)


def _tell_report(report: "Report") -> None:
    units = {outcome.letter.unit.name for outcome in report.sent}
    echo(f"已发出：{len(units)}个单位，{len(report.sent)}个地址。")
    for outcome in report.failed:
        place = f"{outcome.letter.unit.name}（{outcome.address}）"
        if outcome.fate.kind == "doubt":
            echo(f"存疑：{place}：{outcome.fate.reply}。请向该单位核实；没有收到的，用 --again 再发。", err=True)
        else:
            echo(f"没有发成：{place}：{outcome.fate.reply}", err=True)
