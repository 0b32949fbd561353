"""Publishing: a set of outputs replaces the old one together, whatever interrupts it."""

import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from evalbatch.model import Refused
from evalbatch.storage import exchange
from evalbatch.storage.output_folder import PLAN, STAGING
from evalbatch.storage.staging import Staging, settle

pytestmark = pytest.mark.command


def refuse(*_: object) -> None:
    raise OSError(errno.EINVAL, "no exchange here")


@pytest.fixture
def by_renames(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without the exchange of folders, as on Windows and network shares."""
    monkeypatch.setattr(exchange, "_exchange", refuse)


@pytest.fixture(params=["exchange", "renames"])
def either_way(request: pytest.FixtureRequest) -> None:
    """Each of the two ways in which a set is put in place."""
    if request.param == "renames":
        request.getfixturevalue("by_renames")


def put(output: Path, texts: dict[str, str]) -> Staging:
    staging = Staging(output)
    for name, text in texts.items():
        staging.path(name).write_text(text)
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    document = {"outputs": {"all": [*sorted(texts), "run.json"], "sha256": hashes}}
    staging.path("run.json").write_text(json.dumps(document))
    return staging


def exchanges(folder: Path) -> bool:
    """Whether this disk can exchange two folders."""
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    try:
        exchange._exchange(folder / "one", folder / "two")
    except (OSError, TypeError):
        return False
    return True


def seen(output: Path) -> dict[str, str]:
    files = {p.relative_to(output).as_posix(): p.read_text() for p in output.rglob("*") if p.is_file()}
    files.pop("run.json", None)
    return files


@pytest.mark.usefixtures("either_way")
def test_publish__second_set__replaces_the_first_and_removes_what_is_gone(tmp_path: Path) -> None:
    """What the last set had and the new one has not is removed, with its empty folder; other people's files stay."""
    output = tmp_path / "output"
    put(output, {"a.xlsx": "1", "old/b.xlsx": "1", "same/d.xlsx": "1"}).publish()
    (output / "mine.txt").write_text("kept")
    (output / "mail").mkdir()
    (output / "mail" / "a.eml").write_text("kept")
    same = (output / "same" / "d.xlsx").stat()
    put(output, {"a.xlsx": "2", "new/c.xlsx": "2", "same/d.xlsx": "1"}).publish()
    kept = {"mine.txt": "kept", "mail/a.eml": "kept"}
    assert seen(output) == {"a.xlsx": "2", "new/c.xlsx": "2", "same/d.xlsx": "1"} | kept
    assert not (output / "old").exists()
    now = (output / "same" / "d.xlsx").stat()
    assert (same.st_ino, same.st_mtime_ns) == (now.st_ino, now.st_mtime_ns), "the same bytes are not written again"
    assert [p.name for p in tmp_path.iterdir()] == ["output"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_publish__killed_right_before_or_after_the_exchange__one_whole_set_and_the_next_clears_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """There is no moment at which a part of a set is seen."""
    if not exchanges(tmp_path):
        pytest.skip("this disk can't exchange folders")
    output = tmp_path / "output"
    put(output, {"a.xlsx": "1", "b.xlsx": "1"}).publish()
    staging = put(output, {"a.xlsx": "2", "c.xlsx": "2"})

    def killed(*_: object) -> None:
        (output / "mine.txt").write_text("meanwhile")
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange, "_exchange" if moment == "before" else "finish", killed)
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    monkeypatch.undo()
    staging.abandon()
    mine = {"mine.txt": "meanwhile"}
    whole = {"before": {"a.xlsx": "1", "b.xlsx": "1"}, "after": {"a.xlsx": "2", "c.xlsx": "2"}}[moment]
    assert seen_apart_from_staging(output, "run.json") == whole | mine
    assert (tmp_path / ".output.part").exists()
    Staging(output).abandon()
    assert seen(output) == whole | mine
    assert not (tmp_path / ".output.part").exists()


def test_publish__killed_while_the_old_set_is_removed__none_of_it_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of an old set without its record is nobody's."""
    if not exchanges(tmp_path):
        pytest.skip("this disk can't exchange folders")
    output = tmp_path / "output"
    put(output, {"a.xlsx": "1", "old/b.xlsx": "1"}).publish()
    staging = put(output, {"a.xlsx": "2"})

    def killed(twin: Path) -> None:
        (twin / "run.json").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange, "_remove", killed)
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    monkeypatch.undo()
    staging.abandon()
    Staging(output).abandon()
    assert seen(output) == {"a.xlsx": "2"}


def test_publish__somebody_reads_all_the_while__every_time_one_whole_set(tmp_path: Path) -> None:
    """Who opens the folder finds files of one set only, however often sets replace each other."""
    if not exchanges(tmp_path):
        pytest.skip("this disk can't exchange folders")
    output, names = tmp_path / "output", [f"{number}.xlsx" for number in range(20)]
    put(output, dict.fromkeys(names, "0")).publish()
    mixed: list[set[bytes]] = []
    looks, done = [0], threading.Event()

    def look() -> None:
        while not done.is_set():
            folder = os.open(output, os.O_RDONLY)
            try:
                found = {content_in(folder, name) for name in names}
                mixed.extend([found] if len(found) > 1 else [])
                looks[0] += 1
            except FileNotFoundError:
                pass  # the old folder is just being cleared away; look again
            finally:
                os.close(folder)

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(1, 30):
        put(output, dict.fromkeys(names, str(number))).publish()
    done.set()
    reader.join()
    assert looks[0] > 20
    assert not mixed


