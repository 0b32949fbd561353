"""Verifying and sealing a season: what was changed is told, and an archive proves itself."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalbatch.batch.archive import verify_archive
from evalbatch.batch.run import run_batch
from evalbatch.batch.verify import verify as differences
from evalbatch.campaign.folder import load_campaign
from evalbatch.campaign.seal_marker import refuse_if_sealed
from evalbatch.cli.season import close, verify
from evalbatch.model import Refused
from evalbatch.storage.shipped import example

FILLED = example() / "inbox" / "示例教育局" / "部门整体支出绩效自评表.xlsx"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small campaign that has been run: a workbook, and a ZIP of another."""
    folder = tmp_path_factory.mktemp("season") / "2023年自评"
    shutil.copytree(example(), folder, ignore=shutil.ignore_patterns("inbox"))
    (folder / "inbox" / "教育局").mkdir(parents=True)
    shutil.copyfile(FILLED, folder / "inbox" / "教育局" / "自评表.xlsx")
    with zipfile.ZipFile(folder / "inbox" / "材料.zip", "w") as archive:
        archive.writestr("自评表（旧）.xlsx", FILLED.read_bytes())
    run_batch(load_campaign(folder), folder / "output", 1)
    return folder


@pytest.fixture
def campaign(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / finished.name)


def told(folder: Path) -> set[tuple[str, str]]:
    return {(difference.kind, difference.path) for difference in differences(folder)}


