"""Publishing: a set of outputs replaces the old one together, whatever interrupts it."""

import errno
import json
import os
from pathlib import Path

import pytest

from evalbatch.model import Refused
from evalbatch.publish import PLAN, STAGING, Staging


def put(output: Path, texts: dict[str, str]) -> Staging:
    staging = Staging(output)
    for name, text in texts.items():
        staging.path(name).write_text(text)
    document = {"outputs": {"all": [*sorted(texts), "run.json"]}}
    staging.path("run.json").write_text(json.dumps(document))
    return staging


def seen(output: Path) -> dict[str, str]:
    files = {p.relative_to(output).as_posix(): p.read_text() for p in output.rglob("*") if p.is_file()}
    files.pop("run.json", None)
    return files


def test_publish__second_set__replaces_the_first_and_removes_what_is_gone(tmp_path: Path) -> None:
    """What the last set had and the new one has not is removed, with its empty folder; other people's files stay."""
    put(tmp_path, {"a.xlsx": "1", "old/b.xlsx": "1"}).publish()
    (tmp_path / "mine.txt").write_text("kept")
    put(tmp_path, {"a.xlsx": "2", "new/c.xlsx": "2"}).publish()
    assert seen(tmp_path) == {"a.xlsx": "2", "new/c.xlsx": "2", "mine.txt": "kept"}
    assert not (tmp_path / "old").exists()


def test_staging__not_published__the_last_set_is_untouched_and_names_are_parts(tmp_path: Path) -> None:
    """While a set is made nobody can mistake it for outputs."""
    put(tmp_path, {"a.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2"})
    parts = [p.name for p in staging.folder.rglob("*") if p.is_file()]
    assert all(name.endswith(".part") for name in parts)
    staging.abandon()
    assert seen(tmp_path) == {"a.xlsx": "1"}


def test_publish__broken_off_between_two_renames__the_next_staging_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set that was decided on is completed, not mixed: the plan is written before the first rename."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1", "c.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2", "d.xlsx": "2"})
    real, calls = Path.replace, []

    def fails_at_second(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_at_second)
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    monkeypatch.undo()
    assert (tmp_path / STAGING / PLAN).exists()
    staging.abandon()
    Staging(tmp_path).abandon()
    assert seen(tmp_path) == {"a.xlsx": "2", "b.xlsx": "2", "d.xlsx": "2"}
    assert not (tmp_path / STAGING).exists()


def test_publish__target_in_use__it_takes_a_second_name_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel holds a workbook open on Windows: the new one gets a name beside it, and that is reported."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2"})
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        if Path(target).name == "a.xlsx":
            raise PermissionError(13, "in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    assert staging.publish() == {"a.xlsx": "a（新）.xlsx"}
    monkeypatch.undo()
    assert seen(tmp_path) == {"a.xlsx": "1", "a（新）.xlsx": "2", "b.xlsx": "2"}


def test_publish__manifest_names_a_path_outside__it_is_never_touched(tmp_path: Path) -> None:
    """A run.json that someone edited can't make us delete anything outside the output folder."""
    outside = tmp_path / "outside.xlsx"
    outside.write_text("mine")
    output = tmp_path / "output"
    output.mkdir()
    names = ["../outside.xlsx", str(outside), "/etc/hostname"]
    (output / "run.json").write_text(json.dumps({"outputs": {"all": names}}))
    put(output, {"a.xlsx": "1"}).publish()
    assert outside.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows may write anywhere")
def test_staging__read_only_folder__one_clear_message(tmp_path: Path) -> None:
    """A folder that can't be written is refused by name."""
    tmp_path.chmod(0o500)
    with pytest.raises(Refused, match="写不进去"):
        Staging(tmp_path / "output")
    tmp_path.chmod(0o700)


def test_staging__output_is_a_file__one_clear_message(tmp_path: Path) -> None:
    """An output path that is a file is refused by name."""
    (tmp_path / "output").write_text("")
    with pytest.raises(Refused, match="写不进去"):
        Staging(tmp_path / "output")


@pytest.mark.parametrize("call", ["rename", "link", "fsync", "unlink", "mkdir"])
@pytest.mark.parametrize("number", range(1, 9))
def test_publish__the_disk_fails_at_any_call__the_last_set_stands_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """Whatever fails while a set is put in place, all that was done is undone, and the next set goes in whole."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1", "old/c.xlsx": "1"}).publish()
    before = seen(tmp_path) | {"run.json": (tmp_path / "run.json").read_text()}
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2", "new/d.xlsx": "2"})
    name, calls = {"rename": "replace"}.get(call, call), []
    real = getattr(os, name)

    def failing(*args: object, **named: object) -> object:
        calls.append(args)
        if len(calls) == number:
            raise OSError(errno.EIO, "I/O error")
        return real(*args, **named)

    monkeypatch.setattr(os, name, failing)
    refused = refusal_of(staging)
    monkeypatch.undo()
    if refused:
        assert "磁盘或网络读写出错" in refused.message
        assert seen_apart_from_staging(tmp_path) == before or "补齐" in refused.remedy
    staging.abandon()
    put(tmp_path, {"a.xlsx": "3"}).publish()
    left = {"old/c.xlsx"} if call == "unlink" else set()  # as one that is held open: it stays
    assert set(seen(tmp_path)) - left == {"a.xlsx"}


def refusal_of(staging: Staging) -> Refused | None:
    try:
        staging.publish()
    except Refused as refused:
        return refused
    return None


def seen_apart_from_staging(output: Path) -> dict[str, str]:
    files = (p for p in output.rglob("*") if p.is_file() and STAGING not in p.parts)
    return {p.relative_to(output).as_posix(): p.read_text() for p in files}


def test_staging__another_process_makes_a_set__the_second_is_turned_away(tmp_path: Path) -> None:
    """Two sets are never made in one staging folder; when the first is done, the second may."""
    first = put(tmp_path, {"a.xlsx": "1"})
    with pytest.raises(Refused, match="另一个窗口"):
        Staging(tmp_path)
    first.publish()
    put(tmp_path, {"a.xlsx": "2"}).publish()
    assert seen(tmp_path) == {"a.xlsx": "2"}
    assert not (tmp_path / STAGING).exists()


@pytest.mark.parametrize("plan", ["", "[]", "{}", '{"new": ["../out.xlsx"], "remove": [], "fresh": []}'])
def test_staging__a_plan_that_is_not_ours__is_cleared_away(tmp_path: Path, plan: str) -> None:
    """A torn or forged plan moves nothing, and holds nobody up."""
    output = tmp_path / "output"
    (output / STAGING).mkdir(parents=True)
    (output / STAGING / PLAN).write_text(plan)
    (output / STAGING / "out.xlsx.part").write_text("forged")
    put(output, {"a.xlsx": "1"}).publish()
    assert seen(output) == {"a.xlsx": "1"}
    assert not (tmp_path / "out.xlsx").exists()
