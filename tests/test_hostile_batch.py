"""A batch as it comes: clean workbooks with hostile and odd files among them, through the command line."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import HOSTILE, ODD
from many_units import many_units, unit_name, unit_workbook
from runs import Here, bytes_of, left_of, watched

from evalbatch.batch import run
from evalbatch.batch.run import run_batch
from evalbatch.campaign.folder import load_campaign
from evalbatch.pool.local import Lost
from evalbatch.unit import examine, worker

CLEAN = 20
TIMES = int(os.environ.get("EVALBATCH_HOSTILE_TIMES", "1"))
"""How often every hostile file lies in the inbox; 5 make it about 400."""

pytestmark = [
    pytest.mark.command,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc for processes"),
]

NAMES = (
    "-rf.xlsx", "表😀.xlsx", "长" * 80 + ".xlsx", "断\n行.xlsx", "右\u202exslx.左.xlsx", "空 格 .xlsx", "=1+1.xlsx",
    "引号'\"&<>.xlsx", "零宽\u200b.xlsx", "$(reboot).xlsx", "100%.xlsx", "..xlsx.xlsx",
)  # fmt: skip


@pytest.mark.slow
def test_run__hostile_and_odd_files_among_clean_ones__each_is_treated_as_its_kind_deserves(tmp_path: Path) -> None:
    """The clean units' sheets are the same bytes as without them, and the machine is left as it was."""
    alone = many_units(tmp_path / "alone" / "批次", CLEAN)
    mixed = many_units(tmp_path / "mixed" / "批次", CLEAN)
    inbox = mixed / "inbox"
    for time in range(TIMES):
        plant(inbox / f"第{time}批", str(time))
    alone_run, mixed_run = watched(alone, "--workers", "2"), watched(mixed, "--workers", "2")
    assert (alone_run.code, mixed_run.code) == (0, 0), mixed_run.said
    print(f"peak memory {alone_run.peak >> 20} and {mixed_run.peak >> 20} MiB")
    assert mixed_run.peak < 1.5 * (1 << 30)
    assert not left_of(min(mixed_run.seen))

    record = json.loads((mixed / "output" / "run.json").read_text(encoding="utf-8"))
    by_path = {file["path"]: file for file in record["files"]}
    assert not wrongly_treated(by_path)
    assert not [f["path"] for f in record["files"] for finding in f["findings"] if "秒仍未完成" in finding["message"]]
    assert clean_sheets(mixed) == clean_sheets(alone)
    units = {unit["name"]: unit for unit in record["units"]}
    expected = json.loads((alone / "output" / "run.json").read_text(encoding="utf-8"))["units"]
    assert [units[unit["name"]] for unit in expected] == expected


def plant(folder: Path, salt: str) -> None:
    """Put one of each kind into a folder of the inbox; the salt keeps them from being duplicates."""
    for number, (_, made, code) in enumerate(HOSTILE):
        put(folder / "hostile" / f"{number:03d}_{code}.xlsx", made(), salt)
    for number, (_, made) in enumerate(ODD):
        put(folder / "odd" / f"{number:03d}.xlsx", made(), salt)
    for name in NAMES:
        put(folder / "names" / name, unit_workbook(0, "示例单位00000局", f"名字{salt}{name[:3]}局"), "")
    (folder / "folder.xlsx").mkdir()
    (folder / "links").mkdir()
    (folder / "links" / "loop.xlsx").symlink_to("loop.xlsx")
    (folder / "links" / "up.xlsx").symlink_to("..")
    (folder / "links" / "zero.xlsx").symlink_to("/dev/zero")
    (folder / "links" / "gone.xlsx").symlink_to("nowhere.xlsx")
    os.mkfifo(folder / "pipe.xlsx")
    with (folder / "sparse.xlsx").open("wb") as sparse:
        sparse.truncate(3 << 30)
    with zipfile.ZipFile(folder / "members.zip", "w") as packed:
        packed.writestr("../../out.xlsx", HOSTILE[3][1]() + salt.encode())
        packed.writestr("好.xlsx", unit_workbook(0, "示例单位00000局", f"压缩{salt}局"))


def put(path: Path, content: bytes, salt: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if salt in ("", "0") or not content.startswith(b"PK") else salted(content, salt))


def salted(content: bytes, salt: str) -> bytes:
    """The same ZIP with a comment at its end: other bytes, nothing else."""
    if content[-2:] != b"\0\0" or content[-22:-18] != b"PK\5\6":
        return content
    return content[:-2] + len(salt).to_bytes(2, "little") + salt.encode()