def content_in(folder: int, name: str) -> bytes:
    handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(handle, 99)
    finally:
        os.close(handle)


def test_publish__something_in_the_folder_is_not_ours__the_folder_is_not_exchanged(tmp_path: Path) -> None:
    """A folder that also serves for something else stays the folder that it is."""
    output = tmp_path / "output"
    put(output, {"a.xlsx": "1"}).publish()
    (output / "project").mkdir()
    (output / "project" / "notes.txt").write_text("mine")
    before = output.stat().st_ino
    put(output, {"a.xlsx": "2"}).publish()
    assert output.stat().st_ino == before
    assert seen(output) == {"a.xlsx": "2", "project/notes.txt": "mine"}


@pytest.mark.usefixtures("by_renames")
def test_settle__broken_off_between_two_renames__whoever_reads_next_finds_it_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any command that reads outputs puts the rest in place first."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2"})
    broken_off_at_second(staging, monkeypatch)
    assert seen_apart_from_staging(tmp_path, "run.json") == {"a.xlsx": "2", "b.xlsx": "1"}
    settle(tmp_path)
    assert seen(tmp_path) == {"a.xlsx": "2", "b.xlsx": "2"}
    assert not (tmp_path / STAGING).exists()


def broken_off_at_second(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Path.replace, []

    def fails_at_second(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:  # the plan, the first file, the second
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_at_second)
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    monkeypatch.undo()
    staging.abandon()


@pytest.mark.usefixtures("either_way")
def test_publish__the_target_is_free_again__the_second_name_goes_unless_somebody_saved_it(tmp_path: Path) -> None:
    """A second name is ours as long as it holds what the last run put there."""
    output = tmp_path / "output"
    put(output, {"a.xlsx": "1", "b.xlsx": "1"}).publish()
    with pytest.MonkeyPatch.context() as in_use:
        in_use.setattr(exchange, "_exchange", refuse)
        in_use.setattr(Path, "replace", held_open(Path.replace, "a.xlsx", "b.xlsx"))
        put(output, {"a.xlsx": "2", "b.xlsx": "2"}).publish()
    (output / "b（新）.xlsx").write_text("2, and a note of mine")
    put(output, {"a.xlsx": "3", "b.xlsx": "3"}).publish()
    assert seen(output) == {"a.xlsx": "3", "b.xlsx": "3", "b（新）.xlsx": "2, and a note of mine"}


def held_open(real: Callable[[Path, Path], Path], *names: str) -> Callable[[Path, Path], Path]:
    """Path.replace on Windows while other programs hold these files open."""

    def held(self: Path, target: Path) -> Path:
        if Path(target).name in names:
            raise PermissionError(13, "in use")
        return real(self, target)

    return held


def test_staging__not_published__the_last_set_is_untouched_and_names_are_parts(tmp_path: Path) -> None:
    """While a set is made nobody can mistake it for outputs."""
    put(tmp_path, {"a.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2"})
    parts = [p.name for p in staging.folder.rglob("*") if p.is_file()]
    assert all(name.endswith(".part") for name in parts)
    staging.abandon()
    assert seen(tmp_path) == {"a.xlsx": "1"}


@pytest.mark.usefixtures("by_renames")
def test_publish__broken_off_between_two_renames__the_next_staging_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set that was decided on is completed, not mixed: the plan is written before the first rename."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1", "c.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2", "d.xlsx": "2"})
    broken_off_at_second(staging, monkeypatch)
    assert (tmp_path / STAGING / PLAN).exists()
    Staging(tmp_path).abandon()
    assert seen(tmp_path) == {"a.xlsx": "2", "b.xlsx": "2", "d.xlsx": "2"}
    assert not (tmp_path / STAGING).exists()


@pytest.mark.usefixtures("by_renames")
def test_publish__target_in_use__it_takes_a_second_name_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel holds a workbook open on Windows: the new one gets a name beside it, and that is reported."""
    put(tmp_path, {"a.xlsx": "1", "b.xlsx": "1"}).publish()
    staging = put(tmp_path, {"a.xlsx": "2", "b.xlsx": "2"})
    monkeypatch.setattr(Path, "replace", held_open(Path.replace, "a.xlsx"))
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


@pytest.mark.usefixtures("either_way")
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


def seen_apart_from_staging(output: Path, without: str = "") -> dict[str, str]:
    files = (p for p in output.rglob("*") if p.is_file() and STAGING not in p.parts and p.name != without)
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


@pytest.mark.parametrize(
    "plan", ["", "[]", "{}", '{"new": ["../out.xlsx"], "gone": [], "fresh": [], "same": [], "stale": {}}']
)
def test_staging__a_plan_that_is_not_ours__is_cleared_away(tmp_path: Path, plan: str) -> None:
    """A torn or forged plan moves nothing, and holds nobody up."""
    output = tmp_path / "output"
    (output / STAGING).mkdir(parents=True)
    (output / STAGING / PLAN).write_text(plan)
    (output / STAGING / "out.xlsx.part").write_text("forged")
    put(output, {"a.xlsx": "1"}).publish()
    assert seen(output) == {"a.xlsx": "1"}
    assert not (tmp_path / "out.xlsx").exists()
