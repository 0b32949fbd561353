"""Letters in, output/mail/ out: an .eml for each that can be sent, and 发信清单.xlsx that lists everyone.

The set is staged inside output/mail/, apart from a run's own, and takes the place of the last one.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from evalbatch.mail.ledger import Ledger, Standing
from evalbatch.mail.letters import Letter
from evalbatch.mail.mime import Sender, message_bytes
from evalbatch.mail.wording import Kind
from evalbatch.mail.words import one_line, status_word
from evalbatch.pool.local import Lost, attempt
from evalbatch.sheets.book import new_book
from evalbatch.sheets.look import Tone
from evalbatch.sheets.painter import paint
from evalbatch.sheets.table import CellValue, Column, Link, Table, Toned
from evalbatch.storage.output_folder import second_name
from evalbatch.storage.staging import Staging
from evalbatch.text.names import Namer, unit_stem

FOLDER = "mail"
INDEX = "发信清单.xlsx"
STANDING_WORDS: dict[Standing, str] = {
    "new": "未发过",
    "changed": "内容有变，发过以前的",
    "failed": "上次没有发成",
    "doubt": "存疑：不知上次是否发到",
    "sent": "已发过",
}
_COMMANDS: dict[Kind, str] = {"result": "evalbatch mail send", "reminder": "evalbatch mail remind --send"}
_TONES: dict[Standing, Tone] = {"doubt": "query", "failed": "must-fix", "sent": "muted"}


def write_preview(
    output: Path, kind: Kind, letters: Sequence[Letter], sender: Sender | None, ledger: Ledger
) -> dict[str, str]:
    """Write the set and publish it; return second names of files that another program held open.

    Refused when the folder can't be written; the last set then stays.
    """
    folder = output / FOLDER
    staging, namer = Staging(folder, replaces=False), Namer()
    try:
        files: dict[str, str] = {}
        told = []
        for letter in letters:
            message = attempt(_message, letter, sender) if letter.ready else None
            if isinstance(message, Lost):
                letter = replace(letter, fault=f"这封信没有写成：{message.why}")
            elif message is not None:
                name = namer.path(FOLDER, unit_stem(letter.unit), ".eml").removeprefix(f"{FOLDER}/")
                staging.path(name).write_bytes(message)
                files[letter.unit.name] = name
            told.append(letter)
        _write_index(staging.path(INDEX), kind, told, files, ledger)
        second_names = staging.publish()
    except BaseException:
        staging.abandon()
        raise
    _clear(folder, {*files.values(), *second_names.values()})
    return second_names


def _message(letter: Letter, sender: Sender | None) -> bytes:
    return message_bytes(letter, sender, [attachment.load() for attachment in letter.attachments])


def _clear(folder: Path, current: set[str]) -> None:
    """Remove messages of an earlier set that this one has not, and the second name that an index in use had to take."""
    for path in (*folder.glob("*.eml"), folder / second_name(INDEX)):
        if path.name not in current:
            with suppress(OSError):
                path.unlink()


def _write_index(target: Path, kind: Kind, letters: Sequence[Letter], files: dict[str, str], ledger: Ledger) -> None:
    columns = (
        Column("单位编码", "short"),
        Column("单位名称", "name"),
        Column("报送状态", "short", align="center"),
        Column("电子邮箱", "text"),
        Column("主题", "text"),
        Column("附件", "text"),
        Column("附件大小（KB）", "number", "int"),
        Column("发送情况", "name"),
        Column("邮件文件", "text"),
        Column("说明", "long"),
    )
    ready = sum(letter.ready for letter in letters)
    table = Table(
        "发信清单",
        "发信清单" if kind == "result" else "催报发信清单",
        columns,
        [_row(letter, files, ledger) for letter in letters],
        subtitle=f"共{len(letters)}个单位，有邮件的{ready}个，没有邮件的{len(letters) - ready}个",
        notes=(f"点“邮件文件”可打开预览。真正发信请运行 {_COMMANDS[kind]}；内容没变、已发过的不会重发。",),
        identifier="发信",
        landscape=True,
        frozen_columns=2,
        empty="单位名单是空的。",
    )
    with new_book(target, "发信清单") as book:
        paint(book, table)


def _row(letter: Letter, files: dict[str, str], ledger: Ledger) -> list[CellValue]:
    file = files.get(letter.unit.name)
    said = "；".join(filter(None, (letter.none, letter.fault, *letter.remarks)))
    return [
        letter.unit.code,
        letter.unit.name,
        status_word(letter.status),
        "\n".join(letter.addresses or map(one_line, letter.unit.emails)),
        letter.subject,
        "\n".join(attachment.name for attachment in letter.attachments),
        sum(-(-attachment.size // 1000) for attachment in letter.attachments) if letter.attachments else None,
        _sent(letter, ledger),
        Link.to_file(file, file) if file else None,
        Toned(said, "must-fix") if letter.fault else said,
    ]


def _sent(letter: Letter, ledger: Ledger) -> CellValue:
    """Say how a letter stands; each address by itself where they differ."""
    if not letter.ready:
        return Toned("不发", "muted")
    standings = {address: ledger.standing(letter, address) for address in letter.addresses}
    if len(set(standings.values())) == 1:
        standing = standings[letter.addresses[0]]
        return Toned(STANDING_WORDS[standing], _TONES.get(standing, "plain"))
    return "\n".join(f"{address}：{STANDING_WORDS[standing]}" for address, standing in standings.items())