def call(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def rewrite_zip(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


def test_verify__as_the_run_left_it__exit_0(campaign: Path) -> None:
    """A lock file that comes, a record that grows and someone's own note beside the outputs change nothing."""
    (campaign / "inbox" / "~$新.xlsx").write_bytes(b"lock")
    (campaign / "output" / "我的笔记.txt").write_text("看过了", encoding="utf-8")
    (campaign / "record").mkdir(exist_ok=True)
    (campaign / "record" / "mail.jsonl").write_text("{}\n")
    assert told(campaign) == set()
    assert call(verify, campaign).exit_code == 0


def test_verify__each_kind_of_change__told_by_its_path_exit_1(campaign: Path) -> None:
    """Outputs, inbox and settings: changed, new and gone, members of a ZIP too."""
    output, inbox = campaign / "output", campaign / "inbox"
    sheet = next((output / "score_sheets").iterdir())
    sheet.write_bytes(sheet.read_bytes() + b"\0")
    (output / "data" / "files.csv").unlink()
    (output / "score_sheets" / "多出的.xlsx").write_bytes(b"forged")
    (inbox / "新来的.xlsx").write_bytes(b"new")
    with zipfile.ZipFile(inbox / "材料.zip", "a") as archive:
        archive.writestr("补充.xlsx", b"new")
    (campaign / "approved_targets.xlsx").unlink()
    (campaign / "scheme.xlsx").write_bytes(b"new")
    settings = campaign / "evalbatch.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n# 改动\n", encoding="utf-8")
    assert told(campaign) == {
        ("output", f"score_sheets/{sheet.name}"),
        ("output", "data/files.csv"),
        ("output", "score_sheets/多出的.xlsx"),
        ("inbox", "新来的.xlsx"),
        ("inbox", "材料.zip/补充.xlsx"),
        ("input", "approved_targets.xlsx"),
        ("input", "scheme.xlsx"),
        ("input", "evalbatch.toml"),
    }
    done = call(verify, campaign)
    assert done.exit_code == 1
    assert "运行之后新增" in done.output


def test_verify__an_output_was_open_while_the_run_wrote__told_where_the_new_one_is(campaign: Path) -> None:
    """On Windows a workbook that Excel holds stays as it was; the new one lies beside it under a second name."""
    sheet = next((campaign / "output" / "score_sheets").iterdir())
    second = sheet.with_stem(f"{sheet.stem}（新）")
    sheet.rename(second)
    sheet.write_bytes(b"the one before")
    (found,) = differences(campaign)
    assert (found.path, second.name in found.says) == (f"score_sheets/{sheet.name}", True)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', None], ids=str)
def test_verify__run_json_broken_or_gone__exit_1(campaign: Path, text: str | None) -> None:
    """Without a whole run.json nothing is proved."""
    path = campaign / "output" / "run.json"
    path.unlink() if text is None else path.write_text(text)
    assert ("output", "run.json") in told(campaign)


def test_verify__a_score_changed_in_run_json__told(campaign: Path) -> None:
    """run.json bears its own hash, however it is indented."""
    path = campaign / "output" / "run.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document), encoding="utf-8")
    assert told(campaign) == set()
    document["units"][0]["verified_score"] = 100
    path.write_text(json.dumps(document), encoding="utf-8")
    assert told(campaign) == {("output", "run.json")}


def test_close__finished_season__archive_proves_itself_and_the_campaign_runs_no_more(campaign: Path) -> None:
    """Closed, refused, opened again, closed again: the same bytes under the same name."""
    done = call(close, campaign, "--yes")
    archive = campaign / "sealed" / "2023年自评_2023.zip"
    assert (done.exit_code, verify_archive(archive)) == (0, ())
    with zipfile.ZipFile(archive) as sealed:
        names = set(sealed.namelist())
        assert {info.date_time for info in sealed.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert {"evalbatch.toml", "units.xlsx", "output/run.json", "inbox/材料.zip", "封存清单.json"} <= names
    with pytest.raises(Refused, match="已封存"):
        run_batch(load_campaign(campaign), campaign / "output", 1)
    assert isinstance(call(close, campaign, "--yes").exception, Refused)
    before = archive.read_bytes()
    assert call(close, campaign, "--reopen").exit_code == 0
    refuse_if_sealed(campaign)
    assert call(close, campaign, "--yes").exit_code == 0
    assert [path.name for path in (campaign / "sealed").glob("*.zip")] == [archive.name]
    assert archive.read_bytes() == before


def test_close__after_a_change__a_second_archive__the_first_is_kept(campaign: Path) -> None:
    """What was once sealed can always be proved."""
    call(close, campaign, "--yes")
    call(close, campaign, "--reopen")
    (campaign / "record").mkdir(exist_ok=True)
    (campaign / "record" / "mail.jsonl").write_text("{}\n")
    call(close, campaign, "--yes")
    archives = sorted(path.name for path in (campaign / "sealed").glob("*.zip"))
    assert archives == ["2023年自评_2023.zip", "2023年自评_2023（2）.zip"]
    assert call(verify, campaign).exit_code == 0
    (campaign / "sealed" / archives[0]).write_bytes(b"PK")
    assert f"sealed/{archives[0]}" in call(verify, campaign).output


def test_close__outputs_missing_or_stale__refused_and_nothing_sealed(campaign: Path) -> None:
    """Only what verifies is sealed."""
    next((campaign / "output" / "score_sheets").iterdir()).unlink()
    error = call(close, campaign, "--yes").exception
    assert isinstance(error, Refused)
    assert "已不存在" in error.message
    assert "evalbatch run" in error.remedy
    assert not (campaign / "sealed").exists()


def test_close__damaged_marker__refused_rather_than_guessed(campaign: Path) -> None:
    """A marker that can't be read might have said sealed."""
    call(close, campaign, "--yes")
    (campaign / "sealed" / "sealed.json").write_text("{")
    with pytest.raises(Refused, match="不能确定"):
        refuse_if_sealed(campaign)


def test_verify__archive_tampered_with__told(campaign: Path) -> None:
    """A member changed, one taken out and a forged list are each noticed."""
    call(close, campaign, "--yes")
    archive = campaign / "sealed" / "2023年自评_2023.zip"
    whole = archive.read_bytes()
    rewrite_zip(archive, lambda name, content: content + b"x" if name == "units.xlsx" else content)
    assert [difference.path for difference in verify_archive(archive)] == ["units.xlsx"]
    assert call(verify, archive).exit_code == 1
    archive.write_bytes(whole)
    rewrite_zip(archive, lambda name, content: forged(content) if name == "封存清单.json" else content)
    assert {difference.path for difference in verify_archive(archive)} >= {"units.xlsx"}
    archive.write_bytes(whole[: len(whole) // 2])
    assert [difference.says for difference in verify_archive(archive)] == ["封存件读不出来，已损坏或不是封存件"]


def forged(content: bytes) -> bytes:
    document = json.loads(content)
    document["files"]["units.xlsx"]["sha256"] = "0" * 64
    return json.dumps(document).encode()
