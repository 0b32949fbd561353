"""Files of the project's own that somebody edited, cut off or replaced: one sentence, whichever command reads them."""

import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from campaign_folder import workbook
from filelock import FileLock
from many_units import unit_name
from robustness.attacked import attacked, evalbatch

from evalbatch.batch.earlier_years import earlier_years
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.seal_marker import read_marker
from evalbatch.mail.ledger import open_ledger
from evalbatch.model import Refused
from evalbatch.storage.hashes import file_hash
from evalbatch.storage.journal import line_of, open_journal
from evalbatch.storage.state_json import Each, parsed, read_json
from evalbatch.tables.manifest import read_manifest

pytestmark = pytest.mark.slow  # each case is one or several runs of the whole command

DEEP = "[" * 100_000 + "]" * 100_000
WRONG = {
    "deep": DEEP,
    "deep within": f'{{"format": 1, "units": {DEEP}}}',
    "a list": "[1, 2]",
    "a number": "17",
    "other types": '{"format": "1", "units": {"a": 1}, "files": 5, "outputs": [], "counts": null, "year": "x"}',
    "no number": '{"format": NaN, "year": Infinity}',
    "digits": f'{{"format": {"9" * 5000}}}',
    "cut off": '{"format": 1, "files": [',
    "no text": "\udcff\udcfe\0",
    "empty": "",
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign that was run."""
    campaign = attacked(tmp_path_factory.mktemp("state"), {}, units=2)
    evalbatch("run", campaign).assert_in_words(0)
    return campaign


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_readers__documents_of_other_shapes__are_refused_in_words(tmp_path: Path, text: str) -> None:
    """The manifest, the seal's marker and the mail ledger are read by one reader."""
    for name in ("output/run.json", "sealed/sealed.json", "record/mail.jsonl"):
        put(tmp_path / name, text)
    with pytest.raises(Refused):
        read_manifest(tmp_path / "output")
    with pytest.raises(Refused):
        read_marker(tmp_path)
    with pytest.raises(ValueError):  # noqa: PT011 - json's own words
        parsed(text.encode("utf-8", "surrogateescape"), {"format": int, "units": [dict]})


def test_ledger__an_entry_that_proves_whole_and_is_none__sends_nothing(tmp_path: Path) -> None:
    """A letter might have been sent: whoever can't tell must not send."""
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "mail.jsonl").write_bytes(line_of("k", {"unit": ["a"], "address": {}, "at": 5}))
    with pytest.raises(Refused, match="发信记录"):
        open_ledger(tmp_path)


def test_journal__an_entry_nested_deep__is_read_as_empty(tmp_path: Path) -> None:
    """Its checksum is right, so the line is whole; what it lacks is for its reader to say."""
    body = b'{"a":' + DEEP.encode() + b"}"
    line = line_of("k", {"x": 1}).replace(b'{"x":1}', body)
    line = line.replace(line.split(b'"sum":"')[1][:8], b"%08x" % zlib.crc32(body, zlib.crc32(b"k")))
    (tmp_path / "j.jsonl").write_bytes(line)
    assert list(open_journal(tmp_path / "j.jsonl").entries()) == [("k", {})]


def test_read_json__a_folder_a_pipe_or_a_shape_within__say_so(tmp_path: Path) -> None:
    """Nothing but a regular file is opened: a pipe would keep the reader waiting for ever."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(OSError, match="regular"):
            read_json(tmp_path / name)
    with pytest.raises(ValueError, match="shape"):
        parsed('{"a": {"b": 1}}', {"a": Each(str)})


def wrong_everywhere(campaign: Path, text: str) -> None:
    for name in ("output/run.json", ".evalbatch/unchanged.json", "output/.staging/plan.part"):
        put(campaign / name, text)


@pytest.mark.parametrize("kind", ["deep within", "other types"])
def test_commands__their_own_files_are_others__answer_in_words(done: Path, tmp_path: Path, kind: str) -> None:
    """What reads them says so; a run makes them anew."""
    campaign = tmp_path / "批次"
    shutil.copytree(done, campaign)
    for words in (("status",), ("verify",), ("mail", "preview"), ("close",)):
        wrong_everywhere(campaign, WRONG[kind])
        evalbatch(*words, campaign).assert_in_words(1, 2)
    wrong_everywhere(campaign, WRONG[kind])
    evalbatch("rollup", campaign, "--output", tmp_path / "汇总.xlsx").assert_in_words(2)
    evalbatch("run", campaign).assert_in_words(0)
    evalbatch("status", campaign).assert_in_words(0)


def test_rollup__data_of_other_types__is_refused_by_name(done: Path, tmp_path: Path) -> None:
    """Somebody wrote the file with another program, and run.json tells its new hash."""
    campaign = tmp_path / "批次"
    shutil.copytree(done, campaign)
    path = campaign / "output" / "data" / "units.parquet"
    table = pq.read_table(path)
    at = table.column_names.index("adjusted")
    pq.write_table(table.set_column(at, "adjusted", pa.array(["多"] * len(table))), path)
    record: dict[str, Any] = json.loads((campaign / "output" / "run.json").read_text(encoding="utf-8"))
    record["outputs"]["sha256"]["data/units.parquet"] = file_hash(path)
    (campaign / "output" / "run.json").write_text(json.dumps(record), encoding="utf-8")
    ended = evalbatch("rollup", campaign, "--output", tmp_path / "汇总.xlsx")
    ended.assert_in_words(2)
    assert "units.parquet" in ended.said
    (tmp_path / "今年").mkdir()
    this = attacked(tmp_path / "今年", {}, units=1, settings=f'last_year = "{campaign}"\n').resolve()
    text = (this / "evalbatch.toml").read_text(encoding="utf-8").replace("2023", "2024")
    (this / "evalbatch.toml").write_text(text, encoding="utf-8")
    [last] = earlier_years(load_campaign(this))
    assert "读不出来" in last.said


def test_mail_send__the_cache_is_deleted_while_another_sends__is_turned_away(done: Path) -> None:
    """The lock lies beside the record of what was sent."""
    mail = '\n[mail]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "jx@example.org"\n'
    text = (done / "evalbatch.toml").read_text(encoding="utf-8")
    put(done / "evalbatch.toml", text.split("\n[mail]")[0] + mail)
    names = [[f"{n:05d}", unit_name(n), f"u{n}@example.org"] for n in range(2)]
    workbook(done / "units.xlsx", [["单位编码", "单位名称", "电子邮箱"], *names])
    with FileLock(done / "record" / ".mail.lock"):
        shutil.rmtree(done / ".evalbatch", ignore_errors=True)
        ended = evalbatch("mail", "send", done, "--yes")
    ended.assert_in_words(2)
    assert "正在另一个窗口中发信" in ended.said