def wrongly_treated(files: dict[str, Any]) -> list[tuple[str, str]]:
    """Files that did not become what their kind deserves."""
    wrong = []
    for path, file in files.items():
        codes = {finding["code"] for finding in file["findings"]}
        name = path.rsplit("/", 1)[-1]
        if "/hostile/" in path:
            code = name.removesuffix(".xlsx").rsplit("_", 1)[-1]
            # An archive without members is damaged, or no workbook: either is said.
            either = {"F01", "F03"} if code == "F01" else {code}
            right = file["status"] == "duplicate" or (file["status"] == "rejected" and bool(either & codes))
        elif "/odd/" in path:
            right = (file["status"] == "rejected" and codes == {"F05"}) or file["status"] == "duplicate"
        elif "/links/" in path or name in ("pipe.xlsx", "sparse.xlsx", "folder.xlsx"):
            right = file["status"] in ("rejected", "ignored")
        elif name.startswith("."):
            right = file["status"] == "ignored"
        elif "/names/" in path or name == "好.xlsx":
            right = file["status"] in ("accepted", "returned") and file["unit"] is None
        else:
            right = True
        if not right:
            wrong.append((path, f"{file['status']} {sorted(codes)}"))
    print("\n".join(map(str, wrong)))
    return wrong


def clean_sheets(campaign: Path) -> dict[str, bytes]:
    """What the clean units got: their score sheets and returned copies."""
    names = {unit_name(number) for number in range(CLEAN)}
    outputs = bytes_of(campaign / "output")
    return {name: data for name, data in outputs.items() if any(unit in name for unit in names)}


@pytest.fixture
def to_correct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of two units; the workbook of a third, whom nobody knows, must be corrected."""
    monkeypatch.setattr(run, "Pool", Here)
    campaign = many_units(tmp_path / "批次", 2)
    (campaign / "inbox" / "生人.xlsx").write_bytes(unit_workbook(0, unit_name(0), "无此单位"))
    return campaign


def outcome_of(campaign: Path, at: str = "", then: Callable[[], object] = dict) -> tuple[dict[str, Any], set[str]]:
    """What the file to correct came to, and the outputs; `then` is done when the stage `at` begins."""

    def progress(stage: str, done: int, _: int) -> None:
        if stage == at and not done:
            then()

    record = run_batch(load_campaign(campaign), campaign / "output", progress=progress).record
    (file,) = (file for file in record["files"] if file["path"] == "生人.xlsx")
    return file, set(bytes_of(campaign / "output"))


def test_run__a_file_goes_away_after_it_was_read__its_copy_is_missing_and_the_run_goes_on(to_correct: Path) -> None:
    """A clerk may tidy the inbox at any moment; that costs this file's copy, and the file says so."""
    sent = to_correct / "inbox" / "生人.xlsx"
    file, outputs = outcome_of(to_correct, "标注退回件", lambda: sent.unlink(missing_ok=True))
    assert file["status"] == "returned"
    assert file["returned"] is None
    assert "已不在收件文件夹中" in file["findings"][-1]["message"]
    assert not [name for name in outputs if name.startswith("returned/")]
    assert len([name for name in outputs if name.startswith("score_sheets/")]) == 2


def test_run__a_workbook_too_much_to_be_copied__goes_back_as_a_list(
    to_correct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read within the limits, it may yet be beyond them with marks and comments."""

    def too_much(*_: object) -> None:
        raise MemoryError

    whole = bytes_of(to_correct / "output") if outcome_of(to_correct) else {}
    monkeypatch.setattr(worker, "write_returned", too_much)
    shutil.rmtree(to_correct / ".evalbatch")
    file, outputs = outcome_of(to_correct)
    assert file["returned"] in outputs == set(whole)
    with zipfile.ZipFile(to_correct / "output" / file["returned"]) as copy:
        assert [name for name in copy.namelist() if "worksheets/" in name] == ["xl/worksheets/sheet1.xml"]


def test_run__one_units_forms_cannot_be_judged__the_others_have_their_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever one unit sent, it costs nobody else's results."""
    monkeypatch.setattr(run, "Pool", Here)
    campaign, real = many_units(tmp_path / "批次", 3), worker.judge_unit

    def hangs_at_one(dossier: examine.Dossier, lines: object, setup: examine.Setup) -> object:
        if dossier.unit and dossier.unit.name == unit_name(1):
            return Lost("time", "20")
        return real(dossier, lines, setup)

    monkeypatch.setattr(worker, "judge_unit", hangs_at_one)
    record = run_batch(load_campaign(campaign), campaign / "output").record
    assert [unit["status"] for unit in record["units"]] == ["complete", "returned", "complete"]
    assert [unit["verified_score"] is None for unit in record["units"]] == [False, True, False]
    assert "仍未完成" in record["units"][1]["findings"][0]["message"]


def test_run__two_at_once_on_one_campaign__the_second_says_so_and_stops(tmp_path: Path) -> None:
    """The second ends with exit code 2 and one message; a lock left by a killed run holds nobody back."""
    from filelock import FileLock

    campaign = many_units(tmp_path / "批次", 2)
    (campaign / "record").mkdir()
    with FileLock(campaign / "record" / ".run.lock"):
        second = watched(campaign)
    assert second.code == 2
    assert "正在另一个窗口中运行" in second.said
    assert "Traceback" not in second.said
    assert not (campaign / "output").exists()
    assert watched(campaign).code == 0
    shutil.rmtree(campaign / ".evalbatch", ignore_errors=True)
