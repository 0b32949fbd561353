"""Sending to a real SMTP server on this machine: once, by whatever answers it gives."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mail.mail_campaign import after_a_run, mailing, result, settings, units_of, workbook
from mail.mail_server import Mailbox, serving

from evalbatch.mail.ledger import open_ledger
from evalbatch.mail.mailing import BUSY, LOCK, Report
from evalbatch.mail.post import Pace, pace_of
from evalbatch.model import Refused
from evalbatch.storage.lock import held

SOON = (0.01, 0.01)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with serving(Mailbox()) as mailbox:
        yield mailbox


def campaign(tmp_path: Path, box: Mailbox, count: int = 3) -> Path:
    return after_a_run(tmp_path / "批次", [result(unit) for unit in units_of(count)], settings(box.port))


def send(folder: Path, *again: str, patience: float = 5) -> Report:
    return mailing(folder).send(again, waits=SOON, patience=patience)


def fates(report: Report) -> list[str]:
    return [outcome.fate.kind for outcome in report.outcomes]


def record(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / "record" / "mail.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line)["entry"] for line in lines]
    return [(entry["address"][:4], entry["state"]) for entry in entries]


def test_send__each_unit__gets_its_own_message_once(tmp_path: Path, box: Mailbox) -> None:
    """The second time nothing is due; on arrival a message has a date, and its unit's own name in every attachment."""
    folder = campaign(tmp_path, box)
    assert fates(send(folder)) == ["sent"] * 3
    assert fates(send(folder)) == []
    assert box.reached() == {"u001@example.org": 1, "u002@example.org": 1, "u003@example.org": 1}
    for message in box.messages():
        unit = message["To"][1:4]
        assert message["Date"]
        assert {unit in part.get_filename() for part in message.iter_attachments()} == {True}
    assert box.connections == 1


def test_send__content_changed__only_that_unit_gets_it_again(tmp_path: Path, box: Mailbox) -> None:
    """Sent once, and again only if the content changed."""
    folder = campaign(tmp_path, box)
    send(folder)
    one, two, three = units_of(3)
    after_a_run(folder, [result(one), result(two, "returned", findings=1), result(three)])
    send(folder)
    assert box.reached() == {"u001@example.org": 1, "u002@example.org": 2, "u003@example.org": 1}


def test_send__again__by_code_or_name__as_another_message(tmp_path: Path, box: Mailbox) -> None:
    """On a person's word it goes out again, under another Message-ID, or the mailbox would hide it."""
    folder = campaign(tmp_path, box)
    send(folder)
    assert fates(send(folder, "002", "示例003局")) == ["sent"] * 2
    assert box.reached() == {"u001@example.org": 1, "u002@example.org": 2, "u003@example.org": 2}
    assert len({message["Message-ID"] for message in box.messages()}) == 5
    with pytest.raises(Refused, match="没有“示例00局”"):
        send(folder, "示例00局")


def test_send__several_addresses__one_message_to_all_and_a_refused_one_is_told(tmp_path: Path, box: Mailbox) -> None:
    """An address that doesn't exist costs only itself; mended on the roster, the new one alone gets the message."""
    [unit] = units_of(1)
    unit = replace(unit, emails=("a@example.org", "b@example.org", "无"))
    folder = after_a_run(tmp_path / "批次", [result(unit)], settings(box.port))
    box.answers["RCPT", "b@example.org"] = ["550 No such user"]
    report = send(folder)
    assert {outcome.address: outcome.fate.kind for outcome in report.outcomes} == {
        "a@example.org": "sent", "b@example.org": "never",
    }  # fmt: skip
    assert box.messages()[0]["To"] == "a@example.org, b@example.org"
    workbook(folder / "units.xlsx", [["单位编码", "单位名称", "电子邮箱"],
                                     ["001", "示例001局", "a@example.org;c@example.org"]])  # fmt: skip
    send(folder)
    assert box.reached() == {"a@example.org": 1, "c@example.org": 1}


ANSWERS = [
    ("MAIL", ["451 busy"], ["sent"]),
    ("RCPT", ["450 greylisted", "450 greylisted"], ["sent"]),
    ("DATA", ["452 no room", None], ["sent"]),
    ("MAIL", ["drop"], ["sent"]),
    ("RCPT", ["drop", "421 closing"], ["sent"]),
    ("RCPT", ["450 no"] * 3, ["later"]),
    ("MAIL", ["550 not you"], ["never"]),
    ("RCPT", ["550 no such user"], ["never"]),
    ("DATA", ["554 spam"], ["never"]),
    ("DATA", ["drop"], ["doubt"]),
]


@pytest.mark.parametrize(("stage", "answers", "ends"), ANSWERS, ids=lambda value: str(value))
def test_send__server_answers_otherwise__tried_again_only_where_it_did_not_arrive(
    tmp_path: Path, box: Mailbox, stage: str, answers: list[str | None], ends: list[str]
) -> None:
    """Temporary failures are tried again, permanent ones not; after a whole message without answer nobody knows."""
    folder = campaign(tmp_path, box, 1)
    box.answers[stage] = list(answers)
    assert fates(send(folder)) == ends
    assert max(box.reached().values(), default=0) <= 1
    assert mailing(folder).due().doubtful == () or ends == ["doubt"]


def test_send__failed_before__the_next_sending_tries_again(tmp_path: Path, box: Mailbox) -> None:
    """Refused for good is for good today: mended, the next sending brings it."""
    folder = campaign(tmp_path, box, 2)
    box.answers["DATA"] = ["554 spam"]
    assert sorted(fates(send(folder))) == ["never", "sent"]
    assert fates(send(folder)) == ["sent"]
    assert set(box.reached().values()) == {1}
    assert record(folder) == [("u001", "leaving"), ("u001", "failed"), ("u002", "leaving"), ("u002", "sent"),
                              ("u001", "leaving"), ("u001", "sent")]  # fmt: skip


def test_send__answer_lost_after_the_whole_message__in_doubt_until_a_person_says_so(
    tmp_path: Path, box: Mailbox
) -> None:
    """It is listed, not sent again; the others go on by a new connection; --again sends it."""
    folder = campaign(tmp_path, box)
    box.answers["DATA"] = [None, "drop"]
    assert fates(send(folder)) == ["sent", "doubt", "sent"]
    due = mailing(folder).due()
    assert [(delivery.letter.unit.name, delivery.addresses) for delivery in due.doubtful] == [
        ("示例002局", ("u002@example.org",))
    ]
    assert due.deliveries == ()
    assert fates(send(folder)) == []
    assert fates(send(folder, "002")) == ["sent"]
    assert mailing(folder).due().doubtful == ()


def test_send__slow_answers__are_waited_for(tmp_path: Path, box: Mailbox) -> None:
    """Slower than one answer may be, but the last answer has five times as long."""
    folder = campaign(tmp_path, box, 1)
    box.slow = 0.5
    assert fates(send(folder, patience=0.3)) == ["sent"]


def test_send__no_answer_in_time__in_doubt(tmp_path: Path, box: Mailbox) -> None:
    """A server that took the message and is silent is no failure: it may have arrived."""
    folder = campaign(tmp_path, box, 1)
    box.slow = 1
    assert fates(send(folder, patience=0.1)) == ["doubt"]


def test_send__nobody_listens__all_fail_after_bounded_retries(tmp_path: Path) -> None:
    """Nothing left, nothing is in doubt, and each letter says why."""
    with serving(Mailbox()) as gone:
        folder = campaign(tmp_path, gone)
    report = send(folder)
    assert fates(report) == ["later"] * 3
    assert "连不上 127.0.0.1" in report.failed[0].fate.reply
    assert not (folder / "record" / "mail.jsonl").exists()


def test_send__attachment_changed_after_it_was_checked__does_not_leave(tmp_path: Path, box: Mailbox) -> None:
    """What leaves is what was checked and previewed, byte for byte."""
    folder = campaign(tmp_path, box, 2)
    ready = mailing(folder)
    one, two = (folder / "output" / letter.attachments[0].path for letter in ready.letters)
    shutil.copy(two, one)
    assert fates(ready.send((), waits=SOON)) == ["never", "sent"]
    assert box.reached() == {"u002@example.org": 1}


def test_send__address_taken_off_the_roster_meanwhile__gets_nothing(tmp_path: Path, box: Mailbox) -> None:
    """Between the question and the answer a roster may change: it is read again before the first message leaves."""
    folder = campaign(tmp_path, box, 2)
    ready = mailing(folder)
    rows = [
        ["单位编码", "单位名称", "电子邮箱"],
        ["001", "示例001局", "u002@example.org"],
        ["002", "示例002局", "x@y.org"],
    ]
    workbook(folder / "units.xlsx", rows)
    assert fates(ready.send((), waits=SOON)) == ["never", "never"]
    assert box.reached() == {}


def test_send__a_second_sender__is_turned_away(tmp_path: Path, box: Mailbox) -> None:
    """Two double-clicks send once."""
    folder = campaign(tmp_path, box, 1)
    with held(folder / LOCK, "", BUSY), pytest.raises(Refused, match="另一个窗口"):
        send(folder)
    assert fates(send(folder)) == ["sent"]


def test_send__record_with_a_line_that_cannot_be_read__sends_nothing(tmp_path: Path, box: Mailbox) -> None:
    """A line that someone edited may have said that a message was sent."""
    folder = campaign(tmp_path, box, 2)
    send(folder)
    path = folder / "record" / "mail.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"sent"', b'"Sent"', 1))
    with pytest.raises(Refused, match="第2行"):
        send(folder)
    assert set(box.reached().values()) == {1}


def test_send__record_torn_in_its_last_line__that_message_is_in_doubt(tmp_path: Path, box: Mailbox) -> None:
    """A power cut while "sent" was being written: it left, more is not known."""
    folder = campaign(tmp_path, box, 2)
    send(folder)
    path = folder / "record" / "mail.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    due = mailing(folder).due()
    assert [delivery.letter.unit.code for delivery in due.doubtful] == ["002"]
    assert due.deliveries == ()


def test_send__record_cannot_be_written_any_more__stops_and_calls_nothing_failed_that_left(
    tmp_path: Path, box: Mailbox
) -> None:
    """The disk is full after a message was taken: it is in doubt, the rest waits; before the first, nothing leaves."""
    folder = campaign(tmp_path, box)
    path = folder / "record" / "mail.jsonl"

    def lose_the_record(taken: int) -> None:
        if taken == 2:
            path.rename(folder / "aside")
            path.mkdir()

    box.on_message = lose_the_record
    assert fates(send(folder)) == ["sent", "doubt", "never"]
    with pytest.raises(Refused, match=r"mail\.jsonl"):
        send(folder)
    assert len(box.taken) == 2


def test_pace__no_more_a_minute_than_allowed__earlier_ones_included() -> None:
    """With a minute of a fifth of a second: two at once, the third when the first is that old."""
    begin = time.time()
    pace = Pace(2, minute=0.2)
    for _ in range(5):
        pace.wait()
    assert 0.39 < time.time() - begin < 2


def test_send__limit_reached_by_the_sending_before__waits(tmp_path: Path, box: Mailbox) -> None:
    """The record says how many left within the last minute: killed and started again is no way around the limit."""
    folder = campaign(tmp_path, box, 2)
    send(folder)
    assert len(pace_of(60, open_ledger(folder).times).left) == 2
